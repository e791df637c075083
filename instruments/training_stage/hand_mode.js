// Weights by hand on the stage: handles under the pointer and a table; Python hears of them when the hand lets go.
import { element } from "../shared/live.js";
import { evaluate, grabbed, handles, moved, paintHandles, rowsOf, withWeight } from "./weight_editor.js";
import { hasVectors } from "./vectors.js";
import { createWeightTable } from "./weight_table.js";

export function createHandMode(stage) {
  let on = false;
  let own = null; // weights in the hand, with their loss and gradient, until Python has answered
  let handle = null;
  let playNext = false;

  const weights = () => own ?? stage.weightsHere();
  const hold = (changed) => {
    stage.transport.pause();
    own = evaluate(stage.run, changed, stage.data.objective);
    stage.repaint();
  };
  const settled = () => {
    if (own) stage.tellHand({ step: stage.view.step, rows: rowsOf(own), id: `${Date.now()}`, revision: stage.revision });
  };

  const { table, show } = createWeightTable({ changed: (j, k, value) => hold(withWeight(weights(), j, k, value)), settled });
  const button = element("button", { class: "tool hand", type: "button", "aria-pressed": "false", onclick: () => toggle() });
  const play = element("button", { class: "tool", type: "button", onclick: () => playFromHere() });
  const hint = element("span");
  const box = element("div", { class: "by-hand", hidden: true }, element("div", { class: "bar" }, hint, play), element("div", { class: "scroll" }, table));

  const toggle = () => {
    on = !on;
    if (on && !stage.view.length) stage.change({ length: 1 });
    if (on) stage.tools.choose("inspect");
    stage.canvas.classList.toggle("hand", on);
    box.hidden = !on;
    button.setAttribute("aria-pressed", String(on));
    stage.repaint();
  };
  // What was let go a moment ago is still with Python: the new run plays as soon as it is here.
  const playFromHere = () => {
    toggle();
    playNext = Boolean(own);
    if (!playNext) stage.transport.play();
  };

  const place = (event) => [event.offsetX, event.offsetY];
  const press = (event) => {
    if (!on) return;
    handle = grabbed(handles(stage.painter, weights(), stage.view.length), ...place(event));
    if (!handle) return;
    stage.canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  const drag = (event) => {
    if (handle) hold(moved(weights(), handle, ...place(event), stage.painter, stage.view.length || 1));
  };
  const release = () => {
    if (handle) settled();
    handle = null;
  };

  // From the next step on the run goes its own way again.
  const drop = () => { own = null; };
  const answered = () => {
    if (playNext) stage.transport.play();
    playNext = false;
  };
  const writeTexts = () => {
    button.textContent = stage.say("hand");
    hint.textContent = stage.say(hasVectors(stage.run) ? "hand_hint" : "hand_hint_table");
    play.textContent = stage.say("play_from_here");
  };
  const paint = (over, at) => { if (on) paintHandles(over, handles(stage.painter, at, stage.view.length), stage.ink); };
  // Hundreds of fields that change with every frame would cost the playing run its frames.
  const showTable = () => {
    if (!on || stage.transport.isPlaying()) return;
    play.disabled = stage.view.step >= stage.run.steps;
    show(weights(), stage.data);
  };
  const listen = (canvas) => {
    for (const [type, act] of Object.entries({ pointerdown: press, pointermove: drag, pointerup: release, pointercancel: release })) canvas.addEventListener(type, act);
  };
  return { box, button, listen, toggle, drop, answered, writeTexts, paint, showTable, isOn: () => on, own: () => own };
}
