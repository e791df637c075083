// Every probability as a function of one logit, the others fixed, with tangents; the dots move that logit.
import { element, math, svgElement } from "../shared/live.js";
import { decimalText, readable, shareText } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";
import { softmax } from "../shared/softmax.js";
import { makeHandle } from "./handle.js";

const SPAN = 10; // the range of the board: the picture stands still while a dot moves on it
const GRID = 160, TURN = 90; // points of a curve, and more of them where it bends
const TANGENT = 0.13; // half a tangent, as a share of the plot's width and height
const LARGEST_LABEL = 1e6; // from here on the axis counts from the present logit: 1e308 + 1 is no label
const FARTHEST = 1e300;
const HEIGHT = 214, LEFT = 34, RIGHT = 12, TOP = 8, BOTTOM = 34;

// The curves: x (sorted) and p, one row of probabilities for each x; `at` is the present z_k on that axis, `offset` what the
// axis leaves out, `slopes` are dp_j / dz_k = p_j ([j = k] - p_k) / T at the present logits.
export function curvesOf({ values, temperature }, k, window = null) {
  const rest = values.map((z) => Math.max(-FARTHEST, Math.min(FARTHEST, z - values[k])));
  const offset = Math.abs(values[k]) > LARGEST_LABEL ? values[k] : 0;
  const at = values[k] - offset;
  const [low, high] = window ?? (Math.abs(at) <= SPAN ? [-SPAN, SPAN] : [at - SPAN, at + SPAN]);
  // p_k = 1/2 where z_k is T times the log-sum-exp of the others.
  const others = rest.filter((_, j) => j !== k);
  const top = Math.max(...others);
  const turn = at + top + temperature * Math.log(others.reduce((sum, z) => sum + Math.exp((z - top) / temperature), 0));
  const near = Array.from({ length: TURN + 1 }, (_, i) => Math.max(low, Math.min(high, turn + temperature * (18 * i / TURN - 9))));
  const even = Array.from({ length: GRID + 1 }, (_, i) => low + (high - low) * i / GRID);
  const x = [...even, ...near].sort((a, b) => a - b);
  const p = x.map((value) => softmax(rest.map((z, j) => (j === k ? value - at : z)), temperature));
  const now = softmax(rest, temperature);
  const slopes = now.map((share, j) => share * ((j === k) - now[k]) / temperature);
  return { x, p, at, offset, low, high, now, slopes };
}

