"""Checks of single settings: whole numbers, real numbers, choices.

A settings class calls these in ``__post_init__``. They return plain Python numbers, so that two
equal settings also have the same ``repr`` whether they came from a slider or from NumPy.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Collection
from numbers import Integral, Real


def whole_number(name: str, value: object, low: int, high: int | None = None) -> int:
    """Return `value` as an int in low .. high.

    Raises
    ------
    ValueError
        If it is no whole number or out of range; True and 3.0 are no whole numbers here.

    Examples
    --------
    >>> whole_number("steps", -1, 0)
    Traceback (most recent call last):
        ...
    ValueError: steps must be a whole number of at least 0, received -1
    """
    bounds = f"of at least {low}" if high is None else f"in {low}..{high}"
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or int(value) < low or (high is not None and int(value) > high):  # type: ignore[call-overload]
        raise ValueError(f"{name} must be a whole number {bounds}, received {reprlib.repr(value)}")
    return int(value)  # type: ignore[call-overload, no-any-return]


def finite_number(name: str, value: object, low: float, *, above: bool = False) -> float:
    """Return `value` as a finite float of at least `low` (with ``above``: greater than `low`).

    Raises
    ------
    ValueError
        If it is no real number, not finite, or too small.

    Examples
    --------
    >>> finite_number("learning_rate", float("nan"), 0, above=True)
    Traceback (most recent call last):
        ...
    ValueError: learning_rate must be a finite number above 0, received nan
    """
    is_real = isinstance(value, Real) and not isinstance(value, bool)
    try:
        number = float(value) if is_real else math.nan  # type: ignore[arg-type]
    except OverflowError:  # an integer beyond 1.8e308
        number = math.inf
    if not math.isfinite(number) or number < low or (above and number == low):
        bound = f"above {low:g}" if above else f"of at least {low:g}"
        raise ValueError(f"{name} must be a finite number {bound}, received {reprlib.repr(value)}")
    return number


def choice(name: str, value: str, choices: Collection[str]) -> str:
    """Return `value` if it is one of `choices`.

    Raises
    ------
    ValueError
        If it is not; the message lists the choices.

    Examples
    --------
    >>> choice("start", "ones", ("zeros", "random"))
    Traceback (most recent call last):
        ...
    ValueError: start must be one of zeros, random, received 'ones'
    """
    if value not in tuple(choices):
        raise ValueError(f"{name} must be one of {', '.join(choices)}, received {reprlib.repr(value)}")
    return value
