// The stage in one sentence: which class holds which part of the plane, how many points are wrong, and where the loss goes.
import { readable } from "../shared/numbers.js";
import { featuresBetween } from "./curves.js";
import { logitsOf } from "./layers.js";
import { isUndecided, mistakes, placeFeatures, pointReport } from "./run.js";

const [ACROSS, DOWN] = [16, 12]; // places of the plane that are looked at
const NAMED = 4; // classes; a sentence with more is too long to listen to
const OFF_CENTRE = 0.1; // of the plane, from its middle to the middle of a region that lies to one side
const [ALL, MOST] = [0.98, 0.6]; // of the plane
const STEADY = 1e-5; // of the loss: a smaller change from the step before is none

// Where the classes win: [{ k, share, place }], the largest share of the plane first. place is "all", "most", or one of the nine
// of a three by three grid, as "upper_left" or "middle".
export function regionsOf(run, weights, box) {
  const [x0, x1, y0, y1] = box;
  const sums = Array.from({ length: run.K }, () => [0, 0, 0]);
  for (let row = 0; row < DOWN; row++) {
    for (let column = 0; column < ACROSS; column++) {
      const [u, v] = [(column + 0.5) / ACROSS, (row + 0.5) / DOWN];
      const [x, y] = [x0 + u * (x1 - x0), y0 + v * (y1 - y0)];
      const features = run.map?.features ? featuresBetween(run.map, run.m, box, x, y) : placeFeatures(run.map, x, y);
      const z = logitsOf(weights, features);
      [1, u, v].forEach((value, at) => { sums[z.indexOf(Math.max(...z))][at] += value; });
    }
  }
  const side = (mean, low, high) => (mean < 0.5 - OFF_CENTRE ? low : mean > 0.5 + OFF_CENTRE ? high : "");
  const placeOf = (share, u, v) => (share >= ALL ? "all" : share >= MOST ? "most"
    : [side(v, "lower", "upper"), side(u, "left", "right")].filter(Boolean).join("_") || "middle");
  return sums.map(([count, u, v], k) => ({ k, share: count / (ACROSS * DOWN), place: count ? placeOf(count / (ACROSS * DOWN), u / count, v / count) : "" }))
    .filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
}

// Whether the loss of a step is less than that of the step before, more, or the same; "" at the first.
export function trendOf(loss, step) {
  if (step === 0) return "";
  const change = loss[step] - loss[step - 1];
  return Math.abs(change) <= STEADY * Math.abs(loss[step]) ? "steady" : change < 0 ? "falling" : "rising";
}

// say(key, values) fills a translated sentence. edited: weights that were moved by hand, or null; hides: whether the borders are
// what a question asks for.
export function describe(run, step, weights, { box, names }, say, { edited = null, hides = false } = {}) {
  const loss = readable(edited ? edited.loss : run.loss[step]);
  const trend = edited ? "" : trendOf(run.loss, step);
  const lossNow = trend ? say(`loss_${trend}`, { loss }) : say("readout_loss", { loss });
  if (isUndecided(weights)) return say("tells_nothing", { step: step * run.stride, K: run.K, loss: lossNow });
  const regions = regionsOf(run, weights, box);
  const parts = regions.slice(0, NAMED).map(({ k, place }) => say("holds", { name: names[k], place: say(`place_${place}`) }));
  if (regions.length > NAMED) parts.push(say("and_more", { n: regions.length - NAMED }));
  const wrong = mistakes(run, weights).filter((i) => !run.isTest[i]).length;
  const counted = say("wrong_points", { wrong, n: run.n - run.isTest.reduce((sum, test) => sum + test, 0) });
  return say("tells", { step: step * run.stride, what: [...(hides ? [] : [parts.join(say("comma"))]), counted, lossNow].join(say("semicolon")) });
}

// One point, as its card shows it.
export function describePoint(run, weights, i, { names, axes }, say) {
  const { p, label } = pointReport(run, weights, i);
  const best = p.indexOf(Math.max(...p));
  const place = `${axes[0]} ${readable(run.x[2 * i], 2)}, ${axes[1]} ${readable(run.x[2 * i + 1], 2)}`;
  return say("tells_point", { i: i + 1, n: run.n, name: names[label], place, p: readable(p[label]), best: names[best] });
}
