// The training stage: a whole run under one playhead, painted from weights that were sent once.
import { addressWriter, element, fill, oncePerFrame, throttle } from "../shared/live.js";
import { createHandMode } from "./hand_mode.js";
import { savePicture } from "./picture.js";
import { createPainter, inkOf, paintGhost } from "./painter.js";
import { paintPulls } from "./vectors.js";
import { curvesOf, listenToStrip, paintCurves, paintPlayhead } from "./strip.js";
import { SPEEDS, createTransport, listenToKeys, transportButtons } from "./transport.js";
import { placeTip, readoutTexts, tipContent, writeReadout } from "./readout.js";
import { readRun, weightsAt } from "./run.js";
import { writeTexts } from "./texts.js";
import { createTools } from "./tools.js";

const STRIP_HEIGHT = 84;
const SLOW = 5; // steps a second up to which Python hears of every step; above, it hears every second and a half

class TrainingStage {
  constructor(host, streamlit) {
    this.root = element("section", { class: "stage", "data-instrument": "training-stage", tabindex: "-1" });
    this.revision = null;
    this.view = { step: 0, speed: 5, length: 1, regions: "soft", field: -1 };
    this.repaint = oncePerFrame(() => this.paint());
    this.tellOften = throttle((state) => this.streamlit.setStateValue("state", state));
    this.tellSometimes = throttle((state) => this.streamlit.setStateValue("state", state), 1500);
    this.tell = (edits) => this.streamlit.setStateValue("edits", edits);
    this.tellHand = (hand) => this.streamlit.setStateValue("hand", hand);
    this.address = addressWriter();
    this.build();
    host.append(this.root);
    this.update(streamlit);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.frame);
  }

  update(streamlit) {
    this.streamlit = streamlit;
    this.data = streamlit.data;
    const fresh = this.data.revision !== this.revision;
    if (fresh) {
      this.hand.drop();
      const first = this.revision === null;
      if (!this.tools.isAnswer(this.data.edits)) this.transport.pause();
      this.revision = this.data.revision;
      this.confirmed = readRun(this.data.run, this.data.points, this.data.map);
      this.run = this.confirmed;
      this.ghost = this.data.ghost ? readRun(this.data.ghost, this.data.points) : null;
      if (first) Object.assign(this.view, this.data.view);
      this.view.step = Math.min(this.data.step ?? this.view.step, this.run.steps);
    }
    const before = this.run;
    this.run = this.tools.take(this.confirmed);
    this.jump();
    writeTexts(this);
    // While the run plays Python answers now and then; only what is new is worth the frames that a new picture costs.
    const looks = JSON.stringify([this.revision, inkOf(this.root), this.data.box]);
    if (looks !== this.looks || this.run !== before) this.resize();
    else this.repaint();
    this.looks = looks;
    this.tools.show();
    if (fresh) this.hand.answered();
  }

  // Python sends the playhead to a step once: [number of the order, step]. Orders from before the mount are done.
  jump() {
    const [order, step] = this.data.goto ?? [0, 0];
    const first = this.order === undefined;
    if (order === this.order) return;
    this.order = order;
    if (!first) this.transport.to(step);
  }

  destroy() {
    this.transport.pause();
    for (const part of [this.repaint, this.tellOften, this.tellSometimes, this.address, this.tools]) part.cancel();
    this.sizes.disconnect();
    this.root.remove();
  }

  say(key, values = {}) { return fill(this.data.labels[key], values); }

  // --- changes
  goTo(step) {
    if (step === this.view.step) return;
    this.hand.drop();
    this.view.step = step;
    this.repaint();
    const state = { step, revision: this.revision };
    const speed = SPEEDS[this.view.speed];
    (this.transport.isPlaying() && !(speed.perSecond <= SLOW) ? this.tellSometimes : this.tellOften)(state);
    this.remember();
  }

  change(part) {
    Object.assign(this.view, part);
    this.remember();
    this.repaint();
  }

  remember() {
    const { step, speed, length, regions, field } = this.view;
    const prefix = this.data.prefix;
    this.address({
      [`${prefix}_step`]: step ? String(step) : null,
      [`${prefix}_speed`]: SPEEDS[speed].code === "frame" ? null : SPEEDS[speed].code,
      [`${prefix}_vectors`]: length === 1 ? null : String(length),
      [`${prefix}_regions`]: regions === "soft" ? null : regions,
      [`${prefix}_field`]: field < 0 ? null : String(field),
    });
  }

  // --- the DOM, made once
  build() {
    this.canvas = element("canvas", { class: "plane", role: "img", tabindex: "0" });
    this.tip = element("div", { class: "tip", hidden: true });
    this.frame = element("div", { class: "frame" }, this.canvas, this.tip);
    this.strip = element("canvas", { class: "strip", role: "slider", tabindex: "0", "aria-valuemin": "0" });
    this.readout = element("div", { class: "readout" });
    this.painter = createPainter(this.canvas);
    this.transport = createTransport({
      goTo: (step) => this.goTo(step), step: () => this.view.step, steps: () => this.run?.steps ?? 0,
      speed: () => this.view.speed,
      changed: () => {
        this.buttons.show((key) => this.say(key));
        this.root.dataset.playing = String(this.transport.isPlaying());
        if (!this.transport.isPlaying()) this.tellOften({ step: this.view.step, revision: this.revision });
      },
    });
    this.buttons = transportButtons(this.transport);
    this.speed = element("select", { onchange: () => this.change({ speed: Number(this.speed.value) }) });
    this.length = element("input", { type: "range", min: 0, max: 2, step: 0.05, oninput: () => this.change({ length: Number(this.length.value) }) });
    this.regions = element("button", { class: "tool", type: "button", onclick: () => this.change({ regions: this.view.regions === "soft" ? "hard" : "soft" }) });
    this.picture = element("button", { class: "tool", type: "button", onclick: () => savePicture(this.canvas, `softmax-${this.view.step}.png`) });
    this.field = element("select", { onchange: () => this.change({ field: Number(this.field.value) }) });
    this.fieldName = element("span");
    this.fieldBox = element("label", {}, this.fieldName, this.field);
    this.tools = createTools(this);
    this.hand = createHandMode(this);
    this.speedName = element("span");
    this.lengthName = element("span");
    this.legend = element("p", { class: "legend" });
    this.root.append(
      element("div", { class: "bar" }, this.buttons.box, this.readout),
      element("div", { class: "deck" }, this.tools.box, element("div", {}, this.frame, this.strip)), this.legend,
      element("div", { class: "bar" }, element("label", {}, this.speedName, this.speed), this.lengthBox = element("label", {}, this.lengthName, this.length), this.fieldBox, this.regions, this.hand.button, this.picture),
      this.hand.box);
    listenToKeys(this.root, this.transport);
    listenToStrip(this.strip, () => this.width, () => this.run.steps, () => this.view.step, this.transport.to);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => { this.pointer = null; this.repaint(); });
    this.hand.listen(this.canvas);
  }

  point(event) {
    this.pointer = this.tools.tool() === "inspect" ? [event.offsetX, event.offsetY] : null;
    this.repaint();
  }

  // --- points in the hand: what the tools ask of the stage
  changed(run) {
    this.run = run;
    this.painter.showPoints(run);
    this.repaint();
  }

  quiet() {
    this.pointer = null;
    if (this.hand.isOn()) this.hand.toggle();
    this.repaint();
  }

  weightsHere() { return weightsAt(this.run, this.view.step); }

  // --- painting
  resize() {
    const width = Math.round(this.frame.clientWidth);
    if (!width || !this.run) return;
    this.ink = inkOf(this.root);
    const [x0, x1, y0, y1] = this.data.box;
    const height = Math.round((width * (y1 - y0)) / (x1 - x0));
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.width = width;
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    this.painter.prepare(this.run, this.data, { width, height, ratio }, this.ink);
    this.curves = document.createElement("canvas");
    for (const canvas of [this.strip, this.curves]) Object.assign(canvas, { width: width * ratio, height: STRIP_HEIGHT * ratio });
    Object.assign(this.strip.style, { width: `${width}px`, height: `${STRIP_HEIGHT}px` });
    const context = this.curves.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.toY = paintCurves(context, curvesOf(this.run, this.ghost, this.ink), this.run.steps, width, STRIP_HEIGHT, this.ink);
    this.ratio = ratio;
    this.paint();
  }

  paint() {
    if (!this.ink) return;
    const { run, view } = this;
    this.painter.paint(view.step, view, this.hand.own(), (over, scene, weights) => {
      if (this.ghost) paintGhost(over, scene, weightsAt(this.ghost, Math.min(view.step, this.ghost.steps)));
      if (this.data.focus !== null && this.data.focus < this.run.n) paintPulls(over, scene, weights, this.data.focus);
      this.hand.paint(over, weights);
    });
    const context = this.strip.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.strip.width, this.strip.height);
    context.drawImage(this.curves, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    paintPlayhead(context, view.step, run.steps, [[run.loss[view.step], this.ink.accent]], this.toY, this.width, STRIP_HEIGHT, this.ink);
    this.paintNumbers();
    this.hand.showTable();
    this.paintTip();
  }

  paintNumbers() {
    const { run, view } = this;
    const { step } = view;
    const own = this.hand.own();
    const texts = readoutTexts(run, step, (key, values) => this.say(key, values), own);
    writeReadout(this.readout, texts);
    this.strip.setAttribute("aria-valuemax", run.steps);
    this.strip.setAttribute("aria-valuenow", step);
    this.strip.setAttribute("aria-valuetext", texts.join(", "));
    this.speed.value = view.speed;
    if (Number(this.length.value) !== view.length) this.length.value = view.length;
    this.regions.textContent = this.say(view.regions === "soft" ? "to_hard" : "to_soft");
    Object.assign(this.root.dataset, {
      step: String(step), steps: String(run.steps), loss: String(own ? own.loss : run.loss[step]), regions: view.regions,
      playing: String(this.transport.isPlaying()), revision: String(this.revision),
      ghostLoss: this.ghost ? String(this.ghost.loss[Math.min(step, this.ghost.steps)]) : "",
    });
  }

  paintTip() {
    const i = this.pointer && !this.hand.isOn() ? this.painter.nearest(...this.pointer) : -1;
    this.tip.hidden = i < 0;
    if (i < 0) return;
    const { run } = this;
    this.tip.replaceChildren(...tipContent(run, this.data, this.view.step, i, (key, values) => this.say(key, values)));
    const [u, v] = this.painter.plane().toCanvas(run.x[2 * i], run.x[2 * i + 1]);
    placeTip(this.tip, u, v, this.width, this.canvas.clientHeight);
  }
}

export default function mount(streamlit) {
  const host = streamlit.parentElement;
  if (host.trainingStage) host.trainingStage.update(streamlit);
  else host.trainingStage = new TrainingStage(host, streamlit);
  return () => { host.trainingStage?.destroy(); host.trainingStage = null; };
}
