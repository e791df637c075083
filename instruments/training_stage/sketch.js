// A straight line that the learner lays over the plane before the run shows its border, and that stays there beside it.
import { element, fill, writeAttribute } from "../shared/live.js";
import { throttle } from "../shared/messages.js";
import { readable } from "../shared/numbers.js";
import { makePlaneHandle } from "./plane_handle.js";

const PARKED = [[0.2, 0.1], [0.8, 0.1]]; // of width and height: below the points, where no border will be
const DASHES = [10, 6];
const NAME_ASIDE = 22; // pixels from the line to its name

// stage: plane(), data(), repaint(), send(sketch). data().sketch is null, or { round, line, apart }: the line is empty as long as
// the learner draws it, [x, y, x, y] when it is only shown.
export function createSketch(stage) {
  let own = null; // what the learner has drawn in this round: two ends
  let round = null;
  const given = () => stage.data().sketch ?? null;
  const isOn = () => given() !== null;
  const isOpen = () => given()?.line.length === 0;
  const send = throttle((line) => stage.send({ round, line }));

  const parked = () => {
    const [x0, x1, y0, y1] = stage.data().box;
    return PARKED.map(([across, up]) => [x0 + across * (x1 - x0), y0 + up * (y1 - y0)]);
  };
  const ends = () => {
    const { line } = given();
    return line.length ? [line.slice(0, 2), line.slice(2)] : own ?? parked();
  };
  // Two ends that lie too near to each other are no line.
  const put = (i, place) => {
    const [x0, x1] = stage.data().box;
    const other = ends()[1 - i];
    if (Math.hypot(place[0] - other[0], place[1] - other[1]) < given().apart * (x1 - x0)) return;
    own = i ? [other, place] : [place, other];
    stage.repaint();
  };
  const tell = () => { if (own) send(own.flat()); };

  const nodes = [0, 1].map(() => element("button", { class: "sketch-end", type: "button", hidden: true, onblur: () => send.now() })); // before the answer is sent
  const handles = nodes.map((node, i) => makePlaneHandle(node, {
    plane: stage.plane, at: () => (isOpen() ? ends()[i] : null), put: (x, y) => put(i, [x, y]), moved: tell,
  }));
  // A click anywhere brings the nearer end.
  const putNearest = (u, v) => {
    const far = ends().map((end) => { const [a, b] = stage.plane().toCanvas(...end); return Math.hypot(a - u, b - v); });
    const i = far[1] < far[0] ? 1 : 0;
    handles[i].putAt(u, v);
    nodes[i].focus({ preventScroll: true });
    tell();
  };

  const receive = () => {
    if (isOpen() && given().round !== round) {
      own = null;
      round = given().round;
    }
    if (!isOpen()) nodes.forEach((node) => { node.hidden = true; });
  };

  // Returns the line as text.
  const place = () => {
    if (isOpen()) placeHandles();
    return ends().flat().join(",");
  };
  const placeHandles = () => {
    const { labels, axes } = stage.data();
    ends().forEach(([x, y], i) => {
      handles[i].place();
      const at = `${axes[0]} ${readable(x, 2)}, ${axes[1]} ${readable(y, 2)}`;
      writeAttribute(nodes[i], "aria-label", fill(labels.sketch_end, { n: i + 1, place: at }));
    });
  };

  // The whole line, from edge to edge, and its name beside its upper end: on its right, or above a level line.
  const paint = (context, { plane, ink }) => {
    const canvas = ends().map((end) => plane.toCanvas(...end));
    const [[u, v], [low, down]] = canvas.sort((a, b) => a[1] - b[1] || a[0] - b[0]); // the upper end first
    const [du, dv] = [low - u, down - v];
    const size = Math.hypot(du, dv);
    const far = (plane.width + plane.height) / size;
    context.lineCap = "butt";
    for (const [color, width, dashes] of [[ink.halo, 6, []], [ink.text, 2.5, DASHES]]) {
      Object.assign(context, { strokeStyle: color, lineWidth: width });
      context.setLineDash(dashes);
      context.beginPath();
      context.moveTo(u - far * du, v - far * dv);
      context.lineTo(u + far * du, v + far * dv);
      context.stroke();
    }
    context.setLineDash([]);
    paintName(context, plane, ink, [u + (NAME_ASIDE * dv) / size, v - (NAME_ASIDE * du) / size]);
  };
  const paintName = (context, { width, height }, ink, [u, v]) => {
    const text = stage.data().labels.sketch;
    Object.assign(context, {
      font: `600 13px ${ink.font}`, textAlign: "left", textBaseline: "middle", lineJoin: "round", lineWidth: 4, strokeStyle: ink.halo, fillStyle: ink.text,
    });
    const left = Math.max(4, Math.min(width - context.measureText(text).width - 6, u));
    const top = Math.max(12, Math.min(height - 12, v));
    context.strokeText(text, left, top);
    context.fillText(text, left, top);
  };
  return { nodes, isOn, isOpen, receive, place, paint, putNearest, cancel: send.cancel };
}
