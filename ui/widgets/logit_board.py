"""The logit board as the lessons use it: in the reader's language, in the class colours, restored from the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from charts.style import CLASS_COLORS
from instruments import logit_board
from instruments.logit_board import ALL_COLUMNS, SCORES, BoardState
from instruments.shared.values import numbers, shares, texts
from locales import _, once
from ui.frame import sharing
from ui.widgets.boards import Part, state_from_link, two_readings


@once
def class_names() -> tuple[str, ...]:
    """Return the ten default class names in the reader's language."""
    return (
        _("cat"), _("dog"), _("bird"), _("fish"), _("horse"), _("cow"), _("sheep"), _("duck"), _("frog"), _("bee"),
    )  # fmt: skip


def shown_names(state: BoardState) -> list[str]:
    """Return the names a board shows: the learner's, or the default of the place."""
    return [name or default for name, default in zip(state.names, class_names(), strict=False)]


def class_labels() -> dict[str, str]:
    """Return the texts that every board with a logit for each class needs."""
    return {
        "class": _("class"),
        "class_help": _("Click a class to make it the true class, y = 1."),
        "z_help": _("The logits. Drag a handle, use the arrow keys, or click a number to type it exactly."),
        "p_help": _("The probabilities: each exponential divided by their sum."),
        "choose": _("Make {name} the true class"),
        "logit": _("Logit of {name}"),
        "exact": _("Type the logit of {name} exactly"),
        "rename": _("Name of {name}"),
        "remove": _("Remove {name}"),
        "spoken": _("logit {z}, probability {p}"),
        "add": _("Add a class"),
        "names": _("Edit classes"),
        "done": _("Done"),
        "reset": _("Reset"),
        "full": _("At most ten classes."),
        "not_finite": _("“{text}” is not a finite number. The logit stays as it was."),
        "two_readings": two_readings(),
        "empty_name": _("A class needs a name. It keeps the one it had."),
    }


@once
def _labels() -> dict[str, str]:
    return class_labels() | {
        "board": _("Logit board"),
        "exp_help": _("The exponentials: always above 0, and larger where z is larger."),
        "exp_less_help": _("The exponentials after the largest logit was subtracted: the largest is 1."),
        "subtracted": _(
            "Here eᶻ is no number that a computer holds. The largest z is taken off first; the shares stay the same."
        ),
        "logp_help": _("Log-softmax, computed from the logits and not as the log of p."),
        "gap_help": _("The gradient of the loss with respect to the logit: how far p lies above y."),
        "work_help": _("Click a class to see its fraction worked out."),
        "work": _("Work it out for {name}"),
        "steps": _("Steps from score to probability"),
        "step_z": _("score"),
        "step_p": _("share"),
        "step_needed": _("The panel below speaks of p, so p stays. In the panel “Example” you can go back."),
        "all_columns": _("all columns"),
        "one_bar": _("One bar of length 1"),
        "guess": _("your guess"),
        "leads": _("The largest p: {name}, {p}."),
        "temperature": _("temperature T"),
        "shift": _("add c to all"),
        "lse": _("The log-sum-exp of the logits: what log p subtracts from each of them."),
        "slope": _("softmax(z / T) with T = {t}; the gradient is (p − y) / T"),
    }


@dataclass(frozen=True)
class Stepper:
    """What a board with a stepper is told besides its state.

    Parameters
    ----------
    least
        The step that is shown at least, because something else on the page speaks of its columns.
    covered
        Whether p is covered while the board shows the logits ``asked``, because a question about it is open.
    plain
        Whether e^z is covered, because a question about what a computer makes of it is open.
    guess, asked
        One share for each class, laid over p while the board shows the logits ``asked``; empty for none.
    way
        Or where p of one class was predicted to go, as `ui.widgets.guesses.way` says it; None for nothing.
    look
        The board scrolls into sight whenever this becomes another text that is not empty.
    """

    least: int = SCORES
    covered: bool = False
    plain: bool = False
    guess: Sequence[float] = ()
    asked: Sequence[float] = ()
    way: Mapping[str, Any] | None = None
    look: str = ""


def board(
    key: str,
    start: BoardState,
    standard: BoardState,
    *,
    stepper: Stepper | None = None,
) -> BoardState:
    """Mount the board ``key`` and return what it shows. With a ``stepper`` the columns are shown one after the other."""
    steps = (
        None
        if stepper is None
        else vars(stepper) | {"guess": list(stepper.guess), "asked": list(stepper.asked)}
    )
    return logit_board.boards.mount(
        key, start, standard, names=class_names(), colors=CLASS_COLORS, labels=_labels(), stepper=steps
    )


def board_from_link(
    key: str, standard: BoardState, *, soft_targets: bool = False, steps: bool = False
) -> BoardState:
    """Return the board that the link describes; each part that cannot be read falls back with a note.

    A link to a board with ``steps`` that sets something up and names no step shows all columns.
    """
    kind = {
        "y": Part("soft", shares, _("target")),
        "smoothing": Part("smoothing", float, _("label smoothing ε")),
    } if soft_targets else {
        "t": Part("temperature", float, _("temperature T")),
        "shift": Part("shift", float, _("add c to all")),
    }  # fmt: skip
    parts = {
        "z": Part("logits", numbers, _("logits"), longest=400, put=BoardState.with_logits),
        **kind,
        "target": Part("target", int, _("true class"), on_paper=None),
        "names": Part("names", texts, _("class names"), longest=1000, on_paper=None),
    }
    if steps:
        if sharing.brings(*(f"{key}_{name}" for name in parts)):
            standard = replace(standard, step=ALL_COLUMNS)
        parts["step"] = Part("step", int, _("all columns"), on_paper=None)
    return state_from_link(logit_board.boards, key, standard, parts)
