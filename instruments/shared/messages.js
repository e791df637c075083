// Messages to Python while a hand moves: never more of them than Python and the page can answer.

export const LONGEST_ANSWER = 4000; // milliseconds for an answer: a script that was stopped may give none, and a line that is cut none for long
const SOON = 100; // milliseconds in which a server that is free has answered
const LATE_TIMES = 3; // so many times as long as an answer was late a hand rests
const LONGEST_REST = 3000; // milliseconds after an answer that came late
const FRAME_TIME = 17; // milliseconds of a frame
const LATE_FRAME = 25; // a frame that took longer than this was late
export const WHILE_IT_PLAYS = { first: 4000, shortest: 2000, longest: 8000, share: 0.02 };

// Calls act() when Python has answered what is sent now, and returns what ends the waiting; null, without a call, where no Python
// is, as in a film. An instrument is not handed data that are equal, so the end of the script is the answer. Streamlit says on
// its own element whether the script runs; of a run that takes a moment it says nothing, so the page tells of it too (address.js).
function afterAnswer(act) {
  const app = document.querySelector("[data-test-script-state]");
  if (!app) return null;
  const runs = () => app.dataset.testScriptState === "running";
  let ran = runs();
  const end = () => { watch.disconnect(); clearTimeout(timer); window.removeEventListener("lab-answer", answered); };
  const answered = () => { end(); act(); };
  const watch = new MutationObserver(() => {
    if (ran && !runs()) answered();
    ran ||= runs();
  });
  watch.observe(app, { attributeFilter: ["data-test-script-state"] });
  window.addEventListener("lab-answer", answered);
  const timer = setTimeout(answered, LONGEST_ANSWER);
  return end;
}

// Calls send(value) at once; then, always with the last value, when the answer has come and a pause has passed: `shortest`
// milliseconds, or up to `longest`, so that the frames which answers cost (charts, above all) are at most `share` of the time; and
// after an answer that came late three times as long as it was late.
// For what is sent to nobody who answers, `answer` is a function that returns null.
export function throttle(send, { answer = afterAnswer, ...usual } = {}) {
  let timer = 0; // runs until the pause is over
  let stop = null; // ends the wait for the answer
  let waiting = false;
  let latest;
  let present, shortest, longest, share, rest;
  let cost = null; // of the last message, until it has decided about the pause: { began, lost, frames }
  const watch = () => {
    const own = cost;
    let before = own.began;
    const count = (time) => {
      const took = time - before;
      own.lost += took > LATE_FRAME ? took - FRAME_TIME : 0;
      own.frames += 1;
      before = time;
      if (cost === own) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  };
  const end = () => {
    clearTimeout(timer);
    stop?.();
    [timer, stop, waiting, cost] = [0, null, false, null];
  };
  const pause = (time) => {
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; next(); }, time);
  };
  // What the last message cost makes the pause after it longer, or those after the next ones shorter.
  const settle = () => {
    const { began, lost, frames } = cost;
    cost = null;
    if (frames <= 2) return;
    rest = Math.max(shortest, Math.min(longest, (rest + lost / share) / 2));
    const left = began + rest - performance.now();
    if (left > 0) pause(left);
  };
  const leave = () => {
    end();
    const began = performance.now();
    pause(rest);
    stop = answer(() => {
      stop = null;
      // A server with many at it answers late: it is asked less often, so that whoever lets go of something waits for few.
      const took = performance.now() - began;
      pause(Math.max(rest - took, Math.min(LATE_TIMES * (took - SOON), LONGEST_REST)));
    });
    cost = longest > shortest ? { began, lost: 0, frames: 0 } : null;
    if (cost) watch();
    send(latest);
  };
  const next = () => {
    if (timer || stop) return;
    if (cost) settle();
    if (waiting && !timer) leave();
  };
  const offer = (value) => {
    latest = value;
    waiting = true;
    next();
  };
  // With other pauses from now on: the pause of before is over and what waited is older, but what is under way is still to be answered.
  // A pace with a `first` pause begins with it: a run that has just begun to play has nothing new to tell.
  offer.at = (pace = usual) => {
    if (pace === present) return;
    present = pace;
    ({ shortest = 100, longest = 500, share = 0.07 } = pace);
    rest = pace.first || shortest;
    clearTimeout(timer);
    [timer, waiting, cost] = [0, false, null];
    if (pace.first) pause(rest);
  };
  offer.at();
  offer.now = () => { if (waiting) leave(); }; // what the hand lets go of does not wait
  offer.cancel = end;
  return offer;
}
