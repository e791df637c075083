// Messages to Python while a hand moves: never more of them than Python and the page can answer.

export const LONGEST_ANSWER = 4000; // milliseconds for an answer: a script that was stopped may give none, and a line that is cut none for long
const SOON = 100; // milliseconds in which a server that is free has answered
const LATE_TIMES = 3; // so many times as long as an answer was late a hand rests
const LONGEST_REST = 3000; // milliseconds after an answer that came late
const FRAME_TIME = 17; // milliseconds of a frame
const LATE_FRAME = 25; // a frame that took longer than this was late
export const WHILE_IT_PLAYS = { shortest: 2000, longest: 8000, share: 0.02 };

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
  let sent = 0; // counts messages: what is measured for one ends when the next leaves
  const watch = () => {
    const message = sent;
    let lost = 0, frames = 0, before = performance.now();
    const count = (time) => {
      const took = time - before;
      lost += took > LATE_FRAME ? took - FRAME_TIME : 0;
      before = time;
      frames += 1;
      if ((timer || stop) && sent === message) requestAnimationFrame(count);
      else if (frames > 2) rest = Math.max(shortest, Math.min(longest, (rest + lost / share) / 2));
    };
    requestAnimationFrame(count);
  };
  const end = () => {
    clearTimeout(timer);
    stop?.();
    [timer, stop, waiting] = [0, null, false];
  };
  const leave = () => {
    end();
    const began = performance.now();
    const pause = (time) => {
      clearTimeout(timer);
      timer = setTimeout(() => { timer = 0; next(); }, time);
    };
    pause(rest);
    stop = answer(() => {
      stop = null;
      // A server with many at it answers late: it is asked less often, so that whoever lets go of something waits for few.
      const took = performance.now() - began;
      pause(Math.max(rest - took, Math.min(LATE_TIMES * (took - SOON), LONGEST_REST)));
    });
    sent += 1;
    if (longest > shortest) watch();
    send(latest);
  };
  const next = () => { if (waiting && !timer && !stop) leave(); };
  const offer = (value) => {
    latest = value;
    waiting = true;
    next();
  };
  // With other pauses from now on: the pause of before is over and what waited is older, but what is under way is still to be answered.
  offer.at = (pace = usual) => {
    if (pace === present) return;
    present = pace;
    ({ shortest = 100, longest = 500, share = 0.07 } = pace);
    rest = shortest;
    clearTimeout(timer);
    [timer, waiting] = [0, false];
  };
  offer.at();
  offer.now = () => { if (waiting) leave(); }; // what the hand lets go of does not wait
  offer.cancel = end;
  return offer;
}
