// A drawing as a short text for the link: strokes joined by ".", three letters for each point. The same as unpack_strokes in
// instruments/pixel_pad/__init__.py; a test compares them.
import { distanceTo } from "./strokes.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STEPS = 512; // places across the pad and down
const NOTHING = "0"; // the text of an empty drawing; a link cannot hold an empty value

export const onGrid = (value) => Math.max(0, Math.min(STEPS - 1, Math.round(value * STEPS))) / STEPS;

export function packStrokes(strokes) {
  const texts = strokes.filter((stroke) => stroke.length).map((stroke) => stroke.map(([x, y]) => {
    const number = onGrid(x) * STEPS * STEPS + onGrid(y) * STEPS;
    return LETTERS[number >> 12] + LETTERS[(number >> 6) & 63] + LETTERS[number & 63];
  }).join(""));
  return texts.join(".") || NOTHING;
}

export function unpackStrokes(text) {
  if (text === NOTHING) return [];
  return text.split(".").map((part) => Array.from({ length: part.length / 3 }, (_, i) => {
    const number = [0, 1, 2].reduce((sum, j) => sum * 64 + LETTERS.indexOf(part[3 * i + j]), 0);
    return [(number >> 9) / STEPS, (number & (STEPS - 1)) / STEPS];
  }));
}

// Leaves out points that lie within `close` of the line between those that stay (Douglas and Peucker 1973).
export function simplified(stroke, close) {
  if (stroke.length < 3) return stroke;
  const [first, last] = [stroke[0], stroke.at(-1)];
  let [far, most] = [0, -1];
  for (let i = 1; i < stroke.length - 1; i++) {
    const distance = distanceTo(...stroke[i], first, last);
    if (distance > most) [far, most] = [i, distance];
  }
  if (most <= close) return [first, last];
  return [...simplified(stroke.slice(0, far + 1), close).slice(0, -1), ...simplified(stroke.slice(far), close)];
}
