// What the boards with a logit for every class share: names that are written, classes that come and go, and each one's logit on a track.
import { Board } from "../shared/board.js";
import { createTrack } from "../shared/drag.js";
import { element, writeText } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";
import { axisLimit, tidy, withClass, withLogit, withName, withoutClass } from "./state.js";

const FINITE = [-Infinity, Infinity];

// A board says by values() which logits stand on its tracks.
export class ClassBoard extends Board {
  constructor(streamlit, form) {
    super(streamlit, form);
    this.rows = [];
    this.editing = false;
    this.dragLimit = null; // the end of the axis when a drag began: it stays, or the bars would move under the pointer
  }

  limit() { return this.dragLimit ?? axisLimit(this.values()); }

  hold(on) {
    this.dragLimit = on ? this.limit() : null;
    if (!on) this.tell.now();
    this.repaint();
    return on ? this.kept() : null;
  }

  // What the row of class k may ask of the board.
  port(k) {
    const { classes, nameLength } = this.data.limits;
    return {
      color: this.color(k), nameLength, say: (key, values) => this.say(key, values),
      choose: () => this.change({ ...this.state, target: k, soft: [] }),
      remove: () => this.change(withoutClass(this.state, k, classes[0])),
      rename: (text) => this.rename(k, text),
      logit: {
        range: () => [-this.limit(), this.limit()], read: () => this.values()[k], hold: (on) => this.hold(on),
        set: (z) => this.change(withLogit(this.state, k, tidy(z))),
        typed: (text) => this.takeTyped(text, FINITE, "not_finite", (z) => this.change(withLogit(this.state, k, z))),
      },
    };
  }

  rename(k, text) {
    const name = text.trim().slice(0, this.data.limits.nameLength);
    if (!name) this.change(this.state, this.say("empty_name"));
    else this.change(withName(this.state, k, name === this.data.names[k] ? "" : name));
    this.rows[k].field.value = this.names()[k];
  }

  names() { return this.state.names.map((name, k) => name || this.data.names[k]); }

  buildTools() {
    const tool = (name, onclick) => (this[name] = element("button", { class: "tool", type: "button", onclick }));
    return element("div", { class: "buttons" },
      tool("add", () => this.change(withClass(this.state, this.data.limits.classes[1]))),
      tool("editNames", () => { this.editing = !this.editing; this.repaint(); }),
      tool("reset", () => this.change({ ...this.data.standard, step: this.state.step })));
  }

  writeTexts() {
    this.scale = element("div", { class: "scale", "aria-hidden": "true" });
    for (const name of ["add", "reset"]) this[name].textContent = this.say(name);
    for (const node of [this.root, this.table]) node.setAttribute("aria-label", this.say("board"));
    this.rows.forEach(({ renew }) => renew());
  }

  // The ends of the logits' axis: made anew only where they change.
  paintScale(limit) {
    if (this.scale.dataset.limit === String(limit)) return;
    this.scale.dataset.limit = String(limit);
    this.scale.replaceChildren(...[-limit, 0, limit].map((x) => element("span", {}, readable(x, 0))));
  }

  paintTools() {
    const { length } = this.state.logits;
    const { classes: [fewest, most] } = this.data.limits;
    this.add.disabled = length >= most;
    this.add.title = this.add.disabled ? this.say("full") : "";
    writeText(this.editNames, this.say(this.editing ? "done" : "names"));
    this.editNames.setAttribute("aria-pressed", this.editing);
    this.root.classList.toggle("two", length <= fewest);
  }
}

export function createLogitTrack(logit, ...below) {
  return createTrack({
    ...logit, small: 0.1, large: 1, written: () => String(logit.read()),
    round: (z) => Number(Number(z.toPrecision(12)).toFixed(logit.range()[1] <= 20 ? 2 : 0)),
  }, { fill: "fill", handle: "handle" }, element("div", { class: "zero" }), ...below);
}

// The row of class k: its name, and the cells beside it. The board as a row sees it:
//   color, nameLength, say(key, values)
//   choose(), remove(), rename(text)    class k becomes the true class, goes, gets another name
//   logit                               range(), read(), set(z), hold(on), typed(text)
// nameAlso(named): whatever else in the row is called by its class; named(key) is a sentence with the name.
export function createNamedRow(k, { color, nameLength, say, choose, remove, rename }, cells, nameAlso) {
  const label = element("span", { class: "label" });
  const name = element("button", { class: "name", type: "button", onclick: choose }, markerPicture(k, color), label);
  const field = element("input", { class: "rename", maxlength: nameLength, spellcheck: "false", onchange: () => rename(field.value) });
  const cross = element("button", { class: "remove", type: "button", onclick: remove }, "×");
  const row = element("div", { class: "row", role: "row", style: `--class-color: ${color}` },
    element("div", { class: "cell who", role: "rowheader" }, name, field, cross), ...cells);
  let written = null; // the name, and what a click on it does
  const paint = ({ names, target, editing }, click = "choose") => {
    row.classList.toggle("target", k === target);
    row.classList.toggle("editing", editing);
    name.setAttribute("aria-pressed", k === target);
    const wanted = `${click} ${names[k]}`;
    if (written === wanted) return;
    written = wanted;
    const named = (key) => say(key, { name: names[k] });
    label.textContent = names[k];
    if (field.getRootNode().activeElement !== field) field.value = names[k];
    name.title = named(click);
    row.setAttribute("aria-label", names[k]);
    field.setAttribute("aria-label", named("rename"));
    cross.setAttribute("aria-label", named("remove"));
    nameAlso(named);
  };
  // renew(): the names are written again, in another language.
  return { row, field, paint, renew: () => { written = null; } };
}
