// Safe motion: no place of a picture flashes more than three times a second (WCAG 2.3.1), and who wants little motion gets
// pictures in place of motion.

const LEAST_CHANGE = 0.06; // of relative luminance; WCAG counts from 0.1, but not only at the places that are watched here
const BRIGHT = 0.8; // where both are lighter than this, WCAG counts no flash
const BACK_AFTER = 1000 / 3; // milliseconds before a place may go back to light or to dark
export const SLIDE = 500; // milliseconds of a picture where little motion is wanted

const QUERY = "(prefers-reduced-motion: reduce)";
export const prefersReducedMotion = () => window.matchMedia(QUERY).matches;

// Calls act() whenever that changes, until it is cancelled.
export function onReducedMotion(act) {
  const query = window.matchMedia(QUERY);
  query.addEventListener("change", act);
  return { cancel: () => query.removeEventListener("change", act) };
}

const LINEAR = Float64Array.from({ length: 256 }, (_, i) => (i <= 10 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4));

// Relative luminance of red, green and blue from 0 to 255, as WCAG defines it.
const luminance = (red, green, blue) =>
  0.2126 * LINEAR[Math.round(red)] + 0.7152 * LINEAR[Math.round(green)] + 0.0722 * LINEAR[Math.round(blue)];

// The luminance of every pixel of an ImageData's numbers.
export const lightOf = (pixels) =>
  Float64Array.from({ length: pixels.length / 4 }, (_, i) => luminance(pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]));

// Watches the luminance at some places of a picture. mayShow(light, now, moves) says whether the next picture can be shown at
// `now` (milliseconds); wasShown(light, now) that it is. moves: it is one of many that follow by themselves.
export function createFlashGuard() {
  let last = null; // the lightest or darkest each place has been since it last turned
  let ways = null; // 1 where a place became lighter, -1 where darker, 0 before its first turn
  let turned = null; // when
  let shown = -Infinity; // when a picture was shown last

  // Whether a place goes the other way, far enough to be seen as a part of a flash.
  const turns = (i, to) => {
    const change = to - last[i];
    return Math.abs(change) >= LEAST_CHANGE && Math.min(to, last[i]) < BRIGHT && Math.sign(change) !== ways[i];
  };
  const mayShow = (light, now, moves = false) => {
    if (last?.length !== light.length) return true;
    if (moves && prefersReducedMotion() && now - shown < SLIDE) return false;
    const pause = prefersReducedMotion() ? SLIDE : BACK_AFTER;
    return light.every((to, i) => !(ways[i] && now - turned[i] < pause && turns(i, to)));
  };
  const wasShown = (light, now) => {
    shown = now;
    if (last?.length !== light.length) {
      [last, ways, turned] = [Float64Array.from(light), new Int8Array(light.length), new Float64Array(light.length)];
      return;
    }
    light.forEach((to, i) => {
      if (turns(i, to)) {
        ways[i] = Math.sign(to - last[i]);
        turned[i] = now;
        last[i] = to;
      } else if (ways[i] && (to - last[i]) * ways[i] > 0) last[i] = to;
    });
  };
  return { mayShow, wasShown };
}
