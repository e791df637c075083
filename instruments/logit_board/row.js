// One class of the board: its name, its logit on a track, and what follows from it.
import { createGuess } from "../shared/guess.js";
import { element, math, writeAttribute } from "../shared/live.js";
import { beyondText, readable, shareText } from "../shared/numbers.js";
import { createLogitTrack, createNamedRow } from "./class_board.js";

export function createRow(k, port) {
  const { say } = port;
  const logitTrack = createLogitTrack(port.logit);
  const power = element("sup", {}, document.createTextNode("z"));
  const [exp, expText] = labelled("number exp", math("e"), power);
  exp.setAttribute("role", "cell");
  const guess = element("div", { class: "guess", hidden: true });
  const way = createGuess();
  const bar = element("div", { class: "bar" }, element("div", { class: "amount" }), guess, way.node);
  const [pNumber, pText] = labelled("number", math("p"));
  const [logp, logpText] = labelled("number logp", "log ", math("p"));
  logp.setAttribute("role", "cell");
  const signed = element("div", { class: "signed" }, element("div", { class: "middle" }), element("div"));
  const [gap, gapText] = labelled("number", math("p"), "−", math("y"));
  const named = createNamedRow(k, port, [
    element("div", { class: "cell logit", role: "cell" }, logitTrack.track, logitTrack.value),
    exp, element("div", { class: "cell probability", role: "cell" }, bar, pNumber), logp,
    element("div", { class: "cell gap", role: "cell" }, signed, gap),
  ], (text) => logitTrack.name(text("logit"), text("exact")));

  // Writes the numbers of class k; the widths are transforms, which the browser moves without a new layout.
  const paint = (now) => {
    const { values, limit, e, probabilities, logs, gaps, covered, plain } = now;
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
    signed.lastChild.style.width = covered ? "0" : `${50 * Math.abs(gaps[k])}%`;
    signed.classList.toggle("falls", gaps[k] < 0);
    gapText.data = covered ? "?" : shareText(gaps[k]);
    writeAttribute(pText.parentElement, "title", covered ? "" : beyondText(probabilities[k]));
    writeAttribute(gapText.parentElement, "title", covered ? "" : beyondText(gaps[k]));
    named.row.classList.toggle("working", now.working);
    named.paint(now, now.working ? "work" : "choose");
  };
  return { ...named, paint };
}

// A number with the short name that a narrow screen shows beside it, where there is no line of heads.
function labelled(kind, ...name) {
  const text = document.createTextNode("");
  return [element("div", { class: kind }, element("span", { class: "short" }, ...name), text), text];
}
