// Two distributions under the hand, and what it costs to believe one where the other is true, on every frame.
import {
  MOST_SYMBOLS, addressOfPair, agreeing, evened, swapped, withMoved, withSymbol, withoutLast,
} from "./state.js";
import { createBars } from "./bars.js";
import { createSymbolRow } from "./row.js";
import { NATS_PER_BIT, costs, crossEntropyOf, divergenceOf, entropyOf, surprisalOf } from "../shared/information.js";
import { addressWriter, element, fill, math, oncePerFrame, readable, sparingly, typedNumber } from "../shared/live.js";

const LIMITS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24];

class DistributionBoard {
  constructor(host, streamlit) {
    this.root = element("section", { class: "board pair", "data-instrument": "distribution-board" });
    this.rows = [];
    this.revision = null;
    this.anchor = null;
    this.heldLimit = null;
    this.repaint = oncePerFrame(() => this.paint());
    this.tell = sparingly((state) => this.streamlit.setStateValue("state", { ...state, revision: this.revision }));
    this.address = addressWriter();
    this.build();
    this.update(streamlit);
    host.append(this.root);
  }

  // Streamlit calls this after every rerun; the state is taken only when Python means to change it.
  update(streamlit) {
    this.streamlit = streamlit;
    this.data = streamlit.data;
    if (this.data.revision !== this.revision) {
      this.revision = this.data.revision;
      this.state = this.data.state;
      this.tell.cancel();
      this.address.now(addressOfPair(this.state, this.data.prefix, this.data.standard));
    }
    this.nameParts();
    this.paint();
  }

  destroy() {
    this.repaint.cancel();
    this.tell.cancel();
    this.address.cancel();
    this.root.remove();
  }

  // --- what rows and bars ask of the board
  say(key, values = {}) { return fill(this.data.labels[key], values); }
  color(k) { return this.data.colors[k % this.data.colors.length]; }
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
    const value = typedNumber(text);
    if (value === null || value < 0 || value > 1) this.change(this.state, this.say("not_a_share", { text: text.slice(0, 40) }));
    else this.change(withMoved(this.state, side, this.state[side], k, value));
  }

  change(state, message = "") {
    this.state = state;
    this.message.textContent = message;
    this.tell(state);
    this.address(addressOfPair(state, this.data.prefix, this.data.standard));
    this.repaint();
  }

  // --- the DOM, made once
  build() {
    const part = (name, tag = "div", attributes = {}) => (this[name] = element(tag, { class: name, ...attributes }));
    part("headline", "p"); part("heads"); part("list");
    part("message", "p", { role: "status", "aria-live": "polite" });
    this.bars = createBars(this);
    const tool = (name, change) =>
      (this[name] = element("button", { class: "tool", type: "button", onclick: () => this.change(change(this.state)) }));
    this.root.append(
      element("header", {}, this.headline, element("div", { class: "buttons" },
        tool("nats", (s) => ({ ...s, unit: "nats" })), tool("bits", (s) => ({ ...s, unit: "bits" })))),
      this.heads, this.list, this.message, this.bars.root,
      element("div", { class: "tools" }, element("div", { class: "buttons" },
        tool("agree", agreeing), tool("swap", swapped), tool("evenP", (s) => evened(s, "p")), tool("evenQ", (s) => evened(s, "q")),
        tool("add", withSymbol), tool("less", withoutLast), tool("reset", () => ({ ...this.data.standard })))));
  }

  // Texts come from Python in the reader's language; they change when the language does.
  nameParts() {
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

  // The end of the bars' axis; it stands still while the hand drags, else the bars would move against it.
  limit(now) {
    const longest = Math.max(...[now.cross, now.backEntropy + now.back].filter(Number.isFinite), now.entropy);
    return this.heldLimit ?? LIMITS.find((edge) => edge >= longest) ?? LIMITS.at(-1);
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
    this.add.disabled = now.p.length >= MOST_SYMBOLS;
    this.less.disabled = now.p.length <= 2;
    Object.assign(this.root.dataset, {
      p: now.p.join(","), q: now.q.join(","), unit, entropy: String(now.entropy), crossEntropy: String(now.cross), kl: String(now.kl),
      klBack: String(now.back),
    });
  }
}

export default function mount(streamlit) {
  const host = streamlit.parentElement;
  if (host.distributionBoard) host.distributionBoard.update(streamlit);
  else host.distributionBoard = new DistributionBoard(host, streamlit);
  return () => { host.distributionBoard?.destroy(); host.distributionBoard = null; };
}
