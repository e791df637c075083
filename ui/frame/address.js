// Brings the address up to date with what Python holds, and says that an answer is there; sharing.py asks for it after every run.
window.labAddress = ({ values, words, foreign, lang, unpacked, kept }) => {
  const url = new URL(window.location.href);
  // A name comes into the address when the browser has what it names: the keeper writes it then.
  const isHere = (key) => { try { return localStorage.getItem(`softmax-lab:kept:${key}:${values[key]}`) !== null; } catch { return false; } };
  for (const key of [...url.searchParams.keys()])
    if (foreign.some((prefix) => key.startsWith(prefix))) url.searchParams.delete(key);
  // Once: instruments write some of these later.
  if (unpacked && window.labUnpacked !== unpacked.visit) {
    window.labUnpacked = unpacked.visit;
    for (const [key, value] of Object.entries(unpacked.values)) url.searchParams.set(key, value);
  }
  for (const [key, value] of Object.entries(values))
    value === null || (kept.includes(key) && !isHere(key)) ? url.searchParams.delete(key) : url.searchParams.set(key, value);
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
  window.labWords = words;
  if (lang) document.documentElement.lang = lang;
  window.dispatchEvent(new Event("lab-answer"));
};
