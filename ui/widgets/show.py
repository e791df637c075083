"""How lessons show results: charts in the common style, numbers, tables, drawings."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from charts.figure import Figure
from charts.script import address_for
from charts.serialize import Serialized, serialized
from charts.style import CLASS_COLORS, CONFIG, class_marker
from instruments.chart import chart as mount_chart
from instruments.shared import bundle
from locales import _
from softmax_core.numbers_text import share_text
from ui import escape
from ui.frame import present
from ui.frame.run_cache import cached_in_run
from ui.widgets.chart_text import chart_text

Floats = NDArray[np.floating]
MANY = 5
"""Columns that may have no room on a phone or a tablet."""


def is_dark() -> bool:
    """Whether the reader sees the dark theme."""
    return cached_in_run("is_dark", lambda: st.context.theme.type == "dark")


def chart(figure: Figure, *, key: str, alt: str, on_click: Callable[[], None] | None = None) -> None:
    """Show a figure as charts/ made it. A page that runs alone has no server for Plotly's script, and shows it as Streamlit does."""
    sent = serialized(figure, for_projector=present.is_on())
    name = alternative(figure, alt)
    if bundle.is_served():
        mount_chart(
            key=key, figure=sent, config=CONFIG, plotly=address_for(figure), name=name, on_click=on_click
        )
    else:
        st.plotly_chart(Serialized(sent), key=key, theme=None, config=CONFIG, alt=name)


def alternative(figure: Figure, name: str) -> str:
    """Return the text alternative of a chart: its name, and what it shows now."""
    now = chart_text(figure, number)
    return _("{name}: {now}.").format(name=name, now=now) if now else name


TIMES_TEN = "×10"
_RAISED_TEXT = re.compile("<sup>(.*?)</sup>")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def as_shown(x: float, digits: int = 3) -> float:
    """Return the number that a reader sees: a limit in a task is a limit for this one."""
    return (
        float(Decimal(float(x)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
        if abs(x) < 1e5
        else float(x)
    )


def number(x: float, digits: int = 3) -> str:
    """Write a number as the instruments do: ``digits`` decimals where they say something, else a power of ten.

    A half is rounded away from zero, as the browser does it.
    """
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    size = abs(x)
    small = size != 0 and size < 0.5 * 10.0**-digits
    if small or size >= 1e5:
        mantissa, exponent = f"{x:.{1 if small else 2}e}".split("e")
        return f"{mantissa}{TIMES_TEN}{str(int(exponent)).translate(_RAISED)}".replace("-", "−")
    text = f"{Decimal(float(x)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}"
    return (text.replace("-", "") if float(text) == 0 else text).replace("-", "−")


def as_read(text: str) -> float:
    """Return the number that a reader takes from what `number` has written."""
    if text in ("NaN", "∞", "−∞"):
        return float(text.replace("∞", "inf").replace("−", "-"))
    mantissa, _power, exponent = text.replace("−", "-").partition(TIMES_TEN)
    return float(f"{mantissa}e{exponent.translate(LOWERED)}") if exponent else float(mantissa)


def in_sentence(x: float, digits: int = 3) -> str:
    """Write a number where there is room: what is almost 1 has up to six decimals, so that it is not written as 1."""
    if 0.9 < abs(x) < 1:
        digits = next((d for d in range(digits, 7) if abs(as_shown(x, d)) < 1), digits)
    return number(x, digits)


def share(x: float) -> str:
    """Write a probability or p − y for HTML: what is neither 0 nor 1 is not written as one of them."""
    return escape.html(share_text(x))


def rate_text(rate: float) -> str:
    """Write a learning rate with three significant digits and no more zeros than needed."""
    text = f"{rate:.3g}"
    return f"{float(text):.0f}" if "e+" in text else text


def percent(share: float) -> str:
    """Write a share, such as an accuracy, as the stage does: 0.8833 is 88.3 %."""
    return f"{number(100 * share, 1)} %"


def class_mark(k: int, name: str) -> str:
    """Return the HTML of a class's marker, its colour and shape, and its name. The name is data and is escaped."""
    return f'<span class="lab-dot {class_marker(k)}" style="--class:{CLASS_COLORS[k]}"></span>{escape.html(name)}'


def class_rows(
    names: Sequence[str], columns: Sequence[Sequence[float] | Floats], digits: int = 3
) -> list[list[str]]:
    """Return the rows of a table with one class each: its mark, and its number of every column."""
    return [
        [class_mark(k, name), *(number(float(c[k]), digits) for c in columns)] for k, name in enumerate(names)
    ]


def _raised(exponent: re.Match[str]) -> str:
    text = re.sub("<[^>]*>", "", exponent[1])
    return f"^{text}" if len(text) == 1 else f"^({text})"


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, marked: int | None = None, folds: bool = True
) -> None:
    """Show a table of numbers; ``marked`` is a row, as of the true class.

    With :data:`MANY` columns or more and no room each row becomes a block, its heads beside its numbers (show.css), unless
    the numbers are so short that it ``folds`` never. The cells are HTML: the caller escapes a user's text
    (:func:`class_mark` does).
    """
    kind = " many" if folds and len(head) >= MANY else ""
    plain = [escape.html(unescape(re.sub("<[^>]*>", "", _RAISED_TEXT.sub(_raised, cell)))) for cell in head]
    beside = [f' data-head="{name}"' if kind else "" for name in plain]
    tags = ['th scope="row"', *["td"] * (len(head) - 1)]
    body = "".join(
        f'<tr class="{"marked" if i == marked else ""}">'
        + "".join(
            f"<{tag}{name}>{cell}</{tag[:2]}>" for tag, name, cell in zip(tags, beside, row, strict=True)
        )
        + "</tr>"
        for i, row in enumerate(rows)
    )
    top = "".join(f'<th scope="col">{cell}</th>' if cell else "<td></td>" for cell in head)
    st.html(
        f'<div class="lab-table{kind}"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def picture(svg: str) -> None:
    """Show a drawing. Not by st.html, which removes SVG; the caller escapes a user's text.

    The block of raw HTML begins with a div and has no empty line, so nothing in it is read as Markdown.
    """
    st.markdown(f"<div>{' '.join(svg.split())}</div>", unsafe_allow_html=True)


def digits_of_sum(parts: Sequence[float], total: float, least: int = 2) -> int:
    """Return the fewest decimals, from ``least`` to 6, with which the printed parts add up to the printed total."""
    for digits in range(least, 7):
        if math.isclose(sum(as_shown(part, digits) for part in parts), as_shown(total, digits), abs_tol=1e-9):
            return digits
    return least
