// One of several things, each with a small picture.
import { mountInstrument } from "../shared/instrument.js";
import { element, svgElement, writeText } from "../shared/live.js";
import { withModifier } from "../shared/press.js";
import { Setting } from "../shared/setting.js";

const WIDTH = 33; // of a picture, in its own units
const HEIGHT = 20;

const dot = ([x, y, k], colors) => svgElement("circle", { cx: x, cy: y, r: 1.1, fill: colors[k % colors.length] });

// A row of cells as one rectangle for each run of equal classes.
function band(row, y, height, colors) {
  const unit = WIDTH / row.length;
  const parts = [];
  for (let from = 0, to = 1; from < row.length; to++) {
    if (to < row.length && row[to] === row[from]) continue;
    parts.push(svgElement("rect", { x: from * unit, y, width: (to - from) * unit, height, fill: colors[Number(row[from])] }));
    from = to;
  }
  return parts;
}

// data: options [{ code, name, points: [[x, y, class]], cells: ["0011", ...] }], colors.
class PictureChoice extends Setting {
  constructor(streamlit) { super(streamlit, "picture-choice"); }

  build() {
    this.name = element("span", { class: "name" });
    this.box = element("div", { class: "options", role: "radiogroup" });
    this.root.append(this.name, this.box);
    this.box.addEventListener("keydown", (event) => this.move(event));
  }

  writeTexts() {
    const { label, options } = this.data;
    writeText(this.name, label);
    this.box.setAttribute("aria-label", label);
    const drawn = JSON.stringify(options);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.box.replaceChildren(...options.map((option) =>
      element("button", { type: "button", role: "radio", class: "picture", onclick: () => this.choose(option.code) },
        this.picture(option), element("span", {}, option.name))));
  }

  picture({ points = [], cells = [] }) {
    const { colors } = this.data;
    const height = HEIGHT / Math.max(1, cells.length);
    return svgElement("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", "shape-rendering": cells.length ? "crispEdges" : "auto" },
      ...cells.flatMap((row, i) => band(row, i * height, height, colors)), ...points.map((point) => dot(point, colors)));
  }

  move(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by || withModifier(event)) return;
    event.preventDefault();
    const { options } = this.data;
    const at = options.findIndex(({ code }) => code === this.value);
    const next = (at + by + options.length) % options.length;
    this.choose(options[next].code);
    this.box.children[next].focus();
  }

  paint() {
    this.data.options.forEach(({ code }, i) => {
      const on = code === this.value;
      this.box.children[i].setAttribute("aria-checked", String(on));
      this.box.children[i].tabIndex = on ? 0 : -1;
    });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, PictureChoice); }
