// One class: its name, its logit on a track, p and y on the axis of the curve with p - y between their ends.
import { createTrack } from "../shared/drag.js";
import { createGuess } from "../shared/guess.js";
import { element, math, svgElement, writeAttribute, writeText } from "../shared/live.js";
import { beyondText, readable, shareText } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";
import { arrowPath } from "./curve.js";

const LEAST = 5e-4; // a difference that is written 0.000 has no direction

// A logit or a slope that is too small for its column is 0.00, for there is no room for a power of ten.
export const inColumn = (x, digits) => readable(Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x, digits);

// p, y or p − y; the title has what the column has no room for.
function writeShare(node, x) {
  writeText(node, shareText(x));
  writeAttribute(node, "title", beyondText(x));
}

// The instrument as a row sees it:
//   color, nameLength, say(key, values)
//   choose(), remove(), rename(text)    class k becomes the true class, goes, gets another name
//   logit, target                       range(), read(), set(x), hold(on), typed(text)
export function createClassRow(k, { color, nameLength, say, choose, remove, rename, logit, target }) {
  const label = element("span", { class: "label" });
  const name = element("button", { class: "name", type: "button", onclick: choose }, markerPicture(k, color), label);
  const field = element("input", { class: "rename", maxlength: nameLength, spellcheck: "false", onchange: () => rename(field.value) });
  const cross = element("button", { class: "remove", type: "button", onclick: remove }, "×");
  const guess = createGuess();
  const z = createTrack({
    ...logit, small: 0.1, large: 1, written: () => String(logit.read()),
    round: (value) => Number(Number(value.toPrecision(12)).toFixed(logit.range()[1] <= 20 ? 2 : 0)),
  }, { fill: "fill", handle: "handle" }, element("div", { class: "zero" }), guess.node);
  const amount = element("div", { class: "amount" });
  const arrow = svgElement("path", {});
  const y = createTrack({
    ...target, small: 0.01, large: 0.1, written: () => String(Number(target.read().toPrecision(6))),
    round: (value) => Math.round(value * 1000) / 1000,
  }, { fill: "share", handle: "handle share-handle" }, amount, svgElement("svg", { class: "arrow" }, arrow));
  const narrow = (letter) => element("span", { class: "short" }, ...letter);
  const was = element("span", { class: "was" });
  const [p, gap, way] = [element("span"), element("span"), element("span", { class: "way" })];
  const row = element("div", { class: "row", role: "row", style: `--class-color: ${color}` },
    element("div", { class: "cell who", role: "rowheader" }, name, field, cross),
    element("div", { class: "cell logit", role: "cell" }, z.track), element("div", { class: "cell z", role: "cell" }, narrow([math("z")]), z.value, was),
    element("div", { class: "cell axis", role: "cell" }, y.track),
    element("div", { class: "cell number p", role: "cell" }, narrow([math("p")]), p), element("div", { class: "cell y", role: "cell" }, narrow([math("y")]), y.value),
    element("div", { class: "cell number gap", role: "cell" }, narrow([math("p"), "−", math("y")]), gap, way));

  // now: covered (whether p − y would answer the open question), values, was (what stands below each logit, or null), limit, probabilities, targets, gaps, names, target, editing, ways (whether it is shown which way z should go),
  // way (which way the learner said that z of one class goes), width.
  const paint = (now) => {
    const difference = now.gaps[k], named = now.names[k];
    const part = Math.max(-1, Math.min(1, now.values[k] / now.limit));
    const written = inColumn(now.values[k], Math.abs(now.values[k]) < 1000 ? 2 : 0);
    z.paint(50 + 50 * part, part, now.values[k], written, say("spoken", { z: written, p: shareText(now.probabilities[k]) }));
    writeText(was, now.was?.[k] ?? "");
    guess.paint(now.way?.k === k ? { ...now.way, from: 0.5 + 0.5 * Math.max(-1, Math.min(1, now.way.from / now.limit)) } : null);
    y.paint(100 * now.targets[k], now.targets[k], now.targets[k], shareText(now.targets[k]));
    amount.style.transform = `scaleX(${now.probabilities[k]})`;
    arrow.setAttribute("d", Math.abs(difference) < LEAST ? "" : arrowPath(now.probabilities[k] * now.width, now.targets[k] * now.width, 18));
    writeShare(p, now.probabilities[k]);
    if (now.covered) { writeText(gap, "?"); writeAttribute(gap, "title", ""); } else writeShare(gap, difference);
    const direction = !now.ways || Math.abs(difference) < LEAST ? "" : difference < 0 ? "up" : "down";
    writeText(way, { up: "z↑", down: "z↓" }[direction] ?? "");
    writeAttribute(way, "title", direction && say(direction, { name: named }));
    row.classList.toggle("target", k === now.target);
    row.classList.toggle("editing", now.editing);
    name.setAttribute("aria-pressed", k === now.target);
    paintNames(named);
  };
  const paintNames = (named) => {
    if (label.textContent === named && z.handle.hasAttribute("aria-label")) return;
    const text = (key) => say(key, { name: named });
    label.textContent = named;
    if (field.getRootNode().activeElement !== field) field.value = named;
    name.title = text("choose");
    row.setAttribute("aria-label", named);
    z.name(text("logit"), text("exact"));
    y.name(text("share"), text("exact_share"));
    field.setAttribute("aria-label", text("rename"));
    cross.setAttribute("aria-label", text("remove"));
  };
  // renew(): the names are written again, in another language.
  return { row, paint, field, renew: () => z.handle.removeAttribute("aria-label") };
}
