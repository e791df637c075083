"""Questions about texts: the logit of a sentence, tf-idf."""

from __future__ import annotations

import math

import numpy as np

from locales import _, among
from ui.practice.questions.base import Link, Question
from ui.practice.questions.words import inner, number, plain, tenths

WORDS = {"en": (" ", "lovely", "awful", "zork"), "zh": ("，", "很好", "糟糕", "嗨嗨")}
"""What stands between words; a good word, a bad one, and one that the Text page does not know."""


def word_sum(rng: np.random.Generator) -> Question:
    """The logit of a sentence: counts times weights, and a word that is unknown."""
    count = int(rng.integers(2, 5))
    first, second = map(float, tenths(rng, -2, 2, 2))
    b = round(float(tenths(rng, -1, 1, 1)[0]) + 0.05, 2)  # so that no logit is 0
    value = round(count * first + second + b, 2)
    code = among(WORDS)
    between, good, bad, unknown = WORDS[code]
    sentence = between.join([good] * count + [bad, unknown])
    return Question(
        text=_("The sentence “{sentence}” is given to a model with word counts as features. For one class the weight of “{good}” is {first}, that of “{bad}” is {second}, and the bias is {b}. The model does not know “{unknown}”. What is the logit of this class?").format(
            sentence=sentence, good=good, bad=bad, unknown=unknown, first=plain(first), second=plain(second), b=plain(b)
        ),
        answer=value,
        traps=(
            (first + second + b, _("“{good}” stands there more than once: its weight is multiplied by the count.").format(good=good)),
            (value - b, _("The bias is still to be added.")),
        ),
        solution=(
            rf"$$z = {count}\cdot {inner(first)} + 1\cdot {inner(second)} + {inner(b)} = {number(value)}$$",
            _("An unknown word adds nothing."),
        ),
        link=Link("text", {"text_corpus": code, "text_board_text": sentence}),
        given={"counts": [count, 1], "w": [first, second], "b": b},
    )  # fmt: skip


def tf_idf(rng: np.random.Generator) -> Question:
    """A count weighted by how rare its word is."""
    n = int(rng.integers(9, 200))
    holds = int(rng.integers(1, n // 2))
    count = int(rng.integers(2, 5))
    idf = math.log((1 + n) / (1 + holds)) + 1
    return Question(
        text=_("A word stands in {holds} of {n} training texts, and {count} times in this one. With idf = log((1 + {n}) / (1 + {holds})) + 1, what is its tf-idf before the row is scaled to length 1?").format(
            holds=holds, n=n, count=count
        ),
        answer=count * idf,
        traps=((count * (idf - 1), _("The + 1 is missing: a word that stands in every text still counts.")), (idf, _("That is the idf alone. It is multiplied by the count."))),
        solution=(
            rf"$$\mathrm{{idf}} = \log\frac{{{1 + n}}}{{{1 + holds}}} + 1 = {number(idf, 4)}$$",
            rf"$${count}\cdot {number(idf, 4)} = {number(count * idf)}$$",
        ),
        link=Link("text", {"text_corpus": among(WORDS), "text_weighting": "tf_idf"}),
        given={"n": n, "holds": holds, "count": count},
    )  # fmt: skip
