// The units of the first hidden layer: each one's activation over the plane as a small map that moves with the run, its line on the
// stage, and the weights in and out of the one that was chosen.
import { element, math, writeAttribute } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { pictureTheme } from "../shared/pictures.js";
import { rich } from "../shared/markup.js";
import { markerPicture } from "../shared/shapes.js";
import { addSlope } from "./curves.js";
import { activationsOf } from "./layers.js";
import { borders, createPlane } from "./plane.js";
import { planeWeights } from "./run.js";

const [MAP_ACROSS, MAP_DOWN] = [41, 23]; // numbers of a map: every third node of the still stage, every second of a played one; its canvas has SHARP times as many points
const SHARP = 2;
const SHADES = 255; // of each sign
const [CHIP, ARROW, ASIDE] = [9, 13, 22]; // pixels: the disc with a unit's number, its arrow, and how far both stand from the edge
const NAMES = { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", softmax: "softmax" };

// z = 0 of every unit as a line across the unit square, from the top left: { from, to, way }, where way points to z > 0 on a stage of
// this height for a width of 1; null where it lies outside. It is the border of the part where z > 0, which lies always on the same
// side of `from` and `to`: turned with its unit, a line keeps its direction.
export function unitLines(layer, map, box) {
  const { K, W, b } = planeWeights({ ...layer, gradW: null }, map);
  const { toCanvas } = createPlane(box, 1, 1);
  return Array.from({ length: K }, (_, k) => {
    const { lines } = borders({ K: 2, W: [W[k], 0, W[K + k], 0], b: [b[k], 0] }, box);
    const size = Math.hypot(W[k], W[K + k]);
    return lines.length ? { from: toCanvas(...lines[0][1]), to: toCanvas(...lines[0][0]), way: [W[k] / size, -W[K + k] / size] } : null;
  });
}

// Whether z = 0 is a straight line of the plane where something happens: of units that do not compete, of a model that sees x.
export const hasUnitLines = (run) => run.hidden.length > 0 && run.activation !== "softmax" && !run.map?.features;

// stage: run(), data(), root, field() of the painter, isPlaying(), say(key, values), unit() and choose(unit) of the one that is told:
// counted from 1, 0 for none.
export function createUnits(stage) {
  const text = element("p", { class: "unit-text" });
  const maps = element("div", { class: "unit-maps" });
  const node = element("div", { class: "units", role: "group", "data-part": "units", hidden: true }, text, maps);
  const small = element("canvas", { width: MAP_ACROSS, height: MAP_DOWN });
  const pixels = new ImageData(MAP_ACROSS, MAP_DOWN);
  const words = new Uint32Array(pixels.data.buffer);
  const shades = new Uint32Array(2 * SHADES + 1);
  let buttons = [];
  let ink = null;

  const count = () => stage.run().hidden[0]?.K ?? 0;
  const chosenUnit = () => (stage.unit() <= count() ? stage.unit() - 1 : -1);
  const build = () => {
    buttons = Array.from({ length: count() }, (_, unit) => {
      const canvas = element("canvas", { width: MAP_ACROSS * SHARP, height: MAP_DOWN * SHARP });
      return { canvas, button: element("button", { class: "unit pick", type: "button", onclick: () => stage.choose(chosenUnit() === unit ? 0 : unit + 1) }, canvas, `u${unit + 1}`) };
    });
    maps.style.setProperty("--units", count());
    maps.replaceChildren(...buttons.map(({ button }) => button));
  };

  // What stays while the run plays: colours, and where a map looks.
  const prepare = (newInk) => {
    node.hidden = !count();
    if (buttons.length !== count()) build();
    if (node.hidden) return;
    ink = newInk;
    const { negative, neutral, positive } = pictureTheme(stage.root, stage.data().scales).ends;
    const bytes = new Uint8ClampedArray(shades.buffer);
    shades.forEach((_, i) => {
      const share = Math.abs(i / SHADES - 1);
      bytes.set([...neutral.map((c, at) => c + share * ((i < SHADES ? negative : positive)[at] - c)), 255], 4 * i);
    });
  };

  const writeTexts = () => {
    writeAttribute(node, "aria-label", stage.say("units"));
    buttons.forEach(({ button }, i) => writeAttribute(button, "aria-label", stage.say("unit", { n: `u${i + 1}` })));
  };

  // The largest activation is the strongest shade: 1, but of ReLU the largest that there is.
  const paintMaps = (weights) => {
    const { columns, features } = stage.field();
    const [units, every] = [count(), (columns - 1) / (MAP_ACROSS - 1)];
    const values = activationsOf(weights, features)[0];
    const most = stage.run().activation === "relu" ? values.reduce((a, b) => Math.max(a, b), 0) || 1 : 1;
    const context = small.getContext("2d");
    const [wide, high] = [(SHARP * MAP_ACROSS) / (MAP_ACROSS - 1), (SHARP * MAP_DOWN) / (MAP_DOWN - 1)]; // between two numbers: the outer ones lie on the edge
    const lines = hasUnitLines(stage.run()) ? unitLines(weights.hidden[0], stage.run().map, stage.data().box) : [];
    buttons.forEach(({ canvas }, unit) => {
      for (let i = 0; i < words.length; i++) {
        const node = every * (Math.floor(i / MAP_ACROSS) * columns + (i % MAP_ACROSS));
        words[i] = shades[Math.round(SHADES * (1 + values[node * units + unit] / most))];
      }
      context.putImageData(pixels, 0, 0);
      const over = canvas.getContext("2d");
      over.drawImage(small, -wide / 2, -high / 2, wide * MAP_ACROSS, high * MAP_DOWN);
      if (!lines[unit]) return;
      const { from, to } = lines[unit];
      over.strokeStyle = ink.text;
      over.lineWidth = SHARP;
      over.beginPath();
      over.moveTo(from[0] * canvas.width, from[1] * canvas.height);
      over.lineTo(to[0] * canvas.width, to[1] * canvas.height);
      over.stroke();
    });
  };

  // The weights into the chosen unit, and out of it to every class. Written when they change: it is told aloud.
  const writeChosen = (weights) => {
    const { names, colors, features } = stage.data();
    const { activation } = stage.run();
    const [[layer], chosen] = [weights.hidden, chosenUnit()];
    const name = NAMES[activation];
    const out = chosen < 0 || weights.hidden.length > 1 ? [] : names.map((_, k) => readable(weights.W[chosen * weights.K + k], 2));
    const terms = chosen < 0 ? [] : [...features.map((feature, j) => [layer.W[j * layer.K + chosen], ` · ${feature}`]), [layer.b[chosen], ""]];
    const sum = terms.map(([value, factor], j) => `${j ? (value < 0 ? " − " : " + ") : value < 0 ? "−" : ""}${readable(Math.abs(value), 2)}${factor}`).join("");
    const hint = stage.say(activation === "tanh" ? "units_hint" : "units_hint_above", { g: name });
    const wanted = JSON.stringify([chosen, sum, out, names, hint]);
    if (text.dataset.of === wanted) return;
    text.dataset.of = wanted;
    writeAttribute(text, "aria-live", chosen < 0 || stage.isPlaying() ? "off" : "polite");
    if (chosen < 0) return void text.replaceChildren(element("span", {}, ...rich(hint)));
    // The units of a softmax compete: none of them has an activation of its own.
    const said = activation === "softmax" ? [math("z"), ` = ${sum}`] : [math("a"), ` = ${name}(${sum})`];
    text.replaceChildren(element("b", {}, `u${chosen + 1}`), element("span", {}, ...said), element("span", { class: "out" }, stage.say("unit_out")),
      ...out.map((value, k) => element("span", { class: "class" }, markerPicture(k, colors[k]), `${names[k]} `, element("b", {}, value))));
  };

  const paint = (weights) => {
    if (node.hidden) return;
    paintMaps(weights);
    writeChosen(weights);
    const chosen = chosenUnit();
    buttons.forEach(({ button }, i) => writeAttribute(button, "aria-pressed", String(i === chosen)));
    stage.root.dataset.unit = chosen < 0 ? "" : String(chosen + 1);
  };

  // Each unit's line with its number and an arrow to z > 0; the chosen one in front and in the colour of the page's controls.
  const paintLines = (context, { plane }, weights) => {
    const { width, height, box } = plane;
    const size = Math.max(0.75, Math.min(1, width / 640)) * Math.max(1, ink.em); // smaller on a phone, larger on a projector
    const lines = unitLines(weights.hidden[0], stage.run().map, box).map((line, unit) => line && {
      unit, way: line.way, from: [line.from[0] * width, line.from[1] * height], to: [line.to[0] * width, line.to[1] * height] }).filter(Boolean);
    const pass = (those, color, thickness) => {
      Object.assign(context, { strokeStyle: color, fillStyle: color, lineWidth: thickness });
      context.beginPath();
      for (const { from, to, way } of those) {
        context.moveTo(...from);
        context.lineTo(...to);
        const [[u, v], length] = [besides(from, to), (CHIP + ARROW) * size];
        addSlope(context, u + (length / 2) * way[0], v + (length / 2) * way[1], ...way, length);
      }
      context.stroke();
    };
    const chosen = chosenUnit();
    const last = lines.filter(({ unit }) => unit === chosen);
    pass(lines, ink.halo, 3);
    pass(lines.filter(({ unit }) => unit !== chosen), ink.quiet, 1);
    pass(last, ink.paper, 6);
    pass(last, ink.accent, 2.6);
    Object.assign(context, { font: `600 ${11 * size}px ${ink.font}`, textAlign: "center", textBaseline: "middle", lineWidth: 1 });
    for (const { unit, from, to } of [...lines, ...last]) {
      const [u, v] = besides(from, to);
      context.fillStyle = unit === chosen ? ink.accent : ink.paper;
      context.strokeStyle = ink.quiet;
      context.beginPath();
      context.arc(u, v, CHIP * size, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
      context.fillStyle = unit === chosen ? ink.paper : ink.text;
      context.fillText(unit + 1, u, v + 0.5);
    }
  };

  return { node, prepare, writeTexts, paint, paintLines };
}

// The place of a line's number: a little way from its first end, and not beyond its middle.
function besides([a, b], [c, d]) {
  const size = Math.hypot(c - a, d - b) || 1;
  const share = Math.min(ASIDE / size, 0.5);
  return [a + share * (c - a), b + share * (d - b)];
}
