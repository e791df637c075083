// The weight editor: the tips of the weight vectors and the borders are dragged, or numbers are written into a table.
// Everything follows at once; Python hears of the weights at the end of a drag.
import { element, fill } from "../shared/live.js";
import { listenToPresses } from "../shared/press.js";
import { argmax, logSoftmax, softmax } from "../shared/softmax.js";
import { borders } from "./plane.js";
import { logitsOf } from "./layers.js";
import { placeFeatures, planeWeights, pointLogits } from "./run.js";
import { hasVectors, vectorTips } from "./vectors.js";
import { createWeightTable } from "./weight_table.js";

const REACH = 18; // how near, in pixels, the pointer must come to a handle
const CLICK_REACH = 4; // pixels that the pointer may move in a click
const DIGITS = 4; // significant digits of an edited weight: what a link can carry

// The objective on the training points, with the formulas of softmax_core: weighted cross-entropy against smoothed
// targets, plus (l2 / 2) sum W^2 and l1 sum |W|.
function evaluate(run, weights, objective) {
  const { K, m } = run;
  const { l2 = 0, l1 = 0, smoothing = 0, classWeights = null } = objective ?? {};
  const gradW = new Float32Array(m * K);
  const gradb = new Float32Array(K);
  // Sums over the training points and over the test points; only the first have a gradient.
  const [train, test] = [{ loss: 0, total: 0, right: 0, count: 0 }, { loss: 0, total: 0, right: 0, count: 0 }];
  for (let i = 0; i < run.n; i++) {
    const z = pointLogits(run, weights, i);
    const share = classWeights ? classWeights[run.y[i]] : 1;
    const logs = logSoftmax(z);
    const side = run.isTest[i] ? test : train;
    side.total += share;
    side.count += 1;
    side.right += argmax(z) === run.y[i] ? 1 : 0;
    const p = softmax(z);
    for (let k = 0; k < K; k++) {
      const y = smoothing / K + (k === run.y[i] ? 1 - smoothing : 0);
      if (y) side.loss -= share * y * logs[k];
      if (run.isTest[i]) continue;
      const gap = share * (p[k] - y);
      gradb[k] += gap;
      for (let j = 0; j < m; j++) gradW[j * K + k] += gap * run.features[i * m + j];
    }
  }
  let penalty = 0;
  for (let i = 0; i < m * K; i++) {
    const w = weights.W[i];
    gradW[i] = gradW[i] / train.total + l2 * w;
    penalty += (l2 / 2) * w * w + l1 * Math.abs(w);
  }
  gradb.forEach((g, k) => { gradb[k] = g / train.total; });
  const lossOf = ({ loss, total }) => loss / total + penalty;
  return {
    ...weights, gradW, gradb, loss: lossOf(train), accuracy: train.right / train.count,
    testLoss: test.count ? lossOf(test) : null, testAccuracy: test.right / test.count,
  };
}

// The handles that can be seen: every tip, and the middle of every border between two regions.
function handlesOf(painter, weights, length) {
  const plane = painter.plane();
  const run = painter.run();
  const tips = !hasVectors(run) ? []
    : vectorTips(plane, painter.scales(), weights, length).map(({ k, tip }) => ({ kind: "tip", k, at: tip }));
  if (run.map?.features) return tips;
  const shared = new Map();
  borders(planeWeights(weights, run.map), plane.box).polygons.forEach((polygon, k) => polygon.forEach((p, i) => {
    const q = polygon[(i + 1) % polygon.length];
    const middle = plane.toCanvas((p[0] + q[0]) / 2, (p[1] + q[1]) / 2);
    const place = middle.map((u) => Math.round(u / 3)).join();
    if (shared.has(place)) shared.get(place).push(k);
    else shared.set(place, [k, middle]);
  }));
  const bias = [...shared.values()].filter((entry) => entry.length === 3)
    .map(([j, at, k]) => ({ kind: "border", j, k, at }));
  return [...tips, ...bias];
}

function grabbed(list, u, v) {
  let best = null;
  let nearest = REACH;
  for (const handle of list) {
    const distance = Math.hypot(handle.at[0] - u, handle.at[1] - v);
    if (distance < nearest) { nearest = distance; best = handle; }
  }
  return best;
}

const short = (x) => Number(x.toPrecision(DIGITS));

// Copies that can be written to.
const copied = (weights) => ({ ...weights, W: Float32Array.from(weights.W), b: Float32Array.from(weights.b) });

// The weights after a handle was moved to (u, v) on the canvas.
function moved(weights, handle, u, v, painter, length) {
  const after = copied(weights);
  const { K, W, b } = after;
  const plane = painter.plane();
  const { j, k } = handle;
  if (handle.kind === "tip") {
    const { weight, unit } = painter.scales();
    W[k] = short((unit[0] * (u - plane.width / 2)) / (weight * length));
    W[K + k] = short((-unit[1] * (v - plane.height / 2)) / (weight * length));
    return after;
  }
  // Both biases share the change that makes the two logits equal at the pointer.
  const z = logitsOf(weights, placeFeatures(painter.run().map, ...plane.toData(u, v)));
  const gap = z[j] - z[k];
  b[j] = short(b[j] - gap / 2);
  b[k] = short(b[k] + gap / 2);
  return after;
}

// The weights after one number was written: row m is that of the biases.
function withWeight(weights, j, k, value) {
  const after = copied(weights);
  if (j < after.m) after.W[j * after.K + k] = value;
  else after.b[k] = value;
  return after;
}

