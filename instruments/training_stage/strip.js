// The strip under the stage: the loss of every step, and the playhead, which can be dragged there.
import { element, fitCanvas } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { listenToPresses } from "../shared/press.js";

const PAD = { left: 44, right: 10, top: 8, bottom: 6 }; // left: for letters of 12 pixels
const LETTERS = 0.42; // of the height: two numbers above each other

// A strip of some height: step() and steps() say where the playhead is, to(step) moves it.
export function createStrip(height, { step, steps, to }) {
  const canvas = element("canvas", { class: "strip", role: "slider", tabindex: "0", "aria-valuemin": "0" });
  const back = document.createElement("canvas"); // the curves, drawn once
  let width = 1;
  let most = 1; // the largest loss
  let ink = null;
  let letters = 12;
  let left = PAD.left;

  const room = () => width - left - PAD.right;
  const toX = (at) => left + (steps() ? at / steps() : 0) * room();
  const toY = (value) => PAD.top + (1 - Math.min(value, most) / most) * (height - PAD.top - PAD.bottom);

  const paintAxis = (context) => {
    context.fillStyle = ink.quiet;
    context.font = `${letters}px ${ink.font}`;
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.fillText(readable(most, most < 10 ? 2 : 1), left - 6, PAD.top + 4);
    context.fillText("0", left - 6, height - PAD.bottom - 2);
    context.strokeStyle = ink.line;
    context.lineWidth = 1;
    context.beginPath();
    for (const y of [toY(0), toY(most)]) { context.moveTo(left, y); context.lineTo(width - PAD.right, y); }
    context.stroke();
  };

  const paintCurve = (context, { values, color, dashes, thickness }) => {
    context.strokeStyle = color;
    context.lineWidth = thickness;
    context.setLineDash(dashes);
    context.beginPath();
    // More steps than pixels: one point for each half pixel is all that can be seen.
    const stride = Math.max(1, Math.floor((values.length - 1) / (2 * width)));
    const last = Math.min(values.length - 1, steps()); // a longer curve is cut off at the end of the run
    for (let at = 0; at < last; at += stride) context.lineTo(toX(at), toY(values[at]));
    context.lineTo(toX(last), toY(values[last]));
    context.stroke();
  };

  // curves: [{ values, color, dashes, thickness }], the one in front last.
  const prepare = (curves, newWidth, newInk) => {
    [width, ink, most] = [newWidth, newInk, 0];
    letters = Math.max(12, Math.min(12 * ink.em, LETTERS * height));
    left = (PAD.left * letters) / 12;
    for (const { values } of curves) values.forEach((value) => { if (Number.isFinite(value) && value > most) most = value; });
    most ||= 1;
    fitCanvas(canvas, width, height);
    const context = fitCanvas(back, width, height);
    context.lineJoin = "round";
    for (const curve of curves) paintCurve(context, curve);
  };

  // A line at the playhead, and a dot on every curve given as [loss there, colour]; the curves are seen up to the step `until`.
  const paint = (dots, until = steps()) => {
    const context = canvas.getContext("2d");
    context.save();
    context.resetTransform();
    context.clearRect(0, 0, canvas.width, canvas.height);
    const seen = until >= steps() ? back.width : Math.ceil((toX(until) / width) * back.width);
    if (seen > 0) context.drawImage(back, 0, 0, seen, back.height, 0, 0, seen, back.height);
    context.restore();
    paintAxis(context);
    const x = toX(step());
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
    canvas.setAttribute("aria-valuemax", steps());
    canvas.setAttribute("aria-valuenow", step());
  };

  // A drag, a click or Page keys move the playhead.
  const move = (event) => to(Math.round(Math.max(0, Math.min(1, (event.offsetX - left) / room())) * steps()));
  listenToPresses(canvas, {
    begin: (at) => {
      const before = step();
      canvas.focus({ preventScroll: true });
      move(at);
      return () => to(before);
    },
    move,
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "PageUp" && event.key !== "PageDown") return;
    const page = Math.max(1, Math.round(steps() / 20));
    event.preventDefault();
    to(step() + (event.key === "PageUp" ? page : -page));
  });
  return { canvas, prepare, paint };
}
