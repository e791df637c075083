// The drawing of the curve: a dot to drag along it, the tangent, and the handles of a sketch.
import { element, svgElement, writeAttribute, writeText } from "../shared/live.js";
import { decimalText, readable, shareText } from "../shared/numbers.js";
import { listenToPresses } from "../shared/press.js";
import { TOP, nearest, pointsOf, slopeAt } from "./curve.js";

const HEIGHT = 160;
const LETTERS = 24; // pixels: up to this size of the page's letters they fit
const TANGENT = 75; // pixels on either side of the dot
const ROUND = 100; // a sketch has steps of 1 / ROUND
const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

// port: sweep(p) makes p the probability of the true class, hold(on), sketch(heights), say(key, values), limits().
export function createPlot(port) {
  const part = (tag, style, attributes = {}) => svgElement(tag, { class: style, ...attributes });
  const grid = part("g", "grid"), levels = part("g", "levels");
  const curve = part("path", "curve"), tangent = part("path", "tangent"), guide = part("path", "guide");
  const guess = part("path", "guess"), guessed = part("g", "guessed"), handles = part("g", "handles");
  const above = part("text", "above");
  const level = part("path", "guess"), levelName = part("text", "level-name", { "text-anchor": "end" });
  const dot = part("circle", "dot", { r: 9, role: "slider", tabindex: 0 });
  const svg = svgElement("svg", { class: "plot", height: HEIGHT }, grid, levels, guide, curve, tangent, guess, guessed, handles, level, levelName, above, dot);
  const root = element("div", { class: "plotbox", "data-part": "curve" }, svg);
  let width = 1, height = HEIGHT, top = TOP, drawn = null, ruled = null, sketched = null, points = [], now = null;
  const x = (p) => p * width;
  const y = (value) => height * (1 - Math.min(value, top) / top);

  const resize = () => {
    width = Math.max(1, root.clientWidth);
    // On a projector whose letters are still larger the drawing grows with them.
    height = HEIGHT * Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / LETTERS);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    drawn = ruled = sketched = null;
    if (now) paint(now);
  };

  const paintAxes = () => {
    grid.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map((p) => svgElement("path", { d: `M${x(p)} 0V${height}` })));
    const steps = now.slopes ? [0, 0.5, 1, 1.5, 2] : [0, 1, 2, 3, 4, 5];
    levels.replaceChildren(...steps.flatMap((value) => [
      svgElement("path", { d: `M0 ${y(value)}H${width}` }),
      svgElement("text", { x: -7, y: y(value) + 4, "text-anchor": "end" }, readable(value, now.slopes ? 1 : 0)),
    ]));
  };

  const set = (i, value) => {
    const { sketchAt, sketchTop } = port.limits();
    const heights = now.sketch.length ? [...now.sketch] : sketchAt.map(() => sketchTop / 2);
    heights[i] = Math.round(Math.max(0, Math.min(sketchTop, value)) * ROUND) / ROUND;
    port.sketch(heights);
  };
  const matchHandles = () => {
    const { sketchAt, sketchTop } = port.limits();
    if (!now.sketching) { handles.replaceChildren(); return; }
    if (handles.childElementCount === sketchAt.length) return;
    handles.replaceChildren(...sketchAt.map((p, i) => {
      const handle = svgElement("circle", { class: "sketch-handle", r: 9, role: "slider", tabindex: 0, "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": sketchTop });
      follow(handle, (_x, at) => set(i, sketchTop * (1 - at / height)));
      keys(handle, (step, end) => set(i, end === undefined ? Number(handle.getAttribute("aria-valuenow")) + step * 0.05 : end * sketchTop));
      return handle;
    }));
  };

  // A press moves the handle with the pointer, wherever it goes, until it is let go.
  function follow(handle, move) {
    let box = null;
    listenToPresses(handle, {
      upDown: true,
      begin: () => {
        box = svg.getBoundingClientRect();
        handle.focus({ preventScroll: true });
        const restore = port.hold(true);
        return () => { restore(); port.hold(false); };
      },
      move: (event) => move(event.clientX - box.left, event.clientY - box.top), end: () => port.hold(false),
    });
  }

  // turn(step) for the arrow keys and, ten times as far, Page; turn(0, end) for Home and End.
  function keys(handle, turn) {
    handle.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      const end = { Home: 0, End: 1 }[event.key];
      if (step === undefined && end === undefined) return;
      turn(step ?? 0, end);
      event.preventDefault();
    });
  }

  // A click brings a handle there: of a sketch the one that is pressed, or that stands nearest; else the dot.
  svg.addEventListener("click", (event) => {
    const pressed = [...handles.children].indexOf(event.target);
    if (event.target === dot) return;
    const box = svg.getBoundingClientRect();
    const [u, v] = [event.clientX - box.left, event.clientY - box.top];
    const { sketchAt, sketchTop } = port.limits();
    if (!now.sketching) {
      port.sweep(nearest(points, u, v, width, height));
      dot.focus({ preventScroll: true });
      return;
    }
    const far = sketchAt.map((p) => Math.abs(x(p) - u));
    const i = pressed < 0 ? far.indexOf(Math.min(...far)) : pressed;
    set(i, sketchTop * (1 - v / height));
    handles.children[i].focus({ preventScroll: true });
  });
  follow(dot, (at, down) => port.sweep(nearest(points, at, down, width, height)));
  keys(dot, (step, end) => port.sweep(end === undefined ? now.p + step * 0.01 : end));

  // now: p, y and loss of the class on the axis, rest, color, name; slopes: whether 1 - p is drawn in place of the loss;
  // sketching, sketch, prediction (of which the sketch and the level are drawn here).
  const paint = (next) => {
    now = next;
    top = now.slopes ? port.limits().sketchTop : TOP;
    matchHandles();
    const axes = [now.slopes, width].join();
    if (axes !== ruled) {
      ruled = axes;
      paintAxes();
    }
    const key = [axes, now.y, now.rest].join();
    if (key !== drawn) {
      drawn = key;
      points = pointsOf(now.y, now.rest);
      const seen = now.slopes ? [[0, now.y], [1, now.y - 1]] : points.filter(([, loss], i) => loss <= top && i % 6 === 0);
      curve.setAttribute("d", path(seen.map(([p, value]) => [x(p), y(Math.max(0, value))])));
    }
    const value = now.slopes ? Math.max(0, now.y - now.p) : now.loss;
    const at = [x(now.p), y(value)];
    writeAttribute(dot, "cx", at[0]); writeAttribute(dot, "cy", at[1]); writeAttribute(dot, "fill", now.color);
    guide.setAttribute("d", `M${at[0]} ${at[1]}V${height}`);
    above.setAttribute("x", at[0] + 14); above.setAttribute("y", 14);
    writeText(above, value > top ? `↑ ${readable(value, 1)}` : "");
    paintTangent(at, value);
    paintSketch();
    root.classList.toggle("sketching", now.sketching);
    for (const [name, text] of Object.entries({
      "aria-label": port.say("dot", { name: now.name }), "aria-valuemin": 0, "aria-valuemax": 1, "aria-valuenow": decimalText(now.p),
      "aria-valuetext": port.say("dot_spoken", { p: shareText(now.p), loss: readable(now.loss) }),
    })) writeAttribute(dot, name, text);
  };

  const paintTangent = ([cx, cy], value) => {
    if (now.slopes || value > top || now.p <= 0 || now.p >= 1) { tangent.setAttribute("d", ""); return; }
    const down = -slopeAt(now.p, now.y) * (height / top), along = width;
    const part = TANGENT / Math.hypot(along, down);
    const [dx, dy] = [along * part, down * part];
    // Each half ends at the border of the drawing.
    const room = (way) => Math.min(1, (way > 0 ? width - cx : cx) / dx, (way * dy > 0 ? height - cy : cy) / Math.abs(dy || 1e-9));
    const [back, on] = [room(-1), room(1)];
    tangent.setAttribute("d", `M${cx - dx * back} ${cy - dy * back}L${cx + dx * on} ${cy + dy * on}`);
  };

  const paintSketch = () => {
    const { sketch: predicted, level: at } = now.prediction;
    const key = [now.sketching, now.sketch, predicted, at?.at, at?.text].join(";");
    if (key === sketched) return;
    sketched = key;
    const { sketchAt, sketchTop } = port.limits();
    const place = (heights) => heights.map((height, i) => [x(sketchAt[i]), y(height)]);
    const heights = now.sketch.length ? now.sketch : sketchAt.map(() => sketchTop / 2);
    const shown = now.sketching ? heights : predicted;
    guess.setAttribute("d", shown.length === sketchAt.length ? path(place(shown)) : "");
    [...handles.children].forEach((handle, i) => {
      const [cx, cy] = place(heights)[i];
      for (const [name, text] of Object.entries({
        cx, cy, "aria-valuenow": decimalText(heights[i]), "aria-label": port.say("sketch_handle", { p: readable(sketchAt[i], 1) }), "aria-valuetext": readable(heights[i], 2),
      })) writeAttribute(handle, name, text);
    });
    const marks = now.sketching || predicted.length !== sketchAt.length ? [] : place(predicted);
    guessed.replaceChildren(...marks.map(([cx, cy]) => svgElement("circle", { cx, cy, r: 5 })));
    const high = at ? y(at.at) : 0;
    level.setAttribute("d", at ? `M0 ${high}H${width}` : "");
    levelName.setAttribute("x", width); levelName.setAttribute("y", high < 20 ? high + 15 : high - 5);
    writeText(levelName, at ? `${at.at > top ? "↑ " : ""}${at.text}` : "");
  };

  return { root, paint, resize, width: () => width };
}
