// Words and formulas that Python sends, as elements.
import { element, math } from "./live.js";

// A sentence with a little emphasis, "Move *z* of **cat**": one star for a letter of a formula, two for what matters; everything else is text, never markup.
export function rich(text) {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*)/).map((part) => {
    if (part.startsWith("**")) return element("b", {}, part.slice(2, -2));
    return part.startsWith("*") && part.length > 2 ? math(part.slice(1, -1)) : part;
  });
}

const SPACES = { svg: "http://www.w3.org/2000/svg", math: "http://www.w3.org/1998/Math/MathML" };
const HTML = "http://www.w3.org/1999/xhtml";

// Trees of elements (ui/widgets/markup.py): a text, or [tag, attributes, ...children]. What a learner typed never comes this way.
export function fromTree(tree, around = HTML) {
  if (typeof tree === "string") return document.createTextNode(tree);
  const [tag, attributes, ...children] = tree;
  const space = SPACES[tag] ?? around;
  const node = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.map((child) => fromTree(child, space)));
  return node;
}
