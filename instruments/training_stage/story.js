// One step, slowly, on the stage: the pull of one point, the pulls of all, their mean, the step of w, the swing of the border.
import { prefersReducedMotion } from "../shared/motion.js";
import { element, icon } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { withModifier } from "../shared/press.js";
import { softmax } from "../shared/softmax.js";
import { isNetwork, isUndecided, pointLogits, weightsAt } from "./run.js";
import { shiftOfBorders } from "./plane.js";
import { arrow, hasVectors, vectorTips } from "./vectors.js";

export const PHASES = ["pull", "all", "mean", "move", "swing"];
const SECONDS = { pull: 1.4, all: 1, mean: 1.6, move: 1, swing: 1.4 };
const LONGEST_PULL = 0.3; // of the height of the stage
const SAME = 2e-3; // relative difference below which two vectors in single precision are the same
const SEEN = 5; // pixels that a border must move to be worth a look
const SEARCHED = 300; // steps at the beginning of a run
const STORY_ICONS = { back: "M15 5v14L5 12z", next: "M9 5v14l10-7z" };

const ease = (t) => t * t * (3 - 2 * t);
const between = (a, b, t) => a + t * (b - a);

// The weights a share t of the way from one step to the next.
export function mixedWeights(from, to, t) {
  const mix = (name) => Float32Array.from(from[name], (value, i) => between(value, to[name][i], t));
  return { K: from.K, m: from.m, W: mix("W"), b: mix("b"), gradW: mix("gradW"), gradb: mix("gradb") };
}

// -(p_k - y_k) x of every training point, for each class k: its index, its first two parts, and its weight in the mean.
// Targets are smoothed and points weighted as the objective says. only: the one point that is asked for, or -1 for all.
export function pullsOf(run, weights, { smoothing = 0, classWeights = null } = {}, only = -1) {
  const pulls = Array.from({ length: run.K }, () => []);
  for (let i = 0; i < run.n; i++) {
    if (run.isTest[i] || (only >= 0 && i !== only)) continue;
    softmax(pointLogits(run, weights, i)).forEach((p, k) => {
      const pull = smoothing / run.K + (run.y[i] === k ? 1 - smoothing : 0) - p;
      pulls[k].push({ i, x: pull * run.features[i * run.m], y: pull * run.features[i * run.m + 1], share: classWeights ? classWeights[run.y[i]] : 1 });
    });
  }
  return pulls;
}

// How the dashed arrow, -gradient, comes about from the pulls: their "mean", the mean "less" a penalty, or that of a "batch".
export function originOf(pulls, weights, k, { l2 = 0 } = {}) {
  const { W, gradW, K } = weights;
  const total = pulls.reduce((sum, { share }) => sum + share, 0) || 1;
  const mean = ["x", "y"].map((axis) => pulls.reduce((sum, pull) => sum + pull.share * pull[axis], 0) / total);
  const arrowOf = [-gradW[k], -gradW[K + k]];
  const scale = pulls.reduce((sum, { x, y }) => sum + Math.hypot(x, y), 0) / (pulls.length || 1);
  const near = (a) => Math.hypot(a[0] - arrowOf[0], a[1] - arrowOf[1]) <= SAME * scale;
  if (near(mean) && !l2) return "mean";
  return near([mean[0] - l2 * W[k], mean[1] - l2 * W[K + k]]) ? "less" : "batch";
}

// The rate of plain gradient descent that leads from one step to the next, or null where the step is another one.
export function plainRate(from, to) {
  let along = 0, size = 0, way = 0;
  const parts = [[from.W, to.W, from.gradW], [from.b, to.b, from.gradb]];
  for (const [a, b, g] of parts) for (let i = 0; i < a.length; i++) { along -= (b[i] - a[i]) * g[i]; size += g[i] * g[i]; way += (b[i] - a[i]) ** 2; }
  const rate = along / size;
  if (!(rate > 0)) return null;
  let off = 0;
  for (const [a, b, g] of parts) for (let i = 0; i < a.length; i++) off += (b[i] - a[i] + rate * g[i]) ** 2;
  return off <= SAME ** 2 * way ? rate : null;
}

