"""What a learner typed, as a number."""

from __future__ import annotations

import math

from softmax_core.numbers_text import plain_form, read_number

LONGEST = 40


def parse(text: str, whole: bool = False) -> float | None:
    """Read an answer: a number as `read_number` reads it, a fraction ``3/4`` or a percentage ``75 %``.

    Parameters
    ----------
    text
        What was typed.
    whole
        Whether a count is expected, so that ``1,024`` and ``1.024`` both mean a thousand and more.

    Returns
    -------
    float or None
        None where it is no finite number.
    """
    plain = plain_form(text[: LONGEST + 1])
    if len(plain) > LONGEST:
        return None
    if plain.endswith("%"):
        share = read_number(plain[:-1])
        return None if share is None else _finite(share / 100)
    above, slash, below = plain.partition("/")
    value = read_number(above, whole)
    if not slash or value is None:
        return _finite(value)
    divisor = read_number(below)
    return _finite(value / divisor) if divisor else None


def _finite(x: float | None) -> float | None:
    return x if x is not None and math.isfinite(x) else None
