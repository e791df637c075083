// The race: up to four runs on the same points, side by side under one playhead, with one chart of their losses.
import { mountInstrument } from "../shared/instrument.js";
import { element } from "../shared/live.js";
import { WHILE_IT_PLAYS, throttle } from "../shared/messages.js";
import { percent, readable } from "../shared/numbers.js";
import { createAnnouncer } from "../shared/announcer.js";
import { createPainter } from "../training_stage/painter.js";
import { PlayedStage } from "../training_stage/playhead.js";
import { isUndecided, readRun, weightsAt } from "../training_stage/run.js";

const HEIGHT = 120;
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

class RaceStage extends PlayedStage {
  constructor(streamlit) {
    super(streamlit, { class: "race", "data-instrument": "race-stage", stripHeight: HEIGHT });
  }

  renew() {
    this.transport.pause();
    this.matchLanes();
    this.view.step = Math.min(this.view.step, this.steps());
  }

  // The accuracy; equal classes have none yet.
  verdict(run, at) { return isUndecided(weightsAt(run, at)) ? this.say("undecided_here") : percent(run.accuracy[at]); }

  steps() { return Math.max(0, ...this.lanes.map(({ run }) => run.steps)); }

  runs() { return this.lanes.map(({ run }) => run); }

  build() {
    this.lanes = [];
    this.parameters = { step: "step", speed: "speed" };
    this.tell = throttle((state) => this.streamlit.setStateValue("state", state), { ...WHILE_IT_PLAYS, first: 0, shortest: 1000 });
    this.announcer = createAnnouncer({ sentence: () => this.sentence(), isMoving: () => this.transport.isPlaying(), write: () => this.nameLanes() });
    this.parts.push(this.tell, this.announcer);
    this.measured = element("div", { class: "lanes" });
    this.counter = element("span", { class: "readout" });
    this.root.append(element("div", { class: "bar" }, this.buttons.box, this.speeds, this.counter), this.measured, this.strip.canvas, this.announcer.node);
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
      this.measured.append(box);
      this.lanes.push({ box, canvas, mark, title, numbers, painter: createPainter(canvas) });
    }
    lanes.forEach((lane, i) => { this.lanes[i].run = readRun(lane.run, points, this.data.feature_map); });
  }

  writeTexts() {
    super.writeTexts();
    this.root.setAttribute("aria-label", this.data.labels.race);
    this.lanes.forEach((lane, i) => {
      lane.title.textContent = this.data.lanes[i].title;
    });
    this.nameLanes();
  }

  // What each lane shows now.
  nameLanes() {
    for (const { canvas, title, numbers } of this.lanes) canvas.setAttribute("aria-label", [title, numbers].map(({ textContent }) => textContent).filter(Boolean).join(": "));
  }

  sentence() { return [this.counter.textContent, ...this.lanes.map(({ title, numbers }) => `${title.textContent}: ${numbers.textContent}`)].join(". "); }

  prepare() {
    for (const lane of this.lanes) lane.painter.prepare(lane.run, this.data, Math.round(lane.box.clientWidth), this.ink);
    this.lanes.forEach(({ mark }, i) => this.paintMark(mark, DASHES[i], this.laneColor(i)));
  }

  // Of the theme that the reader sees: the colours of the lanes are no class colours, and each has its dashes too.
  laneColor(i) { return this.data.laneColors[this.ink.isDark ? "dark" : "light"][i]; }

  curves() { return this.lanes.map(({ run }, i) => ({ values: run.loss, color: this.laneColor(i), dashes: DASHES[i], thickness: 2.2 })); }

  paintMark(mark, dashes, color) {
    const context = mark.getContext("2d");
    context.clearRect(0, 0, 64, 12);
    context.setLineDash(dashes.map((d) => 2 * d));
    context.strokeStyle = color;
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
      if (!lane.painter.paint(at, { regions: "soft", length: 1 }, null, null, { plays: this.transport.isPlaying() })) this.repaint();
      lane.numbers.textContent = this.say("lane", { loss: readable(losses[i], 4), accuracy: this.verdict(lane.run, at) });
      lane.box.classList.toggle("best", i === best && step > 0);
    });
    this.seen = Math.max(this.seen ?? 0, step); // who wins is seen as far as it was played
    this.strip.paint(losses.map((loss, i) => [loss, this.laneColor(i)]), this.seen);
    this.counter.textContent = this.say("readout_step", { step, steps: this.steps() });
    this.announcer.later();
    Object.assign(this.root.dataset, {
      step: String(step), steps: String(this.steps()), losses: losses.join(","),
      playing: String(this.transport.isPlaying()),
    });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, RaceStage); }
