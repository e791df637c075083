// The text board: a typed sentence, its words, and what each of them adds to the logit of every class.
import { axisLimit } from "../logit_board/state.js";
import { Board } from "../shared/board.js";
import { createGuess } from "../shared/guess.js";
import { mountInstrument } from "../shared/instrument.js";
import { element, inkOn, math, unpacked, writeAttribute, writeStyle, writeText } from "../shared/live.js";
import { beyondText, readable, shareText } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";
import { crossEntropy, softmax } from "../shared/softmax.js";
import { stillOut, takeApart } from "./tokens.js";

const LEAST_LIMIT = 2; // of the axis
const roomOf = (word) => [...word].reduce((sum, letter) => sum + (letter > "\u2e80" ? 12 : 6.5), 4); // pixels

// The parameters in the address; a blank stands for a sentence without words, because an empty parameter says nothing.
const addressOf = ({ text, target, out }, standard) => ({
  text: text === standard.text ? null : text || " ",
  target: target === standard.target ? null : String(target),
  out: out.length ? out.join("~") : null,
});

// data: words, weights and idf (packed), bias, names, colors, covered (sentences whose numbers would answer an open question), prediction
// ({ k, text, of: the sentence } or null), examples ([[sentence, target], ...]), letters (the most), labels.
class TextBoard extends Board {
  constructor(streamlit) {
    super(streamlit, { instrument: "text-board", style: "textboard", parameters: addressOf });
    this.rows = [];
    this.chips = [];
    this.lit = null; // the place of the word under the pointer or with the focus
    this.next = 0; // of the examples
  }

  isCovered() { return this.data.covered.includes(this.state.text); }

  summary() {
    if (this.isCovered()) return "";
    const p = softmax(this.now.logits);
    const best = p.indexOf(Math.max(...p));
    return this.say("leads", { name: this.data.names[best], p: shareText(p[best]) });
  }

  // --- the DOM, made once
  build() {
    const tool = (onclick) => element("button", { class: "tool", type: "button", onclick });
    this.field = element("textarea", { class: "sentence", rows: 2, spellcheck: "false", dir: "auto", oninput: () => this.typed(this.field.value) });
    this.another = tool(() => this.showExample());
    this.reset = tool(() => this.change({ ...this.data.standard }));
    this.wordList = element("div", { class: "words", role: "group" });
    this.lossName = element("span");
    this.loss = element("strong");
    this.heads = ["class", "adds", "z", "p"].map((kind) => element("div", { class: `head ${kind}`, role: "columnheader" }, kind.length === 1 ? math(kind) : ""));
    this.list = element("div", { role: "rowgroup" });
    this.table = element("div", { class: "classes", role: "table" }, element("div", { class: "heads", role: "row" }, ...this.heads), this.list);
    this.told = element("p", { class: "told" });
    this.width = 0; // of the bars
    this.watchSize(this.list, () => { this.width = this.rows[0]?.stack.clientWidth ?? 0; this.repaint(); });
    this.root.dataset.part = "board";
    this.root.append(this.field, this.message, element("div", { class: "tools" }, this.another, this.reset, element("p", { class: "headline" }, this.lossName, this.loss)),
      element("div", { "data-part": "words" }, this.wordList, this.told, this.table));
  }

  typed(text) {
    const letters = [...text];
    const isCut = letters.length > this.data.letters;
    const taken = isCut ? letters.slice(0, this.data.letters).join("") : text;
    this.change({ ...this.state, text: taken, out: stillOut(this.now.words, taken) }, isCut ? this.say("cut", { count: this.data.letters }) : "");
  }

  showExample() {
    const { examples } = this.data;
    const [text, target] = examples[this.next % examples.length];
    this.next += 1;
    this.change({ text, target, out: [] });
  }

  leaveOut(i) {
    const { out } = this.state;
    this.change({ ...this.state, out: out.includes(i) ? out.filter((j) => j !== i) : [...out, i].sort((a, b) => a - b) });
  }

  // What belongs to word i is lit together; the bias is word -1.
  watched(node, i) {
    const light = (lit) => () => { this.lit = lit; this.repaint(); };
    for (const name of ["pointerenter", "focusin"]) node.addEventListener(name, light(i));
    for (const name of ["pointerleave", "focusout"]) node.addEventListener(name, light(null));
    return node;
  }

  createChip(i) {
    const label = element("span", { dir: "auto" });
    const sign = element("small");
    return { row: this.watched(element("button", { class: "chip", type: "button", onclick: () => this.leaveOut(i) }, label, sign), i), label, sign };
  }

  createPiece(i) { return { row: this.watched(element("div", { class: i < 0 ? "piece bias" : "piece" }), i) }; }

  createRow(k) {
    const color = this.color(k);
    const label = element("span", { class: "label" });
    const name = element("button", { class: "name", type: "button", onclick: () => this.change({ ...this.state, target: k }) }, markerPicture(k, color), label);
    const total = element("div", { class: "total" });
    const stack = element("div", { class: "stack", "aria-hidden": "true" }, element("div", { class: "zero" }), total);
    const guess = createGuess();
    const z = element("div", { class: "number z", role: "cell" });
    const amount = element("div", { class: "amount" });
    const p = element("div", { class: "number" });
    const row = element("div", { class: "row", role: "row", style: `--class-color: ${color}; --on-class: ${inkOn(color)}` },
      element("div", { class: "cell who", role: "rowheader" }, name, guess.node), element("div", { class: "cell adds", role: "cell" }, stack), z,
      element("div", { class: "cell p", role: "cell" }, element("div", { class: "bar" }, amount), p));
    return { row, name, label, stack, total, guess, z, amount, p, pieces: [] };
  }

