"""Pieces that several kinds of question share: numbers in texts, class names, draws, links to lessons."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from locales import _
from softmax_core.validation import Float64Array
from ui.practice.questions.base import Link
from ui.widgets.show import number as number


def plain(x: float) -> str:
    """Write a number that was drawn round: no more digits than it has."""
    return f"{x:.6g}".replace("-", "−")


def inner(x: float) -> str:
    """Write such a number for the middle of a formula: a negative one in parentheses."""
    return f"({plain(x)})" if x < 0 else plain(x)


def row(values: Sequence[float] | Float64Array) -> str:
    """Write numbers as a row vector."""
    return "(" + ", ".join(plain(float(v)) for v in values) + ")"


def animals() -> list[str]:
    """Return the three class names of the questions about boards."""
    return [_("cat"), _("dog"), _("bird")]


def series(items: Iterable[str]) -> str:
    """Write several things one after the other, with the mark that the language puts between them."""
    return _(", ").join(items)


def listed(names: Sequence[str], values: Sequence[float] | Float64Array) -> str:
    """Write "cat 2, dog 1, bird 0.1"."""
    return series(f"{name} {plain(float(v))}" for name, v in zip(names, values, strict=True))


def digits(x: float, count: int = 5) -> str:
    """Write a number with so many significant digits."""
    return f"{x:.{count}g}".replace("-", "−")


def quotient(above: float, below: float) -> str:
    r"""Write ``\frac{above}{below} = result`` with as many digits as make the printed fraction give the printed result."""
    result = number(above / below, 4)
    for count in range(4, 10):
        printed = digits(above, count), digits(below, count)
        if number(float(printed[0]) / float(printed[1]), 4) == result:
            break
    return rf"\frac{{{printed[0]}}}{{{printed[1]}}} = {result}"


def tenths(rng: np.random.Generator, low: float, high: float, size: int) -> Float64Array:
    """Draw different multiples of 0.1 from low to high."""
    choices = np.arange(round(10 * low), round(10 * high) + 1)
    drawn: Float64Array = rng.choice(choices, size, replace=False) / 10
    return drawn


def distribution(rng: np.random.Generator, size: int) -> Float64Array:
    """Draw probabilities that are multiples of 0.05, each at least 0.05."""
    cuts = np.sort(rng.choice(np.arange(1, 20), size - 1, replace=False))
    parts: Float64Array = np.diff(np.r_[0, cuts, 20]) / 20
    return parts


def as_printed(p: Float64Array) -> Float64Array:
    """Round the rows of ``p`` to two decimals, so that each still sums to 1 (largest remainders are rounded up)."""
    scaled = np.atleast_2d(p) * 100
    whole = np.floor(scaled)
    rank = np.argsort(np.argsort(whole - scaled, axis=1, kind="stable"), axis=1)
    missing = np.rint(100 - whole.sum(axis=1, keepdims=True))
    rounded: Float64Array = ((whole + (rank < missing)) / 100).reshape(np.shape(p))
    return rounded


def pick(rng: np.random.Generator, options: Sequence[float]) -> float:
    """Draw one of the options."""
    return options[int(rng.integers(len(options)))]


def board(
    z: Sequence[float] | Float64Array,
    target: int = 0,
    t: float = 1.0,
    shift: float = 0.0,
    panel: str = "steps",
    **more: str,
) -> Link:
    """Return the link to the Softmax lesson with these logits on its board."""
    parameters = {"softmax_board_z": codes(z), "softmax_board_target": str(target)}
    if t != 1:
        parameters["softmax_board_t"] = code(t)
    if shift != 0:
        parameters["softmax_board_shift"] = code(shift)
    return Link("softmax", parameters | {"softmax_panel": panel} | more)


def board_of(p: Sequence[float] | Float64Array, target: int = 0) -> Link:
    """Return the link to the Loss lesson with a board whose probabilities are ``p``: its logits are log p."""
    return Link("loss", {"loss_board_z": codes(math.log(v) for v in p), "loss_board_target": str(target)})


def soft_board(p: Sequence[float] | Float64Array, y: Sequence[float] | Float64Array) -> Link:
    """Return the link to the Loss lesson with a board whose probabilities are ``p`` and whose target is ``y``."""
    return Link("loss", {"loss_board_z": codes(math.log(v) for v in p), "loss_board_y": codes(y)})


def both_distributions(
    p: Sequence[float] | Float64Array, q: Sequence[float] | Float64Array, panel: str
) -> Link:
    """Return the link to the Information lesson with P and Q on its board."""
    shares = {"information_board_p": codes(p), "information_board_q": codes(q)}
    return Link("information", shares | {"information_panel": panel})


def codes(values: Iterable[float]) -> str:
    """Write numbers for an address as boards read them."""
    return "~".join(code(float(v)) for v in values)


def code(x: float) -> str:
    """Write a number for an address, to six decimals."""
    return f"{x:.6f}".rstrip("0").rstrip(".") or "0"
