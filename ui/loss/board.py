"""The instrument of the Loss page: its place in the link, its texts, and presets for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from charts.style import CLASS_COLORS
from instruments import loss_curve
from instruments.loss_curve import CurveState
from instruments.shared.session import message
from locales import _, once
from ui.widgets import guesses
from ui.widgets.challenges import Attempt
from ui.widgets.logit_board import board_from_link, class_labels, class_names

BOARD = "loss_board"
STANDARD = CurveState()


def start_from_link() -> CurveState:
    """Return what the link describes, or what this session has shown last."""
    return cast(CurveState, board_from_link(BOARD, STANDARD, soft_targets=True))


def put(**changes: object) -> None:
    """Show the standard with these changes; everything else is as on the first visit."""
    loss_curve.put(BOARD, replace(STANDARD, **changes))  # type: ignore[arg-type]


def drawn() -> tuple[float, ...]:
    """Return the sketch of the last message from the instrument; ask in a callback, before the script runs."""
    with suppress(ValueError):  # a forged message
        return loss_curve.boards.take(BOARD, message(BOARD)).sketch
    return (loss_curve.current(BOARD) or STANDARD).sketch


def board(start: CurveState, attempt: Attempt) -> CurveState:
    """Mount the instrument and return what it shows; the open challenge says what is hidden and what is laid over it."""
    sketching = attempt.hides("pull")
    # The question before it shows the same board, so p − y is covered there too.
    covered = attempt.task.code in ("uniform", "push") and not attempt.knows("push")
    state = loss_curve.boards.mount(
        BOARD, start, STANDARD, names=class_names(), colors=CLASS_COLORS, labels=_labels(),
        sketching=sketching, slopes=attempt.task.code == "pull", covered=covered,
        ways=attempt.knows("push"), was=before(attempt),
        prediction=laid_over(attempt),
    )  # fmt: skip
    _reserve(len(state.logits))
    # The instrument has no control for these two, so a message must not set them either.
    return replace(state, temperature=1.0, shift=0.0)


def before(attempt: Attempt) -> tuple[float, ...] | None:
    """Return the logits before the reveal of the open question, where it is about their change."""
    return STANDARD.logits if attempt.shown and attempt.task.code == "push" else None


def laid_over(attempt: Attempt) -> dict[str, Any]:
    """Return the answer to the open question, as the instrument lays it over what happens."""
    guess, code = attempt.prediction, attempt.task.code
    return {
        "sketch": guess if code == "pull" else (),
        "level": {"at": guess[0], "text": guesses.said(guess[0])} if guess and code == "uniform" else None,
        "way": guesses.way(1, STANDARD.logits[1], 1 - int(guess[0])) if guess and code == "push" else None,
    }


def _reserve(classes: int) -> None:
    """Keep the place that the instrument will take, so that nothing below it jumps when it has painted."""
    st.html(
        f"<style>.st-key-lab_instrument {{ min-height: {251 + 39.4 * classes:.0f}px; }}"
        f"@container (max-width: 52rem) or (62.5rem < width <= 73.5rem) {{ .st-key-lab_instrument {{ min-height: {349 + 44 * classes}px; }} }}"
        f"@container (max-width: 29.8rem) {{ .st-key-lab_instrument {{ min-height: {452 + 113 * classes}px; }} }}</style>"
    )


@once
def _labels() -> dict[str, str]:
    return class_labels() | {
        "board": _("Loss curve and logits"),
        "nats": _("nats"),
        "dot": _("Probability of {name}, on the loss curve"),
        "dot_spoken": _("p = {p}, loss {loss}"),
        "axis": _("p of the true class, {name}"),
        "axis_soft": _("p of {name}, the largest y"),
        "tangent": _("Slope by p:"),
        "along_z": _("Slope by z:"),
        "tangent_name": _("tangent"),
        "push": _(": pull on z"),
        "rule": _("p too large: z is pushed down. Too small: pulled up."),
        "pull": _("pull on z of {name}"),
        "sketch": _("your sketch"),
        "sketch_handle": _("Your sketch at p = {p}"),
        "correct": _("✓ Correct: {name} has the largest p. But the loss is 0 only at p = 1."),
        "correct_soft": _(
            "{name} has the largest p. With this target the loss is smallest at p = y, and not 0."
        ),
        "wrong": _("✗ Wrong: {name} has the largest p."),
        "tie": _("A tie: {names}. Nobody wins."),
        "was": guesses.was(),
        "up": _("A step downhill raises the logit of {name}."),
        "down": _("A step downhill lowers the logit of {name}."),
        "axis_help": _(
            "p is the full bar, y the pale one with the square handle. The arrow leads from p to y: it is y − p, the pull on z in a step downhill."
        ),
        "y_help": _(
            "The truth, also called the target: 1 for the true class, 0 for the others. Click a class to make it the true one. Drag a share for a soft target, and the others adjust; a share that you type stays when you type the next."
        ),
        "gap_help": _(
            "The slope of the loss by the logit: how far p lies above y. A step goes against it: where p − y is above 0, z goes down."
        ),
        "share": _("Target share of {name}"),
        "exact_share": _("Type the target share of {name} exactly"),
        "smoothing": _("label smoothing ε"),
        "not_a_share": _("“{text}” is not a number from 0 to 1. The target stays as it was."),
    }
