"""What a learner typed, as a number."""

from __future__ import annotations

import math
import re
import unicodedata

_MINUS = str.maketrans(dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014", "-"))
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)
_GROUPS = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+", re.ASCII)
LONGEST = 40


def parse(text: str, whole: bool = False) -> float | None:
    """Read an answer: ``1.5``, ``1,5``, ``−1.5``, ``3/4``, ``75 %``, ``1e-3``; full-width digits too.

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
    plain = unicodedata.normalize("NFKC", text[: LONGEST + 1]).translate(_MINUS)
    plain = "".join(plain.split()).replace("'", "")
    if not plain or len(plain) > LONGEST:
        return None
    if plain.endswith("%"):
        share = _decimal(plain[:-1], whole=False)
        return None if share is None else share / 100
    above, slash, below = plain.partition("/")
    value = _decimal(above, whole)
    if not slash or value is None:
        return value
    divisor = _decimal(below, whole=False)
    return None if not divisor else _finite(value / divisor)


def _decimal(text: str, whole: bool) -> float | None:
    if whole and _GROUPS.fullmatch(text):
        text = re.sub("[.,]", "", text)
    elif "," in text and "." in text:
        # Of two different marks the last one is the decimal mark: 1,234.5 and 1.234,5.
        grouping = "," if text.rindex(",") < text.rindex(".") else "."
        text = text.replace(grouping, "").replace(",", ".")
    else:
        text = text.replace(",", ".")
    return _finite(float(text)) if _NUMBER.fullmatch(text) else None


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None