// say(key, values); move(k, z): the logit of class k is to be z; choose(k): it is the one that the dots move.
export function createCurves({ say, move, choose }) {
  const svg = svgElement("svg", { class: "plot", role: "group" });
  const grid = svgElement("g", { class: "grid" }), lines = svgElement("g"), tangents = svgElement("path", { class: "tangent" });
  const guide = svgElement("line", { class: "guide" }), dots = svgElement("g", { class: "dots", tabindex: "0", role: "slider" });
  const title = svgElement("text", { class: "title" });
  svg.append(grid, guide, lines, tangents, title, dots);
  const legend = element("div", { class: "legend" });
  const node = element("div", { class: "pair" }, svg, legend);
  let shown = null, window = null, width = 0, moving = 0;

  makeHandle(svg, dots, {
    hold: (on) => { window = on ? [shown.low, shown.high] : null; },
    drag: (event) => {
      const box = svg.getBoundingClientRect();
      const part = ((event.clientX - box.left) * width / box.width - LEFT) / (width - LEFT - RIGHT);
      const z = shown.low + Math.max(0, Math.min(1, part)) * (shown.high - shown.low);
      move(moving, Math.round(z * 100) / 100 + shown.offset);
    },
    kept: () => {
      const [k, z] = [moving, shown.at + shown.offset];
      return () => move(k, z);
    },
    step: ([right, up], large) => move(moving, shown.at + shown.offset + (right + up) * (large ? 1 : 0.1)),
  });

  // zoom: how many pixels there are to one of a drawing in letters of the usual size.
  const paint = (now, k, room, zoom = 1) => {
    moving = k;
    width = Math.max(260, room / zoom);
    const { values, names, colors } = now;
    shown = curvesOf(now, k, window);
    const { x, p, at, offset, low, high, slopes } = shown;
    const px = (value) => LEFT + (width - LEFT - RIGHT) * (value - low) / (high - low);
    const py = (share) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - share);
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    svg.setAttribute("width", width * zoom);
    svg.setAttribute("height", HEIGHT * zoom);
    grid.replaceChildren(
      ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
        svgElement("line", { x1: px(low), x2: px(high), y1: py(share), y2: py(share) }),
        svgElement("text", { x: LEFT - 5, y: py(share) + 4, "text-anchor": "end" }, String(share))]),
      ...[0, 0.25, 0.5, 0.75, 1].map((part) => [part, low + part * (high - low)]).map(([part, value]) =>
        svgElement("text", { x: px(value) + (part === 1 ? RIGHT : 0), y: HEIGHT - 18, "text-anchor": part === 1 ? "end" : "middle" }, readable(value, Number.isInteger(value) ? 0 : 1))));
    title.replaceChildren(say("z_of", { name: names[k] }), offset ? ` − ${readable(offset)}` : "");
    Object.entries({ x: (px(low) + px(high)) / 2, y: HEIGHT - 3, "text-anchor": "middle" }).forEach(([name, value]) => title.setAttribute(name, value));
    const path = (j) => x.map((value, i) => `${i ? "L" : "M"}${px(value).toFixed(1)} ${py(p[i][j]).toFixed(1)}`).join("");
    lines.replaceChildren(...values.map((_, j) => svgElement("path", {
      d: path(j), stroke: colors[j % colors.length], "stroke-width": j === k ? 3.2 : 1.8 })));
    tangents.setAttribute("d", slopes.map((slope, j) => {
      const reach = TANGENT / Math.hypot(1 / (high - low), slope); // one length on the screen, whatever the slope
      return `M${px(at - reach)} ${py(shown.now[j] - slope * reach)}L${px(at + reach)} ${py(shown.now[j] + slope * reach)}`;
    }).join(""));
    Object.entries({ x1: px(at), x2: px(at), y1: py(0), y2: py(1) }).forEach(([name, value]) => guide.setAttribute(name, value));
    // The moving class first and larger: where two dots coincide both are seen.
    const order = values.map((_, j) => j).sort((a, b) => (b === k) - (a === k));
    dots.replaceChildren(...order.map((j) => {
      const marker = markerPicture(j, colors[j % colors.length]);
      const size = j === k ? 20 : 14;
      Object.entries({ x: px(at) - size / 2, y: py(shown.now[j]) - size / 2, width: size, height: size }).forEach(([name, value]) => marker.setAttribute(name, value));
      return marker;
    }));
    const spoken = say("curve_spoken", { name: names[k], z: readable(values[k], 2) });
    Object.entries({ "aria-label": say("curve_handle", { name: names[k] }), "aria-valuemin": low + offset, "aria-valuemax": high + offset, "aria-valuenow": decimalText(values[k]), "aria-valuetext": spoken })
      .forEach(([name, value]) => dots.setAttribute(name, value));
    paintLegend(now);
  };
  let written = ""; // the names in the legend: its buttons stay while numbers change, or a click would miss them
  const paintLegend = ({ names, colors }) => {
    const key = [say("moving"), ...names].join("\n");
    if (key !== written) {
      written = key;
      legend.replaceChildren(element("div", { class: "legendhead" }, element("span", {}, say("moving")), math("p"), element("span", {}, say("slope"))),
        ...names.map((name, j) => element("div", { class: "entry" },
          element("button", { class: "who", type: "button", onclick: () => choose(j) }, markerPicture(j, colors[j % colors.length]), name),
          element("span"), element("span"))));
    }
    names.forEach((_, j) => {
      const [button, p, slope] = legend.children[j + 1].children;
      button.setAttribute("aria-pressed", j === moving);
      button.setAttribute("aria-label", `${names[j]}, ${say("moving")}`);
      p.textContent = shareText(shown.now[j]);
      slope.textContent = shareText(shown.slopes[j]);
    });
  };
  return { node, paint };
}
