// The stage as a PNG file: twice the points of the screen, with a caption that says what it shows.
import { element, themeOf } from "../shared/live.js";
import { addMarker } from "../shared/shapes.js";
import { createPainter } from "./painter.js";

const RATIO = 2;
const LINE = 26; // height of a line of the caption, in CSS pixels
const FONT = 14;

// stage: run, data, view, width, ink, root, readout, paintPlane(painter).
export function savePicture(stage) {
  const plane = document.createElement("canvas");
  const painter = createPainter(plane, RATIO);
  painter.prepare(stage.run, stage.data, stage.width, stage.ink);
  stage.paintPlane(painter);
  const picture = document.createElement("canvas");
  Object.assign(picture, { width: plane.width, height: plane.height + RATIO * 2.4 * LINE });
  const context = picture.getContext("2d", { alpha: false });
  context.fillStyle = stage.ink.paper;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(plane, 0, 0);
  context.scale(RATIO, RATIO);
  writeCaption(context, plane.height / RATIO + LINE, stage);
  picture.toBlob((blob) => {
    const url = URL.createObjectURL(blob);
    element("a", { href: url, download: `softmax-${stage.view.step * stage.run.stride}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }, "image/png");
}

// Two lines: the numbers of the step, and the classes.
function writeCaption(context, top, { data, readout, root, ink, width }) {
  context.font = `${FONT}px ${themeOf(root).font}`;
  context.fillStyle = ink.text;
  context.fillText(Array.from(readout.children, (part) => part.textContent).join(" · "), 8, top, width - 16);
  let x = 8;
  data.names.forEach((name, k) => {
    context.fillStyle = data.colors[k];
    context.beginPath();
    addMarker(context, k, x + 6, top + LINE - FONT / 3, 5.5);
    context.fill();
    context.fillStyle = ink.text;
    context.fillText(name, x + 17, top + LINE);
    x += 17 + context.measureText(name).width + 16;
  });
}
