// Logits at the nodes of a grid and the colours there; for a model whose features are no longer x itself also regions and
// borders between the nodes by straight lines, and the gradient of one logit as a field of arrows.

import { lastInputs, linear, outputOf } from "./layers.js";

const NEGLIGIBLE_GAP = -12; // e^-12 is below what eight bits of colour can show

// A working place for one grid and K classes, made once and written over on every frame.
export function createField(nodes, K) {
  const count = nodes.columns * nodes.rows;
  return { ...nodes, K, count, z: new Float64Array(count * K), winner: new Uint8Array(count) };
}

// Fills the logits of every node and its winner (the first one on a tie, as argmax does).
export function fillField(field, weights) {
  const { K, count, z, winner } = field;
  field.weights = weights;
  linear(lastInputs(weights, field.features), weights, z);
  for (let node = 0, out = 0; node < count; node++, out += K) {
    let best = 0;
    for (let k = 1; k < K; k++) if (z[out + k] > z[out + best]) best = k;
    winner[node] = best;
  }
}

// Where the output is another one than softmax(z): its logarithm, whose softmax is the share of each class in all outputs.
function outputLogits({ K, count, z, weights }) {
  const logs = new Float64Array(count * K);
  for (let at = 0; at < logs.length; at += K) logs.set(outputOf(weights, z.subarray(at, at + K)).map(Math.log), at);
  return logs;
}

// One pixel per node: the class colours mixed by probability, the paler the nearer the largest p is to 1 / K.
export function paintField(pixels, field, tints, neutral) {
  const { K, count, winner } = field;
  const z = field.weights.output === "softmax_sigmoid" ? outputLogits(field) : field.z;
  for (let node = 0, at = 0, out = 0; node < count; node++, at += K, out += 4) {
    const top = z[at + winner[node]];
    let red = 0, green = 0, blue = 0, total = 0;
    for (let k = 0; k < K; k++) {
      const gap = z[at + k] - top;
      if (!(gap >= NEGLIGIBLE_GAP)) continue;
      const e = gap === 0 ? 1 : Math.exp(gap);
      const tint = tints[k];
      red += e * tint[0]; green += e * tint[1]; blue += e * tint[2];
      total += e;
    }
    // The largest p is 1 / total. The square root lets the first small differences be seen.
    const sure = Math.sqrt(Math.min(1, Math.max(0, (K / total - 1) / (K - 1))));
    const weight = sure / total;
    const rest = 1 - sure;
    pixels[out] = rest * neutral[0] + weight * red; pixels[out + 1] = rest * neutral[1] + weight * green;
    pixels[out + 2] = rest * neutral[2] + weight * blue; pixels[out + 3] = 255;
  }
}

// Where a mixed cell is cut: on each side whose ends have different winners, where these two logits are equal. Sides are
// shared, so neighbours agree. Three or four cuts meet in their middle. Returns { lines, parts: [[class, polygon]] }.
function cutCell(corners, { K, z, winner }) {
  const cuts = [];
  corners.forEach(([column, row, node], i) => {
    const [nextColumn, nextRow, next] = corners[(i + 1) % 4];
    const [j, k] = [winner[node], winner[next]];
    if (j === k) return;
    const gap = z[node * K + j] - z[node * K + k];
    const nextGap = z[next * K + j] - z[next * K + k];
    const t = gap === nextGap ? 0.5 : Math.min(1, Math.max(0, gap / (gap - nextGap)));
    cuts.push({ after: i, at: [column + t * (nextColumn - column), row + t * (nextRow - row)] });
  });
  const middle = [0, 1].map((axis) => cuts.reduce((sum, { at }) => sum + at[axis], 0) / cuts.length);
  const lines = cuts.length === 2 ? [[...cuts[0].at, ...cuts[1].at]] : cuts.map(({ at }) => [...at, ...middle]);
  const parts = cuts.map((cut, i) => {
    const end = cuts[(i + 1) % cuts.length];
    const polygon = [cut.at];
    let corner = cut.after;
    do {
      corner = (corner + 1) % 4;
      polygon.push([corners[corner][0], corners[corner][1]]);
    } while (corner !== end.after);
    polygon.push(end.at);
    if (cuts.length > 2) polygon.push(middle);
    return [winner[corners[corner][2]], polygon];
  });
  return { lines, parts };
}

// Where each class wins, and the lines between: runs of whole cells [from, to, row], parts of mixed cells, borders.
// All in units of nodes: column 0 .. columns - 1 from the left, row 0 .. rows - 1 from the top.
export function traceField(field, withRegions) {
  const { columns, rows, winner, K } = field;
  const runs = Array.from({ length: K }, () => []);
  const parts = Array.from({ length: K }, () => []);
  const lines = [];
  for (let r = 0; r < rows - 1; r++) {
    let start = 0;
    const close = (end, k) => { if (withRegions && end > start) runs[k].push([start, end, r]); };
    for (let c = 0; c < columns - 1; c++) {
      const node = r * columns + c;
      const [a, b, d, e] = [winner[node], winner[node + 1], winner[node + columns + 1], winner[node + columns]];
      if (a === b && b === d && d === e) { // as the cell before, unless that one is mixed: they share two nodes
        if (c === columns - 2) close(columns - 1, a);
        continue;
      }
      close(c, a);
      start = c + 1;
      const cut = cutCell([[c, r, node], [c + 1, r, node + 1], [c + 1, r + 1, node + columns + 1], [c, r + 1, node + columns]], field);
      lines.push(...cut.lines);
      if (withRegions) cut.parts.forEach(([k, polygon]) => parts[k].push(polygon));
    }
  }
  return { runs, parts, lines };
}

