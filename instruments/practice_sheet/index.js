// The practice sheet: turning and answering happen here; Python makes the questions and judges the answers.
import { Board } from "../shared/board.js";
import { mountInstrument } from "../shared/instrument.js";
import { element } from "../shared/live.js";
import { questionCard } from "./card.js";
import { forgetSheets, keepSheet, keptAnswers, scoreOfOthers } from "./kept.js";
import { isRight, isShown, scoreOf, summaryCard } from "./summary.js";

const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

// A formula or table that is wider than the sheet scrolls by itself: Tab reaches it, also in browsers that do not see to it.
function reach(part) {
  if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
  else part.removeAttribute("tabindex");
}

// data: seed and judged, of which questions and outcomes tell; last: the number of the last sheet; questions; outcomes by code;
// topics; labels.
class PracticeSheet extends Board {
  constructor(streamlit) {
    const parameters = ({ seed, question, view }, standard) => ({
      seed: seed === standard.seed ? null : String(seed), view: view === standard.view ? null : view,
      question: question === standard.question || view !== "one" ? null : String(question),
    });
    super(streamlit, { instrument: "practice-sheet", style: "practice", parameters });
    this.cards = new Map(); // by code: the card and what it was built from
    this.answeredLast = ""; // the question whose answer is under way: its card gets the focus back
    this.reaching = new ResizeObserver((entries) => entries.forEach(({ target }) => reach(target)));
    const page = window.location.pathname;
    const follow = () => { if (window.location.pathname === page) this.follow(); };
    window.addEventListener("popstate", follow);
    this.parts.push({ cancel: () => { window.removeEventListener("popstate", follow); this.reaching.disconnect(); } });
  }

  build() {
    const part = (...how) => this.part(...how);
    const button = (name, onclick, style = "tool") => part(name, "button", { type: "button", class: `${style} ${name}`, onclick });
    this.views = ["one", "sheet"].map((view) => element("button", { type: "button", class: "tool", onclick: () => this.visit({ view }) }));
    part("number", "input", { type: "number", min: 0, max: this.data.last, step: 1 });
    this.number.addEventListener("change", () => this.typedSheet());
    part("key", "input", { type: "checkbox", onchange: () => this.ask({ key: this.key.checked }) });
    this.root.append(
      element("header", { class: "controls" },
        element("div", { class: "views", role: "group" }, ...this.views),
        element("label", { class: "sheet" }, part("sheetName", "span"), this.number),
        button("fresh", () => this.open(Math.floor(Math.random() * (this.data.last + 1)), 1)), button("print", () => window.print()),
        element("label", { class: "key" }, this.key, part("keyName", "span"))),
      part("score", "p", { role: "status" }),
      button("back", () => this.turn(-1)), part("chips", "nav"), button("next", () => this.turn(1)),
      part("paper", "div"), this.message, part("sheet", "div"), part("answers", "ol"),
      element("footer", { class: "foot" }, button("clearOne", () => this.empty(), "quiet"), button("clearAll", () => { forgetSheets(); this.empty(); }, "quiet")));
  }

  // What the browser kept counts more than what the session remembers.
  renew() {
    super.renew();
    const kept = keptAnswers(this.state.seed);
    if (kept && !same(kept, this.state.answers)) this.ask({ answers: kept });
  }

  update(streamlit) {
    super.update(streamlit);
    if (!this.judged()) return;
    const answers = this.state.answers.filter((text) => !this.refused(text));
    const { right, answered } = scoreOf(this.data.questions, this.data.outcomes);
    if (answers.length || keptAnswers(this.state.seed)) keepSheet({ seed: this.state.seed, answers, right, answered });
  }

  // Whether Python has judged these very answers to this very sheet.
  judged() { return this.data.seed === this.state.seed && same(this.data.judged, this.state.answers); }

  refused(text) {
    const code = text.slice(0, text.indexOf(":"));
    return this.data.outcomes[code]?.refused?.text === text.slice(code.length + 1);
  }

  go(place) { this.change({ ...this.state, ...place }); }

  ask(more) {
    this.go(more);
    this.tell.now();
  }

  open(seed, question) {
    this.visit({ seed, question, answers: keptAnswers(seed) ?? [] });
    this.tell.now();
  }

