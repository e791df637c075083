// Numbers as a learner reads them and types them.

// A number as a learner reads it: three decimals where that says something, else a power of ten.
export function readable(x, digits = 3) {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  const small = size !== 0 && size < 0.5 * 10 ** -digits;
  const text = small || size >= 1e5 ? x.toExponential(small ? 1 : 2) : x.toFixed(digits);
  const [mantissa, exponent] = text.split("e");
  const written = (Number(text) === 0 ? mantissa.replace("-", "") : mantissa).replace("-", "−");
  return exponent === undefined ? written : `${written}×10${raised(exponent)}`;
}

// A number from −1 to 1, such as a probability or p − y, in a column of so many decimals. What is neither 0 nor 1 is not written
// as one of them: "<0.001", ">0.999", "−0.000…". As softmax_core/numbers_text.py:share_text.
export function shareText(x, digits = 3) {
  const size = Number(Math.abs(x).toFixed(digits));
  if (size === 0 && x !== 0) return x > 0 ? `<${(10 ** -digits).toFixed(digits)}` : `−${(0).toFixed(digits)}…`;
  if (size === 1 && Math.abs(x) < 1) return `${x > 0 ? ">" : "<−"}${(1 - 10 ** -digits).toFixed(digits)}`;
  return readable(x, digits);
}

// What shareText leaves out: "4.2×10⁻¹⁸", "1 − 3.0×10⁻⁵"; empty where it only rounds.
export function beyondText(x, digits = 3) {
  const size = Number(Math.abs(x).toFixed(digits));
  if (size === 0 && x !== 0) return readable(x, digits);
  if (size !== 1 || Math.abs(x) >= 1) return "";
  return x > 0 ? `1 − ${readable(1 - x, 6)}` : `−1 + ${readable(1 + x, 6)}`;
}

// A number as the value of a slider, for a screen reader: it may have no exponent.
export const decimalText = (x) => String(Number(x.toFixed(6)));

// A share, such as an accuracy: 0.8833 is 88.3 %.
export const percent = (share) => `${readable(100 * share, 1)} %`;
// An exponent, small and high: "-4" as ⁻⁴.
const raised = (exponent) => exponent.replace("+", "").replace(/[-\d]/g, (sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"[sign === "-" ? 10 : Number(sign)]);

// The fewest decimals, from 3 to 6, with which a + b = total is true of the numbers as they are printed.
export function agreeing(a, b, total) {
  const fits = (digits) => Math.abs(Number(a.toFixed(digits)) + Number(b.toFixed(digits)) - Number(total.toFixed(digits))) < 1e-9;
  return Number.isFinite(total) ? [3, 4, 5, 6].find(fits) ?? 3 : 3;
}

// A number within a formula: a negative one in parentheses.
export const signed = (x, digits = 2) => (x < 0 ? `(${readable(x, digits)})` : readable(x, digits));

// The rules of typed numbers are those of the Python reader: one decimal mark, dot or comma, perhaps an exponent; thousands
// set apart in groups of three by a space, an apostrophe or the mark that is not the decimal mark. No hexadecimal, no 1_000.
const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?$/i;
const GROUPED = {
  ".": /^[+-]?[1-9]\d{0,2}([ ',])\d{3}(\1\d{3})*(\.\d*)?$/,
  ",": /^[+-]?[1-9]\d{0,2}([ '.])\d{3}(\1\d{3})*(,\d*)?$/,
};
const FULL_WIDTH = /[\uFF01-\uFF5E]/g; // of the characters of ASCII
const MINUS_SIGNS = /[\u2010-\u2015\u2212\uFE63]/g; // hyphens, dashes and the minus sign, as word processors write them
const APOSTROPHES = /[\u2019\u02BC]/g;

function plainForm(text) {
  const ascii = text.replace(FULL_WIDTH, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xFEE0));
  return ascii.replace(MINUS_SIGNS, "-").replace(APOSTROPHES, "'").replace(/\s/g, " ").trim().replace(/^([+-]) +/, "$1")
    .replace(/ ?× ?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/, (_, power) => `e${power.replace(/./g, (sign) => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)])}`);
}

// What a text means where `mark` is the decimal mark, or null.
function readWith(mark, plain) {
  const other = mark === "." ? "," : ".";
  let text = plain;
  if (GROUPED[mark].test(plain)) text = plain.replaceAll(other, "").replace(/[ ']/g, "");
  else if (plain.includes(other)) return null;
  text = text.replaceAll(mark, ".");
  return PLAIN.test(text) ? Number(text) : null;
}

// "1,234" can be 1234 or 1.234: both readings, or null where a text has only one. A single dot is a decimal mark.
export function twoReadings(text) {
  const plain = plainForm(text);
  const [dot, comma] = [readWith(".", plain), readWith(",", plain)];
  return plain.includes(",") && dot !== null && comma !== null && dot !== comma ? [dot, comma] : null;
}

// The number that was typed: "−1,5" and "-1.5" are the same number. What is no finite number, or could be two, gives null.
export function typedNumber(text) {
  const plain = plainForm(text);
  const value = twoReadings(text) ? null : readWith(".", plain) ?? readWith(",", plain);
  return Number.isFinite(value) ? value : null;
}
