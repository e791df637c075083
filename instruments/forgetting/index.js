// What this browser keeps, in one sentence, and a button that forgets it. It asks once.
import { Instrument, mountInstrument } from "../shared/instrument.js";
import { element } from "../shared/live.js";
import { forgetStored, keepsNothing } from "../shared/storage.js";

// data: labels.
class Forgetting extends Instrument {
  constructor(streamlit) {
    super(streamlit, { class: "forgetting", "data-instrument": "forgetting" });
    this.stage = keepsNothing() ? "blocked" : "kept"; // then "asked", then "forgotten"
  }

  build() {
    const button = (name, act) => (this[name] = element("button", { class: "tool", type: "button", onclick: act }));
    this.sentence = element("p", { role: "status", tabindex: "-1" });
    button("ask", () => this.go("asked", "no"));
    button("yes", () => this.forget());
    button("no", () => this.go("kept", "ask"));
    this.root.append(this.sentence, element("div", {}, this.ask, this.yes, this.no));
  }


  go(stage, focus) {
    this.stage = stage;
    this.writeTexts();
    this[focus].focus({ preventScroll: true });
  }

  forget() {
    forgetStored();
    window.softmaxLabBoards?.clear();
    this.streamlit.setTriggerValue("forget", true);
    this.go("forgotten", "sentence");
    window.dispatchEvent(new Event("storage")); // what is solved stands on this page
  }

  writeTexts() {
    this.sentence.textContent = this.say(this.stage);
    for (const name of ["ask", "yes", "no"]) this[name].textContent = this.say(name);
    this.ask.hidden = this.stage !== "kept";
    this.yes.hidden = this.no.hidden = this.stage !== "asked";
  }

  paint() {}
}

export default function mount(streamlit) { return mountInstrument(streamlit, Forgetting); }
