// Paints the stage for one step: regions, borders, points, weight vectors and the way each will move.
import { weightsAt, mistakes, planeWeights } from "./run.js";
import { borders, createPlane, paintCells, plainGrid } from "./plane.js";
import { createField, fillField, nodeSpacing, paintField, paintSlopes, traceField } from "./curves.js";
import { hasVectors, paintVectors, vectorScale } from "./vectors.js";
import { channels, themeOf } from "../shared/live.js";
import { addMarker } from "../shared/shapes.js";

const COLUMNS = 144;
const SOFT = 0.62; // how strongly the regions are tinted: points of the same colour must stay visible on them
const HARD = 0.42;
const POINT = 4.6;

const mixed = (color, paper, strength) => color.map((c, i) => paper[i] + strength * (c - paper[i]));

// The colours of Streamlit's theme as the canvas needs them.
export function inkOf(node) {
  const theme = themeOf(node);
  return { ...theme, paperRgb: channels(theme.paper), quiet: `rgba(${channels(theme.text).join(",")},0.65)`, line: "rgba(128,128,128,0.35)" };
}

export function createPainter(canvas) {
  const cells = document.createElement("canvas");
  const layer = document.createElement("canvas");
  let scene = null;

  // What stays the same while the run plays is made once: the grid, the picture of all points.
  const prepare = (run, data, size, ink) => {
    const { width, height, ratio } = size;
    const curved = run.map?.features ? createField(run.map, run.K) : null;
    const grid = curved ?? plainGrid(data.box, COLUMNS, Math.round((COLUMNS * height) / width));
    Object.assign(cells, { width: grid.columns, height: grid.rows });
    for (const target of [canvas, layer]) Object.assign(target, { width: width * ratio, height: height * ratio });
    const plane = createPlane(data.box, width, height);
    const colors = data.colors.map(channels);
    scene = {
      run, data, grid, curved, plane, ink, ratio,
      image: new ImageData(grid.columns, grid.rows),
      soft: colors.map((color) => mixed(color, ink.paperRgb, SOFT)),
      hard: colors.map((color) => `rgb(${mixed(color, ink.paperRgb, HARD).map(Math.round).join(",")})`),
      reach: vectorScale(run, width, height),
    };
    showPoints(run);
  };

  // Only the points have changed: an edit that Python has not answered yet.
  const showPoints = (run) => {
    scene.run = run;
    const context = layer.getContext("2d");
    context.setTransform(scene.ratio, 0, 0, scene.ratio, 0, 0);
    paintPoints(context, scene);
  };

  // edited: weights in the hand, which stand in place of the run's; marks: what else to draw on top.
  const paint = (step, view, edited = null, marks = null) => {
    const { run, plane, ratio, curved } = scene;
    const weights = edited ?? weightsAt(run, step);
    const context = canvas.getContext("2d", { alpha: false });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (curved) paintCurved(context, weights, view);
    else paintStraight(context, planeWeights(weights, run.map), view);
    context.drawImage(layer, 0, 0, plane.width, plane.height);
    ringMistakes(context, scene, weights);
    if (view.length > 0 && hasVectors(run)) paintVectors(context, scene, weights, view.length);
    marks?.(context, scene, weights);
  };

  const paintImage = (context, u, v, width, height) => {
    cells.getContext("2d").putImageData(scene.image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(cells, u, v, width, height);
  };

  // A model that is linear in x: polygons and lines are exact.
  const paintStraight = (context, weights, view) => {
    const { plane, grid, ink } = scene;
    const { polygons, lines } = borders(weights, plane.box);
    if (view.regions === "hard") paintPolygons(context, polygons, scene);
    else {
      paintCells(scene.image.data, grid, weights, scene.soft, false);
      paintImage(context, 0, 0, plane.width, plane.height);
    }
    strokeLines(context, lines.map(([p, q]) => [...plane.toCanvas(...p), ...plane.toCanvas(...q)]), ink);
  };

  const paintCurved = (context, weights, view) => {
    const { plane, curved, ink } = scene;
    const [across, down] = nodeSpacing(scene);
    fillField(curved, weights);
    const traced = traceField(curved, view.regions === "hard");
    if (view.regions === "hard") paintTraced(context, traced, scene);
    else {
      paintField(scene.image.data, curved, scene.soft);
      // A pixel is as wide as the gap between nodes and has its node in the middle: half of the outer ones is cut off.
      paintImage(context, -across / 2, -down / 2, across * curved.columns, down * curved.rows);
    }
    strokeLines(context, traced.lines.map(([a, b, c, d]) => [a * across, b * down, c * across, d * down]), ink);
    if (view.field >= 0 && view.field < weights.K) paintSlopes(context, scene, view.field);
  };

  const nearest = (u, v, within = 14) => {
    let best = -1;
    let distance = within * within;
    const { run, plane } = scene;
    for (let i = 0; i < run.n; i++) {
      const [x, y] = plane.toCanvas(run.x[2 * i], run.x[2 * i + 1]);
      const d = (x - u) ** 2 + (y - v) ** 2;
      if (d < distance) { distance = d; best = i; }
    }
    return best;
  };

  return { prepare, paint, nearest, showPoints, run: () => scene.run, plane: () => scene?.plane, reach: () => scene.reach };
}

// The borders of the run before the last change, dashed.
export function paintGhost(context, scene, weights) {
  const { plane, ink, run, curved } = scene;
  let lines;
  if (curved) {
    const [across, down] = nodeSpacing(scene);
    const field = createField(run.map, weights.K);
    fillField(field, weights);
    lines = traceField(field, false).lines.map(([a, b, c, d]) => [a * across, b * down, c * across, d * down]);
  } else {
    lines = borders(planeWeights(weights, run.map), plane.box).lines
      .map(([p, q]) => [...plane.toCanvas(...p), ...plane.toCanvas(...q)]);
  }
  context.setLineDash([6, 5]);
  strokeLines(context, lines, ink);
  context.setLineDash([]);
}

function strokeLines(context, lines, ink) {
  context.strokeStyle = ink.text;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [a, b, c, d] of lines) {
    context.moveTo(a, b);
    context.lineTo(c, d);
  }
  context.stroke();
}

