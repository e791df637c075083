// The state of the grey picture and its changes. No DOM in this file.

const onGrid = (x) => Math.round(x * 1e6) / 1e6;

export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

// Whether black is read better than white on a grey: both have a contrast of 4.5 there.
export const needsBlack = (grey) => grey >= 0.46;

// A grey is 0 (black) to 1 (white), rounded to two decimals.
export function withGrey(state, i, grey) {
  const x = [...state.x];
  x[i] = Math.round(clamp(grey, 0, 1) * 100) / 100;
  return { ...state, x };
}

// Row i of the table belongs to pixel i, the last row to the biases. W has a row of K weights for each pixel.
export const entry = (state, i, k) => (i < state.x.length ? state.W[i * state.b.length + k] : state.b[k]);

export function withEntry(state, i, k, value) {
  const isBias = i === state.x.length;
  const list = isBias ? [...state.b] : [...state.W];
  list[isBias ? k : i * state.b.length + k] = onGrid(value);
  return isBias ? { ...state, b: list } : { ...state, W: list };
}

// What input i adds to the logit of class k: weight times pixel, or the bias itself.
export const contribution = (state, i, k) => (i < state.x.length ? state.x[i] : 1) * entry(state, i, k);

// z = x W + b. What is left of a sum that cancels is rounding, and printed as 0.
export const logitsOf = ({ x, W, b }) => b.map((bias, k) => withoutNoise(x.reduce((sum, grey, i) => sum + grey * W[i * b.length + k], bias)));
const withoutNoise = (z) => (Math.abs(z) < 1e-12 ? 0 : z);

// Whether the edge from input i to class k is lit; active is [input, class] with null for "every", or null.
export const isLit = (active, i, k) => active !== null && (active[0] ?? i) === i && (active[1] ?? k) === k;

// The state on its way from one picture to another; part goes from 0 to 1.
export const between = (from, to, part) => ({ ...to, x: to.x.map((grey, i) => from.x[i] + part * (grey - from.x[i])) });

// The state for the address; what is at its standard is left out. Python reads it in ui/widgets/grey_picture.py.
export function parametersOf(state, standard) {
  const joined = (name) => (String(state[name]) === String(standard[name]) ? null : state[name].join("~"));
  return { x: joined("x"), w: joined("W"), b: joined("b"), target: state.target === standard.target ? null : String(state.target) };
}
