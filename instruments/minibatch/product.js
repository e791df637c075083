// The numbers of a minibatch. No DOM in this file.
import { softmax, winnerOf } from "../shared/softmax.js";

// Z = X W + b, row by row; X has a row for each picture, W one for each pixel.
export const productOf = (X, W, b) => X.map((x) => b.map((bias, k) => x.reduce((sum, grey, j) => sum + grey * W[j][k], bias)));

// For each row of Z: p, the prediction, and whether it is the true class. A tie has no prediction (null) and is no hit.
export function readingsOf(Z, y) {
  return Z.map((z, i) => ({ p: softmax(z), prediction: winnerOf(z), right: winnerOf(z) === y[i] }));
}

// The cell after this one, in reading order; after the last the first.
export function cellAfter({ row, column }, n, classes) {
  const next = ((row - 1) * classes + column + 1) % (n * classes);
  return { row: Math.floor(next / classes) + 1, column: next % classes };
}

// The state for the address; what is at its standard is left out.
export function addressOf(state, standard) {
  const text = (name) => (state[name] === standard[name] ? null : String(state[name]));
  return { n: text("n"), batch_seed: text("seed"), row: text("row"), column: text("column") };
}
