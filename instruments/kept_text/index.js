// Keeps a text in the reader's own browser. There is nothing to see.
import { Instrument, mountInstrument } from "../shared/instrument.js";

class KeptText extends Instrument {
  constructor(streamlit) {
    super(streamlit, { "data-instrument": "kept-text" });
    this.seen = this.data.text;
  }

  build() {
    const { place, text, ask } = this.data;
    if (!ask) return;
    try {
      const kept = localStorage.getItem(place);
      if (kept && kept !== text) this.streamlit.setTriggerValue("found", kept);
    } catch { /* a browser that keeps nothing */ }
  }

  renew() {}

  paint() {
    const { place, text, standard } = this.data;
    if (text === this.seen) return;
    this.seen = text;
    try {
      if (text === standard) localStorage.removeItem(place);
      else localStorage.setItem(place, text);
    } catch { /* a browser that keeps nothing */ }
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, KeptText); }
