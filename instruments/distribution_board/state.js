// What a pair of distributions knows, and how it is changed: no DOM here.
import { uniform, withOneMore, withShare, withoutShare } from "../shared/shares.js";

export const MOST_SYMBOLS = 10;

// side is "p" or "q"; `from` is what the hand took hold of.
export const withMoved = (state, side, from, k, share) => ({ ...state, [side]: withShare(from, k, share) });

export function withSymbol(state) {
  if (state.p.length >= MOST_SYMBOLS) return state;
  return { ...state, p: withOneMore(state.p), q: withOneMore(state.q) };
}

export function withoutLast(state) {
  if (state.p.length <= 2) return state;
  const last = state.p.length - 1;
  return { ...state, p: withoutShare(state.p, last), q: withoutShare(state.q, last) };
}

export const swapped = (state) => ({ ...state, p: state.q, q: state.p });

export const agreeing = (state) => ({ ...state, q: state.p });

export const evened = (state, side) => ({ ...state, [side]: uniform(state.p.length) });

// The state as URL parameters; what is at its default is left out. Python reads them in distribution_board.py.
export function addressOfPair(state, prefix, standard) {
  const joined = (shares) => shares.map(String).join("~");
  const unless = (equal, text) => (equal ? null : text);
  const same = joined(state.p) === joined(standard.p) && joined(state.q) === joined(standard.q);
  return {
    [`${prefix}_p`]: unless(same, joined(state.p)),
    [`${prefix}_q`]: unless(same, joined(state.q)),
    [`${prefix}_unit`]: unless(state.unit === standard.unit, state.unit),
  };
}
