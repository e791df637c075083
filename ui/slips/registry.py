"""The common textbook errors: what each is called, what shows it, and the logits with which it is seen best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from instruments import logit_board
from instruments.logit_board import BoardState
from locales import _
from ui.slips import code, formula, meaning, text, training
from ui.widgets import controls
from ui.widgets.logit_board import board

BOARD = "slips_board"
STANDARD = BoardState()
_OPENED = "slips_opened"

Logits = tuple[float, ...]


@dataclass(frozen=True)
class Slip:
    """A common textbook error.

    Parameters
    ----------
    title
        Returns its name in the reader's language.
    on_board
        Shows what is right for the logits of the board and, where it is asked to, the error.
    alone
        The same without a board; a slip has one of the two.
    settings
        The controls it has of its own, as the link calls them.
    logits
        Logits for the board that show it well, each of which gets a button.
    opens
        Whether the page opens with the first of these, because the standard logits do not show the error.
    """

    title: Callable[[], str]
    on_board: Callable[[BoardState, bool], None] | None = None
    alone: Callable[[bool], None] | None = None
    settings: tuple[str, ...] = ()
    logits: tuple[Logits, ...] = ()
    opens: bool = False

    @property
    def begins(self) -> BoardState:
        """The board with which the error opens."""
        return STANDARD.with_logits(self.logits[0]) if self.opens else STANDARD


SLIPS = {
    "sign": Slip(lambda: _("A lost sign"), formula.sign),
    "minus": Slip(lambda: _("The minus and stability"), formula.minus, logits=((1000, 0), (0, -1000), (12, 0)), opens=True),
    "epsilon": Slip(lambda: _("ε inside the log"), formula.epsilon, logits=((0, 60),), opens=True),
    "mean": Slip(lambda: _("Mean loss, summed gradient"), alone=training.averaging, settings=("n", "rate")),
    "l2": Slip(lambda: _("L2 as a factor"), alone=training.penalty, settings=("lambda",)),
    "number": Slip(lambda: _("Class numbers"), formula.names_are_no_scale, logits=((3, 0, 3),), opens=True),
    "twice": Slip(lambda: _("Softmax twice"), code.twice, logits=((12, 0, 0),)),
    "sigmoid": Slip(lambda: _("A sigmoid after softmax"), code.sigmoid_after, logits=((12, 0, 0), (-12, 0, 0)), opens=True),
    "axis": Slip(lambda: _("The wrong axis"), code.axis),
    "seen": Slip(lambda: _("An ε out of sight"), code.seen, logits=((0, 60),), opens=True),
    "far": Slip(lambda: _("Sure, far from the data"), alone=meaning.far, settings=("distance",)),
    "ovr": Slip(lambda: _("One-vs-rest"), meaning.one_vs_rest),
    "right": Slip(lambda: _("Right, so no loss"), meaning.right, logits=((2, 1, 0.1), (12, 0, 0))),
    "maximum": Slip(lambda: _("Softmax as a maximum"), meaning.maximum, logits=((2, 1, 0.1), (20, 10, 1))),
    "unique": Slip(lambda: _("A weight read alone"), alone=meaning.unique, settings=("moved",)),
    "training_set": Slip(lambda: _("Tested on the training set"), alone=text.on_training, settings=("texts",)),
}  # fmt: skip
"""The errors in the order of their page, by what the link calls them."""


def controls_of(slip: str) -> bool:
    """Show the switch, one for all errors, and the buttons that set the board up for it; return whether it is on."""
    wrong = controls.toggle("slips_error", _("Show the error beside it"), default=True)
    with st.container(horizontal=True):
        for i, logits in enumerate(SLIPS[slip].logits):
            z = f"({', '.join(f'{x:g}' for x in logits)})".replace("-", "−")
            label = _("Logits {z}").format(z=z)
            st.button(label, key=f"slips_set_{slip}_{i}", on_click=_put, args=(logits,))
    return wrong


def show(slip: str, start: BoardState, wrong: bool) -> None:
    """Show both versions, and above them the board where they take one.

    An error that the first numbers do not show opens with numbers that show it, unless the reader chose others.
    """
    one = SLIPS[slip]
    if one.on_board is None:
        assert one.alone is not None
        one.alone(wrong)
        return
    before, st.session_state[_OPENED] = st.session_state.get(_OPENED), slip
    now, was = logit_board.current(BOARD) or start, SLIPS[before].begins if before else STANDARD
    if slip != before and now == was != one.begins:
        logit_board.put(BOARD, one.begins)
    one.on_board(board(BOARD, start, STANDARD), wrong)


def _put(logits: Logits) -> None:
    state = logit_board.current(BOARD) or BoardState()
    logit_board.put(BOARD, state.with_logits([float(z) for z in logits]))
