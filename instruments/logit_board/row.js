// One class of the board: its name, its logit on a track, and what follows from it.
import { createTrack } from "../shared/drag.js";
import { createGuess } from "../shared/guess.js";
import { element, math, writeAttribute } from "../shared/live.js";
import { beyondText, readable, shareText } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";

// The board as a row sees it:
//   color, nameLength, say(key, values)
//   choose(), remove(), rename(text)    class k becomes the true class, goes, gets another name
//   logit                               range(), read(), set(z), hold(on), typed(text)
export function createRow(k, { color, nameLength, say, choose, remove, rename, logit }) {
  const label = element("span", { class: "label" });
  const name = element("button", { class: "name", type: "button", onclick: choose },
    markerPicture(k, color), label);
  const field = element("input", { class: "rename", maxlength: nameLength, spellcheck: "false", onchange: () => rename(field.value) });
  const cross = element("button", { class: "remove", type: "button", onclick: remove }, "×");
  const logitTrack = createTrack({
    ...logit, small: 0.1, large: 1, written: () => String(logit.read()),
    round: (z) => Number(Number(z.toPrecision(12)).toFixed(logit.range()[1] <= 20 ? 2 : 0)),
  }, { fill: "fill", handle: "handle" }, element("div", { class: "zero" }));
  const power = element("sup", {}, document.createTextNode("z"));
  const [exp, expText] = labelled("number exp", math("e"), power);
  exp.setAttribute("role", "cell");
  const guess = element("div", { class: "guess", hidden: true });
  const way = createGuess();
  const bar = element("div", { class: "bar" }, element("div", { class: "amount" }), guess, way.node);
  const [pNumber, pText] = labelled("number", math("p"));
  const [logp, logpText] = labelled("number logp", "log ", math("p"));
  logp.setAttribute("role", "cell");
  const arrow = element("div", { class: "arrow" }, element("div", { class: "middle" }), element("div", { class: "shaft" }));
  const [gap, gapText] = labelled("number", math("p"), "−", math("y"));
  const row = element("div", { class: "row", role: "row", style: `--class-color: ${color}` },
    element("div", { class: "cell who", role: "rowheader" }, name, field, cross),
    element("div", { class: "cell logit", role: "cell" }, logitTrack.track, logitTrack.value),
    exp, element("div", { class: "cell probability", role: "cell" }, bar, pNumber), logp,
    element("div", { class: "cell gap", role: "cell" }, arrow, gap));

  // Writes the numbers of class k; the widths are transforms, which the browser moves without a new layout.
  const paint = (now) => {
    const { values, limit, e, probabilities, logs, gaps, names, editing, covered, plain } = now;
    const part = Math.max(-1, Math.min(1, values[k] / limit));
    const z = readable(values[k], 2);
    const p = covered ? "?" : shareText(probabilities[k]);
    logitTrack.paint(50 + 50 * part, part, values[k], z, say("spoken", { z, p }));
    expText.data = plain ? "?" : readable(e[k]);
    if (power.firstChild.data !== now.power) power.firstChild.data = now.power;
    bar.firstChild.style.transform = `scaleX(${covered ? 0 : probabilities[k]})`;
    pText.data = p;
    guess.hidden = !(k < now.guess.length);
    if (!guess.hidden) guess.style.width = `${100 * now.guess[k]}%`;
    way.paint(now.way?.k === k ? now.way : null);
    logpText.data = covered ? "?" : readable(logs[k]);
    arrow.lastChild.style.width = covered ? "0" : `${50 * Math.abs(gaps[k])}%`;
    arrow.classList.toggle("falls", gaps[k] < 0);
    gapText.data = covered ? "?" : shareText(gaps[k]);
    writeAttribute(pText.parentElement, "title", covered ? "" : beyondText(probabilities[k]));
    writeAttribute(gapText.parentElement, "title", covered ? "" : beyondText(gaps[k]));
    const isTarget = k === now.target;
    row.classList.toggle("target", isTarget);
    name.setAttribute("aria-pressed", isTarget);
    row.classList.toggle("editing", editing);
    row.classList.toggle("working", now.working);
    paintNames(names, now.working);
  };
  let wasWorking = null;
  const paintNames = (names, working) => {
    if (label.textContent === names[k] && working === wasWorking && logitTrack.handle.hasAttribute("aria-label")) return;
    wasWorking = working;
    const named = (key) => say(key, { name: names[k] });
    label.textContent = names[k];
    if (field.getRootNode().activeElement !== field) field.value = names[k];
    name.title = named(working ? "work" : "choose");
    row.setAttribute("aria-label", names[k]);
    logitTrack.name(named("logit"), named("exact"));
    field.setAttribute("aria-label", named("rename"));
    cross.setAttribute("aria-label", named("remove"));
  };
  // renew(): the names are written again, in another language.
  return { row, paint, field, renew: () => logitTrack.handle.removeAttribute("aria-label") };
}

// A number with the short name that a narrow screen shows beside it, where there is no line of heads.
function labelled(kind, ...name) {
  const text = document.createTextNode("");
  return [element("div", { class: kind }, element("span", { class: "short" }, ...name), text), text];
}
