// The state of the logit board and its changes. No DOM in this file.
import { joinTexts } from "../shared/live.js";
import { shiftedExponentials } from "../shared/softmax.js";
import { oneHot, onlyClass, withShare, withShareHolding, withoutShare } from "../shared/shares.js";

const AXIS_STEPS = [1, 2, 5];
export const SCORES = 1, EXPONENTIALS = 2, SHARES = 3, ALL_COLUMNS = 4; // the steps, as in __init__.py

// Rounded to six decimals, so that ten key presses of 0.1 give 1 and not 0.9999999999999999.
export const tidy = (x) => (Math.abs(x) < 1e9 ? Math.round(x * 1e6) / 1e6 : x);

// The logits on the bars.
export const withShift = (state) => state.logits.map((z) => tidy(z + state.shift));

// The smallest of 10, 20, 50, 100, ... that holds every logit.
export function axisLimit(values, least = 10) {
  const most = Math.max(least, ...values.map(Math.abs));
  const power = 10 ** Math.floor(Math.log10(most));
  const limit = AXIS_STEPS.map((step) => step * power).find((edge) => edge >= most);
  return Math.min(limit ?? 10 * power, Number.MAX_VALUE);
}

export function withLogit(state, k, shownValue) {
  const logits = [...state.logits];
  const base = tidy(shownValue - state.shift);
  logits[k] = Number.isFinite(base) ? base : shownValue;
  return { ...state, logits };
}

export function withClass(state, most) {
  if (state.logits.length >= most) return state;
  const soft = state.soft.length ? [...state.soft, 0] : [];
  return { ...state, logits: [...state.logits, 0], names: [...state.names, ""], soft };
}

export function withoutClass(state, k, fewest) {
  if (state.logits.length <= fewest) return state;
  const keep = (_, i) => i !== k;
  const target = state.target === k ? 0 : state.target - (state.target > k ? 1 : 0);
  const soft = state.soft.length ? withoutShare(state.soft, k) : [];
  return withTarget({ ...state, logits: state.logits.filter(keep), names: state.names.filter(keep), target }, soft);
}

// The target distribution y: the dragged one or 1 for the true class, then smoothed: (1 - eps) y + eps / K.
export function targetsOf({ logits, target, soft, smoothing }) {
  const count = logits.length;
  const base = soft.length ? soft : oneHot(count, target);
  return smoothing === 0 ? base : base.map((y) => (1 - smoothing) * y + smoothing / count);
}

// Class k gets the share y; `from` is the target when the drag began.
export const withTargetShare = (state, from, k, y) => withTarget({ ...state, smoothing: 0 }, withShare(from, k, y));

// The same where y was typed: the classes in `held`, typed just before, keep theirs.
export const withTypedShare = (state, k, y, held) => withTarget({ ...state, smoothing: 0 }, withShareHolding(targetsOf(state), k, y, held));

// A target of one class alone is a label and becomes one.
function withTarget(state, soft) {
  const only = onlyClass(soft);
  return only < 0 ? { ...state, soft } : { ...state, soft: [], target: only };
}

export function withName(state, k, name) {
  const names = [...state.names];
  names[k] = name;
  return { ...state, names };
}

// What stands under the fraction and over it: e^{z / T}. Where that is too large or too small for a number, as at z = 1000, the
// largest logit is taken off first (subtracted); the shares are the same.
export function exponentialsOf(values, temperature) {
  const e = values.map((z) => Math.exp(z / temperature));
  const total = e.reduce((a, b) => a + b, 0);
  if (Number.isFinite(total) && total > 1e-300) return { e, subtracted: false };
  return { e: shiftedExponentials(values, temperature), subtracted: true };
}

// The state for the address; what is at its standard is left out. Python reads it in ui/widgets/logit_board.py.
// A link without a step shows all columns, as links did before there were steps; so the step stands beside whatever else does.
export function parametersOf(state, standard) {
  const same = (name) => JSON.stringify(state[name]) === JSON.stringify(standard[name]);
  const unless = (equal, text) => (equal ? null : text);
  const parameters = {
    z: unless(same("logits"), state.logits.join("~")), shift: unless(same("shift"), String(state.shift)),
    t: unless(same("temperature"), String(state.temperature)), target: unless(same("target"), String(state.target)),
    y: unless(!state.soft.length, state.soft.join("~")), smoothing: unless(same("smoothing"), String(state.smoothing)),
    names: unless(state.names.every((name) => !name), joinTexts(state.names)),
  };
  const alone = Object.values(parameters).every((text) => text === null);
  return { ...parameters, step: unless(same("step") && (alone || state.step === ALL_COLUMNS), String(state.step)) };
}
