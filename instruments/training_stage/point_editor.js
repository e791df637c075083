// The point editor: pointer, touch and keyboard become gestures; Python keeps them, the stage shows them at once.
import { element, fill, icon } from "../shared/live.js";
import { ARROWS, listenToPresses, withModifier } from "../shared/press.js";
import { markerPicture } from "../shared/shapes.js";
import { createQueue, tidyInside, withWaiting } from "./edits.js";
import { nearestFeatures } from "./curves.js";
import { isNetwork, placeFeatures } from "./run.js";

const STEP = 8; // pixels of one arrow key; five times as much with Shift
const SPRAY = { pause: 45, travel: 9, radius: 16 };
const DISTANCES = { move: 24, erase: 12, pick: 40, still: 4 }; // pixels: how near a point must be, and how far a click may go

const TOOLS = ["inspect", "add", "move", "erase", "hand"];
const EDITS = ["add", "move", "erase"]; // of points; the hand moves weights
const TOOL_ICONS = {
  inspect: "M6 3.5v15.2l4.1-3.9 2.6 6 2.5-1.1-2.6-5.9h5.6z",
  add: "M10.6 4h2.8v6.6H20v2.8h-6.6V20h-2.8v-6.6H4v-2.8h6.6z",
  move: "M12 2l3.4 3.6h-2.3v5.3h5.3V8.6L22 12l-3.6 3.4v-2.3h-5.3v5.3h2.3L12 22l-3.4-3.6h2.3v-5.3H5.6v2.3L2 12l3.6-3.4v2.3h5.3V5.6H8.6z",
  erase: "M14.6 3.6l5.8 5.8a1.4 1.4 0 0 1 0 2L12.8 19H20v2H6.8l-3.2-3.2a1.4 1.4 0 0 1 0-2L12.6 3.6a1.4 1.4 0 0 1 2 0zM5.6 16.8L7.7 19H10l2-2-5-5z",
  hand: "M4.5 20.9l-1.4-1.4L15.6 7H10V5h9v9h-2V8.4zM3 4h5v2H5v3H3z",
  undo: "M9 4L3 9.5 9 15v-3.6h5a4 4 0 0 1 0 8h-3V22h3a6.6 6.6 0 0 0 0-13.2H9z",
  redo: "M15 4l6 5.5-6 5.5v-3.6h-5a4 4 0 0 0 0 8h3V22h-3a6.6 6.6 0 0 1 0-13.2h5z",
  clear: "M9 3h6l1 2h5v2H3V5h5zM5 9h14l-1 12H6zm4 2l.5 8h1.4l-.4-8zm4.5 0l-.4 8h1.4l.5-8z",
};

// The palette beside the stage: one tool at a time, the class that is added, and taking back.
// choose(tool), pick(class) and act("undo" | "redo" | "clear") are called by the buttons.
function createPalette({ choose, pick, act }) {
  const button = (name, onclick) => element("button", { class: `key small ${name}`, type: "button", onclick }, icon(TOOL_ICONS[name]));
  const tools = TOOLS.map((name) => button(name, () => choose(name)));
  const acts = ["undo", "redo", "clear"].map((name) => button(name, () => act(name)));
  const classes = element("div", { class: "classes", role: "group" });
  const box = element("div", { class: "palette", role: "toolbar", "data-part": "tools" }, ...tools, classes, element("span", { class: "gap" }), ...acts);
  const titled = (node, text) => { node.setAttribute("aria-label", text); node.title = text; };

  const show = ({ tool, label, names, colors, labels, undo, redo, clear, withHand }) => {
    box.setAttribute("aria-label", labels.edit_points);
    TOOLS.forEach((name, i) => { titled(tools[i], labels[`tool_${name}`]); tools[i].setAttribute("aria-pressed", String(name === tool)); });
    ["undo", "redo", "clear"].forEach((name, i) => titled(acts[i], labels[name]));
    tools[TOOLS.indexOf("hand")].hidden = !withHand;
    [acts[0].disabled, acts[1].disabled, acts[2].disabled] = [!undo, !redo, !clear];
    classes.hidden = tool !== "add";
    classes.setAttribute("aria-label", labels.class_to_add);
    // Made anew only when the classes change: a new button would lose the focus.
    const wanted = JSON.stringify([names, colors.slice(0, names.length)]);
    if (classes.dataset.of !== wanted) {
      classes.dataset.of = wanted;
      classes.replaceChildren(...names.map((name, k) => {
        const swatch = element("button", { class: "swatch", type: "button", onclick: () => pick(k) }, markerPicture(k, colors[k]));
        titled(swatch, name);
        return swatch;
      }));
    }
    [...classes.children].forEach((swatch, k) => swatch.setAttribute("aria-pressed", String(k === label)));
  };
  return { box, show };
}

