// One class of the board: its name, its logit on a track, and what follows from it.
import { announce, createShareTrack, makeDraggable, typeExactly } from "../shared/drag.js";
import { element, math } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";

export function createRow(k, board) {
  const color = board.color(k);
  const label = element("span", { class: "label" });
  const name = element("button", { class: "name", type: "button", onclick: () => board.chooseTarget(k) },
    markerPicture(k, color), label);
  const rename = element("input", { class: "rename", maxlength: board.data.limits.nameLength, spellcheck: "false" });
  const remove = element("button", { class: "remove", type: "button", onclick: () => board.removeClass(k) }, "×");
  const fill = element("div", { class: "fill" });
  const handle = element("div", { class: "handle", role: "slider", tabindex: "0", "aria-orientation": "horizontal" });
  const track = element("div", { class: "track" }, element("div", { class: "zero" }), fill, handle);
  const number = element("button", { class: "plain", type: "button", onclick: () => edit() });
  const value = element("div", { class: "value" }, number);
  const [exp, expText] = labelled("number exp", math("e"), element("sup", {}, math("z"), "−max"));
  const edit = () => typeExactly(value, {
    label: number.title, text: String(board.value(k)),
    take: (text) => board.typed(k, text), back: () => board.focusHandle(k),
  });
  const goal = element("div", { class: "goal" });
  const bar = element("div", { class: "bar" }, element("div", { class: "amount" }), goal);
  const [p, pText] = labelled("number", math("p"));
  const [logp, logpText] = labelled("number logp", "log ", math("p"));
  const arrow = element("div", { class: "arrow" }, element("div", { class: "middle" }), element("div", { class: "shaft" }));
  const [gap, gapText] = labelled("number", math("p"), "−", math("y"));
  const targetTrack = board.data.soft ? createTargetTrack(k, board) : null;
  const row = element("div", { class: "row", role: "group", style: `--class-color: ${color}` },
    element("div", { class: "cell who" }, name, rename, remove),
    element("div", { class: "cell hand" }, track, value),
    exp, element("div", { class: "cell probability" }, bar, p), logp, ...(targetTrack ? [targetTrack.cell] : []),
    element("div", { class: "cell gap" }, arrow, gap));

  makeDraggable(track, handle, logitGrip(k, board, edit));
  rename.addEventListener("change", () => board.rename(k, rename.value));

  // Writes the numbers of class k; the widths are transforms, which the browser moves without a new layout.
  const paint = (now) => {
    const { values, limit, e, probabilities, logs, gaps, names, editing } = now;
    const part = Math.max(-1, Math.min(1, values[k] / limit));
    handle.style.left = `${50 + 50 * part}%`;
    fill.style.transform = `scaleX(${part})`;
    const spoken = board.say("spoken", { z: readable(values[k], 2), p: readable(probabilities[k]) });
    announce(handle, -limit, limit, values[k], spoken);
    number.textContent = readable(values[k], 2);
    expText.data = readable(e[k]);
    bar.firstChild.style.transform = `scaleX(${probabilities[k]})`;
    pText.data = readable(probabilities[k]);
    logpText.data = readable(logs[k]);
    arrow.lastChild.style.width = `${50 * Math.abs(gaps[k])}%`;
    arrow.classList.toggle("falls", gaps[k] < 0);
    gapText.data = readable(gaps[k]);
    goal.style.left = `${100 * now.targets[k]}%`;
    targetTrack?.paint(now.targets[k]);
    const isTarget = k === now.target;
    row.classList.toggle("target", isTarget);
    name.setAttribute("aria-pressed", isTarget);
    row.classList.toggle("editing", editing);
    paintNames(names);
  };
  const paintNames = (names) => {
    if (label.textContent === names[k] && handle.hasAttribute("aria-label")) return;
    label.textContent = names[k];
    if (rename.getRootNode().activeElement !== rename) rename.value = names[k];
    name.title = board.say("choose", { name: names[k] });
    row.setAttribute("aria-label", names[k]);
    handle.setAttribute("aria-label", board.say("logit", { name: names[k] }));
    number.title = board.say("exact", { name: names[k] });
    rename.setAttribute("aria-label", board.say("rename", { name: names[k] }));
    remove.setAttribute("aria-label", board.say("remove", { name: names[k] }));
    targetTrack?.name(board.say("share", { name: names[k] }), board.say("exact_share", { name: names[k] }));
  };
  return { row, paint, edit };
}

// The target share y of class k. Only a board with soft targets shows it.
const createTargetTrack = (k, board) => createShareTrack({
  letter: "y", styles: { cell: "aim", fill: "share", handle: "goal-handle" },
  read: () => board.targetShare(k), set: (y) => board.setTarget(k, y), hold: (on) => board.holdTarget(on),
  typed: (text) => board.typedTarget(k, text),
});

// A number with the short name that a narrow screen shows beside it, where there is no line of heads.
function labelled(kind, ...name) {
  const text = document.createTextNode("");
  return [element("div", { class: kind }, element("span", { class: "short" }, ...name), text), text];
}

// How the hand moves the logit of class k.
const logitGrip = (k, board, edit) => ({
  range: () => [-board.limit(), board.limit()],
  value: () => board.value(k),
  set: (z) => board.setLogit(k, z),
  round: (z) => Number(Number(z.toPrecision(12)).toFixed(board.limit() <= 20 ? 2 : 0)),
  hold: (on) => board.hold(on),
  edit, small: 0.1, large: 1,
});
