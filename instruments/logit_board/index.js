// The logit board: bars that can be dragged, and everything that follows from them, painted on every frame.
import { Board } from "../shared/board.js";
import { element, math, mountInstrument } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import {
  axisLimit, parametersOf, targetsOf, tidy, withClass, withLogit, withName, withShift, withTargetShare, withoutClass,
} from "./state.js";
import { createRow } from "./row.js";
import {
  crossEntropy, logSoftmax, logsumexp, residual, shiftedExponentials, softCrossEntropy, softResidual, softmax,
} from "../shared/softmax.js";

const FIVE_A_SECOND = 185; // milliseconds, with a frame to spare
const NEUTRAL = { t: { temperature: 1 }, c: { shift: 0 }, s: { smoothing: 0 } };
const FINITE = [-Infinity, Infinity];

class LogitBoard extends Board {
  constructor(host, streamlit) {
    // The panels of a board without soft targets are light enough to follow at least five times a second.
    const slowest = streamlit.data.soft ? undefined : FIVE_A_SECOND;
    super(streamlit, { instrument: "logit-board", style: "board", parameters: parametersOf, slowest });
    this.rows = [];
    this.editing = false;
    this.heldLimit = null; // the end of the axis while the hand drags, else the bars would move against it
    this.anchor = null; // the target when the hand took hold of a share
    this.start(host);
  }

  // --- what rows ask of the board
  limit() { return this.heldLimit ?? axisLimit(withShift(this.state)); }
  value(k) { return withShift(this.state)[k]; }
  focusHandle(k) { this.rows[k].row.querySelector(".handle").focus({ preventScroll: true }); }

  hold(on) {
    this.heldLimit = on ? this.limit() : null;
    if (!on) this.tell.now();
    this.repaint();
  }

  setLogit(k, value) { this.change(withLogit(this.state, k, tidy(value))); }
  typed(k, text) { this.takeTyped(text, FINITE, "not_finite", (z) => this.change(withLogit(this.state, k, z))); }
  chooseTarget(k) { this.change({ ...this.state, target: k, soft: [] }); }

  // The target distribution.
  targetShare(k) { return targetsOf(this.state)[k]; }
  setTarget(k, y) { this.change(withTargetShare(this.state, this.anchor ?? targetsOf(this.state), k, tidy(y))); }
  typedTarget(k, text) { this.takeTyped(text, [0, 1], "not_a_share", (y) => this.setTarget(k, y)); }

  holdTarget(on) {
    this.anchor = on ? targetsOf(this.state) : null;
    if (!on) this.tell.now();
  }

  removeClass(k) { this.change(withoutClass(this.state, k, this.data.limits.classes[0])); }
  addClass() { this.change(withClass(this.state, this.data.limits.classes[1])); }

  rename(k, text) {
    const name = text.trim().slice(0, this.data.limits.nameLength);
    if (!name) this.change(this.state, this.say("empty_name"));
    else this.change(withName(this.state, k, name === this.data.names[k] ? "" : name));
    this.rows[k].row.querySelector(".rename").value = this.names()[k];
  }

  names() { return this.state.names.map((name, k) => name || this.data.names[k]); }

  // --- the DOM, made once
  build() {
    const part = (name, tag = "div", attributes = {}) => (this[name] = element(tag, { class: name, ...attributes }));
    part("lossName", "span"); part("loss", "strong"); part("slope", "span");
    part("heads"); part("list"); part("sums");
    const { temperature, shift, smoothing } = this.data.limits;
    this.t = this.slider("t", (v) => ({ temperature: Number((temperature[0] * (temperature[1] / temperature[0]) ** v).toPrecision(2)) }));
    this.c = this.slider("c", (v) => ({ shift: v }));
    this.s = this.slider("s", (v) => ({ smoothing: v }));
    Object.assign(this.s.input, { min: smoothing[0], max: smoothing[1], step: 0.01 });
    Object.assign(this.t.input, { min: 0, max: 1, step: 0.005 });
    Object.assign(this.c.input, { min: shift[0], max: shift[1], step: 0.1 });
    const tool = (name, onclick) => (this[name] = element("button", { class: "tool", type: "button", onclick }));
    this.root.append(
      element("header", {}, element("p", { class: "headline" }, this.lossName, this.loss), this.slope),
      this.heads, this.list, this.sums, this.message,
      element("div", { class: "tools" }, this.t.box, this.c.box, this.s.box, element("div", { class: "buttons" },
        tool("add", () => this.addClass()), tool("names_", () => { this.editing = !this.editing; this.repaint(); }),
        tool("reset", () => this.change({ ...this.data.standard })))),
    );
  }

  slider(name, change) {
    const label = element("span", { class: "what" });
    const output = element("span", { class: "amountnow" });
    const input = element("input", { type: "range", class: name });
    input.addEventListener("input", () => this.change({ ...this.state, ...change(Number(input.value)) }));
    input.addEventListener("dblclick", () => this.change({ ...this.state, ...NEUTRAL[name] }));
    return { box: element("label", { class: "slider" }, label, input, output), label, input, output };
  }

