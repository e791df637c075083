// A short run of softmax regression that plays in a loop: points, soft regions, and the numbers of the step.
import { SLIDE, onReducedMotion, prefersReducedMotion } from "../shared/motion.js";
import { channels, element, fitCanvas, icon, themeOf, unpacked, writeAttribute, writeText } from "../shared/live.js";
import { addMarker } from "../shared/shapes.js";
import { argmax, softmax } from "../shared/softmax.js";

const LEARN = 4000, REST = 2200, FADE = 900; // milliseconds: it learns, stands still, and fades into its beginning
const COLUMNS = 72;
const CLEAR = 24; // pixels around a name without a point
const SHAPE = 0.54; // height by width
const STRENGTH = 0.4; // of the tint where the model is sure; where it is undecided the paper shows
const STILL = 0.35; // the part of the run that is shown where nothing may move: the borders stand, and are not yet sure
const PLAY = "M8 5v14l11-7z", PAUSE = "M6 5h4v14H6zm8 0h4v14h-4z";

// {points, classes, box, steps, W, b, right} with numbers in place of base64.
function readShortRun(sent) {
  return { ...sent, points: unpacked(sent.points, Float32Array), W: unpacked(sent.W, Float32Array), b: unpacked(sent.b, Float32Array) };
}

// Weights and biases between two of the sent steps, as [w of x, w of y, bias] of each class.
function scorersAt(run, place) {
  const K = run.b.length / run.steps.length;
  const from = Math.min(run.steps.length - 1, Math.floor(place));
  const to = Math.min(run.steps.length - 1, from + 1);
  const mixed = (numbers, stride, i) => numbers[from * stride + i] + (place - from) * (numbers[to * stride + i] - numbers[from * stride + i]);
  return Array.from({ length: K }, (_, k) => [mixed(run.W, 2 * K, k), mixed(run.W, 2 * K, K + k), mixed(run.b, K, k)]);
}

// Where the name of each class stands: in its region at the end, near its points, and clear of all.
function namePlaces(run, width, height) {
  const [x0, x1, y0, y1] = run.box;
  const points = run.classes.map((k, i) => [(width * (run.points[2 * i] - x0)) / (x1 - x0), (height * (y1 - run.points[2 * i + 1])) / (y1 - y0), k]);
  const scorers = scorersAt(run, run.steps.length - 1);
  const winner = (u, v) => argmax(scorers.map(([a, b, bias]) => a * (x0 + (u / width) * (x1 - x0)) + b * (y1 + (v / height) * (y0 - y1)) + bias));
  return scorers.map((_, k) => {
    const own = points.filter((point) => point[2] === k);
    const middle = [0, 1].map((axis) => own.reduce((sum, point) => sum + point[axis], 0) / own.length);
    let best = { at: middle, cost: Infinity };
    for (let u = 30; u <= width - 30; u += 8) {
      for (let v = 14; v <= height - 14; v += 8) {
        if (winner(u, v) !== k) continue;
        // A word is wider than high, and stands farther from the points of others.
        const near = Math.min(...points.map(([a, b, of]) => Math.hypot((a - u) / 1.5, b - v) / (of === k ? 1 : 1.8)));
        const cost = Math.hypot(u - middle[0], v - middle[1]) + 10 * Math.max(0, CLEAR - near);
        if (cost < best.cost) best = { at: [u, v], cost };
      }
    }
    return best.at;
  });
}

export class ShortRun {
  // say(key, values) returns a text.
  constructor(say) {
    this.say = say;
    this.canvas = element("canvas", { role: "img" });
    this.button = element("button", { type: "button", class: "pause", "data-key": "Space", onclick: () => this.toggle() });
    this.dots = element("span", { class: "dots-are" });
    this.numbers = element("span", {});
    this.box = element("figure", { class: "short-run" }, this.canvas, element("figcaption", {}, element("div", {}, this.dots, " ", this.numbers), this.button));
    this.elapsed = 0;
    this.before = null;
    this.turned = 0; // when a picture was shown last
    this.asked = 0;
    this.watch = onReducedMotion(() => this.play(!prefersReducedMotion()));
    this.playing = !prefersReducedMotion();
    if (!this.playing) this.elapsed = STILL * LEARN;
  }

  take(sent) {
    this.run = readShortRun(sent.run);
    this.colors = sent.colors;
    this.names = sent.names;
    this.play(this.playing);
  }

  toggle() { this.play(!this.playing); }

  play(on) {
    this.playing = on;
    this.before = null;
    cancelAnimationFrame(this.asked);
    if (on) this.asked = requestAnimationFrame((time) => this.frame(time));
    this.paint();
  }

