// Play, pause, step, restart, speed: what moves the playhead. Nothing of softmax in this file.
import { element, icon } from "../shared/live.js";
import { withModifier } from "../shared/press.js";

const KEY_ICONS = {
  restart: "M6 5h2v14H6zM19 5v14L9 12z", back: "M15 5v14L4 12zM17 5h2v14h-2z", play: "M7 4.5v15l12-7.5z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z", forward: "M9 5v14l11-7zM5 5h2v14H5z",
};

const PRESSED_BY = { back: "ArrowLeft", play: "Space", forward: "ArrowRight" }; // when the page is presented, see ui/frame/present.js

// goTo(step) shows a step; steps() counts them; speed() is { steps, per } with per "second", and steps null for the whole run at
// once, or per "change" for the seconds of pace(); changed() is called when playing begins or ends. pace() gives the seconds of
// every step, as createPace makes them; without it "change" is no speed. As long as may() is false the playhead stays at 0.
export function createTransport({ goTo, step, steps, speed, pace = () => [], changed, may = () => true }) {
  let playing = false;
  let frame = 0;
  let before = 0;
  let owed = 0; // steps, or seconds where the pace counts these

  // How many steps are due, and what they take away from what is owed. A step belongs to the frame that is nearest to its time: at as
  // many steps a second as the screen has frames each frame then has one, however unevenly the clock counts them.
  const due = (rate, seconds) => {
    const left = steps() - step();
    if (rate.per === "second") {
      owed += rate.steps === null ? Infinity : seconds * rate.steps;
      return [Math.min(Math.floor(owed + Math.min(0.5, (seconds * rate.steps) / 2)), left), 1];
    }
    owed += seconds;
    let count = 0, price = 0;
    while (count < left && price + pace()[step() + count + 1] <= owed) price += pace()[step() + ++count];
    return [count, count && price / count];
  };

  const tick = (time) => {
    // In a busy browser the time of a frame can lie before the click that asked for it.
    const seconds = Math.min(0.25, Math.max(0, (time - before) / 1000));
    before = time;
    const [count, price] = due(speed(), seconds);
    if (count > 0) {
      owed = owed === Infinity ? 0 : owed - count * price;
      goTo(step() + count);
    }
    if (step() >= steps()) pause();
    else if (playing) frame = requestAnimationFrame(tick);
  };
  const play = () => {
    if (playing || !steps() || !may()) return;
    if (step() >= steps()) goTo(0);
    playing = true;
    owed = 0;
    before = performance.now();
    changed();
    frame = requestAnimationFrame(tick);
  };
  const pause = () => {
    if (!playing) return;
    playing = false;
    cancelAnimationFrame(frame);
    changed();
  };
  const to = (wanted) => { pause(); goTo(may() ? Math.max(0, Math.min(steps(), wanted)) : 0); };
  return {
    play, pause, to, may, isPlaying: () => playing, toggle: () => (playing ? pause() : play()),
    forward: () => to(step() + 1), back: () => to(step() - 1), restart: () => to(0), end: () => to(steps()),
  };
}

export function transportButtons(transport) {
  const acts = { restart: transport.restart, back: transport.back, play: transport.toggle, forward: transport.forward };
  const keys = Object.entries(acts).map(([name, onclick]) =>
    [name, element("button", { class: `key ${name}`, type: "button", "data-key": PRESSED_BY[name] ?? null, onclick }, icon(KEY_ICONS[name]))]);
  const show = (say) => keys.forEach(([name, key]) => {
    const now = name === "play" && transport.isPlaying() ? "pause" : name;
    if (name === "play") key.replaceChildren(icon(KEY_ICONS[now]));
    key.setAttribute("aria-label", say(now));
    key.disabled = !transport.may();
    key.title = say(transport.may() ? now : "waits");
  });
  return { box: element("div", { class: "keys" }, ...keys.map(([, key]) => key)), show };
}

// Space, arrows, Home and End, wherever the focus is on the stage, but not while something is typed or chosen.
export function listenToKeys(root, transport) {
  root.addEventListener("keydown", (event) => {
    if (withModifier(event) || event.target.closest("select, input")) return;
    if (event.key === " " && event.target.closest("button")) return;
    const act = {
      " ": transport.toggle, ArrowRight: transport.forward, ArrowLeft: transport.back, Home: transport.restart, End: transport.end,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
