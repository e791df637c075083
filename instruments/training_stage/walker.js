// Points looked at by keys: full stop and comma go from one to the next, as the pointer would; Enter tells the step of the point,
// Escape leaves it.
import { withModifier } from "../shared/press.js";

const WAYS = { ".": 1, ",": -1 };

// count() points; mayWalk(): whether the stage is only looked at; show(i): the point that is reached, or -1; tell(i).
export function createWalker(canvas, { count, mayWalk, show, tell }) {
  let at = -1;
  const go = (to) => { at = to; show(at); };
  const leave = () => { if (at >= 0) go(-1); };
  canvas.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    const isMeant = way ? count() > 0 : at >= 0 && (event.key === "Enter" || event.key === "Escape");
    if (!isMeant || !mayWalk() || withModifier(event)) return;
    event.preventDefault();
    if (way) {
      event.stopPropagation();
      const from = at < 0 && way < 0 ? 0 : at;
      go((from + way + count()) % count());
    } else if (event.key === "Enter") tell(at);
    else leave();
  });
  canvas.addEventListener("blur", leave); // who goes on leaves no card behind
  // The point that keys have gone to, or -1; forget(): the pointer looks for itself.
  return { at: () => at, forget: () => { at = -1; } };
}
