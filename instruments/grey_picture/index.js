// A grey picture of 2 x 2 pixels that can be changed, and the linear layer that reads it, painted on every frame.
import { Board } from "../shared/board.js";
import { wasTexts } from "../shared/guess.js";
import { mountInstrument } from "../shared/instrument.js";
import { prefersReducedMotion } from "../shared/motion.js";
import { element, math, writeAttribute, writeStyle, writeText } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { makePullable } from "../shared/drag.js";
import { withModifier } from "../shared/press.js";
import { createDial } from "./dial.js";
import { createNet } from "./net.js";
import { between, clamp, contribution, entry, isLit, logitsOf, needsBlack, parametersOf, withEntry, withGrey } from "./state.js";
import { createSum } from "./sum.js";
import { markerPicture } from "../shared/shapes.js";
import { crossEntropy, softmax, winnerOf } from "../shared/softmax.js";

const GREY_STEP = 0.05;
const DRAG_RANGE = 160; // pixels up or to the right from black to white
const TAP = 4; // pixels: a press that moves less is a tap
const GLIDE = 600; // milliseconds from one picture to the next, so that it is seen what changes

const spaced = (text) => (text.endsWith("：") ? text : `${text} `); // a full-width colon has its space in it
const greyOf = (grey) => { const shade = Math.round(255 * grey); return `rgb(${shade}, ${shade}, ${shade})`; };

// data: names, pixels, colors, typical (a picture for each class), was (logits to stand below the present ones, or null), hidden
// (whether the logits are still to be predicted), prediction ({ k, text }: what was predicted of one logit, or null), about (the state
// that was and prediction are about, or null for any), labels.
class GreyPicture extends Board {
  constructor(streamlit) {
    super(streamlit, { instrument: "grey-picture", style: "grey", parameters: parametersOf });
    this.active = null; // [input, class] under the pointer or with the focus, with null for "every"
    this.glide = null; // { from, start } while one picture turns into another
    const { x, b } = this.data.state;
    this.inputs = x.map((_, i) => i);
    this.rows = [...this.inputs, x.length]; // the last row of the table is that of the biases
    this.classes = b.map((_, k) => k);
  }

  touch(edge) { this.active = edge; this.repaint(); }

  renew() {
    const before = this.state;
    super.renew();
    this.glideFrom(before);
  }

  change(state, message) {
    this.glide = null;
    super.change(state, message);
  }

  glideFrom(before) {
    if (!before || prefersReducedMotion()) return;
    this.glide = { from: before, start: performance.now() };
    this.repaint();
  }

  // What is on the screen in this frame.
  shown() {
    if (!this.glide) return this.state;
    const part = (performance.now() - this.glide.start) / GLIDE;
    if (part >= 1) { this.glide = null; return this.state; }
    this.repaint();
    return between(this.glide.from, this.state, part);
  }

  summary() { return this.data.hidden ? "" : [...this.answer.children].slice(0, 3).map(({ textContent }) => textContent).join(", "); }

