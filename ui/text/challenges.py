"""The challenges of the Text page, about the corpus on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from instruments.text_board import TextState
from locales import _, among
from softmax_core.text import sentiment, tokenise
from softmax_core.validation import Float64Array
from ui.text.board import EXAMPLES, probabilities, put
from ui.text.data import class_names
from ui.text.training import STANDARD, Trained, trained
from ui.widgets import guesses
from ui.widgets.challenges import Attempt, Challenges, Choice, Goal, Number, Prediction, Task
from ui.widgets.show import as_shown

NEGATIVE, POSITIVE = 0, 2
SURE, LESS_SURE, STILL_RIGHT, FEW_WORDS = 0.95, 0.9, 0.7, 3
SWAPPED = {
    "en": (EXAMPLES["en"], "The room was awful, but the breakfast was lovely."),
    "zh": ("房间很好，服务很差。", "服务很好，房间很差。"),
}
UNKNOWN = {"en": "Zork blimpy qwertz.", "zh": "嗨嗨嗨！"}
HARSH = {"en": "A terrible, boring and disappointing film.", "zh": "味道很差，态度太糟糕了。"}


@dataclass(frozen=True)
class Seen:
    """What a goal is judged by: the board and the model on the page."""

    state: TextState
    run: Trained

    @property
    def p(self) -> Float64Array:
        """The probabilities that the board shows."""
        return probabilities(self.run.model, self.state)


def about() -> str:
    """Return the corpus that the challenges speak of: the one on the page; else that in the reader's language."""
    code = st.session_state.get("text_corpus")
    return code if code in SWAPPED else among(SWAPPED)


def at_first(text: str) -> Float64Array:
    """Return what the model that everybody meets first makes of a sentence of the corpus."""
    return Seen(TextState(text), trained(sentiment(about()), STANDARD)).p


def way_of_negative() -> int:
    """Return what p of negative does when two words change places: 0 falls, 1 stays, 2 rises."""
    before, after = map(at_first, SWAPPED[about()])
    return 1 + int(np.sign(np.round(after[NEGATIVE] - before[NEGATIVE], 9)))


def said_of_unknown() -> int:
    """Return what is said of a sentence without a known word: 0 all alike, 1 to 3 the class that leads."""
    p = at_first(UNKNOWN[about()])
    return 0 if np.ptp(p) < 0.02 else 1 + int(p.argmax())


def flipped(seen: Seen) -> bool | str:
    """Whether another class wins since one word of the sentence is left out."""
    text, state = EXAMPLES[about()], seen.state
    if not seen.run.is_standard or state.text != text:
        return _("the sentence or a setting was changed. Start again.")
    if len(state.out) > 1:
        return _("more than one word is left out.")
    winner = int(seen.p.argmax())
    if winner != int(at_first(text).argmax()):
        return True
    return bool(state.out) and _("**{name}** still wins.").format(name=class_names(seen.run.corpus)[winner])


def sure_in_few_words(seen: Seen) -> bool | str:
    """Whether a short sentence is surely positive to the model that everybody meets first."""
    count = len(set(tokenise(seen.state.text)))
    if count > FEW_WORDS:
        return _("these are {n} different words.").format(n=count)
    return seen.run.is_standard and bool(as_shown(seen.p[POSITIVE]) > SURE)


def humbled(seen: Seen) -> bool | str:
    """Whether the model is less sure of the harsh sentence, by its settings alone, and still right often enough."""
    code, state = about(), seen.state
    if (state.text, state.out) != (HARSH[code], ()) or seen.run.corpus.name != sentiment(code).name:
        return _("the sentence was changed. Start again.")
    if as_shown(seen.p.max()) >= LESS_SURE:
        return False
    if not as_shown(seen.run.test_accuracy) >= STILL_RIGHT:
        return _("less than 70 % of the test sentences are right now.")
    return int(seen.p.argmax()) == NEGATIVE


