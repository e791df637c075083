// Two buttons that lead from step to step. The steps are counted here, so that each of two quick clicks is one.
import { mountInstrument } from "../shared/instrument.js";
import { element, writeText } from "../shared/live.js";
import { Setting } from "../shared/setting.js";

// data: value, the present step from 1; count.
class StepButtons extends Setting {
  constructor(streamlit) { super(streamlit, "step-buttons"); }

  build() {
    const button = (name, style, by, ...parts) => (this[name] = element("button", { type: "button", class: style, "data-key": by > 0 ? "ArrowRight" : "ArrowLeft", onclick: () => this.move(by) }, ...parts));
    const arrow = (text) => element("span", { "aria-hidden": "true" }, text);
    this.backName = element("span");
    this.onName = element("span");
    this.at = element("span", { role: "status" });
    this.root.append(button("back", "tool", -1, arrow("← "), this.backName), button("on", "tool primary", 1, this.onName, arrow(" →")), this.at);
  }

  move(by) {
    const step = Math.min(Math.max(this.value + by, 1), this.data.count);
    if (step !== this.value) this.choose(step);
  }

  writeTexts() {
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", this.data.label);
    writeText(this.backName, this.say("back"));
    writeText(this.onName, this.say("on"));
  }

  paint() {
    this.back.disabled = this.value <= 1;
    this.on.disabled = this.value >= this.data.count;
    writeText(this.at, this.say("at", { at: this.value, count: this.data.count }));
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, StepButtons); }
