// One symbol of the board: p and q on their tracks, its surprisal and what it costs on average.
import { announce, typeExactly, makeDraggable } from "../shared/drag.js";
import { element, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";

export function createSymbolRow(k, board) {
  const color = board.color(k);
  const label = element("span", { class: "label" });
  const sides = { p: createShare(k, "p", board), q: createShare(k, "q", board) };
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
    sides.p.name(text);
    sides.q.name(text);
  };
  return { row, paint, name };
}

// One share on its track, from 0 to 1.
function createShare(k, side, board) {
  const fill = element("div", { class: side === "p" ? "share full" : "share" });
  const handle = element("div", { class: `handle ${side}-handle`, role: "slider", tabindex: "0", "aria-orientation": "horizontal" });
  const track = element("div", { class: "track" }, fill, handle);
  const number = element("button", { class: "plain", type: "button", onclick: () => edit() });
  const value = element("div", { class: "value" }, number);
  const edit = () => typeExactly(value, {
    label: number.title, text: String(board.share(side, k)),
    take: (text) => board.typed(side, k, text), back: () => handle.focus({ preventScroll: true }),
  });
  makeDraggable(track, handle, {
    range: () => [0, 1],
    value: () => board.share(side, k),
    set: (share) => board.setShare(side, k, share),
    round: (share) => Math.round(share * 1000) / 1000,
    hold: (on) => board.hold(side, on),
    edit, small: 0.01, large: 0.1,
  });
  const paint = (share) => {
    handle.style.left = `${100 * share}%`;
    fill.style.transform = `scaleX(${share})`;
    announce(handle, 0, 1, share, readable(share));
    number.textContent = readable(share);
  };
  const name = (text) => {
    handle.setAttribute("aria-label", board.say(`share_${side}`, { name: text }));
    number.title = board.say(`exact_${side}`, { name: text });
  };
  const short = element("span", { class: "short" }, math(side));
  return { cell: element("div", { class: `cell share-${side}` }, short, track, value), paint, name };
}
