"""The logit board: up to ten logits under the hand, with softmax, log-softmax, loss and gradient beside each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from instruments.shared.session import Boards
from instruments.shared.values import (
    FEWEST_CLASSES,
    MOST_CLASSES,
    NAME_LENGTH,
    check_shares,
    checked_message,
    normalised,
    numbers,
)

MOST_SMOOTHING = 0.5
TEMPERATURES = (0.05, 20.0)
SHIFTS = (-10.0, 10.0)


@dataclass(frozen=True)
class BoardState:
    """What a board shows.

    Parameters
    ----------
    logits
        K finite numbers in nats, before the shift; 2 to 10 of them.
    target
        Index of the true class.
    temperature
        T in softmax(z / T), 0.05 to 20.
    shift
        The constant c that is added to every logit, -10 to 10.
    names
        K texts of at most 24 characters; an empty one stands for the default name of its place.
    soft
        A target distribution of K shares with sum 1 in place of the true class; empty for a label.
    smoothing
        Label smoothing eps, 0 to 0.5: the target is (1 - eps) y + eps / K.

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    logits: tuple[float, ...] = (2.0, 1.0, 0.1)
    target: int = 0
    temperature: float = 1.0
    shift: float = 0.0
    names: tuple[str, ...] = ("", "", "")
    soft: tuple[float, ...] = ()
    smoothing: float = 0.0

    def __post_init__(self) -> None:
        count = len(self.logits)
        if not FEWEST_CLASSES <= count <= MOST_CLASSES:
            raise ValueError(f"a board has {FEWEST_CLASSES} to {MOST_CLASSES} classes, got {count}")
        for z in self.logits:
            if not math.isfinite(z):
                raise ValueError(f"a logit is a finite number, got {z}")
        if not 0 <= self.target < count:
            raise ValueError(f"the target is a class from 0 to {count - 1}, got {self.target}")
        if not TEMPERATURES[0] <= self.temperature <= TEMPERATURES[1]:
            raise ValueError(f"the temperature lies in {TEMPERATURES}, got {self.temperature}")
        if not SHIFTS[0] <= self.shift <= SHIFTS[1]:
            raise ValueError(f"the shift lies in {SHIFTS}, got {self.shift}")
        if len(self.names) != count or any(len(name) > NAME_LENGTH for name in self.names):
            raise ValueError(
                f"one name of at most {NAME_LENGTH} characters for each class, got {self.names!r}"
            )
        if self.soft:
            check_shares(self.soft, count)
        if not 0 <= self.smoothing <= MOST_SMOOTHING:
            raise ValueError(f"the smoothing lies in 0 to {MOST_SMOOTHING}, got {self.smoothing}")

    @property
    def targets(self) -> tuple[float, ...]:
        """The target distribution y: 1 for the true class or the soft shares, then smoothed; its sum is 1."""
        count = len(self.logits)
        base = normalised(self.soft or [float(k == self.target) for k in range(count)])
        return tuple((1 - self.smoothing) * y + self.smoothing / count for y in base)

    @property
    def is_label(self) -> bool:
        """Whether the target is one class alone."""
        return not self.soft and self.smoothing == 0

    @property
    def shown(self) -> tuple[float, ...]:
        """The logits with the shift added: what the bars show (rounded as the browser does)."""
        return tuple(_tidy(z + self.shift) for z in self.logits)

    def with_logits(self, logits: Sequence[float]) -> BoardState:
        """Return the state with other logits; names and target are kept where their class still exists."""
        count = len(logits)
        names = (*self.names, *([""] * count))[:count]
        target = self.target if self.target < count else 0
        soft = self.soft if len(self.soft) == count else ()
        return replace(self, logits=tuple(logits), names=names, target=target, shift=0.0, soft=soft)


def _tidy(x: float) -> float:
    return math.floor(x * 1e6 + 0.5) / 1e6 if abs(x) < 1e9 else x


def from_browser(value: Mapping[str, Any]) -> BoardState:
    """Read a state that the browser sent. Whoever can open the page can send anything, so it is checked here.

    Raises
    ------
    ValueError
        If it is not a state.
    """
    with checked_message("a board state"):
        return BoardState(
            logits=tuple(float(z) for z in value["logits"]),
            target=int(value["target"]),
            temperature=float(value["temperature"]),
            shift=float(value["shift"]),
            names=tuple(str(name) for name in value["names"]),
            soft=tuple(float(y) for y in value.get("soft", ())),
            smoothing=float(value.get("smoothing", 0.0)),
        )


def logits(text: str) -> tuple[float, ...]:
    """Read logits from a parameter such as ``2~1~0.1``.

    Raises
    ------
    ValueError
        If there are not 2 to 10 finite numbers.
    """
    values = numbers(text)
    return BoardState(logits=values, names=("",) * len(values)).logits


boards = Boards("logit_board", from_browser)
put, current = boards.put, boards.current


def logit_board(
    *,
    key: str,
    start: BoardState,
    standard: BoardState,
    names: Sequence[str],
    colors: Sequence[str],
    labels: Mapping[str, str],
    soft_targets: bool = False,
) -> BoardState:
    """Mount a board and return the state it shows.

    Parameters
    ----------
    key
        The board's key; its URL parameters are ``<key>_z``, ``_target``, ``_t``, ``_shift``, ``_names``. The
        browser writes them, the page reads them once into ``start``.
    start
        What to show when this session has not seen the board yet.
    standard
        What Reset returns to, and what is left out of the URL.
    names
        Ten default names, in the reader's language.
    colors
        Ten CSS colours.
    labels
        The texts of the board, in the reader's language; see ``ui/widgets/logit_board.py``.
    soft_targets
        Whether the target can be dragged and smoothed (``<key>_y``, ``_smoothing``). Such a board has no
        temperature and no shift, so that its gradient is p - y.
    """
    return boards.mount(
        key,
        start,
        standard,
        names=list(names),
        colors=list(colors),
        labels=dict(labels),
        soft=soft_targets,
        limits={
            "classes": [FEWEST_CLASSES, MOST_CLASSES],
            "nameLength": NAME_LENGTH,
            "temperature": TEMPERATURES,
            "shift": SHIFTS,
            "smoothing": [0.0, MOST_SMOOTHING],
        },
    )
