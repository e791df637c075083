// The loss on its curve, above the logits, p, y and p - y of every class; all of it is painted on every frame.
import { ClassBoard } from "../logit_board/class_board.js";
import { parametersOf, targetsOf, tidy, withLogit, withTargetShare, withTypedShare } from "../logit_board/state.js";
import { wasTexts } from "../shared/guess.js";
import { mountInstrument } from "../shared/instrument.js";
import { prefersReducedMotion } from "../shared/motion.js";
import { element, math, writeText } from "../shared/live.js";
import { beyondText, readable, shareText } from "../shared/numbers.js";
import { steadyRange } from "../shared/press.js";
import { argmax, crossEntropy, residual, softCrossEntropy, softResidual, softmax } from "../shared/softmax.js";
import { classOnAxis, logitFor, restCost, slopeAt } from "./curve.js";
import { createPlot } from "./plot.js";
import { createClassRow, inColumn } from "./row.js";

const SHOWS = 600; // milliseconds in which logits go to where Python has put them
const beforeFormula = (text) => (text.endsWith("：") ? text : `${text} `); // a full-width colon has its space in it
const NEAREST_ENDS = [0.002, 0.998]; // of p under the dot

// data: limits, names, colors, labels; sketching, slopes, covered, ways: what the open challenge asks to show or to hide; was: the
// logits before the reveal, to stand below the present ones, or null; prediction:
// what the learner answered, { sketch: heights, level: { at, text } or null, way: { k, from, way, text } or null }.
class LossCurve extends ClassBoard {
  constructor(streamlit) {
    super(streamlit, { instrument: "loss-curve", style: "loss-curve", parameters: parametersOf });
    this.anchor = null; // the target when a drag began
    this.typed = []; // the classes whose target was typed, the last one at the end: the next typed one leaves them as they are
    this.way = null; // logits on their way: { from, since }
  }

  // New logits from Python are walked to, so that what a button does is seen.
  renew() {
    this.typed = [];
    const before = this.state?.logits;
    super.renew();
    const moved = before?.length === this.state.logits.length && before.some((z, k) => z !== this.state.logits[k]);
    const still = prefersReducedMotion();
    this.way = moved && !still && this.state.logits.every((z) => Math.abs(z) < 1e6) ? { from: before, since: performance.now() } : null;
  }

  summary() { return [this.lossline.textContent, this.verdictLine?.textContent].filter(Boolean).join(". "); }

  change(state, message) {
    this.way = null;
    if (String(targetsOf(state)) !== String(targetsOf(this.state))) this.typed = [];
    super.change(state, message);
  }

  // The logits on the screen.
  logits() {
    if (!this.way) return this.state.logits;
    const part = Math.min(1, (performance.now() - this.way.since) / SHOWS);
    if (part === 1) this.way = null;
    else this.repaint();
    const eased = part * part * (3 - 2 * part);
    return this.state.logits.map((z, k) => (part === 1 ? z : (1 - eased) * this.way.from[k] + eased * z));
  }

  values() { return this.state.logits; }

  hold(on) {
    this.anchor = on ? targetsOf(this.state) : null;
    return super.hold(on);
  }

  // The dot moves the logit of its class, and that one alone.
  sweep(p) {
    const t = classOnAxis(this.state, targetsOf(this.state));
    const inside = Math.max(NEAREST_ENDS[0], Math.min(NEAREST_ENDS[1], p));
    const z = logitFor(inside, this.state.logits, t);
    if (Number.isFinite(z)) this.change(withLogit(this.state, t, Math.abs(z) < 1e9 ? Number(z.toFixed(3)) : z));
  }

  port(k) {
    const setTarget = (y) => this.change(withTargetShare(this.state, this.anchor ?? targetsOf(this.state), k, tidy(y)));
    const typeTarget = (y) => {
      const held = this.typed;
      this.change(withTypedShare(this.state, k, tidy(y), held));
      this.typed = [...held.filter((j) => j !== k), k];
    };
    return {
      ...super.port(k),
      target: {
        range: () => [0, 1], read: () => targetsOf(this.state)[k], set: setTarget, hold: (on) => this.hold(on),
        typed: (text) => this.takeTyped(text, [0, 1], "not_a_share", typeTarget),
      },
    };
  }