  // A question, a sheet, a view are places of their own in the history: Back leads to the one before.
  visit(place) {
    if (["seed", "question", "view"].every((name) => (place[name] ?? this.state[name]) === this.state[name])) return this.go(place);
    this.address.now(this.addressed());
    window.history.pushState(window.history.state, "", window.location.href);
    this.go(place);
    this.address.now(this.addressed());
  }

  // After Back or Forward: the address says where.
  follow() {
    const { standard, prefix, last, questions } = this.data;
    const parameters = new URL(window.location.href).searchParams;
    const whole = (name, low, high) => {
      const value = Number(parameters.get(`${prefix}_${name}`) ?? standard[name]);
      return Number.isInteger(value) && value >= low && value <= high ? value : standard[name];
    };
    const view = parameters.get(`${prefix}_view`) === "sheet" ? "sheet" : standard.view;
    const seed = whole("seed", 0, last);
    const question = view === "one" ? whole("question", 1, questions.length + 1) : this.state.question;
    if (seed === this.state.seed) return this.go({ question, view });
    this.ask({ seed, question, view, answers: keptAnswers(seed) ?? [] });
  }

  turn(by) { this.turnTo(this.state.question + by); }

  turnTo(question) {
    this.visit({ view: "one", question: Math.min(Math.max(question, 1), this.data.questions.length + 1) });
    requestAnimationFrame(() => this.bringUp());
  }

  // On a narrow screen one turns below the answer: the next question begins in sight.
  bringUp() {
    const menu = document.querySelector(".stAppHeader")?.getBoundingClientRect().bottom ?? 0;
    if (this.sheet.getBoundingClientRect().top < menu) this.sheet.scrollIntoView({ block: "start", behavior: "instant" });
  }

  typedSheet() {
    const seed = Number(this.number.value);
    if (this.number.value.trim() && Number.isInteger(seed) && seed >= 0 && seed <= this.data.last) return this.open(seed, this.state.question);
    this.number.value = this.state.seed;
    this.change(this.state, this.say("not_a_sheet", { last: this.data.last }));
  }

  answer(code, text) {
    if (this.answeredLast === code && !this.judged()) return; // a double click is one answer
    this.answeredLast = code;
    const before = this.judged() ? this.state.answers.filter((one) => !this.refused(one)) : this.state.answers;
    this.ask({ answers: [...before, `${code}:${text}`] });
  }

  empty() {
    keepSheet({ seed: this.state.seed, answers: [] });
    this.ask({ answers: [] });
  }

  writeTexts() {
    for (const name of ["fresh", "print", "back", "next", "clearOne", "clearAll"]) this[name].textContent = this.say(name);
    ["one", "sheet"].forEach((view, i) => { this.views[i].textContent = this.say(view); });
    this.root.setAttribute("aria-label", this.say("heading"));
    this.chips.setAttribute("aria-label", this.say("heading"));
    this.sheetName.textContent = this.say("sheet_name");
    this.keyName.textContent = this.answers.dataset.title = this.say("key");
  }

  paint() {
    if (!this.state) return;
    const { questions, outcomes, topics, labels } = this.data;
    const { seed, question, key } = this.state;
    const view = this.onPaper() ? "sheet" : this.state.view; // nobody prints one question
    const last = questions.length + 1;
    this.views.forEach((node, i) => node.setAttribute("aria-pressed", String(view === ["one", "sheet"][i])));
    if (this.root.getRootNode().activeElement !== this.number) this.number.value = seed;
    this.key.checked = key;
    this.print.hidden = view === "one";
    this.back.disabled = question <= 1;
    this.next.disabled = question >= last;
    this.back.hidden = this.next.hidden = view !== "one";
    this.paper.replaceChildren(...["name", "date"].map((name) => element("span", {}, `${this.say(name)}:`)), element("b", {}, this.say("sheet_no", { seed })));
    while (this.chips.childElementCount < last) this.chips.append(this.chip(this.chips.childElementCount));
    [...this.chips.children].forEach((node, i) => this.paintChip(node, i));
    if (this.judged()) this.paintScore();
    const card = ({ code }, i) => this.card(questions[i], i + 1, outcomes[code]);
    const summary = () => summaryCard(questions, outcomes, topics, labels, (i) => this.chip(i));
    const shown = view === "sheet" ? [...questions.map(card), summary()] : question < last ? [card(questions[question - 1], question - 1)] : [summary()];
    this.place(shown);
    this.answers.replaceChildren(...(view === "sheet" && key ? questions.map(({ code }) => element("li", {}, outcomes[code]?.solution?.answer ?? "")) : []));
    this.sheet.classList.toggle("waiting", !this.judged());
    this.nameKeys();
    Object.assign(this.root.dataset, { seed, question, view, judged: String(this.judged()) });
    this.giveFocusBack();
  }