def _table() -> list[Task]:
    code = about()
    names = class_names(sentiment(code))
    before, after = SWAPPED[code]
    return [
        Prediction(
            "order",
            _("“{before}” becomes “{after}”. What happens to the p of **{name}**?").format(before=before.rstrip(".。"), after=after.rstrip(".。"), name=names[NEGATIVE]),
            Choice((_("It falls"), _("It stays"), _("It rises"))),
            truth=way_of_negative,
            explanation=_("The same words stand in both, each as often. A bag of words does not know their order."),
            before=lambda: put(code, before), reveal=lambda: put(code, after), about="words",
        ),
        Prediction(
            "unknown",
            _("The model knows no word of “{sentence}”. What does it say?").format(sentence=UNKNOWN[code].rstrip(".！")),
            Choice((_("1/3 for each class"), *names)),
            truth=said_of_unknown,
            explanation=_("No word adds anything, so z = b. The bias is what the model says of a sentence without telling words, and most of those are neutral."),
            before=lambda: put(code, UNKNOWN[code]), reveal=lambda: put(code, UNKNOWN[code]), about="words",
        ),
        Prediction(
            "accuracy",
            _("The model learns from {n} sentences. What percentage of new sentences will it get right? Guessing gives 33 %.").format(n=len(sentiment(code).train)),
            Number("%", 0, 100, close=8, decimals=1),
            truth=lambda: 100 * trained(sentiment(code), STANDARD).test_accuracy,
            explanation=_("Single words carry most of the mood. What is left are negation, irony, and words that no training sentence had."),
            before=lambda: put(code, EXAMPLES[code]),
        ),
        Goal(
            "flip",
            _("Leave out **one** word, so that another class wins."),
            reached=flipped,
            hint=_("Look for the word with the longest piece in the winner's bar."),
            explanation=_("A logit is a sum: without that piece another sum is the largest."),
            before=lambda: put(code, EXAMPLES[code]), about="words",
        ),
        Goal(
            "sure",
            _("Write a sentence of at most three different words with a p of **{name}** above 0.95.").format(name=names[POSITIVE]),
            reached=sure_in_few_words,
            hint=_("The panel “Words” shows the largest weights. In Chinese a word is a pair of characters: set pairs apart by commas."),
            explanation=_("Each word pushes by its own weight, whatever stands beside it."),
            before=lambda: put(code, UNKNOWN[code]), about="board",
        ),
        Goal(
            "humble",
            _("The model is very sure of this sentence. By the settings alone, bring its largest p below 0.9. At least 70 % of the test sentences must stay right."),
            reached=humbled,
            hint=_("Raise the L2 penalty or the label smoothing."),
            explanation=_("With smaller weights the model is less sure, but mostly the same class wins. So the accuracy hardly moves."),
            before=lambda: put(code, HARSH[code]), about="text_controls",
        ),
    ]  # fmt: skip


def hides_accuracy(attempt: Attempt, run: Trained) -> bool:
    """Whether the accuracy beside the settings is covered: it answers the third question, so also while the two before are open."""
    before = attempt.task.code in ("order", "unknown") and not attempt.knows("accuracy")
    return attempt.hides("accuracy") or (before and run.is_standard)


def covered(attempt: Attempt) -> list[str]:
    """Return the sentences whose numbers would answer the open question."""
    code = about()
    return [SWAPPED[code][1]] * attempt.hides("order") + [UNKNOWN[code]] * attempt.hides("unknown")


def laid_over(attempt: Attempt) -> dict[str, Any] | None:
    """Return what was predicted of one class, and of which sentence."""
    if attempt.prediction and attempt.task.code == "order":
        guess = guesses.rising(int(attempt.prediction[0]) - 1)
        return {"k": NEGATIVE, "text": guess, "of": SWAPPED[about()][1]}
    return None


CHALLENGES = Challenges(
    "text", _table, instrument=("text_board_", *(f"text_{name}" for name in ("corpus", "weighting", "l2", "smoothing", "rare", "own"))), about=about
)  # fmt: skip
