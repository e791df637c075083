// Why the border moves: a line below the stage, with the numbers of the step that comes next.
import { element, fill, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { rich } from "../shared/markup.js";
import { weightsAt } from "./run.js";
import { turnOfBorders } from "./plane.js";
import { plainRate } from "./story.js";

const TURNED = 0.5; // degrees in a step: a border that turns less seems to rest
const TURNS = 2; // degrees from here to the end of the run: many small turns are one that is seen
const GROWS = 1e-5; // by this share at least in a step: at its optimum a model gets no surer
const DUST = 1e-15; // what rounding leaves of a mean that cancels
const PLAIN_RATE = 0.1; // a learning rate: with a tiny one nothing turns, though the pulls are far from balance

// The squared length of all w_j - w_k: the longer, the surer the model.
function sureness({ K, m, W }) {
  let sum = 0;
  for (let i = 0; i < m; i++) for (let j = 0; j < K; j++) for (let k = 0; k < j; k++) sum += (W[i * K + j] - W[i * K + k]) ** 2;
  return sum;
}

// Whether training hardly does more than make the model surer: no border turns, neither by this step, nor by plain gradient
// descent from here, nor in what is left of the run.
export function onlySurer(before, after, end) {
  const { K, m, W, b, gradW, gradb } = before;
  const plain = { K, m, W: W.map((w, i) => w - PLAIN_RATE * gradW[i]), b: b.map((w, i) => w - PLAIN_RATE * gradb[i]) };
  const inStep = Math.max(turnOfBorders(before, after), turnOfBorders(before, plain));
  return sureness(after) > (1 + GROWS) * sureness(before) && inStep < TURNED && turnOfBorders(before, end) < TURNS;
}

// say(key) returns a translated sentence.
export function createWhy(say) {
  const pull = element("span", { class: "pull" }, "−(", math("p"), " − ", math("y"), ") ", math("x"));
  const law = element("span", { class: "law" }), now = element("span", { class: "now" });
  const node = element("p", { class: "why" }, law, now);
  const written = new Map(); // what stands in each of the two
  let [run, rates, rests] = [null, [], []]; // of each step that was shown: the rate that leads to the next one, or null; whether the border rests

  const rateAt = (step) => {
    if (rates[step] === undefined) rates[step] = step < run.steps ? plainRate(weightsAt(run, step), weightsAt(run, step + 1)) : null;
    return rates[step];
  };
  // At the end of the run it is the last step that is asked.
  const restsAt = (step) => {
    const from = Math.min(step, run.steps - 1);
    if (rests[step] === undefined) rests[step] = from >= 0 && onlySurer(...[from, from + 1, run.steps].map((at) => weightsAt(run, at)));
    return rests[step];
  };

  // The values are filled in last: the name of a class is a text of the learner's.
  const write = (line, sentence, values) => {
    const text = JSON.stringify([sentence, values]);
    if (written.get(line) === text) return;
    written.set(line, text);
    line.replaceChildren(...rich(sentence).flatMap((part) => {
      if (typeof part !== "string") return [part];
      const [before, after] = part.split("{pull}");
      return after === undefined ? [fill(part, values)] : [before, pull, after];
    }));
  };

  // edited: weights that were changed by hand and lead to no step yet. waits: the numbers would give an answer away.
  const show = (shown, step, { names, objective }, edited, waits) => {
    if (shown !== run) [run, rates, rests] = [shown, [], []];
    write(law, say("why"), {});
    node.classList.toggle("waits", waits);
    if (waits) return write(now, say("waits"), {});
    if (!edited && say("why_rests") && restsAt(step)) return write(now, say("why_rests"), {});
    const { K, m, gradW } = edited ?? weightsAt(run, step);
    const most = gradW.reduce((size, g) => Math.max(size, Math.abs(g)), 0);
    const part = (g) => readable(Math.abs(g) < Math.max(1e-6 * most, DUST) ? 0 : -g);
    const rate = edited ? null : rateAt(step);
    return write(now, say(`why_${rate === null ? "here" : "step"}${objective.l2 ? "_less" : ""}`), {
      name: names[0], rate: rate === null ? "" : String(Number(rate.toPrecision(3))),
      arrow: `(${part(gradW[0])}, ${part(gradW[K])}${m > 2 ? ", …" : ""})`,
    });
  };
  return { node, show };
}
