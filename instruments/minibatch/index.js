// A minibatch: X times W plus b is Z, each cell of Z made of one row and one column, term by term.
import { Board } from "../shared/board.js";
import { prefersReducedMotion } from "../shared/motion.js";
import { mountInstrument } from "../shared/instrument.js";
import { element, math, writeAttribute, writeText } from "../shared/live.js";
import { percent, readable, signed } from "../shared/numbers.js";
import { steadyRange, withModifier } from "../shared/press.js";
import { addressOf, cellAfter, productOf, readingsOf } from "./product.js";

const BEAT = 450; // milliseconds from one term of a sum to the next
const SLOW_SUMS = 3; // so many are made slowly, and the others in a quarter of the time

// data: X, y, W, b; names, colors; labels. Python draws the pictures for state.n and state.seed.
class Minibatch extends Board {
  constructor(streamlit) {
    super(streamlit, { instrument: "minibatch", style: "minibatch", parameters: addressOf });
    this.beat = null; // while a sum is made: how many of its terms stand; null: all
    this.timer = 0;
    this.playing = false;
    this.sums = 0; // made since Play
    this.built = ""; // the shape that the matrices were built for
    this.parts.push({ cancel: () => clearTimeout(this.timer) });
  }

  build() {
    this.play = element("button", { class: "tool play", type: "button", "data-key": "Space", onclick: () => (this.playing ? this.stop() : this.begin()) });
    this.step = element("button", { class: "tool", type: "button", "data-key": "ArrowRight", onclick: () => this.advance() });
    this.count = steadyRange(element("input", { type: "range", min: this.data.limits.n[0], max: this.data.limits.n[1], step: 1 }));
    this.count.addEventListener("input", () => this.go({ n: Number(this.count.value) }));
    this.countName = element("span");
    this.countOut = element("output");
    this.seed = element("input", { class: "seed", inputmode: "numeric" });
    this.seed.addEventListener("change", () => this.takeTyped(this.seed.value, this.data.limits.seed, "not_a_seed", (x) => this.go({ seed: Math.round(x) })));
    this.seedName = element("span");
    this.another = element("button", { class: "tool", type: "button", onclick: () => this.go({ seed: (this.state.seed + 1) % (this.data.limits.seed[1] + 1) }) });
    this.matrices = element("div", { class: "matrices" });
    this.sum = element("p", { class: "sum" });
    this.accuracy = element("p", { class: "accuracy" });
    this.root.append(
      element("div", { class: "bar" }, this.play, this.step, element("label", {}, this.countName, this.count, this.countOut),
        element("label", {}, this.seedName, this.seed), this.another),
      this.matrices, element("div", { class: "result" }, this.sum, this.accuracy), this.message);
  }

  // --- what the learner does
  go(change) { this.stop(); this.change({ ...this.state, ...change }); }

  begin() {
    this.playing = true;
    this.sums = 0;
    this.beat = 0;
    this.tick();
  }

  stop() {
    clearTimeout(this.timer);
    this.playing = false;
    this.beat = null;
    this.repaint();
  }

  // One beat: the next term, or the next cell when the sum is complete. Where motion is not wanted a press shows one step.
  tick() {
    clearTimeout(this.timer);
    this.repaint();
    if (!this.playing) return;
    const pause = this.sums < SLOW_SUMS ? BEAT : BEAT / 4;
    this.timer = setTimeout(() => { this.advanceBeat(); this.tick(); }, this.beat > this.data.W.length ? 2 * pause : pause);
  }

  advanceBeat() {
    if (this.beat !== null && this.beat <= this.data.W.length) { this.beat += 1; return; }
    const { row, column } = this.cell();
    const next = cellAfter({ row, column }, this.data.X.length, this.data.b.length);
    if (next.row === 1 && next.column === 0 && this.playing) { this.stop(); return; } // once through the whole product
    this.beat = 0;
    this.sums += 1;
    this.change({ ...this.state, ...next });
  }

  // Arrow keys go from cell to cell of Z.
  walk(event) {
    const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [0, 0];
    if ((!down && !right) || withModifier(event)) return;
    event.preventDefault();
    const { row, column } = this.cell();
    const [r, c] = [Math.max(1, Math.min(this.data.X.length, row + down)), Math.max(0, Math.min(this.data.b.length - 1, column + right))];
    this.go({ row: r, column: c });
    this.cells.Z[r - 1][c].firstChild.focus();
  }

  advance() {
    clearTimeout(this.timer);
    this.playing = false;
    if (this.beat === null) this.beat = 0;
    this.advanceBeat();
    this.repaint();
  }

  cell() { return { row: Math.min(this.state.row, this.data.X.length), column: this.state.column }; }

  // --- the matrices
  writeTexts() {
    writeAttribute(this.root, "aria-label", this.say("minibatch"));
    for (const [node, key] of [[this.step, "step"], [this.countName, "n"], [this.seedName, "seed"], [this.another, "another"]]) writeText(node, this.say(key));
    writeAttribute(this.seed, "aria-label", this.say("seed"));
  }

