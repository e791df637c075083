// Two distributions under the hand, and what it costs to believe one where the other is true, on every frame.
import { agreeing, evened, parametersOf, swapped, withMoved, withSymbol, withoutLast } from "./state.js";
import { createBars } from "./bars.js";
import { createSymbolRow } from "./row.js";
import { Board } from "../shared/board.js";
import { NATS_PER_BIT, costs, crossEntropyOf, divergenceOf, entropyOf, surprisalOf } from "../shared/information.js";
import { element, math, mountInstrument } from "../shared/live.js";
import { readable } from "../shared/numbers.js";

const AXIS_ENDS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24];

class DistributionBoard extends Board {
  constructor(host, streamlit) {
    super(streamlit, { instrument: "distribution-board", style: "board distributions", parameters: parametersOf });
    this.rows = [];
    this.anchor = null; // the distribution that the hand took hold of
    this.heldLimit = null; // the end of the axis while the hand drags, else the bars would move against it
    this.start(host);
  }

  // --- what rows and bars ask of the board
  share(side, k) { return this.state[side][k]; }

  hold(side, on) {
    this.anchor = on ? { side, shares: this.state[side] } : null;
    this.heldLimit = on ? this.limit(this.numbers()) : null;
    if (!on) this.tell.now();
    this.repaint();
  }

  setShare(side, k, share) {
    const from = this.anchor?.side === side ? this.anchor.shares : this.state[side];
    this.change(withMoved(this.state, side, from, k, share));
  }

  typed(side, k, text) {
    this.takeTyped(text, [0, 1], "not_a_share", (share) => this.change(withMoved(this.state, side, this.state[side], k, share)));
  }

  // --- the DOM, made once
  build() {
    const part = (name, tag = "div", attributes = {}) => (this[name] = element(tag, { class: name, ...attributes }));
    part("headline", "p"); part("heads"); part("list");
    this.bars = createBars(this);
    const tool = (name, change) =>
      (this[name] = element("button", { class: "tool", type: "button", onclick: () => this.change(change(this.state)) }));
    this.root.append(
      element("header", {}, this.headline, element("div", { class: "buttons" },
        tool("nats", (s) => ({ ...s, unit: "nats" })), tool("bits", (s) => ({ ...s, unit: "bits" })))),
      this.heads, this.list, this.message, this.bars.root,
      element("div", { class: "tools" }, element("div", { class: "buttons" },
        tool("agree", agreeing), tool("swap", swapped), tool("evenP", (s) => evened(s, "p")), tool("evenQ", (s) => evened(s, "q")),
        tool("add", (s) => withSymbol(s, this.data.limits.classes[1])), tool("less", (s) => withoutLast(s, this.data.limits.classes[0])), tool("reset", () => ({ ...this.data.standard })))));
  }

  writeTexts() {
    const cell = (label, ...content) => element("div", { class: "head", title: this.say(label) }, ...content);
    this.heads.replaceChildren(
      cell("symbol_help", this.say("symbol")), cell("p_help", math("P"), ` ${this.say("truth")}`), cell("q_help", math("Q"), ` ${this.say("belief")}`),
      cell("surprise_help", "−log ", math("q")), cell("cost_help", math("p"), " · (−log ", math("q"), ")"));
    for (const name of ["nats", "bits", "agree", "swap", "evenP", "evenQ", "add", "less", "reset"]) this[name].textContent = this.say(name);
    this.root.setAttribute("aria-label", this.say("board"));
    this.rows.forEach(({ name }, k) => name(this.data.names[k]));
  }

  matchRows() {
    const count = this.state.p.length;
    while (this.rows.length > count) this.rows.pop().row.remove();
    while (this.rows.length < count) {
      const k = this.rows.length;
      const next = createSymbolRow(k, this);
      next.name(this.data.names[k]);
      this.root.style.setProperty(`--class-${k}`, this.color(k));
      this.rows.push(next);
      this.list.append(next.row);
    }
  }

  // --- every frame
  numbers() {
    const { p, q, unit } = this.state;
    const scale = unit === "bits" ? 1 / NATS_PER_BIT : 1;
    const scaled = (values) => values.map((x) => x * scale);
    return {
      p, q, surprisals: scaled(q.map(surprisalOf)), costs: scaled(costs(p, q)), own: scaled(costs(p, p)), ownBack: scaled(costs(q, q)),
      entropy: entropyOf(p) * scale, cross: crossEntropyOf(p, q) * scale, kl: divergenceOf(p, q) * scale, back: divergenceOf(q, p) * scale,
      backEntropy: entropyOf(q) * scale,
    };
  }

  // The end of the bars' axis.
  limit(now) {
    const longest = Math.max(...[now.cross, now.backEntropy + now.back].filter(Number.isFinite), now.entropy);
    return this.heldLimit ?? AXIS_ENDS.find((edge) => edge >= longest) ?? AXIS_ENDS.at(-1);
  }

  paint() {
    if (!this.state) return;
    this.matchRows();
    const now = this.numbers();
    now.limit = this.limit(now);
    this.rows.forEach(({ paint }) => paint(now));
    this.bars.paint(now);
    const { unit } = this.state;
    const of = (name, value) => element("span", { class: "measure" }, ...name, " = ", element("output", { class: "loss" }, readable(value)));
    this.headline.replaceChildren(of([math("H"), "(", math("P"), ")"], now.entropy), of([math("H"), "(", math("P"), ", ", math("Q"), ")"], now.cross),
      of(["KL(", math("P"), " ‖ ", math("Q"), ")"], now.kl), ` ${this.say(unit)}`);
    for (const name of ["nats", "bits"]) this[name].setAttribute("aria-pressed", unit === name);
    const [fewest, most] = this.data.limits.classes;
    this.add.disabled = now.p.length >= most;
    this.less.disabled = now.p.length <= fewest;
    Object.assign(this.root.dataset, {
      p: now.p.join(","), q: now.q.join(","), unit, entropy: String(now.entropy), crossEntropy: String(now.cross), kl: String(now.kl),
      klBack: String(now.back),
    });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, DistributionBoard); }
