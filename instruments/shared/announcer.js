// What an instrument shows, in one sentence, for those who do not see it: written where they find it, and told politely once the
// instrument rests, never while something moves.
import { element } from "./live.js";

const QUIET_FOR = 700; // milliseconds after the last change

// sentence() is what is shown now, "" for nothing to tell; isMoving() whether a hand or a run still goes on; write(text) puts the
// sentence where it is looked for. later(): something has changed; again(): something may have. What an instrument shows at first is written and not told.
export function createAnnouncer({ sentence, isMoving, write = () => {} }) {
  const node = element("p", { class: "spoken announced", role: "status", "aria-live": "polite" });
  let timer = 0;
  let told = null;
  const look = () => {
    if (isMoving()) return later();
    const text = sentence();
    if (text === told) return;
    write(text);
    if (told !== null) node.textContent = text;
    told = text;
  };
  const again = () => { clearTimeout(timer); timer = setTimeout(look, QUIET_FOR); };
  // What was told of a former state goes at once: it may be the answer to what is asked now.
  const later = () => { node.textContent = ""; again(); };
  return { node, later, again, cancel: () => clearTimeout(timer) };
}
