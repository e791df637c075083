// What a sheet came to: by topic, with a link to each lesson and to every question that was not right.
import { element, fill } from "../shared/live.js";

export const isRight = (outcome) => outcome?.finished && outcome.right;

// The solution was asked for without an answer: neither right nor wrong.
export const isShown = (outcome) => Boolean(outcome?.finished && !outcome.tries.length);

export function scoreOf(questions, outcomes) {
  const finished = questions.map(({ code }) => outcomes[code]).filter((outcome) => outcome?.finished);
  const given = finished.filter((outcome) => !isShown(outcome));
  return { answered: given.length, shown: finished.length - given.length, right: given.filter(isRight).length, first: given.filter((outcome) => isRight(outcome) && outcome.tries.length === 1).length };
}

// link(i) is a link to question i, from 0.
export function summaryCard(questions, outcomes, topics, labels, link) {
  const total = scoreOf(questions, outcomes);
  const rows = topics.map(({ code, title, href }) => {
    const own = questions.filter(({ topic }) => topic === code);
    const { right, first } = scoreOf(own, outcomes);
    const again = own.filter((question) => !isRight(outcomes[question.code]));
    return element("tr", {}, element("td", {}, element("a", { href, target: "_blank", rel: "noopener" }, title)),
      element("td", {}, fill(labels.of, { right, all: own.length })), element("td", {}, String(first)),
      element("td", { class: "again" }, ...again.map((question) => link(questions.indexOf(question)))));
  });
  const left = questions.length - total.answered - total.shown;
  const verdict = left ? fill(labels.left, { left })
    : total.right === questions.length ? labels.all_right : labels.look_again;
  return element("article", { class: "card summary", "aria-label": labels.summary }, element("h2", {}, labels.summary),
    element("p", {}, `${fill(labels.total, { right: total.right, all: questions.length })} ${verdict}`),
    element("div", { class: "table" }, element("table", {},
      element("thead", {}, element("tr", {}, ...["topic", "right_head", "first_head", "again_head"].map((name) => element("th", {}, labels[name])))),
      element("tbody", {}, ...rows))));
}
