// The glossary: all terms by topic, with a field that hides what does not fit while one types.
import { Instrument, mountInstrument } from "../shared/instrument.js";
import { element } from "../shared/live.js";
import { fromTree } from "../shared/markup.js";

// "Softmax ", "ＳＯＦＴＭＡＸ" and "softmax" are the same to search for.
const searchable = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[\s_-]+/g, " ").trim();

// The text that a term is found by: its names in all languages, its symbol, its code.
function keyOf(term, symbol) {
  return searchable([term.name, ...term.others.map(([, name]) => name), symbol, term.code].join(" | "));
}

// data: topics: [{title, terms: [{id, code, symbol, name, others, meaning, mistake, history, lesson, picture}]}]; labels.
class Glossary extends Instrument {
  constructor(streamlit) {
    super(streamlit, { class: "glossary", "data-instrument": "glossary" });
    this.written = "";
    const scroll = () => this.showLinked();
    window.addEventListener("hashchange", scroll);
    this.parts.push({ cancel: () => window.removeEventListener("hashchange", scroll) });
  }

  build() {
    this.field = element("input", { type: "search", class: "search", autocomplete: "off", maxlength: 60, oninput: () => this.filter() });
    this.fieldName = element("span");
    this.count = element("span", { class: "count", role: "status" });
    this.none = element("p", { class: "none", hidden: true });
    this.list = element("div");
    this.root.append(element("label", { class: "find" }, this.fieldName, this.field, this.count), this.none, this.list);
  }

  writeTexts() {
    const text = JSON.stringify(this.data);
    if (text === this.written) return;
    this.written = text;
    this.fieldName.textContent = this.say("search");
    this.field.placeholder = this.say("hint");
    this.none.textContent = this.say("none");
    this.found = []; // what the search shows and hides: {key, node} of each term
    this.list.replaceChildren(...this.data.topics.map((topic) => this.topicOf(topic)));
    this.filter();
    this.showLinked();
  }

  topicOf({ title, terms }) {
    return element("section", {}, element("h2", {}, title), element("dl", {}, ...terms.map((term) => this.entryOf(term))));
  }

  entryOf(term) {
    const symbol = element("i", { class: "symbol" }, ...term.symbol.map((tree) => fromTree(tree)));
    const others = term.others.map(([lang, name]) => element("span", { class: "other", lang }, name));
    const remark = (key) => term[key] && element("p", { class: "remark" }, element("b", {}, this.say(key)), ` ${term[key]}`);
    const link = term.lesson && element("a", { href: term.lesson[0], target: "_blank", rel: "noopener" }, term.lesson[1]);
    const node = element("div", { class: "entry", id: term.id },
      element("dt", {}, symbol, element("a", { class: "name", href: `#${term.id}` }, term.name), ...others),
      element("dd", {}, ...(term.picture ? [fromTree(term.picture)] : []),
        element("div", {}, element("p", {}, term.meaning, " ", link || ""), remark("mistake") || "", remark("history") || "")));
    this.found.push({ key: keyOf(term, symbol.textContent), node });
    return node;
  }

  filter() {
    const wanted = searchable(this.field.value);
    let shown = 0;
    for (const { key, node } of this.found) {
      node.hidden = !key.includes(wanted);
      shown += node.hidden ? 0 : 1;
    }
    for (const section of this.list.children) section.hidden = !section.querySelector(".entry:not([hidden])");
    this.none.hidden = shown > 0;
    this.count.textContent = this.say("found", { n: shown, all: this.found.length });
    this.root.dataset.shown = shown;
  }



  // Scrolls to the entry that the address names: the browser tried to before it was there.
  showLinked() {
    for (const { node } of this.found) node.classList.remove("here");
    const entry = this.found.find(({ node }) => node.id === decodeURIComponent(window.location.hash.slice(1)))?.node;
    if (!entry) return;
    if (entry.hidden) {
      this.field.value = "";
      this.filter();
    }
    entry.classList.add("here");
    entry.scrollIntoView({ block: "center" });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, Glossary); }
