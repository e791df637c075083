// The sum that makes one logit, term by term: that of the class under the hand, else that of the winner.
import { element, math, writeAttribute, writeText } from "../shared/live.js";
import { readable, signed } from "../shared/numbers.js";
import { entry, isLit } from "./state.js";


// rows: the inputs, the last is the bias. touched([i, k]) says which term is under the pointer or has the focus, touched(null)
// that none is. One Tab leads to the terms, the arrow keys from one to the next and from class to class.
export function createSum(rows, touched) {
  let shownClass = 0;
  let classes = 1;
  const terms = rows.map((i) => {
    const term = element("span", { class: "term", tabindex: i ? "-1" : "0" });
    for (const name of ["pointerenter", "focus"]) term.addEventListener(name, () => touched([i, shownClass]));
    for (const name of ["pointerleave", "blur"]) term.addEventListener(name, () => touched(null));
    term.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const turn = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (way) go(i, Math.max(0, Math.min(rows.length - 1, i + way)));
      else if (turn) touched([i, (shownClass + turn + classes) % classes]);
      else return;
      event.preventDefault();
    });
    return term;
  });
  const go = (from, to) => {
    writeAttribute(terms[from], "tabindex", "-1");
    writeAttribute(terms[to], "tabindex", "0");
    terms[to].focus({ preventScroll: true });
  };
  const name = element("sub");
  const total = element("b");
  const root = element("p", { class: "explain", role: "group" }, math("z"), name, " = ",
    ...terms.flatMap((term, at) => (at ? [" + ", term] : [term])), " = ", total);

  const paint = ({ state, logits, active, k, names, label, hidden }) => {
    shownClass = k;
    classes = names.length;
    writeAttribute(root, "aria-label", label);
    terms.forEach((term, i) => {
      writeText(term, i < state.x.length ? `${readable(state.x[i], 2)}·${signed(entry(state, i, k))}` : signed(state.b[k]));
      term.classList.toggle("active", isLit(active, i, k) && !(active[0] === null));
    });
    writeText(name, names[k]);
    writeText(total, hidden ? "?" : readable(logits[k], 2));
  };
  return { root, paint };
}
