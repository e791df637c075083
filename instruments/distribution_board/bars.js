// H(P), KL and H(P, Q) as stacked bars over one axis: the two bars are always equally long.
import { element, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";

export function createBars(board) {
  const bars = { sum: createBar(), cross: createBar(), back: createBar() };
  const labels = { sum: element("span"), cross: element("span"), back: element("span") };
  const line = (name) => element("div", { class: `line ${name}` }, labels[name], bars[name].node, bars[name].total);
  const note = element("p", { class: "equal" });
  const root = element("div", { class: "bars" }, line("sum"), line("cross"), note, line("back"));
  const of = (a, b) => ["(", math(a), ...(b ? [", ", math(b)] : []), ")"];
  const kl = (a, b) => [element("span", { class: "gapname" }, "KL"), "(", math(a), " ‖ ", math(b), ")"];
  labels.sum.append(math("H"), ...of("P"), " + ", ...kl("P", "Q"));
  labels.cross.append(math("H"), ...of("P", "Q"));
  labels.back.append(math("H"), ...of("Q"), " + ", ...kl("Q", "P"));

  const paint = (now) => {
    const { limit } = now;
    bars.sum.paint(now.own, now.kl, limit);
    bars.cross.paint(now.costs, 0, limit);
    bars.back.paint(now.ownBack, now.back, limit);
    note.replaceChildren(`${readable(now.entropy)} + ${readable(now.kl)} = ${readable(now.cross)}. `,
      board.say(Number.isFinite(now.kl) ? "bars" : "forbidden"));
  };
  return { root, paint };
}

// A bar of one segment per symbol, and a hatched one for the divergence behind them.
function createBar() {
  const node = element("div", { class: "stack" });
  const total = element("span", { class: "number" });
  const gap = element("div", { class: "segment gap-segment" });
  let segments = [];
  const paint = (parts, extra, limit) => {
    while (segments.length > parts.length) segments.pop().remove();
    while (segments.length < parts.length) {
      const next = element("div", { class: "segment" });
      next.style.background = `var(--class-${segments.length})`;
      segments.push(next);
    }
    node.replaceChildren(...segments, gap);
    parts.forEach((part, k) => { segments[k].style.width = `${widthOf(part, limit)}%`; });
    gap.style.width = `${widthOf(extra, limit)}%`;
    const sum = parts.reduce((a, b) => a + b, extra);
    node.classList.toggle("endless", !Number.isFinite(sum));
    total.textContent = readable(sum);
  };
  return { node, total, paint };
}

const widthOf = (value, limit) => Math.min(100, (100 * value) / limit);
