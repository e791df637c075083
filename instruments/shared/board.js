// What the boards share: a state that the hand and Python change, the messages to Python and the address.
import { addressWriter, element, fill, oncePerFrame, throttle } from "./live.js";
import { twoReadings, typedNumber } from "./numbers.js";

// A board builds its elements in build(), writes texts in writeTexts(), and paints this.state in paint().
export class Board {
  // parameters(state, standard) gives the state for the address, by name; null where it is the standard.
  // slowest: the most milliseconds between two messages while the hand moves.
  constructor(streamlit, { instrument, style, parameters, slowest }) {
    this.root = element("section", { class: style, "data-instrument": instrument });
    this.message = element("p", { class: "message", role: "status", "aria-live": "polite" });
    this.streamlit = streamlit;
    this.data = streamlit.data;
    this.parameters = parameters;
    this.revision = null;
    this.repaint = oncePerFrame(() => this.paint());
    this.tell = throttle((state) => this.streamlit.setStateValue("state", { ...state, revision: this.revision }), null, slowest);
    this.address = addressWriter();
  }

  start(host) {
    this.build();
    this.update(this.streamlit);
    host.append(this.root);
  }

  // Streamlit calls this after every rerun; the state is taken only when Python means to change it.
  update(streamlit) {
    this.streamlit = streamlit;
    this.data = streamlit.data;
    if (this.data.revision !== this.revision) {
      this.revision = this.data.revision;
      this.state = this.data.state;
      this.tell.cancel();
      this.address.now(this.addressed());
    }
    this.writeTexts();
    this.paint();
  }

  destroy() {
    for (const part of [this.repaint, this.tell, this.address]) part.cancel();
    this.root.remove();
  }

  // Texts come from Python in the reader's language; they change when the language does.
  writeTexts() {}

  say(key, values = {}) { return fill(this.data.labels[key], values); }
  color(k) { return this.data.colors[k % this.data.colors.length]; }

  // The only way in which the hand changes the state: the picture, Python and the address follow.
  change(state, message = "") {
    this.state = state;
    this.message.textContent = message;
    this.tell(state);
    this.address(this.addressed());
    this.repaint();
  }

  addressed() {
    const parts = Object.entries(this.parameters(this.state, this.data.standard));
    return Object.fromEntries(parts.map(([name, text]) => [`${this.data.prefix}_${name}`, text]));
  }

  // A number that was typed: take(value), or the sentence `refusal` where it is none or lies outside of low to high.
  takeTyped(text, [low, high], refusal, take, values = {}) {
    const value = typedNumber(text);
    if (value !== null && value >= low && value <= high) return take(value);
    const readings = twoReadings(text);
    const short = text.slice(0, 40);
    this.change(this.state, readings ? this.say("two_readings", { text: short, first: readings[0], second: readings[1] })
      : this.say(refusal, { text: short, ...values }));
  }
}
