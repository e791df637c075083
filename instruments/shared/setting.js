// A control whose value Python keeps: the learner's last change is sent at once, and the next one when Python has taken it.
import { Instrument } from "./instrument.js";
import { LONGEST_ANSWER } from "./messages.js";

// data: value, taken (number of the last message that Python has taken), label. A setting paints this.value.
export class Setting extends Instrument {
  constructor(streamlit, style) {
    super(streamlit, { class: style, "data-instrument": style });
    this.number = this.data.taken;
    this.value = this.data.value;
    this.sent = this.value;
    this.timer = 0;
    this.parts.push({ cancel: () => clearTimeout(this.timer) });
  }

  isWaiting() { return this.timer !== 0; }

  // The learner chose another value.
  choose(value) {
    this.value = value;
    this.paint();
    if (!this.isWaiting()) this.send();
  }

  send() {
    this.sent = this.value;
    this.number += 1;
    this.timer = setTimeout(() => this.stopWaiting(), LONGEST_ANSWER);
    this.streamlit.setStateValue("state", { value: this.value, number: this.number });
  }

  // What the learner chose stands until Python has said something: it may yet arrive.
  stopWaiting() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.value !== this.sent) this.send();
  }

  answered() {
    this.stopWaiting();
    if (!this.isWaiting()) this.value = this.data.value;
  }

  update(streamlit) {
    this.streamlit = streamlit;
    this.data = streamlit.data;
    if (this.isWaiting() && this.data.taken >= this.number) this.answered();
    else if (!this.isWaiting()) this.value = this.data.value;
    this.writeTexts();
    this.paint();
  }
}
