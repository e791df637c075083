// Keeps the place of something large, and asks Python for it when the page is shown (ui/frame/show.js).
import { Instrument, mountInstrument } from "../shared/instrument.js";

class Later extends Instrument {
  constructor(streamlit) { super(streamlit, { "data-instrument": "later" }); }

  build() {
    let isWaiting = true;
    const look = () => {
      if (!isWaiting) return;
      if (!document.documentElement.classList.contains("lab-ready")) return requestAnimationFrame(look);
      isWaiting = false;
      // Two frames: the page has been painted, not only let through.
      requestAnimationFrame(() => requestAnimationFrame(() => this.streamlit.setTriggerValue("shown", true)));
    };
    this.parts.push({ cancel: () => { isWaiting = false; } });
    look();
  }


  paint() { this.root.style.height = `${this.data.height}px`; }
}

export default function mount(streamlit) { return mountInstrument(streamlit, Later); }
