// Paints the stage for one step: regions, borders, points, weight vectors and the way each will move.
import { paintAxes } from "./axes.js";
import { isCurved, weightsAt, mistakes, planeWeights, twins } from "./run.js";
import { borders, createPlane, nodeGrid, plainGrid } from "./plane.js";
import { createField, fillField, nodeSpacing, paintField, paintSlopes, traceField } from "./curves.js";
import { hasVectors, paintVectors, vectorScales } from "./vectors.js";
import { createFlashGuard, lightOf } from "../shared/motion.js";
import { channels, fitCanvas, themeOf } from "../shared/live.js";
import { addMarker } from "../shared/shapes.js";

const ASPECT = 1.85; // width to height of the stage, whatever the units of its axes are
const COLUMNS = 144;
const [STILL_GRID, PLAYED_GRID] = [[121, 67], [81, 45]]; // columns and rows on which a network is traced: coarser while it plays
const PLACE = 48; // pixels of a place that must not flash: a line that goes through it does not change it much
const FINE = 4; // such a place has so many pixels across and down in the picture in which its luminance is measured
const SOFT = 0.5; // how strongly the regions are tinted: points of the same colour must stay visible on them
const HARD = 0.36;
const NEUTRAL = 0.07; // the ground where nothing is decided, between paper and text
const POINT = 4.6;
const DASH = 26; // pixels from dash to dash of a traced border

const css = (color) => `rgb(${color.map(Math.round).join(",")})`;
const mixed = (color, paper, strength) => color.map((c, i) => paper[i] + strength * (c - paper[i]));

// The colours of Streamlit's theme as the canvas needs them.
export function inkOf(node) {
  const theme = themeOf(node);
  const [paperRgb, textRgb] = [channels(theme.paper), channels(theme.text)];
  return {
    ...theme, em: parseFloat(getComputedStyle(document.documentElement).fontSize) / 16, paperRgb, isDark: paperRgb[0] < textRgb[0], neutralRgb: mixed(textRgb, paperRgb, NEUTRAL), quiet: `rgba(${textRgb.join(",")},0.65)`,
    line: "rgba(128,128,128,0.35)", grid: `rgba(${textRgb.join(",")},0.09)`, halo: `rgba(${paperRgb.join(",")},0.75)`, rim: "#ffffff",
  };
}

