// Names, numbers and a faint grid for the plane of the two features.

const GAP = 72; // pixels between two lines of the grid, about
const EDGE = 5; // pixels between a number and the edge of the canvas

// Round numbers from low to high, so that about `count` of them fit: 1, 2 or 5 times a power of ten apart.
export function roundTicks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high && ticks.length < 100; i++) ticks.push(i * step);
  return { ticks, step };
}

function tickText(value, step) {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const text = Math.abs(value) >= 1e6 || digits > 6 ? value.toExponential(1) : value.toFixed(digits);
  return (Number(text) === 0 ? "0" : text).replaceAll("-", "−");
}

// The text, or as much of its beginning as fits with three dots.
export function shortened(context, text, limit) {
  const full = context.measureText(text).width;
  if (full <= limit) return text;
  const letters = Array.from(text).slice(0, Math.ceil((text.length * limit) / full) + 1);
  const cut = () => `${letters.join("").trimEnd()}…`;
  while (letters.length && context.measureText(cut()).width > limit) letters.pop();
  return cut();
}

// names: those of the two features, or none where there is no room for them.
// ink.em: how large the letters of the page are, in parts of 16 pixels.
export function paintAxes(context, { plane, ink }, names = []) {
  const em = Math.max(1, ink.em);
  const [gap, edge] = [GAP * em, EDGE * em];
  const { box, width, height, toCanvas } = plane;
  const across = roundTicks(box[0], box[1], width / gap);
  const up = roundTicks(box[2], box[3], height / gap);
  context.lineWidth = 1;
  context.strokeStyle = ink.grid;
  context.beginPath();
  for (const x of across.ticks) { const u = Math.round(toCanvas(x, 0)[0]) + 0.5; context.moveTo(u, 0); context.lineTo(u, height); }
  for (const y of up.ticks) { const v = Math.round(toCanvas(0, y)[1]) + 0.5; context.moveTo(0, v); context.lineTo(width, v); }
  context.stroke();

  context.lineJoin = "round";
  const write = (text, u, v, align, font, limit) => {
    Object.assign(context, { font, textAlign: align, textBaseline: "middle", lineWidth: 3, strokeStyle: ink.halo, fillStyle: ink.quiet });
    context.strokeText(text, u, v, limit);
    context.fillText(text, u, v, limit);
  };
  const small = `${11 * em}px ${ink.font}`;
  const bold = `600 ${12 * em}px ${ink.font}`;
  const room = (names.length ? 30 : 14) * em; // beside the corner that holds the names
  for (const x of across.ticks) {
    const u = toCanvas(x, 0)[0];
    if (u > 26 * em && u < width - 14 * em) write(tickText(x, across.step), u, height - edge - 4 * em, "center", small, gap);
  }
  for (const y of up.ticks) {
    const v = toCanvas(0, y)[1];
    if (v > room && v < height - 22 * em) write(tickText(y, up.step), edge, v, "left", small, gap);
  }
  if (!names.length) return;
  context.font = bold;
  const [right, upper] = names.map((name) => shortened(context, name, width / 2));
  write(right, width - edge - 2, height - 22 * em, "right", bold);
  write(upper, edge, 12 * em, "left", bold);
}
