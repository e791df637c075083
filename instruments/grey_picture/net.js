// The picture's network: four pixels and the constant 1 on the left, three logits, softmax, three probabilities.
import { svgElement, writeAttribute, writeStyle, writeText } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { contribution } from "./state.js";

const [LEFT, RIGHT, HEIGHT] = [24, 180, 300];
const inputY = (i) => 30 + i * 60;
const outputY = (k) => 60 + k * 90;

// touched([i, k]) says which edge the pointer is over; touched(null) that it has left.
export function createNet({ x, b }, colors, touched) {
  const [inputs, classes] = [x.length, b.length];
  const edges = [];
  for (let i = 0; i <= inputs; i++) {
    for (let k = 0; k < classes; k++) {
      const place = { x1: LEFT + 16, y1: inputY(i), x2: RIGHT - 17, y2: outputY(k) };
      const line = svgElement("line", { class: "edge", ...place });
      const wide = svgElement("line", { class: "edge-target", ...place });
      wide.addEventListener("pointerenter", () => touched([i, k]));
      wide.addEventListener("pointerleave", () => touched(null));
      edges.push({ i, k, line, wide });
    }
  }
  const pixels = x.map((_, i) => ({
    square: svgElement("rect", { class: "net-pixel", x: LEFT - 16, y: inputY(i) - 16, width: 32, height: 32, rx: 3 }),
    text: svgElement("text", { class: "net-on", x: LEFT, y: inputY(i) + 5 }),
  }));
  const one = svgElement("circle", { class: "net-one", cx: LEFT, cy: inputY(inputs), r: 15 });
  const oneText = svgElement("text", { class: "net-on", x: LEFT, y: inputY(inputs) + 5 }, "1");
  const outputs = b.map((_, k) => ({
    circle: svgElement("circle", { cx: RIGHT, cy: outputY(k), r: 17, fill: colors[k] }),
    logit: svgElement("text", { class: "net-logit", x: RIGHT + 23, y: outputY(k) + 5 }),
    bar: svgElement("rect", { x: 332, y: outputY(k) - 9, height: 18, fill: colors[k], rx: 2 }),
    share: svgElement("text", { class: "net-share", y: outputY(k) + 5 }),
    name: svgElement("text", { class: "net-name", x: 332, y: outputY(k) - 16 }),
    wire: svgElement("line", { class: "net-wire", x1: 266, x2: 286, y1: outputY(k), y2: outputY(k) }),
    out: svgElement("line", { class: "net-wire", x1: 318, x2: 328, y1: outputY(k), y2: outputY(k) }),
  }));
  const middle = (outputY(0) + outputY(classes - 1)) / 2;
  const gate = svgElement("rect", { class: "net-gate", x: 286, y: outputY(0) - 26, width: 32, height: outputY(classes - 1) - outputY(0) + 52, rx: 8 });
  const gateText = svgElement("text", { class: "net-on", transform: `translate(307 ${middle}) rotate(-90)` }, "softmax");
  const root = svgElement("svg", { class: "net", viewBox: `0 0 450 ${HEIGHT}`, role: "img" },
    ...edges.map(({ line }) => line), ...edges.map(({ wide }) => wide), ...pixels.flatMap(({ square, text }) => [square, text]),
    one, oneText, gate, gateText,
    ...outputs.flatMap(({ circle, logit, bar, share, name, wire, out }) => [circle, logit, bar, share, name, wire, out]));

  const paint = ({ state, logits, probabilities, names, active, label }) => {
    writeAttribute(root, "aria-label", label);
    const strengths = edges.map(({ i, k }) => contribution(state, i, k));
    const most = Math.max(1, ...strengths.map(Math.abs));
    edges.forEach(({ i, k, line }, at) => {
      const value = strengths[at];
      writeAttribute(line, "class", `edge ${value > 0 ? "raises" : value < 0 ? "lowers" : "idle"}`);
      writeStyle(line, "stroke-width", value === 0 ? "1" : (1 + (6 * Math.abs(value)) / most).toFixed(1));
      const isActive = active && active[0] === i && active[1] === k;
      writeStyle(line, "opacity", active && !isActive ? "0.15" : (0.35 + (0.6 * Math.abs(value)) / most).toFixed(2));
    });
    pixels.forEach(({ square, text }, i) => {
      const shade = Math.round(255 * state.x[i]);
      writeAttribute(square, "fill", `rgb(${shade}, ${shade}, ${shade})`);
      writeText(text, readable(state.x[i], 2));
      writeAttribute(text, "class", state.x[i] > 0.5 ? "net-on on-light" : "net-on on-dark");
    });
    outputs.forEach(({ logit, bar, share, name }, k) => {
      writeText(logit, readable(logits[k], 2));
      writeAttribute(bar, "width", Math.max(0.5, 62 * probabilities[k]).toFixed(1));
      writeAttribute(share, "x", (338 + 62 * probabilities[k]).toFixed(1));
      writeText(share, readable(probabilities[k]));
      writeText(name, names[k]);
    });
  };
  return { root, paint };
}
