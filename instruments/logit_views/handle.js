// A handle in a drawing: pressed anywhere in the drawing it comes there, and the arrow keys move it.
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// drag(event) at a press and at every move; step([right, up], large) at an arrow key; hold(on) at the ends of a drag.
export function makeHandle(drawing, handle, { drag, step, hold = () => {} }) {
  drawing.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drawing.setPointerCapture(event.pointerId);
    drawing.addEventListener("pointermove", drag);
    handle.focus({ preventScroll: true });
    hold(true);
    drag(event);
    event.preventDefault();
  });
  const release = () => { drawing.removeEventListener("pointermove", drag); hold(false); };
  drawing.addEventListener("pointerup", release);
  drawing.addEventListener("pointercancel", release);
  handle.addEventListener("keydown", (event) => {
    if (!(event.key in WAYS)) return;
    step(WAYS[event.key], event.shiftKey);
    event.preventDefault();
  });
}
