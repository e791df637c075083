// Writes to the page only what differs from what stands there: an equal value would still cost a new layout.

export function writeText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function writeAttribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

export function writeStyle(node, name, value) {
  if (node.style.getPropertyValue(name) !== String(value)) node.style.setProperty(name, value);
}
