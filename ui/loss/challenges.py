"""The challenges of the Loss page."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st

from instruments.loss_curve import SKETCH_AT, CurveState
from locales import _, joined
from softmax_core.functional import softmax
from softmax_core.losses import cross_entropy, cross_entropy_gradient
from ui.loss import walk
from ui.loss.board import STANDARD, drawn, put
from ui.loss.walk import ETA, Walk
from ui.widgets.challenges import Challenges, Choice, Goal, Number, Prediction, Sketch, Task
from ui.widgets.logit_board import class_names
from ui.widgets.show import as_shown, number

EVEN = (0.0,) * 4
LAST_PLACE = (0.0, 1.0, 2.0)  # the true class, the first, has the smallest logit
WRONG = (-1.0, 2.0, 0.0)
STEP = 2.0  # the learning rate with which the answer to "push" is shown
SLOW = 0.2  # the learning rate with which the goal of the walk begins
CLOSE = 0.01
NEAR = 0.006  # a logarithm that is typed with two decimals
MOST_STEPS, ENOUGH = 5, 0.9  # of the goal of the walk


@dataclass(frozen=True)
class Shown:
    """What the goals are judged by."""

    board: CurveState
    walk: Walk | None


def _slope() -> np.ndarray:
    return np.asarray(cross_entropy_gradient(STANDARD.logits, STANDARD.target))


def _uniform() -> float:
    return float(cross_entropy(EVEN, 0))


def _explain_uniform(guess: tuple[float, ...], _truth: tuple[float, ...]) -> str:
    halved = _(
        "−log(1/4) = log 4. Each time *p* halves, the loss grows by log 2 = 0.693, and 1/4 is two halvings. An untrained model begins near this value."
    )
    if guess and math.isclose(guess[0], math.log10(4), abs_tol=NEAR):
        return joined(
            _("0.602 is the logarithm with base 10. Here log is the natural logarithm (ln)."), halved
        )
    if guess and math.isclose(guess[0], math.log2(4), abs_tol=NEAR):
        return joined(
            _("2 is the logarithm with base 2, in bits. Here log is the natural logarithm (ln), in nats."),
            halved,
        )
    return halved  # fmt: skip


def _pushed() -> int:
    """Return which option is right for dog: against its slope."""
    return int(np.sign(_slope()[1])) + 1


def _stepped() -> tuple[float, ...]:
    return tuple(np.round(np.array(STANDARD.logits) - STEP * _slope(), 6).tolist())


def _pulls() -> list[float]:
    """Return how strongly the loss pulls at the true logit, at each probability of the sketch."""
    return [-float(cross_entropy_gradient([math.log(p), math.log1p(-p)], 0)[0]) for p in SKETCH_AT]


def _start_walk() -> None:
    put(logits=WRONG)
    walk.forget()
    st.session_state[ETA] = SLOW
    st.session_state["loss_panel"] = "walk"


def _start_zero() -> None:
    put()
    walk.forget()
    st.session_state[ETA] = 1.0


def _table() -> list[Task]:
    dog = class_names()[1]
    return [
        Prediction(
            "uniform",
            _("A model that knows nothing: four classes, each with *p* = 1/4. What is its loss −log *p*?"),
            Number(_("nats"), 0, 1000, close=0.05),
            truth=_uniform,
            explanation=_explain_uniform,
            before=lambda: put(),
            reveal=lambda: put(logits=EVEN, names=("",) * 4),
            about="curve",
        ),
        Prediction(
            "push",
            _("**{name}** is not the true class and has *p* = {p}. One step downhill is taken: learning rate × slope is subtracted from each *z*, with the learning rate {rate}. What happens to *z* of **{name}**?").format(name=dog, p=number(float(softmax(STANDARD.logits)[1])), rate=f"{STEP:g}"),
            Choice((_("it rises"), _("it stays"), _("it falls"))),
            truth=_pushed,
            explanation=_("*p* − *y* is above 0, so a larger *z* would mean a larger loss. Classes given too much probability are pushed down, those given too little pulled up."),
            before=lambda: put(),
            reveal=lambda: put(logits=_stepped()),
            about="classes",
            fits=lambda shown: shown.board.logits in (STANDARD.logits, _stepped()) and shown.board.targets == STANDARD.targets,
        ),
        Prediction(
            "pull",
            _("The slope of the curve is −1/*p*: huge where *p* is small. But the model moves *z*, not *p*. How strong is the pull of the loss on *z* of the true class? The pull is the slope by *z* with the other sign, −∂*L*/∂*z*. Sketch it: drag the five dots in the picture, or click where each should stand."),
            Sketch(close=0.1, drawn=drawn),
            truth=_pulls,
            explanation=_("The pull is *y* − *p* = 1 − *p*: a straight line, never above 1. Where −1/*p* is huge, *p* hardly moves with *z*; the product of the two is *p* − 1."),
            before=lambda: put(),
            about="curve",
        ),
        Goal(
            "one_logit",
            _("Bring the loss below 0.3. Move one logit only."),
            reached=_below_with_one,
            hint=_("Drag the dot on the curve: it moves the logit of the true class, and no other."),
            explanation=_("*e*⁻⁰·³ = 0.741: so much *p* is needed. The class was right earlier, but right is not loss 0."),
            before=lambda: put(logits=LAST_PLACE),
            about="curve",
        ),
        Goal(
            "walk",
            _("**Walk downhill**, below: make *p* of **{name}** walk above 0.9 in at most five steps.").format(name=class_names()[0]),
            reached=_walked,
            hint=_("The learning rate η says how far a step goes. Go back to the start and try a larger one."),
            explanation=_("A step is η (*p* − *y*): the closer *p* comes to *y*, the shorter the next step is, with the same η."),
            before=_start_walk,
        ),
        Goal(
            "zero",
            _("Make the whole gradient zero: every *p* − *y* between −0.01 and 0.01, with no *p* above 0.9. The truth *y* can be changed, too: it may be shared between the classes."),
            reached=_balanced,
            hint=_("Leave the logits alone and change *y*: click each *y* and type its *p*. What you typed stays. If you drag a square instead, all others adjust: go round more than once."),
            explanation=_("At *p* = *y* nothing pulls any more. A soft target is reached at finite logits; with a label, *y* = 1, the logits would have to grow for ever."),
            before=_start_zero,
            about="classes",
        ),
    ]  # fmt: skip


def _below_with_one(shown: Shown) -> bool | str:
    board = shown.board
    if len(board.logits) != len(LAST_PLACE) or not board.is_label or board.target != 0:
        return _("classes or target were changed. Start again.")
    moved = sum(z != start for z, start in zip(board.logits, LAST_PLACE, strict=True))
    if moved > 1:
        return _("more than one logit was moved. Start again.")
    return moved == 1 and as_shown(float(cross_entropy(board.logits, 0))) < 0.3


def _walked(shown: Shown) -> bool:
    board, steps = shown.board, shown.walk
    if steps is None or not 1 <= steps.taken <= MOST_STEPS or not board.is_label:
        return False
    begin, end = (float(softmax(logits)[board.target]) for logits in (steps.begin, board.logits))
    return begin < 0.5 and as_shown(end) > ENOUGH


def _balanced(shown: Shown) -> bool | str:
    p = softmax(shown.board.logits)
    if as_shown(float(np.max(np.abs(p - shown.board.targets)))) > CLOSE:
        return False
    return as_shown(float(p.max())) <= 0.9 or _("one *p* is above 0.9.")


CHALLENGES = Challenges("loss", _table, instrument=("loss_board_", "loss_from", "loss_taken"))


def counted_walk(state: CurveState) -> None:
    """Show the walk, and while its goal is open how many of its steps are taken."""
    walk.walk(state, MOST_STEPS if CHALLENGES.now().task.code == "walk" else None, ENOUGH)