// The gradient of z_k in data units at nodes about `every` columns apart: [column, row, d/dx1, d/dx2].
export function gradientField({ columns, rows, K, z }, k, box, every) {
  const dx = (box[1] - box[0]) / (columns - 1);
  const dy = (box[3] - box[2]) / (rows - 1);
  const spread = (count) => {
    const number = Math.max(1, Math.floor((count - 1) / every));
    return Array.from({ length: number }, (_, i) => Math.round(((i + 0.5) * (count - 1)) / number));
  };
  const at = (c, r) => z[(r * columns + c) * K + k];
  const slope = (low, high, apart) => (high - low) / apart;
  return spread(rows).flatMap((r) => spread(columns).map((c) => {
    const [left, right] = [Math.max(0, c - 1), Math.min(columns - 1, c + 1)];
    const [up, down] = [Math.max(0, r - 1), Math.min(rows - 1, r + 1)];
    return [c, r, slope(at(left, r), at(right, r), (right - left) * dx), slope(at(c, down), at(c, up), (down - up) * dy)];
  }));
}

// The features of the node nearest to a place: near enough until Python has computed the place's own.
export function nearestFeatures(nodes, m, box, x, y) {
  const c = Math.round(((x - box[0]) / (box[1] - box[0])) * (nodes.columns - 1));
  const r = Math.round(((box[3] - y) / (box[3] - box[2])) * (nodes.rows - 1));
  const node = Math.max(0, Math.min(nodes.rows - 1, r)) * nodes.columns + Math.max(0, Math.min(nodes.columns - 1, c));
  return nodes.features.subarray(node * m, (node + 1) * m);
}

// The features of a place inside the box, read between its four nodes; null outside.
export function featuresBetween(nodes, m, box, x, y) {
  const c = ((x - box[0]) / (box[1] - box[0])) * (nodes.columns - 1);
  const r = ((box[3] - y) / (box[3] - box[2])) * (nodes.rows - 1);
  if (!(c >= 0 && r >= 0 && c <= nodes.columns - 1 && r <= nodes.rows - 1)) return null;
  const [left, top] = [Math.min(nodes.columns - 2, Math.floor(c)), Math.min(nodes.rows - 2, Math.floor(r))];
  const [s, t] = [c - left, r - top];
  const node = (column, row, j) => nodes.features[(row * nodes.columns + column) * m + j];
  return Array.from({ length: m }, (_, j) => (1 - t) * ((1 - s) * node(left, top, j) + s * node(left + 1, top, j))
    + t * ((1 - s) * node(left, top + 1, j) + s * node(left + 1, top + 1, j)));
}

// Pixels between two nodes of the grid, across and down.
export const nodeSpacing = ({ plane, field }) => [plane.width / (field.columns - 1), plane.height / (field.rows - 1)];

const ARROW_SPACING = 46; // pixels between the arrows of a gradient field

// Where the logit of one class grows, and how fast: the square root, so that flat places still show a direction.
export function paintSlopes(context, scene, k) {
  const { plane, field, data, ink } = scene;
  const [across, down] = nodeSpacing(scene);
  const every = Math.max(2, Math.round(ARROW_SPACING / across));
  const arrows = gradientField(field, k, plane.box, every);
  const most = Math.max(...arrows.map(([, , gx, gy]) => Math.hypot(gx, gy)));
  if (!(most > 0)) return;
  context.lineCap = "round";
  for (const [color, thickness] of [[ink.paper, 4], [data.colors[k], 2]]) {
    context.strokeStyle = color;
    context.lineWidth = thickness;
    context.beginPath();
    for (const [column, row, gx, gy] of arrows) {
      const size = Math.hypot(gx, gy);
      const length = 0.8 * every * Math.min(across, down) * Math.sqrt(size / most);
      if (length >= 2) addSlope(context, column * across, row * down, gx / size, -gy / size, length);
    }
    context.stroke();
  }
  context.lineCap = "butt";
}

// An arrow of this length with its middle at (x, y), in the direction (u, v) of length 1.
export function addSlope(context, x, y, u, v, length) {
  const head = Math.min(5, length / 2);
  const tip = [x + (u * length) / 2, y + (v * length) / 2];
  context.moveTo(tip[0] - u * length, tip[1] - v * length);
  context.lineTo(...tip);
  context.moveTo(tip[0] - head * (u - 0.6 * v), tip[1] - head * (v + 0.6 * u));
  context.lineTo(...tip);
  context.lineTo(tip[0] - head * (u + 0.6 * v), tip[1] - head * (v - 0.6 * u));
}
