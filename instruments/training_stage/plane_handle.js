// A button that stands at a place of the plane: it is dragged, or moved by the arrow keys.
import { ARROWS, listenToPresses, withModifier } from "../shared/press.js";
import { tidyInside } from "./edits.js";

const KEY_SHARE = 0.01; // of the width of the stage for one arrow key; five times as much with Shift

// port: plane(), at() and put(x, y) in units of the data, put with as many digits as the pixels of the stage are worth;
// moved() at the end of a drag or a key; key(event), which says whether it has used another key.
export function makePlaneHandle(node, { plane, at, put, moved = () => {}, key = () => false }) {
  const putInside = (x, y) => put(...tidyInside(plane(), x, y));
  const putAt = (u, v) => putInside(...plane().toData(u, v));

  let grip = null; // where the pointer holds the handle
  listenToPresses(node, {
    upDown: true, keepsFocus: true,
    begin: ({ clientX, clientY }) => {
      const before = at();
      const [u, v] = plane().toCanvas(...before);
      grip = [clientX - u, clientY - v];
      return () => put(...before);
    },
    move: (event) => putAt(event.clientX - grip[0], event.clientY - grip[1]), end: moved,
  });
  node.addEventListener("keydown", (event) => {
    if (withModifier(event)) return;
    const way = ARROWS[event.key];
    if (way) {
      const { box } = plane();
      const step = KEY_SHARE * (box[1] - box[0]) * (event.shiftKey ? 5 : 1);
      const [x, y] = at();
      putInside(x + way[0] * step, y + way[1] * step);
      moved();
    } else if (!key(event)) return;
    event.preventDefault();
    event.stopPropagation(); // arrows would move the playhead
  });

  // Puts the node at its place on the canvas; it is hidden where that lies outside.
  const place = () => {
    const [u, v] = at() ? plane().toCanvas(...at()) : [-1, -1];
    const { width, height } = plane();
    node.hidden = !(u >= 0 && u <= width && v >= 0 && v <= height);
    if (!node.hidden) Object.assign(node.style, { left: `${u}px`, top: `${v}px` });
  };
  return { putAt, place };
}
