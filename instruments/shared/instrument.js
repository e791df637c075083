// What every instrument is: an element on the page that takes Python's data, paints and ends.
import { element, fill, oncePerFrame } from "./live.js";

// An instrument builds its elements in build(), takes data with a new revision in renew(), writes texts in writeTexts() and
// paints in paint(). this.parts are cancelled at its end.
export class Instrument {
  constructor(streamlit, attributes) {
    this.root = element("section", attributes);
    this.streamlit = streamlit;
    this.data = streamlit.data;
    this.revision = null;
    this.repaint = oncePerFrame(() => this.paint());
    this.parts = [this.repaint];
    this.watchPaper();
  }

  start(host) {
    this.build();
    host.append(this.root);
    this.update(this.streamlit);
  }

  // Streamlit calls this after every rerun.
  update(streamlit) {
    if (this.receive(streamlit)) this.renew();
    this.writeTexts();
    this.redraw();
  }

  // Paper is light (base.css) and as wide as ui/frame/print.js makes the page; what is drawn there is drawn at once.
  watchPaper() {
    const heard = [["lab-paper", true], ["lab-screen", false]].map(([event, isPaper]) => {
      const act = () => {
        if (isPaper) this.rest();
        this.root.toggleAttribute("data-paper", isPaper);
        this.redraw();
      };
      window.addEventListener(event, act);
      return () => window.removeEventListener(event, act);
    });
    this.parts.push({ cancel: () => heard.forEach((end) => end()) });
  }

  build() {}

  renew() {}

  paint() {}

  // What plays stands still on paper.
  rest() {}

  onPaper() { return this.root.hasAttribute("data-paper"); }

  // Whether Python has sent something new.
  receive(streamlit) {
    const before = this.revision;
    this.streamlit = streamlit;
    this.data = streamlit.data;
    this.revision = this.data.revision;
    return this.revision !== before;
  }

  // Texts come from Python in the reader's language; they change when the language does.
  writeTexts() {}

  redraw() { this.paint(); }

  destroy() {
    for (const part of this.parts) part.cancel();
    this.root.remove();
  }

  // Makes an element that is a property of the instrument, by the name of its class.
  part(name, tag = "div", attributes = {}) { return (this[name] = element(tag, { class: name, ...attributes })); }

  say(key, values = {}) { return fill(this.data.labels[key], values); }

  // Calls act() whenever the size of the node changes.
  watchSize(node, act) {
    const sizes = new ResizeObserver(act);
    sizes.observe(node);
    this.parts.push({ cancel: () => sizes.disconnect() });
  }
}

// Makes an instrument on its first mount and updates it on every later one; returns what ends it. Where one update follows
// another at once, Streamlit calls what the earlier one returned although the instrument is still on the page: it lives on.
export function mountInstrument(sent, Kind) {
  const streamlit = { ...sent, data: sent.data instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(sent.data)) : sent.data };
  const host = streamlit.parentElement;
  if (host.instrument) host.instrument.update(streamlit);
  else {
    host.instrument = new Kind(streamlit);
    host.instrument.start(host);
  }
  return () => {
    if (host.isConnected) return;
    host.instrument?.destroy();
    host.instrument = null;
  };
}
