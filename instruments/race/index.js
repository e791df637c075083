// The race: up to four runs on the same points, side by side under one playhead, with one chart of their losses.
import { addressWriter, element, fill, oncePerFrame, throttle } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { createPainter, inkOf } from "../training_stage/painter.js";
import { readRun } from "../training_stage/run.js";
import { listenToStrip, paintCurves, paintPlayhead } from "../training_stage/strip.js";
import { SPEEDS, createTransport, listenToKeys, transportButtons } from "../training_stage/transport.js";

const HEIGHT = 120;
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

class RaceStage {
  constructor(host, streamlit) {
    this.root = element("section", { class: "race", "data-instrument": "race-stage" });
    this.view = { step: 0, speed: 5 };
    this.lanes = [];
    this.revision = null;
    this.repaint = oncePerFrame(() => this.paint());
    this.tell = throttle((state) => this.streamlit.setStateValue("state", state), 1000);
    this.address = addressWriter();
    this.build();
    host.append(this.root);
    this.update(streamlit);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.grid);
  }

  update(streamlit) {
    this.streamlit = streamlit;
    this.data = streamlit.data;
    if (this.data.revision !== this.revision) {
      if (this.revision === null) Object.assign(this.view, this.data.view);
      this.transport.pause();
      this.revision = this.data.revision;
      this.matchLanes();
      this.steps = Math.max(...this.lanes.map(({ run }) => run.steps));
      this.view.step = Math.min(this.view.step, this.steps);
    }
    this.writeTexts();
    this.resize();
  }

  destroy() {
    this.transport.pause();
    for (const part of [this.repaint, this.tell, this.address]) part.cancel();
    this.sizes.disconnect();
    this.root.remove();
  }

  say(key, values = {}) { return fill(this.data.labels[key], values); }

  goTo(step) {
    this.view.step = step;
    this.repaint();
    this.tell({ step, revision: this.revision });
    this.remember();
  }

  remember() {
    const { prefix } = this.data;
    const code = SPEEDS[this.view.speed].code;
    this.address({ [`${prefix}_step`]: this.view.step ? String(this.view.step) : null, [`${prefix}_speed`]: code === "frame" ? null : code });
  }

  build() {
    this.grid = element("div", { class: "lanes" });
    this.strip = element("canvas", { class: "strip", role: "slider", tabindex: "0", "aria-valuemin": "0" });
    this.counter = element("span", { class: "readout" });
    this.steps = 0;
    this.transport = createTransport({
      goTo: (step) => this.goTo(step), step: () => this.view.step, steps: () => this.steps, speed: () => this.view.speed,
      changed: () => {
        this.buttons.show((key) => this.say(key));
        this.root.dataset.playing = String(this.transport.isPlaying());
      },
    });
    this.buttons = transportButtons(this.transport);
    this.speed = element("select", { onchange: () => { this.view.speed = Number(this.speed.value); this.remember(); } });
    this.root.append(element("div", { class: "bar" }, this.buttons.box, this.speed, this.counter), this.grid, this.strip);
    listenToKeys(this.root, this.transport);
    listenToStrip(this.strip, () => this.width, () => this.steps, () => this.view.step, this.transport.to);
  }

  matchLanes() {
    const { lanes, points } = this.data;
    while (this.lanes.length > lanes.length) this.lanes.pop().box.remove();
    while (this.lanes.length < lanes.length) {
      const canvas = element("canvas", { class: "plane", role: "img" });
      const mark = element("canvas", { class: "mark", width: 64, height: 12 });
      const title = element("span", { class: "title" });
      const numbers = element("span", { class: "numbers" });
      const box = element("div", { class: "lane" }, element("p", {}, mark, title, numbers), canvas);
      this.grid.append(box);
      this.lanes.push({ box, canvas, mark, title, numbers, painter: createPainter(canvas) });
    }
    lanes.forEach((lane, i) => { this.lanes[i].run = readRun(lane.run, points, this.data.map); });
  }

  writeTexts() {
    const { labels } = this.data;
    this.root.setAttribute("aria-label", labels.race);
    this.strip.setAttribute("aria-label", labels.scrub);
    this.speed.setAttribute("aria-label", labels.speed);
    this.speed.replaceChildren(...SPEEDS.map(({ code }, i) => element("option", { value: i }, labels.speeds[code])));
    this.speed.value = this.view.speed;
    this.buttons.show((key) => this.say(key));
    this.lanes.forEach((lane, i) => {
      lane.title.textContent = this.data.lanes[i].title;
      lane.canvas.setAttribute("aria-label", this.data.lanes[i].title);
    });
  }

  resize() {
    const width = Math.round(this.strip.parentElement.clientWidth);
    if (!width || !this.lanes.length) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const [x0, x1, y0, y1] = this.data.box;
    this.ink = inkOf(this.root);
    for (const lane of this.lanes) {
      const wide = Math.round(lane.box.clientWidth);
      const high = Math.round((wide * (y1 - y0)) / (x1 - x0));
      Object.assign(lane.canvas.style, { width: `${wide}px`, height: `${high}px` });
      lane.painter.prepare(lane.run, this.data, { width: wide, height: high, ratio }, this.ink);
    }
    this.width = width;
    this.ratio = ratio;
    this.curves = document.createElement("canvas");
    for (const canvas of [this.strip, this.curves]) Object.assign(canvas, { width: width * ratio, height: HEIGHT * ratio });
    Object.assign(this.strip.style, { width: `${width}px`, height: `${HEIGHT}px` });
    const context = this.curves.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const lines = this.lanes.map(({ run }, i) => ({ values: run.loss, color: this.ink.text, dashes: DASHES[i], thickness: 2 }));
    this.toY = paintCurves(context, lines, this.steps, width, HEIGHT, this.ink);
    this.lanes.forEach(({ mark }, i) => this.paintMark(mark, DASHES[i]));
    this.paint();
  }

  paintMark(mark, dashes) {
    const context = mark.getContext("2d");
    context.clearRect(0, 0, 64, 12);
    context.setLineDash(dashes.map((d) => 2 * d));
    context.strokeStyle = this.ink.text;
    context.lineWidth = 4;
    context.beginPath();
    context.moveTo(0, 6);
    context.lineTo(64, 6);
    context.stroke();
  }

  paint() {
    if (!this.ink) return;
    const { step } = this.view;
    const losses = this.lanes.map(({ run }) => run.loss[Math.min(step, run.steps)]);
    const best = losses.indexOf(Math.min(...losses));
    this.lanes.forEach((lane, i) => {
      const at = Math.min(step, lane.run.steps);
      lane.painter.paint(at, { regions: "soft", length: 1 });
      lane.numbers.textContent = this.say("lane", { loss: readable(losses[i], 4), accuracy: `${readable(100 * lane.run.accuracy[at], 1)} %` });
      lane.box.classList.toggle("best", i === best && step > 0);
    });
    const context = this.strip.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.strip.width, this.strip.height);
    context.drawImage(this.curves, 0, 0);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    paintPlayhead(context, step, this.steps, losses.map((loss) => [loss, this.ink.accent]), this.toY, this.width, HEIGHT, this.ink);
    this.counter.textContent = this.say("readout_step", { step, steps: this.steps });
    this.strip.setAttribute("aria-valuemax", this.steps);
    this.strip.setAttribute("aria-valuenow", step);
    Object.assign(this.root.dataset, {
      step: String(step), steps: String(this.steps), losses: losses.join(","), loss: String(losses[best]),
      playing: String(this.transport.isPlaying()),
    });
  }
}

export default function mount(streamlit) {
  const host = streamlit.parentElement;
  if (host.raceStage) host.raceStage.update(streamlit);
  else host.raceStage = new RaceStage(host, streamlit);
  return () => { host.raceStage?.destroy(); host.raceStage = null; };
}
