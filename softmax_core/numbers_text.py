"""Numbers as people write them: one reader for tables, number fields, links and answers.

A number has digits, perhaps one decimal mark (dot or comma), perhaps an exponent. Thousands may be set apart in
groups of three by a space, an apostrophe, or the mark that is not the decimal mark. Minus signs of typesetters,
dashes of word processors and full-width forms count as their plain forms. ``inf``, ``nan``, ``0x10`` and ``1_000``
are no numbers. `instruments/shared/numbers.js` reads numbers by the same rules; `tests/ui/number_cases.py` holds the
cases for both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

DOT, COMMA = ".", ","
EITHER = "either"
UNCLEAR = "unclear"

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE)
_GROUPED = {
    mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}([ '{other}])\d{{3}}(\1\d{{3}})*({re.escape(mark)}\d*)?", re.ASCII)
    for mark, other in ((DOT, COMMA), (COMMA, DOT))
}
_SIMPLE = re.compile(r"-?(\d+)(?:\.(\d+))?", re.ASCII)  # most cells of most tables
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)
_FORMS: dict[int, int | str] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},  # full-width forms of ASCII
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u2019\u02bc\uff07"), "'"),
}
_TIMES_TEN = re.compile(" ?× ?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$")  # as this app writes a small number
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def plain_form(text: str) -> str:
    """Return a text without outer blanks, its dashes, spaces and full-width characters in their plain forms.

    Examples
    --------
    >>> plain_form(" −１．５ ")
    '-1.5'
    """
    plain = _TIMES_TEN.sub(lambda power: f"e{power[1].translate(_LOWERED)}", text.translate(_FORMS).strip())
    return plain[0] + plain[1:].lstrip() if plain[:1] in ("+", "-") and plain[1:] else plain


def shortest(value: float) -> str:
    """Return the shortest text that reads back as the same number.

    Examples
    --------
    >>> shortest(0.0), shortest(0.1), shortest(1e-7)
    ('0', '0.1', '1e-07')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def readings(text: str) -> tuple[float | None, float | None]:
    """Return what a text means where the dot is the decimal mark, and where the comma is.

    Returns
    -------
    tuple of two float or None
        None where it is no number; infinite where a number is too large for float64.

    Examples
    --------
    >>> readings("1,234"), readings("1.5"), readings("−2"), readings("0x10")
    ((1234.0, 1.234), (1.5, None), (-2.0, -2.0), (None, None))
    """
    simple = _SIMPLE.fullmatch(text)
    if simple is not None and len(simple[2] or "") != 3:
        value = float(text)
        return value, None if simple[2] else value
    plain = plain_form(text)
    return _read(plain, DOT), _read(plain, COMMA)


def read_number(text: str, whole: bool = False) -> float | None:
    """Read one number that stands alone.

    Parameters
    ----------
    text : str
    whole : bool
        Whether a count is expected. ``1,234`` and ``1.234`` can be read in two ways: as 1234 where a count is
        expected, else as 1.234.

    Returns
    -------
    float or None
        None where it is no number; infinite where it is too large for float64.

    Examples
    --------
    >>> read_number("1,5"), read_number("1.234,5"), read_number("1 234,5"), read_number("1,234", whole=True)
    (1.5, 1234.5, 1234.5, 1234.0)
    """
    plain = plain_form(text)
    dot, comma = _read(plain, DOT), _read(plain, COMMA)
    if dot is None or comma is None:
        return comma if dot is None else dot
    grouped, decimal = (dot, comma) if COMMA in plain else (comma, dot)
    return grouped if whole else decimal


def share_text(x: float, digits: int = 3) -> str:
    """Write a number from -1 to 1, such as a probability or ``p - y``, with so many decimals.

    What is neither 0 nor 1 is not written as one of them. Near 0 a negative one is
    "−0.000…", because ">−0.001" would not say that it is negative. `instruments/shared/numbers.js:shareText` does the same.

    Examples
    --------
    >>> share_text(0.25), share_text(0.9999), share_text(1e-9), share_text(-1e-9), share_text(-0.9999)
    ('0.250', '>0.999', '<0.001', '−0.000…', '<−0.999')
    """
    size = float(f"{abs(x):.{digits}f}")
    if size == 0 and x != 0:
        return f"<{10.0**-digits:.{digits}f}" if x > 0 else f"−{0:.{digits}f}…"
    if size == 1 and abs(x) < 1:
        return f"{'>' if x > 0 else '<−'}{1 - 10.0**-digits:.{digits}f}"
    text = f"{Decimal(float(x)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"
    return (text.replace("-", "") if float(text) == 0 else text).replace("-", "−")


def is_infinite(text: str) -> bool:
    """Whether a text says infinity, or a number too large for float64.

    Examples
    --------
    >>> is_infinite("-inf"), is_infinite("1e999"), is_infinite("1e99")
    (True, True, False)
    """
    number = read_number(text)
    return math.isinf(number) if number is not None else bool(_INFINITE.fullmatch(plain_form(text)))


def decimal_mark(texts: Iterable[str]) -> str:
    """Return which mark is the decimal mark of a column, from all its cells together.

    Returns
    -------
    str
        ``"."`` or ``","`` where that reading fits every cell that can be a number at all; ``"either"`` where no
        single one does (``1,5`` beside ``1.5``); ``"unclear"`` where both fit and differ, such as ``1,234`` alone.
        Where only dots are seen the dot is the decimal mark.

    Examples
    --------
    >>> decimal_mark(["1,234", "0,5"]), decimal_mark(["1,234", "12.5"]), decimal_mark(["1,234", "2,345"])
    (',', '.', 'unclear')
    """
    fits_dot = fits_comma = True
    unclear = False
    for text in set(texts):
        dot, comma = readings(text)
        if dot is None and comma is None:
            continue
        fits_dot, fits_comma = fits_dot and dot is not None, fits_comma and comma is not None
        unclear = unclear or (dot != comma and COMMA in plain_form(text))
    if fits_dot and fits_comma:
        return UNCLEAR if unclear else DOT
    return DOT if fits_dot else COMMA if fits_comma else EITHER


def _read(plain: str, mark: str) -> float | None:
    other = COMMA if mark == DOT else DOT
    if _GROUPED[mark].fullmatch(plain):
        plain = plain.replace(other, "").replace(" ", "").replace("'", "")
    elif other in plain:
        return None
    plain = plain.replace(mark, ".")
    return float(plain) if _PLAIN.fullmatch(plain) else None
