// A grey picture of 2 x 2 pixels that can be changed, and the linear layer that reads it, painted on every frame.
import { Board } from "../shared/board.js";
import { mountInstrument } from "../shared/instrument.js";
import { element, math, writeAttribute, writeStyle, writeText } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { makePullable } from "../shared/drag.js";
import { createDial } from "./dial.js";
import { createNet } from "./net.js";
import { clamp, contribution, entry, logitsOf, parametersOf, withEntry, withGrey } from "./state.js";
import { markerPicture } from "../shared/shapes.js";
import { argmax, crossEntropy, softmax } from "../shared/softmax.js";

const GREY_STEP = 0.05;
const DRAG_RANGE = 160; // pixels up or down from black to white
const TAP = 4; // pixels: a press that moves less is a tap

class GreyPicture extends Board {
  constructor(streamlit) {
    super(streamlit, { instrument: "grey-picture", style: "grey", parameters: parametersOf });
    this.active = null; // [input, class] of the edge under the pointer, or of the weight with the focus
    const { x, b } = this.data.state;
    this.inputs = x.map((_, i) => i);
    this.rows = [...this.inputs, x.length]; // the last row of the table is that of the biases
    this.classes = b.map((_, k) => k);
  }

  touch(edge) { this.active = edge; this.repaint(); }

  // --- the DOM, made once
  build() {
    this.pixels = this.inputs.map((i) => this.pixel(i));
    this.pad = element("div", { class: "pad", role: "group" }, ...this.pixels);
    this.hint = element("p", { class: "hint" });
    this.targets = this.classes.map((k) => element("button", {
      class: "pick", type: "button", style: `--class-color: ${this.data.colors[k]}`, onclick: () => this.change({ ...this.state, target: k }),
    }, markerPicture(k, this.data.colors[k]), element("span")));
    this.truth = element("p", { class: "truth" });
    this.texts = Object.fromEntries(["integerName", "oneHotName", "hardName", "softName", "verdict", "loss"].map((name) => [name, element("span")])
      .concat(["integer", "oneHot", "hard", "soft", "total"].map((name) => [name, element("b")]), ["lossOf", "sumOf"].map((name) => [name, element("sub")])));
    const { texts } = this;
    this.code = element("p", { class: "code" }, element("span", {}, texts.integerName, texts.integer), element("span", {}, texts.oneHotName, texts.oneHot));
    this.net = createNet(this.data.state, this.data.colors, (edge) => this.touch(edge));
    this.terms = this.rows.map(() => element("span", { class: "term" }));
    this.explain = element("p", { class: "explain" }, math("o"), texts.sumOf, " = ",
      ...this.terms.flatMap((term, at) => (at ? [" + ", term] : [term])), " = ", texts.total);
    this.heads = this.classes.map((k) => element("div", { class: "column" }, markerPicture(k, this.data.colors[k]), element("span")));
    this.dials = this.rows.map((i) => this.classes.map((k) => this.dial(i, k)));
    this.rowHeads = this.rows.map(() => element("div", { class: "rowhead" }));
    this.logits = this.classes.map(() => element("output", { class: "sum" }));
    this.shares = this.classes.map((k) => element("div", { class: "share", style: `--class-color: ${this.data.colors[k]}` },
      element("div", { class: "amount" }), element("output")));
    this.answer = element("p", { class: "answer" }, element("span", {}, texts.hardName, texts.hard, texts.verdict),
      element("span", {}, texts.softName, texts.soft), element("span", {}, math("L"), " = −log ", math("p"), texts.lossOf, texts.loss));
    this.reset = element("button", { class: "tool", type: "button", onclick: () => this.change({ ...this.data.standard }) });
    this.corner = element("div", { class: "rowhead" }, math("W"));
    this.table = element("div", { class: "weights", role: "group" }, this.corner, ...this.heads,
      ...this.dials.flatMap((row, i) => [this.rowHeads[i], ...row.map(({ box }) => box)]),
      element("div", { class: "rowhead rule" }, math("o")), ...this.logits, element("div", { class: "rowhead" }, math("p")), ...this.shares);
    this.root.append(
      element("div", { class: "left" }, this.pad, this.hint, this.truth, element("div", { class: "picks" }, ...this.targets), this.code),
      element("div", { class: "middle" }, this.net.root, this.explain),
      element("div", { class: "right" }, this.table, this.answer, this.message, this.reset));
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
    const node = element("div", { class: "pixel", role: "slider", tabindex: "0", "aria-valuemin": "0", "aria-valuemax": "1", "aria-orientation": "vertical" }, element("span"));
    makePullable(node, {
      position: (event) => -event.clientY, still: TAP, read: () => this.state.x[i],
      drag: (grey, pixels) => this.change(withGrey(this.state, i, grey + pixels / DRAG_RANGE)),
      tap: (grey) => this.change(withGrey(this.state, i, grey < 0.5 ? 1 : 0)),
    });
    node.addEventListener("pointerup", () => this.tell.now());
    node.addEventListener("keydown", (event) => this.pixelKey(event, i));
    return node;
  }

