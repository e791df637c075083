// How a run is played: slowly where it changes much, and without flicker. Steps stay what they are.

const DURATION = 7; // seconds of a whole run
const LONGEST = 0.7; // seconds of one step
const LEAP = 0.15; // of all weights: a step back and forth by more than this can make the regions flash

// The length of the step from t - 1 to t in the space of all weights, and its product with the step before.
function stepLengths({ W, b, K, m }, steps) {
  const lengths = new Float64Array(steps + 1);
  const products = new Float64Array(steps + 1);
  const sizes = new Float64Array(steps + 1);
  for (const [values, width] of [[W, m * K], [b, K]]) {
    for (let t = 1; t <= steps; t++) {
      let length = 0, product = 0, size = 0;
      for (let i = t * width; i < (t + 1) * width; i++) {
        const change = values[i] - values[i - width];
        length += change * change;
        size += values[i] * values[i];
        if (t > 1) product += change * (values[i - width] - values[i - 2 * width]);
      }
      lengths[t] += length;
      products[t] += product;
      sizes[t] += size;
    }
  }
  return { lengths: lengths.map(Math.sqrt), products, sizes: sizes.map(Math.sqrt) };
}

// Each change as a share of all changes; what is no finite number changes nothing.
function sharesOf(changes) {
  const finite = changes.map((change) => (Number.isFinite(change) ? Math.abs(change) : 0));
  const total = finite.reduce((sum, change) => sum + change, 0) || 1;
  return finite.map((change) => change / total);
}

// seconds[t]: how long the step from t - 1 to t takes, half by its share of the way of the loss, half by that of the weights.
// turns[t]: how many of the steps 1 .. t went back by so much that regions could flash.
export function createPace(runs, steps) {
  const seconds = new Float64Array(steps + 1);
  const turns = new Uint32Array(steps + 1);
  for (const run of runs) {
    const last = Math.min(steps, run.steps);
    const { lengths, products, sizes } = stepLengths(run, last);
    const ways = [sharesOf(Float64Array.from(lengths, (_, t) => (t ? run.loss[t] - run.loss[t - 1] : 0))), sharesOf(lengths)];
    for (let t = 1; t <= last; t++) {
      seconds[t] += (DURATION * (ways[0][t] + ways[1][t])) / 2 / runs.length;
      if (products[t] < 0 && lengths[t] > LEAP * sizes[t]) turns[t] = 1;
    }
  }
  for (let t = 1; t <= steps; t++) {
    seconds[t] = Math.min(seconds[t], LONGEST);
    turns[t] += turns[t - 1];
  }
  return { seconds, turns };
}

// Where most has been learned already: the first step that has nine tenths of the way of the loss behind it.
export function tellingStep({ loss, steps }) {
  let least = Infinity;
  for (let t = 0; t <= steps; t++) least = Math.min(least, Number.isFinite(loss[t]) ? loss[t] : Infinity);
  const goal = least + 0.1 * (loss[0] - least);
  for (let t = 0; t <= steps; t++) if (loss[t] <= goal) return t;
  return 0;
}
