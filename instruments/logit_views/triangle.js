// Three probabilities as a point of a triangle; the point can be dragged, and the logits follow: z = T log p + constant.
import { element, svgElement } from "../shared/live.js";
import { decimalText, shareText } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";
import { softmax } from "../shared/softmax.js";
import { makeHandle } from "./handle.js";

export const CORNERS = [[0, 0], [1, 0], [0.5, Math.sqrt(3) / 2]]; // as in softmax_core.geometry
const SIDE = 200, EDGE = 44, UP = 24, DOWN = 22; // pixels
const LEAST = 0.001; // so near to an edge a point is dragged: on the edge a logit would be minus infinity
const LEVELS = [0.2, 0.4, 0.6, 0.8];

const toPlane = (shares) => [0, 1].map((axis) => shares.reduce((sum, share, k) => sum + share * CORNERS[k][axis], 0));

// The shares of a point of the plane, inside the triangle and not on its edge.
export function sharesAt([x, y]) {
  const top = y / CORNERS[2][1];
  const right = x - top / 2;
  const kept = [1 - right - top, right, top].map((share) => Math.max(LEAST, share));
  const total = kept.reduce((a, b) => a + b, 0);
  return kept.map((share) => share / total);
}

// The logits with these shares among the first three, whose log-sum-exp (times T) stays: so the other classes keep their share.
export function logitsFor(shares, values, temperature) {
  const three = values.slice(0, 3).map((z) => z / temperature);
  const top = Math.max(...three);
  const level = top + Math.log(three.reduce((sum, z) => sum + Math.exp(z - top), 0));
  return values.map((z, k) => (k < 3 ? Math.round(100 * temperature * (Math.log(shares[k]) + level)) / 100 : z));
}

// say(key, values); put(values): these are to be the logits.
export function createTriangle({ say, put }) {
  const at = (shares) => { const [x, y] = toPlane(shares); return [EDGE + SIDE * x, UP + SIDE * (CORNERS[2][1] - y)]; };
  const height = UP + SIDE * CORNERS[2][1] + DOWN;
  const svg = svgElement("svg", { class: "plot triangle", viewBox: `0 0 ${SIDE + 2 * EDGE} ${height}`, width: SIDE + 2 * EDGE, height, role: "group" });
  const ground = svgElement("g"), names = svgElement("g");
  const dot = svgElement("circle", { class: "point", r: 8, tabindex: "0", role: "slider" });
  svg.append(ground, names, dot);
  const legend = element("div", { class: "legend two" });
  const among = element("div", { class: "among" });
  const node = element("div", { class: "pair" }, svg, legend);
  let now = null, shares = [];

  const go = (plane) => put(logitsFor(sharesAt(plane), now.values, now.temperature));
  makeHandle(svg, dot, {
    drag: (event) => {
      const box = svg.getBoundingClientRect();
      const scale = (SIDE + 2 * EDGE) / box.width;
      go([((event.clientX - box.left) * scale - EDGE) / SIDE, CORNERS[2][1] - ((event.clientY - box.top) * scale - UP) / SIDE]);
    },
    kept: () => {
      const { values } = now;
      return () => put(values);
    },
    step: ([right, up], large) => {
      const [x, y] = toPlane(shares);
      const far = large ? 0.1 : 0.02;
      go([x + right * far, y + up * far]);
    },
  });

  const drawGround = (colors) => {
    const unit = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
    const middle = [1 / 3, 1 / 3, 1 / 3];
    const half = (a, b) => unit[a].map((share, k) => (share + unit[b][k]) / 2);
    const points = (rows) => rows.map((row) => at(row).map((v) => v.toFixed(1)).join(",")).join(" ");
    ground.replaceChildren(
      ...[0, 1, 2].map((k) => svgElement("polygon", {
        points: points([unit[k], half(k, (k + 1) % 3), middle, half(k, (k + 2) % 3)]), fill: colors[k], class: "region" })),
      ...[0, 1, 2].flatMap((k) => LEVELS.map((level) => {
        const ends = [1, 2].map((next) => unit[k].map((_, j) => (j === k ? level : j === (k + next) % 3 ? 1 - level : 0)));
        return svgElement("polyline", { points: points(ends), class: "level" });
      })),
      svgElement("polygon", { points: points(unit), class: "outline" }));
  };
  const paint = (state) => {
    if (!now) drawGround(state.colors);
    now = state;
    shares = softmax(state.values.slice(0, 3), state.temperature);
    const [x, y] = at(shares);
    dot.setAttribute("cx", x);
    dot.setAttribute("cy", y);
    const said = shares.map((share, k) => `${state.names[k]} ${shareText(share)}`).join(", ");
    Object.entries({ "aria-label": say("triangle_handle"), "aria-valuenow": decimalText(shares[0]), "aria-valuetext": said })
      .forEach(([name, value]) => dot.setAttribute(name, value));
    const edges = [[EDGE, height - 5, "middle"], [EDGE + SIDE, height - 5, "middle"], [EDGE + SIDE / 2, 15, "middle"]];
    names.replaceChildren(...edges.map(([left, top, anchor], k) =>
      svgElement("text", { x: left, y: top, "text-anchor": anchor }, short(state.names[k]))));
    // Not the shares on the board, where the other classes have theirs too.
    among.textContent = state.values.length > 3 ? say("among_three") : "";
    legend.replaceChildren(among, ...shares.map((share, k) => element("div", { class: "entry" },
      element("span", { class: "who" }, markerPicture(k, state.colors[k]), state.names[k]), element("span", {}, shareText(share)))));
  };
  return { node, paint };
}

const short = (name) => (name.length > 12 ? `${name.slice(0, 11)}…` : name);
