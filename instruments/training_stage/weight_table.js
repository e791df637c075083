// W and b as a table to write in: a row for every feature and one for the biases, a column for every class; in small
// the gradient of the loss with respect to each number.
import { element, fill, math } from "../shared/live.js";
import { readable, twoReadings, typedNumber } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";

const NUDGE = 0.1; // of an arrow key; ten times as much with Shift

const written = (x) => String(Number(x.toPrecision(4))).replace("-", "−");

// data() is what Python sent. changed(row, k, value): a number was written; settled(): the field was left or the key
// released; refused(text): a sentence about a number that has two readings, or that is none; "" after any other.
export function createWeightTable({ data, changed, settled, refused }) {
  const node = element("table", { class: "weight-table" });
  let cells = []; // [row][k] = {field, slope}
  let shape = "";

  const write = (field, j, k) => {
    const value = typedNumber(field.value);
    const { limits, labels } = data();
    const usable = value !== null && Math.abs(value) <= limits.weight;
    const readings = twoReadings(field.value);
    const why = readings ? fill(labels.two_readings, { text: field.value.trim(), first: readings[0], second: readings[1] })
      : fill(labels.no_weight, { text: field.value.trim() });
    refused(usable ? "" : why);
    field.setAttribute("aria-invalid", String(!usable));
    if (usable) changed(j, k, value);
    return usable;
  };

  const nudge = (event, field, j, k) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Enter") field.blur();
    if (!way) return;
    event.preventDefault();
    field.value = written((typedNumber(field.value) ?? 0) + way * NUDGE * (event.shiftKey ? 10 : 1));
    write(field, j, k);
  };

  const cell = (j, k, label) => {
    const field = element("input", { type: "text", inputmode: "decimal", size: "7", "aria-label": label });
    field.addEventListener("input", () => write(field, j, k));
    field.addEventListener("change", () => settled());
    field.addEventListener("keydown", (event) => nudge(event, field, j, k));
    field.addEventListener("keyup", (event) => { if (/^Arrow(Up|Down)$/.test(event.key)) settled(); });
    const slope = element("small");
    cells[j].push({ field, slope });
    return element("td", {}, element("div", {}, field, slope));
  };

  const build = ({ names, colors, features, labels }) => {
    cells = [...features, "b"].map(() => []);
    const row = (head, j, label) => element("tr", {}, element("th", { scope: "row" }, head), ...names.map((name, k) => cell(j, k, label(name))));
    node.replaceChildren(
      element("tr", {}, element("td"), ...names.map((name, k) => element("th", { scope: "col" }, markerPicture(k, colors[k]), ` ${name}`))),
      ...features.map((feature, j) => row(feature, j, (name) => fill(labels.weight_of, { feature, name }))),
      row(math("b"), features.length, (name) => fill(labels.bias_of, { name })));
  };

  // What stands in a field that is being written in is left alone.
  const show = (weights) => {
    const { names, features, labels } = data();
    const wanted = JSON.stringify([names, features, labels.weight_of]);
    if (wanted !== shape) build(data());
    shape = wanted;
    const { K, W, b, gradW, gradb } = weights;
    const active = node.getRootNode().activeElement;
    cells.forEach((row, j) => row.forEach(({ field, slope }, k) => {
      const [value, gradient] = j < features.length ? [W[j * K + k], gradW[j * K + k]] : [b[k], gradb[k]];
      if (field !== active && field.value !== written(value)) {
        field.value = written(value);
        field.setAttribute("aria-invalid", "false");
      }
      const text = `∂ ${readable(gradient)}`;
      if (slope.textContent !== text) slope.textContent = text;
    }));
  };
  return { node, show };
}
