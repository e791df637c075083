// How a run is played: slowly where it changes much. Steps stay what they are.

const DURATION = 7; // seconds of a whole run
const LONGEST = 0.7; // seconds of one step

// The length of the step from t - 1 to t in the space of all weights.
function stepLengths({ layers }, steps) {
  const squares = new Float64Array(steps + 1);
  for (const [values, width] of layers.flatMap(({ W, b, K, m }) => [[W, m * K], [b, K]])) {
    for (let t = 1; t <= steps; t++) {
      for (let i = t * width; i < (t + 1) * width; i++) squares[t] += (values[i] - values[i - width]) ** 2;
    }
  }
  return squares.map(Math.sqrt);
}

// Each change as a share of all changes; what is no finite number changes nothing.
function sharesOf(changes) {
  const finite = changes.map((change) => (Number.isFinite(change) ? Math.abs(change) : 0));
  const total = finite.reduce((sum, change) => sum + change, 0) || 1;
  return finite.map((change) => change / total);
}

// Seconds that each step, from t - 1 to t, takes: half by its share of the way of the loss, half by that of the weights.
export function createPace(runs, steps) {
  const seconds = new Float64Array(steps + 1);
  for (const run of runs) {
    const last = Math.min(steps, run.steps);
    const ways = [sharesOf(Float64Array.from({ length: last + 1 }, (_, t) => (t ? run.loss[t] - run.loss[t - 1] : 0))), sharesOf(stepLengths(run, last))];
    for (let t = 1; t <= last; t++) seconds[t] += (DURATION * (ways[0][t] + ways[1][t])) / 2 / runs.length;
  }
  return seconds.map((time) => Math.min(time, LONGEST));
}

// Where most has been learned already: the first step that has nine tenths of the way of the loss behind it.
export function tellingStep({ loss, steps }) {
  let least = Infinity;
  for (let t = 0; t <= steps; t++) least = Math.min(least, Number.isFinite(loss[t]) ? loss[t] : Infinity);
  const goal = least + 0.1 * (loss[0] - least);
  for (let t = 0; t <= steps; t++) if (loss[t] <= goal) return t;
  return 0;
}
