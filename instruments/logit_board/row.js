// One class of the board: its name, its logit on a track, and what follows from it.
import { createShareTrack, createTrack } from "../shared/drag.js";
import { element, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";

// The board as a row sees it:
//   color, nameLength, say(key, values)
//   choose(), remove(), rename(text)    class k becomes the true class, goes, gets another name
//   logit                               range(), read(), set(z), hold(on), typed(text)
//   target                              read(), set(y), hold(on), typed(text), or null without soft targets
export function createRow(k, { color, nameLength, say, choose, remove, rename, logit, target }) {
  const label = element("span", { class: "label" });
  const name = element("button", { class: "name", type: "button", onclick: choose },
    markerPicture(k, color), label);
  const field = element("input", { class: "rename", maxlength: nameLength, spellcheck: "false", onchange: () => rename(field.value) });
  const cross = element("button", { class: "remove", type: "button", onclick: remove }, "×");
  const logitTrack = createTrack({
    ...logit, small: 0.1, large: 1, written: () => String(logit.read()),
    round: (z) => Number(Number(z.toPrecision(12)).toFixed(logit.range()[1] <= 20 ? 2 : 0)),
  }, { fill: "fill", handle: "handle" }, element("div", { class: "zero" }));
  const [exp, expText] = labelled("number exp", math("e"), element("sup", {}, math("z"), "−max"));
  const targetMark = element("div", { class: "target-mark" });
  const bar = element("div", { class: "bar" }, element("div", { class: "amount" }), targetMark);
  const [p, pText] = labelled("number", math("p"));
  const [logp, logpText] = labelled("number logp", "log ", math("p"));
  const arrow = element("div", { class: "arrow" }, element("div", { class: "middle" }), element("div", { class: "shaft" }));
  const [gap, gapText] = labelled("number", math("p"), "−", math("y"));
  const shareTrack = target && createShareTrack("y", { cell: "target-share", fill: "share", handle: "handle share-handle" }, target);
  const row = element("div", { class: "row", role: "group", style: `--class-color: ${color}` },
    element("div", { class: "cell who" }, name, field, cross),
    element("div", { class: "cell logit" }, logitTrack.track, logitTrack.value),
    exp, element("div", { class: "cell probability" }, bar, p), logp, shareTrack?.cell,
    element("div", { class: "cell gap" }, arrow, gap));

  // Writes the numbers of class k; the widths are transforms, which the browser moves without a new layout.
  const paint = (now) => {
    const { values, limit, e, probabilities, logs, gaps, names, editing } = now;
    const part = Math.max(-1, Math.min(1, values[k] / limit));
    const z = readable(values[k], 2);
    logitTrack.paint(50 + 50 * part, part, values[k], z, say("spoken", { z, p: readable(probabilities[k]) }));
    expText.data = readable(e[k]);
    bar.firstChild.style.transform = `scaleX(${probabilities[k]})`;
    pText.data = readable(probabilities[k]);
    logpText.data = readable(logs[k]);
    arrow.lastChild.style.width = `${50 * Math.abs(gaps[k])}%`;
    arrow.classList.toggle("falls", gaps[k] < 0);
    gapText.data = readable(gaps[k]);
    targetMark.style.left = `${100 * now.targets[k]}%`;
    shareTrack?.paint(now.targets[k]);
    const isTarget = k === now.target;
    row.classList.toggle("target", isTarget);
    name.setAttribute("aria-pressed", isTarget);
    row.classList.toggle("editing", editing);
    paintNames(names);
  };
  const paintNames = (names) => {
    if (label.textContent === names[k] && logitTrack.handle.hasAttribute("aria-label")) return;
    const named = (key) => say(key, { name: names[k] });
    label.textContent = names[k];
    if (field.getRootNode().activeElement !== field) field.value = names[k];
    name.title = named("choose");
    row.setAttribute("aria-label", names[k]);
    logitTrack.name(named("logit"), named("exact"));
    field.setAttribute("aria-label", named("rename"));
    cross.setAttribute("aria-label", named("remove"));
    shareTrack?.name(named("share"), named("exact_share"));
  };
  // renew(): the names are written again, in another language.
  return { row, paint, field, renew: () => logitTrack.handle.removeAttribute("aria-label") };
}

// A number with the short name that a narrow screen shows beside it, where there is no line of heads.
function labelled(kind, ...name) {
  const text = document.createTextNode("");
  return [element("div", { class: kind }, element("span", { class: "short" }, ...name), text), text];
}
