// Weights in the hand: the tips of the weight vectors and the borders are dragged, and everything follows at once.
import { argmax, logSoftmax, softmax } from "../shared/softmax.js";
import { borders } from "./plane.js";
import { logitsOf, placeFeatures, planeWeights, pointLogits } from "./run.js";
import { hasVectors, vectorTips } from "./vectors.js";

const REACH = 18; // how near, in pixels, the pointer must come to a handle
const DIGITS = 4; // of a weight that was set by hand: what a link can carry

// The objective on the training points, with the formulas of softmax_core: weighted cross-entropy against smoothed
// targets, plus (l2 / 2) sum W^2 and l1 sum |W|.
export function evaluate(run, weights, objective) {
  const { K, m } = run;
  const { l2 = 0, l1 = 0, smoothing = 0, classWeights = null } = objective ?? {};
  const gradW = new Float32Array(m * K);
  const gradb = new Float32Array(K);
  let loss = 0, total = 0, right = 0, count = 0;
  for (let i = 0; i < run.n; i++) {
    if (run.held[i]) continue;
    const z = pointLogits(run, weights, i);
    const share = classWeights ? classWeights[run.y[i]] : 1;
    const logs = logSoftmax(z);
    const p = softmax(z);
    total += share;
    count += 1;
    right += argmax(z) === run.y[i] ? 1 : 0;
    for (let k = 0; k < K; k++) {
      const y = smoothing / K + (k === run.y[i] ? 1 - smoothing : 0);
      if (y) loss -= share * y * logs[k];
      const gap = share * (p[k] - y);
      gradb[k] += gap;
      for (let j = 0; j < m; j++) gradW[j * K + k] += gap * (run.features ? run.features[i * m + j] : run.x[2 * i + j]);
    }
  }
  let penalty = 0;
  for (let i = 0; i < m * K; i++) {
    const w = weights.W[i];
    gradW[i] = gradW[i] / total + l2 * w;
    penalty += (l2 / 2) * w * w + l1 * Math.abs(w);
  }
  gradb.forEach((g, k) => { gradb[k] = g / total; });
  return { ...weights, gradW, gradb, loss: loss / total + penalty, accuracy: right / count };
}

// The handles that can be seen: every tip, and the middle of every border between two regions.
export function handles(painter, weights, length) {
  const plane = painter.plane();
  const run = painter.run();
  const tips = !hasVectors(run) ? []
    : vectorTips(plane, painter.reach(), weights, length).map(({ k, tip }) => ({ kind: "tip", k, at: tip }));
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

export function grabbed(list, u, v) {
  let best = null;
  let nearest = REACH;
  for (const handle of list) {
    const distance = Math.hypot(handle.at[0] - u, handle.at[1] - v);
    if (distance < nearest) { nearest = distance; best = handle; }
  }
  return best;
}

const short = (x) => Number(x.toPrecision(DIGITS));

// The weights after a handle was moved to (u, v) on the canvas.
export function moved(weights, handle, u, v, painter, length) {
  const { K } = weights;
  const W = Float32Array.from(weights.W);
  const b = Float32Array.from(weights.b);
  const plane = painter.plane();
  if (handle.kind === "tip") {
    const { weight, unit } = painter.reach();
    W[handle.k] = short((unit[0] * (u - plane.width / 2)) / (weight * length));
    W[K + handle.k] = short((-unit[1] * (v - plane.height / 2)) / (weight * length));
    return { ...weights, W, b };
  }
  // Both biases share the change that makes the two logits equal at the pointer.
  const { j, k } = handle;
  const z = logitsOf(weights, placeFeatures(painter.run().map, ...plane.toData(u, v)));
  const gap = z[j] - z[k];
  b[j] = short(b[j] - gap / 2);
  b[k] = short(b[k] + gap / 2);
  return { ...weights, W, b };
}

// The weights after one number was written: row m is that of the biases.
export function withWeight(weights, j, k, value) {
  const { K, m } = weights;
  const W = Float32Array.from(weights.W);
  const b = Float32Array.from(weights.b);
  if (j < m) W[j * K + k] = value;
  else b[k] = value;
  return { ...weights, W, b };
}

export function paintHandles(context, list, ink) {
  context.lineWidth = 2;
  context.strokeStyle = ink.text;
  context.fillStyle = ink.paper;
  for (const { kind, at } of list) {
    context.beginPath();
    if (kind === "tip") context.arc(...at, 10, 0, 2 * Math.PI);
    else context.rect(at[0] - 6, at[1] - 6, 12, 12);
    if (kind === "border") context.fill();
    context.stroke();
  }
}

// m rows of K weights and one of biases, as Python takes them.
export function rowsOf({ W, b, m, K }) {
  const rows = Array.from({ length: m }, (_, j) => Array.from(W.subarray(j * K, (j + 1) * K), short));
  return [...rows, Array.from(b, short)];
}
