"""The grey picture as the lesson uses it: in the reader's language, in the class colours, restored from the URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from charts.style import CLASS_COLORS
from instruments import grey_picture
from instruments.grey_picture import GreyState
from instruments.shared.values import numbers
from locales import _, once
from softmax_core.layers import BIASES, TYPICAL, WEIGHTS
from ui.widgets import guesses
from ui.widgets.boards import Part, state_from_link, two_readings


def species() -> list[str]:
    """Return the names of the three classes of grey pictures: the first three of the logit board."""
    return [_("cat"), _("dog"), _("bird")]


def pixel_names() -> list[str]:
    """Return the names of the four pixels in reading order."""
    return [_("top left"), _("top right"), _("bottom left"), _("bottom right")]


def typical(k: int) -> GreyState:
    """Return the typical picture of class ``k`` before the hand-made weights."""
    return GreyState(
        x=tuple(TYPICAL[k].tolist()), W=tuple(WEIGHTS.ravel().tolist()), b=tuple(BIASES.tolist()), target=k
    )


@once
def _labels() -> dict[str, str]:
    return {
        "picture": _("Grey picture and linear layer"),
        "pad": _("Picture of four pixels: arrow keys move, plus and minus change the grey"),
        "pixel": _("Grey of the pixel {place}"),
        "hint": _(
            "Drag a pixel up: brighter, down: darker. A click flips it, a click on its line sets the grey."
        ),
        "truth": _("the truth:"),
        "typical": _("a typical"),
        "typical_of": _("A typical {name}"),
        "edges": _(
            "Every pixel is joined to every class: the layer is fully connected. Colours show pixel × weight, what is added to a score; dashed lowers it."
        ),
        "sum": _("The sum that makes one logit: arrow keys go to the other terms and classes"),
        "was": guesses.was(),
        "tie": _("a tie"),
        "network": _(
            "Network from four pixels and a constant 1 to three logits, softmax and three probabilities"
        ),
        "table": _("Weights and biases"),
        "weight": _("Weight from the pixel {place} to {name}"),
        "bias": _("Bias of {name}"),
        "integer": _("label (number of the true class):"),
        "integer_help": _(
            "The number of the true class. It counts from 1, as the formulas do; code counts from 0."
        ),
        "one_hot_help": _("The label as a row: a single 1 at the true class, zeros elsewhere."),
        "one_hot": _("one-hot (the label as a row):"),
        "hard": _("hard answer (one class):"),
        "soft": _("largest p:"),
        "loss": _("loss:"),
        "reset": _("Reset"),
        "two_readings": two_readings(),
        "not_finite": _("“{text}” is no number from −{limit} to {limit}. The value stays as it was."),
    }


def logits_of(state: GreyState) -> list[float]:
    """Return the three logits, ``z = x W + b``."""
    z: list[float] = (np.array(state.x) @ np.array(state.rows) + np.array(state.b)).tolist()
    return z


def picture(
    key: str,
    start: GreyState,
    standard: GreyState,
    *,
    was: list[float] | None = None,
    hidden: bool = False,
    prediction: Mapping[str, Any] | None = None,
    about: GreyState | None = None,
) -> GreyState:
    """Mount the picture ``key`` and return what it shows.

    Parameters
    ----------
    was
        Logits to stand below the present ones, for comparison.
    hidden
        Whether the logits, and what follows from them, are still to be predicted and must not be seen.
    prediction
        ``k`` and ``text``: what the learner has predicted of one logit.
    about
        What ``was`` and ``prediction`` are about: they are not shown beside another picture, weights or biases. None for any.
    """
    return grey_picture.boards.mount(
        key, start, standard, names=species(), pixels=pixel_names(), colors=CLASS_COLORS[:3], labels=_labels(),
        typical=TYPICAL.tolist(), was=was, hidden=hidden, prediction=prediction,
        about=None if about is None else asdict(about),
    )  # fmt: skip


def picture_from_link(key: str, standard: GreyState) -> GreyState:
    """Return the picture that the link describes; each part that cannot be read falls back with a note."""
    parts = {
        "x": Part("x", numbers, _("pixels")),
        "w": Part("W", numbers, _("weights"), longest=400),
        "b": Part("b", numbers, _("biases")),
        "target": Part("target", int, _("true class"), on_paper=None),
    }
    return state_from_link(grey_picture.boards, key, standard, parts)
