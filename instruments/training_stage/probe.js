// The probe: a place of the plane, wherever it may be, at which the model is asked. It is dragged, moved by keys, or typed.
import { element, fill } from "../shared/live.js";
import { readable, typedNumber } from "../shared/numbers.js";
import { makePlaneHandle } from "./plane_handle.js";

const LONGEST_NAME = 3; // letters of an axis for which there is room beside its field; a longer name is an arrow
const FARTHEST = 1e9; // that is taken from a typed number

export const PROBE_ICON = "M11 3h2v4.1A5 5 0 0 1 16.9 11H21v2h-4.1A5 5 0 0 1 13 16.9V21h-2v-4.1A5 5 0 0 1 7.1 13H3v-2h4.1A5 5 0 0 1 11 7.1zm1 6a3 3 0 1 0 0 6 3 3 0 0 0 0-6z";

// "1.5~1.5" as two numbers, or null.
const readPlace = (text) => {
  const parts = text ? text.split("~").map(Number) : [];
  return parts.length === 2 && parts.every(Number.isFinite) ? parts : null;
};

// stage: plane(), text() and write(text) of what the link holds, labels(), axes().
export function createProbe(stage) {
  const handle = element("button", { class: "probe", type: "button", hidden: true });
  const at = () => readPlace(stage.text());
  const put = (x, y) => stage.write(`${x}~${y}`);
  const remove = () => stage.write("");
  const inPlane = makePlaneHandle(handle, {
    plane: stage.plane, at: () => at(), put,
    key: ({ key }) => {
      if (!["Delete", "Backspace", "Escape"].includes(key)) return false;
      remove();
      return true;
    },
  });
  const { putAt } = inPlane;
  const toggle = () => {
    if (at()) return remove();
    const { width, height } = stage.plane();
    putAt(width / 2, height / 2);
    handle.hidden = false;
    handle.focus({ preventScroll: true });
  };

  const place = () => {
    inPlane.place();
    if (handle.hidden) return;
    const asked = at();
    const [first, second] = stage.axes();
    handle.setAttribute("aria-label", fill(stage.labels().probe_at,
      { place: `${first} ${readable(asked[0], 2)}, ${second} ${readable(asked[1], 2)}` }));
  };
  return { handle, at, put, putAt, remove, toggle, place };
}

// The two coordinates of the probe as fields to type in, and a button that takes it away.
export function createProbeFields(probe) {
  const field = () => element("input", { type: "text", inputmode: "decimal", size: "6", class: "exact" });
  const fields = [field(), field()];
  const names = fields.map(() => element("label", {}));
  names.forEach((name, i) => name.append(element("span"), fields[i]));
  const away = element("button", { class: "away", type: "button", onclick: () => probe.remove() }, "×");
  const node = element("span", { class: "probe-fields", hidden: true }, ...names, away);
  fields.forEach((input) => {
    input.addEventListener("input", () => {
      const values = fields.map(({ value }) => typedNumber(value));
      fields.forEach((one, i) => one.setAttribute("aria-invalid", String(values[i] === null || Math.abs(values[i]) > FARTHEST)));
      if (values.every((value) => value !== null && Math.abs(value) <= FARTHEST)) probe.put(...values);
    });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") input.blur(); });
  });
  const writeTexts = (axes, labels) => {
    names.forEach((name, i) => {
      name.firstChild.textContent = axes[i].length <= LONGEST_NAME ? axes[i] : "↔↕"[i];
      name.title = axes[i];
      fields[i].setAttribute("aria-label", axes[i]);
    });
    away.setAttribute("aria-label", labels.probe_away);
    away.title = labels.probe_away;
  };
  // What is being typed is left alone.
  const show = (at) => {
    node.hidden = !at;
    if (!at) return;
    const active = node.getRootNode().activeElement;
    [at.x, at.y].forEach((value, i) => {
      const text = String(Number(value.toPrecision(6))).replace("-", "−");
      if (fields[i] === active || fields[i].value === text) return;
      fields[i].value = text;
      fields[i].setAttribute("aria-invalid", "false");
    });
  };
  return { node, writeTexts, show };
}
