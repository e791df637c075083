// Why the border moves: a line below the stage, with the numbers of the step that comes next.
import { element, math, writeText } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { weightsAt } from "./run.js";
import { plainRate } from "./story.js";

// say(key, values) fills a translated sentence.
export function createWhy(say) {
  const pull = element("span", { class: "pull" }, "−(", math("p"), " − ", math("y"), ") ", math("x"));
  const law = element("span", { class: "law" }), now = element("span", { class: "now" });
  const node = element("p", { class: "why" }, law, now);
  let [run, rates] = [null, []]; // of each step that was shown: the rate that leads to the next one, or null

  const rateAt = (step) => {
    if (rates[step] === undefined) rates[step] = step < run.steps ? plainRate(weightsAt(run, step), weightsAt(run, step + 1)) : null;
    return rates[step];
  };

  // edited: weights that were changed by hand and lead to no step yet. silent: the numbers would give an answer away.
  const show = (shown, step, { names, objective }, edited, silent) => {
    if (shown !== run) [run, rates] = [shown, []];
    const told = say("why");
    if (told !== law.dataset.of) {
      const [before, after] = told.split("{pull}");
      law.replaceChildren(before, pull, after);
      law.dataset.of = told;
    }
    if (silent) return writeText(now, "");
    const { K, m, gradW } = edited ?? weightsAt(run, step);
    const most = gradW.reduce((size, g) => Math.max(size, Math.abs(g)), 0);
    const part = (g) => readable(Math.abs(g) < 1e-6 * most ? 0 : -g);
    const rate = edited ? null : rateAt(step);
    writeText(now, say(`why_${rate === null ? "here" : "step"}${objective.l2 ? "_less" : ""}`, {
      name: names[0], rate: rate === null ? "" : String(Number(rate.toPrecision(3))),
      arrow: `(${part(gradW[0])}, ${part(gradW[K])}${m > 2 ? ", …" : ""})`,
    }));
  };
  return { node, show };
}
