// A message symbol by symbol: each is drawn, written as its code word, and counted.
import { Board } from "../shared/board.js";
import { mountInstrument } from "../shared/instrument.js";
import { element, writeAttribute, writeStyle, writeText } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { markerPicture } from "../shared/shapes.js";

const SHOWN = 12; // of the last symbols
const MANY = 100;
// Milliseconds to the next symbol: slow at first, so that each word can be read, and then faster.
const pauseAfter = (count) => (count < 8 ? 700 : count < 20 ? 300 : 90);

// How many bits the first symbols of a message take.
const bitsOf = (symbols, words) => symbols.reduce((sum, k) => sum + (words[k] ?? "").length, 0);

// data: message (one digit for each symbol to come), words (of each symbol, or null), names, colors, levels (to compare with:
// [{name, value}] in bits per symbol), labels.
class MessageStream extends Board {
  constructor(streamlit) {
    super(streamlit, { instrument: "message-stream", style: "stream", parameters: ({ count }, standard) => ({ count: count === standard.count ? null : String(count) }) });
    this.timer = 0;
    this.playing = false;
    this.built = "";
    this.parts.push({ cancel: () => clearTimeout(this.timer) });
  }

  build() {
    const button = (name, onclick, style = "tool") => (this[name] = element("button", { class: style, type: "button", onclick }));
    button("play", () => (this.playing ? this.stop() : this.begin()), "tool primary");
    button("next", () => this.go(1));
    this.play.dataset.key = "Space";
    this.next.dataset.key = "ArrowRight";
    button("many", () => this.go(MANY));
    button("again", () => { this.stop(); this.change({ count: 0 }); });
    this.letters = element("div", { class: "letters" });
    this.sum = element("p", { class: "sum", role: "status" });
    this.levels = element("div", { class: "levels" });
    this.root.append(element("div", { class: "bar" }, this.play, this.next, this.many, this.again), this.letters, this.sum, this.levels);
  }

  // --- what the learner does
  go(more) {
    this.stop();
    this.change({ count: Math.min(this.data.message.length, this.state.count + more) });
  }

  begin() {
    this.playing = true;
    this.tick();
  }

  // Python hears of a playing message when it stops: playing costs the server nothing.
  tick() {
    clearTimeout(this.timer);
    if (this.state.count >= this.data.message.length) { this.stop(); return; }
    this.state = { count: this.state.count + 1 };
    this.repaint();
    this.timer = setTimeout(() => this.tick(), pauseAfter(this.state.count));
  }

  stop() {
    clearTimeout(this.timer);
    if (this.playing) { this.playing = false; this.change(this.state); }
  }

  writeTexts() {
    writeAttribute(this.root, "aria-label", this.say("stream"));
    for (const name of ["next", "many", "again"]) writeText(this[name], this.say(name));
  }

  // --- every frame
  paint() {
    if (!this.state || !this.data.message) return;
    const { message, words, levels } = this.data;
    const symbols = [...message.slice(0, this.state.count)].map(Number);
    const bits = bitsOf(symbols, words);
    const mean = symbols.length ? bits / symbols.length : 0;
    this.paintLetters(symbols);
    writeText(this.play, this.say(this.playing ? "pause" : "play"));
    this.next.disabled = this.many.disabled = symbols.length >= message.length;
    writeAttribute(this.sum, "aria-live", this.playing ? "off" : "polite");
    writeText(this.sum, symbols.length ? this.say("sum", { n: symbols.length, bits, mean: readable(mean) }) : this.say("empty"));
    this.paintLevels([{ name: this.say("so_far"), value: symbols.length ? mean : null }, ...levels]);
    Object.assign(this.root.dataset, { count: String(symbols.length), bits: String(bits), playing: String(this.playing) });
  }

  paintLetters(symbols) {
    const { words, names, colors } = this.data;
    const from = Math.max(0, symbols.length - SHOWN);
    const key = [from, symbols.length, symbols.slice(from).join(""), words.join(), names.join()].join();
    if (key === this.built) return;
    this.built = key;
    const letter = (k) => element("span", { class: "letter", style: `--class-color: ${colors[k]}` },
      element("span", { class: "symbol" }, markerPicture(k, colors[k]), names[k]), element("code", {}, words[k] || "–"));
    this.letters.replaceChildren(...(from ? [element("span", { class: "more" }, "…")] : []), ...symbols.slice(from).map(letter));
  }

  paintLevels(levels) {
    const longest = Math.max(1, ...levels.map(({ value }) => value ?? 0));
    while (this.levels.childElementCount < levels.length) {
      this.levels.append(element("div", { class: "level" }, element("span"), element("div", { class: "track" }, element("div", { class: "amount" })), element("output")));
    }
    while (this.levels.childElementCount > levels.length) this.levels.lastChild.remove();
    levels.forEach(({ name, value }, at) => {
      const [label, track, output] = this.levels.children[at].children;
      writeText(label, name);
      writeStyle(track.firstChild, "width", `${(100 * (value ?? 0)) / longest}%`);
      writeText(output, value === null ? "–" : readable(value));
    });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, MessageStream); }
