// The training stage: a whole run under one playhead, painted from weights that were sent once.
import { mountInstrument } from "../shared/instrument.js";
import { prefersReducedMotion } from "../shared/motion.js";
import { element, icon, math } from "../shared/live.js";
import { WHILE_IT_PLAYS, throttle } from "../shared/messages.js";
import { steadyRange, withModifier } from "../shared/press.js";
import { createAnnouncer } from "../shared/announcer.js";
import { tellingStep } from "./pace.js";
import { createPainter, inkOf, paintGhost } from "./painter.js";
import { PlayedStage } from "./playhead.js";
import { savePicture } from "./picture.js";
import { createPointEditor } from "./point_editor.js";
import { placeTip, readoutTexts, tipContent, writeReadout } from "./readout.js";
import { logitsOf, outputOf } from "./layers.js";
import { isNetwork, placeFeatures, pointLogits, readRun, weightsAt } from "./run.js";
import { hasVectors, keepScale, vectorTips } from "./vectors.js";
import { createWalker } from "./walker.js";
import { createWeightEditor } from "./weight_editor.js";
import { createAnswer, vectorCard } from "./answer.js";
import { featuresBetween } from "./curves.js";
import { PROBE_ICON, createProbe } from "./probe.js";
import { describe, describePoint } from "./describe.js";
import { createSketch } from "./sketch.js";
import { createStory } from "./story.js";
import { createUnits, hasUnitLines } from "./units.js";
import { createWhy } from "./why.js";

const STRIP_HEIGHT = 56;
const TIP_REACH = 11; // pixels: how near to the tip of a vector the pointer must be
const STILL = 4; // pixels that the pointer may move between press and release of a click
const SLOW = 5; // steps a second up to which Python hears of every step; of faster runs it hears now and then

class TrainingStage extends PlayedStage {
  constructor(streamlit) {
    super(streamlit, { class: "stage", "data-instrument": "training-stage", tabindex: "-1", stripHeight: STRIP_HEIGHT });
  }

  update(streamlit) {
    const fresh = this.receive(streamlit);
    if (fresh) {
      const [byHand, former] = [Boolean(this.weightEditor.edited()), this.confirmed];
      if (!this.pointEditor.isAnswer(this.data.edits)) this.transport.pause();
      this.confirmed = readRun(this.data.run, this.data.points, this.data.feature_map);
      if (byHand) keepScale(this.confirmed, former);
      this.run = this.confirmed;
      this.ghost = this.data.ghost ? readRun(this.data.ghost, this.data.points) : null;
      this.view.step = Math.min(this.view.step, this.run.steps);
    }
    const before = this.run;
    this.run = this.pointEditor.take(this.confirmed);
    if (fresh) this.weightEditor.receive();
    this.story.receive(this.data.story);
    this.sketch.receive();
    if (!this.sketch.isOn()) delete this.root.dataset.line;
    this.jump();
    if (!this.mayMove()) this.transport.to(0); // also for a link, or settings that ask for the border again
    this.writeTexts();
    // While the run plays Python answers now and then: only changes are prepared anew, as that costs several frames.
    const appearance = JSON.stringify([this.revision, inkOf(this.root), this.data.box]);
    if (appearance !== this.appearance || this.run !== before) this.resize();
    else this.repaint();
    this.appearance = appearance;
    this.pointEditor.show();
    if (fresh) this.weightEditor.answered();
    if (fresh && this.data.asks) this.tell({ step: this.view.step, revision: this.revision });
  }

  // Python sends the playhead to a step once: [number of the order, step, whether it plays, probe]. Orders from before the mount are done.
  jump() {
    const [order, step, plays, probe] = this.data.goto ?? [0, 0, false, null];
    const first = this.order === undefined;
    if (order === this.order) return;
    this.order = order;
    if (first) return;
    this.transport.to(step);
    if (typeof probe === "string") { // a challenge begins: with its own probe, and no tool in the hand
      this.change({ probe });
      this.pointEditor.choose("inspect");
    }
    if (plays) this.transport.play();
  }

  steps() { return this.run?.steps ?? 0; }

  runs() { return [this.run]; }

  // The run would show a border that is asked for.
  mayMove() { return !this.sketch.isOpen(); }