// The stage as the editor sees it:
//   run(), data()          the run on the stage, and what Python sent
//   plane()                where a place lies on the canvas
//   nearest(u, v, within)  index of the nearest point, or -1
//   show(run)              the points have changed
//   chosen(tool)           another tool was chosen
//   send(edits)            what Python has not confirmed
//   hands()                how many times weights were set by hand that can be undone, and redone
//   byHand(wish)           "undo" or "redo" of weights set by hand
//   note(values)           data attributes of the stage
export function createPointEditor(canvas, stage) {
  let tool = "inspect";
  let label = 0;
  let drag = 0; // counts drags: parts of one become one gesture
  let last = null; // of a spray: when and where the last point was put
  let carried = -1; // number of the point that is being carried
  let carriedBefore = -1; // the one that was picked up before the present press
  let from = null; // where it was, for Escape
  let cursor = null; // the crosshair, in data units
  let done = []; // what was changed here, "points" or "hand", in its order
  let undone = [];
  let confirmed = null; // the run as Python sent it
  let edits = { applied: 0, next: 0, undo: 0, redo: 0, limit: Infinity, base: "" };

  const queue = createQueue((list) => stage.send({ base: edits.base, session: edits.session, list }));
  const palette = createPalette({ choose: (name) => choose(name), pick: (k) => { label = k; show(); hint(); }, act: (kind) => act(kind) });
  const cross = element("div", { class: "cross", hidden: true });
  const message = element("p", { class: "hint", role: "status", "aria-live": "polite", hidden: true });

  const featuresAt = (x, y) => (confirmed.map?.features
    ? nearestFeatures(confirmed.map, confirmed.m, stage.data().box, x, y) : placeFeatures(confirmed.map, x, y));
  const withEdits = () => withWaiting(confirmed, queue.waiting(), edits.next, featuresAt);

  // What Python sent: the points, and the number of the last edit that is in them.
  const take = (run) => {
    confirmed = run;
    const before = edits.base;
    edits = stage.data().edits ?? edits;
    if (tool === "hand" && isNetwork(run)) choose("inspect");
    if (before && before !== edits.base) { carried = -1; cursor = null; }
    queue.confirm(edits.applied);
    label = Math.min(label, stage.data().names.length - 1);
    return withEdits();
  };

  const pointsUndo = () => edits.undo > 0 || queue.waiting().length > 0;
  const canUndo = () => pointsUndo() || stage.hands()[0] > 0;
  const canRedo = () => edits.redo > 0 || stage.hands()[1] > 0;

  // Whether new data are the answer to an edit: then playing goes on.
  const isAnswer = (sent) => Boolean(sent) && sent.base === edits.base && sent.applied > edits.applied;

  const offer = (wish) => {
    if (EDITS.includes(wish.kind)) { done.push("points"); undone = []; }
    queue.offer(wish);
    stage.show(withEdits());
    show();
  };

  const isEditing = () => EDITS.includes(tool);

  const say = (key, values) => { message.hidden = false; message.textContent = fill(stage.data().labels[key], values); };
  const hint = () => {
    if (!isEditing()) message.hidden = true;
    else {
      say(`hint_${tool}`, { name: stage.data().names[label] });
      message.prepend(element("b", {}, `${stage.data().labels[`tool_${tool}`]}: `)); // the tools are icons: here is the name
    }
  };

  const show = () => {
    const { names, colors, labels } = stage.data();
    palette.show({ tool, label, names, colors, labels, undo: canUndo(), redo: canRedo(), clear: pointsUndo(), withHand: !isNetwork(confirmed) });
    canvas.classList.toggle("drawing", tool === "add" || tool === "erase");
    canvas.setAttribute("role", isEditing() ? "application" : "img");
    stage.note({ tool, points: String(stage.run()?.n ?? 0), edits: String(edits.undo), waiting: String(queue.waiting().length) });
    placeCross();
  };

  const choose = (name) => {
    putDown();
    tool = name;
    stage.chosen(name);
    hint();
    show();
  };

  // Points and weights are taken back in the order in which they were changed here; before that, points first.
  const act = (kind) => {
    putDown();
    const [from, to] = kind === "redo" ? [undone, done] : [done, undone];
    const hands = kind === "clear" ? 0 : stage.hands()[kind === "undo" ? 0 : 1];
    const ofPoints = kind === "clear" || (kind === "undo" ? pointsUndo() : edits.redo > 0);
    const last = from.pop();
    const what = hands && (last === "hand" || !ofPoints) ? "hand" : "points";
    if (kind === "clear") done = undone = [];
    else to.push(what);
    if (what === "hand") stage.byHand(kind);
    else offer({ kind, drag: 0 });
    hint();
  };
  const changedByHand = () => { done.push("hand"); undone = []; };

  // --- what the tools do at a place of the canvas
  const clean = ([u, v]) => {
    const plane = stage.plane();
    return tidyInside(plane, ...plane.toData(u, v));
  };
  const isOnStage = ([u, v]) => { const { width, height } = stage.plane(); return u >= 0 && v >= 0 && u <= width && v <= height; };
  const pointAt = (place, within) => {
    const i = stage.nearest(...place, within);
    return i < 0 ? -1 : stage.run().ids[i];
  };
  const placeOf = (id) => { const i = stage.run().ids.indexOf(id); return [stage.run().x[2 * i], stage.run().x[2 * i + 1]]; };

  // A drag that leaves the stage makes no points there.
  const add = (place) => {
    if (!isOnStage(place)) return;
    if (stage.run().n >= edits.limit) { say("full", { limit: edits.limit }); return; }
    offer({ kind: "add", drag, label, places: clean(place) });
  };
  const erase = (place, within = DISTANCES.erase) => {
    const id = pointAt(place, within);
    if (id >= 0) offer({ kind: "erase", drag, points: [id] });
    return id >= 0;
  };
  const pickUp = (place, within) => {
    carried = pointAt(place, within);
    if (carried < 0) return;
    from = placeOf(carried);
    drag += 1;
  };
  const carry = (place) => { if (carried >= 0) offer({ kind: "move", drag, point: carried, places: clean(place) }); };
  const putDown = () => { carried = -1; };
  const takeBack = () => {
    const id = carried;
    putDown();
    offer({ kind: "move", drag, point: id, places: from });
  };

  // A press that stays where it is: it picks a point up, or puts the one that was picked up here.
  const click = (place) => {
    if (carriedBefore >= 0) {
      carry(place);
      putDown();
      say("put_down", {});
    } else if (carried >= 0) {
      cursor = placeOf(carried);
      say("picked_up", {});
    }
  };

  const begin = (place) => {
    last = { time: performance.now(), place };
    if (tool === "add") { drag += 1; add(place); }
    if (tool === "erase") { drag += 1; erase(place); }
    if (tool === "move" && carried < 0) pickUp(place, DISTANCES.move);
  };
  const go = (place) => {
    if (tool === "move") carry(place);
    if (tool === "erase") erase(place);
    if (tool !== "add") return;
    const now = performance.now();
    if (now - last.time < SPRAY.pause || Math.hypot(place[0] - last.place[0], place[1] - last.place[1]) < SPRAY.travel) return;
    last = { time: now, place };
    // Even over a disc, so that a slow drag does not draw a line.
    const [turn, radius] = [2 * Math.PI * Math.random(), SPRAY.radius * Math.sqrt(Math.random())];
    add([place[0] + radius * Math.cos(turn), place[1] + radius * Math.sin(turn)]);
  };

  // --- pointer and touch
  const at = (event) => [event.offsetX, event.offsetY];
  let isPressed = false;
  let pressedAt = null; // where a press began, until it has become a drag
  const release = () => {
    isPressed = false;
    if (tool === "move" && pressedAt) click(pressedAt);
    else putDown();
    pressedAt = null;
    show();
  };
  // A finger that holds Add or Erase draws; one that moves a point takes it only where there is one, elsewhere it scrolls.
  listenToPresses(canvas, {
    keepsFocus: true, upDown: true,
    wants: (event) => isEditing() && (tool !== "move" || carried >= 0 || stage.nearest(...at(event), DISTANCES.move) >= 0),
    atOnce: () => tool !== "move",
    begin: (event) => {
      isPressed = true;
      cross.hidden = true;
      const before = done.length;
      pressedAt = at(event);
      carriedBefore = carried;
      begin(pressedAt);
      return () => {
        if (done.length > before) act("undo");
        pressedAt = null;
        release();
      };
    },
    move: (event) => {
      if (tool === "move" && pressedAt && Math.hypot(at(event)[0] - pressedAt[0], at(event)[1] - pressedAt[1]) <= DISTANCES.still) return;
      pressedAt = null;
      go(at(event));
    },
    end: release,
  });

  // --- keyboard
  const place = () => stage.plane().toCanvas(...(cursor ?? centre()));
  const centre = () => { const [x0, x1, y0, y1] = stage.data().box; return [(x0 + x1) / 2, (y0 + y1) / 2]; };
  const placeCross = () => {
    cross.hidden = !cursor || !isEditing() || !stage.plane();
    if (cross.hidden) return;
    const [u, v] = place(), { width, height } = stage.plane();
    Object.assign(cross.style, { left: `${(100 * u) / width}%`, top: `${(100 * v) / height}%` });
  };
  const steer = (dx, dy) => {
    const { width, height, toData } = stage.plane();
    const [u, v] = place();
    const to = [Math.min(width, Math.max(0, u + dx)), Math.min(height, Math.max(0, v + dy))];
    cursor = toData(...to);
    placeCross();
    if (carried >= 0) carry(to);
  };
  const press = () => {
    cursor ??= centre();
    if (tool === "move" && carried >= 0) { putDown(); say("put_down", {}); show(); return; }
    if (tool === "add") { drag += 1; add(place()); say("added", { name: stage.data().names[label], points: stage.run().n }); }
    if (tool === "erase") { drag += 1; say(erase(place(), DISTANCES.pick) ? "erased" : "nothing_near", { points: stage.run().n }); }
    if (tool === "move") { pickUp(place(), DISTANCES.pick); if (carried >= 0) cursor = placeOf(carried); say(carried >= 0 ? "picked_up" : "nothing_near", {}); }
    placeCross();
  };

  canvas.addEventListener("keydown", (event) => {
    if (!isEditing() || withModifier(event)) return;
    const size = event.shiftKey ? 5 * STEP : STEP;
    if (ARROWS[event.key]) steer(ARROWS[event.key][0] * size, -ARROWS[event.key][1] * size);
    else if (event.key === "Enter" || event.key === " ") press();
    else if (event.key === "Escape") { if (carried >= 0) takeBack(); else choose("inspect"); }
    else if (tool === "add" && /^\d$/.test(event.key) && Number(event.key) < stage.data().names.length) { label = Number(event.key); show(); hint(); }
    else return;
    event.preventDefault();
    event.stopPropagation(); // the transport would take arrows and Space for itself
  });
  canvas.addEventListener("focus", () => { if (isEditing() && !isPressed) { cursor ??= centre(); placeCross(); } });
  canvas.addEventListener("blur", () => { cross.hidden = true; });
  // Control Z and Control Y, wherever the focus is on the stage.
  const undoByKey = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest("input, select")) return;
    const key = event.key.toLowerCase();
    const kind = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
    if (!kind) return;
    event.preventDefault();
    if (kind === "undo" ? canUndo() : canRedo()) act(kind);
  };

  return { box: palette.box, overlay: [cross, message], undoByKey, take, isAnswer, show, choose, changedByHand, tool: () => tool, cancel: queue.cancel };
}
