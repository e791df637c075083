// Mouse, finger, pen and keyboard on the paper of the pixel pad.

const CLOSE = 0.004; // points nearer than this part of the pad add nothing
const MOST_POINTS = 4000; // a hand that never stops must not slow the page down

const rounded = (value) => Math.round(Math.max(0, Math.min(1, value)) * 1e4) / 1e4;

export function listenToPad(paper, pad) {
  let last = null;
  const place = (event) => {
    const { left, top, width, height } = paper.getBoundingClientRect();
    return [rounded((event.clientX - left) / width), rounded((event.clientY - top) / height)];
  };
  const far = ([x, y]) => Math.hypot(x - last[0], y - last[1]) >= CLOSE;
  const count = () => pad.strokes.reduce((sum, stroke) => sum + stroke.length, 0);

  paper.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || last) return;
    paper.setPointerCapture(event.pointerId);
    if (pad.penDown) pad.togglePen();
    last = place(event);
    pad.begin(last);
    event.preventDefault();
    paper.focus({ preventScroll: true });
  });
  paper.addEventListener("pointermove", (event) => {
    if (!last || !paper.hasPointerCapture(event.pointerId)) return;
    // A fast hand moves several times between two frames.
    const events = event.getCoalescedEvents?.() ?? [];
    for (const part of events.length ? events : [event]) {
      const point = place(part);
      if (!far(point) || count() >= MOST_POINTS) continue;
      last = point;
      pad.extend(point);
    }
  });
  const lift = () => { last = null; };
  paper.addEventListener("pointerup", lift);
  paper.addEventListener("pointercancel", lift);
  paper.addEventListener("lostpointercapture", lift);
  for (const name of ["focus", "blur"]) paper.addEventListener(name, () => pad.repaint());

  paper.addEventListener("keydown", (event) => {
    const undoing = (event.ctrlKey || event.metaKey) && event.key === "z";
    if (!undoing && (event.ctrlKey || event.metaKey || event.altKey)) return;
    const [across, down] = pad.cells();
    const [x, y] = pad.cursor;
    const step = event.shiftKey ? 3 : 1;
    const go = (dx, dy) => () => pad.moveCursor([rounded(x + (dx * step) / across), rounded(y + (dy * step) / down)]);
    const act = undoing || event.key === "Backspace" ? () => pad.undo() : {
      ArrowLeft: go(-1, 0), ArrowRight: go(1, 0), ArrowUp: go(0, -1), ArrowDown: go(0, 1),
      " ": () => pad.togglePen(), Enter: () => pad.togglePen(), Delete: () => pad.clear(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
