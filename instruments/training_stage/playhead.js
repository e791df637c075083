// A stage with one playhead, one strip and one speed: what the training stage and the race share.
import { Instrument } from "../shared/instrument.js";
import { addressWriter, element } from "../shared/live.js";
import { throttle } from "../shared/messages.js";
import { createPace } from "./pace.js";
import { inkOf } from "./painter.js";
import { createStrip } from "./strip.js";
import { createTransport, listenToKeys, transportButtons } from "./transport.js";

// A stage prepares its canvases in prepare(width) and paints this.view in paint(). It says how many steps() it has, which
// curves() the strip shows, which runs() it plays and in tell(state) what Python hears. this.measured is the element whose width counts,
// this.parameters names the parts of the view in the address.
export class PlayedStage extends Instrument {
  constructor(streamlit, { stripHeight, ...attributes }) {
    super(streamlit, attributes);
    this.view = { ...this.data.view };
    this.address = addressWriter();
    this.addressSometimes = throttle((parameters) => this.address.now(parameters), { shortest: 1000, longest: 1000, answer: () => null });
    const steps = () => this.steps();
    this.transport = createTransport({
      goTo: (step) => this.goTo(step), step: () => this.view.step, steps, speed: () => this.speed(), pace: () => this.pace(), may: () => this.mayMove(),
      changed: () => {
        this.buttons.show((key) => this.say(key));
        this.root.dataset.playing = String(this.transport.isPlaying());
        if (this.transport.isPlaying()) return;
        this.addressSometimes.cancel();
        this.repaint(); // on the finer grid
        this.remember();
        this.stopped();
      },
    });
    this.buttons = transportButtons(this.transport);
    this.strip = createStrip(stripHeight, { step: () => this.view.step, steps, to: this.transport.to });
    this.speeds = element("select", { onchange: () => this.change({ speed: this.speeds.value }) });
    this.parts.unshift({ cancel: this.transport.pause });
    const leave = () => this.addressSometimes.now(); // a page that is left while it plays
    // The answer to a message would belong to a page that is no longer there: from the click on a link on Python hears nothing.
    const follow = (event) => {
      const link = event.composedPath().find(({ href }) => typeof href === "string");
      const stays = event.type === "click" && (!link || link.target || link.download || event.ctrlKey || event.metaKey || event.shiftKey);
      if (stays || new URL(link?.href ?? window.location.href, window.location.href).pathname === this.home) return;
      if (link) leave();
      this.leave();
    };
    this.home = window.location.pathname;
    this.isLeft = false;
    // "hold": the dialog of Share has opened, and its link is of one moment.
    const heard = { pagehide: leave, click: follow, popstate: follow, "softmax-lab:hold": () => this.transport.pause() };
    for (const [type, act] of Object.entries(heard)) window.addEventListener(type, act, true);
    const deaf = () => { for (const [type, act] of Object.entries(heard)) window.removeEventListener(type, act, true); };
    this.parts.push(this.address, this.addressSometimes, { cancel: deaf });
  }

  start(host) {
    super.start(host);
    listenToKeys(this.root, this.transport);
    this.watchSize(this.measured, () => this.resize());
  }

  redraw() { this.resize(); }

  // Nothing more is sent or written, neither what waits nor that the run stands still.
  leave() {
    this.isLeft = true;
    this.transport.pause();
    for (const part of [this.tell, this.telling, this.address, this.addressSometimes]) part?.cancel?.();
  }

  // Python answers: the page is still there.
  receive(streamlit) {
    this.isLeft = false;
    return super.receive(streamlit);
  }

  destroy() {
    this.leave();
    super.destroy();
  }

  // On paper all of the page is of one step: that of the panels, which Python has made for it, else that of the stage.
  rest() {
    const { step } = document.querySelector(".lab-step")?.dataset ?? {};
    if (step !== undefined && this.data.prefix) this.transport.to(Number(step));
    this.transport.pause();
    if (this.data.prefix) this.address.now(this.addressed());
  }

  // The run at rest.
  stopped() {}

  // Whether the playhead may leave the beginning; where it may not, labels.waits says why.
  mayMove() { return true; }

  // How the present runs are played; they are measured once.
  pace() {
    const runs = this.runs();
    if (!this.paced || runs.length !== this.paced.of.length || runs.some(({ W }, i) => W !== this.paced.of[i])) {
      this.paced = { of: runs.map(({ W }) => W), seconds: createPace(runs, this.steps()) };
    }
    return this.paced.seconds;
  }

  speed() { return this.data.speeds.find(({ code }) => code === this.view.speed); }

  goTo(step) {
    if (step === this.view.step) return;
    this.view.step = step;
    this.repaint();
    if (!this.isLeft) this.tell({ step, revision: this.revision });
    this.remember();
  }

  change(part) {
    Object.assign(this.view, part);
    this.remember();
    this.repaint();
  }

  // What is at its standard is left out of the address. A run that plays would put it off at every frame.
  // A film has no address.
  remember() {
    if (!this.data.prefix || this.isLeft) return;
    (this.transport.isPlaying() ? this.addressSometimes : this.address)(this.addressed());
  }

  addressed() {
    const { prefix, standard } = this.data;
    return Object.fromEntries(Object.entries(this.parameters).map(([name, part]) =>
      [`${prefix}_${name}`, this.view[part] === standard[part] ? null : String(this.view[part])]));
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
    this.strip.canvas.setAttribute("aria-disabled", String(!this.mayMove()));
    this.strip.canvas.title = this.mayMove() ? "" : labels.waits;
    this.speeds.setAttribute("aria-label", labels.speed);
    this.speeds.replaceChildren(...speeds.map(({ code }) => element("option", { value: code }, labels.speeds[code])));
    this.speeds.value = this.view.speed;
    this.buttons.show((key) => this.say(key));
  }
}
