// A class under the pointer or the focus in one instrument lights up in the others on the page; null is none.
const LIT = "softmax-lab:lit";

export const lightUp = (k) => document.dispatchEvent(new CustomEvent(LIT, { detail: k }));

// Calls act(k) whenever another class is lit; cancel() ends it.
export function onLight(act) {
  const listen = (event) => act(event.detail);
  document.addEventListener(LIT, listen);
  return { cancel: () => document.removeEventListener(LIT, listen) };
}

// A node that stands for the class k.
export function lights(node, k) {
  for (const name of ["pointerenter", "focusin"]) node.addEventListener(name, () => lightUp(k));
  for (const name of ["pointerleave", "focusout"]) node.addEventListener(name, () => lightUp(null));
}
