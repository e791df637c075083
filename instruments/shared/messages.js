// Messages to Python while a hand moves: never more of them than Python and the page can answer.

const SHORTEST_PAUSE = 100; // milliseconds between two messages: ten a second
const LONGEST_PAUSE = 500; // the most between two messages, where Python answers
const LONGEST_ANSWER = 4000; // for an answer: a script that was stopped may give none
const FRAME_TIME = 17; // milliseconds of a frame
const LATE_FRAME = 25; // a frame that took longer than this was late
const ANSWER_SHARE = 0.07; // of the time may go to the answers (charts, above all), so that a drag stays smooth

// Calls act() when Python has answered what is sent now, and returns what ends the waiting; null, without a call, where no Python
// is, as in a film. An instrument is not handed data that are equal, so the end of the script is the answer; Streamlit says on
// its own element whether the script runs.
export function afterAnswer(act) {
  const app = document.querySelector("[data-test-script-state]");
  if (!app) return null;
  const runs = () => app.dataset.testScriptState === "running";
  let ran = runs();
  const end = () => { watch.disconnect(); clearTimeout(timer); };
  const answered = () => { end(); act(); };
  const watch = new MutationObserver(() => {
    if (ran && !runs()) answered();
    ran ||= runs();
  });
  watch.observe(app, { attributeFilter: ["data-test-script-state"] });
  const timer = setTimeout(answered, LONGEST_ANSWER);
  return end;
}

// Calls send(value) at once; then, always with the last value, when the answer has come and `pause` milliseconds have passed.
// Without a given pause it measures how many frames an answer costs, and waits the longer, up to `longest`. For what is sent to
// nobody who answers, `answer` is a function that returns null.
export function throttle(send, { pause = null, longest = LONGEST_PAUSE, answer = afterAnswer } = {}) {
  let timer = 0; // runs until the pause is over
  let stop = null; // ends the wait for the answer
  let waiting = false;
  let latest;
  let rest = pause ?? SHORTEST_PAUSE;
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
      else if (frames > 2) rest = Math.max(SHORTEST_PAUSE, Math.min(longest, (rest + lost / ANSWER_SHARE) / 2));
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
    timer = setTimeout(() => { timer = 0; next(); }, rest);
    stop = answer(() => { stop = null; next(); });
    sent += 1;
    if (pause === null) watch();
    send(latest);
  };
  const next = () => { if (waiting && !timer && !stop) leave(); };
  const offer = (value) => {
    latest = value;
    waiting = true;
    next();
  };
  offer.now = () => { if (waiting) leave(); }; // what the hand lets go of does not wait
  offer.cancel = end;
  return offer;
}
