// A handle on a track: mouse, finger and keys, and the field in which its value is typed exactly.
import { element, math } from "./live.js";
import { decimalText, shareText } from "./numbers.js";
import { listenToPresses } from "./press.js";

// grip: range() -> [low, high], read(), set(x), round(x), hold(on), edit(), small, large. Pointer capture keeps the
// drag when the pointer leaves the track; hold(true) is called when it begins and returns what brings the state back,
// hold(false) at its end.
function makeDraggable(track, handle, grip) {
  let box = null; // measured when the drag begins: measuring at every move would make the browser lay out the page
  const toValue = (event) => {
    const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    const [low, high] = grip.range();
    return grip.round(low + part * (high - low));
  };
  const move = (event) => grip.set(toValue(event));
  listenToPresses(track, {
    begin: (at) => {
      box = track.getBoundingClientRect();
      handle.focus({ preventScroll: true });
      const restore = grip.hold(true);
      if (at.target !== handle) move(at);
      return () => { restore(); grip.hold(false); };
    },
    move, end: () => grip.hold(false),
  });
  handle.addEventListener("dblclick", () => grip.edit());
  handle.addEventListener("keydown", (event) => {
    const now = grip.read();
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

// A text field takes the place of `number`; Enter takes what is written, Escape leaves it as it was.
export function typeExactly(number, { label, text, take, back, style = "exact", select = true }) {
  if (!number.isConnected) return;
  const field = element("input", { class: style, "aria-label": label, spellcheck: "false" });
  field.value = text;
  number.replaceWith(field);
  field.focus();
  if (select) field.select();
  let open = true; // taking the field away makes it lose the focus
  const finish = (taken) => {
    if (!open) return;
    open = false;
    field.replaceWith(number);
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

// A node that is dragged from where it was pressed. position(event) is where the pointer is, in pixels on its axis; a press that
// moves by less than `still` is a tap. drag(value, pixels) and tap(value, press) get what read() gave at the start. upDown: a finger
// that has rested drags it up and down too.
export function makePullable(node, { position, still, read, drag, tap, upDown = false }) {
  let from = null;
  listenToPresses(node, {
    upDown,
    begin: (at) => {
      from = { at: position(at), press: at, value: read(), moved: false };
      node.focus({ preventScroll: true });
      return () => { if (from.moved) drag(from.value, 0); };
    },
    move: (event) => {
      const pixels = position(event) - from.at;
      if (Math.abs(pixels) > still) from.moved = true;
      if (from.moved) drag(from.value, pixels);
    },
    end: () => { if (!from.moved) tap(from.value, from.press); },
  });
}

// What a screen reader hears of a handle.
function announce(handle, low, high, now, text) {
  handle.setAttribute("aria-valuemin", low);
  handle.setAttribute("aria-valuemax", high);
  handle.setAttribute("aria-valuenow", decimalText(now));
  handle.setAttribute("aria-valuetext", text);
}

// A value on a track, and its number beside it, which can be typed. grip: as above, without edit(), with written(), what
// the field begins with, and typed(text). styles: { fill, handle }; below: what lies under the handle.
export function createTrack(grip, styles, ...below) {
  const fill = element("div", { class: styles.fill });
  const handle = element("div", { class: styles.handle, role: "slider", tabindex: "0", "aria-orientation": "horizontal" });
  const track = element("div", { class: "track" }, ...below, fill, handle);
  const number = element("button", { class: "plain", type: "button", onclick: () => edit() });
  const value = element("div", { class: "value" }, number);
  const edit = () => typeExactly(number, {
    label: number.title, text: grip.written(), take: grip.typed, back: () => handle.focus({ preventScroll: true }),
  });
  makeDraggable(track, handle, { ...grip, edit });
  // left: where the handle stands, in percent; part: how much of the fill is seen.
  const paint = (left, part, now, text, spoken = text) => {
    handle.style.left = `${left}%`;
    fill.style.transform = `scaleX(${part})`;
    announce(handle, ...grip.range(), now, spoken);
    number.textContent = text;
  };
  const name = (label, exactLabel) => {
    handle.setAttribute("aria-label", label);
    number.title = exactLabel;
  };
  return { track, value, handle, paint, name };
}

// A share from 0 to 1 on its track, with its letter. port: read(), set(share), hold(on), typed(text).
export function createShareTrack(letter, styles, port) {
  const { track, value, paint, name } = createTrack({
    ...port, range: () => [0, 1], round: (share) => Math.round(share * 1000) / 1000, small: 0.01, large: 0.1,
    written: () => String(Number(port.read().toPrecision(6))),
  }, styles);
  const cell = element("div", { class: `cell ${styles.cell}`, role: "cell" }, element("span", { class: "short" }, math(letter)), track, value);
  return { cell, name, paint: (share) => paint(100 * share, share, share, shareText(share)) };
}