  // A learner who arrives without a place in the link sees a run that already learns; who wants no motion, one that has.
  start(host) {
    super.start(host);
    if (!this.data.view.arrival || !this.mayMove()) return;
    if (prefersReducedMotion()) this.goTo(tellingStep(this.run));
    else {
      this.arriving = true; // Python hears of it at the end
      this.transport.play();
    }
  }

  // --- changes
  goTo(step) {
    if (step !== this.view.step) {
      this.weightEditor.drop();
      this.story.moved();
    }
    super.goTo(step);
  }

  tell(state) {
    if (this.arriving || this.isLeft) return;
    const { steps, per } = this.speed();
    this.telling.at(this.transport.isPlaying() && !(per === "second" && steps <= SLOW) ? WHILE_IT_PLAYS : undefined);
    this.telling({ ...state, unit: this.view.unit });
  }

  stopped() {
    this.arriving = false;
    this.tell({ step: this.view.step, revision: this.revision });
  }

  // --- the DOM, made once
  build() {
    this.parameters = { step: "step", speed: "speed", vectors: "length", regions: "regions", field: "field", probe: "probe", unit: "unit" };
    this.telling = throttle((state) => this.streamlit.setStateValue("state", state));
    this.canvas = element("canvas", { class: "plane", role: "img", tabindex: "0" });
    this.tip = element("div", { class: "tip", hidden: true });
    this.frame = this.measured = element("div", { class: "frame" }, this.canvas, this.tip);
    this.readout = element("div", { class: "readout" });
    this.painter = createPainter(this.canvas);
    this.pointEditor = this.buildPointEditor();
    this.weightEditor = this.buildWeightEditor();
    this.parts.push(this.telling, this.pointEditor);
    this.story = this.buildStory();
    this.probe = createProbe({
      plane: () => this.painter.plane(), text: () => this.view.probe, write: (probe) => this.change({ probe }),
      labels: () => this.data.labels, axes: () => this.data.axes,
    });
    this.answer = createAnswer((key, values) => this.say(key, values), this.probe);
    this.probeButton = element("button", { class: "key small", type: "button", onclick: this.probe.toggle }, icon(PROBE_ICON));
    this.pointEditor.box.querySelector(".classes").before(this.probeButton);
    this.sketch = createSketch({
      plane: () => this.painter.plane(), data: () => this.data, repaint: this.repaint,
      send: (sketch) => this.streamlit.setStateValue("sketch", sketch),
    });
    this.announcer = createAnnouncer({ sentence: () => this.sentence(), isMoving: () => this.transport.isPlaying(), write: (text) => this.canvas.setAttribute("aria-label", text) });
    this.parts.push(this.story, this.sketch, this.announcer);
    this.frame.append(...this.pointEditor.overlay, ...this.sketch.nodes, this.probe.handle);
    this.why = createWhy((key) => this.say(key));
    this.units = createUnits({
      run: () => this.run, data: () => this.data, root: this.root, field: () => this.painter.field(),
      isPlaying: this.transport.isPlaying, say: (key, values) => this.say(key, values),
      unit: () => this.view.unit,
      choose: (unit) => { this.change({ unit }); this.tell({ step: this.view.step, revision: this.revision }); },
    });
    this.legend = element("p", { class: "legend" });
    this.root.append(
      element("div", { class: "bar head" }, this.buttons.box, this.readout), this.answer.node,
      element("div", { class: "deck" }, this.pointEditor.box, element("div", {}, this.frame, this.weightEditor.box, this.strip.canvas, this.units.node, this.why.node, this.story.box)), this.legend,
      this.buildSettings(), this.announcer.node);
    this.root.addEventListener("keydown", this.pointEditor.undoByKey);
    this.root.addEventListener("keydown", (event) => { if (!this.sketch.isOpen()) this.story.listen(event); }); // a step would show the border
    this.root.addEventListener("keydown", (event) => this.probeByKey(event));
    this.walker = createWalker(this.canvas, {
      count: () => this.run?.n ?? 0, mayWalk: () => this.looksOnly(), tell: (i) => this.story.choose(i),
      show: (i) => {
        this.pointer = i < 0 ? null : this.painter.plane().toCanvas(this.run.x[2 * i], this.run.x[2 * i + 1]);
        this.repaint();
      },
    });
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => { this.pressed = [event.offsetX, event.offsetY]; this.point(event); });
    this.canvas.addEventListener("click", (event) => this.pick(event));
    this.canvas.addEventListener("dblclick", (event) => this.probeHere(event));
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
    this.length = steadyRange(element("input", { type: "range", min: 0, max: this.data.limits.length, step: 0.05, oninput: () => this.change({ length: Number(this.length.value) }) }));
    this.field = element("select", { onchange: () => this.change({ field: Number(this.field.value) }) });
    this.regions = tool(() => this.change({ regions: this.view.regions === "soft" ? "hard" : "soft" }));
    this.lines = tool(() => this.change({ length: this.view.length ? 0 : this.data.standard.length }));
    this.picture = tool(() => savePicture(this));
    this.picture.classList.add("picture");
    return element("div", { class: "bar looks" }, labelled("speed", this.speeds), labelled("length", this.length), labelled("field", this.field),
      this.regions, this.lines, this.picture);
  }

  buildStory() {
    return createStory({
      run: () => this.run, data: () => this.data, plane: () => this.painter.plane(), step: () => this.view.step, goTo: (step) => this.transport.to(step),
      isPlaying: this.transport.isPlaying, pause: this.transport.pause, repaint: this.repaint, length: () => this.view.length || this.data.standard.length,
      say: (key, values) => this.say(key, values), told: (story) => this.streamlit.setStateValue("story", story),
    });
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
        if (tool !== "inspect") this.pointer = null;
        this.weightEditor.open(tool === "hand");
        this.repaint();
      },
      hands: () => this.data.hands ?? [0, 0],
      byHand: (wish) => this.sendHand({ wish }),
      send: (edits) => this.streamlit.setStateValue("edits", edits),
      note: (values) => Object.assign(this.root.dataset, values),
    });
  }

  buildWeightEditor() {
    return createWeightEditor({
      painter: this.painter, run: () => this.run, data: () => this.data, weights: () => weightsAt(this.run, this.view.step),
      step: () => this.view.step, length: () => this.view.length, mayMove: this.transport.may,
      isPlaying: this.transport.isPlaying, play: this.transport.play, pause: this.transport.pause, repaint: this.repaint,
      opened: (on) => {
        if (on && !this.view.length) this.change({ length: this.data.standard.length });
        this.canvas.classList.toggle("hand", on);
      },
      send: (step, rows) => {
        this.pointEditor.changedByHand();
        this.sendHand({ step, rows });
      },
      closed: () => this.pointEditor.choose("inspect"),
    });
  }

  sendHand(wish) { this.streamlit.setStateValue("hand", { ...wish, id: `${Date.now()}`, revision: this.revision }); }

  // Everything that is written in the reader's language, and the names of the classes.
  writeTexts() {
    super.writeTexts();
    const { labels } = this.data;
    this.root.setAttribute("aria-label", labels.stage);
    if (!this.canvas.hasAttribute("aria-label")) this.canvas.setAttribute("aria-label", labels.plane);
    this.canvas.setAttribute("aria-description", labels.walk);
    this.speedName.textContent = labels.speed;
    this.lengthName.textContent = labels.length;
    this.picture.textContent = labels.picture;
    this.length.setAttribute("aria-label", labels.length);
    this.writeField();
    this.weightEditor.writeTexts();
    this.story.writeTexts();
    this.units.writeTexts();
    this.answer.writeTexts(this.data);
    this.probeButton.title = labels.probe;
    this.probeButton.setAttribute("aria-label", labels.probe);
    const entry = (...parts) => element("span", { class: "class" }, ...parts);
    const parts = this.run.m > 2 ? ` (${this.say("two_parts", { m: this.run.m })})` : "";
    this.legend.replaceChildren(
      ...(this.run.isTest.includes(1) ? [entry(element("span", { class: "hollow" }), labels.test_point)] : []),
      ...(hasVectors(this.run) ? [
        entry(element("span", { class: "solid" }), math("w"), ` ${labels.weight}${parts}`),
        entry(element("span", { class: "dashed" }), element("span", {}, "−∂", math("L"), "/∂", math("w")), ` ${labels.descent}`)] : []),
      ...(hasUnitLines(this.run) ? [entry(element("span", { class: "solid thin" }), labels.unit_line)] : []),
      ...(this.run.hidden.length && this.run.map?.shift ? [entry(labels.unit_scaled)] : []),
      entry(element("span", { class: "ring" }), labels.mistake),
      ...(this.ghost ? [entry(element("span", { class: "dashed thin" }), labels.ghost)] : []));
  }

  // The gradient of one logit is the same everywhere unless the map is curved; of a network its units are shown.
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
    this.walker.forget();
    this.pointer = this.pointEditor.tool() === "inspect" ? [event.offsetX, event.offsetY] : null;
    this.repaint();
  }

  looksOnly() { return this.pointEditor.tool() === "inspect" && !this.weightEditor.isOn(); }

  // What the stage shows now, or the point that was walked to.
  sentence() {
    const say = (key, values) => this.say(key, values);
    const weights = this.weightsNow();
    const walked = this.walker.at();
    if (walked >= 0 && walked < this.run.n) return describePoint(this.run, weights, walked, this.data, say);
    return describe(this.run, this.view.step, weights, this.data, say, { edited: this.weightEditor.edited(), hides: this.sketch.isOpen() });
  }

  // A click on a point tells its step; a double click elsewhere puts the probe there. Where a line is drawn it brings an end.
  pick(event) {
    const [u, v] = [event.offsetX, event.offsetY];
    if (!this.looksOnly() || !this.pressed || Math.hypot(u - this.pressed[0], v - this.pressed[1]) > STILL) return;
    if (this.sketch.isOpen()) {
      this.sketch.putNearest(u, v);
      return;
    }
    const i = this.painter.nearest(u, v);
    if (i >= 0 && !this.tipsAt(u, v).length) this.story.choose(i);
  }

  probeHere(event) {
    const at = [event.offsetX, event.offsetY];
    if (this.looksOnly() && !this.sketch.isOpen() && this.painter.nearest(...at) < 0) this.probe.putAt(...at);
  }

  probeByKey(event) {
    if (event.key.toLowerCase() !== "p" || withModifier(event) || event.target.closest("select, input")) return;
    event.preventDefault();
    this.probe.toggle();
  }

  // The vectors would give away a border that is asked for.
  hasArrows() { return this.view.length > 0 && !(this.sketch.isOpen() && this.looksOnly()); }

  // The classes whose vectors end at a place of the canvas.
  tipsAt(u, v) {
    if (!this.hasArrows() || !hasVectors(this.run)) return [];
    return vectorTips(this.painter.plane(), this.painter.scales(), this.weightsNow(), this.view.length)
      .filter(({ tip }) => Math.hypot(tip[0] - u, tip[1] - v) <= TIP_REACH).map(({ k }) => k);
  }

  weightsNow() { return this.weightEditor.edited() ?? weightsAt(this.run, this.view.step); }

  // --- painting
  prepare(width) {
    this.width = width;
    this.painter.prepare(this.run, this.data, width, this.ink);
    this.units.prepare(this.ink);
    this.units.writeTexts();
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

  // What the stage shows at its playhead, by any painter: that of the screen, or that of a picture. Returns what the painter does.
  paintPlane(painter) {
    const { view } = this;
    const told = this.story.weights();
    const withDescent = !this.story.hidesDescent();
    const hasLines = this.hasArrows() && hasUnitLines(this.run);
    return painter.paint(view.step, this.hasArrows() ? view : { ...view, length: 0 }, this.weightEditor.edited() ?? told?.regions ?? null, (over, scene, weights) => {
      if (this.ghost) paintGhost(over, scene, weightsAt(this.ghost, Math.min(view.step, this.ghost.steps)));
      if (this.story.oldStep() >= 0) paintGhost(over, scene, weightsAt(this.run, this.story.oldStep()));
      this.story.paint(over, scene);
      if (this.sketch.isOn()) this.sketch.paint(over, scene);
      this.weightEditor.paint(over, weights, this.ink);
    }, { vectors: told?.vectors, withDescent, plays: this.transport.isPlaying(), under: hasLines && this.units.paintLines });
  }

  paint() {
    if (!this.ink) return;
    if (!this.paintPlane(this.painter)) this.repaint();
    this.units.paint(this.weightsNow());
    if (this.weightEditor.isOn()) this.root.dataset.tips = JSON.stringify(this.weightEditor.tips());
    // How far the loss will fall is what an open goal asks: its curve is seen as far as it was played.
    this.seen = this.seenOf === this.revision ? Math.max(this.seen, this.view.step) : this.view.step;
    this.seenOf = this.revision;
    this.strip.paint([[this.run.loss[this.view.step], this.ink.accent]], this.data.asks ? this.seen : this.steps());
    this.root.dataset.seen = String(this.data.asks ? this.seen : this.steps());
    this.paintNumbers();
    this.weightEditor.showTable();
    this.story.tellSentence();
    this.why.node.hidden = isNetwork(this.run) || Boolean(this.story.phase());
    if (!this.why.node.hidden) this.why.show(this.run, this.view.step, this.data, this.weightEditor.edited(), this.sketch.isOpen());
    this.probe.place();
    if (this.sketch.isOn()) this.root.dataset.line = this.sketch.place();
    this.paintTip();
    this.paintAnswer();
    this.announcer.later();
  }

  // What the model says under the pointer, else at the probe, else at the point that is told.
  paintAnswer() {
    const weights = this.weightsNow();
    const { run, painter, data } = this;
    const probe = this.probe.at();
    const told = this.story.point();
    let at = null;
    const under = this.pointer && !this.tipsAt(...this.pointer).length ? painter.nearest(...this.pointer) : -1;
    if (under >= 0) at = { x: run.x[2 * under], y: run.x[2 * under + 1], z: pointLogits(run, weights, under) }; // as its tooltip says
    else if (this.pointer) at = this.ask(...painter.plane().toData(...this.pointer), weights);
    else if (probe) at = { ...this.ask(...probe, weights), probe: true };
    else if (told >= 0 && told < run.n) at = { x: run.x[2 * told], y: run.x[2 * told + 1], z: pointLogits(run, weights, told) };
    if (at && !at.z) at = null; // outside the grid of a curved map
    if (at) at.p = outputOf(weights, at.z);
    const p = this.answer.show(at, data);
    this.probeButton.setAttribute("aria-pressed", String(Boolean(probe)));
    Object.assign(this.root.dataset, { asked: at ? `${at.x},${at.y}` : "", logits: at ? at.z.join(",") : "", p: p ? p.join(",") : "",
      phase: this.story.phase() ?? "", told: String(told) });
  }

  ask(x, y, weights) {
    const { run, data } = this;
    const nearly = Boolean(run.map?.features);
    const features = nearly ? featuresBetween(run.map, run.m, data.box, x, y) : placeFeatures(run.map, x, y);
    return { x, y, nearly, z: features && logitsOf(weights, features) };
  }

  paintNumbers() {
    const { run, view } = this;
    const { step } = view;
    const edited = this.weightEditor.edited();
    const texts = readoutTexts(run, step, (key, values) => this.say(key, values), edited);
    writeReadout(this.readout, texts);
    if (!this.transport.isPlaying()) this.strip.canvas.setAttribute("aria-valuetext", texts.join(", ")); // it would be read out at every frame
    if (Number(this.length.value) !== view.length) this.length.value = view.length;
    this.lines.hidden = !hasUnitLines(this.run);
    this.lines.textContent = this.say(view.length ? "hide_lines" : "show_lines");
    this.regions.textContent = this.say(view.regions === "soft" ? "to_hard" : "to_soft");
    Object.assign(this.root.dataset, {
      step: String(step), steps: String(run.steps), loss: String(edited ? edited.loss : run.loss[step]), regions: view.regions,
      playing: String(this.transport.isPlaying()), revision: String(this.revision),
      ghostLoss: this.ghost ? String(this.ghost.loss[Math.min(step, this.ghost.steps)]) : "",
    });
  }

  paintTip() {
    const looks = this.pointer && !this.weightEditor.isOn();
    const walked = this.walker.at();
    const tips = looks && walked < 0 ? this.tipsAt(...this.pointer) : [];
    const near = looks && walked >= 0 ? walked : looks && !tips.length ? this.painter.nearest(...this.pointer) : -1;
    const i = near === this.story.point() ? -1 : near; // the card would cover what is told of the point
    this.tip.hidden = i < 0 && !tips.length;
    if (tips.length) {
      this.tip.replaceChildren(...vectorCard(this.weightsNow(), tips, this.data, (key, values) => this.say(key, values)));
      placeTip(this.tip, ...this.pointer, this.width, this.canvas.clientHeight);
    }
    if (i < 0) return;
    const { run } = this;
    this.tip.replaceChildren(...tipContent(run, this.data, this.view.step, i, (key, values) => this.say(key, values)));
    const [u, v] = this.painter.plane().toCanvas(run.x[2 * i], run.x[2 * i + 1]);
    placeTip(this.tip, u, v, this.width, this.canvas.clientHeight);
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, TrainingStage); }
