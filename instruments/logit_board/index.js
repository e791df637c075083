// The logit board: logits as bars that can be dragged, with softmax, loss and gradient, painted on every frame.
// Drawings of the same logits on the page (instruments/logit_views) hear of every frame by an event of the window, and ask the
// board to move in the same way: they live in components of their own.
import { prefersReducedMotion } from "../shared/motion.js";
import { mountInstrument } from "../shared/instrument.js";
import { element, math, writeText } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { steadyRange } from "../shared/press.js";
import { ClassBoard } from "./class_board.js";
import { createShareBar } from "./share_bar.js";
import { createStepper } from "./stepper.js";
import {
  ALL_COLUMNS, EXPONENTIALS, SCORES, SHARES, exponentialsOf, parametersOf, targetsOf, tidy, withLogit, withShift,
} from "./state.js";
import { createRow } from "./row.js";
import {
  crossEntropy, logSoftmax, logsumexp, residual, softCrossEntropy, softResidual, softmax,
} from "../shared/softmax.js";

const FIVE_A_SECOND = 185; // milliseconds, with a frame to spare
const PASSING = 2500; // milliseconds at the middle step on the way from scores to shares, when a button elsewhere skips it
const SETTLING = 450; // milliseconds in which bars move to what a button has put, as in style.css
// The boards on that way, by their key: one that is made anew in the middle of it goes on. The window keeps them, as it keeps what
// the learner has made of a board.
const onTheWay = (window.softmaxLabOnTheWay ??= new Set());
// The step whose part of the formula belongs to a column.
const LIT = [[".logit", 1], [".exp", 2], [".probability, .onebar", 3]];

class LogitBoard extends ClassBoard {
  constructor(streamlit) {
    // The panels are light enough to follow at least five times a second.
    super(streamlit, { instrument: "logit-board", style: "board", parameters: parametersOf, slowest: FIVE_A_SECOND });
    this.look = null; // what the page wants to be seen for, when it last said so
    this.settled = 0;
    this.walking = 0;
    this.listen("softmax-lab:ask", () => this.announce());
    this.listen("softmax-lab:move", ({ detail }) => this.moved(detail));
    this.parts.push({ cancel: () => { clearTimeout(this.settled); clearTimeout(this.walking); } });
  }

  listen(name, act) {
    window.addEventListener(name, act);
    this.parts.push({ cancel: () => window.removeEventListener(name, act) });
  }

  // A drawing was dragged: these are the logits that the bars are to show.
  moved({ board, values }) {
    if (board !== this.data.prefix || values.length !== this.state.logits.length) return;
    this.change(values.reduce((state, z, k) => withLogit(state, k, tidy(z)), this.state));
  }

  announce() {
    if (!this.state) return;
    const { temperature, target } = this.state;
    const detail = { board: this.data.prefix, values: withShift(this.state), temperature, target, names: this.names(), colors: this.data.colors };
    window.dispatchEvent(new CustomEvent("softmax-lab:board", { detail }));
  }

  // Which columns are seen.
  step() { return this.data.stepper ? Math.max(this.state.step, this.data.stepper.least) : ALL_COLUMNS; }

  // Whether the open question is about these logits.
  isAsked(values) {
    const { asked } = this.data.stepper ?? {};
    return asked?.length === values.length && asked.every((z, k) => z === values[k]);
  }

  // Nothing of what a question asks for.
  summary() {
    const step = this.step();
    const values = withShift(this.state);
    if (step < SHARES || this.isAsked(values) && this.data.stepper.covered) return "";
    const p = softmax(values, this.state.temperature);
    const best = p.indexOf(Math.max(...p));
    const leads = this.say("leads", { name: this.names()[best], p: readable(p[best]) });
    return step < ALL_COLUMNS ? leads : `${leads} ${this.lossName.textContent}${this.loss.textContent}`;
  }

  renew() {
    const before = this.state;
    super.renew();
    this.walkThrough(before);
    if (!before) return;
    this.root.classList.add("settling");
    clearTimeout(this.settled);
    this.settled = setTimeout(() => this.root.classList.remove("settling"), SETTLING);
  }

