"""The challenges of the Softmax page."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np
import streamlit as st

from instruments.logit_board import EXPONENTIALS, SCORES, SHARES, BoardState, boards
from instruments.shared.session import message
from locales import _
from softmax_core.functional import naive_softmax, softmax
from ui.frame import sharing
from ui.softmax.panels import BOARD, FORMAT, Panel, stage
from ui.widgets import guesses
from ui.widgets.challenges import Attempt, Bars, Challenges, Choice, Goal, Prediction, Task
from ui.widgets.logit_board import Stepper, class_names
from ui.widgets.show import as_shown

FIRST = (2.0, 1.0, 0.1)
HOT = (6.0, 1.0, 0.1)
SHIFTED = BoardState(FIRST, shift=5.0).shown
GROWS = (1, 0, -1)  # the way of p in each option of "shift"
LARGE = (1000.0, 999.0, 0.0)
HALVES = (0.5, 0.25, 0.25)
CLOSE = 0.01
PANEL = "softmax_panel"
_LINKED = "softmax_linked_at"  # how many tasks had been opened when a link without one brought its own board


def _table() -> list[Task]:
    cat, dog, bird = class_names()[:3]
    return [
        Prediction(
            "shares",
            _("The scores are 2, 1 and 0.1. Sketch the three probabilities before you look."),
            Bars((cat, dog, bird)),
            truth=lambda: softmax(list(FIRST)).tolist(),
            explanation=_(
                "Each probability is *e*ᶻ divided by the sum of all three. Why not *z* divided by its sum? Here that would come near, but scores can be negative: 2, 1, −1 would give 1, 0.5 and −0.5, and no probability is −0.5. *e*ᶻ is never negative: step 2 of the board shows it."
            ),
            before=lambda: _open(FIRST, SCORES),
            reveal=lambda: stage(FIRST, SHARES),
            fits=lambda state: state.shown == FIRST,
        ),
        Goal(
            "nine_tenths",
            _("Bring the probability of **{cat}** above 0.9 by moving the other two logits only.").format(cat=cat),
            reached=nine_tenths,
            hint=_("Lower **{dog}** and **{bird}**: what counts is how far they lie below **{cat}**.").format(
                cat=cat, dog=dog, bird=bird
            ),
            explanation=_(
                "The logit of **{cat}** did not move. Softmax compares: when the others fall, its share grows."
            ).format(cat=cat),
            before=lambda: _open(FIRST, SHARES),
        ),
        Prediction(
            "shift",
            _("Now 5 is added to every logit. What happens to the largest probability?"),
            Choice((_("it grows"), _("it stays"), _("it shrinks"))),
            truth=_after_shift,
            explanation=_(
                "Only differences of logits count: *e*⁵ stands above and below the line and cancels."
            ),
            before=lambda: _open(FIRST, SHARES),
            reveal=lambda: stage(FIRST, SHARES, shift=5.0),
            fits=lambda state: state.logits == FIRST,
        ),
        Goal(
            "halves",
            _("All three are equal. Make **{cat}** twice as likely as each of the others: p = 0.5, 0.25, 0.25.").format(cat=cat),
            reached=halves,
            hint=_("Raise **{cat}** alone. Twice as likely means a difference of log 2 in *z*; log is the natural logarithm (ln).").format(cat=cat),
            explanation=_("*e*ᶻ must double, so *z* grows by log 2 = 0.693, wherever it stands."),
            before=lambda: _open((0.0, 0.0, 0.0), SHARES),
            fits=lambda state: len(set(state.shown)) == 1 or halves(state),
        ),
        Goal(
            "warm",
            _("The logits are 6, 1 and 0.1. Bring the largest probability below one half with the temperature alone."),
            reached=warm,
            hint=_("Slide *T* up: every logit is divided by it before the exponential."),
            explanation=_(
                "A high *T* shrinks all differences, and the shares come near 1/3 each; a low one leaves almost everything to the largest. The order stays."
            ),
            before=lambda: _open(HOT, SHARES),
            about="temperature",
            fits=lambda state: state.logits == HOT,
        ),
        Prediction(
            "thousand",
            _("The logits are 1000, 999 and 0. NumPy computes *e*ᶻ / Σ *e*ᶻ just as it is written. What does it print for **{cat}**?").format(cat=cat),
            Choice(("0.731", "1.000", _("NaN (not a number)"))),
            truth=_printed,
            explanation=_(
                "*e*¹⁰⁰⁰ is too large for a computer's number and becomes ∞, and ∞ / ∞ is not a number (NaN). With the largest logit subtracted first the same fraction gives 0.731."
            ),
            before=lambda: _open(LARGE, SCORES),
            reveal=_show_precision,
            fits=lambda state: state.logits == LARGE,
        ),
    ]  # fmt: skip


def nine_tenths(state: BoardState) -> bool | str:
    """Whether cat has more than 0.9 with its logit where it was."""
    if state.logits[0] != FIRST[0]:
        return _("**{cat}** was moved. Start again.").format(cat=class_names()[0])
    if state.temperature != 1:
        return _("*T* was changed. Set it back to 1.")
    return as_shown(float(softmax(state.shown)[0])) > 0.9


def halves(state: BoardState) -> bool:
    """Whether the shares are 0.5, 0.25 and 0.25."""
    p = softmax(state.shown, temperature=state.temperature)
    return len(p) == 3 and bool(np.abs(p - HALVES).max() < CLOSE)


def warm(state: BoardState) -> bool | str:
    """Whether no share is above one half though the logits are where they were."""
    if state.logits != HOT:
        return _("a logit was moved. Start again.")
    return as_shown(float(softmax(state.shown, temperature=state.temperature).max())) < 0.5


def _after_shift() -> int:
    before, after = (float(softmax([z + c for z in FIRST])[0]) for c in (0.0, 5.0))
    return 1 if math.isclose(before, after, rel_tol=1e-12) else 0 if after > before else 2


def _printed() -> int:
    """Return the option that the formula as written gives: its p in float64."""
    p = float(naive_softmax(np.array(LARGE))[0])
    return 2 if math.isnan(p) else int(round(p, 3) == 1)


def _open(logits: tuple[float, ...], step: int) -> None:
    stage(logits, step)
    st.session_state[PANEL] = "steps"


def _show_precision() -> None:
    stage(LARGE, SHARES)
    st.session_state[FORMAT] = "float64"
    st.session_state[PANEL] = "precision"


def begin() -> None:
    """Read the link. One that brings a board or a panel but no task wants them seen: nothing is covered then."""
    own = [f"{BOARD}_{name}" for name in ("z", "t", "shift", "target", "names", "step")]
    if sharing.brings(f"{CHALLENGES.key}_open"):
        st.session_state.pop(_LINKED, None)
    elif sharing.brings(*own, PANEL):
        st.session_state[_LINKED] = CHALLENGES.now().starts
    CHALLENGES.begin()


def hides(attempt: Attempt, *codes: str) -> bool:
    """Whether one of these predictions is open and the link did not bring something of its own to see."""
    return attempt.hides(*codes) and st.session_state.get(_LINKED) != attempt.starts


def covers(attempt: Attempt, panel: Panel, state: BoardState) -> bool:
    """Whether the panel would answer the open question: it shows what is asked for, at the step that is seen."""
    if not hides(attempt, *panel.tells):
        return False
    step = max(panel.least, state.step)
    if attempt.task.code == "thousand":
        return step >= EXPONENTIALS
    return step >= SHARES and state.shown == FIRST and state.temperature == 1


def least(attempt: Attempt, panel: Panel, start: BoardState) -> int:
    """Return the step that the board shows at least: a panel that is covered asks for no columns beside it."""
    with suppress(KeyError, ValueError):  # not mounted yet, or a forged message
        start = boards.take(BOARD, message(BOARD))
    return SCORES if covers(attempt, panel, start) else panel.least


def stepper(attempt: Attempt, least: int) -> Stepper:
    """Return what the board is told of the open task."""
    shares = attempt.task.code == "shares"
    shift = attempt.task.code == "shift" and attempt.prediction
    look = f"{attempt.task.code} {attempt.starts}" if attempt.shown else ""
    return Stepper(
        least,
        covered=hides(attempt, "shares"),
        plain=hides(attempt, "thousand"),
        guess=attempt.prediction if shares else (),
        asked=FIRST if shares else SHIFTED if shift else (),
        way=guesses.way(0, float(softmax(FIRST)[0]), GROWS[int(shift[0])]) if shift else None,
        look=look,
    )


CHALLENGES = Challenges("softmax", _table, instrument=("softmax_board_",))
