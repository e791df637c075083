// What the learner predicted, laid over an instrument: a note in the colour of the ink, which is no class's and no sign's.
import { element, writeText } from "./live.js";
import { readable } from "./numbers.js";

// paint({ text, from, way }), or null for none. With `from`, a part of the track that the note stands on, the note begins
// there (way 1), ends there (way -1) or has its middle there (way 0).
export function createGuess() {
  const node = element("span", { class: "your-guess", hidden: true });
  const paint = (guess) => {
    node.hidden = !guess;
    if (!guess) return;
    writeText(node, guess.text);
    if (guess.from === undefined) return;
    node.dataset.way = guess.way;
    node.style.left = `${100 * guess.from}%`;
  };
  return { node, paint };
}

// What stands below each number that a reveal has changed: what it was before. was: those numbers, or null for none.
export const wasTexts = (was, say) => was?.map((z) => say("was", { z: readable(z, 2) })) ?? null;
