// Why the border moves: a line below the stage, with the numbers of the step that comes next.
import { element, fill, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { rich } from "../shared/rich.js";
import { weightsAt } from "./run.js";
import { plainRate } from "./story.js";

// say(key) returns a translated sentence.
export function createWhy(say) {
  const pull = element("span", { class: "pull" }, "−(", math("p"), " − ", math("y"), ") ", math("x"));
  const law = element("span", { class: "law" }), now = element("span", { class: "now" });
  const node = element("p", { class: "why" }, law, now);
  const written = new Map(); // what stands in each of the two
  let [run, rates] = [null, []]; // of each step that was shown: the rate that leads to the next one, or null

  const rateAt = (step) => {
    if (rates[step] === undefined) rates[step] = step < run.steps ? plainRate(weightsAt(run, step), weightsAt(run, step + 1)) : null;
    return rates[step];
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

  // edited: weights that were changed by hand and lead to no step yet. silent: the numbers would give an answer away.
  const show = (shown, step, { names, objective }, edited, silent) => {
    if (shown !== run) [run, rates] = [shown, []];
    write(law, say("why"), {});
    if (silent) return write(now, "", {});
    const { K, m, gradW } = edited ?? weightsAt(run, step);
    const most = gradW.reduce((size, g) => Math.max(size, Math.abs(g)), 0);
    const part = (g) => readable(Math.abs(g) < 1e-6 * most ? 0 : -g);
    const rate = edited ? null : rateAt(step);
    return write(now, say(`why_${rate === null ? "here" : "step"}${objective.l2 ? "_less" : ""}`), {
      name: names[0], rate: rate === null ? "" : String(Number(rate.toPrecision(3))),
      arrow: `(${part(gradW[0])}, ${part(gradW[K])}${m > 2 ? ", …" : ""})`,
    });
  };
  return { node, show };
}
