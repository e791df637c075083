// The training stage: a whole run under one playhead, painted from weights that were sent once.
import { mountInstrument } from "../shared/instrument.js";
import { element, math, throttle } from "../shared/live.js";
import { markerPicture } from "../shared/shapes.js";
import { createPainter, inkOf, paintGhost } from "./painter.js";
import { PlayedStage } from "./playhead.js";
import { createPointEditor } from "./point_editor.js";
import { placeTip, readoutTexts, tipContent, writeReadout } from "./readout.js";
import { readRun, weightsAt } from "./run.js";
import { hasVectors, paintPulls } from "./vectors.js";
import { createWeightEditor } from "./weight_editor.js";

const STRIP_HEIGHT = 84;
const SLOW = 5; // steps a second up to which Python hears of every step; of faster runs it hears every second and a half

class TrainingStage extends PlayedStage {
  constructor(streamlit) {
    super(streamlit, { class: "stage", "data-instrument": "training-stage", tabindex: "-1", stripHeight: STRIP_HEIGHT });
  }

  update(streamlit) {
    const fresh = this.receive(streamlit);
    if (fresh) {
      this.weightEditor.drop();
      if (!this.pointEditor.isAnswer(this.data.edits)) this.transport.pause();
      this.confirmed = readRun(this.data.run, this.data.points, this.data.map);
      this.run = this.confirmed;
      this.ghost = this.data.ghost ? readRun(this.data.ghost, this.data.points) : null;
      this.view.step = Math.min(this.view.step, this.run.steps);
    }
    const before = this.run;
    this.run = this.pointEditor.take(this.confirmed);
    this.jump();
    this.writeTexts();
    // While the run plays Python answers now and then: only changes are prepared anew, as that costs several frames.
    const appearance = JSON.stringify([this.revision, inkOf(this.root), this.data.box]);
    if (appearance !== this.appearance || this.run !== before) this.resize();
    else this.repaint();
    this.appearance = appearance;
    this.pointEditor.show();
    if (fresh) this.weightEditor.answered();
  }

  // Python sends the playhead to a step once: [number of the order, step]. Orders from before the mount are done.
  jump() {
    const [order, step, plays] = this.data.goto ?? [0, 0, false];
    const first = this.order === undefined;
    if (order === this.order) return;
    this.order = order;
    if (first) return;
    this.transport.to(step);
    if (plays) this.transport.play();
  }

  steps() { return this.run?.steps ?? 0; }

  // --- changes
  goTo(step) {
    if (step !== this.view.step) this.weightEditor.drop();
    super.goTo(step);
  }

  tell(state) {
    const { steps, per } = this.speed();
    (this.transport.isPlaying() && !(per === "second" && steps <= SLOW) ? this.tellSometimes : this.tellOften)(state);
  }

  stopped() { this.tellOften({ step: this.view.step, revision: this.revision }); }

