// The words and numbers of the stage: the line above it, and the tooltip of the point under the pointer.
import { element, math } from "../shared/live.js";
import { percent, readable, shareText } from "../shared/numbers.js";
import { isUndecided, pointReport, weightsAt } from "./run.js";
import { markerPicture } from "../shared/shapes.js";

// The texts of the readout at one step; say(key, values) fills a translated sentence. Edited weights have a loss and an
// accuracy of their own.
export function readoutTexts(run, step, say, edited = null) {
  const now = edited ?? {
    loss: run.loss[step], accuracy: run.accuracy[step],
    testLoss: run.testLoss ? run.testLoss[step] : null, testAccuracy: run.testLoss ? run.testAccuracy[step] : null,
  };
  if (isUndecided(edited ?? weightsAt(run, step))) { // the first of equal classes has won nothing: there is no accuracy yet
    return [say("readout_step", { step: step * run.stride, steps: run.steps * run.stride }), say("readout_loss", { loss: readable(now.loss, 4) }),
      say("undecided", { K: run.K })];
  }
  const texts = [
    say("readout_step", { step: step * run.stride, steps: run.steps * run.stride }), say("readout_loss", { loss: readable(now.loss, 4) }),
    say("readout_accuracy", { accuracy: percent(now.accuracy) }),
  ];
  if (now.testLoss !== null) {
    texts.push(say("readout_test", { loss: readable(now.testLoss, 4), accuracy: percent(now.testAccuracy) }));
  }
  return texts;
}

export function writeReadout(box, texts) {
  while (box.children.length > texts.length) box.lastChild.remove();
  while (box.children.length < texts.length) box.append(element("span"));
  texts.forEach((text, i) => { box.children[i].textContent = text; });
}

// What point i is and what the model says of it: logits, probabilities, its share of the loss.
export function tipContent(run, data, step, i, say) {
  const report = pointReport(run, weightsAt(run, step), i);
  const row = (k) => element("tr", { class: k === report.label ? "true" : "" },
    element("td", {}, markerPicture(k, data.colors[k]), data.names[k]), element("td", {}, readable(report.z[k], 2)),
    element("td", {}, shareText(report.p[k])));
  const place = `${data.axes[0]} ${readable(run.x[2 * i], 2)}, ${data.axes[1]} ${readable(run.x[2 * i + 1], 2)}`;
  return [
    element("p", {}, run.isTest[i] ? `${place} · ${say("test_point")}` : place),
    element("table", {}, element("tr", {}, element("td"), element("th", { scope: "col" }, math("z")), element("th", { scope: "col" }, math("p"))),
      ...Array.from({ length: run.K }, (_, k) => row(k))),
    element("p", {}, "−log ", math("p"), element("sub", {}, data.names[report.label]), ` = ${readable(report.loss)}`),
  ];
}

// Beside the point, on the side where there is room.
export function placeTip(tip, u, v, width, height) {
  const right = u > width / 2;
  Object.assign(tip.style, {
    left: right ? "auto" : `${u + 16}px`, right: right ? `${width - u + 16}px` : "auto",
    top: `${Math.max(4, Math.min(v - 40, height - tip.offsetHeight - 4))}px`,
  });
}