// ratio: points of the canvas for a CSS pixel; the screen's if not given.
export function createPainter(canvas, ratio = undefined) {
  const context = canvas.getContext("2d", { alpha: false });
  const cells = document.createElement("canvas");
  const layer = document.createElement("canvas");
  const small = document.createElement("canvas");
  const smallContext = small.getContext("2d", { alpha: false, willReadFrequently: true });
  const flashes = createFlashGuard();
  let scene = null;

  // What stays the same while the run plays is made once: the grid, the picture of all points.
  const prepare = (run, data, width, ink) => {
    const height = Math.round(width / ASPECT);
    const curved = isCurved(run);
    const field = createField(curved ? nodesOf(run, data.box, STILL_GRID) : plainGrid(data.box, COLUMNS, Math.round((COLUMNS * height) / width)), run.K);
    const coarse = run.hidden.length ? createField(nodesOf(run, data.box, PLAYED_GRID), run.K) : field;
    for (const target of [canvas, layer]) fitCanvas(target, width, height, ratio);
    const colors = data.colors.map(channels);
    scene = {
      run, data, curved, fields: { still: field, played: coarse }, field: null, image: null, ghost: null, ink, plane: createPlane(data.box, width, height),
      shown: null,
      soft: colors.map((color) => mixed(color, ink.paperRgb, SOFT)),
      hard: colors.map((color) => mixed(color, ink.paperRgb, HARD)),
      scales: vectorScales(run, width, height),
    };
    look(field);
    showPoints(run);
  };

  const look = (field) => {
    if (scene.field === field) return;
    Object.assign(scene, { field, image: new ImageData(field.columns, field.rows) });
    Object.assign(cells, { width: field.columns, height: field.rows });
    cells.getContext("2d", { willReadFrequently: true });
  };

  // Only the points have changed: an edit that Python has not answered yet.
  const showPoints = (run) => {
    scene.run = run;
    const over = layer.getContext("2d");
    over.clearRect(0, 0, scene.plane.width, scene.plane.height);
    paintAxes(over, scene, scene.data.axes);
    paintPoints(over, scene);
  };

  // edited: weights that the learner set, in place of the run's; marks: what else to draw on top; vectors: other weights whose
  // vectors are drawn; withDescent: with the way each will go; plays: one step follows another by itself;
  // under: what else to draw below the points.
  // Returns whether it was painted: where a place would flash, the picture that stands there stays for a moment.
  const paint = (step, view, edited = null, marks = null, { vectors = null, withDescent = true, plays = false, under = null } = {}) => {
    look(plays ? scene.fields.played : scene.fields.still);
    const { run, plane, curved, field, ink } = scene;
    const weights = edited ?? weightsAt(run, step);
    const isHard = view.regions === "hard";
    const { lines, addRegion } = divide(scene, weights, curved ? field : null, isHard);
    if (!isHard) {
      if (!curved) fillField(field, planeWeights(weights, run.map));
      paintField(scene.image.data, field, scene.soft, ink.neutralRgb);
      cells.getContext("2d").putImageData(scene.image, 0, 0);
    }
    const wrong = mistakes(run, weights);
    const model = (target, over) => {
      if (isHard) paintHard(target, addRegion, twins(weights));
      else paintSoft(target);
      strokeLines(target, lines, ink);
      if (run.map?.features && view.field >= 0 && view.field < weights.K) paintSlopes(target, scene, view.field);
      if (over) {
        if (under) under(target, scene, weights);
        target.drawImage(over, 0, 0, plane.width, plane.height);
      }
      ringMistakes(target, scene, wrong);
      if (view.length > 0 && hasVectors(run)) paintVectors(target, scene, vectors ?? weights, view.length, withDescent);
    };
    const light = lightAtPlaces(model);
    const now = performance.now();
    const isHeld = !edited && scene.shown !== null && scene.shown !== step && !flashes.mayShow(light, now, plays);
    if (isHeld) return false;
    flashes.wasShown(light, now);
    scene.shown = step;
    model(context, layer);
    marks?.(context, scene, weights);
    return true;
  };

  // The mean luminance of every place, from a small picture. The points, which stand still, are left out.
  const lightAtPlaces = (model) => {
    const { plane } = scene;
    const [across, down] = [plane.width, plane.height].map((size) => Math.max(1, Math.round(size / PLACE)));
    if (small.width !== FINE * across || small.height !== FINE * down) Object.assign(small, { width: FINE * across, height: FINE * down });
    smallContext.setTransform(small.width / plane.width, 0, 0, small.height / plane.height, 0, 0);
    model(smallContext, null);
    const light = lightOf(smallContext.getImageData(0, 0, small.width, small.height).data);
    const places = new Float64Array(across * down);
    light.forEach((value, i) => {
      const [column, row] = [i % small.width, Math.floor(i / small.width)].map((at) => Math.floor(at / FINE));
      places[row * across + column] += value / FINE ** 2;
    });
    return places;
  };

  // The region of classes that no point can tell apart is nobody's.
  const paintHard = (context, addRegion, undecided) => {
    const { plane, hard, ink, run } = scene;
    context.fillStyle = ink.paper;
    context.fillRect(0, 0, plane.width, plane.height);
    for (let k = 0; k < run.K; k++) {
      context.fillStyle = css(undecided[k] ? ink.neutralRgb : hard[k]);
      context.beginPath();
      addRegion(context, k);
      context.fill();
    }
  };

  const paintSoft = (context) => {
    const { plane, curved, field } = scene;
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

  return { prepare, paint, nearest, showPoints, field: () => scene.field, run: () => scene.run, plane: () => scene?.plane, scales: () => scene.scales };
}

// The nodes at which a curved model is asked: those whose features Python has sent, or those of any grid.
const nodesOf = (run, box, size) => (run.map?.features ? run.map : nodeGrid(box, ...size, run.map));

// The borders on the canvas, as [u, v, u, v], and addRegion(context, k), which adds the region of class k to a path. A
// model that is linear in x has exact polygons and needs no field; that of any other is filled and traced.
function divide({ run, plane }, weights, field, withRegions) {
  if (!field) {
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

// The borders of the run before the last change, dashed. Another grid than the run's: each keeps the activations at its own.
export function paintGhost(context, scene, weights) {
  const { run, data } = scene;
  const curved = isCurved({ map: run.map, hidden: weights.hidden ?? [] });
  const { columns, rows } = scene.curved ? scene.field : { columns: STILL_GRID[0], rows: STILL_GRID[1] };
  if (curved && (scene.ghost?.K !== weights.K || scene.ghost.columns !== columns)) scene.ghost = createField(nodesOf(run, data.box, [columns, rows]), weights.K);
  const { lines } = divide(scene, weights, curved ? scene.ghost : null, false);
  if (curved) return strokeLines(context, lines.filter(isInDash), scene.ink);
  context.setLineDash([6, 5]);
  strokeLines(context, lines, scene.ink);
  return context.setLineDash([]);
}

// A traced border has a piece for every cell, too short for a dash: whole pieces are left out, by their place along the border.
const isInDash = ([a, b, c, d]) => ((Math.abs(c - a) > Math.abs(d - b) ? a + c : b + d) / 2) % DASH < DASH / 2;

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

// Smaller on a small stage and where there are many; larger on that of a projector.
const pointRadius = (run, plane) => POINT * (run.n > 1500 ? 0.7 : 1) * Math.max(0.55, Math.min(1, plane.width / 640), plane.width / 720);

function ringMistakes(context, { run, plane, ink }, wrong) {
  const radius = 1.55 * pointRadius(run, plane);
  context.strokeStyle = ink.text;
  context.lineWidth = radius > 5 ? 1.4 : 1;
  context.beginPath();
  for (const i of wrong) {
    const [x, y] = plane.toCanvas(run.x[2 * i], run.x[2 * i + 1]);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.stroke();
}

