// A chart of Plotly's: what differs from before is drawn again where it stands.
import { element } from "../shared/live.js";
import { Instrument, mountInstrument } from "../shared/instrument.js";

const loading = {}; // by address: a part of Plotly, or the whole; each chart keeps to the one that it was drawn by

const isShown = () => document.documentElement.classList.contains("lab-ready");

const script = (address) => new Promise((resolve, reject) => {
  const node = element("script", { src: address });
  node.onload = resolve;
  node.onerror = () => { node.remove(); reject(); };
  document.head.append(node);
});

const frame = () => new Promise(requestAnimationFrame);

// Plotly is as large as everything else or more, and while a browser reads it nothing else moves. So it is fetched at once, but run
// when the page has been painted; after a fault of the line it is asked for again.
const load = async (address) => {
  document.head.append(element("link", { rel: "preload", as: "script", href: address }));
  while (!isShown()) await frame();
  for (let i = 0; i < 2; i += 1) await frame();
  for (;;) {
    try {
      await script(address);
      return window.Plotly;
    } catch { await new Promise((again) => { setTimeout(again, 1000); }); }
  }
};

// The first drawing of a chart takes longest: one in a frame, and none in that of the script. One that fails keeps no other waiting.
let drawing = Promise.resolve();
const inTurn = (draw) => { drawing = drawing.then(frame).then(draw).catch(console.error); };

class Chart extends Instrument {
  constructor(streamlit) { super(streamlit, { class: "lab-chart" }); }

  build() {
    this.drawn = "";
    this.plot = element("div", { role: "figure" });
    this.root.append(this.plot);
    this.watchSize(this.root, () => this.redraw());
  }

  // print.js scales what is on the screen.
  redraw() { if (!this.onPaper()) this.paint(); }

  paint() {
    this.plot.setAttribute("aria-label", this.data.name);
    this.root.style.height = `${this.data.figure.layout.height}px`;
    if (this.drawn) return this.draw();
    const address = new URL(`../${this.data.plotly}`, import.meta.url).href;
    loading[address] ??= load(address);
    this.waiting ??= loading[address].then((plotly) => inTurn(() => {
      this.waiting = null;
      this.plotly = plotly;
      if (!this.onPaper()) this.draw();
    }));
  }

  draw() {
    const width = Math.floor(this.root.clientWidth);
    if (!width) return; // not on the page any more, or not yet
    const { data, layout } = this.data.figure;
    const now = JSON.stringify([data, layout, width]);
    if (now === this.drawn) return;
    const [traces, settings] = JSON.parse(now); // Plotly writes into what it is given
    this.plotly.react(this.plot, traces, { ...settings, width }, this.data.config);
    if (!this.drawn && this.data.clicks) this.listen();
    this.drawn = now;
  }

  listen() {
    this.plot.on("plotly_click", ({ points: [{ x, y }] }) => this.streamlit.setTriggerValue("clicked", { x, y }));
  }

  destroy() {
    this.plotly?.purge(this.plot);
    super.destroy();
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, Chart); }