function paintPolygons(context, polygons, { plane, hard, ink }) {
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, plane.width, plane.height);
  polygons.forEach((polygon, k) => {
    context.fillStyle = hard[k];
    context.beginPath();
    polygon.forEach((point) => context.lineTo(...plane.toCanvas(...point)));
    context.fill();
  });
}

function paintTraced(context, { runs, parts }, scene) {
  const { plane, hard, ink } = scene;
  const [across, down] = nodeSpacing(scene);
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, plane.width, plane.height);
  runs.forEach((rows, k) => {
    context.fillStyle = hard[k];
    context.beginPath();
    for (const [from, to, row] of rows) context.rect(from * across, row * down, (to - from) * across, down);
    for (const part of parts[k]) {
      part.forEach(([column, row], i) => context[i ? "lineTo" : "moveTo"](column * across, row * down));
      context.closePath();
    }
    context.fill();
  });
}

// Points of one class are one path: filling a thousand markers then costs ten calls. Test points stay hollow.
function paintPoints(context, { run, plane, data, ink }) {
  context.clearRect(0, 0, plane.width, plane.height);
  const radius = pointRadius(run, plane);
  for (let k = 0; k < run.K; k++) {
    for (const isTest of [0, 1]) {
      context.beginPath();
      for (let i = 0; i < run.n; i++) {
        if (run.y[i] === k && run.isTest[i] === isTest) addMarker(context, k, ...plane.toCanvas(run.x[2 * i], run.x[2 * i + 1]), radius);
      }
      context.lineWidth = isTest ? 3 : 1;
      context.strokeStyle = isTest ? data.colors[k] : ink.paper;
      context.fillStyle = isTest ? ink.paper : data.colors[k];
      context.stroke();
      context.fill();
    }
  }
}

// Smaller on a small stage and where there are many.
const pointRadius = (run, plane) => POINT * (run.n > 1500 ? 0.7 : 1) * Math.max(0.55, Math.min(1, plane.width / 640));

function ringMistakes(context, { run, plane, ink }, weights) {
  const radius = 1.55 * pointRadius(run, plane);
  context.strokeStyle = ink.text;
  context.lineWidth = radius > 5 ? 1.4 : 1;
  context.beginPath();
  for (const i of mistakes(run, weights)) {
    const [x, y] = plane.toCanvas(run.x[2 * i], run.x[2 * i + 1]);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.stroke();
}