  frame(time) {
    this.elapsed = (this.elapsed + Math.min(100, time - (this.before ?? time))) % (LEARN + REST + FADE);
    this.before = time;
    if (!prefersReducedMotion() || time - this.turned >= SLIDE) {
      this.turned = time;
      this.paint();
    }
    this.asked = requestAnimationFrame((next) => this.frame(next));
  }

  cancel() {
    cancelAnimationFrame(this.asked);
    this.watch.cancel();
  }

  // Called when the width or the theme may have changed.
  fit() {
    const width = Math.round(this.box.clientWidth);
    if (!this.run || !width) return;
    const height = Math.round(SHAPE * width);
    this.size = [width, height];
    this.context = fitCanvas(this.canvas, width, height);
    this.theme = themeOf(this.box);
    this.cells = document.createElement("canvas");
    this.places = namePlaces(this.run, width, height);
    Object.assign(this.cells, { width: COLUMNS, height: Math.round(SHAPE * COLUMNS) });
    this.paint();
  }

  paint() {
    if (!this.context) return;
    const { run, context, size: [width, height] } = this;
    const last = run.steps.length - 1;
    const place = last * Math.min(1, this.elapsed / LEARN);
    context.globalAlpha = 1;
    this.paintRegions(place);
    const faded = (this.elapsed - LEARN - REST) / FADE;
    if (faded > 0) { context.globalAlpha = faded; this.paintRegions(0); context.globalAlpha = 1; }
    this.paintPoints();
    this.paintNames();
    const shown = faded > 0.5 ? 0 : Math.floor(place);
    const step = run.steps[shown];
    writeText(this.numbers, this.say("readout", { step, right: run.right[shown], n: run.classes.length }));
    writeText(this.dots, this.say("dots"));
    writeAttribute(this.canvas, "aria-label", this.playing ? this.say("run") : `${this.say("run")}: ${this.numbers.textContent}`);
    const name = this.playing ? "pause" : "play";
    if (this.button.dataset.shows !== name) {
      this.button.dataset.shows = name;
      this.button.replaceChildren(icon(this.playing ? PAUSE : PLAY));
    }
    writeAttribute(this.button, "aria-label", this.say(name));
    Object.assign(this.box.dataset, { step: String(step), playing: String(this.playing), width: `${width} ${height}`,
      names: JSON.stringify(this.names.map((name, k) => [name, ...this.places[k]])) });
  }

  paintRegions(place) {
    const { run, cells, context, size: [width, height] } = this;
    const [x0, x1, y0, y1] = run.box;
    const scorers = scorersAt(run, place);
    const paper = channels(this.theme.paper);
    const colors = this.colors.map(channels);
    const image = new ImageData(cells.width, cells.height);
    for (let row = 0, at = 0; row < cells.height; row++) {
      const y = y1 + ((row + 0.5) / cells.height) * (y0 - y1);
      for (let column = 0; column < cells.width; column++, at += 4) {
        const x = x0 + ((column + 0.5) / cells.width) * (x1 - x0);
        const p = softmax(scorers.map(([u, v, bias]) => u * x + v * y + bias));
        const sure = (Math.max(...p) - 1 / p.length) / (1 - 1 / p.length);
        const strength = STRENGTH * Math.sqrt(sure);
        for (let c = 0; c < 3; c++) image.data[at + c] = paper[c] + strength * (p.reduce((sum, share, k) => sum + share * colors[k][c], 0) - paper[c]);
        image.data[at + 3] = 255;
      }
    }
    cells.getContext("2d").putImageData(image, 0, 0);
    context.drawImage(cells, 0, 0, width, height);
  }

  paintNames() {
    const { context, theme } = this;
    context.font = `600 ${this.size[0] < 400 ? 14 : Math.max(16, this.size[0] / 34)}px ${theme.font}`;
    Object.assign(context, { textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 4, strokeStyle: theme.paper, fillStyle: theme.text });
    this.names.forEach((name, k) => {
      context.strokeText(name, ...this.places[k]);
      context.fillText(name, ...this.places[k]);
    });
  }

  paintPoints() {
    const { run, context, size: [width, height] } = this;
    const [x0, x1, y0, y1] = run.box;
    const radius = Math.max(4, width / 90);
    run.classes.forEach((k, i) => {
      context.beginPath();
      addMarker(context, k, (width * (run.points[2 * i] - x0)) / (x1 - x0), (height * (y1 - run.points[2 * i + 1])) / (y1 - y0), radius);
      context.lineWidth = 3;
      context.strokeStyle = this.theme.paper;
      context.fillStyle = this.colors[k];
      context.stroke();
      context.fill();
    });
  }
}