  // Arrows move to the neighbour; plus and minus change the grey.
  pixelKey(event, i) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
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
    const { x, target } = this.state;
    const { names, pixels } = this.data;
    const logits = logitsOf(this.state);
    const probabilities = softmax(logits);
    const winner = argmax(logits);
    const loss = crossEntropy(logits, target);
    this.pixels.forEach((node, i) => {
      const shade = Math.round(255 * x[i]);
      writeStyle(node, "background-color", `rgb(${shade}, ${shade}, ${shade})`);
      writeStyle(node, "color", x[i] > 0.5 ? "black" : "white");
      writeText(node.firstChild, readable(x[i], 2));
      writeAttribute(node, "aria-valuenow", x[i]);
      writeAttribute(node, "aria-label", this.say("pixel", { place: pixels[i] }));
    });
    this.net.paint({ state: this.state, logits, probabilities, names, active: this.active, label: this.say("network") });
    this.paintTable(logits, probabilities, winner);
    this.paintLabels(probabilities, winner, loss);
    this.paintSum(logits, winner);
    Object.assign(this.root.dataset, {
      pixels: x.join(","), weights: this.state.W.join(","), biases: this.state.b.join(","), target: String(target),
      logits: logits.join(","), probabilities: probabilities.join(","), loss: String(loss),
    });
  }

  paintTable(logits, probabilities, winner) {
    const { names, pixels } = this.data;
    const most = Math.max(1, ...this.dials.flatMap((row, i) => row.map((_, k) => Math.abs(contribution(this.state, i, k)))));
    this.dials.forEach((row, i) => {
      const symbol = i < this.inputs.length ? [math("x"), element("sub", {}, String(i + 1))] : [math("b")];
      if (!this.rowHeads[i].firstChild) this.rowHeads[i].append(...symbol);
      row.forEach(({ box, paint }, k) => {
        paint(this.say(i < this.inputs.length ? "weight" : "bias", { place: pixels[i] ?? "", name: names[k] }));
        const value = contribution(this.state, i, k);
        writeStyle(box, "--part", `${Math.round((38 * Math.abs(value)) / most)}%`);
        box.classList.toggle("lowers", value < 0);
        box.classList.toggle("active", this.active !== null && this.active[0] === i && this.active[1] === k);
      });
    });
    this.heads.forEach((head, k) => {
      writeText(head.lastChild, names[k]);
      head.classList.toggle("winner", k === winner);
      writeText(this.logits[k], readable(logits[k], 2));
      this.shares[k].firstChild.style.transform = `scaleX(${probabilities[k]})`;
      writeText(this.shares[k].lastChild, readable(probabilities[k]));
      this.shares[k].classList.toggle("winner", k === winner);
    });
  }

  paintLabels(probabilities, winner, loss) {
    const { names } = this.data;
    const { target } = this.state;
    this.targets.forEach((pick, k) => {
      writeText(pick.lastChild, names[k]);
      writeAttribute(pick, "aria-pressed", k === target);
    });
    for (const [node, key] of [[this.pad, "pad"], [this.table, "table"], [this.root, "picture"]]) writeAttribute(node, "aria-label", this.say(key));
    for (const [node, key] of [[this.hint, "hint"], [this.truth, "truth"], [this.reset, "reset"]]) writeText(node, this.say(key));
    const oneHot = this.classes.map((k) => Number(k === target)).join(", ");
    const texts = {
      integerName: `${this.say("integer")} `, integer: String(target), oneHotName: `${this.say("one_hot")} `, oneHot: `(${oneHot})`,
      hardName: `${this.say("hard")} `, hard: names[winner], verdict: winner === target ? " ✓" : " ✗",
      softName: `${this.say("soft")} `, soft: `${readable(100 * probabilities[winner], 1)} %`, lossOf: names[target], loss: ` = ${readable(loss)}`,
    };
    for (const [name, text] of Object.entries(texts)) writeText(this.texts[name], text);
  }

  // The sum that makes one logit: that of the active edge, else that of the winner.
  paintSum(logits, winner) {
    const k = this.active ? this.active[1] : winner;
    const signed = (value) => (value < 0 ? `(${readable(value, 2)})` : readable(value, 2));
    this.terms.forEach((term, i) => {
      writeText(term, i < this.inputs.length ? `${readable(this.state.x[i], 2)}·${signed(entry(this.state, i, k))}` : signed(this.state.b[k]));
      term.classList.toggle("active", this.active !== null && this.active[0] === i);
    });
    writeText(this.texts.sumOf, this.data.names[k]);
    writeText(this.texts.total, readable(logits[k], 2));
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, GreyPicture); }
