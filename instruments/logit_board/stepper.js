// The way from scores to shares: buttons for its steps, and the formula with the part lit that the step or the hand is at.
import { element, math, writeAttribute } from "../shared/live.js";
import { ALL_COLUMNS, EXPONENTIALS, SCORES, SHARES } from "./state.js";

const power = (index) => {
  const over = element("span", { class: "over-t" });
  const z = element("span", { class: "part z" }, math("z"), element("sub", {}, math(index)));
  return { node: element("span", { class: "part e" }, math("e"), element("sup", {}, z, over)), over };
};

// say(key); choose(step). paint({ step, least, temperature }): steps below `least` cannot be chosen, because a panel needs more.
export function createStepper({ say, choose }) {
  const nav = element("nav", { class: "way" });
  const buttons = new Map();
  for (const step of [SCORES, EXPONENTIALS, SHARES]) {
    const button = element("button", { type: "button", class: "tool step", onclick: () => choose(step) });
    buttons.set(step, button);
    nav.append(...(step > SCORES ? [element("span", { class: "to", "aria-hidden": "true" }, "→")] : []), button);
  }
  const input = element("input", { type: "checkbox", onchange: () => choose(input.checked ? ALL_COLUMNS : SHARES) });
  const text = element("span", {});
  const [top, under] = [power("i"), power("j")];
  const sum = element("span", { class: "part sum" }, element("span", { class: "sigma" }, "Σ", element("sub", {}, math("j"))), " ", under.node);
  const formula = element("p", { class: "formula", role: "math", "aria-label": "softmax(z)_i = e^(z_i) / Σ_j e^(z_j)" },
    "softmax(", math("z"), ")", element("sub", {}, math("i")), " = ",
    element("span", { class: "fraction" }, element("span", { class: "top" }, top.node), element("span", { class: "under" }, sum)));

  nav.append(formula, element("label", { class: "all" }, input, text));

  let step = SCORES;
  // lit: the step whose part of the formula is lit; null for the one that is shown.
  const light = (lit = null) => writeAttribute(formula, "data-lit", Math.min(lit ?? step, SHARES));
  const paint = (now) => {
    step = now.step;
    for (const [place, button] of buttons) {
      writeAttribute(button, "aria-current", place === step ? "step" : "false");
      button.classList.toggle("next", place === step + 1);
      button.disabled = place < now.least;
      button.dataset.key = { [step - 1]: "ArrowLeft", [step + 1]: "ArrowRight" }[place] ?? "";
      writeAttribute(button, "title", button.disabled ? say("step_needed") : "");
    }
    input.checked = step === ALL_COLUMNS;
    const over = now.temperature === 1 ? "" : " / T";
    for (const { over: node } of [top, under]) if (node.textContent !== over) node.textContent = over;
    light();
  };
  const write = () => {
    buttons.get(SCORES).replaceChildren("1 ", say("step_z"), " ", math("z"));
    buttons.get(EXPONENTIALS).replaceChildren("2 ", math("e"), element("sup", {}, math("z")));
    buttons.get(SHARES).replaceChildren("3 ", say("step_p"), " ", math("p"));
    text.textContent = say("all_columns");
    nav.setAttribute("aria-label", say("steps"));
  };
  return { nav, paint, write, light };
}
