// Two distributions that can be dragged, and what it costs to believe one where the other is true, on every frame.
import { Board } from "../shared/board.js";
import { createShareTrack } from "../shared/drag.js";
import { createGuess } from "../shared/guess.js";
import { NATS_PER_BIT, costs, crossEntropyOf, divergenceOf, entropyOf, surprisalOf } from "../shared/information.js";
import { mountInstrument } from "../shared/instrument.js";
import { element, math } from "../shared/live.js";
import { agreeing, readable } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";
import { uniform, withOneMore, withShare, withoutShare } from "../shared/shares.js";

const VIEWS = ["p", "q", "kl"];
const logOf = (unit) => (unit === "bits" ? "log₂" : "log");
const believer = (view) => (view === "p" ? "p" : "q"); // whose surprise the columns show
const AXIS_ENDS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24];

// --- how the state is changed
// side is "p" or "q"; `from` is the distribution when the drag began.
const withMoved = (state, side, from, k, share) => ({ ...state, [side]: withShare(from, k, share) });

function withSymbol(state, most) {
  if (state.p.length >= most) return state;
  return { ...state, p: withOneMore(state.p), q: withOneMore(state.q) };
}

function withoutLast(state, fewest) {
  if (state.p.length <= fewest) return state;
  const last = state.p.length - 1;
  return { ...state, p: withoutShare(state.p, last), q: withoutShare(state.q, last) };
}

const swapped = (state) => ({ ...state, p: state.q, q: state.p });

const believingTruth = (state) => ({ ...state, q: state.p });

const evened = (state, side) => ({ ...state, [side]: uniform(state.p.length) });

// The state for the address; what is at its standard is left out. Python reads it in ui/widgets/distribution_board.py.
function parametersOf(state, standard) {
  const [p, q] = [state.p.join("~"), state.q.join("~")];
  const same = p === standard.p.join("~") && q === standard.q.join("~");
  return { p: same ? null : p, q: same ? null : q, unit: state.unit === standard.unit ? null : state.unit };
}

// data.view: "p" shows P alone, "q" shows Q and the cross-entropy too, "kl" the divergence in both directions as well.
// data.prediction: { places, text }, what the learner predicted of the surprise of a symbol (its index), of "entropy", of "kl" or
// of "back", the divergence the other way round; or null.
class DistributionBoard extends Board {
  constructor(streamlit) {
    super(streamlit, { instrument: "distribution-board", style: "board distributions", parameters: parametersOf });
    this.rows = [];
    this.headed = ""; // what the heads were written for
    this.anchor = null; // the distribution when a drag began
    this.dragLimit = null; // the end of the axis when a drag began: it stays, or the bars would move under the pointer
  }

  hold(side, on) {
    this.anchor = on ? { side, shares: this.state[side] } : null;
    this.dragLimit = on ? this.limit(this.numbers()) : null;
    if (!on) this.tell.now();
    this.repaint();
    return on ? this.kept() : null;
  }

  // The share of symbol k on one side, as its row sees it.
  port(side, k) {
    const move = (from, share) => this.change(withMoved(this.state, side, from, k, share));
    return {
      read: () => this.state[side][k], hold: (on) => this.hold(side, on),
      set: (share) => move(this.anchor?.side === side ? this.anchor.shares : this.state[side], share),
      typed: (text) => this.takeTyped(text, [0, 1], "not_a_share", (share) => move(this.state[side], share)),
    };
  }

  summary() { return [...this.headline.querySelectorAll(".measure")].map(({ textContent }) => textContent).join(", "); }

  // --- the DOM, made once
  build() {
    const part = (...how) => this.part(...how);
    part("headline", "p"); part("heads", "div", { role: "row" }); part("list", "div", { role: "rowgroup" });
    this.table = element("div", { class: "as-table", role: "table" }, this.heads, this.list);
    this.bars = createBars((key, values) => this.say(key, values));
    this.guess = createGuess();
    const tool = (name, change, style = "") =>
      (this[name] = element("button", { class: `tool ${style}`, type: "button", onclick: () => this.change(change(this.state)) }));
    this.root.append(
      element("header", {}, this.headline, element("div", { class: "buttons" },
        tool("nats", (s) => ({ ...s, unit: "nats" })), tool("bits", (s) => ({ ...s, unit: "bits" })))),
      this.table, this.message, this.bars.root,
      element("div", { class: "tools" }, element("div", { class: "buttons" },
        tool("agree", believingTruth, "q-only"), tool("swap", swapped, "q-only"), tool("evenP", (s) => evened(s, "p")), tool("evenQ", (s) => evened(s, "q"), "q-only"),
        tool("add", (s) => withSymbol(s, this.data.limits.classes[1])), tool("less", (s) => withoutLast(s, this.data.limits.classes[0])), tool("reset", () => ({ ...this.data.standard })))));
  }

