// The exponentials laid side by side on one bar of length 1: each takes up its share of the whole.
import { element, inkOn } from "../shared/live.js";
import { shareText } from "../shared/numbers.js";

const ROOM_FOR_NAME = 0.13; // of the bar

export function createShareBar(color) {
  const bar = element("div", { class: "whole" });
  const label = element("div", { class: "onelabel" });
  const node = element("div", { class: "onebar" }, label, element("div", { class: "onetrack" }, bar, element("div", { class: "ends" },
    element("span", {}, "0"), element("span", {}, "1"))));
  const pieces = [];
  const paint = ({ probabilities, names }) => {
    while (pieces.length > probabilities.length) pieces.pop().remove();
    while (pieces.length < probabilities.length) {
      const own = color(pieces.length);
      const piece = element("div", { class: "piece", style: `background: ${own}; color: ${inkOn(own)}` }, document.createTextNode(""));
      pieces.push(piece);
      bar.append(piece);
    }
    let left = 0;
    probabilities.forEach((p, k) => {
      pieces[k].style.left = `${100 * left}%`;
      pieces[k].style.width = `${100 * p}%`;
      pieces[k].firstChild.data = p > ROOM_FOR_NAME ? `${names[k]} ${shareText(p)}` : "";
      left += p;
    });
  };
  return { node, label, paint };
}