  // --- the DOM, made once
  build() {
    this.parameters = { step: "step", speed: "speed", vectors: "length", regions: "regions", field: "field" };
    this.tellOften = throttle((state) => this.streamlit.setStateValue("state", state));
    this.tellSometimes = throttle((state) => this.streamlit.setStateValue("state", state), 1500);
    this.canvas = element("canvas", { class: "plane", role: "img", tabindex: "0" });
    this.tip = element("div", { class: "tip", hidden: true });
    this.frame = this.measured = element("div", { class: "frame" }, this.canvas, this.tip);
    this.readout = element("div", { class: "readout" });
    this.painter = createPainter(this.canvas);
    this.pointEditor = this.buildPointEditor();
    this.weightEditor = this.buildWeightEditor();
    this.parts.push(this.tellOften, this.tellSometimes, this.pointEditor);
    this.frame.append(...this.pointEditor.overlay);
    this.legend = element("p", { class: "legend" });
    this.root.append(
      element("div", { class: "bar" }, this.buttons.box, this.readout),
      element("div", { class: "deck" }, this.pointEditor.box, element("div", {}, this.frame, this.strip.canvas)), this.legend,
      this.buildSettings(), this.weightEditor.box);
    this.root.addEventListener("keydown", this.pointEditor.undoByKey);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => { this.pointer = null; this.repaint(); });
    this.weightEditor.listen(this.canvas);
  }

  buildSettings() {
    const labelled = (name, control) => {
      this[`${name}Name`] = element("span");
      this[`${name}Box`] = element("label", {}, this[`${name}Name`], control);
      return this[`${name}Box`];
    };
    const tool = (onclick) => element("button", { class: "tool", type: "button", onclick });
    this.length = element("input", { type: "range", min: 0, max: this.data.limits.length, step: 0.05, oninput: () => this.change({ length: Number(this.length.value) }) });
    this.field = element("select", { onchange: () => this.change({ field: Number(this.field.value) }) });
    this.regions = tool(() => this.change({ regions: this.view.regions === "soft" ? "hard" : "soft" }));
    this.picture = tool(() => savePicture(this.canvas, `softmax-${this.view.step}.png`));
    return element("div", { class: "bar" }, labelled("speed", this.speeds), labelled("length", this.length), labelled("field", this.field),
      this.regions, this.weightEditor.button, this.picture);
  }

  buildPointEditor() {
    return createPointEditor(this.canvas, {
      run: () => this.run, data: () => this.data, plane: () => this.painter.plane(),
      nearest: (u, v, within) => this.painter.nearest(u, v, within),
      show: (run) => {
        this.run = run;
        this.painter.showPoints(run);
        this.repaint();
      },
      chosen: (tool) => {
        if (tool === "inspect") return;
        this.pointer = null;
        this.weightEditor.close();
        this.repaint();
      },
      send: (edits) => this.streamlit.setStateValue("edits", edits),
      note: (values) => Object.assign(this.root.dataset, values),
    });
  }

  buildWeightEditor() {
    return createWeightEditor({
      painter: this.painter, run: () => this.run, data: () => this.data, weights: () => weightsAt(this.run, this.view.step),
      step: () => this.view.step, length: () => this.view.length,
      isPlaying: this.transport.isPlaying, play: this.transport.play, pause: this.transport.pause, repaint: this.repaint,
      opened: (on) => {
        if (on && !this.view.length) this.change({ length: this.data.standard.length });
        if (on) this.pointEditor.choose("inspect");
        this.canvas.classList.toggle("hand", on);
      },
      send: (step, rows) => this.streamlit.setStateValue("hand", { step, rows, id: `${Date.now()}`, revision: this.revision }),
    });
  }

  // Everything that is written in the reader's language, and the names of the classes.
  writeTexts() {
    super.writeTexts();
    const { labels, names, colors } = this.data;
    this.root.setAttribute("aria-label", labels.stage);
    this.canvas.setAttribute("aria-label", labels.plane);
    this.speedName.textContent = labels.speed;
    this.lengthName.textContent = labels.length;
    this.picture.textContent = labels.picture;
    this.length.setAttribute("aria-label", labels.length);
    this.writeField();
    this.weightEditor.writeTexts();
    const entry = (...parts) => element("span", { class: "class" }, ...parts);
    this.legend.replaceChildren(
      ...names.map((name, k) => entry(markerPicture(k, colors[k]), name)),
      ...(hasVectors(this.run) ? [
        entry(element("span", { class: "solid" }), math("w"), ` ${labels.weight}`),
        entry(element("span", { class: "dashed" }), element("span", {}, "−∂", math("L"), "/∂", math("w")), ` ${labels.descent}`)] : []),
      entry(element("span", { class: "ring" }), labels.mistake));
  }

  // The gradient of one logit is the same everywhere unless the map is curved: only then it is on offer.
  writeField() {
    const { labels, names } = this.data;
    this.fieldBox.hidden = !this.run.map?.features;
    this.lengthBox.hidden = !hasVectors(this.run);
    this.fieldName.textContent = labels.field;
    this.field.setAttribute("aria-label", labels.field);
    this.field.replaceChildren(element("option", { value: -1 }, labels.no_field), ...names.map((name, k) => element("option", { value: k }, name)));
    if (this.view.field >= names.length) this.view.field = -1;
    this.field.value = this.view.field;
  }

  point(event) {
    this.pointer = this.pointEditor.tool() === "inspect" ? [event.offsetX, event.offsetY] : null;
    this.repaint();
  }

  // --- painting
  prepare(width) {
    this.width = width;
    this.painter.prepare(this.run, this.data, width, this.ink);
  }

  // The loss of the run in front, that of the test points and of the run before behind it.
  curves() {
    const { run, ghost, ink } = this;
    return [
      run.testLoss && { values: run.testLoss, color: ink.quiet, dashes: [5, 4], thickness: 1.5 },
      ghost && { values: ghost.loss, color: ink.accent, dashes: [2, 3], thickness: 2 },
      { values: run.loss, color: ink.text, dashes: [], thickness: 2 },
    ].filter(Boolean);
  }

  paint() {
    if (!this.ink) return;
    const { run, view } = this;
    this.painter.paint(view.step, view, this.weightEditor.edited(), (over, scene, weights) => {
      if (this.ghost) paintGhost(over, scene, weightsAt(this.ghost, Math.min(view.step, this.ghost.steps)));
      if (this.data.focus !== null && this.data.focus < this.run.n) paintPulls(over, scene, weights, this.data.focus);
      this.weightEditor.paint(over, weights, this.ink);
    });
    this.strip.paint([[run.loss[view.step], this.ink.accent]]);
    this.paintNumbers();
    this.weightEditor.showTable();
    this.paintTip();
  }

  paintNumbers() {
    const { run, view } = this;
    const { step } = view;
    const edited = this.weightEditor.edited();
    const texts = readoutTexts(run, step, (key, values) => this.say(key, values), edited);
    writeReadout(this.readout, texts);
    this.strip.canvas.setAttribute("aria-valuetext", texts.join(", "));
    if (Number(this.length.value) !== view.length) this.length.value = view.length;
    this.regions.textContent = this.say(view.regions === "soft" ? "to_hard" : "to_soft");
    Object.assign(this.root.dataset, {
      step: String(step), steps: String(run.steps), loss: String(edited ? edited.loss : run.loss[step]), regions: view.regions,
      playing: String(this.transport.isPlaying()), revision: String(this.revision),
      ghostLoss: this.ghost ? String(this.ghost.loss[Math.min(step, this.ghost.steps)]) : "",
    });
  }

  paintTip() {
    const i = this.pointer && !this.weightEditor.isOn() ? this.painter.nearest(...this.pointer) : -1;
    this.tip.hidden = i < 0;
    if (i < 0) return;
    const { run } = this;
    this.tip.replaceChildren(...tipContent(run, this.data, this.view.step, i, (key, values) => this.say(key, values)));
    const [u, v] = this.painter.plane().toCanvas(run.x[2 * i], run.x[2 * i + 1]);
    placeTip(this.tip, u, v, this.width, this.canvas.clientHeight);
  }
}

// What the canvas shows now, as a PNG file. The canvas is opaque and as sharp as the screen, so it can be saved as it is.
function savePicture(canvas, name) {
  canvas.toBlob((blob) => {
    const url = URL.createObjectURL(blob);
    const link = element("a", { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }, "image/png");
}

export default function mount(streamlit) { return mountInstrument(streamlit, TrainingStage); }
