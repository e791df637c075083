// A stage with one playhead, one strip and one speed: what the training stage and the race share.
import { Instrument } from "../shared/instrument.js";
import { addressWriter, element } from "../shared/live.js";
import { inkOf } from "./painter.js";
import { createStrip } from "./strip.js";
import { createTransport, listenToKeys, transportButtons } from "./transport.js";

// A stage prepares its canvases in prepare(width) and paints this.view in paint(). It says how many steps() it has, which
// curves() the strip shows and in tell(state) what Python hears. this.measured is the element whose width counts,
// this.parameters names the parts of the view in the address.
export class PlayedStage extends Instrument {
  constructor(streamlit, { stripHeight, ...attributes }) {
    super(streamlit, attributes);
    this.view = { ...this.data.view };
    this.address = addressWriter();
    const steps = () => this.steps();
    this.transport = createTransport({
      goTo: (step) => this.goTo(step), step: () => this.view.step, steps, speed: () => this.speed(),
      changed: () => {
        this.buttons.show((key) => this.say(key));
        this.root.dataset.playing = String(this.transport.isPlaying());
        if (!this.transport.isPlaying()) this.stopped();
      },
    });
    this.buttons = transportButtons(this.transport);
    this.strip = createStrip(stripHeight, { step: () => this.view.step, steps, to: this.transport.to });
    this.speeds = element("select", { onchange: () => this.change({ speed: this.speeds.value }) });
    this.parts.unshift({ cancel: this.transport.pause });
    this.parts.push(this.address);
  }

  start(host) {
    super.start(host);
    listenToKeys(this.root, this.transport);
    this.watchSize(this.measured, () => this.resize());
  }

  redraw() { this.resize(); }

  // The run at rest.
  stopped() {}

  speed() { return this.data.speeds.find(({ code }) => code === this.view.speed); }

  goTo(step) {
    if (step === this.view.step) return;
    this.view.step = step;
    this.repaint();
    this.tell({ step, revision: this.revision });
    this.remember();
  }

  change(part) {
    Object.assign(this.view, part);
    this.remember();
    this.repaint();
  }

  // What is at its standard is left out of the address. A film has no address.
  remember() {
    const { prefix, standard } = this.data;
    if (!prefix) return;
    this.address(Object.fromEntries(Object.entries(this.parameters).map(([name, part]) =>
      [`${prefix}_${name}`, this.view[part] === standard[part] ? null : String(this.view[part])])));
  }

  resize() {
    const width = Math.round(this.measured.clientWidth);
    if (!width) return;
    this.ink = inkOf(this.root);
    this.prepare(width);
    this.strip.prepare(this.curves(), width, this.ink);
    this.paint();
  }

  writeTexts() {
    const { labels, speeds } = this.data;
    this.strip.canvas.setAttribute("aria-label", labels.scrub);
    this.speeds.setAttribute("aria-label", labels.speed);
    this.speeds.replaceChildren(...speeds.map(({ code }) => element("option", { value: code }, labels.speeds[code])));
    this.speeds.value = this.view.speed;
    this.buttons.show((key) => this.say(key));
  }
}
