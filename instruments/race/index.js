// The race: up to four runs on the same points, side by side under one playhead, with one chart of their losses.
import { addressWriter, element, fill, mountInstrument, oncePerFrame, throttle } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { createPainter, inkOf } from "../training_stage/painter.js";
import { readRun } from "../training_stage/run.js";
import { createStrip } from "../training_stage/strip.js";
import { createTransport, listenToKeys, transportButtons } from "../training_stage/transport.js";

const HEIGHT = 120;
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

class RaceStage {
  constructor(host, streamlit) {
    this.root = element("section", { class: "race", "data-instrument": "race-stage" });
    this.streamlit = streamlit;
    this.data = streamlit.data;
    this.view = { ...this.data.view };
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
    const { prefix, standard } = this.data;
    this.address(Object.fromEntries(["step", "speed"].map((part) =>
      [`${prefix}_${part}`, this.view[part] === standard[part] ? null : String(this.view[part])])));
  }

  speed() { return this.data.speeds.find(({ code }) => code === this.view.speed); }

  build() {
    this.grid = element("div", { class: "lanes" });
    this.counter = element("span", { class: "readout" });
    this.steps = 0;
    this.transport = createTransport({
      goTo: (step) => this.goTo(step), step: () => this.view.step, steps: () => this.steps, speed: () => this.speed(),
      changed: () => {
        this.buttons.show((key) => this.say(key));
        this.root.dataset.playing = String(this.transport.isPlaying());
      },
    });
    this.buttons = transportButtons(this.transport);
    this.strip = createStrip(HEIGHT, { step: () => this.view.step, steps: () => this.steps, to: this.transport.to });
    this.speeds = element("select", { onchange: () => { this.view.speed = this.speeds.value; this.remember(); } });
    this.root.append(element("div", { class: "bar" }, this.buttons.box, this.speeds, this.counter), this.grid, this.strip.canvas);
    listenToKeys(this.root, this.transport);
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
    const { labels, speeds } = this.data;
    this.root.setAttribute("aria-label", labels.race);
    this.strip.canvas.setAttribute("aria-label", labels.scrub);
    this.speeds.setAttribute("aria-label", labels.speed);
    this.speeds.replaceChildren(...speeds.map(({ code }) => element("option", { value: code }, labels.speeds[code])));
    this.speeds.value = this.view.speed;
    this.buttons.show((key) => this.say(key));
    this.lanes.forEach((lane, i) => {
      lane.title.textContent = this.data.lanes[i].title;
      lane.canvas.setAttribute("aria-label", this.data.lanes[i].title);
    });
  }

  resize() {
    const width = Math.round(this.strip.canvas.parentElement.clientWidth);
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
    const lines = this.lanes.map(({ run }, i) => ({ values: run.loss, color: this.ink.text, dashes: DASHES[i], thickness: 2 }));
    this.strip.prepare(lines, { width, ratio, ink: this.ink });
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
    this.strip.paint(losses.map((loss) => [loss, this.ink.accent]));
    this.counter.textContent = this.say("readout_step", { step, steps: this.steps });
    Object.assign(this.root.dataset, {
      step: String(step), steps: String(this.steps), losses: losses.join(","), loss: String(losses[best]),
      playing: String(this.transport.isPlaying()),
    });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, RaceStage); }