  writeTexts() {
    const cell = (content, label) => element("div", { class: "head", title: this.say(label) }, ...content);
    this.scale = element("div", { class: "scale" });
    this.expHead = cell([], "exp_help");
    this.gapHead = cell([], "gap_help");
    this.heads.replaceChildren(
      cell([this.say("class")], "class_help"), cell([this.scale, element("span", { class: "over" }, math("z"))], "z_help"), this.expHead,
      cell([math("p")], "p_help"), cell(["log ", math("p")], "logp_help"),
      ...(this.data.soft ? [cell([math("y")], "y_help")] : []), this.gapHead);
    this.root.classList.toggle("soft", Boolean(this.data.soft));
    this.t.label.textContent = this.say("temperature");
    this.c.label.textContent = this.say("shift");
    this.t.input.setAttribute("aria-label", this.say("temperature"));
    this.c.input.setAttribute("aria-label", this.say("shift"));
    this.s.label.textContent = this.say("smoothing");
    this.s.input.setAttribute("aria-label", this.say("smoothing"));
    this.add.textContent = this.say("add");
    this.reset.textContent = this.say("reset");
    this.root.setAttribute("aria-label", this.say("board"));
    this.rows.forEach(({ row }) => row.querySelector(".handle").removeAttribute("aria-label"));
  }

  matchRows() {
    const count = this.state.logits.length;
    while (this.rows.length > count) this.rows.pop().row.remove();
    while (this.rows.length < count) {
      const next = createRow(this.rows.length, this);
      this.rows.push(next);
      this.list.append(next.row);
    }
  }

  // --- every frame
  paint() {
    if (!this.state) return;
    this.matchRows();
    const { temperature, target } = this.state;
    const values = withShift(this.state);
    const names = this.names();
    const targets = targetsOf(this.state);
    const isLabel = targets[target] === 1;
    const now = {
      values, target, targets, names, limit: this.limit(), editing: this.editing,
      e: shiftedExponentials(values, temperature), probabilities: softmax(values, temperature),
      logs: logSoftmax(values, temperature), gaps: isLabel ? residual(values, target, temperature) : softResidual(values, targets, temperature),
    };
    this.rows.forEach(({ paint }) => paint(now));
    const loss = isLabel ? crossEntropy(values, target, temperature) : softCrossEntropy(values, targets, temperature);
    this.lossName.replaceChildren(math("L"), ...(isLabel
      ? [" = −log ", math("p"), element("sub", {}, names[target]), " = "]
      : [" = −Σ ", math("y"), " log ", math("p"), " = "]));
    this.loss.textContent = readable(loss, 4);
    this.slope.textContent = temperature === 1 ? "" : this.say("slope", { t: temperature });
    this.paintHeads(now);
    this.paintTools();
    Object.assign(this.root.dataset, {
      logits: values.join(","), probabilities: now.probabilities.join(","), loss: String(loss),
      target: String(target), targets: targets.join(","), temperature: String(temperature), shift: String(this.state.shift),
    });
  }

  paintHeads(now) {
    const { temperature } = this.state;
    const over = temperature === 1 ? "" : " / T";
    const power = over ? ["(", math("z"), " − max)", over] : [math("z"), " − max"];
    this.scale.replaceChildren(...[-now.limit, 0, now.limit].map((x) => element("span", {}, readable(x, 0))));
    const e = element("sup", {});
    e.append(...power);
    this.expHead.replaceChildren(math("e"), e);
    this.gapHead.replaceChildren(math("p"), " − ", math("y"));
    const total = now.e.reduce((a, b) => a + b, 0);
    const lse = element("span", { title: this.say("lse") }, "log Σ ", math("e"), element("sup", {}, math("z")),
      ` = ${readable(logsumexp(now.values))}`);
    this.sums.replaceChildren(
      element("div", { class: "lse" }, lse), element("div", { class: "sumname" }, "Σ"),
      element("div", { class: "number" }, readable(total)),
      element("div", { class: "number p" }, readable(now.probabilities.reduce((a, b) => a + b, 0))),
      element("div"), ...(this.data.soft ? [element("div", { class: "number" }, readable(1))] : []),
      element("div", { class: "number" }, readable(0)));
  }

  paintTools() {
    const { temperature, shift, logits, smoothing } = this.state;
    const { classes: [fewest, most], temperature: [coldest, hottest] } = this.data.limits;
    const place = Math.log(temperature / coldest) / Math.log(hottest / coldest);
    if (this.root.getRootNode().activeElement !== this.t.input) this.t.input.value = place;
    this.c.input.value = shift;
    this.t.output.textContent = readable(temperature, 2);
    this.c.output.textContent = readable(shift, 1);
    this.s.input.value = smoothing;
    this.s.output.textContent = readable(smoothing, 2);
    this.t.input.setAttribute("aria-valuetext", String(temperature));
    const full = logits.length >= most;
    this.add.disabled = full;
    this.add.title = full ? this.say("full") : "";
    this.names_.textContent = this.say(this.editing ? "done" : "names");
    this.names_.setAttribute("aria-pressed", this.editing);
    this.root.classList.toggle("two", logits.length <= fewest);
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, LogitBoard); }
