// A training run as the browser holds it: every step's weights and gradients, and the points it learns from.
import { unpacked } from "../shared/live.js";
import { lossOf, outputOf, rowLogits } from "./layers.js";

const floats = (text) => unpacked(text, Float32Array);
const doubles = (text) => unpacked(text, Float64Array);
const bytes = (text) => unpacked(text, Uint8Array);

// m inputs and K outputs of a layer at every step; W is (steps + 1, m, K), b is (steps + 1, K). A network has no use for gradients.
const readLayer = ({ inputs, outputs, W, b, grad_W, grad_b }) => ({
  m: inputs, K: outputs, W: floats(W), b: floats(b), gradW: grad_W ? floats(grad_W) : null, gradb: grad_b ? floats(grad_b) : null,
});

// m features, K classes, steps 0..S. Arrays are flat, classes on the last axis, as NumPy stores them. W, b and their gradients are
// those of the last layer. map says how features come from places, for points and for the grid alike.
export function readRun(run, points, map = null) {
  const { steps } = run;
  const layers = run.layers.map(readLayer);
  const { K, W, b, gradW, gradb } = layers.at(-1);
  const x = doubles(points.x);
  const read = {
    K, m: layers[0].m, steps, stride: run.stride ?? 1, W, b, gradW, gradb, // a film may hold every stride-th step
    layers, hidden: layers.slice(0, -1), activation: run.activation, output: run.output,
    loss: doubles(run.loss), accuracy: doubles(run.accuracy),
    testLoss: run.test_loss ? doubles(run.test_loss) : null, testAccuracy: run.test_accuracy ? doubles(run.test_accuracy) : null,
    x, y: bytes(points.y), isTest: bytes(points.isTest),
    ids: unpacked(points.ids, Int32Array), map: readMap(map),
    features: points.features ? floats(points.features) : x, // a model of x itself has m = 2
  };
  read.n = read.y.length;
  return read;
}

// A grid's text is long and mostly the same as before: it is read once.
let lastMap = { text: null, features: null };

// null for x itself; {shift, scale} for standardised x; for all others the features of the nodes of a grid too.
function readMap(map) {
  if (!map?.features) return map;
  if (lastMap.text !== map.features) lastMap = { text: map.features, features: floats(map.features) };
  return { ...map, features: lastMap.features };
}

// The features of a place for a model that sees x, standardised or not.
export const placeFeatures = (map, x, y) => (map?.shift ? [(x - map.shift[0]) / map.scale[0], (y - map.shift[1]) / map.scale[1]] : [x, y]);

// The weights of a model that sees (x - shift) / scale, as weights of x: its lines and vectors in the plane.
export function planeWeights(weights, map) {
  if (!map?.shift || map.features) return weights;
  const { K, W, b, gradW } = weights;
  const scaled = (values) => Float64Array.from(values.subarray(0, 2 * K), (w, i) => w / map.scale[i < K ? 0 : 1]);
  const plane = scaled(W);
  const bias = Float64Array.from(b, (value, k) => value - map.shift[0] * plane[k] - map.shift[1] * plane[K + k]);
  return { K, m: 2, W: plane, b: bias, gradW: gradW && scaled(gradW), output: weights.output };
}

// Whether a run is more than softmax regression: what is told of one layer, of p - y and of its vectors does not hold there.
export const isNetwork = (run) => run.hidden.length > 0 || run.output === "softmax_sigmoid";

// Whether regions are polygons of which only the corners are computed, or must be traced on a grid.
export const isCurved = (run) => Boolean(run.map?.features) || run.hidden.length > 0;

// Weights of one step: W is (m, K), b is (K,), and the same of every hidden layer. Views, no copies; asked for the same step again,
// the same ones.
export function weightsAt(run, step) {
  if (run.last?.step === step) return run.last.weights;
  const layer = ({ K, m, W, b, gradW, gradb }) => ({
    K, m,
    W: W.subarray(step * m * K, (step + 1) * m * K), b: b.subarray(step * K, (step + 1) * K),
    gradW: gradW?.subarray(step * m * K, (step + 1) * m * K), gradb: gradb?.subarray(step * K, (step + 1) * K),
  });
  const weights = { ...layer(run.layers.at(-1)), hidden: run.hidden.map(layer), activation: run.activation, output: run.output };
  run.last = { step, weights };
  return weights;
}

export const pointLogits = (run, weights, i) => rowLogits(weights, run.features, i);

// What the tooltip says of a point: its logits, probabilities and its own share of the loss.
export function pointReport(run, weights, i) {
  const z = pointLogits(run, weights, i);
  return { z, p: outputOf(weights, z), loss: lossOf(weights, z, run.y[i]), label: run.y[i] };
}

const TIE = 1e-6; // logits that differ by less than this, of their size, are equal but for rounding

const isSame = ({ K, m, W, b }, j, k) => b[j] === b[k] && Array.from({ length: m }, (_, i) => i * K).every((row) => W[row + j] === W[row + k]);

// For each class whether another one has the same logit everywhere: neither wins over the other.
export function twins(weights) {
  const found = new Array(weights.K).fill(false);
  for (let j = 0; j < weights.K; j++) for (let k = j + 1; k < weights.K; k++) if (!(found[j] && found[k]) && isSame(weights, j, k)) found[j] = found[k] = true;
  return found;
}

// Whether every class has the same logit everywhere, as before the first step from zero weights: every p is 1 / K.
export function isUndecided(weights) {
  for (let k = 1; k < weights.K; k++) if (!isSame(weights, 0, k)) return false;
  return true;
}

// Indices of the points whose class has a smaller logit than another one. A tie is undecided, which is no mistake.
export function mistakes(run, weights) {
  const wrong = [];
  for (let i = 0; i < run.n; i++) {
    const z = pointLogits(run, weights, i);
    const top = Math.max(...z);
    if (top - z[run.y[i]] > TIE * (1 + Math.abs(top))) wrong.push(i);
  }
  return wrong;
}