  // --- the DOM, made once
  build() {
    const part = (...how) => this.part(...how);
    this.plot = createPlot({
      sweep: (p) => this.sweep(p), hold: (on) => this.hold(on), sketch: (sketch) => this.change({ ...this.state, sketch }),
      say: (key, values) => this.say(key, values), limits: () => this.data.limits,
    });
    part("readout"); part("legend"); part("heads", "div", { role: "row" }); part("list", "div", { role: "rowgroup", "data-part": "classes" });
    this.table = element("div", { class: "as-table", role: "table" }, this.heads, this.list);
    this.smoothed = steadyRange(element("input", {
      type: "range", class: "s", step: 0.01, oninput: () => this.change({ ...this.state, smoothing: Number(this.smoothed.value) }),
      ondblclick: () => this.change({ ...this.state, smoothing: 0 }),
    }));
    [this.smoothed.min, this.smoothed.max] = this.data.limits.smoothing;
    part("what", "span"); part("amountnow", "span");
    this.root.append(
      element("div", { class: "top" }, part("lossline", "p"), this.readout, this.plot.root, this.legend), this.table, this.message,
      element("div", { class: "tools" }, element("label", { class: "slider" }, this.what, this.smoothed, this.amountnow),
        this.buildTools()));
    this.watchSize(this.plot.root, () => { this.plot.resize(); this.repaint(); });
  }

  writeTexts() {
    super.writeTexts();
    const cell = (style, label, ...content) => element("div", { class: `head ${style}`, role: "columnheader", title: this.say(label) }, ...content);
    this.axisName = element("div", { class: "axisname" });
    this.heads.replaceChildren(
      cell("who", "class_help", this.say("class")), cell("logit", "z_help", this.scale, element("span", { class: "spoken" }, "z")), cell("z", "z_help", math("z")),
      cell("axis", "axis_help", element("div", { class: "scale", "aria-hidden": "true" }, ...["0", "0.25", "0.5", "0.75", "1"].map((x) => element("span", {}, x))), this.axisName),
      cell("p", "p_help", math("p")), cell("y", "y_help", math("y")), cell("gap", "gap_help", math("p"), " − ", math("y")));
    this.what.textContent = this.say("smoothing");
    this.smoothed.setAttribute("aria-label", this.say("smoothing"));
  }

  // --- every frame
  paint() {
    if (!this.state) return;
    this.matchRows(this.state.logits.length, (k) => createClassRow(k, this.port(k)));
    const values = this.logits(), names = this.names(), targets = targetsOf(this.state), { target } = this.state;
    const isLabel = targets[target] === 1;
    const probabilities = softmax(values);
    const gaps = isLabel ? residual(values, target) : softResidual(values, targets);
    const lossOf = (logits) => (isLabel ? crossEntropy(logits, target) : softCrossEntropy(logits, targets));
    const t = classOnAxis(this.state, targets);
    const loss = lossOf(values);
    const { sketching, prediction, slopes, covered, ways } = this.data;
    this.plot.paint({
      p: probabilities[t], y: targets[t], loss, rest: isLabel ? 0 : restCost(values, targets, t), color: this.color(t), name: names[t],
      slopes, sketching, prediction, sketch: this.state.sketch,
    });
    const now = { values, was: wasTexts(this.data.was, (...told) => this.say(...told)), targets, names, target, probabilities, gaps, covered, ways, way: prediction.way, limit: this.limit(), editing: this.editing, width: this.plot.width() };
    this.rows.forEach(({ paint }) => paint(now));
    this.root.classList.toggle("sketching", sketching);
    this.root.classList.toggle("slopes", slopes);
    this.root.classList.toggle("covered", covered);
    this.paintReadout(now, { t, loss, isLabel });
    this.paintScale(now.limit);
    writeText(this.axisName, this.say(isLabel ? "axis" : "axis_soft", { name: names[t] }));
    this.paintTools();
    // The attributes say what the state is, also while the picture is still on its way there.
    const held = this.way ? { logits: this.state.logits, p: softmax(this.state.logits), loss: lossOf(this.state.logits) } : { logits: values, p: probabilities, loss };
    Object.assign(this.root.dataset, {
      logits: held.logits.join(","), probabilities: held.p.join(","), loss: String(held.loss), target: String(target),
      targets: targets.join(","), sketch: this.state.sketch.join(","), sketching: String(sketching),
    });
  }