// picked: the one that waits for its place, or null.
function paintHandles(context, list, ink, picked) {
  context.lineWidth = 2;
  context.strokeStyle = ink.text;
  for (const { kind, at, j, k } of list) {
    const waits = picked?.kind === kind && picked.k === k && picked.j === j;
    context.fillStyle = waits ? ink.accent : ink.paper;
    context.beginPath();
    if (kind === "tip") context.arc(...at, 10, 0, 2 * Math.PI);
    else context.rect(at[0] - 6, at[1] - 6, 12, 12);
    if (kind === "border" || waits) context.fill();
    context.stroke();
  }
}

// m rows of K weights and one of biases, as Python takes them.
function rowsOf({ W, b, m, K }) {
  const rows = Array.from({ length: m }, (_, j) => Array.from(W.subarray(j * K, (j + 1) * K), short));
  return [...rows, Array.from(b, short)];
}

// The stage as the editor sees it:
//   painter            plane(), run(), scales(): where things lie on the canvas
//   run(), data()      the run on the stage, and what Python sent
//   weights()          those of the run at the playhead
//   step(), length()   the playhead, and how long the weight vectors are drawn
//   mayMove(), isPlaying(), play(), pause(), repaint()
//   opened(on)         the editor was opened or closed
//   closed()           it should be closed: another tool takes its place
//   send(step, rows)   the end of a drag, with these weights
export function createWeightEditor(stage) {
  let on = false;
  let edited = null; // edited weights with their loss and gradient, until Python has answered
  let unsent = false; // whether Python has still to hear of them
  let handle = null;
  let picked = null; // the handle that a click has picked up: the next one says where it goes
  let pressed = null; // where a press began, until it has become a drag
  let playNext = false;
  let wasEdited = false; // until Python has answered
  let steps = Infinity; // of the run before

  const say = (text) => { message.textContent = text; message.hidden = !text; };
  const weights = () => edited ?? stage.weights();
  const hold = (changed) => {
    stage.pause();
    say("");
    edited = evaluate(stage.run(), changed, stage.data().objective);
    unsent = true;
    stage.repaint();
  };
  const settled = () => {
    if (edited) stage.send(stage.step(), rowsOf(edited));
    unsent = false;
  };

  const table = createWeightTable({
    data: () => stage.data(), changed: (j, k, value) => hold(withWeight(weights(), j, k, value)), settled,
    refused: (text) => say(text),
  });
  const play = element("button", { class: "tool", type: "button", onclick: () => playFromHere() });
  const hint = element("span");
  const message = element("p", { class: "refused", role: "status", "aria-live": "polite", hidden: true });
  const box = element("div", { class: "by-hand", hidden: true },
    element("div", { class: "bar" }, hint, play), element("div", { class: "scroll" }, table.node), message);

  const open = (wanted) => {
    if (on === wanted) return;
    on = wanted;
    picked = null;
    box.hidden = !on;
    stage.opened(on);
    stage.repaint();
  };
  // Python has not answered yet where weights are still edited: then the new run plays as soon as it has.
  const playFromHere = () => {
    stage.closed();
    playNext = Boolean(edited);
    if (!playNext) stage.play();
  };

  const place = (event) => [event.offsetX, event.offsetY];
  const handleAt = (event) => (on ? grabbed(handlesOf(stage.painter, weights(), stage.length()), ...place(event)) : null);
  const listen = (canvas) => listenToPresses(canvas, {
    upDown: true,
    wants: (event) => on && (picked !== null || handleAt(event) !== null),
    begin: (at) => {
      const before = edited;
      handle = picked ?? handleAt(at);
      pressed = place(at);
      return () => {
        edited = before;
        stage.repaint();
      };
    },
    move: (event) => {
      if (pressed && Math.hypot(place(event)[0] - pressed[0], place(event)[1] - pressed[1]) <= CLICK_REACH) return;
      pressed = null;
      put(place(event));
    },
    end: () => {
      const chosen = pressed && !picked;
      if (pressed && picked) put(pressed);
      picked = chosen ? handle : null;
      if (chosen) say(stage.data().labels.hand_picked);
      stage.repaint();
      settled();
    },
  });
  const put = ([u, v]) => { if (handle) hold(moved(weights(), handle, u, v, stage.painter, stage.length() || 1)); };

  // Another step has the weights of the run.
  const drop = () => { wasEdited ||= Boolean(edited); edited = null; unsent = false; };
  // A new run is there: it answers what was sent. What is in the hand by now, or just being written, goes on.
  const receive = () => {
    const run = stage.run(), held = unsent && edited?.W.length === run.m * run.K ? edited : null;
    drop();
    if (held) hold(held);
  };
  const answered = () => {
    const more = stage.run().steps - steps;
    if (wasEdited && more > 0) say(fill(stage.data().labels.more_steps, { n: more }));
    wasEdited = false;
    steps = stage.run().steps;
    if (playNext) stage.play();
    playNext = false;
  };
  const writeTexts = () => {
    const { labels } = stage.data();
    hint.textContent = hasVectors(stage.run()) ? labels.hand_hint : labels.hand_hint_table;
    play.textContent = labels.play_from_here;
  };
  const paint = (over, at, ink) => { if (on) paintHandles(over, handlesOf(stage.painter, at, stage.length()), ink, picked); };
  // Where the tips are on the canvas, by class.
  const tips = () => handlesOf(stage.painter, weights(), stage.length()).filter(({ kind }) => kind === "tip").map(({ at }) => at.map(Math.round));
  // Hundreds of fields that change with every frame would cost the playing run its frames.
  const showTable = () => {
    if (!on || stage.isPlaying()) return;
    play.disabled = stage.step() >= stage.run().steps || !stage.mayMove();
    table.show(weights());
  };
  return { box, listen, open, drop, receive, answered, writeTexts, paint, showTable, tips, isOn: () => on, edited: () => edited };
}