  writeTexts() {
    for (const name of ["nats", "bits", "agree", "swap", "evenP", "evenQ", "add", "less", "reset"]) this[name].textContent = this.say(name);
    for (const node of [this.root, this.table]) node.setAttribute("aria-label", this.say("board"));
    this.rows.forEach(({ name }, k) => name(this.data.names[k]));
  }

  paintHeads() {
    const { view } = this.data;
    const log = logOf(this.state.unit);
    const letter = believer(view);
    const key = [view, log, ...["symbol", "truth", "belief"].map((name) => this.say(name))].join();
    if (key === this.headed) return;
    this.headed = key;
    const cell = (name, label, ...content) => element("div", { class: `head ${name}`, role: "columnheader", title: this.say(label) }, ...content);
    this.heads.replaceChildren(
      cell("of-symbol", "symbol_help", this.say("symbol")), cell("of-p", "p_help", math("P"), ` ${this.say("truth")}`), cell("of-q", "q_help", math("Q"), ` ${this.say("belief")}`),
      cell("of-surprise", view === "p" ? "own_surprise_help" : "surprise_help", `−${log} `, math(letter)),
      cell("of-cost", view === "p" ? "own_cost_help" : "cost_help", math("p"), ` · (−${log} `, math(letter), ")"));
    this.rows.forEach(({ head }) => head(log, letter));
    for (const name of VIEWS) this.root.classList.toggle(`view-${name}`, name === view);
  }

  createRow(k) {
    const row = createSymbolRow(k, { color: this.color(k), say: (key, values) => this.say(key, values), side: (name) => this.port(name, k) });
    row.name(this.data.names[k]);
    this.root.style.setProperty(`--class-${k}`, this.color(k));
    row.head(logOf(this.state.unit), believer(this.data.view));
    return row;
  }

  // --- every frame
  numbers() {
    const { p, q, unit } = this.state;
    const scale = unit === "bits" ? 1 / NATS_PER_BIT : 1;
    const scaled = (values) => values.map((x) => x * scale);
    const believed = this.data.view === "p" ? p : q; // where P stands alone, it is believed as well
    return {
      p, q, surprisals: scaled(believed.map(surprisalOf)), paid: scaled(costs(p, believed)), costs: scaled(costs(p, q)), entropyParts: scaled(costs(p, p)), backParts: scaled(costs(q, q)),
      entropy: entropyOf(p) * scale, cross: crossEntropyOf(p, q) * scale, kl: divergenceOf(p, q) * scale, back: divergenceOf(q, p) * scale,
      backEntropy: entropyOf(q) * scale,
    };
  }

  // The end of the bars' axis.
  limit(now) {
    const longest = Math.max(...[now.cross, now.backEntropy + now.back].filter(Number.isFinite), now.entropy);
    return this.dragLimit ?? AXIS_ENDS.find((edge) => edge >= longest) ?? AXIS_ENDS.at(-1);
  }

  paint() {
    if (!this.state) return;
    this.matchRows(this.state.p.length, (k) => this.createRow(k));
    const now = this.numbers();
    now.limit = this.limit(now);
    const { prediction } = this.data;
    now.guess = (place) => (prediction?.places.includes(place) ? { text: prediction.text } : null);
    this.guess.paint(now.guess("entropy"));
    this.rows.forEach(({ paint }) => paint(now));
    this.paintHeads();
    this.bars.paint(now, this.data.view);
    const { unit } = this.state;
    const { view } = this.data;
    const of = (name, value) => element("span", { class: "measure" }, ...name, " = ", element("span", { class: "loss" }, readable(value)));
    const measures = [of([math("H"), "(", math("P"), ")"], now.entropy), of([math("H"), "(", math("P"), ", ", math("Q"), ")"], now.cross),
      of(["KL(", math("P"), " ‖ ", math("Q"), ")"], now.kl)];
    this.headline.replaceChildren(...measures.slice(0, VIEWS.indexOf(view) + 1), ` ${this.say(unit)}`, this.guess.node);
    for (const name of ["nats", "bits"]) this[name].setAttribute("aria-pressed", unit === name);
    const [fewest, most] = this.data.limits.classes;
    this.add.disabled = now.p.length >= most;
    this.less.disabled = now.p.length <= fewest;
    Object.assign(this.root.dataset, {
      p: now.p.join(","), q: now.q.join(","), unit, entropy: String(now.entropy), crossEntropy: String(now.cross), kl: String(now.kl),
      klBack: String(now.back), view,
    });
  }
}

