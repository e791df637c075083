// Keeps a text in the reader's own browser. There is nothing to see.
import { Instrument, mountInstrument } from "../shared/instrument.js";
import { storedText, storeText } from "../shared/storage.js";

class KeptText extends Instrument {
  constructor(streamlit) {
    super(streamlit, { "data-instrument": "kept-text" });
    this.seen = this.data.text;
  }

  build() {
    const { place, text, ask } = this.data;
    if (!ask) return;
    const kept = storedText(place);
    if (kept && kept !== text) this.streamlit.setTriggerValue("found", kept);
  }


  paint() {
    const { place, text, standard } = this.data;
    if (text === this.seen) return;
    this.seen = text;
    storeText(place, text === standard ? null : text);
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, KeptText); }
