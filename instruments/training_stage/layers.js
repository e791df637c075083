// The forward pass of a list of layers. The last one is softmax regression on what the hidden ones make of the features; softmax
// regression itself has no hidden ones. Formulas as in softmax_core/network.py.
import { logSoftmax, softmax } from "../shared/softmax.js";

// g of a hidden layer, over rows of `units` numbers, in place.
const ACTIVATIONS = {
  sigmoid: (z) => { for (let i = 0; i < z.length; i++) z[i] = 1 / (1 + Math.exp(-z[i])); },
  // Off by 1e-16 from Math.tanh, in half its time.
  tanh: (z) => { for (let i = 0; i < z.length; i++) z[i] = 1 - 2 / (1 + Math.exp(2 * z[i])); },
  relu: (z) => { for (let i = 0; i < z.length; i++) if (z[i] < 0) z[i] = 0; },
  softmax: (z, units) => {
    for (let at = 0; at < z.length; at += units) {
      let [top, total] = [z[at], 0];
      for (let i = at; i < at + units; i++) if (z[i] > top) top = z[i];
      for (let i = at; i < at + units; i++) total += z[i] = Math.exp(z[i] - top);
      for (let i = at; i < at + units; i++) z[i] /= total;
    }
  },
};

// Writes features W + b for every row into out.
export function linear(features, { m, K, W, b }, out) {
  for (let at = 0, to = 0; to < out.length; at += m, to += K) {
    for (let k = 0; k < K; k++) out[to + k] = b[k];
    for (let j = 0, w = 0; j < m; j++) {
      const value = features[at + j];
      for (let k = 0; k < K; k++, w++) out[to + k] += value * W[w];
    }
  }
}

const kept = new WeakMap(); // by array of features: the activations of each hidden layer, written over at another step

// What every hidden layer makes of rows of features, the first layer first: rows x units each. Computed once for the same weights.
export function activationsOf(weights, features) {
  const { hidden = [], activation } = weights;
  let pass = kept.get(features);
  if (pass?.of === weights) return pass.layers;
  if (!pass) kept.set(features, pass = { of: null, layers: [] });
  pass.of = weights;
  const rows = hidden.length ? features.length / hidden[0].m : 0;
  let seen = features;
  pass.layers = hidden.map((layer, i) => {
    const out = pass.layers[i]?.length === rows * layer.K ? pass.layers[i] : new Float64Array(rows * layer.K);
    linear(seen, layer, out);
    ACTIVATIONS[activation](out, layer.K);
    seen = out;
    return out;
  });
  return pass.layers;
}

// What the last layer sees of them: the features themselves, or the activations of the last hidden layer.
export const lastInputs = (weights, features) => (weights.hidden?.length ? activationsOf(weights, features).at(-1) : features);

// z of one row that the last layer sees.
function lastLogits({ K, m, W, b }, inputs, start) {
  const z = new Array(K);
  for (let k = 0; k < K; k++) {
    let sum = b[k];
    for (let j = 0; j < m; j++) sum += inputs[start + j] * W[j * K + k];
    z[k] = sum;
  }
  return z;
}

// z of one place, given by its features.
export function logitsOf(weights, features) {
  return lastLogits(weights, weights.hidden?.length ? activationsOf(weights, Float64Array.from(features)).at(-1) : features, 0);
}

// z of row i of features.
export const rowLogits = (weights, features, i) => lastLogits(weights, lastInputs(weights, features), i * weights.m);

// The last activation, softmax(z). A sigmoid behind it, a mistake that can be looked at, leaves no probabilities.
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
export const outputOf = (weights, z) => (weights.output === "softmax_sigmoid" ? softmax(z).map(sigmoid) : softmax(z));

// The loss of a point with this label: -log of its output, in nats.
export const lossOf = (weights, z, label) => (weights.output === "softmax_sigmoid" ? Math.log1p(Math.exp(-softmax(z)[label])) : -logSoftmax(z)[label]);
