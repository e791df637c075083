// Paints the stage for one step: regions, borders, points, weight vectors and the way each will move.
import { paintAxes } from "./axes.js";
import { weightsAt, mistakes, planeWeights, twins } from "./run.js";
import { borders, createPlane, plainGrid } from "./plane.js";
import { createField, fillField, nodeSpacing, paintField, paintSlopes, traceField } from "./curves.js";
import { hasVectors, paintVectors, vectorScales } from "./vectors.js";
import { channels, fitCanvas, themeOf } from "../shared/live.js";
import { addMarker } from "../shared/shapes.js";

const ASPECT = 1.85; // width to height of the stage, whatever the units of its axes are
const COLUMNS = 144;
const SOFT = 0.5; // how strongly the regions are tinted: points of the same colour must stay visible on them
const HARD = 0.36;
const NEUTRAL = 0.07; // the ground where nothing is decided, between paper and text
const POINT = 4.6;

const mixed = (color, paper, strength) => color.map((c, i) => paper[i] + strength * (c - paper[i]));

// The colours of Streamlit's theme as the canvas needs them.
export function inkOf(node) {
  const theme = themeOf(node);
  const [paperRgb, textRgb] = [channels(theme.paper), channels(theme.text)];
  return {
    ...theme, paperRgb, isDark: paperRgb[0] < textRgb[0], neutralRgb: mixed(textRgb, paperRgb, NEUTRAL), quiet: `rgba(${textRgb.join(",")},0.65)`,
    line: "rgba(128,128,128,0.35)", grid: `rgba(${textRgb.join(",")},0.09)`, halo: `rgba(${paperRgb.join(",")},0.75)`, rim: "#ffffff",
  };
}

