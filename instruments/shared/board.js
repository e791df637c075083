// What the boards share: a state that the learner and Python change, the messages to Python and the address.
import { Instrument } from "./instrument.js";
import { addressWriter, element } from "./live.js";
import { throttle } from "./messages.js";
import { twoReadings, typedNumber } from "./numbers.js";
import { createAnnouncer } from "./announcer.js";

// What the learner has made of each board, by its key: { revision, put, state }. Streamlit makes an instrument anew when something
// above it on the page comes or goes, and hands it the state that Python has put last. The window keeps it: a component made anew may
// load its script again.
const madeOf = (window.softmaxLabBoards ??= new Map());

// A board paints this.state.
export class Board extends Instrument {
  // parameters(state, standard) gives the state for the address, by name; null where it is the standard.
  // slowest: the most milliseconds between two messages during a drag.
  constructor(streamlit, { instrument, style, parameters, slowest }) {
    super(streamlit, { class: style, "data-instrument": instrument });
    this.message = element("p", { class: "message", role: "status", "aria-live": "polite" });
    this.parameters = parameters;
    this.isPressed = false; // whether a hand is down: what it passes through is not what it chose
    this.passing = false; // whether Python has heard of a state that was only passed through
    const send = (state) => this.streamlit.setStateValue("state", { ...state, revision: this.revision, resting: !this.isPressed });
    this.tell = throttle(send, { longest: slowest });
    this.watchHand();
    // Whoever goes on to something else is judged by the last change, not by the last message.
    this.root.addEventListener("focusout", () => this.tell.now());
    this.address = addressWriter();
    this.announcer = createAnnouncer({ sentence: () => (this.state ? this.summary() : ""), isMoving: () => this.isPressed || Boolean(this.playing) });
    this.parts.push(this.tell, this.address, this.announcer);
  }

  start(host) {
    super.start(host);
    this.root.append(this.announcer.node);
  }

  // What is told hangs on all that Python sends, a model or a language too.
  update(streamlit) {
    super.update(streamlit);
    this.announcer.again();
  }

  // What the board shows, in one sentence; "" where something else on it is told already.
  summary() { return ""; }

  // Drawings elsewhere on the page move a board too, so the hand is watched on the whole window, before anything else hears of it.
  watchHand() {
    const watch = (name, act) => {
      window.addEventListener(name, act, true);
      this.parts.push({ cancel: () => window.removeEventListener(name, act, true) });
    };
    watch("pointerdown", () => { this.isPressed = true; });
    for (const end of ["pointerup", "pointercancel"]) watch(end, () => this.released());
  }

  released() {
    this.isPressed = false;
    if (!this.passing) return;
    this.passing = false;
    this.tell(this.state);
    this.tell.now();
  }

  // The state is taken only when Python means to change it.
  renew() {
    const made = this.state ? null : madeOf.get(this.data.prefix);
    this.put = JSON.stringify(this.data.state);
    const goesOn = made?.revision === this.revision && made.put === this.put;
    this.state = goesOn ? made.state : this.data.state;
    this.tell.cancel();
    this.announcer.later();
    this.address.now(this.addressed());
    if (goesOn) this.tell(this.state); // the last message may have gone with the old one
  }

  color(k) { return this.data.colors[k % this.data.colors.length]; }

  // Every change by the learner comes through here: the picture, Python and the address follow.
  change(state, message = "") {
    this.state = state;
    madeOf.set(this.data.prefix, { revision: this.revision, put: this.put, state });
    this.message.textContent = message;
    this.passing = this.isPressed;
    this.tell(state);
    this.address(this.addressed());
    this.announcer.later();
    this.repaint();
  }

  // Returns what brings the present state back.
  kept() {
    const { state } = this;
    return () => this.change(state);
  }

  // As many rows in a list as there are classes, or parts of another kind; create(k) makes one: {row, ...}.
  matchRows(count, create, rows = this.rows, list = this.list) {
    while (rows.length > count) rows.pop().row.remove();
    while (rows.length < count) {
      const next = create(rows.length);
      rows.push(next);
      list.append(next.row);
    }
  }

  addressed(state = this.state) {
    const parts = Object.entries(this.parameters(state, this.data.standard));
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