  // Which key presses what while the page is presented (ui/frame/present.js): PageDown gives the solution, then turns.
  nameKeys() {
    const show = this.state.view === "one" ? this.sheet.querySelector("form .quiet") : null;
    for (const node of this.sheet.querySelectorAll("form .quiet")) node.dataset.key = node === show ? "PageDown Answer" : "";
    this.next.dataset.key = show ? "ArrowRight" : "ArrowRight PageDown";
    this.back.dataset.key = "ArrowLeft PageUp";
  }

  // Puts the cards on the sheet; one that stands there already is not touched, so that it keeps the focus.
  place(cards) {
    cards.forEach((card, i) => {
      const before = this.sheet.children[i];
      if (before !== card) for (const part of card.querySelectorAll(".formula, .table")) this.reaching.observe(part);
      if (!before) this.sheet.append(card);
      else if (before !== card) before.replaceWith(card);
    });
    while (this.sheet.childElementCount > cards.length) this.sheet.lastElementChild.remove();
  }

  paintScore() {
    const { right, answered, shown } = scoreOf(this.data.questions, this.data.outcomes);
    const others = scoreOfOthers(this.state.seed);
    const total = others.answered ? ` · ${this.say("all_sheets", { right: right + others.right, answered: answered + others.answered })}` : "";
    this.score.textContent = this.say("score", { seed: this.state.seed, right, answered, left: this.data.questions.length - answered - shown }) + total;
    this.clearOne.hidden = !this.state.answers.length;
    this.clearAll.hidden = !others.answered;
  }

  // A question's number as a link to it; the one after the last leads to the summary.
  chip(i) {
    const node = element("a", { onclick: (event) => { event.preventDefault(); this.turnTo(i + 1); } });
    this.paintChip(node, i);
    return node;
  }

  paintChip(node, i) {
    const { questions, outcomes, prefix } = this.data;
    const question = questions[i];
    const outcome = question && outcomes[question.code];
    const style = !outcome?.finished ? "" : isRight(outcome) ? "right" : isShown(outcome) ? "shown" : "wrong";
    const address = new URL(window.location.href);
    address.searchParams.set(`${prefix}_question`, i + 1);
    address.searchParams.delete(`${prefix}_view`);
    node.textContent = question ? `${i + 1}${{ right: " ✓", wrong: " ✗", shown: " ○" }[style] ?? ""}` : this.say("summary");
    node.className = `chip ${style}`;
    node.href = address.search;
    node.title = (question?.title ?? this.say("summary")) + (style === "shown" ? `: ${this.say("solution_shown")}` : "");
    node.setAttribute("aria-current", this.state.view === "one" && this.state.question === i + 1 ? "step" : "false");
  }

  // A card is built anew only where something on it has changed: what is being typed stays.
  card(question, number, outcome) {
    const made = JSON.stringify([this.data.seed, question.title, outcome ?? null]);
    const before = this.cards.get(question.code);
    if (before?.made === made) return before.node;
    const node = questionCard(question, number, outcome, this.data.labels, (text) => this.answer(question.code, text));
    this.cards.set(question.code, { made, node });
    return node;
  }

  giveFocusBack() {
    if (!this.answeredLast || !this.judged()) return;
    const node = this.cards.get(this.answeredLast)?.node;
    this.answeredLast = "";
    if (this.root.contains(this.root.getRootNode().activeElement)) return; // the learner is elsewhere already
    const field = node?.querySelector("form input:not(:disabled)");
    if (field) {
      field.focus({ preventScroll: true });
      field.select?.();
    } else if (this.state.view === "one") this.next.focus({ preventScroll: true });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, PracticeSheet); }