  // --- the DOM, made once
  build() {
    const { colors, typical } = this.data;
    const watched = (node, edge) => {
      for (const name of ["pointerenter", "focusin"]) node.addEventListener(name, () => this.touch(edge));
      for (const name of ["pointerleave", "focusout"]) node.addEventListener(name, () => this.touch(null));
      return node;
    };
    this.pixels = this.inputs.map((i) => watched(this.pixel(i), [i, null]));
    this.pad = element("div", { class: "pad", role: "group" }, ...this.pixels);
    this.hint = element("p", { class: "hint" });
    this.typicalName = element("span", { class: "quiet" });
    this.typicals = this.classes.map((k) => element("button", { class: "pick", type: "button", onclick: () => this.showTypical(k) },
      element("span", { class: "mini" }, ...typical[k].map((grey) => element("span", { style: `background: ${greyOf(grey)}` }))), element("span")));
    this.truth = element("span", { class: "quiet" });
    this.targets = this.classes.map((k) => element("button", {
      class: "pick", type: "button", style: `--class-color: ${colors[k]}`, onclick: () => this.change({ ...this.state, target: k }),
    }, markerPicture(k, colors[k]), element("span")));
    this.reset = element("button", { class: "tool", type: "button", onclick: () => this.change({ ...this.data.standard }) });
    this.net = createNet(this.data.state, colors, (edge) => this.touch(edge));
    this.edges = element("p", { class: "hint" });
    this.heads = this.classes.map((k) => watched(element("div", { class: "column", role: "columnheader" }, markerPicture(k, colors[k]), element("span")), [null, k]));
    this.dials = this.rows.map((i) => this.classes.map((k) => this.dial(i, k)));
    this.rowHeads = this.rows.map((i) => element("div", { class: "rowhead", role: "rowheader" }, ...(i < this.inputs.length ? [math("x"), element("sub", {}, String(i + 1))] : [math("b")])));
    const row = (...cells) => element("div", { class: "as-table", role: "row" }, ...cells);
    this.table = element("div", { class: "weights", role: "table" }, row(element("div", { class: "rowhead", role: "cell" }, math("W")), ...this.heads),
      ...this.dials.map((dials, i) => row(this.rowHeads[i], ...dials.map(({ box }) => box))));
    this.sum = createSum(this.rows, (edge) => this.touch(edge));
    this.texts = Object.fromEntries(["integerName", "oneHotName", "hardName", "softName", "verdict", "lossName", "loss"].map((name) => [name, element("span")])
      .concat(["integer", "oneHot", "hard", "soft"].map((name) => [name, element("b")]), [["lossOf", element("sub")]]));
    const { texts } = this;
    // Closed at first: the picture, the edges, the scores and one sum are enough for a first look.
    this.answer = element("details", { class: "answer" }, element("summary", {}, texts.hardName, texts.hard, texts.verdict),
      element("div", {}, element("span", {}, texts.softName, texts.soft),
        element("span", {}, texts.lossName, math("L"), " = −log ", math("p"), texts.lossOf, texts.loss),
        element("span", {}, texts.integerName, texts.integer), element("span", {}, texts.oneHotName, texts.oneHot)));
    this.root.append(
      element("div", { class: "top" }, element("div", { class: "picks" }, this.typicalName, ...this.typicals),
        element("div", { class: "picks" }, this.truth, ...this.targets), this.reset),
      element("div", { class: "left" }, this.pad, this.hint),
      element("div", { class: "middle", "data-part": "net" }, this.net.root),
      element("div", { class: "right", "data-part": "weights" }, this.table, this.edges),
      element("div", { class: "below", "data-part": "sum" }, this.sum.root, this.answer, this.message));
  }

  showTypical(k) {
    const before = this.state;
    this.change({ ...this.state, x: [...this.data.typical[k]], target: k });
    this.glideFrom(before);
  }

  dial(i, k) {
    const { weight } = this.data.limits;
    const write = (value) => this.change(withEntry(this.state, i, k, clamp(value, ...weight)));
    return createDial({
      range: weight, read: () => entry(this.state, i, k), write,
      typed: (text) => this.takeTyped(text, weight, "not_finite", write, { limit: weight[1] }),
      touched: (on) => this.touch(on ? [i, k] : null),
    });
  }

