// The ten marker shapes that go with the ten class colours, as paths inside the unit circle. The order is the one of
// charts.style.CLASS_MARKERS: circle, square, diamond, triangle-up, cross, x, triangle-down, star, pentagon, hexagon.
import { svgElement } from "./live.js";

const ngon = (n, turn = -90, radius = 1) =>
  Array.from({ length: n }, (_, i) => {
    const angle = ((turn + (360 * i) / n) * Math.PI) / 180;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

const plus = (arm, turn) => {
  const corners = [];
  for (let side = 0; side < 4; side++) {
    for (const [u, v] of [[arm, -arm], [1, -arm], [1, arm]]) {
      const angle = turn + (side * Math.PI) / 2;
      corners.push([u * Math.cos(angle) - v * Math.sin(angle), u * Math.sin(angle) + v * Math.cos(angle)]);
    }
  }
  return corners;
};

const star = () => ngon(5).flatMap((outer, i) => [outer, ngon(5, -54, 0.42)[i]]);

const OUTLINES = [
  null, // the circle
  ngon(4, 45, 1.15), ngon(4, 0, 1.15), ngon(3, -90, 1.2), plus(0.36, 0), plus(0.36, Math.PI / 4),
  ngon(3, 90, 1.2), star().map(([x, y]) => [1.2 * x, 1.2 * y]), ngon(5), ngon(6, 0),
];

// Adds the marker of class k, centred at (x, y), to the path of a canvas context.
export function addMarker(context, k, x, y, radius) {
  const outline = OUTLINES[k % OUTLINES.length];
  if (!outline) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  outline.forEach(([u, v], i) => context[i ? "lineTo" : "moveTo"](x + radius * u, y + radius * v));
  context.closePath();
}

// The same marker as an SVG picture for lists and tables.
export function markerPicture(k, color) {
  const outline = OUTLINES[k % OUTLINES.length];
  const points = outline?.map((point) => point.map((u) => u.toFixed(3)).join(",")).join(" ");
  const shape = outline ? svgElement("polygon", { points, fill: color }) : svgElement("circle", { r: "1", fill: color });
  return svgElement("svg", { viewBox: "-1.3 -1.3 2.6 2.6", class: "marker", "aria-hidden": "true" }, shape);
}
