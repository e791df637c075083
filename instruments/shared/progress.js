// Which challenges the reader has solved, kept in the reader's own browser: {lesson: [code, ...]}.
const PLACE = "softmax-lab:progress";

// All of it. A browser that keeps nothing (a private window) has no progress, and what it kept may have been changed by hand.
export function progress() {
  try {
    const stored = JSON.parse(localStorage.getItem(PLACE) ?? "{}");
    return Object.fromEntries(Object.entries(stored).filter(([, codes]) => Array.isArray(codes)));
  } catch {
    return {};
  }
}

export const progressOf = (lesson) => progress()[lesson] ?? [];

export function remember(lesson, codes) {
  const all = progress();
  const before = all[lesson] ?? [];
  const added = codes.filter((code) => !before.includes(code));
  if (!added.length) return;
  try {
    localStorage.setItem(PLACE, JSON.stringify({ ...all, [lesson]: [...before, ...added] }));
  } catch { /* a browser that keeps nothing */ }
}
