// The palette beside the stage: one tool at a time, the class that is added, and taking back.
import { element } from "../shared/live.js";
import { markerPicture } from "../shared/shapes.js";

export const TOOLS = ["inspect", "add", "move", "erase"];
const SHAPES = {
  inspect: "M6 3.5v15.2l4.1-3.9 2.6 6 2.5-1.1-2.6-5.9h5.6z",
  add: "M10.6 4h2.8v6.6H20v2.8h-6.6V20h-2.8v-6.6H4v-2.8h6.6z",
  move: "M12 2l3.4 3.6h-2.3v5.3h5.3V8.6L22 12l-3.6 3.4v-2.3h-5.3v5.3h2.3L12 22l-3.4-3.6h2.3v-5.3H5.6v2.3L2 12l3.6-3.4v2.3h5.3V5.6H8.6z",
  erase: "M14.6 3.6l5.8 5.8a1.4 1.4 0 0 1 0 2L12.8 19H20v2H6.8l-3.2-3.2a1.4 1.4 0 0 1 0-2L12.6 3.6a1.4 1.4 0 0 1 2 0zM5.6 16.8L7.7 19H10l2-2-5-5z",
  undo: "M9 4L3 9.5 9 15v-3.6h5a4 4 0 0 1 0 8h-3V22h3a6.6 6.6 0 0 0 0-13.2H9z",
  redo: "M15 4l6 5.5-6 5.5v-3.6h-5a4 4 0 0 0 0 8h3V22h-3a6.6 6.6 0 0 1 0-13.2h5z",
  clear: "M9 3h6l1 2h5v2H3V5h5zM5 9h14l-1 12H6zm4 2l.5 8h1.4l-.4-8zm4.5 0l-.4 8h1.4l.5-8z",
};

export function shape(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

// choose(tool), pick(class) and act("undo" | "redo" | "clear") are called by the buttons.
export function createPalette({ choose, pick, act }) {
  const button = (name, onclick) => element("button", { class: `key small ${name}`, type: "button", onclick }, shape(name));
  const tools = TOOLS.map((name) => button(name, () => choose(name)));
  const acts = ["undo", "redo", "clear"].map((name) => button(name, () => act(name)));
  const classes = element("div", { class: "classes", role: "group" });
  const box = element("div", { class: "palette", role: "toolbar" }, ...tools, classes, element("span", { class: "gap" }), ...acts);
  const titled = (node, text) => { node.setAttribute("aria-label", text); node.title = text; };

  const show = ({ tool, label, names, colors, say, undo, redo, clear }) => {
    box.setAttribute("aria-label", say("edit_points"));
    TOOLS.forEach((name, i) => { titled(tools[i], say(`tool_${name}`)); tools[i].setAttribute("aria-pressed", String(name === tool)); });
    ["undo", "redo", "clear"].forEach((name, i) => titled(acts[i], say(name)));
    [acts[0].disabled, acts[1].disabled, acts[2].disabled] = [!undo, !redo, !clear];
    classes.hidden = tool !== "add";
    classes.setAttribute("aria-label", say("class_to_add"));
    // Made anew only when the classes change: a new button would lose the focus.
    const wanted = JSON.stringify([names, colors.slice(0, names.length)]);
    if (classes.dataset.of !== wanted) {
      classes.dataset.of = wanted;
      classes.replaceChildren(...names.map((name, k) => {
        const swatch = element("button", { class: "swatch", type: "button", onclick: () => pick(k) }, markerPicture(k, colors[k]));
        titled(swatch, name);
        return swatch;
      }));
    }
    [...classes.children].forEach((swatch, k) => swatch.setAttribute("aria-pressed", String(k === label)));
  };
  return { box, show };
}
