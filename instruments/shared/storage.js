// What the app keeps in the reader's own browser: texts under names that begin alike, so that all of it can be forgotten. A browser
// that keeps nothing (a private window, a frame in another site, a full disk) is like one that has kept nothing so far.
const OURS = "softmax-lab:";

export function storedText(name) {
  try { return localStorage.getItem(OURS + name); } catch { return null; }
}

// Whether the browser has done it; null takes the text away.
export function storeText(name, text) {
  try {
    if (text === null) localStorage.removeItem(OURS + name);
    else localStorage.setItem(OURS + name, text);
    return true;
  } catch { return false; }
}

// A value that was stored as JSON; it may have been changed by hand, so whoever reads it checks it.
export function storedValue(name) {
  try { return JSON.parse(storedText(name)); } catch { return null; }
}

// Whether this page cannot keep what it promises; ui/frame/delivery.py looks first.
const NOTHING = "lab-keeps-nothing";
export const keepsNothing = () => document.documentElement.classList.contains(NOTHING);
export const showWhetherKept = (isKept) => document.documentElement.classList.toggle(NOTHING, !isKept);

// Everything, and what only this tab keeps.
export function forgetStored() {
  for (const place of ["localStorage", "sessionStorage"]) {
    try {
      const store = window[place];
      for (const key of Object.keys(store)) if (key.startsWith(OURS)) store.removeItem(key);
    } catch { /* a browser that keeps nothing */ }
  }
}