// ratio: points of the canvas for a CSS pixel; the screen's if not given.
export function createPainter(canvas, ratio = undefined) {
  const context = canvas.getContext("2d", { alpha: false });
  const cells = document.createElement("canvas");
  const layer = document.createElement("canvas");
  let scene = null;

  // What stays the same while the run plays is made once: the grid, the picture of all points.
  const prepare = (run, data, width, ink) => {
    const height = Math.round(width / ASPECT);
    const curved = Boolean(run.map?.features);
    const field = createField(curved ? run.map : plainGrid(data.box, COLUMNS, Math.round((COLUMNS * height) / width)), run.K);
    Object.assign(cells, { width: field.columns, height: field.rows });
    for (const target of [canvas, layer]) fitCanvas(target, width, height, ratio);
    const colors = data.colors.map(channels);
    scene = {
      run, data, curved, field, ink, plane: createPlane(data.box, width, height),
      image: new ImageData(field.columns, field.rows),
      soft: colors.map((color) => mixed(color, ink.paperRgb, SOFT)),
      hard: colors.map((color) => `rgb(${mixed(color, ink.paperRgb, HARD).map(Math.round).join(",")})`),
      neutral: `rgb(${ink.neutralRgb.map(Math.round).join(",")})`,
      scales: vectorScales(run, width, height),
    };
    showPoints(run);
  };

  // Only the points have changed: an edit that Python has not answered yet.
  const showPoints = (run) => {
    scene.run = run;
    const over = layer.getContext("2d");
    over.clearRect(0, 0, scene.plane.width, scene.plane.height);
    paintAxes(over, scene, scene.data.axes);
    paintPoints(over, scene);
  };

  // edited: weights that the learner set, in place of the run's; marks: what else to draw on top; moving: other weights whose
  // vectors are drawn, and whether with the way each will go.
  const paint = (step, view, edited = null, marks = null, { vectors = null, withDescent = true } = {}) => {
    const { run, plane, curved, field, ink } = scene;
    const weights = edited ?? weightsAt(run, step);
    const { lines, addRegion } = divide(scene, weights, field, view.regions === "hard");
    if (view.regions === "hard") paintHard(addRegion, twins(weights));
    else {
      if (!curved) fillField(field, planeWeights(weights, run.map));
      paintSoft();
    }
    strokeLines(context, lines, ink);
    if (curved && view.field >= 0 && view.field < weights.K) paintSlopes(context, scene, view.field);
    context.drawImage(layer, 0, 0, plane.width, plane.height);
    ringMistakes(context, scene, weights);
    if (view.length > 0 && hasVectors(run)) paintVectors(context, scene, vectors ?? weights, view.length, withDescent);
    marks?.(context, scene, weights);
  };

  // The region of classes that no point can tell apart is nobody's.
  const paintHard = (addRegion, undecided) => {
    const { plane, hard, neutral, ink, run } = scene;
    context.fillStyle = ink.paper;
    context.fillRect(0, 0, plane.width, plane.height);
    for (let k = 0; k < run.K; k++) {
      context.fillStyle = undecided[k] ? neutral : hard[k];
      context.beginPath();
      addRegion(context, k);
      context.fill();
    }
  };

  const paintSoft = () => {
    const { plane, curved, field, image, soft, ink } = scene;
    paintField(image.data, field, soft, ink.neutralRgb);
    cells.getContext("2d").putImageData(image, 0, 0);
    // A pixel is as wide as the gap between nodes and has its node in the middle: half of the outer ones is cut off.
    const [across, down] = nodeSpacing(scene);
    if (curved) context.drawImage(cells, -across / 2, -down / 2, across * field.columns, down * field.rows);
    else context.drawImage(cells, 0, 0, plane.width, plane.height);
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

  return { prepare, paint, nearest, showPoints, run: () => scene.run, plane: () => scene?.plane, scales: () => scene.scales };
}

// The borders on the canvas, as [u, v, u, v], and addRegion(context, k), which adds the region of class k to a path. A
// model that is linear in x has exact polygons; for any other the field is filled and traced.
function divide({ run, plane, curved }, weights, field, withRegions) {
  if (!curved) {
    const { polygons, lines } = borders(planeWeights(weights, run.map), plane.box);
    const at = (point) => plane.toCanvas(...point);
    return {
      lines: lines.map(([p, q]) => [...at(p), ...at(q)]),
      addRegion: (context, k) => polygons[k].forEach((point) => context.lineTo(...at(point))),
    };
  }
  const [across, down] = nodeSpacing({ plane, field });
  fillField(field, weights);
  const { runs, parts, lines } = traceField(field, withRegions);
  const addRegion = (context, k) => {
    for (const [from, to, row] of runs[k]) context.rect(from * across, row * down, (to - from) * across, down);
    for (const part of parts[k]) {
      part.forEach(([column, row], i) => context[i ? "lineTo" : "moveTo"](column * across, row * down));
      context.closePath();
    }
  };
  return { lines: lines.map(([a, b, c, d]) => [a * across, b * down, c * across, d * down]), addRegion };
}

// The borders of the run before the last change, dashed.
export function paintGhost(context, scene, weights) {
  const field = scene.curved ? createField(scene.run.map, weights.K) : null;
  context.setLineDash([6, 5]);
  strokeLines(context, divide(scene, weights, field, false).lines, scene.ink);
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

// Points of one class are one path: filling a thousand markers then costs ten calls. Test points stay hollow. A white rim
// sets every point apart from its region.
function paintPoints(context, { run, plane, data, ink }) {
  context.lineJoin = "round";
  const radius = pointRadius(run, plane);
  for (let k = 0; k < run.K; k++) {
    for (const isTest of [0, 1]) {
      context.beginPath();
      for (let i = 0; i < run.n; i++) {
        if (run.y[i] === k && run.isTest[i] === isTest) addMarker(context, k, ...plane.toCanvas(run.x[2 * i], run.x[2 * i + 1]), radius);
      }
      context.strokeStyle = ink.rim;
      context.lineWidth = isTest ? 5.5 : 2.6;
      context.stroke();
      context.fillStyle = isTest ? ink.paper : data.colors[k];
      if (isTest) {
        context.strokeStyle = data.colors[k];
        context.lineWidth = 2.6;
        context.stroke();
      }
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

