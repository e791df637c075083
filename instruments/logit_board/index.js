// The logit board: logits as bars that can be dragged, with softmax, loss and gradient, painted on every frame.
import { Board } from "../shared/board.js";
import { mountInstrument } from "../shared/instrument.js";
import { element, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import {
  axisLimit, parametersOf, targetsOf, tidy, withClass, withLogit, withName, withShift, withTargetShare, withoutClass,
} from "./state.js";
import { createRow } from "./row.js";
import {
  crossEntropy, logSoftmax, logsumexp, residual, shiftedExponentials, softCrossEntropy, softResidual, softmax,
} from "../shared/softmax.js";

const FIVE_A_SECOND = 185; // milliseconds, with a frame to spare
const FINITE = [-Infinity, Infinity];

class LogitBoard extends Board {
  constructor(streamlit) {
    // The panels of a board without soft targets are light enough to follow at least five times a second.
    const slowest = streamlit.data.soft ? undefined : FIVE_A_SECOND;
    super(streamlit, { instrument: "logit-board", style: "board", parameters: parametersOf, slowest });
    this.rows = [];
    this.editing = false;
    this.dragLimit = null; // the end of the axis when a drag began: it stays, or the bars would move under the pointer
    this.anchor = null; // the target when a drag began
  }

  limit() { return this.dragLimit ?? axisLimit(withShift(this.state)); }

  hold(on) {
    this.dragLimit = on ? this.limit() : null;
    if (!on) this.tell.now();
    this.repaint();
  }

  holdTarget(on) {
    this.anchor = on ? targetsOf(this.state) : null;
    if (!on) this.tell.now();
  }

  // What the row of class k may ask of the board.
  port(k) {
    const { classes, nameLength } = this.data.limits;
    const setTarget = (y) => this.change(withTargetShare(this.state, this.anchor ?? targetsOf(this.state), k, tidy(y)));
    return {
      color: this.color(k), nameLength, say: (key, values) => this.say(key, values),
      choose: () => this.change({ ...this.state, target: k, soft: [] }),
      remove: () => this.change(withoutClass(this.state, k, classes[0])),
      rename: (text) => this.rename(k, text),
      logit: {
        range: () => [-this.limit(), this.limit()], read: () => withShift(this.state)[k], hold: (on) => this.hold(on),
        set: (z) => this.change(withLogit(this.state, k, tidy(z))),
        typed: (text) => this.takeTyped(text, FINITE, "not_finite", (z) => this.change(withLogit(this.state, k, z))),
      },
      target: this.data.soft ? {
        read: () => targetsOf(this.state)[k], set: setTarget, hold: (on) => this.holdTarget(on),
        typed: (text) => this.takeTyped(text, [0, 1], "not_a_share", setTarget),
      } : null,
    };
  }

  rename(k, text) {
    const name = text.trim().slice(0, this.data.limits.nameLength);
    if (!name) this.change(this.state, this.say("empty_name"));
    else this.change(withName(this.state, k, name === this.data.names[k] ? "" : name));
    this.rows[k].field.value = this.names()[k];
  }

  names() { return this.state.names.map((name, k) => name || this.data.names[k]); }

  // --- the DOM, made once
  build() {
    const part = (name, tag = "div", attributes = {}) => (this[name] = element(tag, { class: name, ...attributes }));
    part("lossName", "span"); part("loss", "strong"); part("slope", "span");
    part("heads"); part("list"); part("sums");
    const { temperature: [coldest, hottest], shift, smoothing } = this.data.limits;
    const temperatureAt = (v) => Number((coldest * (hottest / coldest) ** v).toPrecision(2));
    this.t = this.slider("t", [0, 1, 0.005], "temperature", 1, temperatureAt);
    this.c = this.slider("c", [...shift, 0.1], "shift", 0);
    this.s = this.slider("s", [...smoothing, 0.01], "smoothing", 0);
    const tool = (name, onclick) => (this[name] = element("button", { class: "tool", type: "button", onclick }));
    this.root.append(
      element("header", {}, element("p", { class: "headline" }, this.lossName, this.loss), this.slope),
      this.heads, this.list, this.sums, this.message,
      element("div", { class: "tools" }, this.t.box, this.c.box, this.s.box, element("div", { class: "buttons" },
        tool("add", () => this.change(withClass(this.state, this.data.limits.classes[1]))), tool("editNames", () => { this.editing = !this.editing; this.repaint(); }),
        tool("reset", () => this.change({ ...this.data.standard })))),
    );
  }

  slider(style, [min, max, step], part, neutral, valueOf = (place) => place) {
    const label = element("span", { class: "what" });
    const output = element("span", { class: "amountnow" });
    const set = (value) => this.change({ ...this.state, [part]: value });
    const input = element("input", {
      type: "range", class: style, min, max, step, oninput: () => set(valueOf(Number(input.value))), ondblclick: () => set(neutral),
    });
    const name = () => { label.textContent = this.say(part); input.setAttribute("aria-label", this.say(part)); };
    return { box: element("label", { class: "slider" }, label, input, output), name, input, output };
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
    for (const slider of [this.t, this.c, this.s]) slider.name();
    this.add.textContent = this.say("add");
    this.reset.textContent = this.say("reset");
    this.root.setAttribute("aria-label", this.say("board"));
    this.rows.forEach(({ renew }) => renew());
  }

  matchRows() {
    const count = this.state.logits.length;
    while (this.rows.length > count) this.rows.pop().row.remove();
    while (this.rows.length < count) {
      const next = createRow(this.rows.length, this.port(this.rows.length));
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
    this.editNames.textContent = this.say(this.editing ? "done" : "names");
    this.editNames.setAttribute("aria-pressed", this.editing);
    this.root.classList.toggle("two", logits.length <= fewest);
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, LogitBoard); }
