// Which challenges the reader has solved, kept in the reader's own browser: {lesson: [code, ...]}.
import { storedValue, storeText } from "./storage.js";

const PLACE = "progress";

// All of it; what the browser kept may have been changed by hand.
export function progress() {
  return Object.fromEntries(Object.entries(storedValue(PLACE) ?? {}).filter(([, codes]) => Array.isArray(codes)));
}

export const progressOf = (lesson) => progress()[lesson] ?? [];

export function remember(lesson, codes) {
  const all = progress();
  const before = all[lesson] ?? [];
  const added = codes.filter((code) => !before.includes(code));
  if (added.length) storeText(PLACE, JSON.stringify({ ...all, [lesson]: [...before, ...added] }));
}
