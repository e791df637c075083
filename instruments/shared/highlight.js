// A class under the pointer or the focus in one instrument lights up in the others on the page; null is none.
const HIGHLIGHT = "softmax-lab:highlight";

const highlight = (k) => document.dispatchEvent(new CustomEvent(HIGHLIGHT, { detail: k }));

// Calls act(k) whenever another class is highlighted; cancel() ends it.
export function onHighlight(act) {
  const listen = (event) => act(event.detail);
  document.addEventListener(HIGHLIGHT, listen);
  return { cancel: () => document.removeEventListener(HIGHLIGHT, listen) };
}

// A node that stands for the class k.
export function highlightOnHover(node, k) {
  for (const name of ["pointerenter", "focusin"]) node.addEventListener(name, () => highlight(k));
  for (const name of ["pointerleave", "focusout"]) node.addEventListener(name, () => highlight(null));
}
