// The plane of the two features: where a point lies on the canvas, the regions, and the borders between them.
import { placeFeatures } from "./run.js";

// box is [x from, x to, y from, y to] in data units; the canvas has the same shape, so lengths keep their proportion.
export function createPlane(box, width, height) {
  const [x0, x1, y0, y1] = box;
  return {
    box, width, height,
    toCanvas: (x, y) => [((x - x0) / (x1 - x0)) * width, ((y1 - y) / (y1 - y0)) * height],
    toData: (u, v) => [x0 + (u / width) * (x1 - x0), y1 - (v / height) * (y1 - y0)],
  };
}

// Features of the middle of every cell, for a model that is linear in x itself. Rows run from the top.
export function plainGrid(box, columns, rows) {
  const features = new Float32Array(columns * rows * 2);
  const [x0, x1, y0, y1] = box;
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      features[i++] = x0 + ((c + 0.5) / columns) * (x1 - x0);
      features[i++] = y1 - ((r + 0.5) / rows) * (y1 - y0);
    }
  }
  return { columns, rows, features };
}

// The nodes of a grid over the box, its edges included, for a model with hidden layers. Rows run from the top.
export function nodeGrid(box, columns, rows, map) {
  const features = new Float64Array(columns * rows * 2);
  const [x0, x1, y0, y1] = box;
  for (let r = 0, i = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i += 2) {
      features.set(placeFeatures(map, x0 + (c / (columns - 1)) * (x1 - x0), y1 - (r / (rows - 1)) * (y1 - y0)), i);
    }
  }
  return { columns, rows, features };
}

// The part of a convex polygon where a x + b y + c >= 0.
function clipHalfPlane(polygon, a, b, c) {
  const clipped = [];
  polygon.forEach((point, i) => {
    const next = polygon[(i + 1) % polygon.length];
    const at = a * point[0] + b * point[1] + c;
    const atNext = a * next[0] + b * next[1] + c;
    if (at >= 0) clipped.push(point);
    if (at >= 0 !== atNext >= 0) {
      const t = at / (at - atNext);
      clipped.push([point[0] + t * (next[0] - point[0]), point[1] + t * (next[1] - point[1])]);
    }
  });
  return clipped;
}

// z_j - z_k as a function a x + b y + c of a point of the plane.
const difference = ({ K, W, b }, j, k) => [W[j] - W[k], W[K + j] - W[K + k], b[j] - b[k]];

// For each class the polygon where it wins: exact, as the model is linear.
function regionPolygons(weights, box) {
  const [x0, x1, y0, y1] = box;
  return Array.from({ length: weights.K }, (_, k) => {
    let polygon = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
    for (let j = 0; j < weights.K && polygon.length; j++) {
      // Where two classes are the same function the first wins, as argmax does.
      const [a, b, c] = difference(weights, k, j);
      if (j === k) continue;
      if (a === 0 && b === 0 && c === 0) { if (j < k) polygon = []; } else polygon = clipHalfPlane(polygon, a, b, c);
    }
    return polygon;
  });
}

// The lines between regions: of each winner's polygon the edges that lie on z_k = z_j and not on the box.
export function borders(weights, box) {
  const polygons = regionPolygons(weights, box);
  const [x0, x1, y0, y1] = box;
  const nudge = 1e-9 * Math.max(x1 - x0, y1 - y0);
  const onBox = (p, q) => [[0, x0], [0, x1], [1, y0], [1, y1]]
    .some(([axis, edge]) => Math.abs(p[axis] - edge) < nudge && Math.abs(q[axis] - edge) < nudge);
  const lines = [];
  polygons.forEach((polygon) => polygon.forEach((p, i) => {
    const q = polygon[(i + 1) % polygon.length];
    if (!onBox(p, q)) lines.push([p, q]);
  }));
  return { polygons, lines };
}

// The largest angle, in degrees, by which the border between two classes turns in the space of the features; Infinity where there is
// none. With b too: a border that is shifted turns there as well.
export function turnOfBorders(before, after) {
  const { K, m } = before;
  let most = 0;
  for (let j = 0; j < K; j++) for (let k = 0; k < j; k++) {
    const [old, now] = [before, after].map(({ W, b }) => Array.from({ length: m + 1 }, (_, i) => (i < m ? W[i * K + j] - W[i * K + k] : b[j] - b[k])));
    for (const parts of [m, m + 1]) {
      let [dot, a, c] = [0, 0, 0];
      for (let i = 0; i < parts; i++) { dot += old[i] * now[i]; a += old[i] ** 2; c += now[i] ** 2; }
      most = Math.max(most, a * c > 0 ? (Math.acos(Math.min(1, dot / Math.sqrt(a * c))) * 180) / Math.PI : Infinity);
    }
  }
  return most;
}

// How many pixels the borders move at most from one set of weights to another; Infinity where one appears or goes.
export function shiftOfBorders(before, after, plane) {
  const pixels = (p) => plane.toCanvas(...p);
  const [old, now] = [before, after].map((weights) => borders(weights, plane.box).lines.map((line) => line.map(pixels)));
  if (old.length !== now.length) return Infinity;
  const away = ([u, v], [[a, b], [c, d]]) => {
    const [du, dv] = [c - a, d - b];
    const t = Math.max(0, Math.min(1, ((u - a) * du + (v - b) * dv) / (du * du + dv * dv || 1)));
    return Math.hypot(u - a - t * du, v - b - t * dv);
  };
  return Math.max(0, ...old.flat().map((end) => Math.min(...now.map((line) => away(end, line)))));
}
