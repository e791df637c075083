// The browser's mathematics: the same formulas as softmax_core.functional and softmax_core.losses, on plain arrays.
// A browser test feeds both the same rows and holds them together to 1e-12.

// Index of the largest entry; ties go to the first, as in NumPy. NaN never wins.
export function argmax(z) {
  let best = 0;
  for (let k = 1; k < z.length; k++) if (z[k] > z[best]) best = k;
  return best;
}

// (z - max z) / T. The shift comes first: z / T alone overflows for z = 1e308, T = 0.05.
function shiftedLogits(z, temperature = 1) {
  const top = z[argmax(z)];
  return Array.from(z, (value) => (value === top ? 0 : (value - top) / temperature));
}

// e^{(z - max z) / T}: the largest is 1, so the sum lies between 1 and K and can neither overflow nor vanish.
export function shiftedExponentials(z, temperature = 1) {
  return shiftedLogits(z, temperature).map(Math.exp);
}

export function softmax(z, temperature = 1) {
  const e = shiftedExponentials(z, temperature);
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((value) => value / total);
}

// log sum e^{(z - max) / T}: log1p of all but the winner keeps the digits that 1 + 1e-20 would lose.
function logOfSum(shifted) {
  const winner = shifted.indexOf(0);
  let rest = 0;
  shifted.forEach((value, k) => { if (k !== winner) rest += Math.exp(value); });
  return Math.log1p(rest);
}

export function logSoftmax(z, temperature = 1) {
  const shifted = shiftedLogits(z, temperature);
  const total = logOfSum(shifted);
  return shifted.map((value) => value - total);
}

export function logsumexp(z) {
  return z[argmax(z)] + logOfSum(shiftedLogits(z));
}

// -log softmax(z / T)_target in nats.
export function crossEntropy(z, target, temperature = 1) {
  return -logSoftmax(z, temperature)[target];
}

// p - y for a one-hot target: the gradient of the loss with respect to z / T.
export function residual(z, target, temperature = 1) {
  return softmax(z, temperature).map((p, k) => (k === target ? p - 1 : p));
}

// -sum_j y_j log softmax(z / T)_j for a target distribution y; a class with y_j = 0 costs nothing.
export function softCrossEntropy(z, y, temperature = 1) {
  const logs = logSoftmax(z, temperature);
  return y.reduce((sum, share, k) => (share > 0 ? sum - share * logs[k] : sum), 0);
}

export function softResidual(z, y, temperature = 1) {
  return softmax(z, temperature).map((p, k) => p - y[k]);
}

// The class with the largest logit, or null where two share it.
export function winnerOf(logits) {
  const most = Math.max(...logits);
  const first = logits.findIndex((z) => z > most - 1e-9);
  return logits.some((z, k) => k !== first && z > most - 1e-9) ? null : first;
}
