// Small pictures on a canvas: grey ones, and signed ones on a scale with two ends.

import { channels, themeOf } from "./live.js";

// The colours of the theme that surrounds an element, and which of the two diverging scales fits them.
export function pictureTheme(root, scales) {
  const { paper, text, accent } = themeOf(root);
  const [r, g, b] = channels(paper);
  const scale = scales[0.3 * r + 0.59 * g + 0.11 * b < 128 ? "dark" : "light"];
  return {
    paper: channels(paper), text: channels(text), accent,
    ends: { negative: channels(scale.negative), neutral: channels(scale.neutral), positive: channels(scale.positive) },
  };
}

// One canvas pixel for every pixel: CSS enlarges the canvas without smoothing.
function imageOf(height, width, colorOf) {
  const image = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    const [r, g, b] = colorOf(i);
    image.data.set([r, g, b, 255], 4 * i);
  }
  return image;
}

export function putImage(canvas, image) {
  const { width, height } = image;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext("2d").putImageData(image, 0, 0);
}

const tint = (from, to, share) => from.map((c, i) => c + share * (to[i] - c));

// Ink on paper: 0 is the paper, 1 the colour of text.
export const inkImage = (pixels, height, width, { paper, text }) => imageOf(height, width, (i) => tint(paper, text, pixels[i]));
export const paintInk = (canvas, ...ink) => putImage(canvas, inkImage(...ink));

// Signed values on a scale from -limit to limit.
export function signedImage(values, height, width, limit, { ends }) {
  return imageOf(height, width, (i) => {
    const share = limit ? Math.min(1, Math.abs(values[i]) / limit) : 0;
    return tint(ends.neutral, values[i] < 0 ? ends.negative : ends.positive, share);
  });
}
export const paintSigned = (canvas, ...signed) => putImage(canvas, signedImage(...signed));
