// The pixel pad: strokes are drawn, and on every frame a linear model classifies them.
import { Board } from "../shared/board.js";
import { createGuess } from "../shared/guess.js";
import { mountInstrument } from "../shared/instrument.js";
import { highlightOnHover, onHighlight } from "../shared/highlight.js";
import { element, math, unpacked, pointsPerPixel, writeStyle } from "../shared/live.js";
import { readable, shareText } from "../shared/numbers.js";
import { paintInk, paintSigned, pictureTheme } from "../shared/pictures.js";
import { listenToPresses, withModifier } from "../shared/press.js";
import { onGrid, packStrokes, simplified, unpackStrokes } from "./packing.js";
import { drawStrokes } from "./strokes.js";
import { argmax, softmax } from "../shared/softmax.js";

const CLOSE = 0.004; // of the width of the pad: points nearer than this add nothing
const STRAIGHT = 0.003; // points this near to a straight line are left out when the pen is lifted
const MOST_POINTS = 4000; // of a drawing: more would slow the page down

// Across and down no longer than a dot may be, as ui/images/challenges.py judges it.
function isDot(stroke, longest) {
  const extent = (axis) => Math.max(...stroke.map((point) => point[axis])) - Math.min(...stroke.map((point) => point[axis]));
  return Math.hypot(extent(0), extent(1)) <= longest;
}

// data: model (names the weights: another text makes the pad take the new ones), weights (d x K, the pixels line by line) and biases, packed;
// form: the size of the images and how a drawing is fitted into them; trained: whether the weights are more than zeros; prediction:
// { k, from, way, text }, where p of one class was predicted to go, or null; dot, longest, names, colors, scales, labels.
class PixelPad extends Board {
  constructor(streamlit) {
    const differs = (value, standard) => (value === standard ? null : String(value));
    const parameters = ({ drawing, centred, why }, standard) => ({
      // A long one is kept by the browser: the keeper writes its name there (ui/images/pad.py).
      drawing: drawing.length > this.data.longest ? undefined : differs(drawing, standard.drawing),
      centred: differs(centred, standard.centred), why: differs(why, standard.why),
    });
    super(streamlit, { instrument: "pixel-pad", style: "pad", parameters });
    this.strokes = [];
    this.cursor = [0.5, 0.25];
    this.penDown = false;
    this.lit = null;
    this.parts.push(onHighlight((k) => { this.lit = k; this.repaint(); }));
  }

  renew() {
    super.renew();
    this.strokes = unpackStrokes(this.state.drawing);
    this.penDown = false;
  }

  update(streamlit) {
    const { model, weights, biases } = streamlit.data;
    if (model !== this.model) {
      this.model = model;
      this.W = unpacked(weights, Float32Array);
      this.b = unpacked(biases, Float32Array);
    }
    super.update(streamlit);
  }

  // --- changes, called by the pointer, the keys and the buttons
  get isExample() { return this.state.drawing === this.data.standard.drawing; }
  get chosen() { return this.state.why >= 0 && this.state.why < this.b.length ? this.state.why : null; }

  // The strokes as they are now become the state.
  take(strokes) {
    this.strokes = strokes;
    this.change({ ...this.state, drawing: packStrokes(strokes) });
  }

  // The strokes of now, for a stroke that the browser takes away.
  keptStrokes() {
    const strokes = [...this.strokes];
    return () => {
      this.strokes = strokes;
      this.repaint();
    };
  }

  begin(point) {
    if (this.isExample && this.strokes.length) this.strokes = []; // a first stroke replaces the example
    this.strokes.push([point]);
    this.repaint();
  }

  extend(point) { this.strokes[this.strokes.length - 1]?.push(point); this.repaint(); }
  lift() {
    const last = this.strokes.length - 1;
    this.take(this.strokes.map((stroke, i) => (i === last ? simplified(stroke, STRAIGHT) : stroke)));
    this.tell.now();
    this.address.now(this.addressed()); // a reload right after a stroke has it
  }

  undo() { this.penDown = false; this.take(this.strokes.slice(0, -1)); }
  clear() { this.penDown = false; this.take([]); }
  moveCursor(point) {
    this.cursor = point;
    if (this.penDown) {
      this.extend(point);
      this.take(this.strokes);
    }
    this.repaint();
  }

  togglePen() {
    this.penDown = !this.penDown;
    if (this.penDown) {
      this.begin(this.cursor);
      this.take(this.strokes);
    }
    this.spoken.textContent = this.say(this.penDown ? "pen_down" : "pen_up");
    this.repaint();
  }

  choose(k) { this.change({ ...this.state, why: this.chosen === k ? -1 : k }); }
  cells() { return [this.data.form.width, this.data.form.height]; }

  // The class that wins, unless it is told what the pen does.
  summary() {
    const winner = this.rows?.find(({ row }) => row.classList.contains("winner"));
    return winner && !this.penDown ? winner.row.getAttribute("aria-label") : "";
  }