  paintReadout({ probabilities, targets, gaps, names }, { t, loss, isLabel }) {
    const { sketching, slopes, covered, ways, prediction } = this.data;
    const form = JSON.stringify([isLabel, names[t], sketching, slopes, covered, ways, prediction, this.data.labels.tangent]);
    if (form !== this.form) {
      this.form = form;
      this.makeReadout(names[t], isLabel);
    }
    writeText(this.lossNow, readable(loss, 3));
    writeText(this.verdictLine, this.verdict(probabilities, t, names, isLabel));
    writeText(this.slopeByP, inColumn(slopeAt(probabilities[t], targets[t]), 2));
    writeText(this.slopeByZ, beyondText(gaps[t]) || shareText(gaps[t]));
  }

  // The lines beside the curve, whose numbers are written on every frame.
  makeReadout(name, isLabel) {
    const derivative = (letter) => ["∂", math("L"), "/∂", math(letter), " = "];
    const formula = isLabel ? [" = −log ", math("p"), element("sub", {}, name)] : [" = −Σ ", math("y"), " log ", math("p")];
    this.lossNow = element("strong", { class: "loss" });
    this.verdictLine = element("p", { class: "verdict" });
    [this.slopeByP, this.slopeByZ] = [element("b"), element("b")];
    this.lossline.replaceChildren(math("L"), ...formula, " = ", this.lossNow, element("span", { class: "unit" }, ` ${this.say("nats")}`));
    this.readout.replaceChildren(
      this.verdictLine,
      element("p", { class: "slope-p" }, element("span", { class: "key dash" }), beforeFormula(this.say("tangent")), ...derivative("p"),
        ...(isLabel ? ["−1/", math("p")] : ["−", math("y"), "/", math("p"), " + (1 − ", math("y"), ")/(1 − ", math("p"), ")"]), " = ", this.slopeByP),
      element("p", { class: "slope-z" }, beforeFormula(this.say("along_z")), ...derivative("z"), math("p"), " − ", math("y"), " = ", this.slopeByZ));
    this.legend.replaceChildren(...this.legendLines(isLabel, name));
  }

  legendLines(isLabel, name) {
    const { sketching, slopes, covered, ways, prediction } = this.data;
    const line = (style, ...text) => element("p", {}, ...(style ? [element("span", { class: `key ${style}` })] : []), ...text);
    if (!slopes) return [line("solid", ...(isLabel ? ["−log ", math("p")] : [math("L")])), line("dash", this.say("tangent_name")), ...(covered ? [] : [line("push", math("y"), " − ", math("p"), ...(ways ? [this.say("push")] : []))]), ...(ways ? [element("p", { class: "rule" }, this.say("rule"))] : [])];
    return [
      line("", `↑ ${this.say("pull", { name })}`), ...(sketching ? [] : [line("solid", math("y"), " − ", math("p"))]),
      ...(sketching || prediction.sketch.length ? [line("guess", this.say("sketch"))] : [])];
  }

  // Right, wrong or undecided: and that right is not yet loss 0.
  verdict(probabilities, t, names, isLabel) {
    const best = Math.max(...probabilities);
    const winners = names.filter((_, k) => best - probabilities[k] < 1e-9);
    if (winners.length > 1) return this.say("tie", { names: winners.join(" = ") });
    const winner = argmax(probabilities);
    const key = winner !== t ? "wrong" : isLabel ? "correct" : "correct_soft";
    return this.say(key, { name: names[winner] });
  }

  paintTools() {
    super.paintTools();
    const { smoothing } = this.state;
    this.smoothed.value = smoothing;
    writeText(this.amountnow, readable(smoothing, 2));
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, LossCurve); }
