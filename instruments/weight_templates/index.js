// The columns of W as pictures, one per class, at every epoch of a training.
import { Instrument, mountInstrument } from "../shared/instrument.js";
import { createFlashGuard, lightOf, prefersReducedMotion } from "../shared/motion.js";
import { createGuess } from "../shared/guess.js";
import { highlightOnHover, onHighlight } from "../shared/highlight.js";
import { element, fill, svgElement, unpacked } from "../shared/live.js";
import { throttle } from "../shared/messages.js";
import { readable } from "../shared/numbers.js";
import { inkImage, pictureTheme, putImage, signedImage } from "../shared/pictures.js";
import { steadyRange } from "../shared/press.js";
import { createTransport, listenToKeys, transportButtons } from "../training_stage/transport.js";

const SPEED = { steps: 8, per: "second" };
const GHOST = 0.45; // how dark the mean images stand behind weights of 0

// The sides of cells that no other cell shares, as a path in units of cells.
function outlineOf(cells, width, height) {
  const inside = (x, y) => x >= 0 && y >= 0 && x < width && y < height && cells.includes(y * width + x);
  return cells.map((cell) => {
    const [x, y] = [cell % width, Math.floor(cell / width)];
    return (inside(x, y - 1) ? "" : `M${x} ${y}h1`) + (inside(x, y + 1) ? "" : `M${x} ${y + 1}h1`)
      + (inside(x - 1, y) ? "" : `M${x} ${y}v1`) + (inside(x + 1, y) ? "" : `M${x + 1} ${y}v1`);
  }).join("");
}

// data: numbers, packed, limits: the epochs and their weights, see __init__.py; start: the epoch at which the playhead of a new run stands;
// play: whether a new run is played from its beginning; ghost: packed, what is shown in grey where all weights are 0; covered: classes whose
// pictures must not be seen yet; prediction: { k, cells, text }, pixels of the template of class k, line by line, that the learner has
// predicted, or null; size, names, colors, scales, labels.
class WeightTemplates extends Instrument {
  constructor(streamlit) {
    super(streamlit, { class: "templates", "data-instrument": "weight-templates" });
    this.at = 0;
    this.tell = throttle((state) => this.streamlit.setStateValue("state", state), { shortest: 200 });
    this.lit = null;
    this.flashes = createFlashGuard();
    this.painted = null; // the canvases that hold a picture
    this.parts.push(this.tell, onHighlight((k) => { this.lit = k; this.repaint(); }));
  }

  // Every new run, and every epoch of a run under way, is a new revision; the playhead follows the newest, or stands where
  // Python says. A run that the reader asked for is played from its beginning.
  renew() {
    this.renewing = true; // the place of the run before is not told
    this.transport.pause();
    this.renewing = false;
    this.tell.cancel();
    const { packed, limits, size, names, numbers, start, play, ghost } = this.data;
    this.epochs = packed.map((text, i) => this.pictures(unpacked(text, Int8Array), limits[i] / 127, size[0] * size[1], names.length));
    this.limit = Math.max(...limits, 1e-12);
    this.ghost = Array.from({ length: names.length }, (_, k) =>
      Float64Array.from(unpacked(ghost, Uint8Array).subarray(k * size[0] * size[1], (k + 1) * size[0] * size[1]), (value) => (GHOST * value) / 255));
    const last = this.epochs.length - 1;
    const here = numbers.indexOf(start);
    this.at = here < 0 ? last : here;
    if (play && last > 0 && !prefersReducedMotion()) {
      this.at = 0;
      this.transport.play();
    }
  }

  // Weights come pixel by pixel, classes on the last axis.
  pictures(values, unit, d, K) {
    return Array.from({ length: K }, (_, k) => Float64Array.from({ length: d }, (_, i) => values[i * K + k] * unit));
  }

  goTo(at) {
    if (at === this.at) return;
    this.at = at;
    this.repaint();
    this.tellPlace();
  }

  tellPlace() {
    if (this.renewing) return;
    this.tell({ epoch: this.data.numbers[this.at], revision: this.revision, playing: this.transport.isPlaying() });
  }

  rest() { this.transport.pause(); }

  build() {
    this.list = element("div", { class: "list" });
    this.transport = createTransport({
      goTo: (at) => this.goTo(at), step: () => this.at, steps: () => this.epochs?.length - 1 || 0, speed: () => SPEED,
      changed: () => { this.buttons.show((key) => this.data.labels[key]); this.repaint(); this.tellPlace(); },
    });
    this.parts.unshift({ cancel: this.transport.pause });
    this.buttons = transportButtons(this.transport);
    this.scrub = steadyRange(element("input", { type: "range", class: "scrub", min: 0, step: 1, oninput: () => this.transport.to(Number(this.scrub.value)) }));
    this.readout = element("output", { class: "readout" });
    this.legend = element("span", { class: "legend" });
    this.root.append(this.list, element("div", { class: "bar" }, this.buttons.box, this.scrub, this.readout, this.legend));
    listenToKeys(this.root, this.transport);
    this.list.addEventListener("pointermove", (event) => { this.pointer = event; this.repaint(); });
    this.list.addEventListener("pointerleave", () => { this.pointer = null; this.repaint(); });
  }