  // From scores to shares by way of the exponentials, which a beginner would never see otherwise.
  walkThrough(before) {
    const goTo = (step) => { this.change({ ...this.state, step }); this.tell.now(); };
    const goesOn = onTheWay.has(this.data.prefix) && this.state.step === EXPONENTIALS;
    this.stay();
    const begins = this.data.stepper && before?.step === SCORES && this.state.step === SHARES && this.data.stepper.least <= EXPONENTIALS;
    if (!begins && !goesOn) return;
    onTheWay.add(this.data.prefix);
    if (begins) goTo(EXPONENTIALS);
    this.walking = setTimeout(() => { this.stay(); goTo(SHARES); }, PASSING);
  }

  // The address says where the way ends, also to whoever reloads the page in the middle of it.
  addressed() { return super.addressed(onTheWay.has(this.data.prefix) ? { ...this.state, step: SHARES } : this.state); }

  // Whatever step is shown stays.
  stay() {
    clearTimeout(this.walking);
    onTheWay.delete(this.data.prefix);
  }

  // What a button elsewhere does here is to be seen.
  update(streamlit) {
    super.update(streamlit);
    const { look } = this.data.stepper ?? {};
    if (this.look !== null && look && look !== this.look) this.root.scrollIntoView({ block: "nearest", behavior: prefersReducedMotion() ? "instant" : "smooth" });
    this.look = look ?? null;
  }

  values() { return withShift(this.state); }

  // --- the DOM, made once
  build() {
    const part = (...how) => this.part(...how);
    part("lossName", "span"); part("loss", "strong"); part("slope", "span"); part("subtraction", "span");
    part("heads", "div", { role: "row" }); part("list", "div", { role: "rowgroup" }); part("sums", "div", { role: "row" });
    this.table = element("div", { class: "as-table", role: "table" }, this.heads, this.list, this.sums);
    this.stepper = createStepper({
      say: (key) => this.say(key), choose: (step) => { this.stay(); this.change({ ...this.state, step }); this.tell.now(); },
    });
    this.onebar = createShareBar((k) => this.color(k));
    const light = (event) => this.stepper.light(LIT.find(([where]) => event.target.closest(where))?.[1]);
    for (const type of ["pointerover", "focusin"]) this.root.addEventListener(type, light);
    for (const type of ["pointerleave", "focusout"]) this.root.addEventListener(type, () => this.stepper.light());
    const { temperature: [coldest, hottest], shift } = this.data.limits;
    const temperatureAt = (v) => Number((coldest * (hottest / coldest) ** v).toPrecision(2));
    this.t = this.slider("t", [0, 1, 0.005], "temperature", 1, temperatureAt);
    this.t.box.dataset.part = "temperature";
    this.c = this.slider("c", [...shift, 0.1], "shift", 0);
    this.root.append(
      this.stepper.nav,
      element("header", {}, element("p", { class: "headline" }, this.lossName, this.loss), this.slope, this.subtraction),
      this.table, this.onebar.node, this.message,
      element("div", { class: "tools" }, this.t.box, this.c.box, this.buildTools()),
    );
  }

  slider(style, [min, max, step], part, neutral, valueOf = (place) => place) {
    const label = element("span", { class: "what" });
    const output = element("span", { class: "amountnow" });
    const set = (value) => this.change({ ...this.state, [part]: value });
    const input = steadyRange(element("input", {
      type: "range", class: style, min, max, step, oninput: () => set(valueOf(Number(input.value))), ondblclick: () => set(neutral),
    }));
    const name = () => { label.textContent = this.say(part); input.setAttribute("aria-label", this.say(part)); };
    return { box: element("label", { class: "slider" }, label, input, output), name, input, output };
  }

  writeTexts() {
    super.writeTexts();
    const cell = (kind, content, label) => element("div", { class: `head ${kind}`, role: "columnheader", title: this.say(label) }, ...content);
    this.expHead = cell("exp", [], "exp_help");
    this.gapHead = cell("gap", [], "gap_help");
    this.guessName = element("span", { class: "guess-name" });
    this.heads.replaceChildren(
      cell("who", [this.say("class")], this.data.stepper ? "work_help" : "class_help"),
      cell("logit", [this.scale, element("span", { class: "over" }, math("z"))], "z_help"), this.expHead,
      cell("probability", [math("p"), this.guessName], "p_help"), cell("logp", ["log ", math("p")], "logp_help"),
      this.gapHead);
    this.onebar.label.textContent = this.say("one_bar");
    this.stepper.write();
    for (const slider of [this.t, this.c]) slider.name();
  }

