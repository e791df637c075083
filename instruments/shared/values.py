"""What instruments read from a link and from the browser, checked; and arrays as the browser takes them."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeGuard
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt

FEWEST_CLASSES, MOST_CLASSES = 2, 10
NAME_LENGTH = 24
SUM_TOLERANCE = 1e-3  # shares in a link are rounded; whoever computes with them divides by their sum


@contextmanager
def checked_message(what: str) -> Iterator[None]:
    """Turn what a message of the wrong form raises while it is read into a ValueError that names ``what`` was expected."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not {what}: {error}") from error


def is_whole(value: object) -> TypeGuard[int]:
    """Whether a value of a message is a whole number; Python takes ``True`` for one, and NumPy then for a mask."""
    return type(value) is int


def sendable(value: object) -> str:
    """Return a value of a message as text; a ValueError where it holds half a character, which can be shown nowhere.

    Examples
    --------
    >>> sendable("猫")
    '猫'
    >>> sendable("\\ud800")
    Traceback (most recent call last):
        ...
    UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed
    """
    text = str(value)
    text.encode()
    return text


def check_numbers(what: str, values: Sequence[float], low: float = -math.inf, high: float = math.inf) -> None:
    """Raise a ValueError unless all values are finite numbers from ``low`` to ``high``."""
    for value in values:
        if not (math.isfinite(value) and low <= value <= high):
            raise ValueError(f"{what} lie in {low:g}..{high:g}, got {value}")


def check_shares(shares: Sequence[float], count: int) -> None:
    """Raise a ValueError unless there are ``count`` nonnegative shares that add up to 1 but for rounding."""
    if len(shares) != count:
        raise ValueError(f"one share for each of the {count} classes, got {len(shares)}")
    for share in shares:
        if not (math.isfinite(share) and share >= 0):
            raise ValueError(f"a share is a number of at least 0, got {share}")
    if abs(math.fsum(shares) - 1) > SUM_TOLERANCE:
        raise ValueError(f"shares add up to 1, got the sum {math.fsum(shares):.6g}")


def normalised(shares: Sequence[float]) -> tuple[float, ...]:
    """Return the shares divided by their sum."""
    total = math.fsum(shares)
    return tuple(share / total for share in shares)


def numbers(text: str) -> tuple[float, ...]:
    """Read numbers from a parameter such as ``2~1~0.1``; their limits are the caller's to check.

    Raises
    ------
    ValueError
        If a part is no number.
    """
    return tuple(float(part) for part in text.split("~"))


def shares(text: str) -> tuple[float, ...]:
    """Read a distribution from a parameter such as ``0.7~0.2~0.1``.

    Raises
    ------
    ValueError
        If there are not 2 to 10 shares that add up to 1.
    """
    values = numbers(text)
    if not FEWEST_CLASSES <= len(values) <= MOST_CLASSES:
        raise ValueError(f"{FEWEST_CLASSES} to {MOST_CLASSES} shares, got {len(values)}")
    check_shares(values, len(values))
    return values


def texts(text: str) -> tuple[str, ...]:
    """Read names from a parameter: joined by ``~``, with ``%`` and ``~`` themselves percent-encoded.

    Raises
    ------
    ValueError
        If a name is too long or has a character that is no letter of any script, such as a line break.
    """
    names = tuple(unquote(part) for part in text.split("~"))
    if any(len(name) > NAME_LENGTH or not name.isprintable() for name in names):
        raise ValueError(f"names of at most {NAME_LENGTH} printable characters, got {text[:60]!r}")
    return names


def packed(array: npt.NDArray[Any], dtype: str) -> str:
    """Return an array as base64 of little-endian numbers of ``dtype``, row by row.

    What is too large for single precision becomes its largest number: an infinite weight could not be drawn.
    """
    limit = np.finfo(np.float32).max
    values = np.clip(array, -limit, limit) if dtype == "<f4" else array
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode()
