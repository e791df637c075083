// What the grey picture knows, and how it is changed: no DOM here.

export const PIXELS = 4;
export const CLASSES = 3;
export const WEIGHT_LIMIT = 20;

const onGrid = (x) => Math.round(x * 1e6) / 1e6;

export const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

// A grey is 0 (black) to 1 (white); a hand means two decimals of it.
export function withGrey(state, i, grey) {
  const x = [...state.x];
  x[i] = Math.round(clamp(grey, 0, 1) * 100) / 100;
  return { ...state, x };
}

// Row i of the table is a pixel, row 4 the bias.
export const entry = (state, i, k) => (i < PIXELS ? state.W[i * CLASSES + k] : state.b[k]);

export function withEntry(state, i, k, value) {
  const kept = onGrid(clamp(value, -WEIGHT_LIMIT, WEIGHT_LIMIT));
  const list = i < PIXELS ? [...state.W] : [...state.b];
  list[i < PIXELS ? i * CLASSES + k : k] = kept;
  return i < PIXELS ? { ...state, W: list } : { ...state, b: list };
}

// What input i adds to the logit of class k: weight times pixel, or the bias itself.
export const contribution = (state, i, k) => (i < PIXELS ? state.x[i] * entry(state, i, k) : entry(state, i, k));

// o = x W + b.
export function logitsOf(state) {
  return Array.from({ length: CLASSES }, (_, k) => {
    let sum = state.b[k];
    for (let i = 0; i < PIXELS; i++) sum += state.x[i] * state.W[i * CLASSES + k];
    return sum;
  });
}

// The state as URL parameters; what is at its default is left out. Python reads them in grey_picture.py.
export function greyAddress(state, prefix, standard) {
  const joined = (name) => (String(state[name]) === String(standard[name]) ? null : state[name].map(String).join("~"));
  return {
    [`${prefix}_x`]: joined("x"), [`${prefix}_w`]: joined("W"), [`${prefix}_b`]: joined("b"),
    [`${prefix}_target`]: state.target === standard.target ? null : String(state.target),
  };
}
