// The card of challenges: a question, the learner's answer, and what the instrument showed.
import { Board } from "../shared/board.js";
import { prefersReducedMotion } from "../shared/motion.js";
import { mountInstrument } from "../shared/instrument.js";
import { element } from "../shared/live.js";
import { readable } from "../shared/numbers.js";
import { steadyRange } from "../shared/press.js";
import { progressOf, remember } from "../shared/progress.js";
import { rich } from "../shared/markup.js";

const SETTLES = 600; // milliseconds after a click has opened a question, in which a second press at its place answers nothing
const SAME_PLACE = 8; // pixels
const GAP = 6; // pixels between the menu and the instrument
const LAST_GAP = 5; // and between the card and the lower edge

const LESSON = ".st-key-lab_lesson, .st-key-training_left";
const INSTRUMENT = ".st-key-lab_instrument, .st-key-training_left";
const boxOf = (selector) => document.querySelector(selector)?.getBoundingClientRect();
const menu = () => Math.max(0, boxOf(".stAppHeader")?.bottom ?? 0) + GAP;
const scroll = (top) => { if (top) document.querySelector(".stMain").scrollBy({ top, behavior: prefersReducedMotion() ? "instant" : "smooth" }); };

// data: lesson; tasks: [{code, kind, question, about, hint, options, names, colors, unit, sketched}]; done: codes of the
// solved ones; answered: codes of those answered, right or wrong; result: {code, right, sentence, explanation} of the open one,
// or null; strayed: whether the link has brought something else than the answer speaks of; fits: whether the instrument shows
// what the question speaks of; labels.
class Challenges extends Board {
  constructor(streamlit) {
    const parameters = ({ open }, standard) => ({ open: open === standard.open ? null : open });
    super(streamlit, { instrument: "challenges", style: "challenges", parameters });
    this.painted = ""; // what the question on the card was built from
    this.seen = null; // what the question is about, once it is there
    this.uncovering = new ResizeObserver(() => this.uncoverPart());
    const hand = new AbortController();
    // Whoever touches the page has found the place, or wants another one.
    for (const event of ["pointerdown", "wheel", "keydown"]) {
      window.addEventListener(event, () => this.uncovering.disconnect(), { capture: true, passive: true, signal: hand.signal });
    }
    this.parts.push({ cancel: () => { hand.abort(); this.uncovering.disconnect(); } });
    this.opening = null; // the click that has opened the question: { x, y, time }
  }

  build() {
    const part = (...how) => this.part(...how);
    // An option that has slid under a resting pointer does not look chosen.
    this.root.addEventListener("pointermove", ({ clientX, clientY }) => {
      const { x, y } = this.opening ?? {};
      if (!this.opening || Math.hypot(clientX - x, clientY - y) > SAME_PLACE) this.root.classList.remove("just-opened");
    });
    this.root.append(
      element("header", {}, part("heading", "h2"), part("steps", "nav")),
      part("question", "p", { tabindex: "-1" }), part("answer", "div"), part("result", "div", { role: "status", "aria-live": "polite" }),
      this.message, part("foot", "div", { class: "foot" }));
  }

  task() { return this.data.tasks.find(({ code }) => code === this.state.open) ?? this.data.tasks[0]; }

  // Another challenge, or the same once more: Python sets the instrument up for it.
  open(code, event) {
    this.opening = event ? { x: event.clientX, y: event.clientY, time: event.timeStamp } : null;
    this.root.classList.add("just-opened");
    this.change({ open: code, guess: [], shown: false, starts: this.state.starts + 1, solved: this.solved() });
    this.tell.now();
    requestAnimationFrame(() => this.uncoverAsked());
  }

  // A link may open a question whose part of the instrument lies below the card.
  start(host) {
    super.start(host);
    const whenShown = () => {
      if (!this.root.isConnected) return;
      if (document.documentElement.classList.contains("lab-ready")) this.uncoverAsked();
      else requestAnimationFrame(whenShown);
    };
    if (this.state && this.state.open !== this.data.standard.open) whenShown();
  }

  // What the answer speaks of, where the link has brought something else.
  showAgain() {
    this.change({ ...this.state, starts: this.state.starts + 1, solved: this.solved() });
    this.tell.now();
  }

  // The solved ones, kept by this browser.
  solved() {
    const kept = progressOf(this.data.lesson);
    return this.data.tasks.map(({ code }) => code).filter((code) => kept.includes(code) || this.data.done.includes(code));
  }

  // A question that was solved in an earlier visit has nothing to hide any more: Python learns of it here.
  renew() {
    super.renew();
    const solved = this.solved();
    if (this.state.shown || this.task().kind === "goal" || solved.every((code) => this.state.solved.includes(code))) return;
    this.change({ ...this.state, solved });
    this.tell.now();
  }

