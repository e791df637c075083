// One symbol of the board: p and q on their tracks, its surprisal and what it costs on average.
import { createShareTrack } from "../shared/drag.js";
import { element, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";

// say(key, values); side(name) is { read(), set(share), hold(on), typed(text) } of p or q.
export function createSymbolRow(k, { color, say, side }) {
  const label = element("span", { class: "label" });
  const sides = Object.fromEntries(["p", "q"].map((name) => [name, createShareTrack(
    name, { cell: `share-${name}`, fill: name === "p" ? "share full" : "share", handle: `handle ${name}-handle` }, side(name),
  )]));
  const surprise = document.createTextNode("");
  const cost = document.createTextNode("");
  const row = element("div", { class: "row", role: "group", style: `--class-color: ${color}` },
    element("div", { class: "cell who" }, element("span", { class: "symbol" }, markerPicture(k, color), label)),
    sides.p.cell, sides.q.cell,
    element("div", { class: "number surprise" }, element("span", { class: "short" }, "−log ", math("q")), surprise),
    element("div", { class: "number cost" }, element("span", { class: "short" }, math("p"), "·(−log ", math("q"), ")"), cost));
  const paint = (now) => {
    for (const [letter, track] of Object.entries(sides)) track.paint(now[letter][k]);
    surprise.data = readable(now.surprisals[k]);
    cost.data = readable(now.costs[k]);
  };
  const name = (text) => {
    label.textContent = text;
    row.setAttribute("aria-label", text);
    for (const [letter, track] of Object.entries(sides)) {
      track.name(say(`share_${letter}`, { name: text }), say(`exact_${letter}`, { name: text }));
    }
  };
  return { row, paint, name };
}
