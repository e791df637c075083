// One question on the sheet: its text, the place to answer, what was said about the answers, the solution.
import { element, fill } from "../shared/live.js";
import { fromTree } from "../shared/markup.js";

const LONGEST = 40; // characters of a number

// question: {code, title, text, options, table, hint}; outcome: {tries, refused, finished, right, solution} or undefined.
// answer(text) hands in an answer; "" asks for the solution.
export function questionCard(question, number, outcome, labels, answer) {
  const card = element("article", { class: "card", "data-code": question.code, "aria-label": `${number}. ${question.title}` },
    element("h2", {}, `${number}. ${question.title}`), element("div", { class: "text" }, ...question.text.map((tree) => fromTree(tree))));
  if (question.table) card.append(tableOf(question.table));
  const place = outcome?.finished ? [] : [formOf(question, number, outcome, labels, answer)];
  card.append(element("div", { class: "said", role: "status", "aria-live": "polite" }, ...said(outcome, labels)), ...place);
  if (outcome?.solution) card.append(solutionOf(outcome.solution, labels));
  return card;
}

function tableOf([head, rows]) {
  const row = (cells, tag) => element("tr", {}, ...cells.map((cell) => element(tag, {}, cell)));
  return element("div", { class: "table" }, element("table", {}, element("thead", {}, row(head, "th")), element("tbody", {}, ...rows.map((cells) => row(cells, "td")))));
}

function formOf(question, number, outcome, labels, answer) {
  const named = (text) => ({ "aria-label": `${text}, ${number}. ${question.title}` }); // on a sheet of many questions
  const wrong = new Set((outcome?.tries ?? []).map(({ text }) => text));
  let given;
  let place;
  if (question.options.length) {
    const options = question.options.map((text, i) => {
      const input = element("input", { type: "radio", name: `answer-${number}`, value: i, disabled: wrong.has(String(i)) });
      return element("label", { class: wrong.has(String(i)) ? "option wrong" : "option" }, input, element("span", {}, text));
    });
    place = element("fieldset", { class: question.options.every((text) => text.length < 22) ? "options row" : "options" },
      element("legend", {}, labels.prediction), ...options);
    given = () => place.querySelector("input:checked")?.value ?? null;
  } else {
    const field = element("input", { class: "typed", type: "text", maxlength: LONGEST, autocomplete: "off", placeholder: question.hint, ...named(labels.prediction),
      value: outcome?.refused?.text ?? "" });
    place = element("label", { class: "number" }, element("span", {}, labels.prediction), field);
    given = () => field.value.trim() || null;
  }
  const check = outcome?.tries.length ? labels.check_again : labels.check;
  const empty = element("p", { class: "refusal", role: "alert", hidden: !outcome?.refused }, outcome?.refused?.sentence ?? "");
  const submit = (event) => {
    event.preventDefault();
    const text = given();
    if (text !== null) return answer(text);
    empty.textContent = question.options.length ? labels.choose : labels.no_number;
    empty.hidden = false;
  };
  return element("form", { class: "answer", onsubmit: submit }, place, empty, element("div", { class: "buttons" },
    element("button", { type: "submit", class: "tool primary", ...named(check) }, check),
    element("button", { type: "button", class: "quiet", onclick: () => answer(""), ...named(labels.show) }, labels.show)));
}

function said(outcome, labels) {
  const { tries = [], finished = false } = outcome ?? {};
  return tries.map(({ shown, right, remark }, i) => element("p", { class: right ? "verdict right" : "verdict wrong" },
    element("b", {}, `${right ? "✓" : "✗"} ${fill(labels.you_said, { answer: shown })}`), labels.dash,
    right ? (i ? labels.right_second : labels.right) : `${labels.not_yet} ${remark}`,
    !right && !finished ? ` ${labels.one_more}` : ""));
}

function solutionOf({ answer, steps, href, label }, labels) {
  return element("section", { class: "solution" }, element("p", {}, element("b", {}, labels.answer), " ", answer),
    ...steps.map((tree) => fromTree(tree)), element("a", { href, target: "_blank", rel: "noopener" }, `${label} ↗`));
}