// One symbol: p and q on their tracks, its surprisal and what it costs on average.
// say(key, values); side(name) is { read(), set(share), hold(on), typed(text) } of p or q.
function createSymbolRow(k, { color, say, side }) {
  const label = element("span", { class: "label" });
  const sides = Object.fromEntries(["p", "q"].map((name) => [name, createShareTrack(
    name, { cell: `share-${name}`, fill: name === "p" ? "share full" : "share", handle: `handle ${name}-handle` }, side(name),
  )]));
  const surprise = document.createTextNode("");
  const guess = createGuess();
  const cost = document.createTextNode("");
  const shortSurprise = element("span", { class: "short" });
  const shortCost = element("span", { class: "short" });
  const row = element("div", { class: "row", role: "row", style: `--class-color: ${color}` },
    element("div", { class: "cell who", role: "rowheader" }, element("span", { class: "symbol" }, markerPicture(k, color), label)),
    sides.p.cell, sides.q.cell,
    element("div", { class: "number surprise", role: "cell" }, shortSurprise, surprise, guess.node), element("div", { class: "number cost", role: "cell" }, shortCost, cost));
  const head = (log, letter) => {
    shortSurprise.replaceChildren(`−${log} `, math(letter));
    shortCost.replaceChildren(math("p"), `·(−${log} `, math(letter), ")");
  };
  const paint = (now) => {
    for (const [letter, track] of Object.entries(sides)) track.paint(now[letter][k]);
    surprise.data = readable(now.surprisals[k]);
    guess.paint(now.guess(k));
    cost.data = readable(now.paid[k]);
  };
  const name = (text) => {
    label.textContent = text;
    row.setAttribute("aria-label", text);
    for (const [letter, track] of Object.entries(sides)) {
      track.name(say(`share_${letter}`, { name: text }), say(`exact_${letter}`, { name: text }));
    }
  };
  return { row, paint, name, head };
}

// H(P), KL and H(P, Q) as stacked bars over one axis: the two bars are always equally long.
function createBars(say) {
  const bars = { sum: createBar(), cross: createBar(), back: createBar() };
  const [own, gapLabel] = [element("span"), element("span", { class: "gaplabel" })];
  const labels = { sum: element("span", {}, own, gapLabel), cross: element("span"), back: element("span") };
  const line = (name) => element("div", { class: `line ${name}` }, labels[name], bars[name].node, bars[name].total);
  const [note, otherWay] = [element("p", { class: "equal" }), element("p", { class: "equal back" })];
  const root = element("div", { class: "bars" }, line("sum"), line("cross"), note, line("back"), otherWay);
  const of = (a, b) => ["(", math(a), ...(b ? [", ", math(b)] : []), ")"];
  const kl = (a, b) => [element("span", { class: "gapname" }, "KL"), "(", math(a), " ‖ ", math(b), ")"];
  own.append(math("H"), ...of("P"));
  gapLabel.append(" + ", ...kl("P", "Q"));
  labels.cross.append(math("H"), ...of("P", "Q"));
  labels.back.append(math("H"), ...of("Q"), " + ", ...kl("Q", "P"));

  const paint = (now, view) => {
    const { limit } = now;
    bars.sum.paint(now.entropyParts, view === "kl" ? now.kl : 0, limit);
    bars.cross.paint(now.costs, 0, limit);
    bars.back.paint(now.backParts, now.back, limit);
    for (const [name, place] of [["sum", "kl"], ["back", "back"]]) bars[name].guess.paint(now.guess(place));
    const digits = agreeing(now.entropy, now.kl, now.cross);
    const [own, more, all] = [now.entropy, now.kl, now.cross].map((x) => readable(x, digits));
    const sum = view === "kl" ? `${say("sum", { sum: `${own} + ${more} = ${all}` })} ` : "";
    const words = view === "kl" ? "bars" : "bars_of_two";
    note.replaceChildren(sum, say(Number.isFinite(now.kl) ? words : "forbidden"));
    otherWay.textContent = say("other_way");
  };
  return { root, paint };
}

// A bar of one segment per symbol, and a hatched one for the divergence behind them.
function createBar() {
  const node = element("div", { class: "stack" });
  const total = element("span", { class: "number" });
  const gap = element("div", { class: "segment gap-segment" });
  const guess = createGuess();
  let segments = [];
  const paint = (parts, extra, limit) => {
    while (segments.length > parts.length) segments.pop().remove();
    while (segments.length < parts.length) {
      const next = element("div", { class: "segment" });
      next.style.background = `var(--class-${segments.length})`;
      segments.push(next);
    }
    node.replaceChildren(...segments, gap, guess.node);
    parts.forEach((part, k) => { segments[k].style.width = `${widthOf(part, limit)}%`; });
    gap.style.width = `${widthOf(extra, limit)}%`;
    const sum = parts.reduce((a, b) => a + b, extra);
    node.classList.toggle("endless", !Number.isFinite(sum));
    total.textContent = readable(sum);
  };
  return { node, total, guess, paint };
}

const widthOf = (value, limit) => Math.min(100, (100 * value) / limit);

export default function mount(streamlit) { return mountInstrument(streamlit, DistributionBoard); }
