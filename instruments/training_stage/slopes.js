// The field of a logit's gradient on the stage, for models whose borders are curved.
import { gradientField, nodeSpacing } from "./curves.js";

const FIELD = 46; // pixels between the arrows of a gradient field

// Where the logit of one class grows, and how fast: the square root, so that flat places still show a direction.
export function paintSlopes(context, scene, k) {
  const { plane, curved, data, ink } = scene;
  const [across, down] = nodeSpacing(scene);
  const every = Math.max(2, Math.round(FIELD / across));
  const arrows = gradientField(curved, k, plane.box, every);
  const most = Math.max(...arrows.map(([, , gx, gy]) => Math.hypot(gx, gy)));
  if (!(most > 0)) return;
  context.lineCap = "round";
  for (const [color, thickness] of [[ink.paper, 4], [data.colors[k], 2]]) {
    context.strokeStyle = color;
    context.lineWidth = thickness;
    context.beginPath();
    for (const [column, row, gx, gy] of arrows) {
      const size = Math.hypot(gx, gy);
      const length = 0.8 * every * Math.min(across, down) * Math.sqrt(size / most);
      if (length >= 2) addSlope(context, column * across, row * down, gx / size, -gy / size, length);
    }
    context.stroke();
  }
  context.lineCap = "butt";
}

function addSlope(context, x, y, u, v, length) {
  const head = Math.min(5, length / 2);
  const tip = [x + (u * length) / 2, y + (v * length) / 2];
  context.moveTo(tip[0] - u * length, tip[1] - v * length);
  context.lineTo(...tip);
  context.moveTo(tip[0] - head * (u - 0.6 * v), tip[1] - head * (v + 0.6 * u));
  context.lineTo(...tip);
  context.lineTo(tip[0] - head * (u + 0.6 * v), tip[1] - head * (v - 0.6 * u));
}