  writeTexts() {
    const { names, colors, labels } = this.data;
    const texts = JSON.stringify([names, colors, labels]);
    if (texts === this.texts) return; // what is under the pointer stays
    this.texts = texts;
    this.root.setAttribute("aria-label", labels.templates);
    this.scrub.setAttribute("aria-label", labels.scrub);
    this.buttons.show((key) => labels[key]);
    this.guess = createGuess();
    this.canvases = names.map((name) => element("canvas", { role: "img", "aria-label": fill(labels.template, { name }) }));
    this.figures = names.map((name, k) => element("figure", { style: `--class-color: ${colors[k]}` },
      element("div", { class: "picture" }, this.canvases[k]),
      element("figcaption", {}, element("span", { class: "dot" }), element("span", { class: "name" }, name))));
    this.figures.forEach((figure, k) => highlightOnHover(figure, k));
    this.predicted = undefined; // its template is a new element
    this.list.replaceChildren(...this.figures);
  }

  paint() {
    const { size, numbers, names, labels, covered } = this.data;
    const [height, width] = size;
    const theme = pictureTheme(this.root, this.data.scales);
    const untrained = this.data.limits[this.at] === 0;
    this.paintPictures(names.map((_, k) => (untrained ? inkImage(this.ghost[k], height, width, theme)
      : signedImage(this.epochs[this.at][k], height, width, this.limit, theme))));
    this.figures.forEach((figure, k) => {
      figure.classList.toggle("covered", covered.includes(k));
      figure.title = covered.includes(k) ? labels.covered : "";
      figure.classList.toggle("lit", k === this.lit);
    });
    this.paintPrediction(width, height);
    const last = this.epochs.length - 1;
    this.scrub.max = last;
    this.scrub.value = this.at;
    this.scrub.disabled = last === 0;
    this.scrub.setAttribute("aria-valuetext", fill(labels.epoch, { epoch: numbers[this.at] }));
    if (!this.transport.isPlaying()) names.forEach((name, k) => this.canvases[k].setAttribute("aria-label", `${fill(labels.template, { name })}, ${fill(labels.epoch, { epoch: numbers[this.at] })}`));
    this.readout.setAttribute("aria-live", this.transport.isPlaying() ? "off" : "polite");
    this.readout.textContent = this.pointed() ?? fill(labels.epoch, { epoch: numbers[this.at] });
    const [low, high] = [-this.limit, this.limit].map((w) => readable(this.limit > 1e-9 ? w : 0, 2));
    this.legend.replaceChildren(element("span", {}, labels.against), low, element("span", { class: "ramp" }), high, element("span", {}, labels.for));
    this.legend.title = labels.legend_help;
    const css = ([r, g, b]) => `rgb(${r},${g},${b})`;
    const { negative, neutral, positive } = theme.ends;
    this.legend.querySelector(".ramp").style.background = `linear-gradient(90deg, ${css(negative)}, ${css(neutral)}, ${css(positive)})`;
    Object.assign(this.root.dataset, {
      epoch: String(numbers[this.at]), epochs: String(numbers[last]), playing: String(this.transport.isPlaying()), limit: String(this.limit),
      ghost: String(untrained), covered: covered.join(),
    });
  }

  // data.prediction: { k, cells, text }, the pixels of one template that were predicted; or null.
  paintPrediction(width, height) {
    const { prediction } = this.data;
    this.guess.paint(prediction);
    if (JSON.stringify(prediction) === this.predicted) return;
    this.predicted = JSON.stringify(prediction);
    this.outline?.remove();
    this.outline = null;
    if (!prediction) return;
    const path = svgElement("path", { d: outlineOf(prediction.cells, width, height) });
    this.outline = svgElement("svg", { class: "predicted", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" }, path, path.cloneNode());
    this.canvases[prediction.k].parentElement.append(this.outline);
    this.figures[prediction.k].append(this.guess.node);
  }

  // Where a place would flash, the pictures that stand there stay for a moment.
  paintPictures(images) {
    const light = images.flatMap(({ data }) => Array.from(lightOf(data)));
    const now = performance.now();
    if (this.painted === this.canvases && this.wasOnPaper === this.onPaper() && !this.flashes.mayShow(light, now, this.transport.isPlaying())) { this.repaint(); return; }
    this.flashes.wasShown(light, now);
    this.painted = this.canvases;
    this.wasOnPaper = this.onPaper();
    this.canvases.forEach((canvas, k) => putImage(canvas, images[k]));
  }

  // The weight under the pointer.
  pointed() {
    const k = this.pointer ? this.canvases.indexOf(this.pointer.target) : -1;
    if (k < 0 || this.data.covered.includes(k)) return null;
    const { size: [height, width], names, labels } = this.data;
    const { left, top, width: w, height: h } = this.canvases[k].getBoundingClientRect();
    const column = Math.floor(((this.pointer.clientX - left) / w) * width);
    const row = Math.floor(((this.pointer.clientY - top) / h) * height);
    if (row < 0 || row >= height || column < 0 || column >= width) return null;
    return fill(labels.weight, { name: names[k], row: row + 1, column: column + 1, w: readable(this.epochs[this.at][k][row * width + column], 3) });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, WeightTemplates); }