// Two numbers with as many digits as it takes to tell them apart.
function apart(before, after) {
  const digits = [4, 5, 6, 7, 8].find((d) => readable(before, d) !== readable(after, d)) ?? 4;
  return { before: readable(before, digits), after: readable(after, digits) };
}

// The step in which one best sees the borders turn: the one from there moves them most, and they are there before.
function boldestStep(run, plane) {
  let [best, most] = [-1, SEEN];
  for (let step = 0; step < Math.min(run.steps, SEARCHED); step++) {
    const shift = shiftOfBorders(weightsAt(run, step), weightsAt(run, step + 1), plane);
    if (Number.isFinite(shift) && shift > most) [best, most] = [step, shift];
  }
  return best;
}

// The most that one weight or bias changes.
function largestChange(from, to) {
  return Math.max(...["W", "b"].flatMap((name) => Array.from(from[name], (value, i) => Math.abs(to[name][i] - value))));
}

// The stage as the story sees it: run(), step(), data(), plane(), goTo(step), isPlaying(), pause(), repaint(), told(story or null), say(key, values).
export function createStory(stage) {
  let now = null; // { point, phase }: index among all points, and of the phase
  let share = 1; // of the phase that has been shown
  let frame = 0;
  let sent = 0; // counts what Python was told; older answers are late
  let received = "";
  let bolds = {}; // of which run it is known where it swings most
  let cached = {}; // the pulls of one step, which stay while they are animated

  const sentence = element("p", { role: "status", "aria-live": "polite" });
  const counter = element("span", { class: "count" });
  const button = (name, act) => element("button", { class: `tool ${name}`, type: "button", onclick: act });
  const back = button("back", () => turn(-1));
  const next = button("next", () => turn(1));
  const away = element("button", { class: "away", type: "button", onclick: () => close() }, "×");
  const bold = element("button", { class: "tool bold", type: "button", hidden: true, onclick: () => toBoldest() });
  const box = element("div", { class: "story", role: "group", hidden: true }, element("div", { class: "told" }, counter, sentence),
    element("div", { class: "turn" }, back, next, away, bold));

  const phase = () => (now ? PHASES[now.phase] : null);
  const isLast = () => stage.step() >= stage.run().steps;
  // The step whose gradient is told: in the last phase the playhead stands behind it already. After the last step of the run
  // there is no update, so the one before it is told.
  const from = () => Math.max(0, stage.step() - (phase() === "swing" || isLast() ? 1 : 0));

  const pulls = () => {
    const [run, step, { objective }] = [stage.run(), from(), stage.data()];
    const only = stage.isPlaying() ? now.point : -1; // those of thousands of points would cost a playing run its frames
    if (cached.run !== run || cached.step !== step || cached.only !== only) {
      cached = { run, step, only, pulls: pullsOf(run, weightsAt(run, step), objective, only) };
    }
    return cached.pulls;
  };

  const animate = () => {
    cancelAnimationFrame(frame);
    if (!now) return;
    if (prefersReducedMotion()) { share = 1; stage.repaint(); return; }
    share = 0;
    let begin = null;
    const tick = (time) => {
      begin ??= time;
      share = Math.min(1, Math.max(0, (time - begin) / 1000 / SECONDS[phase()]));
      stage.repaint();
      if (share < 1) frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
  };
  const tell = () => stage.told({ number: ++sent, point: now ? now.point : null, phase: phase() });
  const show = (point, index) => {
    now = { point, phase: index };
    stage.pause();
    tell();
    animate();
  };

  // A network has no phases here: its point is only marked, and Python hears which; chosen again it is let go.
  const choose = (point) => {
    if (isNetwork(stage.run()) && now?.point === point) close();
    else if (!stage.run().isTest[point]) show(point, 0);
  };
  const close = () => { if (now) { now = null; tell(); cancelAnimationFrame(frame); stage.repaint(); } };
  const first = () => Math.max(0, stage.run().isTest.indexOf(0));
  // Forward or back by one phase; with the last one the playhead goes to the next step.
  const turn = (way) => {
    if (!now) return show(first(), 0);
    if (isNetwork(stage.run())) return;
    const name = phase();
    if (way > 0 && name === "swing" && isLast()) return;
    if (way < 0 && name === "pull") return;
    const to = (now.phase + way + PHASES.length) % PHASES.length;
    if (PHASES[to] === "swing") stage.goTo(from() + 1);
    else if (name === "swing" && way < 0) stage.goTo(stage.step() - 1);
    show(now.point, to);
  };

  const boldest = () => {
    if (bolds.run !== stage.run()) bolds = { run: stage.run(), step: boldestStep(stage.run(), stage.plane()) };
    return bolds.step;
  };
  const toBoldest = () => {
    stage.goTo(boldest() + 1);
    show(now.point, PHASES.indexOf("swing"));
  };

  // What Python shows, unless the learner has gone on in the meantime.
  const receive = (story) => {
    const wanted = JSON.stringify(story);
    if (wanted === received || (story?.echo ?? sent) < sent) return;
    received = wanted;
    const before = JSON.stringify(now);
    if (story && !now) stage.pause(); // the numbers beside the stage are those of one step: Python hears which
    // The last phase was chosen beside the stage, or left: as with Next and Back, it is the same step that is told.
    const [ends, ended] = [story?.phase === "swing", phase() === "swing"];
    if (story && now && ends !== ended) {
      const to = ends ? from() + 1 : stage.step() - 1;
      now = null; // nobody has gone on: the story is told on
      stage.goTo(to);
    }
    now = story ? { point: story.point, phase: isNetwork(stage.run()) ? 0 : Math.max(0, PHASES.indexOf(story.phase)) } : null;
    if (phase() === "swing" && stage.step() === 0) now.phase = 0;
    if (JSON.stringify(now) !== before) animate();
  };

  // Another step was chosen by other means: the story begins with its pulls, which are those of that step.
  const moved = () => {
    if (phase() !== "swing" && !(stage.isPlaying() && now?.phase)) return;
    now.phase = 0;
    share = 1;
    tell();
  };

  // Weights between two steps, for the phases in which they move: { regions, vectors }, either null where they rest.
  const weights = () => {
    const [name, run] = [phase(), stage.run()];
    if (isNetwork(run)) return null;
    if (name === "swing" && stage.step() > 0) {
      return { regions: mixedWeights(weightsAt(run, stage.step() - 1), weightsAt(run, stage.step()), ease(share)), vectors: weightsAt(run, stage.step()) };
    }
    if (!name || (name !== "move" && !isLast())) return null;
    const a = weightsAt(run, from());
    const regions = isLast() ? a : null;
    if (name !== "move" || run.steps === 0) return { regions, vectors: a };
    const b = weightsAt(run, from() + 1);
    return { regions, vectors: { ...mixedWeights(a, b, ease(share)), gradW: a.gradW, gradb: a.gradb } };
  };

  const facts = () => {
    const run = stage.run();
    const [at, k, { names }] = [weightsAt(run, from()), run.y[now.point], stage.data()];
    const p = softmax(pointLogits(run, at, now.point))[k];
    const own = pulls()[k];
    const largest = own.reduce((most, { x, y }) => Math.max(most, Math.hypot(x, y)), 0);
    const part = (value) => readable(Math.abs(value) < 1e-6 * largest ? 0 : value);
    return {
      k, own, at, values: {
        name: names[k], p: readable(p), n: own.length, arrow: `(${part(-at.gradW[k])}, ${part(-at.gradW[run.K + k])}${run.m > 2 ? ", …" : ""})`,
        ...apart(run.loss[from()], run.loss[Math.min(run.steps, from() + 1)]), from: from(), to: from() + 1,
      },
    };
  };

  const tellSentence = () => {
    box.hidden = !now || isNetwork(stage.run());
    if (box.hidden || now.point >= stage.run().n) return;
    const run = stage.run();
    const { k, own, at, values } = facts();
    let [more, isStill] = ["", false];
    let key = `story_${phase()}`;
    if (phase() === "mean") key = `story_${originOf(own, at, k, stage.data().objective)}`;
    if (phase() === "move") {
      const rate = plainRate(at, weightsAt(run, from() + 1));
      key = rate === null ? "story_other_move" : "story_move";
      values.rate = rate === null ? "" : String(Number(rate.toPrecision(3)));
    }
    if (phase() === "swing") {
      const after = weightsAt(run, from() + 1);
      values.change = readable(largestChange(at, after), 4);
      isStill = !isUndecided(at) && run.m === 2 && shiftOfBorders(at, after, stage.plane()) < 1;
      if (isUndecided(at)) key = "story_appears";
      else if (isStill) key = "story_still";
      const ps = [at, after].map((weights) => softmax(pointLogits(run, weights, now.point))[k]);
      const { before: p, after: next } = apart(...ps);
      const isAlone = plainRate(at, after) !== null && !stage.data().objective.l2; // only the pulls have moved w
      const fell = ps[1] < ps[0] && p !== next;
      if (fell && isAlone) more = ` ${stage.say("story_outvoted", { p, next })}`;
      else if (fell || isStill) more = ` ${stage.say("story_p", { p, next })}`;
    }
    bold.hidden = !isStill || boldest() < 0;
    if (!bold.hidden) bold.textContent = stage.say("story_bold", { step: boldest() });
    const ends = isLast() ? ` ${stage.say("story_last", values)}` : "";
    const text = stage.say(key, values) + more + ends;
    if (sentence.textContent !== text) sentence.textContent = text;
    counter.textContent = `${now.phase + 1}/${PHASES.length}`;
    back.disabled = now.phase === 0;
    next.disabled = phase() === "swing" && isLast();
  };

  // --- the picture
  const paint = (context, scene) => {
    if (!now || now.point >= scene.run.n) return;
    const { plane, run, ink, scales } = scene;
    const place = plane.toCanvas(run.x[2 * now.point], run.x[2 * now.point + 1]);
    ring(context, place, ink);
    if (!hasVectors(run) || isNetwork(run) || !["pull", "all", "mean"].includes(phase())) return;
    const at = weightsAt(run, from());
    const k = run.y[now.point];
    const [sx, sy] = scales.unit;
    const length = ({ x, y }) => Math.hypot(x / sx, y / sy);
    const every = pulls();
    const longest = every.flat().reduce((most, pull) => Math.max(most, length(pull)), 0);
    const scale = Math.min(scales.gradient * stage.length(), longest > 0 ? (LONGEST_PULL * plane.height) / longest : Infinity);
    const drawn = ({ x, y }, grown = 1) => [(x / sx) * scale * grown, (-y / sy) * scale * grown];
    const t = ease(share);
    const home = ({ i }) => plane.toCanvas(run.x[2 * i], run.x[2 * i + 1]);
    const own = every.map((those) => those.find(({ i }) => i === now.point));
    const tips = vectorTips(plane, scales, at, stage.length());
    if (phase() === "pull") {
      const [grown, gone] = [ease(Math.min(1, share / 0.5)), ease(Math.max(0, (share - 0.5) / 0.5))];
      return own.forEach((pull, j) => {
        const vector = drawn(pull, grown);
        const along = drawn({ x: run.features[pull.i * run.m], y: run.features[pull.i * run.m + 1] });
        const [start, goal] = [home(pull), tips[j].tip].map((place) => aside(place, along, j, run.K));
        paintPull(context, start, vector, scene, j, 3.4);
        // Where it acts: at the tip of the vector.
        if (gone > 0) paintPull(context, [0, 1].map((axis) => between(start[axis], goal[axis], gone)), vector, scene, j, 2.4);
      });
    }
    if (phase() === "all") {
      paintMany(context, every[k].map((pull) => [home(pull), drawn(pull, t)]), scene, k);
      return paintPull(context, home(own[k]), drawn(own[k]), scene, k, 3.4);
    }
    const { tip, end } = tips[k];
    const mean = [end[0] - tip[0], end[1] - tip[1]];
    const [gather, melt] = [ease(Math.min(1, share / 0.55)), ease(Math.max(0, (share - 0.55) / 0.45))];
    paintMany(context, every[k].map((pull) => {
      const [start, vector] = [home(pull), drawn(pull)];
      return [[0, 1].map((axis) => between(start[axis], tip[axis], gather)), [0, 1].map((axis) => between(vector[axis], mean[axis], melt))];
    }), scene, k, 1 - 0.85 * melt);
  };

  const writeTexts = () => {
    const { labels } = stage.data();
    box.setAttribute("aria-label", labels.story);
    back.replaceChildren(icon(STORY_ICONS.back), labels.story_back);
    next.replaceChildren(labels.story_next, icon(STORY_ICONS.next));
    for (const [node, text] of [[back, labels.story_back_key], [next, labels.story_next_key], [away, labels.story_close]]) node.title = text;
    away.setAttribute("aria-label", labels.story_close);
  };

  // N and B go on and back, Escape closes, wherever the focus is on the stage.
  const listen = (event) => {
    if (withModifier(event) || event.target.closest("select, input")) return;
    const act = { n: () => turn(1), b: () => turn(-1), Escape: close }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (event.key !== "n" && event.key !== "N" && !now)) return;
    event.preventDefault();
    act();
  };
  // The dashed arrows come out of the pulls: they are not there before these have met.
  const hidesDescent = () => !isNetwork(stage.run()) && (phase() === "pull" || phase() === "all" || (phase() === "mean" && share < 0.8));
  const oldStep = () => (phase() === "swing" && stage.step() > 0 ? stage.step() - 1 : -1);
  return {
    box, choose, close, receive, moved, weights, paint, tellSentence, writeTexts, listen, hidesDescent, oldStep,
    phase, point: () => (now ? now.point : -1), cancel: () => cancelAnimationFrame(frame),
  };
}

