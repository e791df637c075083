// What every instrument shares: painting once per frame, the address, elements of the page.

// Returns a function that asks for one paint on the next frame, however often it is called.
export function oncePerFrame(paint) {
  let asked = 0;
  const request = () => {
    if (!asked) asked = requestAnimationFrame(() => { asked = 0; paint(); });
  };
  request.cancel = () => cancelAnimationFrame(asked);
  return request;
}

// Writes an instrument's parameters into the address without a new entry in the history, some time after the last change; null
// removes one. Python writes other parameters, never these. `now` writes at once, after Python has put a new state.
// Streamlit may rewrite the address from a rerun that began before our last change, so it is checked once more later.
export function addressWriter(settle = 250) {
  let timer = 0;
  const write = (params, again) => {
    const url = new URL(window.location.href);
    for (const [name, value] of Object.entries(params)) {
      if (value === null) url.searchParams.delete(name);
      else if (value !== undefined) url.searchParams.set(name, value);
    }
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
    timer = again ? setTimeout(write, 1500, params, false) : 0;
  };
  const later = (params) => { clearTimeout(timer); timer = setTimeout(write, settle, params, true); };
  later.now = (params) => { clearTimeout(timer); write(params, true); };
  later.cancel = () => clearTimeout(timer);
  return later;
}

// A list of texts as one parameter: joined by "~", which addresses never escape.
export function joinTexts(texts) {
  return texts.map((text) => text.replaceAll("%", "%25").replaceAll("~", "%7E")).join("~");
}

// element("button", {class: "tool", "aria-label": "Play"}, child, "text"): text is always text, never markup.
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

// The same for the parts of a drawing.
export function svgElement(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// What a button shows: a path in a square of 24 units.
export const icon = (d) => svgElement("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svgElement("path", { d }));

// Points of a canvas for a CSS pixel: as many as the screen has, and two on paper.
export const pointsPerPixel = () => (document.documentElement.classList.contains("lab-printing") ? 2 : Math.min(2, window.devicePixelRatio || 1));

// Gives a canvas a size in CSS pixels and as many points as the screen has there, or `ratio` times as many; returns its context.
export function fitCanvas(canvas, width, height, ratio = pointsPerPixel()) {
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return context;
}

// Numbers that Python sent in base64: unpacked(text, Float32Array).
export function unpacked(text, Numbers) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new Numbers(bytes.buffer);
}

// "#aabbcc" as [red, green, blue].
export const channels = (color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));

// Black or white, whichever is seen better on the colour.
export const inkOn = (color) => {
  const [red, green, blue] = channels(color).map((value) => (value / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.19 ? "#000" : "#fff";
};

// The colours of Streamlit's theme around an element.
export function themeOf(node) {
  const style = getComputedStyle(node);
  const hex = (name, fallback) => {
    const value = style.getPropertyValue(name).trim();
    return /^#[0-9a-f]{6}/i.test(value) ? value.slice(0, 7) : fallback;
  };
  return {
    paper: hex("--st-background-color", "#ffffff"), text: hex("--st-text-color", "#222222"),
    accent: hex("--st-primary-color", "#0b6b63"), font: style.fontFamily,
  };
}

// These three write only what differs from what stands there: an equal value would still cost a new layout.
export function writeText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function writeAttribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

export function writeStyle(node, name, value) {
  if (node.style.getPropertyValue(name) !== String(value)) node.style.setProperty(name, value);
}

// A letter of a formula.
export const math = (letter) => element("i", {}, letter);

// Where a value and its sentence meet, a space stands between a Han character and a letter or a digit: 猫的 but cat 的.
// locales/__init__.py has the same rule.
const HAN = "[\\u3400-\\u9fff]", MARKS = "[*`]*(?:\0[*`]*)+"; // marks: of Markdown and markup.js
const SEAMS = new RegExp(`(?<=${HAN})(${MARKS})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(${MARKS})(?=${HAN})`, "g");

// Fills "{name}" places of a translated sentence.
export function fill(sentence, values) {
  const marked = sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? `\0${values[name]}\0` : whole));
  return marked.replace(SEAMS, (_seam, before, after) => (before ? ` ${before}` : `${after} `)).replaceAll("\0", "");
}
