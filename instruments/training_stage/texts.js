// Everything on the stage that is written in the reader's language, and the names of the classes.
import { element, math } from "../shared/live.js";
import { markerPicture } from "../shared/shapes.js";
import { SPEEDS } from "./transport.js";
import { hasVectors } from "./vectors.js";

export function writeTexts(stage) {
  const { labels, names, colors } = stage.data;
  stage.root.setAttribute("aria-label", labels.stage);
  stage.canvas.setAttribute("aria-label", labels.plane);
  stage.strip.setAttribute("aria-label", labels.scrub);
  stage.buttons.show((key) => stage.say(key));
  stage.speedName.textContent = labels.speed;
  stage.lengthName.textContent = labels.length;
  stage.picture.textContent = labels.picture;
  stage.speed.setAttribute("aria-label", labels.speed);
  stage.length.setAttribute("aria-label", labels.length);
  writeField(stage);
  stage.hand.writeTexts();
  stage.speed.replaceChildren(...SPEEDS.map(({ code }, i) => element("option", { value: i }, labels.speeds[code])));
  const entry = (...parts) => element("span", { class: "class" }, ...parts);
  stage.legend.replaceChildren(
    ...names.map((name, k) => entry(markerPicture(k, colors[k]), name)),
    ...(hasVectors(stage.run) ? [
      entry(element("span", { class: "solid" }), math("w"), ` ${labels.weight}`),
      entry(element("span", { class: "dashed" }), element("span", {}, "−∂", math("L"), "/∂", math("w")), ` ${labels.descent}`)] : []),
    entry(element("span", { class: "ring" }), labels.mistake));
}

// The gradient of one logit is the same everywhere unless the map is curved: only then it is on offer.
function writeField(stage) {
  const { labels, names } = stage.data;
  stage.fieldBox.hidden = !stage.run.map?.features;
  stage.lengthBox.hidden = !hasVectors(stage.run);
  stage.fieldName.textContent = labels.field;
  stage.field.setAttribute("aria-label", labels.field);
  stage.field.replaceChildren(element("option", { value: -1 }, labels.no_field), ...names.map((name, k) => element("option", { value: k }, name)));
  if (stage.view.field >= names.length) stage.view.field = -1;
  stage.field.value = stage.view.field;
}