  // The second press of a double click on "Next challenge" may come down on an option that has slid under it.
  isSecondPress({ clientX, clientY, timeStamp }) {
    const { x, y, time } = this.opening ?? { time: -Infinity };
    return timeStamp - time < SETTLES && Math.hypot(clientX - x, clientY - y) <= SAME_PLACE;
  }

  commit(guess) {
    this.isRevealing = true;
    this.change({ ...this.state, guess, shown: true });
    this.tell.now();
  }

  update(streamlit) {
    super.update(streamlit);
    remember(this.data.lesson, this.data.done);
    this.repaint();
  }

  paint() {
    if (!this.state) return;
    const task = this.task();
    const solved = new Set(this.solved());
    this.paintSteps(task, solved);
    const heading = this.say(task.kind === "goal" ? "goal" : "heading"); // at a goal there is nothing to predict
    if (this.heading.textContent !== heading) {
      this.heading.textContent = heading;
      this.root.setAttribute("aria-label", heading);
    }
    // Not on every rerun: what the learner has set or typed stays, and an open hint.
    const key = `${task.code} ${this.state.starts} ${this.state.shown} ${this.data.strayed} ${task.question} ${this.say("check")} ${(task.names ?? task.options ?? []).join()}`;
    if (key !== this.painted) {
      this.painted = key;
      this.paintQuestion(task);
    }
    if (this.check && task.kind === "sketch") this.check.disabled = !task.sketched;
    this.paintResult(task);
    Object.assign(this.root.dataset, { open: task.code, fits: String(this.data.fits), shown: String(this.state.shown), solved: [...solved].join(" ") });
  }

  paintSteps(task, solved) {
    const { tasks } = this.data;
    if (this.steps.childElementCount !== tasks.length) {
      this.steps.replaceChildren(...tasks.map(({ code }) => element("button", { type: "button", class: "step", onclick: (event) => this.open(code, event) })));
    }
    tasks.forEach(({ code }, i) => {
      const button = this.steps.children[i];
      const done = solved.has(code);
      const answered = !done && this.data.answered.includes(code); // wrong, or only shown: it may be tried again
      button.textContent = done ? "✓" : String(i + 1);
      button.classList.toggle("done", done);
      button.classList.toggle("answered", answered);
      button.setAttribute("aria-label", this.say(done ? "solved" : answered ? "answered" : "number", { n: i + 1 }));
      button.title = answered ? this.say("answered_help") : "";
      button.dataset.key = tasks[i + 1]?.code === task.code ? "PageUp" : "";
      button.setAttribute("aria-current", code === task.code ? "step" : "false");
    });
  }

  paintQuestion(task) {
    const focused = () => this.root.contains(this.root.getRootNode().activeElement);
    const hadFocus = focused();
    this.check = null;
    this.question.replaceChildren(...rich(task.question));
    this.options = null;
    this.answer.replaceChildren(...(this.state.shown ? this.answered(task) : this.answerOf(task)));
    const place = this.data.tasks.findIndex(({ code }) => code === task.code);
    const next = this.data.tasks[place + 1];
    const move = (key, code, style, pressedBy = null) => element("button", { type: "button", class: style, "data-key": pressedBy, onclick: (event) => this.open(code, event) }, this.say(key));
    const setUp = () => element("button", { type: "button", class: "quiet", title: this.say("set_up_help"), onclick: () => this.showAgain() }, this.say("set_up"));
    this.foot.replaceChildren(
      ...(this.state.shown && this.data.strayed ? [setUp()] : []),
      ...(this.state.shown || task.kind === "goal" ? [move("again", task.code, "quiet")] : []),
      ...(task.kind === "goal" || this.state.shown || !task.kind ? [] : [
        element("button", { type: "button", class: "quiet", "data-key": "PageDown Answer", onclick: () => this.commit([]) }, this.say("show"))]),
      ...(next ? [move("next", next.code, "tool", "PageDown")] : []));
    if (task.kind === "goal") this.offerHint(task);
    if (hadFocus && !focused()) this.question.focus({ preventScroll: true }); // what was pressed is gone
  }

  offerHint(task) {
    const hint = element("p", { class: "hint", tabindex: "-1" }, element("b", {}, `${this.say("hint")} `), ...rich(task.hint));
    const button = element("button", { type: "button", class: "quiet", onclick: () => { button.replaceWith(hint); hint.focus({ preventScroll: true }); } }, this.say("show_hint"));
    this.answer.replaceChildren(button);
  }

