"""The challenges of the Information page."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from instruments import distribution_board
from instruments.distribution_board import DistributionState
from locales import _
from softmax_core.huffman import huffman
from softmax_core.information import entropy, kl_divergence, surprisal
from ui.widgets import guesses
from ui.widgets.challenges import Attempt, Challenges, Choice, Goal, Number, Prediction, Task
from ui.widgets.logit_board import class_names
from ui.widgets.show import as_shown, number

BOARD = "information_board"
PANEL = "information_panel"
STANDARD = DistributionState()
RARE = 1 / 16
SYMBOLS = 4
CALM = 0.5  # bits
POSSIBLE = 0.01
CLOSE = 0.01
EXACT = 1e-6  # bits: no more than rounding
UNIFORM = (0.25, 0.25, 0.25, 0.25)
SURE = (0.97, 0.01, 0.01, 0.01)
UNEVEN = (0.4, 0.35, 0.25)


def _show(panel: str, p: tuple[float, ...] = STANDARD.p, q: tuple[float, ...] | None = None) -> None:
    """Show P and Q, in bits, and open a panel."""
    distribution_board.put(BOARD, DistributionState(p, q or (STANDARD.q if len(p) == SYMBOLS else p)))
    st.session_state[PANEL] = panel


def both_ways() -> tuple[float, float]:
    """Return KL(P || Q) and KL(Q || P) of the pair that shows the difference, in bits."""
    return float(kl_divergence(UNIFORM, SURE, 2)), float(kl_divergence(SURE, UNIFORM, 2))


def larger_way() -> int:
    """Return 0 where KL(P || Q) is larger, 1 where they are equal, 2 where KL(Q || P) is."""
    forward, backward = both_ways()
    return 1 - int(np.sign(forward - backward))


def quiet(state: DistributionState) -> bool | str:
    """Whether the stream tells little although every one of the symbols can come."""
    if as_shown(float(entropy(state.true, 2))) >= CALM:
        return False
    if len(state.true) < SYMBOLS:
        return _("there are fewer than four symbols.")
    least = min(state.true)
    return as_shown(least) >= POSSIBLE or _("the smallest *p* is {p}.").format(p=number(least))


def believed(state: DistributionState) -> bool | str:
    """Whether Q is close to the P of the task."""
    if len(state.true) != SYMBOLS or not np.allclose(state.true, STANDARD.true):
        return _("*P* was changed. Start again.")
    return as_shown(float(kl_divergence(state.true, state.believed, 2))) < CLOSE


def code_without_loss(state: DistributionState) -> bool | str:
    """Whether P of three symbols is not uniform and every word of its Huffman code is as long as its symbol is surprising.

    The board's standard, to which Reset goes back, is such a P of four symbols: it is no answer.

    R - H is the divergence of P from the powers of 1/2, so it is 0 for these alone.
    """
    p = np.array(state.true)
    if len(p) != len(UNEVEN):
        return _("three symbols are asked for.")
    uneven = np.count_nonzero(p) > 1 and float(p.max() - p[p > 0].min()) > POSSIBLE
    return bool(uneven) and huffman(p).average_length - float(entropy(p, 2)) < EXACT


def _explain_ways(_guess: tuple[float, ...], _truth: tuple[float, ...]) -> str:
    forward, backward = both_ways()
    return _(
        "KL(*P* ‖ *Q*) = {forward} bits, KL(*Q* ‖ *P*) = {backward} bits. *Q* holds some symbols to be rare. Under *P* three out of four symbols are such ones, and each is a large surprise. Under *Q* they seldom come."
    ).format(forward=number(forward, 2), backward=number(backward, 2))


def _table() -> list[Task]:
    return [
        Prediction(
            "rare",
            _("A symbol comes once in 16 times, *p* = 1/16. How many bits of surprise does it bring?"),
            Number(_("bits"), 0, 100, close=0.01),
            truth=lambda: float(surprisal(RARE, 2)),
            explanation=_("Four fair yes-or-no questions tell 16 symbols apart: −log₂(1/16) = 4. The last symbol has this *p* now."),
            before=lambda: _show("surprise"),
            reveal=lambda: _show("surprise", (0.5, 0.25, 0.1875, RARE)),
        ),
        Prediction(
            "uniform",
            _("Suppose that all four symbols came equally often. How many bits would a symbol bring on average?"),
            Number(_("bits"), 0, 100, close=0.01),
            truth=lambda: float(entropy(UNIFORM, 2)),
            explanation=_("This is the entropy *H*(*P*): two questions tell four equal symbols apart. No other *P* over four symbols brings more."),
            before=lambda: _show("surprise"),
            reveal=lambda: _show("entropy", UNIFORM),
        ),
        Goal(
            "quiet",
            _("Bring *H*(*P*) below 0.5 bits, and let each of four symbols keep a *p* of at least 0.01."),
            reached=quiet,
            hint=_("Let one symbol come nearly always: about 0.95. Click a number to type it. What you see is rounded to three decimals, so the four may seem to add up to 1.001."),
            explanation=_("The rare symbols surprise a lot, but they hardly ever come: on average the stream tells little."),
            before=lambda: _show("entropy", UNIFORM),
        ),
        Goal(
            "belief",
            _("*Q* believes something else than *P*. By hand, without the button “Q = P”: move *Q* until KL(*P* ‖ *Q*), the extra surprise of believing *Q*, is below 0.01 bits. *P* stays as it is."),
            reached=believed,
            hint=_("Each symbol's *q* has to come near its *p*. Drag *q* of the first symbol to its *p*, then the second, and begin again: the others adjust each time."),
            explanation=_("The bar of *H*(*P*, *Q*) cannot get shorter than *H*(*P*). Training does the same: it moves the model towards the data."),
            before=lambda: _show("kl"),
        ),
        Prediction(
            "ways",
            _("*P* is uniform, *Q* gives 0.97 to one symbol. Which is larger?"),
            Choice((_("KL(P ‖ Q)"), _("They are equal"), _("KL(Q ‖ P)"))),
            truth=larger_way,
            explanation=_explain_ways,
            before=lambda: _show("cross", UNIFORM, SURE),
            reveal=lambda: _show("kl", UNIFORM, SURE),
        ),
        Goal(
            "code",
            _("**{name}** is left out. Find a *P* of three symbols that is not uniform and whose Huffman code reaches the entropy: *R* = *H*(*P*).").format(name=class_names()[SYMBOLS - 1]),
            reached=code_without_loss,
            hint=_("A word of *ℓ* bits fits a *p* of exactly 1/2 to the power *ℓ*. Press “P uniform”, then type 0.5 for one of the three."),
            explanation=_("Each word is as long as its symbol is surprising, so nothing is wasted."),
            before=lambda: _show("code", UNEVEN),
        ),
    ]  # fmt: skip


def laid_over(attempt: Attempt) -> dict[str, Any] | None:
    """Return what was predicted and where on the board it is seen beside what is."""
    if not attempt.prediction:
        return None
    (guess,) = attempt.prediction
    match attempt.task.code:
        case "rare":
            return {"places": [SYMBOLS - 1], "text": guesses.said(guess)}
        case "uniform":
            return {"places": ["entropy"], "text": guesses.said(guess)}
        case "ways":
            places = (["kl"], ["kl", "back"], ["back"])[int(guess)]
            text = (
                _("your guess: they are equal") if len(places) == 2 else _("your guess: this one is larger")
            )
            return {"places": places, "text": text}
    return None


CHALLENGES = Challenges("information", _table, instrument=("information_board_",))
