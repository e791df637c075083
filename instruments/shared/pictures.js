// Small pictures on a canvas: grey ones, and signed ones on a scale with two ends.

const channels = (color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));

export function unpackFloats(text) {
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return new Float32Array(out.buffer);
}

export function unpackSigned(text) {
  const raw = atob(text);
  const out = new Int8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}

// The colours of the theme that surrounds an element, and which of the two diverging scales fits them.
export function surroundings(root, scales) {
  const style = getComputedStyle(root);
  const hex = (name, fallback) => {
    const value = style.getPropertyValue(name).trim();
    return /^#[0-9a-f]{6}/i.test(value) ? value.slice(0, 7) : fallback;
  };
  const paper = hex("--st-background-color", "#ffffff");
  const [r, g, b] = channels(paper);
  const scale = scales[0.3 * r + 0.59 * g + 0.11 * b < 128 ? "dark" : "light"];
  return {
    paper: channels(paper), text: channels(hex("--st-text-color", "#222222")), accent: hex("--st-primary-color", "#0b6b63"),
    ends: { negative: channels(scale.negative), neutral: channels(scale.neutral), positive: channels(scale.positive) },
  };
}

// Paints value(i) for every pixel, one canvas pixel each: CSS enlarges the canvas without smoothing.
function paintPixels(canvas, height, width, colorOf) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    const [r, g, b] = colorOf(i);
    image.data.set([r, g, b, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
}

const between = (from, to, share) => from.map((c, i) => c + share * (to[i] - c));

// Ink on paper: 0 is the paper, 1 the colour of text.
export function paintInk(canvas, pixels, height, width, { paper, text }) {
  paintPixels(canvas, height, width, (i) => between(paper, text, pixels[i]));
}

// Signed values on a scale from -limit to limit.
export function paintSigned(canvas, values, height, width, limit, { ends }) {
  paintPixels(canvas, height, width, (i) => {
    const share = limit ? Math.min(1, Math.abs(values[i]) / limit) : 0;
    return between(ends.neutral, values[i] < 0 ? ends.negative : ends.positive, share);
  });
}