  // --- the DOM, made once
  build() {
    const tool = (name, onclick) => (this[name] = element("button", { class: "tool", type: "button", onclick }));
    const picture = (name) => {
      const canvas = (this[name] = element("canvas", { class: "picture", role: "img" }));
      return element("figure", { class: name }, canvas, (this[`${name}Name`] = element("figcaption")));
    };
    this.paper = element("canvas", { class: "paper", role: "application", tabindex: "0" });
    this.centring = element("input", { type: "checkbox", onchange: () => this.change({ ...this.state, centred: this.centring.checked }) });
    this.centringName = element("span");
    this.note = element("p", { class: "note" });
    this.bars = element("div", { class: "bars", role: "group" });
    this.sum = element("p", { class: "sum" });
    this.spoken = element("p", { class: "spoken", role: "status", "aria-live": "polite" });
    this.root.dataset.part = "pad";
    this.root.append(
      element("div", {}, this.paper,
        element("div", { class: "tools" }, tool("undoKey", () => this.undo()), tool("clearKey", () => this.clear()))),
      element("div", { class: "views" }, picture("seen"), element("label", {}, this.centring, this.centringName), picture("why")),
      element("div", { class: "answer" }, this.bars, this.sum, this.note), this.spoken);
    listenToPad(this.paper, this);
    this.watchSize(this.paper, () => this.repaint());
  }

  writeTexts() {
    const { names, colors, labels } = this.data;
    const texts = JSON.stringify([names, colors, labels]);
    if (texts === this.texts) return; // a bar keeps the focus and the pointer
    this.texts = texts;
    this.root.setAttribute("aria-label", labels.pad);
    this.paper.setAttribute("aria-label", labels.paper);
    this.undoKey.textContent = labels.undo;
    this.clearKey.textContent = labels.clear;
    this.centringName.textContent = labels.centring;
    this.centringName.title = labels.centring_help;
    this.bars.setAttribute("aria-label", labels.bars);
    this.seenName.textContent = labels.seen;
    this.rows = names.map((name, k) => {
      const amount = element("div", { class: "amount" });
      const value = element("span", { class: "number" });
      const guess = createGuess();
      const row = element("button", { class: "class", type: "button", style: `--class-color: ${colors[k]}`, onclick: () => this.choose(k) },
        element("span", { class: "name" }, name), element("span", { class: "track" }, amount, guess.node), value);
      highlightOnHover(row, k);
      return { row, amount, value, guess };
    });
    this.bars.replaceChildren(...this.rows.map(({ row }) => row));
  }

  logits(x) {
    const K = this.b.length;
    const z = Array.from(this.b);
    for (let i = 0; i < x.length; i++) {
      if (x[i] !== 0) for (let k = 0; k < K; k++) z[k] += x[i] * this.W[i * K + k];
    }
    return z;
  }

  // --- every frame
  paint() {
    const { form, names } = this.data;
    const theme = pictureTheme(this.root, this.data.scales);
    const { centred } = this.state;
    const x = drawStrokes(this.strokes, form, centred);
    const z = this.logits(x);
    const p = softmax(z);
    const winner = argmax(z);
    const empty = this.strokes.length === 0; // nothing to explain
    const subject = this.chosen ?? winner;
    this.paintPaper(theme);
    paintInk(this.seen, x, form.height, form.width, theme);
    this.paintWhy(x, z, subject, theme);
    const { prediction } = this.data;
    this.rows.forEach(({ row, amount, value, guess }, k) => {
      guess.paint(prediction?.k === k ? prediction : null);
      amount.style.transform = `scaleX(${p[k]})`;
      value.textContent = shareText(p[k]);
      row.classList.toggle("winner", this.data.trained && this.strokes.length > 0 && k === winner);
      row.classList.toggle("lit", k === this.lit);
      row.setAttribute("aria-pressed", String(k === (empty ? this.chosen : subject)));
      row.setAttribute("aria-label", this.say("bar", { name: names[k], p: shareText(p[k]), z: readable(z[k], 2) }));
    });
    const { labels, trained } = this.data;
    this.note.textContent = !trained ? labels.untrained : !this.strokes.length ? labels.empty : this.isExample ? labels.example : this.counted();
    this.centring.checked = centred;
    for (const part of [this.why.parentElement, this.sum]) writeStyle(part, "visibility", empty ? "hidden" : "visible");
    for (const key of [this.undoKey, this.clearKey]) key.disabled = empty;
    Object.assign(this.root.dataset, {
      strokes: JSON.stringify(this.strokes), centred: String(centred), drawing: this.state.drawing, logits: z.join(","), probabilities: p.join(","),
      winner: String(winner), subject: String(subject), trained: String(this.data.trained), model: String(this.model),
      height: String(form.height), width: String(form.width),
    });
  }

