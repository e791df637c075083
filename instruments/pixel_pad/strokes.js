// Drawn strokes as an image of the data set's kind. The same as softmax_core/images/strokes.py; a test compares them.

export function distanceTo(x, y, [ax, ay], [bx, by]) {
  const dx = bx - ax;
  const dy = by - ay;
  const square = dx * dx + dy * dy;
  const along = square ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / square)) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

// Strokes given in pixels: ink is clip(radius + 1/2 - distance of the pixel's centre, 0, 1).
function inkOf(strokes, { height, width, radius }) {
  const image = new Float64Array(height * width);
  const reach = radius + 0.5;
  for (const stroke of strokes) {
    for (let i = 0; i < Math.max(1, stroke.length - 1); i++) {
      const a = stroke[i];
      const b = stroke[Math.min(i + 1, stroke.length - 1)];
      const [x0, x1] = [Math.max(0, Math.floor(Math.min(a[0], b[0]) - reach)), Math.min(width, Math.ceil(Math.max(a[0], b[0]) + reach))];
      const [y0, y1] = [Math.max(0, Math.floor(Math.min(a[1], b[1]) - reach)), Math.min(height, Math.ceil(Math.max(a[1], b[1]) + reach))];
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const ink = Math.min(1, reach - distanceTo(x + 0.5, y + 0.5, a, b));
          if (ink > image[y * width + x]) image[y * width + x] = ink;
        }
      }
    }
  }
  return image;
}

const moved = (strokes, change) => strokes.map((stroke) => stroke.map(change));

// Strokes lie on a pad that is 1 wide and 1 high. Centred: scaled so that the ink fits the box, then shifted so that
// its centre of mass (or that of the box) is the middle of the image, as MNIST's makers did.
export function drawStrokes(strokes, form, centred) {
  const { height, width, box, radius, byMass, smallest } = form;
  const drawn = strokes.filter((stroke) => stroke.length);
  if (!drawn.length) return new Float64Array(height * width);
  if (!centred) return inkOf(moved(drawn, ([x, y]) => [x * width, y * height]), form);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const stroke of drawn) {
    for (const [x, y] of stroke) {
      left = Math.min(left, x); right = Math.max(right, x);
      top = Math.min(top, y); bottom = Math.max(bottom, y);
    }
  }
  const scale = (box - 2 * radius) / Math.max(right - left, bottom - top, smallest);
  const placed = moved(drawn, ([x, y]) => [(x - (left + right) / 2) * scale + width / 2, (y - (top + bottom) / 2) * scale + height / 2]);
  const image = inkOf(placed, form);
  if (!byMass) return image;
  let [total, across, down] = [0, 0, 0];
  for (let i = 0; i < image.length; i++) {
    total += image[i];
    across += image[i] * ((i % width) + 0.5);
    down += image[i] * (Math.floor(i / width) + 0.5);
  }
  const shift = [width / 2 - across / total, height / 2 - down / total];
  return inkOf(moved(placed, ([x, y]) => [x + shift[0], y + shift[1]]), form);
}
