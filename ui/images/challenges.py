"""The challenges of the Images page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from instruments.pixel_pad import DOT
from locales import _
from softmax_core.functional import softmax
from softmax_core.images import digits
from softmax_core.images.strokes import Strokes, draw, pad_format
from softmax_core.images.views import mean_images
from ui.images import training
from ui.images.pad import THREE, Drawn, put
from ui.widgets import guesses
from ui.widgets.challenges import Attempt, Challenges, Choice, Goal, Number, Prediction, Task
from ui.widgets.show import as_shown

MOVED = 0.25  # of the pad: two of its eight pixels
SURE = 0.9
MOST_DOTS = 6
BETTER = 0.97
GOAL_DIGIT = 4


@dataclass(frozen=True)
class Seen:
    """What a goal is judged by: the drawing, and the model on the page.

    Parameters
    ----------
    data
        The code of the set.
    accuracy
        Of the last epoch, on the test images.
    """

    drawn: Drawn
    data: str
    accuracy: float


def moved() -> Strokes:
    """Return the example, moved to the right by two pixels."""
    return [[(x + MOVED, y) for x, y in stroke] for stroke in THREE]


def probabilities(strokes: Strokes) -> list[float]:
    """Return what the model that everybody meets first makes of strokes that are not centred."""
    epoch = training.standard_history()[-1]
    x = draw(strokes, pad_format(*digits().train.size), centred=False).ravel()
    p: list[float] = softmax(x @ epoch.W.astype(np.float64) + epoch.b).tolist()
    return p


def most_negative() -> int:
    """Return where the template of 0 has the lowest mean weight: 0 middle, 1 ring, 2 corners."""
    template = training.standard_history()[-1].W[:, 0].reshape(8, 8)
    return int(np.argmin([template[place].mean() for place in places_of_zero()]))


@lru_cache(maxsize=1)
def places_of_zero() -> tuple[npt.NDArray[np.bool_], ...]:
    """Return which pixels each option of the question about the template of 0 means: middle, ring, corners."""
    ring = mean_images(digits().train, 10)[0] > 0.5
    middle, corners = np.zeros((2, 8, 8), bool)
    middle[2:6, 3:5] = True
    for rows in (slice(2), slice(6, 8)):
        corners[rows, :2] = corners[rows, 6:] = True
    return middle & ~ring, ring, corners


def _what_is_said() -> int:
    before, after = probabilities(THREE), probabilities(moved())
    if int(np.argmax(after)) != 3:
        return 2
    return 0 if after[3] >= before[3] - 0.02 else 1


def _table() -> list[Task]:
    return [
        Prediction(
            "middle",
            _("Each digit has a template of weights. Where are those of **0** most negative (blue)?"),
            Choice((_("in the middle"), _("on the ring that is inked"), _("in the four corners"))),
            truth=most_negative,
            explanation=_(
                "A 0 has no ink in the middle, other digits do. So ink there speaks against 0. The corners are blank in nearly every digit: they say little about a 0."
            ),
            before=training.standard,
        ),
        Prediction(
            "accuracy",
            _("One template for each digit, nothing else. What percentage of new digits will this model recognise?"),
            Number("%", 0, 100, close=5, decimals=1),
            truth=lambda: 100 * training.standard_history()[-1].test_accuracy,
            explanation=_(
                "Guessing gives 10 %. One template for each digit does so well because all digits have the same size and stand in the middle."
            ),
            before=training.standard,
            reveal=_show_curves,
        ),
        Prediction(
            "shift",
            _("The 3 on the pad moves two pixels to the right and is not centred again. What does the model say?"),
            Choice((_("3, as surely as before"), _("3, but less surely"), _("another digit"))),
            truth=_what_is_said,
            explanation=_(
                "Each weight belongs to one fixed pixel. The moved ink meets the weights of other pixels. A convolutional network mends this: it slides the same small weights over the whole picture."
            ),
            before=_show_three,
            reveal=lambda: put(moved(), centred=False),
            about="pad",
        ),
        Goal(
            "draw",
            _("Draw a **4** that gets a probability above 0.9."),
            reached=_is_sure_of_four,
            hint=_("Leave the top open, as in the mean image of 4. Press the bar of **4**: blue pixels are ink in the wrong place."),
            explanation=_("Most of the ink lies on red pixels of the template of 4, little of it on blue ones."),
            before=_show_nothing,
            about="pad",
        ),
        Goal(
            "fool",
            _("Fool it: make it sure (over 90 %) of some digit, though nothing is drawn but at most six dots. Under the bars your dots are counted."),
            reached=_is_fooled,
            hint=_("Switch “Scale and centre” off. Choose a template and click where it is darkest red."),
            explanation=_(
                "The model must choose one of ten classes; “no digit” is not among them. Far from what it has seen it can be sure and wrong."
            ),
            before=_show_nothing,
            about="pad",
        ),
        Goal(
            "better",
            _("Bring the accuracy on the test images above 97 % by choosing learning rate and epochs, then train."),
            reached=lambda seen: seen.data == "digits" and as_shown(seen.accuracy) > BETTER,
            hint=_("After 20 epochs at 0.1 the loss is still falling: take larger steps, or more of them."),
            explanation=_("The loss was still falling: larger steps or more epochs bring it further down. With 359 test images, one image more is 0.3 %."),
            before=training.standard,
            about="images_controls",
        ),
    ]  # fmt: skip


def _show_curves() -> None:
    st.session_state["images_panel"] = "curves"


def _show_three() -> None:
    training.standard()
    put(THREE, centred=False)


def _show_nothing() -> None:
    training.standard()
    put([])


def _is_sure_of_four(seen: Seen) -> bool:
    p = seen.drawn.p
    return bool(seen.drawn.state.strokes and len(p) > GOAL_DIGIT and as_shown(p[GOAL_DIGIT]) > SURE)


def _is_fooled(seen: Seen) -> bool:
    strokes = seen.drawn.state.strokes
    return bool(
        0 < len(strokes) <= MOST_DOTS and all(map(_is_dot, strokes)) and as_shown(seen.drawn.p.max()) > SURE
    )


def _is_dot(stroke: object) -> bool:
    x, y = np.asarray(stroke, dtype=float).T
    return math.hypot(np.ptp(x), np.ptp(y)) <= DOT


CHALLENGES = Challenges(
    "images", _table, instrument=("images_pad_", *(f"images_{name}" for name in training.LINKED))
)


def guessed(attempt: Attempt, code: str) -> float | None:
    """Return what was predicted where this question is open and answered, else None."""
    return attempt.prediction[0] if attempt.task.code == code and attempt.prediction else None


def on_template(attempt: Attempt) -> dict[str, Any] | None:
    """Return the pixels of the template of 0 that were predicted."""
    guess = guessed(attempt, "middle")
    if guess is None:
        return None
    return {
        "k": 0,
        "cells": np.flatnonzero(places_of_zero()[int(guess)]).tolist(),
        "text": _("your guess"),
    }


def on_pad(attempt: Attempt) -> dict[str, Any] | None:
    """Return where the probability of 3 was predicted to go: it stays, or it falls. Which other digit wins was not asked."""
    guess = guessed(attempt, "shift")
    return None if guess is None else guesses.way(3, probabilities(THREE)[3], 0 if guess == 0 else -1)


def hides_accuracy(attempt: Attempt) -> bool:
    """Whether the accuracy must not be seen yet: until it has been guessed or the question was passed over."""
    return attempt.hides("accuracy") or (attempt.task.code == "middle" and not attempt.knows("accuracy"))


def hides_zero(attempt: Attempt) -> bool:
    """Whether the template of 0 is covered: while the question about it is open."""
    return attempt.hides("middle")
