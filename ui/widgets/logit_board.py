"""The logit board as the lessons use it: in the reader's language, in the class colours, restored from the URL."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from charts.style import CLASS_COLORS
from instruments import logit_board
from instruments.logit_board import BoardState
from instruments.shared.values import shares, texts
from locales import _
from ui.frame import sharing
from ui.widgets.boards import state_from_link, two_readings


def class_names() -> list[str]:
    """Return the ten default class names in the reader's language."""
    return [
        _("cat"), _("dog"), _("bird"), _("fish"), _("horse"), _("cow"), _("sheep"), _("duck"), _("frog"), _("bee"),
    ]  # fmt: skip


def shown_names(state: BoardState) -> list[str]:
    """Return the names a board shows: the learner's, or the default of the place."""
    return [name or default for name, default in zip(state.names, class_names(), strict=False)]


def _labels() -> dict[str, str]:
    return {
        "board": _("Logit board"),
        "class": _("class"),
        "class_help": _("Click a class to make it the true class, y = 1."),
        "z_help": _("The logits. Drag a handle, use the arrow keys, or click a number to type it exactly."),
        "exp_help": _("The exponentials after the largest logit was subtracted: the largest is 1."),
        "p_help": _("The probabilities: each exponential divided by their sum."),
        "logp_help": _("Log-softmax, computed from the logits and not as the log of p."),
        "gap_help": _("The gradient of the loss with respect to the logit: what p has too much."),
        "choose": _("Make {name} the true class"),
        "logit": _("Logit of {name}"),
        "exact": _("Type the logit of {name} exactly"),
        "rename": _("Name of {name}"),
        "remove": _("Remove {name}"),
        "spoken": _("logit {z}, probability {p}"),
        "temperature": _("temperature T"),
        "shift": _("add c to all"),
        "add": _("Add a class"),
        "names": _("Edit classes"),
        "done": _("Done"),
        "reset": _("Reset"),
        "full": _("Ten classes are the most."),
        "lse": _("The log-sum-exp of the logits: what log p subtracts from each of them."),
        "slope": _("softmax(z / T) with T = {t}; the gradient is (p − y) / T"),
        "not_finite": _("“{text}” is not a finite number. The logit stays as it was."),
        "two_readings": two_readings(),
        "y_help": _(
            "The target. Click a class for a label; drag a share for a soft target, and the others make room."
        ),
        "share": _("Target share of {name}"),
        "exact_share": _("Type the target share of {name} exactly"),
        "smoothing": _("label smoothing ε"),
        "not_a_share": _("“{text}” is not a number from 0 to 1. The target stays as it was."),
        "empty_name": _("A class needs a name. It keeps the one it had."),
    }


def board(key: str, start: BoardState, standard: BoardState, *, soft_targets: bool = False) -> BoardState:
    """Mount the board ``key`` and return what it shows; see :func:`instruments.logit_board.logit_board`."""
    state = logit_board.logit_board(
        key=key, start=start, standard=standard, names=class_names(), colors=CLASS_COLORS, labels=_labels(),
        soft_targets=soft_targets,
    )  # fmt: skip
    # A board with soft targets has no control for these two, so a message must not set them either.
    return replace(state, temperature=1.0, shift=0.0) if soft_targets else state


def board_from_link(key: str, standard: BoardState, *, soft_targets: bool = False) -> BoardState:
    """Return the board that the link describes; each part that cannot be read falls back with a note."""
    defaults: dict[str, object] = {"z": standard.logits, "target": standard.target, "names": standard.names}
    if soft_targets:
        defaults |= {"y": standard.soft, "smoothing": standard.smoothing}
    else:
        defaults |= {"t": standard.temperature, "shift": standard.shift}
    return state_from_link(logit_board.boards, key, defaults, lambda: _read(key, standard, soft_targets))


def _read(key: str, standard: BoardState, soft_targets: bool) -> BoardState:
    z = sharing.read(f"{key}_z", logit_board.logits, standard.logits, _("logits"), longest=400)
    count = len(z)
    plain = replace(standard, logits=z, target=0, names=("",) * count)

    def target(text: str) -> int:
        return replace(plain, target=int(text)).target

    def temperature(text: str) -> float:
        return replace(plain, temperature=float(text)).temperature

    def shift(text: str) -> float:
        return replace(plain, shift=float(text)).shift

    def names(text: str) -> tuple[str, ...]:
        return replace(plain, names=texts(text)).names

    def soft(text: str) -> tuple[float, ...]:
        return replace(plain, soft=shares(text)).soft

    def smoothing(text: str) -> float:
        return replace(plain, smoothing=float(text)).smoothing

    extra: dict[str, Any] = {}
    if soft_targets:
        target_shares = sharing.read(f"{key}_y", soft, standard.soft, _("target"))
        extra["soft"] = target_shares if len(target_shares) == count else ()
        extra["smoothing"] = sharing.read(
            f"{key}_smoothing", smoothing, standard.smoothing, _("label smoothing ε")
        )
    else:
        extra["temperature"] = sharing.read(f"{key}_t", temperature, standard.temperature, _("temperature T"))
        extra["shift"] = sharing.read(f"{key}_shift", shift, standard.shift, _("add c to all"))
    return BoardState(
        **extra,
        logits=z,
        target=min(sharing.read(f"{key}_target", target, standard.target, _("true class")), count - 1),
        names=(
            *sharing.read(f"{key}_names", names, plain.names, _("class names"), longest=1000),
            *plain.names,
        )[:count],
    )