  // --- every frame
  paint() {
    if (!this.state) return;
    this.matchRows(this.state.logits.length, (k) => createRow(k, this.port(k)));
    const { temperature, target } = this.state;
    const values = withShift(this.state);
    const names = this.names();
    const targets = targetsOf(this.state);
    const isLabel = targets[target] === 1;
    const { e, subtracted } = exponentialsOf(values, temperature);
    const step = this.step();
    const asked = this.isAsked(values);
    const covered = Boolean(asked && temperature === 1 && this.data.stepper.covered);
    const plain = Boolean(this.data.stepper?.plain);
    const now = {
      values, target, targets, names, limit: this.limit(), editing: this.editing,
      e, power: plain ? "z" : [...(temperature === 1 || !subtracted ? ["z"] : ["(z"]), subtracted ? " − max" : "", temperature === 1 || !subtracted ? "" : ")", temperature === 1 ? "" : " / T"].join(""),
      step, covered, plain, guess: asked ? this.data.stepper.guess : [], way: asked ? this.data.stepper.way : null, working: Boolean(this.data.stepper) && step < ALL_COLUMNS, probabilities: softmax(values, temperature),
      logs: logSoftmax(values, temperature), gaps: isLabel ? residual(values, target, temperature) : softResidual(values, targets, temperature),
    };
    this.rows.forEach(({ paint }) => paint(now));
    const loss = isLabel ? crossEntropy(values, target, temperature) : softCrossEntropy(values, targets, temperature);
    this.lossName.replaceChildren(math("L"), ...(isLabel
      ? [" = −log ", math("p"), element("sub", {}, names[target]), " = "]
      : [" = −Σ ", math("y"), " log ", math("p"), " = "]));
    this.loss.textContent = covered ? "?" : readable(loss, 4);
    this.slope.textContent = temperature === 1 ? "" : this.say("slope", { t: temperature });
    this.stepper.paint({ step, least: this.data.stepper?.least ?? ALL_COLUMNS, temperature });
    this.onebar.paint(now);
    this.subtraction.textContent = subtracted && !plain && step >= 2 && this.data.stepper ? this.say("subtracted") : "";
    this.root.classList.toggle("covered", covered);
    this.root.classList.toggle("stepped", Boolean(this.data.stepper));
    this.paintHeads(now, subtracted);
    this.paintTools();
    Object.assign(this.root.dataset, {
      logits: values.join(","), probabilities: now.probabilities.join(","), loss: String(loss),
      target: String(target), targets: targets.join(","), temperature: String(temperature),
      step: String(step), guess: now.guess.join(","),
    });
    this.announce();
  }

  paintHeads(now, subtracted) {
    this.paintScale(now.limit);
    this.expHead.replaceChildren(math("e"), element("sup", {}, now.power));
    this.expHead.title = this.say(subtracted && !now.plain ? "exp_less_help" : "exp_help");
    this.gapHead.replaceChildren(math("p"), " − ", math("y"));
    writeText(this.guessName, now.guess.length ? this.say("guess") : "");
    const total = now.e.reduce((a, b) => a + b, 0);
    const lse = element("span", { title: this.say("lse") }, "log Σ ", math("e"), element("sup", {}, math("z")),
      ` = ${readable(logsumexp(now.values))}`);
    const cell = (kind, ...content) => element("div", { class: kind, role: "cell" }, ...content);
    this.sums.replaceChildren(
      cell("lse", lse), cell("sumname", "Σ"),
      cell("number exp", now.plain ? "?" : readable(total)),
      cell("number probability", readable(now.probabilities.reduce((a, b) => a + b, 0))),
      cell("logp"), cell("number gap", readable(0)));
  }

  paintTools() {
    super.paintTools();
    const { temperature, shift } = this.state;
    const { temperature: [coldest, hottest] } = this.data.limits;
    const place = Math.log(temperature / coldest) / Math.log(hottest / coldest);
    if (this.root.getRootNode().activeElement !== this.t.input) this.t.input.value = place;
    this.c.input.value = shift;
    this.t.output.textContent = readable(temperature, 2);
    this.c.output.textContent = readable(shift, 1);
    this.t.input.setAttribute("aria-valuetext", String(temperature));
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, LogitBoard); }