  writeTexts() {
    for (const [node, key] of [[this.root, "board"], [this.field, "sentence"], [this.wordList, "words"], [this.table, "table"]]) writeAttribute(node, "aria-label", this.say(key));
    for (const [node, key] of [[this.another, "another"], [this.reset, "reset"], [this.heads[0], "class"], [this.heads[1], "adds"]]) writeText(node, this.say(key));
    writeAttribute(this.field, "placeholder", this.say("placeholder"));
  }

  // --- every frame
  paint() {
    const { names, bias } = this.data;
    const covered = this.isCovered();
    this.now = takeApart(this.state.text, this.state.out, this.model);
    const { words, logits } = this.now;
    if (this.field.value !== this.state.text) this.field.value = this.state.text;
    const probabilities = softmax(logits);
    const target = Math.min(this.state.target, names.length - 1);
    writeText(this.lossName, this.say("loss", { name: names[target] }));
    writeText(this.loss, covered ? "?" : readable(crossEntropy(logits, target)));
    this.paintWords(words);
    const limit = this.limit(words, bias);
    this.matchRows(names.length, (k) => this.createRow(k));
    this.rows.forEach((row, k) => this.paintRow(row, k, { words, z: logits[k], p: probabilities[k], isTarget: k === target, limit }));
    Object.assign(this.root.dataset, { text: this.state.text, words: words.length, logits: logits.join(), probabilities: probabilities.join(),
      known: words.map(({ row }) => Number(row !== undefined)).join("") });
  }

  // The model comes packed with everything else.
  receive(streamlit) {
    const isNew = super.receive(streamlit);
    const { words, weights, idf, bias } = this.data;
    this.model = { places: new Map(words.map((word, i) => [word, i])), weights: unpacked(weights, Float64Array), idf: idf && unpacked(idf, Float64Array), bias };
    return isNew;
  }

  // The end of the axis that holds every stack.
  limit(words, bias) {
    const sums = [1, -1].flatMap((sign) => bias.map((b, k) => words.reduce((sum, { parts }) => sum + Math.max(0, sign * parts[k]), Math.max(0, sign * b))));
    return axisLimit(sums, LEAST_LIMIT);
  }

  paintWords(words) {
    const { names } = this.data;
    const covered = this.isCovered();
    this.matchRows(words.length, (i) => this.createChip(i), this.chips, this.wordList);
    words.forEach(({ word, count, row, isOut, parts }, i) => {
      const { row: chip, label, sign } = this.chips[i];
      const isUnknown = row === undefined;
      writeText(label, word);
      writeText(sign, isUnknown ? "?" : count > 1 ? `×${count}` : "");
      const amounts = covered ? "?" : parts.map((part, k) => `${names[k]} ${part > 0 ? "+" : ""}${readable(part, 2)}`).join(", ");
      const about = isUnknown ? "unknown" : isOut ? "left_out" : "word";
      writeAttribute(chip, "aria-label", this.say(about, { word, amounts }));
      writeAttribute(chip, "aria-pressed", isOut);
      chip.classList.toggle("unknown", isUnknown);
      chip.classList.toggle("lit", i === this.lit);
    });
    const lit = this.chips[this.lit]?.row;
    const unknown = words.filter(({ row }) => row === undefined).length;
    const rest = !words.length ? "empty" : unknown === words.length ? "all_unknown" : unknown ? "some_unknown" : "hint";
    writeText(this.told, lit ? lit.getAttribute("aria-label") : this.say(rest, { count: unknown }));
  }

  paintRow(row, k, { words, z, p, isTarget, limit }) {
    const { names, bias, prediction } = this.data;
    const covered = this.isCovered();
    const { name, label, stack, total, guess, pieces } = row;
    writeText(label, names[k]);
    writeAttribute(name, "title", this.say("choose", { name: names[k] }));
    writeAttribute(name, "aria-pressed", isTarget);
    row.row.classList.toggle("target", isTarget);
    guess.paint(prediction?.k === k && prediction.of === this.state.text ? prediction : null);
    const shown = covered ? [] : [{ word: this.say("bias"), part: bias[k] }, ...words.map(({ word, parts }) => ({ word, part: parts[k] }))];
    this.matchRows(shown.length, (j) => this.createPiece(j - 1), pieces, stack);
    const ends = [0, 0]; // of what is stacked to the right and to the left
    shown.forEach(({ word, part }, j) => {
      const from = part > 0 ? ends[0] : ends[1] + part;
      ends[Number(part < 0)] += part;
      const piece = pieces[j].row;
      piece.hidden = !part;
      writeStyle(piece, "left", `${(50 + (50 * from) / limit).toFixed(3)}%`);
      writeStyle(piece, "width", `${((50 * Math.abs(part)) / limit).toFixed(3)}%`);
      writeText(piece, (this.width * Math.abs(part)) / limit / 2 > roomOf(word) ? word : "");
      writeAttribute(piece, "title", `${word} ${readable(part)}`);
      piece.classList.toggle("lit", j - 1 === this.lit);
    });
    total.hidden = covered;
    writeStyle(total, "left", `${50 + (50 * z) / limit}%`);
    writeText(row.z, covered ? "?" : readable(z, 2));
    writeStyle(row.amount, "transform", `scaleX(${covered ? 0 : p})`);
    writeText(row.p, covered ? "?" : shareText(p));
    writeAttribute(row.p, "title", covered ? "" : beyondText(p));
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, TextBoard); }
