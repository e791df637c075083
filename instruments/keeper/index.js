// Keeps in the reader's own browser what no address can hold, and gives it back when an address names it. There is nothing to see.
import { Instrument, mountInstrument } from "../shared/instrument.js";
import { showWhetherKept, storedText, storedValue, storeText } from "../shared/storage.js";

const LIST = "kept"; // what there is: [[key, name, characters], ...], the oldest first
const MOST_OF_A_KEY = 20;

const isEntry = (entry) => Array.isArray(entry) && typeof entry[0] === "string" && typeof entry[1] === "string" && Number.isFinite(entry[2]);
const placeOf = ([key, name]) => `kept:${key}:${name}`;

function entries() {
  const list = storedValue(LIST);
  return Array.isArray(list) ? list.filter(isEntry) : [];
}

// Keeps a text as the newest one; the oldest ones go where there are too many, or too many characters.
function keepNewest(key, name, text, most) {
  const entry = [key, name, text.length];
  let others = entries().filter((one) => one[0] !== key || one[1] !== name);
  const drop = (old) => {
    others = others.filter((one) => one !== old);
    storeText(placeOf(old), null);
  };
  const ofKey = () => others.filter((one) => one[0] === key);
  while (ofKey().length >= MOST_OF_A_KEY) drop(ofKey()[0]);
  while (others.length && others.reduce((sum, one) => sum + one[2], text.length) > most) drop(others[0]);
  let isKept = storedText(placeOf(entry)) === text || storeText(placeOf(entry), text);
  while (!isKept && others.length) { // the browser may be narrower than that
    drop(others[0]);
    isKept = storeText(placeOf(entry), text);
  }
  storeText(LIST, JSON.stringify(isKept ? [...others, entry] : others));
  return isKept;
}

// Now the address may name it (ui/frame/sharing.py): a reload finds it.
function nameInAddress(key, name) {
  const url = new URL(window.location.href);
  url.searchParams.set(key, name);
  window.history.replaceState(window.history.state, "", url);
}

// data: keep: [[key, name, text], ...], null for a text that the browser has taken already; most: characters of all together; long: of
// a text that is not sent again once it is taken; ask: {key: name, or "" for the newest}; number: of the question, another one in
// every session; turn: how often something was asked.
class Keeper extends Instrument {
  constructor(streamlit) {
    super(streamlit, { "data-instrument": "keeper" });
    this.kept = new Map(); // by key: the name of what this tab has kept last
    this.answered = "";
  }


  update(streamlit) {
    super.update(streamlit);
    this.answer();
    for (const key of [...this.kept.keys()]) if (!this.data.keep.some((one) => one[0] === key)) this.kept.delete(key);
    const fresh = this.data.keep.filter(([key, name]) => this.kept.get(key) !== name);
    for (const [key, name, sent] of fresh) {
      const text = sent ?? storedText(placeOf([key, name]));
      this.kept.set(key, name);
      const isKept = text !== null && keepNewest(key, name, text, this.data.most);
      showWhetherKept(isKept);
      if (isKept) nameInAddress(key, name);
    }
    const names = fresh.filter(([, , sent]) => sent?.length > this.data.long).map(([, name]) => name);
    if (names.length) this.streamlit.setTriggerValue("taken", { names });
  }

  // Whoever names a text waits for the answer, also that there is none; whoever asks for the newest does not.
  answer() {
    const { ask, number, turn } = this.data;
    if (this.answered === `${turn} ${number}`) return;
    this.answered = `${turn} ${number}`;
    const list = entries();
    const found = {};
    for (const [key, name] of Object.entries(ask)) {
      const entry = list.filter((one) => one[0] === key && (!name || one[1] === name)).at(-1);
      const text = entry ? storedText(placeOf(entry)) : null;
      if (text !== null) found[key] = [entry[1], text];
    }
    if (Object.values(ask).some(Boolean) || Object.keys(found).length) this.streamlit.setTriggerValue("found", { number, found });
  }
}

export default function mount(streamlit) { return mountInstrument(streamlit, Keeper); }