  answerOf(task) {
    const check = (onclick) => (this.check = element("button", { type: "button", class: "tool primary", onclick }, this.say("check")));
    if (task.kind === "choice") {
      return [element("div", { class: "options", role: "group", "aria-label": this.say("your_answer") }, ...task.options.map((text, i) =>
        element("button", { type: "button", class: "tool option", onclick: (event) => { if (!this.isSecondPress(event)) this.commit([i]); } }, ...rich(text))))];
    }
    if (task.kind === "number") {
      const field = element("input", { class: "typed", inputmode: "decimal", "aria-label": this.say("your_answer") });
      const commit = () => this.takeTyped(field.value, [task.low, task.high], field.value.trim() ? "not_in_range" : "nothing", (x) => this.commit([x]), { low: readable(task.low, 0), high: readable(task.high, 0) });
      field.addEventListener("keydown", (event) => { if (event.key === "Enter") commit(); });
      return [element("div", { class: "one" }, field, element("span", {}, task.unit), check(commit))];
    }
    if (task.kind === "bars") {
      const sum = element("p", { class: "hint" });
      const added = () => {
        sum.textContent = this.say("sum", { sum: readable(bars.reduce((all, { input }) => all + Number(input.value), 0), 2) });
        this.check.disabled = false; // three zeros that nobody chose are no answer
      };
      const bars = task.names.map((name, k) => {
        const input = steadyRange(element("input", { type: "range", min: 0, max: 1, step: 0.01, value: 0, "aria-label": this.say("bar", { name }) }));
        const output = element("output", {}, "0");
        input.addEventListener("input", () => {
          output.textContent = readable(Number(input.value), 2);
          input.style.setProperty("--at", input.value);
          added();
        });
        return { input, row: element("label", { class: "sketched", style: `--class-color: ${task.colors[k]}` }, element("span", {}, name), input, output) };
      });
      const button = check(() => this.commit(bars.map(({ input }) => Number(input.value))));
      added();
      button.disabled = true;
      return [...bars.map(({ row }) => row), sum, button];
    }
    return [check(() => this.commit(this.task().sketched ?? []))]; // a sketch on the instrument
  }

  // After the reveal the options of a choice stay, so that what was said stands beside what happens.
  answered(task) {
    if (task.kind !== "choice") return [];
    this.options = task.options.map((text, i) => {
      const yours = this.state.guess[0] === i;
      return element("li", { class: `settled${yours ? " yours" : ""}` }, element("span", {}, ...rich(text)), ...(yours ? [element("small", {}, this.say("yours"))] : []));
    });
    return [element("ul", { class: "options" }, ...this.options)];
  }

  paintResult(task) {
    const { result } = this.data;
    const here = result && result.code === task.code && (this.state.shown || task.kind === "goal") ? result : null;
    this.options?.forEach((option, i) => option.classList.toggle("right", here?.option === i));
    const text = here ? `${here.sentence} ${here.explanation}` : "";
    if (this.result.dataset.text === text) return;
    this.result.dataset.text = text;
    this.result.replaceChildren(...(here ? [element("p", { class: "verdict" }, ...rich(here.sentence)), ...(here.explanation ? [element("p", {}, ...rich(here.explanation))] : [])] : []));
    if (here?.right && task.kind === "goal") this.answer.replaceChildren();
    if (!here || !this.isRevealing) return;
    this.isRevealing = false;
    requestAnimationFrame(() => this.uncover());
  }

  // On a narrow screen the card lies over the page: where it hides what it has just explained, this comes out from below it. An
  // instrument of which no part is named goes up to the menu.
  uncover() {
    if (this.task().about) return this.uncoverAsked();
    const instrument = boxOf(INSTRUMENT), card = this.root.getBoundingClientRect();
    if (!instrument || instrument.right <= card.left || instrument.bottom <= card.top) return;
    scroll(Math.max(0, instrument.top - menu()));
  }

  // What the open question is about, a part of an instrument or controls of the page, comes to stand between the menu and the card,
  // as soon as it is there and again when anything of the lesson becomes higher or lower: what Python sets up can come later.
  uncoverAsked() {
    this.uncovering.disconnect();
    this.seen = null;
    if (this.task().about) for (const node of [this.root, ...document.querySelectorAll(LESSON)]) this.uncovering.observe(node);
  }

  asked() {
    const { about } = this.task();
    const inside = [...document.querySelectorAll(`:is(${LESSON}) *`)].map(({ shadowRoot }) => shadowRoot?.querySelector(`[data-part=${about}]`));
    return document.querySelector(`.st-key-${about}`) ?? inside.find(Boolean);
  }

  uncoverPart() {
    const node = this.asked();
    if (!node) return;
    if (node !== this.seen) this.uncovering.observe((this.seen = node)); // a second time it would be told at once, for ever
    const part = node.getBoundingClientRect(), card = this.root.getBoundingClientRect();
    if (!part.height) return;
    if (boxOf(INSTRUMENT).right <= card.left) return;
    const above = part.top - menu(), below = part.bottom - (window.innerHeight - card.height - LAST_GAP - GAP); // the card sticks there
    scroll(above < 0 ? above : Math.max(0, Math.min(above, below)));
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, Challenges); }
