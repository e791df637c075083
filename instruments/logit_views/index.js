// A drawing of the logits on a board elsewhere on the page: it paints what the board shows, frame by frame.
import { Instrument, mountInstrument } from "../shared/instrument.js";
import { addressWriter } from "../shared/live.js";
import { createCurves } from "./curves.js";
import { createTriangle } from "./triangle.js";

const MOVING = "softmax_curve_class"; // in the address: the class whose logit the curves move

// data: board, the key of the board; view; labels.
class LogitView extends Instrument {
  constructor(streamlit) {
    super(streamlit, { class: "logit-view", "data-instrument": "logit-view" });
    this.now = null; // what the board shows
    this.moving = Math.max(0, parseInt(new URL(window.location.href).searchParams.get(MOVING), 10) || 0);
    this.address = addressWriter();
    this.parts.push(this.address);
    this.hear = ({ detail }) => {
      if (detail.board !== this.data.board) return;
      this.now = detail;
      this.paint();
    };
    window.addEventListener("softmax-lab:board", this.hear);
    this.parts.push({ cancel: () => window.removeEventListener("softmax-lab:board", this.hear) });
  }

  build() {
    const say = (key, values) => this.say(key, values);
    const put = (values) => window.dispatchEvent(new CustomEvent("softmax-lab:move", { detail: { board: this.data.board, values } }));
    const move = (k, z) => put(this.now.values.map((value, j) => (j === k ? z : value)));
    const choose = (k) => {
      this.moving = k;
      this.address({ [MOVING]: k ? String(k) : null });
      this.paint();
    };
    this.drawing = this.data.view === "triangle" ? createTriangle({ say, put }) : createCurves({ say, move, choose });
    this.root.append(this.drawing.node);
    this.watchSize(this.root, () => this.paint());
  }


  redraw() {
    if (this.now) this.paint();
    else window.dispatchEvent(new CustomEvent("softmax-lab:ask"));
  }

  paint() {
    if (!this.now) return;
    const { clientWidth } = this.root;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize); // letters may be larger, as on a projector
    const wide = clientWidth > 35 * rem;
    this.root.classList.toggle("wide", wide);
    this.drawing.paint(this.now, Math.min(this.moving, this.now.values.length - 1), wide ? clientWidth - 15.625 * rem : clientWidth, rem / 16);
    this.root.dataset.logits = this.now.values.join(",");
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, LogitView); }