  pixel(i) {
    const node = element("div", { class: "pixel", role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-valuemax": "1", "aria-orientation": "vertical" }, element("span"), element("span", { class: "scale" }, element("span")));
    // How far along its line a press is, from 0 to 1; null above the line.
    const alongLine = ({ clientX, clientY }) => {
      const { left, width, top } = node.lastChild.getBoundingClientRect();
      return clientY < top ? null : clamp((clientX - left) / width, 0, 1);
    };
    makePullable(node, {
      position: (event) => event.clientX - event.clientY, still: TAP, upDown: true, read: () => this.state.x[i],
      drag: (grey, pixels) => this.change(withGrey(this.state, i, grey + pixels / DRAG_RANGE)),
      tap: (grey, press) => this.change(withGrey(this.state, i, alongLine(press) ?? (grey < 0.5 ? 1 : 0))),
    });
    node.addEventListener("pointerup", () => this.tell.now());
    node.addEventListener("keydown", (event) => this.pixelKey(event, i));
    return node;
  }

  // Arrows move to the neighbour; plus and minus change the grey.
  pixelKey(event, i) {
    if (withModifier(event)) return;
    const neighbour = { ArrowLeft: i & ~1, ArrowRight: i | 1, ArrowUp: i & ~2, ArrowDown: i | 2 }[event.key];
    const now = this.state.x[i];
    const grey = {
      "+": now + GREY_STEP, "=": now + GREY_STEP, "-": now - GREY_STEP, "−": now - GREY_STEP, PageUp: now + 0.25, PageDown: now - 0.25,
      Home: 0, End: 1, " ": now < 0.5 ? 1 : 0, Enter: now < 0.5 ? 1 : 0,
    }[event.key];
    if (neighbour !== undefined) this.pixels[neighbour].focus({ preventScroll: true });
    else if (grey !== undefined) this.change(withGrey(this.state, i, clamp(grey, 0, 1)));
    else return;
    event.preventDefault();
  }

  // --- every frame
  paint() {
    if (!this.state) return;
    const state = this.shown();
    const { x, target } = state;
    const { names, pixels, hidden } = this.data;
    const logits = logitsOf(state);
    const probabilities = softmax(logits);
    const winner = winnerOf(logits);
    const loss = crossEntropy(logits, target);
    this.pixels.forEach((node, i) => {
      writeStyle(node, "background-color", greyOf(x[i]));
      writeStyle(node, "color", needsBlack(x[i]) ? "black" : "white");
      writeText(node.firstChild, readable(x[i], 2));
      writeStyle(node.lastChild.firstChild, "left", `${(100 * x[i]).toFixed(1)}%`);
      writeAttribute(node, "aria-valuenow", Math.round(x[i] * 100) / 100);
      writeAttribute(node, "aria-label", this.say("pixel", { place: pixels[i] }));
      node.classList.toggle("active", this.active !== null && this.active[0] === i);
    });
    const { was, prediction } = this.compared();
    this.net.paint({ state, logits, probabilities, names, active: this.active, label: this.say("network"), was, hidden, prediction });
    this.paintTable(state, winner);
    this.paintLabels(probabilities, winner, loss);
    this.sum.paint({ state, logits, active: this.active, k: this.active?.[1] ?? winner ?? 0, names, label: this.say("sum"), hidden });
    Object.assign(this.root.dataset, {
      pixels: x.join(","), weights: state.W.join(","), biases: state.b.join(","), target: String(target),
      logits: logits.join(","), probabilities: probabilities.join(","), loss: String(loss), active: this.active?.map((at) => at ?? "*").join(",") ?? "",
    });
  }

  // What stands beside the logits, unless the learner has gone on to another board.
  compared() {
    const { about, was, prediction } = this.data;
    const isOther = about && ["x", "W", "b"].some((name) => about[name].some((value, i) => value !== this.state[name][i]));
    return isOther ? { was: null, prediction: null } : { was: wasTexts(was, (...told) => this.say(...told)), prediction };
  }

  paintTable(state, winner) {
    const { names, pixels, hidden } = this.data;
    const most = Math.max(1, ...this.dials.flatMap((row, i) => row.map((_, k) => Math.abs(contribution(state, i, k)))));
    this.dials.forEach((row, i) => {
      row.forEach(({ box, paint }, k) => {
        paint(this.say(i < this.inputs.length ? "weight" : "bias", { place: pixels[i] ?? "", name: names[k] }));
        const value = contribution(state, i, k);
        writeStyle(box, "--part", `${Math.round((38 * Math.abs(value)) / most)}%`);
        box.classList.toggle("lowers", value < 0);
        box.classList.toggle("active", isLit(this.active, i, k));
      });
    });
    this.heads.forEach((head, k) => {
      writeText(head.lastChild, names[k]);
      head.classList.toggle("winner", !hidden && k === winner);
    });
  }

  paintLabels(probabilities, winner, loss) {
    const { names, hidden } = this.data;
    const { target } = this.state;
    this.targets.forEach((pick, k) => {
      writeText(pick.lastChild, names[k]);
      writeAttribute(pick, "aria-pressed", k === target);
      writeText(this.typicals[k].lastChild, names[k]);
      writeAttribute(this.typicals[k], "aria-label", this.say("typical_of", { name: names[k] }));
    });
    for (const [node, key] of [[this.pad, "pad"], [this.table, "table"], [this.root, "picture"]]) writeAttribute(node, "aria-label", this.say(key));
    for (const [node, key] of [[this.hint, "hint"], [this.truth, "truth"], [this.reset, "reset"], [this.typicalName, "typical"], [this.edges, "edges"]]) writeText(node, this.say(key));
    const oneHot = this.classes.map((k) => Number(k === target)).join(", ");
    const hard = winner === null ? this.say("tie") : names[winner];
    const texts = {
      integerName: spaced(this.say("integer")), integer: String(target + 1), oneHotName: spaced(this.say("one_hot")), oneHot: `(${oneHot})`,
      hardName: spaced(this.say("hard")), hard: hidden ? "?" : hard, verdict: hidden || winner === null ? "" : winner === target ? "✓" : "✗",
      softName: spaced(this.say("soft")), soft: hidden ? "?" : `${readable(100 * Math.max(...probabilities), 1)} %`,
      lossName: spaced(this.say("loss")), lossOf: names[target], loss: ` = ${hidden ? "?" : readable(loss)}`,
    };
    for (const [name, text] of Object.entries(texts)) writeText(this.texts[name], text);
    writeAttribute(this.texts.integer.parentElement, "title", this.say("integer_help"));
    writeAttribute(this.texts.oneHot.parentElement, "title", this.say("one_hot_help"));
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, GreyPicture); }
