// The answers to every sheet, kept in the reader's own browser: [{seed, answers: ["code:text", ...], right, answered}, ...].
import { storedValue, storeText } from "../shared/storage.js";

const SHEETS = "practice";
const MOST_SHEETS = 60; // the oldest go first

const isSheet = (sheet) => Number.isInteger(sheet?.seed) && Array.isArray(sheet.answers) && sheet.answers.every((text) => typeof text === "string");

// What the browser kept may have been changed by hand.
function keptSheets() {
  const sheets = storedValue(SHEETS);
  return Array.isArray(sheets) ? sheets.filter(isSheet) : [];
}

function write(sheets) { storeText(SHEETS, JSON.stringify(sheets.slice(-MOST_SHEETS))); }

export const keptAnswers = (seed) => keptSheets().find((sheet) => sheet.seed === seed)?.answers ?? null;

export function keepSheet(sheet) {
  const others = keptSheets().filter(({ seed }) => seed !== sheet.seed);
  write(sheet.answers.length ? [...others, sheet] : others);
}

export function forgetSheets() { write([]); }

// The score over all sheets but one.
export function scoreOfOthers(present) {
  const others = keptSheets().filter(({ seed }) => seed !== present);
  const sum = (name) => others.reduce((total, sheet) => total + (Number(sheet[name]) || 0), 0);
  return { right: sum("right"), answered: sum("answered") };
}
