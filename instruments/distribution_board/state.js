// What a distribution board knows, and how it is changed: no DOM here.
import { uniform, withOneMore, withShare, withoutShare } from "../shared/shares.js";

// side is "p" or "q"; `from` is what the hand took hold of.
export const withMoved = (state, side, from, k, share) => ({ ...state, [side]: withShare(from, k, share) });

export function withSymbol(state, most) {
  if (state.p.length >= most) return state;
  return { ...state, p: withOneMore(state.p), q: withOneMore(state.q) };
}

export function withoutLast(state, fewest) {
  if (state.p.length <= fewest) return state;
  const last = state.p.length - 1;
  return { ...state, p: withoutShare(state.p, last), q: withoutShare(state.q, last) };
}

export const swapped = (state) => ({ ...state, p: state.q, q: state.p });

export const agreeing = (state) => ({ ...state, q: state.p });

export const evened = (state, side) => ({ ...state, [side]: uniform(state.p.length) });

// The state for the address; what is at its standard is left out. Python reads it in ui/widgets/distribution_board.py.
export function parametersOf(state, standard) {
  const [p, q] = [state.p.join("~"), state.q.join("~")];
  const same = p === standard.p.join("~") && q === standard.q.join("~");
  return { p: same ? null : p, q: same ? null : q, unit: state.unit === standard.unit ? null : state.unit };
}
