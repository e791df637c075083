// A press of mouse, pen or finger that becomes a drag or a tap. A finger that only scrolls the page changes nothing.

const SIDEWAYS = 6; // pixels that a finger goes sideways before it drags
const TAP_REACH = 10; // pixels that a finger may go in a tap
const RESTED = 200; // milliseconds after which a finger that has rested drags up and down too

export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }; // right and up
export const withModifier = (event) => event.ctrlKey || event.metaKey || event.altKey; // such a key belongs to the browser

// begin(at) when a drag or tap has begun, with the place and the node of the press; it returns what brings back the state before,
// for a drag that the browser takes away. move(event) while it goes on; end() at its end.
// wants(event): whether a press is taken. A finger drags from SIDEWAYS on, or taps; upDown: also up and down, if it has rested
// first; atOnce(): from the press on, as one draws. CSS needs touch-action: pan-y, or none where atOnce.
export function listenToPresses(node, { begin, move, end = () => {}, wants = () => true, atOnce = () => false, upDown = false, keepsFocus = false }) {
  let press = null; // { id, at, restore }, restore null until it has begun
  const start = () => { press.restore = begin(press.at) ?? (() => {}); };
  const isTap = (event) => Math.hypot(event.clientX - press.at.clientX, event.clientY - press.at.clientY) <= TAP_REACH;
  const hasRested = (event) => upDown && event.timeStamp - press.at.timeStamp >= RESTED;
  const drags = (event) => {
    const [across, down] = [event.clientX - press.at.clientX, event.clientY - press.at.clientY].map(Math.abs);
    return across >= SIDEWAYS && across > down || down >= SIDEWAYS && hasRested(event);
  };

  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || press || !wants(event)) return;
    // The event loses its target when it is over.
    const { clientX, clientY, offsetX, offsetY, target, timeStamp } = event;
    press = { id: event.pointerId, at: { clientX, clientY, offsetX, offsetY, target, timeStamp }, restore: null };
    node.setPointerCapture(event.pointerId);
    if (!keepsFocus) event.preventDefault(); // the browser would move the focus and begin a selection
    if (event.pointerType !== "touch" || atOnce()) start();
  });
  node.addEventListener("pointermove", (event) => {
    if (event.pointerId !== press?.id || !press.restore && !drags(event)) return;
    if (!press.restore) start();
    move(event);
  });
  node.addEventListener("pointerup", (event) => {
    if (event.pointerId !== press?.id) return;
    if (!press.restore && isTap(event)) start();
    const hasBegun = press.restore !== null;
    press = null;
    if (hasBegun) end();
  });
  node.addEventListener("pointercancel", (event) => {
    if (event.pointerId !== press?.id) return;
    const { restore } = press;
    press = null;
    restore?.();
  });
  // The browser scrolls unless the first move is refused.
  if (upDown) node.addEventListener("touchmove", (event) => { if (press && event.cancelable && (press.restore || hasRested(event))) event.preventDefault(); }, { passive: false });
}

// The browser's own slider takes the place where a finger comes down, even of one that only scrolls: it says nothing of it before
// the finger has gone sideways or is up, and goes back where it has scrolled.
export function steadyRange(input) {
  let press = null; // { id, x, y, value, drags }
  const tell = () => input.dispatchEvent(new Event("input"));
  input.addEventListener("pointerdown", (event) => {
    press = event.pointerType === "touch" ? { id: event.pointerId, x: event.clientX, y: event.clientY, value: input.value, drags: false } : null;
  });
  input.addEventListener("pointermove", (event) => {
    if (event.pointerId !== press?.id || press.drags) return;
    const [across, down] = [Math.abs(event.clientX - press.x), Math.abs(event.clientY - press.y)];
    if (across < SIDEWAYS || across <= down) return;
    press.drags = true;
    if (input.value !== press.value) tell();
  });
  input.addEventListener("input", (event) => { if (press && !press.drags) event.stopImmediatePropagation(); }, true);
  const finish = (event, taken) => {
    if (event.pointerId !== press?.id) return;
    const { value, drags } = press;
    press = null;
    const isChanged = input.value !== value;
    if (!taken) input.value = value;
    if (isChanged && (taken ? !drags : drags)) tell();
  };
  input.addEventListener("pointerup", (event) => finish(event, press && (press.drags || Math.hypot(event.clientX - press.x, event.clientY - press.y) <= TAP_REACH)));
  input.addEventListener("pointercancel", (event) => finish(event, false));
  return input;
}
