// From a text to its tokens, by the rules of softmax_core/text/tokens.py; tests hold both to the same cases. No DOM in this file.
const CHINESE = "\\u3005-\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3fffd}";
const ACCENTS = "\\u0300-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u0900-\\u0963\\u0966-\\u0dff\\u0e31-\\u0e3a\\u0e47-\\u0e4e\\u0f71-\\u0f84\\u102b-\\u103e";
const EMOJI = "\\u2600-\\u27bf\\u{1f300}-\\u{1f3fa}\\u{1f400}-\\u{1faff}";
const LETTERS = `(?:(?![${CHINESE}])[\\p{L}\\p{N}]|[${ACCENTS}])+`;
const TOKEN = new RegExp(`[${CHINESE}]+|${LETTERS}(?:'${LETTERS})*|[${EMOJI}]`, "gu");
const BEGINS_CHINESE = new RegExp(`^[${CHINESE}]`, "u");

export function tokenise(text) {
  const runs = text.normalize("NFKC").toLowerCase().replaceAll("\u2019", "'").match(TOKEN) ?? [];
  return runs.flatMap((run) => {
    const letters = [...run];
    if (letters.length < 3 || !BEGINS_CHINESE.test(run)) return [run];
    return letters.slice(1).map((letter, i) => letters[i] + letter);
  });
}

// The different words of a sentence in their order, with what each adds to the logits, and the logits.
// model: places (Map of word to row), weights (rows of K numbers, one after the other), idf (or null for counts), bias.
// out: which of the words are left out. Words that the model does not know, and those left out, add nothing.
export function takeApart(text, out, { places, weights, idf, bias }) {
  const counts = new Map();
  for (const token of tokenise(text)) counts.set(token, (counts.get(token) ?? 0) + 1);
  const words = [...counts].map(([word, count], i) => {
    const row = places.get(word);
    const isOut = out.includes(i);
    return { word, count, row, isOut, x: row === undefined || isOut ? 0 : count * (idf ? idf[row] : 1) };
  });
  const norm = idf ? Math.hypot(...words.map(({ x }) => x)) || 1 : 1;
  const logits = [...bias];
  for (const one of words) {
    one.x /= norm;
    one.parts = bias.map((_, k) => (one.x ? one.x * weights[one.row * bias.length + k] : 0));
    one.parts.forEach((part, k) => { logits[k] += part; });
  }
  return { words, logits };
}

// The same words left out of a sentence that has changed.
export function stillOut(words, text) {
  const left = new Set(words.filter(({ isOut }) => isOut).map(({ word }) => word));
  return [...new Set(tokenise(text))].flatMap((word, i) => (left.has(word) ? [i] : []));
}
