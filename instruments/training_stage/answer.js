// What the model says at one place of the plane: p of every class, as bars in the colours and with the names of the
// classes. The same row is the legend of the classes where no place is asked.
import { createGuess } from "../shared/guess.js";
import { element, math, writeAttribute, writeStyle, writeText } from "../shared/live.js";
import { readable, shareText } from "../shared/numbers.js";
import { argmax } from "../shared/softmax.js";
import { markerPicture } from "../shared/shapes.js";
import { createProbeFields } from "./probe.js";

const NEARLY = 1e-6; // p of two classes that differ by less are equal

// The class with the largest p, or -1 where two share it.
function decided(p) {
  const best = argmax(p);
  return p.some((share, k) => k !== best && p[best] - share < NEARLY) ? -1 : best;
}

// say(key, values) fills a translated sentence; probe is what createProbe returns.
export function createAnswer(say, probe) {
  const fields = createProbeFields(probe);
  const place = element("span", { class: "place" });
  const verdict = element("b", { class: "verdict" });
  const asked = element("div", { class: "asked" }, place, fields.node, verdict);
  const list = element("div", { class: "says" });
  const node = element("div", { class: "answer" }, asked, list);
  let cells = [];

  const writeTexts = ({ names, colors, axes, labels }) => {
    fields.writeTexts(axes, labels);
    const wanted = JSON.stringify([names, colors.slice(0, names.length)]);
    if (list.dataset.of === wanted) return;
    list.dataset.of = wanted;
    list.style.setProperty("--count", Math.min(5, names.length));
    list.classList.toggle("many", names.length > 3);
    cells = names.map((name, k) => {
      const p = element("span", { class: "p" });
      const fill = element("div", { class: "fill", style: `background: ${colors[k]}` });
      const guess = createGuess();
      const cell = element("div", { class: "cell" }, markerPicture(k, colors[k]), element("span", { class: "name" }, name),
        p, element("div", { class: "track" }, fill), guess.node);
      return { cell, p, fill, guess };
    });
    list.replaceChildren(...cells.map(({ cell }) => cell));
  };

  // at: { x, y, z, p, probe, nearly } or null. nearly: the features of the place were read between the nodes of a grid.
  // prediction: { k, at: [x, y], text }, the class that was predicted for the probe at a place, or null.
  const show = (at, { names, prediction }) => {
    const isAsked = Boolean(at?.probe && prediction && at.x === prediction.at[0] && at.y === prediction.at[1]);
    const p = at && at.p;
    const best = at ? decided(p) : -1;
    fields.show(at?.probe ? at : null);
    writeText(place, at?.probe ? "" : at ? `(${readable(at.x, 2)}, ${readable(at.y, 2)})` : say("ask_hint"));
    writeText(verdict, at ? `→ ${best < 0 ? say("undecided_here") : names[best]}` : "");
    writeAttribute(asked, "class", at ? "asked" : "asked nothing");
    cells.forEach(({ cell, p: share, fill, guess }, k) => {
      guess.paint(isAsked && k === prediction.k ? prediction : null);
      writeText(share, at ? at.nearly && /^\d/.test(shareText(p[k])) ? `≈${shareText(p[k])}` : shareText(p[k]) : "");
      writeStyle(fill, "transform", `scaleX(${at ? p[k].toFixed(4) : 0})`);
      cell.classList.toggle("best", k === best);
      writeAttribute(cell, "title", at ? `${names[k]}: z = ${readable(at.z[k], 3)}, p = ${readable(p[k], 4)}` : names[k]);
    });
    return p;
  };
  return { node, writeTexts, show };
}

// What is shown of weight vectors whose tips lie under the pointer: w_k and its gradient, the parts that can be drawn.
export function vectorCard(weights, tips, { names, colors }, say) {
  const { K, m, W, gradW } = weights;
  const most = (values) => values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  const [noiseW, noiseG] = [1e-6 * most(W), 1e-6 * most(gradW)]; // single precision holds no more
  const part = (value, noise) => readable(Math.abs(value) < noise ? 0 : value);
  const pair = (values, k, sign, noise) => `(${part(sign * values[k], noise)}, ${part(sign * values[K + k], noise)}${m > 2 ? ", …" : ""})`;
  const head = element("tr", {}, element("td"), element("th", { scope: "col" }, math("w")),
    element("th", { scope: "col" }, "−∂", math("L"), "/∂", math("w")));
  const rows = tips.map((k) => element("tr", {}, element("td", {}, markerPicture(k, colors[k]), names[k]),
    element("td", {}, pair(W, k, 1, noiseW)), element("td", {}, pair(gradW, k, -1, noiseG))));
  return [element("table", {}, head, ...rows), ...(m > 2 ? [element("p", {}, say("two_parts", { m }))] : [])];
}
