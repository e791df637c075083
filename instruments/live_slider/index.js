// A slider that acts while it moves, with a field for an exact number where there is one.
import { mountInstrument } from "../shared/instrument.js";
import { element, writeAttribute, writeText } from "../shared/live.js";
import { twoReadings, typedNumber } from "../shared/numbers.js";
import { steadyRange } from "../shared/press.js";
import { Setting } from "../shared/setting.js";

// data: stops and texts, the values of the slider and how they are written; typed: null, or { low, high, whole }.
class LiveSlider extends Setting {
  constructor(streamlit) { super(streamlit, "live-slider"); }

  build() {
    this.name = element("span", { class: "name" });
    this.shown = element("output");
    this.field = element("input", { class: "typed", inputmode: "decimal", autocomplete: "off" });
    this.slider = steadyRange(element("input", { type: "range", min: 0, step: 1 }));
    this.message = element("p", { class: "message", role: "status", "aria-live": "polite" });
    this.root.append(element("div", { class: "head" }, this.name, this.shown, this.field), this.slider, this.message);
    this.slider.addEventListener("input", () => {
      this.message.textContent = "";
      this.choose(this.data.stops[Number(this.slider.value)]);
    });
    this.field.addEventListener("change", () => this.take(this.field.value));
    this.field.addEventListener("keydown", (event) => { if (event.key === "Enter") this.take(this.field.value); });
  }

  // What was typed counts where it is a number within the limits; else a sentence names them, and nothing changes.
  take(text) {
    const { low, high, whole } = this.data.typed;
    const value = typedNumber(text);
    const isGood = value !== null && value >= low && value <= high && (!whole || Number.isInteger(value));
    const readings = isGood ? null : twoReadings(text);
    const short = text.trim().slice(0, 40);
    if (isGood) this.message.textContent = "";
    else if (readings) this.message.textContent = this.say("two_readings", { text: short, first: readings[0], second: readings[1] });
    else this.message.textContent = this.say(short ? "refused" : "empty", { text: short });
    this.painted = this.field.value; // what was typed is done with: the field shows the value again
    if (isGood && value !== this.value) this.choose(value);
    else this.paint();
  }

  writeTexts() {
    const { label, stops, typed } = this.data;
    writeText(this.name, label);
    writeAttribute(this.slider, "aria-label", label);
    writeAttribute(this.slider, "max", stops.length - 1);
    writeAttribute(this.field, "aria-label", label);
    this.field.hidden = !typed;
    this.shown.hidden = Boolean(typed);
  }

  // The stop nearest to the value, which may have been typed or brought by a link.
  place() {
    const { stops } = this.data;
    return stops.reduce((best, stop, i) => (Math.abs(stop - this.value) < Math.abs(stops[best] - this.value) ? i : best), 0);
  }

  paint() {
    const { stops, texts } = this.data;
    const at = this.place();
    const text = stops[at] === this.value ? texts[at] : String(this.value);
    if (Number(this.slider.value) !== at) this.slider.value = at;
    writeAttribute(this.slider, "aria-valuetext", text);
    writeText(this.shown, text);
    const isTyping = this.field.matches(":focus") && this.field.value !== this.painted;
    if (!isTyping || this.field.value === "") this.field.value = text;
    this.painted = text;
    this.slider.style.setProperty("--share", `${(100 * at) / Math.max(1, stops.length - 1)}%`);
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, LiveSlider); }