// Pulls of one point lie on one line: side by side they can all be seen.
function aside([u, v], [du, dv], j, K) {
  const size = Math.hypot(du, dv) || 1;
  const way = 7 * (j - (K - 1) / 2);
  return [u - (dv / size) * way, v + (du / size) * way];
}

function ring(context, at, ink) {
  for (const [color, width] of [[ink.rim, 5], [ink.text, 2.5]]) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.arc(...at, 11, 0, 2 * Math.PI);
    context.stroke();
  }
}

function paintPull(context, start, vector, { data, ink }, k, thickness) {
  const end = [start[0] + vector[0], start[1] + vector[1]];
  arrow(context, start, end, ink.rim, thickness + 3, []);
  arrow(context, start, end, data.colors[k], thickness, []);
}

// Hundreds of thin arrows as two paths: a light one below, the colour of the class on top.
function paintMany(context, arrows, { data, ink }, k, alpha = 1) {
  context.globalAlpha = alpha;
  context.lineCap = "round";
  for (const [color, width] of [[ink.rim, 4], [data.colors[k], 1.7]]) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    for (const [[u, v], [du, dv]] of arrows) {
      const size = Math.hypot(du, dv);
      if (size < 0.5) continue;
      const head = Math.min(5, size / 2) / size;
      const [eu, ev] = [u + du, v + dv];
      context.moveTo(u, v);
      context.lineTo(eu, ev);
      context.moveTo(eu - head * (du - 0.6 * dv), ev - head * (dv + 0.6 * du));
      context.lineTo(eu, ev);
      context.lineTo(eu - head * (du + 0.6 * dv), ev - head * (dv - 0.6 * du));
    }
    context.stroke();
  }
  context.globalAlpha = 1;
  context.lineCap = "butt";
}
