// Numbers as a learner reads them and types them.

// A number as a learner reads it: three decimals where that says something, else a power of ten.
export function readable(x, digits = 3) {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  const small = size !== 0 && size < 0.5 * 10 ** -digits;
  const text = small || size >= 1e5 ? x.toExponential(small ? 1 : 2) : x.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replaceAll("-", "−").replace("e+", "e");
}

const FULL_WIDTH = /[\uFF0B-\uFF0E\uFF10-\uFF19\uFF25\uFF45]/g; // + , - . 0 to 9 E e
const MINUS_SIGNS = /[\u2010-\u2014\u2212]/g; // hyphens, dashes and the minus sign, as word processors write them
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i; // no hexadecimal, no 1_000, no Infinity
const GROUPS = /^[-+]?[1-9]\d{0,2}(,\d{3})+$/;

const plainNumber = (text) => text.trim()
  .replace(FULL_WIDTH, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xFEE0)).replace(MINUS_SIGNS, "-");

// Of two different marks the last is the decimal mark, as in 1,234.5 and 1.234,5; a single comma is one, too.
function withPoint(text) {
  if (GROUPS.test(text)) return text.replaceAll(",", "");
  const [comma, point] = [text.lastIndexOf(","), text.lastIndexOf(".")];
  if (comma < 0 || point < 0) return text.replace(",", ".");
  const grouped = comma < point ? /^[-+]?[1-9]\d{0,2}(,\d{3})+\./ : /^[-+]?[1-9]\d{0,2}(\.\d{3})+,/;
  return grouped.test(text) ? text.replaceAll(comma < point ? "," : ".", "").replace(",", ".") : text;
}

// "1,234" can be 1234 or 1.234: both readings, or null where a text has only one.
export function twoReadings(text) {
  const plain = plainNumber(text);
  if (!GROUPS.test(plain) || plain.split(",").length !== 2) return null;
  return [Number(plain.replace(",", "")), Number(plain.replace(",", "."))];
}

// What a hand types: "−1,5" and "-1.5" are the same number. What is no finite number, or could be two, gives null.
export function typedNumber(text) {
  const plain = withPoint(plainNumber(text));
  const value = NUMBER.test(plain) && !twoReadings(text) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : null;
}
