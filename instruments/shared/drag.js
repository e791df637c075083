// A handle on a track: mouse, finger and keys, and the field in which its value is typed exactly.
import { element, math } from "./live.js";
import { readable } from "./numbers.js";

// grip: range() -> [low, high], value(), set(x), round(x), hold(on), edit(), small, large. Pointer capture keeps the
// drag when the hand leaves the track; hold(true) and hold(false) stand around it.
export function makeDraggable(track, handle, grip) {
  let box = null; // measured when the drag begins: measuring at every move would make the browser lay out the page
  const toValue = (event) => {
    const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    const [low, high] = grip.range();
    return grip.round(low + part * (high - low));
  };
  const move = (event) => grip.set(toValue(event));
  track.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    track.setPointerCapture(event.pointerId);
    box = track.getBoundingClientRect();
    track.addEventListener("pointermove", move);
    handle.focus({ preventScroll: true });
    grip.hold(true);
    if (event.target !== handle) move(event);
    event.preventDefault();
  });
  const release = () => { track.removeEventListener("pointermove", move); grip.hold(false); };
  track.addEventListener("pointerup", release);
  track.addEventListener("pointercancel", release);
  handle.addEventListener("dblclick", () => grip.edit());
  handle.addEventListener("keydown", (event) => {
    const now = grip.value();
    const [low, high] = grip.range();
    const { small, large } = grip;
    const next = {
      ArrowRight: now + small, ArrowUp: now + small, ArrowLeft: now - small, ArrowDown: now - small,
      PageUp: now + large, PageDown: now - large, Home: low, End: high,
    }[event.key];
    if (event.key === "Enter") grip.edit();
    else if (next === undefined) return;
    else grip.set(Math.max(low, Math.min(high, next)));
    event.preventDefault();
  });
}

// The number in `place` becomes a text field; Enter takes it, Escape leaves it as it was.
export function typeExactly(place, { label, text, take, back }) {
  const number = place.firstChild;
  if (number.tagName === "INPUT") return;
  const field = element("input", { class: "exact", "aria-label": label, spellcheck: "false" });
  field.value = text;
  place.replaceChildren(field);
  field.focus();
  field.select();
  const finish = (taken) => {
    if (place.firstChild !== field) return;
    place.replaceChildren(number);
    if (taken) take(field.value);
  };
  field.addEventListener("blur", () => finish(true));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    finish(event.key === "Enter");
    back();
  });
}

// What a screen reader hears of a handle.
export function announce(handle, low, high, now, text) {
  handle.setAttribute("aria-valuemin", low);
  handle.setAttribute("aria-valuemax", high);
  handle.setAttribute("aria-valuenow", now);
  handle.setAttribute("aria-valuetext", text);
}

// A share from 0 to 1 on its track, with its letter and its number, which can be typed. styles: { cell, fill, handle }.
export function createShareTrack({ letter, styles, read, set, hold, typed }) {
  const fill = element("div", { class: styles.fill });
  const handle = element("div", { class: `handle ${styles.handle}`, role: "slider", tabindex: "0", "aria-orientation": "horizontal" });
  const track = element("div", { class: "track" }, fill, handle);
  const number = element("button", { class: "plain", type: "button", onclick: () => edit() });
  const value = element("div", { class: "value" }, number);
  const edit = () => typeExactly(value, {
    label: number.title, text: String(Number(read().toPrecision(6))), take: typed, back: () => handle.focus({ preventScroll: true }),
  });
  makeDraggable(track, handle, {
    range: () => [0, 1], value: read, set, round: (share) => Math.round(share * 1000) / 1000, hold, edit, small: 0.01, large: 0.1,
  });
  const paint = (share) => {
    handle.style.left = `${100 * share}%`;
    fill.style.transform = `scaleX(${share})`;
    announce(handle, 0, 1, share, readable(share));
    number.textContent = readable(share);
  };
  const name = (label, exactLabel) => {
    handle.setAttribute("aria-label", label);
    number.title = exactLabel;
  };
  const short = element("span", { class: "short" }, math(letter));
  return { cell: element("div", { class: `cell ${styles.cell}` }, short, track, value), paint, name };
}
