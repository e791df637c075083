// Editing points on the stage: pointer, touch and keyboard become gestures; Python keeps them, the stage shows them at once.
import { element } from "../shared/live.js";
import { createQueue, tidyPlace, withWaiting } from "./edits.js";
import { nearestFeatures } from "./curves.js";
import { placeFeatures } from "./run.js";
import { createPalette } from "./palette.js";

const STEP = 8; // pixels of one arrow key; five times as much with Shift
const SPRAY = { pause: 45, travel: 9, radius: 16 };
const REACH_OF = { move: 24, erase: 12, pick: 40 };

export function createTools(stage) {
  let tool = "inspect";
  let label = 0;
  let drag = 0; // counts drags: parts of one become one gesture
  let last = null; // of a spray: when and where the last point was put
  let held = -1; // number of the point that is being carried
  let from = null; // where it was, for Escape
  let cursor = null; // the crosshair, in data units
  let confirmed = null; // the run as Python sent it
  let edits = { applied: 0, next: 0, undo: 0, redo: 0, limit: Infinity, base: "" };

  const queue = createQueue((list) => stage.tell({ base: edits.base, list }));
  const palette = createPalette({ choose: (name) => choose(name), pick: (k) => { label = k; show(); hint(); }, act: (kind) => act(kind) });
  const cross = element("div", { class: "cross", hidden: true });
  const note = element("p", { class: "hint", role: "status", "aria-live": "polite", hidden: true });
  stage.frame.append(cross, note);

  const featuresAt = (x, y) => (confirmed.map?.features
    ? nearestFeatures(confirmed.map, confirmed.m, stage.data.box, x, y) : placeFeatures(confirmed.map, x, y));
  const shown = () => withWaiting(confirmed, queue.waiting(), edits.next, featuresAt);

  // What Python sent: the points, and how far it has got with what it was told.
  const take = (run) => {
    confirmed = run;
    const before = edits.base;
    edits = stage.data.edits ?? edits;
    if (before && before !== edits.base) { held = -1; cursor = null; }
    queue.confirm(edits.applied);
    label = Math.min(label, stage.data.names.length - 1);
    return shown();
  };

  // Whether new data are the answer to an edit: then playing goes on.
  const isAnswer = (sent) => Boolean(sent) && sent.base === edits.base && sent.applied > edits.applied;

  const offer = (wish) => {
    queue.offer(wish);
    stage.changed(shown());
    show();
  };

  const say = (key, values) => { note.hidden = false; note.textContent = stage.say(key, values); };
  const hint = () => {
    if (tool === "inspect") note.hidden = true;
    else say(`hint_${tool}`, { name: stage.data.names[label] });
  };

  const show = () => {
    const { names, colors } = stage.data;
    palette.show({ tool, label, names, colors, say: (key) => stage.say(key), undo: edits.undo || queue.waiting().length, redo: edits.redo, clear: edits.undo || queue.waiting().length });
    stage.canvas.classList.toggle("editing", tool !== "inspect");
    stage.canvas.setAttribute("role", tool === "inspect" ? "img" : "application");
    Object.assign(stage.root.dataset, { tool, points: String(stage.run?.n ?? 0), edits: String(edits.undo), waiting: String(queue.waiting().length) });
    placeCross();
  };

  const choose = (name) => {
    putDown();
    tool = name;
    if (name !== "inspect") stage.quiet();
    hint();
    show();
  };

  const act = (kind) => { putDown(); offer({ kind, drag: 0 }); hint(); };

  // --- what a hand does at a place of the canvas
  const clean = ([u, v]) => {
    const { box, toData, width } = stage.painter.plane();
    const [x, y] = toData(u, v);
    const inside = (value, low, high) => Math.min(high, Math.max(low, tidyPlace(value, box, width)));
    return [inside(x, box[0], box[1]), inside(y, box[2], box[3])];
  };
  const pointAt = (place, within) => {
    const i = stage.painter.nearest(...place, within);
    return i < 0 ? -1 : stage.run.ids[i];
  };
  const placeOf = (id) => { const i = stage.run.ids.indexOf(id); return [stage.run.x[2 * i], stage.run.x[2 * i + 1]]; };

  const add = (place) => {
    if (stage.run.n >= edits.limit) { say("full", { limit: edits.limit }); return; }
    offer({ kind: "add", drag, label, places: clean(place) });
  };
  const erase = (place, within = REACH_OF.erase) => {
    const id = pointAt(place, within);
    if (id >= 0) offer({ kind: "erase", drag, points: [id] });
    return id >= 0;
  };
  const pickUp = (place, within) => {
    held = pointAt(place, within);
    if (held < 0) return;
    from = placeOf(held);
    drag += 1;
  };
  const carry = (place) => { if (held >= 0) offer({ kind: "move", drag, point: held, places: clean(place) }); };
  const putDown = () => { held = -1; };
  const takeBack = () => {
    const id = held;
    putDown();
    offer({ kind: "move", drag, point: id, places: from });
  };

  const begin = (place) => {
    last = { time: performance.now(), place };
    if (tool === "add") { drag += 1; add(place); }
    if (tool === "erase") { drag += 1; erase(place); }
    if (tool === "move") pickUp(place, REACH_OF.move);
  };
  const go = (place) => {
    if (tool === "move") carry(place);
    if (tool === "erase") erase(place);
    if (tool !== "add") return;
    const now = performance.now();
    if (now - last.time < SPRAY.pause || Math.hypot(place[0] - last.place[0], place[1] - last.place[1]) < SPRAY.travel) return;
    last = { time: now, place };
    // Even over a disc, so that a slow hand does not draw a line.
    const [turn, reach] = [2 * Math.PI * Math.random(), SPRAY.radius * Math.sqrt(Math.random())];
    add([place[0] + reach * Math.cos(turn), place[1] + reach * Math.sin(turn)]);
  };

  // --- pointer and touch
  const at = (event) => [event.offsetX, event.offsetY];
  let pressed = null;
  stage.canvas.addEventListener("pointerdown", (event) => {
    if (tool === "inspect" || event.button > 0 || pressed !== null) return;
    pressed = event.pointerId;
    stage.canvas.setPointerCapture(pressed);
    cross.hidden = true;
    begin(at(event));
  });
  stage.canvas.addEventListener("pointermove", (event) => { if (event.pointerId === pressed) go(at(event)); });
  const release = (event) => {
    if (event.pointerId !== pressed) return;
    pressed = null;
    putDown();
    show();
  };
  stage.canvas.addEventListener("pointerup", release);
  stage.canvas.addEventListener("pointercancel", release);

  // --- keyboard
  const place = () => stage.painter.plane().toCanvas(...(cursor ?? centre()));
  const centre = () => { const [x0, x1, y0, y1] = stage.data.box; return [(x0 + x1) / 2, (y0 + y1) / 2]; };
  const placeCross = () => {
    cross.hidden = !cursor || tool === "inspect" || !stage.painter.plane();
    if (cross.hidden) return;
    const [u, v] = place();
    Object.assign(cross.style, { left: `${u}px`, top: `${v}px` });
    stage.root.dataset.cross = cursor.join(",");
  };
  const steer = (dx, dy) => {
    const { width, height, toData } = stage.painter.plane();
    const [u, v] = place();
    const to = [Math.min(width, Math.max(0, u + dx)), Math.min(height, Math.max(0, v + dy))];
    cursor = toData(...to);
    placeCross();
    if (held >= 0) carry(to);
  };
  const press = () => {
    cursor ??= centre();
    if (tool === "move" && held >= 0) { putDown(); say("put_down", {}); show(); return; }
    if (tool === "add") { drag += 1; add(place()); say("added", { name: stage.data.names[label], points: stage.run.n }); }
    if (tool === "erase") { drag += 1; say(erase(place(), REACH_OF.pick) ? "erased" : "nothing_near", { points: stage.run.n }); }
    if (tool === "move") { pickUp(place(), REACH_OF.pick); if (held >= 0) cursor = placeOf(held); say(held >= 0 ? "picked_up" : "nothing_near", {}); }
    placeCross();
  };
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  stage.canvas.addEventListener("keydown", (event) => {
    if (tool === "inspect" || event.ctrlKey || event.metaKey || event.altKey) return;
    const size = event.shiftKey ? 5 * STEP : STEP;
    if (ARROWS[event.key]) steer(ARROWS[event.key][0] * size, ARROWS[event.key][1] * size);
    else if (event.key === "Enter" || event.key === " ") press();
    else if (event.key === "Escape") { if (held >= 0) takeBack(); else choose("inspect"); }
    else if (tool === "add" && /^\d$/.test(event.key) && Number(event.key) < stage.data.names.length) { label = Number(event.key); show(); hint(); }
    else return;
    event.preventDefault();
    event.stopPropagation(); // the transport would take arrows and Space for itself
  });
  stage.canvas.addEventListener("focus", () => { if (tool !== "inspect" && pressed === null) { cursor ??= centre(); placeCross(); } });
  stage.canvas.addEventListener("blur", () => { cross.hidden = true; });
  stage.root.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest("input, select")) return;
    const key = event.key.toLowerCase();
    const kind = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
    if (!kind) return;
    event.preventDefault();
    if (kind === "undo" ? edits.undo || queue.waiting().length : edits.redo) act(kind);
  });

  return { box: palette.box, take, isAnswer, show, choose, tool: () => tool, cancel: queue.cancel };
}