  counted() {
    const dots = this.strokes.filter((stroke) => isDot(stroke, this.data.dot)).length;
    return this.say("counted", { dots, lines: this.strokes.length - dots });
  }

  paintPaper({ paper, text, accent }) {
    const [across, down] = this.cells();
    const raw = (this.paperCells ??= document.createElement("canvas"));
    paintInk(raw, drawStrokes(this.strokes, this.data.form, false), down, across, { paper, text });
    const size = Math.round(this.paper.clientWidth * pointsPerPixel()) || 224;
    if (this.paper.width !== size) Object.assign(this.paper, { width: size, height: size });
    const context = this.paper.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.drawImage(raw, 0, 0, size, size);
    context.strokeStyle = `rgba(${text.join(",")},0.13)`;
    context.lineWidth = 1;
    context.beginPath();
    for (let i = 1; i < across; i++) { const u = Math.round((i * size) / across) + 0.5; context.moveTo(u, 0); context.lineTo(u, size); }
    for (let i = 1; i < down; i++) { const v = Math.round((i * size) / down) + 0.5; context.moveTo(0, v); context.lineTo(size, v); }
    context.stroke();
    if (!this.paper.matches(":focus-visible")) return;
    const [u, v] = this.cursor.map((part) => part * size);
    context.strokeStyle = accent;
    context.lineWidth = this.penDown ? 4 : 2;
    context.beginPath();
    context.arc(u, v, Math.max(5, (0.6 * size) / across), 0, 2 * Math.PI);
    context.stroke();
  }

  // What each pixel adds to the logit of one class; with b their sum is the logit.
  paintWhy(x, z, k, theme) {
    const K = this.b.length;
    const part = Float64Array.from(x, (pixel, i) => pixel * this.W[i * K + k]);
    let [most, gain, loss] = [0, 0, 0];
    for (const value of part) {
      most = Math.max(most, Math.abs(value));
      if (value > 0) gain += value; else loss += value;
    }
    const { form, names } = this.data;
    paintSigned(this.why, part, form.height, form.width, most, theme);
    const title = this.say("why", { name: names[k] });
    this.whyName.textContent = title;
    this.why.setAttribute("aria-label", title);
    this.seen.setAttribute("aria-label", this.data.labels.seen);
    const term = (name, value) => element("span", { class: `term ${name}` }, readable(value, 2), element("small", {}, this.say(name)));
    this.sum.replaceChildren(element("span", {}, math("z"), element("sub", {}, names[k]), " ="), term("gain", gain), "−", term("loss", -loss),
      this.b[k] < 0 ? "−" : "+", term("bias", Math.abs(this.b[k])), "=", element("b", {}, readable(z[k], 2)));
    this.sum.title = this.data.labels.sum_help;
  }
}

// Mouse, finger, pen and keyboard on the paper.
function listenToPad(paper, pad) {
  let last = null;
  const place = (event) => {
    const { left, top, width, height } = paper.getBoundingClientRect();
    return [onGrid((event.clientX - left) / width), onGrid((event.clientY - top) / height)];
  };
  const far = ([x, y]) => Math.hypot(x - last[0], y - last[1]) >= CLOSE;
  const count = () => pad.strokes.reduce((sum, stroke) => sum + stroke.length, 0);

  const draw = (event) => {
    // A fast pointer moves several times between two frames.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const part of events.length ? events : [event]) {
      const point = place(part);
      if (!far(point) || count() >= MOST_POINTS) continue;
      last = point;
      pad.extend(point);
    }
  };
  // A finger on the paper draws at once, up and down too: the page is scrolled beside it.
  listenToPresses(paper, {
    atOnce: () => true,
    begin: (at) => {
      if (pad.penDown) pad.togglePen();
      const restore = pad.keptStrokes();
      last = place(at);
      pad.begin(last);
      paper.focus({ preventScroll: true });
      return restore;
    },
    move: draw, end: () => pad.lift(),
  });
  for (const name of ["focus", "blur"]) paper.addEventListener(name, () => pad.repaint());

  paper.addEventListener("keydown", (event) => {
    const undoing = (event.ctrlKey || event.metaKey) && event.key === "z";
    if (!undoing && withModifier(event)) return;
    const [across, down] = pad.cells();
    const [x, y] = pad.cursor;
    const step = event.shiftKey ? 3 : 1;
    const go = (dx, dy) => () => pad.moveCursor([onGrid(x + (dx * step) / across), onGrid(y + (dy * step) / down)]);
    const act = undoing || event.key === "Backspace" ? () => pad.undo() : {
      ArrowLeft: go(-1, 0), ArrowRight: go(1, 0), ArrowUp: go(0, -1), ArrowDown: go(0, 1),
      " ": () => pad.togglePen(), Enter: () => pad.togglePen(), Delete: () => pad.clear(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

export default function mount(streamlit) { return mountInstrument(streamlit, PixelPad); }
