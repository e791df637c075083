// The picture's network: four pixels and the constant 1 on the left, three logits, softmax, three probabilities.
import { svgElement, writeAttribute, writeStyle, writeText } from "../shared/live.js";
import { readable, shareText } from "../shared/numbers.js";
import { contribution, isLit, needsBlack } from "./state.js";

const [LEFT, RIGHT, WIDTH, HEIGHT] = [20, 142, 366, 236];
const [GATE, BARS, BAR_WIDTH] = [230, 276, 44]; // left edges of softmax and of the bars
const NEAR = 10; // from an edge, in units of the drawing
const inputY = (i) => 22 + i * 48;
const outputY = (k) => 44 + k * 76;

// The edge nearest to a point of the drawing, or null where none is near.
function nearestEdge([x, y], inputs, classes) {
  const [from, to] = [LEFT + 16, RIGHT - 15];
  let [best, least] = [null, NEAR];
  for (let i = 0; i <= inputs; i++) {
    for (let k = 0; k < classes; k++) {
      const rise = (outputY(k) - inputY(i)) / (to - from);
      const distance = Math.abs(y - inputY(i) - rise * (x - from)) / Math.hypot(1, rise);
      if (distance < least) [best, least] = [[i, k], distance];
    }
  }
  return best;
}

// touched([i, k]) says which edge the pointer is over, with null for "every"; touched(null) that it has left.
export function createNet({ x, b }, colors, touched) {
  const [inputs, classes] = [x.length, b.length];
  const watch = (node, edge) => {
    node.addEventListener("pointerenter", () => touched(edge));
    node.addEventListener("pointerleave", () => touched(null));
    return node;
  };
  const edges = [];
  for (let i = 0; i <= inputs; i++) {
    for (let k = 0; k < classes; k++) {
      const place = { x1: LEFT + 16, y1: inputY(i), x2: RIGHT - 15, y2: outputY(k) };
      edges.push({ i, k, line: svgElement("line", { class: "edge", ...place }) });
    }
  }
  // The edges cross, so the one nearest to the pointer is meant, wherever the pointer is among them.
  const field = svgElement("rect", { class: "edge-field", x: LEFT + 16, y: 0, width: RIGHT - LEFT - 31, height: HEIGHT });
  field.addEventListener("pointermove", (event) => {
    const box = root.getBoundingClientRect();
    const unit = WIDTH / box.width;
    touched(nearestEdge([(event.clientX - box.left) * unit, (event.clientY - box.top) * unit], inputs, classes));
  });
  field.addEventListener("pointerleave", () => touched(null));
  const pixels = x.map((_, i) => ({
    square: watch(svgElement("rect", { class: "net-pixel", x: LEFT - 16, y: inputY(i) - 16, width: 32, height: 32, rx: 3 }), [i, null]),
    text: svgElement("text", { class: "net-on", x: LEFT, y: inputY(i) + 5 }),
  }));
  const one = watch(svgElement("circle", { class: "net-one", cx: LEFT, cy: inputY(inputs), r: 15 }), [inputs, null]);
  const oneText = svgElement("text", { class: "net-on", x: LEFT, y: inputY(inputs) + 5 }, "1");
  const oneMeans = svgElement("text", { class: "net-bias", x: LEFT + 20, y: inputY(inputs) + 17 }, "b");
  const outputs = b.map((_, k) => ({
    circle: watch(svgElement("circle", { class: "net-out", cx: RIGHT, cy: outputY(k), r: 15, fill: colors[k] }), [null, k]),
    logit: svgElement("text", { class: "net-logit", x: RIGHT + 20, y: outputY(k) + 5 }),
    was: svgElement("text", { class: "was", x: RIGHT + 20, y: outputY(k) + 19 }),
    guess: svgElement("g", { class: "net-guess", visibility: "hidden" }, svgElement("rect", { x: RIGHT - 18, y: outputY(k) + 25, width: 102, height: 14, rx: 3 }),
      svgElement("text", { x: RIGHT + 33, y: outputY(k) + 36, "text-anchor": "middle" })),
    bar: svgElement("rect", { x: BARS, y: outputY(k) - 9, height: 18, fill: colors[k], rx: 2 }),
    share: svgElement("text", { class: "net-share", y: outputY(k) + 5 }),
    name: svgElement("text", { class: "net-name", x: BARS, y: outputY(k) - 15 }),
    wire: svgElement("line", { class: "net-wire", x1: GATE - 9, x2: GATE, y1: outputY(k), y2: outputY(k) }),
    out: svgElement("line", { class: "net-wire", x1: GATE + 30, x2: GATE + 40, y1: outputY(k), y2: outputY(k) }),
  }));
  const middle = (outputY(0) + outputY(classes - 1)) / 2;
  const gate = svgElement("rect", { class: "net-gate", x: GATE, y: outputY(0) - 26, width: 30, height: outputY(classes - 1) - outputY(0) + 52, rx: 8 });
  const gateText = svgElement("text", { class: "net-on", transform: `translate(${GATE + 20} ${middle}) rotate(-90)` }, "softmax");
  const root = svgElement("svg", { class: "net", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" },
    ...edges.map(({ line }) => line), field, ...pixels.flatMap(({ square, text }) => [square, text]),
    one, oneText, oneMeans, gate, gateText,
    ...outputs.flatMap(({ circle, logit, was, guess, bar, share, name, wire, out }) => [circle, logit, was, guess, bar, share, name, wire, out]));

  // was: for each class what stands below its logit, or null; hidden: the logits are still to be predicted;
  // prediction: { k, text }, what was predicted of one logit, or null.
  const paint = ({ state, logits, probabilities, names, active, label, was, hidden, prediction }) => {
    writeAttribute(root, "aria-label", hidden ? label : `${label}: ${names.map((name, k) => `${name} ${readable(logits[k], 2)}`).join(", ")}`);
    const strengths = edges.map(({ i, k }) => contribution(state, i, k));
    const most = Math.max(1, ...strengths.map(Math.abs));
    edges.forEach(({ i, k, line }, at) => {
      const value = strengths[at];
      const lit = isLit(active, i, k);
      writeAttribute(line, "class", `edge ${value > 0 ? "raises" : value < 0 ? "lowers" : "idle"}${lit ? " active" : ""}`);
      writeStyle(line, "stroke-width", value === 0 ? "1" : (1 + (6 * Math.abs(value)) / most).toFixed(1));
      writeStyle(line, "opacity", lit ? "1" : active ? "0.12" : (0.35 + (0.6 * Math.abs(value)) / most).toFixed(2));
    });
    pixels.forEach(({ square, text }, i) => {
      const shade = Math.round(255 * state.x[i]);
      writeAttribute(square, "fill", `rgb(${shade}, ${shade}, ${shade})`);
      writeAttribute(square, "class", active && active[0] === i ? "net-pixel active" : "net-pixel");
      writeText(text, readable(state.x[i], 2));
      writeAttribute(text, "class", needsBlack(state.x[i]) ? "net-on on-light" : "net-on on-dark");
    });
    writeAttribute(one, "class", active && active[0] === inputs ? "net-one active" : "net-one");
    outputs.forEach(({ circle, logit, was: before, guess, bar, share, name }, k) => {
      writeAttribute(circle, "class", active && active[1] === k ? "net-out active" : "net-out");
      writeText(logit, hidden ? "?" : readable(logits[k], 2));
      writeText(before, was ? was[k] : "");
      writeAttribute(guess, "visibility", prediction?.k === k ? "visible" : "hidden");
      writeText(guess.lastChild, prediction?.k === k ? prediction.text : "");
      writeAttribute(bar, "width", hidden ? 0 : Math.max(0.5, BAR_WIDTH * probabilities[k]).toFixed(1));
      writeAttribute(share, "x", (BARS + 5 + (hidden ? 0 : BAR_WIDTH * probabilities[k])).toFixed(1));
      writeText(share, hidden ? "?" : shareText(probabilities[k]));
      writeText(name, names[k]);
    });
  };
  return { root, paint };
}
