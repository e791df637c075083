// One weight or bias: dragged sideways, stepped with buttons and keys, or typed.
import { makePullable, typeExactly } from "../shared/drag.js";
import { element, writeAttribute, writeText } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { withModifier } from "../shared/press.js";

const DIAL_STEP = 0.1;
const PIXELS_PER_STEP = 5;
const STILL = 3; // pixels: a press that moves less is a click

// range is [low, high]; read() gives the number; write(value) and typed(text) change it; touched(on) says whether the
// pointer or the focus is on it.
export function createDial({ range: [low, high], read, write, typed, touched }) {
  const number = element("span", { class: "dial-number", role: "spinbutton", tabindex: "0",
    "aria-valuemin": low, "aria-valuemax": high });
  const stepper = (sign, text) => element("button", { class: "dial-step", type: "button", tabindex: "-1",
    onclick: () => write(read() + sign * DIAL_STEP) }, text);
  const minus = stepper(-1, "−");
  const plus = stepper(1, "+");
  const box = element("div", { class: "dial", role: "cell" }, minus, number, plus);
  for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, () => touched(true));
  for (const name of ["pointerleave", "focusout"]) box.addEventListener(name, () => touched(false));

  const type = (first = null) => typeExactly(number, {
    label: number.getAttribute("aria-label"), text: first ?? String(read()), take: typed, back: () => number.focus({ preventScroll: true }),
    style: "dial-exact", select: first === null,
  });

  makePullable(number, {
    position: (event) => event.clientX, still: STILL, read, tap: () => type(),
    drag: (value, pixels) => write(value + Math.round(pixels / PIXELS_PER_STEP) * DIAL_STEP),
  });
  number.addEventListener("keydown", (event) => {
    if (withModifier(event)) return;
    const now = read();
    const next = {
      ArrowUp: now + DIAL_STEP, ArrowRight: now + DIAL_STEP, ArrowDown: now - DIAL_STEP, ArrowLeft: now - DIAL_STEP,
      PageUp: now + 1, PageDown: now - 1, Home: low, End: high,
    }[event.key];
    if (next !== undefined) write(next);
    else if (event.key === "Enter") type();
    else if (/^[-−+.,\d]$/.test(event.key)) type(event.key);
    else return;
    event.preventDefault();
  });

  const paint = (label) => {
    const value = read();
    writeText(number, readable(value, Math.abs(value * 10 - Math.round(value * 10)) < 1e-9 ? 1 : 2));
    writeAttribute(number, "aria-valuenow", value);
    if (number.getAttribute("aria-label") === label) return;
    number.setAttribute("aria-label", label);
    minus.setAttribute("aria-label", `${label} − 0.1`);
    plus.setAttribute("aria-label", `${label} + 0.1`);
  };
  return { box, paint };
}
