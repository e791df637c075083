// One symbol of the board: p and q on their tracks, its surprisal and what it costs on average.
import { createShareTrack } from "../shared/drag.js";
import { element, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";

export function createSymbolRow(k, board) {
  const color = board.color(k);
  const label = element("span", { class: "label" });
  const sides = Object.fromEntries(["p", "q"].map((side) => [side, createShareTrack({
    letter: side, styles: { cell: `share-${side}`, fill: side === "p" ? "share full" : "share", handle: `${side}-handle` },
    read: () => board.share(side, k), set: (share) => board.setShare(side, k, share), hold: (on) => board.hold(side, on),
    typed: (text) => board.typed(side, k, text),
  })]));
  const surprise = document.createTextNode("");
  const cost = document.createTextNode("");
  const row = element("div", { class: "row", role: "group", style: `--class-color: ${color}` },
    element("div", { class: "cell who" }, element("span", { class: "symbol" }, markerPicture(k, color), label)),
    sides.p.cell, sides.q.cell,
    element("div", { class: "number surprise" }, element("span", { class: "short" }, "−log ", math("q")), surprise),
    element("div", { class: "number cost" }, element("span", { class: "short" }, math("p"), "·(−log ", math("q"), ")"), cost));
  const paint = (now) => {
    for (const side of ["p", "q"]) sides[side].paint(now[side][k]);
    surprise.data = readable(now.surprisals[k]);
    cost.data = readable(now.costs[k]);
  };
  const name = (text) => {
    label.textContent = text;
    row.setAttribute("aria-label", text);
    for (const side of ["p", "q"]) {
      sides[side].name(board.say(`share_${side}`, { name: text }), board.say(`exact_${side}`, { name: text }));
    }
  };
  return { row, paint, name };
}
