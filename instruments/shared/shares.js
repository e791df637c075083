// Changes of a distribution: one share is set, the others make room. No DOM in this file.

const rounded = (x, places = 6) => Math.round(x * 10 ** places) / 10 ** places;

// The distribution in which class k has `share` and the others keep their proportions. `from` is the distribution when the
// drag began, not that of the last move: so a share that was pushed to 0 comes back when the pointer goes back.
export function withShare(from, k, share) {
  const target = rounded(Math.max(0, Math.min(1, share)));
  const left = 1 - target;
  const rest = from.reduce((sum, x, j) => (j === k ? sum : sum + x), 0);
  const others = from.map((x, j) => (j === k ? 0 : rounded(rest > 0 ? (x * left) / rest : left / (from.length - 1), 4)));
  return settled(others, k, target);
}

// The same with `held` classes, the one typed first in front, that keep their shares too, as long as one that is free is left
// and the sum can be 1.
export function withShareHolding(from, k, share, held) {
  const target = rounded(Math.max(0, Math.min(1, share)));
  let kept = held.filter((j) => j !== k && j < from.length);
  const left = () => rounded(1 - target - kept.reduce((sum, j) => sum + from[j], 0));
  while (kept.length && (kept.length > from.length - 2 || left() < 0)) kept = kept.slice(1);
  const free = from.map((_, j) => j).filter((j) => j !== k && !kept.includes(j));
  // The free ones are a distribution of their own, with the share of all the others taken as one more class.
  const part = withShare([...free.map((j) => from[j]), 0], free.length, rounded(1 - left()));
  const result = [...from];
  result[k] = target;
  free.forEach((j, i) => { result[j] = part[i]; });
  return result;
}

// Puts `target` at place k, and what rounding lost on the largest of the others.
function settled(others, k, target) {
  const result = [...others];
  result[k] = target;
  let largest = k === 0 ? 1 : 0;
  others.forEach((x, j) => { if (j !== k && x > others[largest]) largest = j; });
  const sum = result.reduce((a, b, j) => (j === largest ? a : a + b), 0);
  result[largest] = Math.max(0, rounded(1 - sum));
  return result;
}

// One more class, with as much as it would have among equals.
export const withOneMore = (from) => withShare([...from, 0], from.length, rounded(1 / (from.length + 1), 3));

// Class k goes and leaves its share to the others.
export function withoutShare(from, k) {
  const empty = withShare(from, k, 0);
  return empty.filter((_, j) => j !== k);
}

export const uniform = (count) => withShare(Array(count).fill(1 / count), 0, rounded(1 / count, 4));

export const oneHot = (count, k) => Array.from({ length: count }, (_, j) => (j === k ? 1 : 0));

// The only class with any share, or -1.
export const onlyClass = (shares) => (shares.filter((x) => x > 0).length === 1 ? shares.findIndex((x) => x === 1) : -1);
