// The loss as a function of one probability: that of the true class while its logit moves and the others stay. No DOM in this file.
import { logSoftmax, logsumexp } from "../shared/softmax.js";

export const TOP = 5; // nats; the loss has no upper bound, so its axis ends here
const REACH = 9; // the curve goes from p = sigmoid(-REACH) to sigmoid(REACH)
const POINTS = 721;

// The class whose probability is the axis: the true one, or the one with most of a soft target.
export const classOnAxis = ({ target }, targets) => (targets[target] === 1 ? target : targets.indexOf(Math.max(...targets)));

// What the other classes' targets cost in any case: -sum_j y_j log(share of j among the others).
export function restCost(logits, targets, t) {
  const others = logSoftmax(logits.filter((_, k) => k !== t));
  return targets.filter((_, k) => k !== t).reduce((sum, y, i) => (y > 0 ? sum - y * others[i] : sum), 0);
}

// L(p) = -y log p - (1 - y) log(1 - p) + rest; for a label, y = 1, this is -log p.
export function lossAt(p, y, rest) {
  return (y > 0 ? -y * Math.log(p) : 0) + (y < 1 ? -(1 - y) * Math.log1p(-p) : 0) + rest;
}

// dL/dp = -y / p + (1 - y) / (1 - p).
export const slopeAt = (p, y) => (y > 0 ? -y / p : 0) + (y < 1 ? (1 - y) / (1 - p) : 0);

// [p, L] along the curve: dense at both ends, where it is steep.
export function pointsOf(y, rest) {
  return Array.from({ length: POINTS }, (_, i) => {
    const p = 1 / (1 + Math.exp(REACH - (2 * REACH * i) / (POINTS - 1)));
    return [p, lossAt(p, y, rest)];
  });
}

// The probability of the point on the curve that is nearest to a place on a drawing of this size.
export function nearest(points, x, y, width, height) {
  const far = ([p, loss]) => (p * width - x) ** 2 + (height * (1 - Math.min(loss, TOP) / TOP) - y) ** 2;
  return points.reduce((best, point) => (far(point) < far(best) ? point : best))[0];
}

// The logit that gives class t the probability p: log sum of the others + log(p / (1 - p)).
export function logitFor(p, logits, t) {
  return logsumexp(logits.filter((_, k) => k !== t)) + Math.log(p) - Math.log1p(-p);
}

// An arrow from x0 to x1 at the height y: its head is never longer than the arrow, and nothing is drawn where there is no way.
export function arrowPath(from, to, y) {
  const [x0, x1] = [from, to].map((x) => Number(x.toFixed(2)));
  const way = x1 - x0;
  if (Math.abs(way) < 0.75) return "";
  const head = Math.sign(way) * Math.min(8, Math.abs(way));
  const half = Math.max(2.5, Math.abs(head) * 0.6);
  const neck = (x1 - head).toFixed(2);
  return `M${x0} ${y - 1.25}H${neck}V${y - half}L${x1} ${y}L${neck} ${y + half}V${y + 1.25}H${x0}Z`;
}