  rebuild() {
    const { X, W, b, names, colors } = this.data;
    const shape = [X.length, W.length, b.length, names.join(), this.say("prediction")].join();
    if (shape === this.built) return;
    this.built = shape;
    const heads = (texts) => element("tr", {}, ...texts.map((text, k) => element("th", { scope: "col", style: `--class-color: ${colors[k]}` }, text)));
    // The colours are enough for the eye where the columns are narrow.
    const bare = () => names.map((name) => element("span", {}, "\u00a0", element("span", { class: "spoken" }, name)));
    this.cells = {};
    const matrix = (name, size, rows, columns, top, make = () => element("td")) => {
      this.cells[name] = Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_x, k) => make(i, k)));
      return element("figure", { class: `of-${name}` }, element("figcaption", {}, math(name), ` ${size}`),
        element("table", { "aria-label": `${name}, ${size}` }, top, ...this.cells[name].map((line) => element("tr", {}, ...line))));
    };
    const [n, d, classes] = [X.length, W.length, b.length];
    const plain = () => element("tr", {}, element("td", { class: "plain" }, "\u00a0"));
    const sign = (text) => element("span", { class: "sign", "aria-hidden": "true" }, text);
    const choose = (i, k) => element("td", {}, element("button", { type: "button", class: "cell", onclick: () => this.go({ row: i + 1, column: k }), onkeydown: (event) => this.walk(event) }));
    this.answers = Array.from({ length: n }, () => element("tr", {}, element("td"), element("td")));
    this.matrices.replaceChildren(
      matrix("X", `${n} × ${d}`, n, d, plain()), sign("·"), matrix("W", `${d} × ${classes}`, d, classes, heads(bare())), sign("+"),
      matrix("b", `1 × ${classes}`, 1, classes, heads(bare())), sign("="), matrix("Z", `${n} × ${classes}`, n, classes, heads(names), choose),
      sign("→"), matrix("P", `${n} × ${classes}`, n, classes, heads(names)),
      element("figure", { class: "answers" }, element("figcaption", {}, "\u00a0"), element("table", {},
        element("tr", {}, element("th", { class: "plain", scope: "col" }, this.say("prediction")), element("th", { class: "plain", scope: "col" }, this.say("truth"))), ...this.answers)));
  }

  paint() {
    if (!this.state || !this.data.X) return;
    this.rebuild();
    const { X, y, W, b, names } = this.data;
    const Z = productOf(X, W, b);
    const readings = readingsOf(Z, y);
    const { row, column } = this.cell();
    const [i, k, d] = [row - 1, column, W.length];
    const beat = this.beat ?? d + 2; // 1..d: so many products stand; d + 1: the bias too; d + 2: and the total
    const fill = (name, value) => this.cells[name].forEach((line, r) => line.forEach((node, c) => writeText(node, value(r, c))));
    fill("X", (r, c) => readable(X[r][c], 2));
    fill("W", (r, c) => readable(W[r][c], 2));
    fill("b", (_r, c) => readable(b[c], 2));
    fill("P", (r, c) => readings[r].p[c].toFixed(2));
    this.cells.Z.forEach((line, r) => line.forEach((node, c) => {
      const waits = r === i && c === k && beat <= d;
      writeText(node.firstChild, waits ? "…" : readable(Z[r][c], 2));
      writeAttribute(node.firstChild, "aria-label", this.say("cell", { row: r + 1, name: names[c] }));
      writeAttribute(node.firstChild, "aria-pressed", r === i && c === k);
      writeAttribute(node.firstChild, "tabindex", r === i && c === k ? 0 : -1); // one of them is on the way of Tab: from it arrows lead on
    }));
    const mark = (name, on) => this.cells[name].forEach((line, r) => line.forEach((node, c) => writeAttribute(node, "class", on(r, c))));
    const lit = (there, now) => (there ? (now ? "on now" : "on") : "");
    mark("X", (r, c) => lit(r === i, this.beat !== null && c === this.beat - 1));
    mark("W", (r, c) => lit(c === k, this.beat !== null && r === this.beat - 1));
    mark("b", (_r, c) => lit(c === k, this.beat === d + 1));
    mark("Z", (r, c) => lit(r === i && c === k, false));
    this.answers.forEach((line, r) => {
      const { prediction, right } = readings[r];
      writeAttribute(line, "class", right ? "right" : "wrong");
      [prediction === null ? this.say("tie") : names[prediction], `${right ? "✓" : "✗"} ${names[y[r]]}`].forEach((text, at) => writeText(line.children[at], text));
    });
    this.paintSum(Z, [i, k], beat);
    this.paintBar(readings);
    Object.assign(this.root.dataset, { cell: `${row},${column}`, beat: this.beat === null ? "" : String(this.beat),
      playing: String(this.playing), z: Z.flat().join(","), p: readings.flatMap(({ p }) => p).join(",") });
  }

  paintSum(Z, [i, k], beat) {
    const { X, W, b } = this.data;
    const parts = W.map((line, j) => `${readable(X[i][j], 2)}·${signed(line[k])}`).concat(signed(b[k]));
    const now = this.beat === null ? -1 : this.beat - 1;
    const pieces = parts.map((text, j) => element("span", { class: j === now ? "on" : j < beat ? "" : "later" }, `${j ? " + " : ""}${text}`));
    writeAttribute(this.sum, "aria-live", this.playing ? "off" : "polite");
    const sub = (text) => element("sub", {}, text);
    this.sum.replaceChildren(math("z"), sub(`${i + 1},${k + 1}`), " = ", ...pieces, " = ", element("b", {}, beat > W.length ? readable(Z[i][k], 2) : "…"));
  }

  paintBar(readings) {
    const right = readings.filter((reading) => reading.right).length;
    writeText(this.accuracy, this.say("accuracy", { right, n: readings.length, share: percent(right / readings.length) }));
    writeText(this.play, this.say(this.playing ? "pause" : "play"));
    this.play.hidden = prefersReducedMotion();
    if (this.count.value !== String(this.state.n)) this.count.value = this.state.n;
    writeText(this.countOut, String(this.state.n));
    if (this.seed !== (this.seed.getRootNode().activeElement) || this.seed.dataset.seed !== String(this.state.seed)) this.seed.value = this.state.seed;
    this.seed.dataset.seed = this.state.seed;
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, Minibatch); }
