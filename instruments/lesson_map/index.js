// The opening: the short run, what the problem is, one button to start, and the path with what is solved.
import { Instrument, mountInstrument } from "../shared/instrument.js";
import { element } from "../shared/live.js";
import { progress } from "../shared/progress.js";
import { rich } from "../shared/markup.js";
import { ShortRun } from "./short_run.js";

// The first lesson that is not done, and its first open challenge; a lesson without challenges is never done.
function nextOf(path, solved) {
  const open = (step) => step.tasks.find(({ code }) => !solved[step.stem]?.includes(code));
  const step = path.find((lesson) => !lesson.tasks.length || open(lesson)) ?? path[path.length - 1];
  const begun = path.some(({ stem, tasks }) => tasks.some(({ code }) => solved[stem]?.includes(code)));
  return { step, task: begun ? open(step) : undefined, begun };
}

// data: run, names, colors, words, path: [{stem, title, question, address, tasks: [{code, question, address}]}], labels.
class LessonMap extends Instrument {
  constructor(streamlit) {
    super(streamlit, { class: "lesson-map", "data-instrument": "lesson-map" });
    this.short = new ShortRun((key, values) => this.say(key, values));
    this.parts.push(this.short);
    this.opened = new Set(); // lessons whose challenges are listed
    const again = () => this.writeTexts(); // solved in another tab
    window.addEventListener("storage", again);
    this.parts.push({ cancel: () => window.removeEventListener("storage", again) });
  }

  build() {
    this.words = element("div", { class: "words" });
    this.begin = element("p", { class: "begin" });
    this.path = element("ol", { class: "path" });
    this.root.append(element("div", { class: "opening" }, element("div", {}, this.words, this.begin), this.short.box), this.path);
    this.watchSize(this.short.box, () => this.short.fit());
  }

  update(streamlit) {
    this.streamlit = streamlit;
    this.data = streamlit.data;
    const sent = JSON.stringify([this.data.run, this.data.colors]);
    if (sent !== this.sent) this.short.take(this.data);
    this.sent = sent;
    this.short.fit(); // the theme may be another one
    this.writeTexts();
  }

  redraw() { this.short.fit(); }

  writeTexts() {
    const { path, words, labels } = this.data;
    const solved = progress();
    this.root.setAttribute("aria-label", labels.heading);
    this.words.replaceChildren(...words.map((sentence) => element("p", {}, ...rich(sentence))));
    const { step, task, begun } = nextOf(path, solved);
    const start = this.link(step, task, this.say(begun ? "go_on" : "start", { lesson: step.title }));
    start.className = "start";
    this.begin.replaceChildren(start);
    this.path.replaceChildren(...path.map((lesson) => this.row(lesson, solved[lesson.stem] ?? [], lesson === step)));
  }

  // A plain click goes on in the same session; any other does what the browser does with a link.
  link(step, task, ...children) {
    const onclick = (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.streamlit.setTriggerValue("open", { stem: step.stem, code: task?.code ?? "" });
    };
    return element("a", { href: (task ?? step).address, onclick }, ...children);
  }

  row(step, solved, isNext) {
    const { tasks, stem } = step;
    const done = tasks.filter(({ code }) => solved.includes(code)).length;
    const row = element("li", { class: isNext ? "next" : "", "data-lesson": stem, "data-solved": done, "data-tasks": tasks.length },
      this.link(step, null, element("b", {}, step.title), element("span", { class: "question" }, step.question)));
    if (!tasks.length) return row;
    const list = element("ul", { hidden: !this.opened.has(stem) }, ...tasks.map((task) => {
      const ticked = solved.includes(task.code);
      return element("li", { class: ticked ? "solved" : "" },
        element("span", { role: "img", class: "tick", "aria-label": this.say(ticked ? "solved" : "unsolved") }, ticked ? "✓" : ""),
        this.link(step, task, ...rich(task.question)));
    }));
    const count = this.say("count", { done, all: tasks.length });
    const toggle = element("button", { type: "button", class: "count", "aria-label": `${count}, ${step.title}`, "aria-expanded": String(!list.hidden), onclick: () => {
      list.hidden = !list.hidden;
      this.opened[list.hidden ? "delete" : "add"](stem);
      toggle.setAttribute("aria-expanded", String(!list.hidden));
    } },
    element("span", { class: "dots", "aria-hidden": "true" }, ...tasks.map(({ code }) => element("span", { class: solved.includes(code) ? "dot solved" : "dot" }))),
    count);
    row.append(toggle, list);
    return row;
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, LessonMap); }
