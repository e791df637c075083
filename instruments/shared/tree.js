// Trees of elements that Python sends: a text, or [tag, attributes, ...children]. What a learner typed never comes this way.
const SPACES = { svg: "http://www.w3.org/2000/svg", math: "http://www.w3.org/1998/Math/MathML" };
const HTML = "http://www.w3.org/1999/xhtml";

export function grown(tree, around = HTML) {
  if (typeof tree === "string") return document.createTextNode(tree);
  const [tag, attributes, ...children] = tree;
  const space = SPACES[tag] ?? around;
  const node = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.map((child) => grown(child, space)));
  return node;
}
