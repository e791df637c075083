// One class: its name, its logit on a track, p and y on the axis of the curve with p - y between their ends.
import { createLogitTrack, createNamedRow } from "../logit_board/class_board.js";
import { createTrack } from "../shared/drag.js";
import { createGuess } from "../shared/guess.js";
import { element, math, svgElement, writeAttribute, writeText } from "../shared/live.js";
import { beyondText, readable, shareText } from "../shared/numbers.js";
import { arrowPath } from "./curve.js";

const LEAST = 5e-4; // a difference that is written 0.000 has no direction

// A logit or a slope that is too small for its column is 0.00, for there is no room for a power of ten.
export const inColumn = (x, digits) => readable(Math.abs(x) < 0.5 * 10 ** -digits ? 0 : x, digits);

// p, y or p − y; the title has what the column has no room for.
function writeShare(node, x) {
  writeText(node, shareText(x));
  writeAttribute(node, "title", beyondText(x));
}

// port: as createNamedRow takes it, and target: range(), read(), set(y), hold(on), typed(text).
export function createClassRow(k, port) {
  const { say, target } = port;
  const guess = createGuess();
  const z = createLogitTrack(port.logit, guess.node);
  const amount = element("div", { class: "amount" });
  const arrow = svgElement("path", {});
  const y = createTrack({
    ...target, small: 0.01, large: 0.1, written: () => String(Number(target.read().toPrecision(6))),
    round: (value) => Math.round(value * 1000) / 1000,
  }, { fill: "share", handle: "handle share-handle" }, amount, svgElement("svg", { class: "arrow" }, arrow));
  const narrow = (letter) => element("span", { class: "short" }, ...letter);
  const was = element("span", { class: "was" });
  const [p, gap, way] = [element("span"), element("span"), element("span", { class: "way" })];
  const named = createNamedRow(k, port, [
    element("div", { class: "cell logit", role: "cell" }, z.track), element("div", { class: "cell z", role: "cell" }, narrow([math("z")]), z.value, was),
    element("div", { class: "cell axis", role: "cell" }, y.track),
    element("div", { class: "cell number p", role: "cell" }, narrow([math("p")]), p), element("div", { class: "cell y", role: "cell" }, narrow([math("y")]), y.value),
    element("div", { class: "cell number gap", role: "cell" }, narrow([math("p"), "−", math("y")]), gap, way),
  ], (text) => {
    z.name(text("logit"), text("exact"));
    y.name(text("share"), text("exact_share"));
  });

  // now: covered (whether p − y would answer the open question), values, was (what stands below each logit, or null), limit, probabilities, targets, gaps, names, target, editing, ways (whether it is shown which way z should go),
  // way (which way the learner said that z of one class goes), width.
  const paint = (now) => {
    const difference = now.gaps[k];
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
    writeAttribute(way, "title", direction && say(direction, { name: now.names[k] }));
    named.paint(now);
  };
  return { ...named, paint };
}
