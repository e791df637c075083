// The button beside the title whose dialog shows the link to what is on the screen now. Python makes the link (ui/frame/share.py)
// from the address of the moment, which is known only here.
import { Instrument, mountInstrument } from "../shared/instrument.js";
import { element, icon, svgElement, writeText } from "../shared/live.js";

const LOOK = 250; // milliseconds between two looks at the address, which changes a moment after what is on the screen
const LONGEST_WAIT = 1500; // milliseconds for an answer; a script that was stopped gives none
const ARROW = "M12 16V4m0 0L7.5 8.5M12 4l4.5 4.5M5 13v6h14v-6";

// data: labels, languages, themes, answer; in an embedded page only whole, the words of the link.
class Share extends Instrument {
  constructor(streamlit) {
    super(streamlit, { class: "share", "data-instrument": "share" });
    this.number = 0;
    this.chosen = null;
    this.form = "link";
    this.shown = null;
  }

  build() {
    if (this.data.whole) return this.buildWhole();
    this.name = element("span", { class: "name" });
    this.opener = element("button", { type: "button", class: "tool opener", "aria-haspopup": "dialog", onclick: () => this.open() }, icon(ARROW), this.name);
    this.root.append(this.opener);
    this.parts.push({ cancel: () => clearInterval(this.timer) });
  }

  writeTexts() {
    if (this.data.whole) return writeText(this.wholeName, this.data.whole);
    writeText(this.name, this.say("share"));
    this.opener.setAttribute("aria-label", this.say("share"));
  }

  paint() {
    const { answer } = this.data;
    if (!this.dialog?.open || !answer || answer.number !== this.number) return;
    this.show(answer);
  }


  // --- the dialog

  open() {
    const lang = new URL(window.location.href).searchParams.get("lang");
    this.chosen = { lang: this.data.languages.some(([code]) => code && code === lang) ? lang : "", theme: "", at_step: true, own: false, network: true };
    this.form = "link";
    this.shown = null;
    this.dialog?.remove();
    this.buildDialog();
    window.dispatchEvent(new CustomEvent("softmax-lab:hold")); // a run that plays stops: the link is of one moment
    this.dialog.showModal();
    this.ask();
    this.timer = setInterval(() => this.look(), LOOK);
  }

  look() {
    const isWaiting = this.shown?.number !== this.number;
    if (window.location.href !== this.asked || (isWaiting && Date.now() - this.number > LONGEST_WAIT)) this.ask();
  }

  closed() {
    clearInterval(this.timer);
    this.dialog.remove();
    this.streamlit.setStateValue("ask", null);
  }

  ask() {
    this.number = Date.now(); // grows over reloads too
    this.asked = window.location.href;
    this.streamlit.setStateValue("ask", { number: this.number, address: this.asked, ...this.chosen });
  }

  choose(part) {
    Object.assign(this.chosen, part);
    this.ask();
  }

