// The weight vectors of x1 and x2 on the stage, and the way the next step will move them.
import { addMarker } from "../shared/shapes.js";

// Rows 0 and 1 of W belong to x1 and x2 in every map but the radial one; behind a hidden layer they belong to its units.
export const hasVectors = (run) => !run.hidden.length && (!run.map?.features || Boolean(run.map.keeps));

// Pixels per unit of weight and of gradient, one for the whole run, so that growth can be seen. Weights of standardised
// inputs are drawn as weights of x, for only these stand at a right angle to the borders on the stage.
export function vectorScales(run, width, height) {
  if (!hasVectors(run)) return { weight: 0, gradient: 0, unit: [1, 1] };
  const unit = run.map?.scale ?? [1, 1];
  const room = 0.42 * Math.min(width, height);
  const { weight, gradient } = longestVectors(run);
  return { weight: (0.72 * room) / weight, gradient: (0.45 * room) / gradient, unit };
}

const FURTHER = 1.6; // times as long as the longest vector, an arrow still ends on the stage

// The longest weight and the longest gradient of the run, in units of x.
function longestVectors(run) {
  const unit = run.map?.scale ?? [1, 1];
  const longest = (values) => {
    let most = 0;
    for (let at = 0; at < values.length; at += run.m * run.K) {
      for (let k = 0; k < run.K; k++) most = Math.max(most, Math.hypot(values[at + k] / unit[0], values[at + run.K + k] / unit[1]));
    }
    return most || 1;
  };
  run.longest ??= { weight: longest(run.W), gradient: longest(run.gradW) };
  return run.longest;
}

// A run that answers weights set by hand is drawn to the scale of the run before, so that nothing jumps when a tip is let go.
export function keepScale(run, before) {
  if (!hasVectors(run) || run.m !== before.m || run.K !== before.K) return;
  const [now, then] = [longestVectors(run), longestVectors(before)];
  if (now.weight <= FURTHER * then.weight && now.gradient <= FURTHER * then.gradient) run.longest = then;
}

// Where each w_k ends on the canvas, and where -dL/dw_k from there ends.
export function vectorTips(plane, scales, weights, length) {
  return Array.from({ length: weights.K }, (_, k) => {
    const [sx, sy] = scales.unit;
    const part = (values, scale) => [(values[k] / sx) * scale * length, (-values[weights.K + k] / sy) * scale * length];
    const w = part(weights.W, scales.weight);
    const g = part(weights.gradW, -scales.gradient);
    const tip = [plane.width / 2 + w[0], plane.height / 2 + w[1]];
    return { k, tip, end: [tip[0] + g[0], tip[1] + g[1]] };
  });
}

const TOO_SHORT = 9; // pixels: such an arrow would lie below the marker of its tip

// From the middle of the stage w_k, and from its tip -dL/dw_k: where the next step will take it; a dot where that is too short.
export function paintVectors(context, { plane, data, ink, scales }, weights, length, withDescent = true) {
  const middle = [plane.width / 2, plane.height / 2];
  const tips = vectorTips(plane, scales, weights, length);
  for (const [halo, color] of [[true, ink.paper], [false, null]]) {
    for (const { k, tip, end } of tips) {
      arrow(context, middle, tip, color ?? data.colors[k], halo ? 7 : 3.6, []);
      if (withDescent && !isShort(tip, end)) arrow(context, tip, end, color ?? ink.text, halo ? 5 : 1.8, halo ? [] : [4, 3]);
    }
  }
  for (const { k, tip, end } of tips) {
    context.beginPath();
    addMarker(context, k, ...tip, 6.5);
    context.fillStyle = data.colors[k];
    context.strokeStyle = ink.text;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
    if (withDescent && isShort(tip, end)) dot(context, tip, ink);
  }
}

const isShort = (tip, end) => Math.hypot(end[0] - tip[0], end[1] - tip[1]) < TOO_SHORT;

function dot(context, at, { paper, text }) {
  for (const [color, radius] of [[paper, 3.4], [text, 2]]) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(...at, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

export function arrow(context, from, to, color, thickness, dashes) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const size = Math.hypot(dx, dy);
  if (size < 1) return;
  const head = Math.min(size, 5 + 1.6 * thickness);
  const [ux, uy] = [dx / size, dy / size];
  const neck = [to[0] - ux * head, to[1] - uy * head];
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = thickness;
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...neck);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(...to);
  context.lineTo(neck[0] - uy * head * 0.5, neck[1] + ux * head * 0.5);
  context.lineTo(neck[0] + uy * head * 0.5, neck[1] - ux * head * 0.5);
  context.fill();
}
