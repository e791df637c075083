// A handle in a drawing: pressed anywhere in the drawing it comes there, and the arrow keys move it.
import { ARROWS, listenToPresses } from "../shared/press.js";

// drag(event) at a press and at every move; step([right, up], large) at an arrow key; hold(on) at the ends of a drag; kept() gives
// what brings back the state of now.
export function makeHandle(drawing, handle, { drag, step, kept, hold = () => {} }) {
  listenToPresses(drawing, {
    upDown: true,
    begin: (at) => {
      const restore = kept();
      handle.focus({ preventScroll: true });
      hold(true);
      drag(at);
      return () => { restore(); hold(false); };
    },
    move: drag, end: () => hold(false),
  });
  handle.addEventListener("keydown", (event) => {
    if (!(event.key in ARROWS)) return;
    step(ARROWS[event.key], event.shiftKey);
    event.preventDefault();
  });
}
