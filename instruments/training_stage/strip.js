// The strip under the stage: the loss of every step, and the playhead. It is also what the hand scrubs.
import { element } from "../shared/live.js";
import { readable } from "../shared/numbers.js";

const PAD = { left: 44, right: 10, top: 8, bottom: 6 };

function stripPlace(step, steps, width) {
  return PAD.left + (steps ? step / steps : 0) * (width - PAD.left - PAD.right);
}

function stepAt(u, steps, width) {
  const part = (u - PAD.left) / (width - PAD.left - PAD.right);
  return Math.round(Math.max(0, Math.min(1, part)) * steps);
}

function scaleOf(curves) {
  let most = 0;
  curves.forEach(({ values }) => values.forEach((value) => { if (Number.isFinite(value) && value > most) most = value; }));
  return most || 1;
}

function trace(context, values, toY, width, steps) {
  context.beginPath();
  // More steps than pixels: one point for each half pixel is all that can be seen.
  const stride = Math.max(1, Math.floor((values.length - 1) / (2 * width)));
  const last = Math.min(values.length - 1, steps); // a longer curve is cut off at the end of the run
  for (let step = 0; step < last; step += stride) context.lineTo(stripPlace(step, steps, width), toY(values[step]));
  context.lineTo(stripPlace(last, steps, width), toY(values[last]));
  context.stroke();
}

// Draws what does not move: axis, curves. Returns where a loss lies, for the playhead.
function paintCurves(context, curves, steps, width, height, ink) {
  const most = scaleOf(curves);
  const toY = (value) => PAD.top + (1 - Math.min(value, most) / most) * (height - PAD.top - PAD.bottom);
  context.clearRect(0, 0, width, height);
  context.fillStyle = ink.quiet;
  context.font = `12px ${ink.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText(readable(most, most < 10 ? 2 : 1), PAD.left - 6, PAD.top + 4);
  context.fillText("0", PAD.left - 6, height - PAD.bottom - 2);
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const y of [toY(0), toY(most)]) { context.moveTo(PAD.left, y); context.lineTo(width - PAD.right, y); }
  context.stroke();
  context.lineJoin = "round";
  for (const { values, color, dashes, thickness } of curves) {
    context.strokeStyle = color;
    context.lineWidth = thickness;
    context.setLineDash(dashes);
    trace(context, values, toY, width, steps);
  }
  context.setLineDash([]);
  return toY;
}

// A line at the step, and a dot on every curve given as [loss there, colour].
function paintPlayhead(context, step, steps, dots, toY, width, height, ink) {
  const x = stripPlace(step, steps, width);
  context.strokeStyle = ink.accent;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, 2);
  context.lineTo(x, height - 2);
  context.stroke();
  for (const [loss, color] of dots) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(x, toY(loss), 5, 0, 2 * Math.PI);
    context.fill();
  }
}

// A drag, a click or Page keys move the playhead.
function listenToStrip(strip, width, steps, step, to) {
  const move = (event) => to(stepAt(event.offsetX, steps(), width()));
  strip.addEventListener("pointerdown", (event) => {
    strip.setPointerCapture(event.pointerId);
    strip.addEventListener("pointermove", move);
    move(event);
  });
  const release = () => strip.removeEventListener("pointermove", move);
  strip.addEventListener("pointerup", release);
  strip.addEventListener("pointercancel", release);
  strip.addEventListener("keydown", (event) => {
    if (event.key !== "PageUp" && event.key !== "PageDown") return;
    const page = Math.max(1, Math.round(steps() / 20));
    event.preventDefault();
    to(step() + (event.key === "PageUp" ? page : -page));
  });
}

// A strip of some height: step() and steps() say where the playhead is, to(step) moves it.
export function createStrip(height, { step, steps, to }) {
  const canvas = element("canvas", { class: "strip", role: "slider", tabindex: "0", "aria-valuemin": "0" });
  const back = document.createElement("canvas"); // axis and curves, drawn once
  let scene = null;
  listenToStrip(canvas, () => scene?.width ?? 1, steps, step, to);

  // curves: [{ values, color, dashes, thickness }], the one in front last.
  const prepare = (curves, { width, ratio, ink }) => {
    for (const target of [canvas, back]) Object.assign(target, { width: width * ratio, height: height * ratio });
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
    const context = back.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    scene = { width, ratio, ink, toY: paintCurves(context, curves, steps(), width, height, ink) };
  };

  // dots: [loss, colour] of every curve at the playhead.
  const paint = (dots) => {
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(back, 0, 0);
    context.setTransform(scene.ratio, 0, 0, scene.ratio, 0, 0);
    paintPlayhead(context, step(), steps(), dots, scene.toY, scene.width, height, scene.ink);
    canvas.setAttribute("aria-valuemax", steps());
    canvas.setAttribute("aria-valuenow", step());
  };
  return { canvas, prepare, paint };
}