  buildDialog() {
    const say = (key) => this.say(key);
    const menu = (name, options, value, act) => {
      const select = element("select", { onchange: () => act(select.value) }, ...options.map(([code, text]) => element("option", { value: code }, text)));
      select.value = value;
      return element("label", { class: "row" }, element("span", {}, name), select);
    };
    const check = (key) => {
      const box = element("input", { type: "checkbox", onchange: () => this.choose({ [key]: box.checked }) });
      box.checked = this.chosen[key];
      const words = element("span");
      return Object.assign(element("label", { class: "check", hidden: true }, box, words), { words });
    };
    const form = (code) => {
      const input = element("input", { type: "radio", name: "form", value: code, onchange: () => { this.form = code; this.showForm(); } });
      input.checked = code === this.form;
      return element("label", { class: "form" }, input, element("span", {}, say(code)));
    };
    this.checks = { at_step: check("at_step"), own: check("own"), network: check("network") };
    this.notes = element("div", { class: "notes", role: "status" });
    this.text = element("textarea", { readonly: true, rows: 4, spellcheck: "false", "aria-label": say("link"), onfocus: () => this.text.select() });
    this.copied = element("span", { role: "status" });
    this.file = element("a", { class: "tool file", hidden: true }, say("file"));
    this.copyButton = element("button", { type: "button", class: "tool copy", disabled: true, onclick: () => this.copy() }, say("copy"));
    this.framed = element("p", { class: "hint" }, say("framed"));
    this.path = svgElement("path", { fill: "#000" });
    this.code = svgElement("svg", { role: "img", "aria-label": say("qr"), "shape-rendering": "crispEdges" }, svgElement("rect", { width: "100%", height: "100%", fill: "#fff" }), this.path);
    this.sizeButton = element("button", { type: "button", class: "tool", "aria-pressed": "false", onclick: () => this.resize() }, say("larger"));
    this.picture = element("div", { class: "qr" }, this.code, element("p", {}, element("span", { class: "hint" }, say("scan")), this.sizeButton));
    const title = element("h2", { id: "title" }, say("title"));
    const close = element("button", { type: "button", class: "tool close", "aria-label": say("close"), onclick: () => this.dialog.close() }, "×");
    const choices = element("div", { class: "choices" },
      element("div", { class: "forms", role: "radiogroup", "aria-label": say("form") }, form("link"), form("code")),
      menu(say("language"), this.data.languages, this.chosen.lang, (lang) => this.choose({ lang })),
      menu(say("theme"), this.data.themes, this.chosen.theme, (theme) => this.choose({ theme })),
      ...Object.values(this.checks), this.framed, this.text, element("p", { class: "copying" }, this.copyButton, this.file, this.copied), this.notes);
    this.dialog = element("dialog", { "aria-labelledby": "title", onclose: () => this.closed(), onclick: ({ target }) => { if (target === this.dialog) this.dialog.close(); } },
      element("div", { class: "inside" }, element("header", {}, title, close), element("div", { class: "columns" }, choices, this.picture)));
    this.root.append(this.dialog);
    this.showForm();
  }

  // What Python has answered.
  show(answer) {
    this.shown = answer;
    const { at_step, own, network } = this.checks;
    at_step.hidden = answer.step === null;
    own.hidden = answer.own === null;
    network.hidden = answer.network === null;
    writeText(at_step.words, this.say("at_step", { step: answer.step ?? "" }));
    writeText(own.words, answer.own ?? "");
    writeText(network.words, this.say("network", { address: answer.network ?? "" }));
    this.notes.replaceChildren(...answer.notes.map((text) => element("p", {}, text)));
    this.file.hidden = answer.file === null;
    if (answer.file) {
      this.file.href = `data:text/html;charset=utf-8,${encodeURIComponent(answer.file)}`;
      this.file.download = `softmax-lab-${window.location.pathname.split("/").pop() || "home"}.html`;
    }
    this.path.setAttribute("d", answer.path);
    this.code.setAttribute("viewBox", `0 0 ${answer.size} ${answer.size}`);
    this.showForm();
  }

  showForm() {
    const isLink = this.form === "link";
    this.text.value = this.shown?.[this.form] ?? "";
    this.text.setAttribute("aria-label", this.say(this.form));
    this.framed.hidden = isLink;
    this.picture.hidden = !isLink || this.shown?.size === 0;
    this.copyButton.disabled = !this.shown;
    writeText(this.copied, "");
  }

  resize() {
    const isLarge = this.dialog.classList.toggle("large");
    this.sizeButton.setAttribute("aria-pressed", String(isLarge));
    writeText(this.sizeButton, this.say(isLarge ? "smaller" : "larger"));
  }

  // Where the page came by plain HTTP over the network, as in a classroom, browsers have no clipboard: there the old command does it.
  async copy() {
    let done = true;
    try { await navigator.clipboard.writeText(this.text.value); } catch {
      this.text.focus();
      this.text.select();
      done = document.execCommand("copy");
    }
    writeText(this.copied, this.say(done ? "copied" : "by_hand"));
  }

  // --- in an embedded page

  buildWhole() {
    this.wholeName = element("span");
    const lead = () => {
      const address = new URL(window.location.href);
      address.searchParams.delete("embed");
      link.href = address.href;
    };
    const link = element("a", { class: "whole", target: "_blank", rel: "noopener" }, this.wholeName, element("span", { "aria-hidden": "true" }, " ↗"));
    for (const type of ["pointerenter", "pointerdown", "focus", "click"]) link.addEventListener(type, lead);
    lead();
    this.root.append(link);
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, Share); }
