"""What a chart shows now, in words, for those who do not see it: it follows the name of the chart in its text alternative."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import numpy as np

from charts.figure import Figure
from locales import _

# What ``meta`` calls the parts of a figure that say something by themselves; lines to compare with and grids are left out.
LINES = frozenset({"line", "curve", "walk", "rate", "time", "naive", "stable"})
POINTS = frozenset({"point", "playhead"})
Part = Mapping[str, Any]
MOST = 4
"""Parts of a chart that are told: more would be too long to listen to."""


def chart_text(figure: Figure, number: Callable[[float], str]) -> str:
    """Say where each line of a figure begins and ends, where its points stand, and which bar and cell is the largest.

    Empty where the figure has none of these. ``number`` writes a number.
    """
    parts: list[str] = []
    for trace in figure.traces:
        part = _TEXTS.get(trace["type"], _nothing)(trace, figure.settings, number)
        if part and part not in parts:
            parts.append(part)
    return _("; ").join(parts[:MOST])


def _nothing(*_arguments: Any) -> str:
    return ""


def _scatter(trace: Part, layout: Part, number: Callable[[float], str]) -> str:
    about = trace.get("meta") or {}
    kind = about.get("kind")
    x, y = _numbers(trace.get("x")), _numbers(trace.get("y"))
    if x is None or y is None or x.size != y.size:
        return ""
    seen = np.isfinite(x) & np.isfinite(y)
    x, y = x[seen], y[seen]
    axis = layout.get("yaxis", {}).get("title", {}).get("text")
    name = _plain(trace.get("name") or about.get("label") or axis)
    if kind in LINES and x.size > 1:
        return (
            _("{name} from {first} to {last}")
            .format(name=name, first=number(y[0]), last=number(y[-1]))
            .strip()
        )
    if kind in POINTS | LINES and x.size == 1:
        return _("{name} {y} at {x}").format(name=name, y=number(y[0]), x=_short(x[0], number)).strip()
    return ""


def _bar(trace: Part, layout: Part, number: Callable[[float], str]) -> str:
    lies = trace.get("orientation") == "h"
    values, places = (trace.get("x"), trace.get("y")) if lies else (trace.get("y"), trace.get("x"))
    heights = _numbers(values)
    if heights is None or not np.isfinite(heights).any() or places is None:
        return ""
    k = int(np.nanargmax(heights))
    axis = layout.get("yaxis" if lies else "xaxis", {})
    return _("{name} largest at {place}: {value}").format(
        name=_plain(trace.get("name")), place=_place(places[k], axis, number), value=number(heights[k])
    ).strip()  # fmt: skip


def _heatmap(trace: Part, _layout: Part, number: Callable[[float], str]) -> str:
    about = trace.get("meta") or {}
    if "right" in about:  # a confusion matrix; its tints are no numbers
        return _("{right} right, {wrong} wrong").format(**about)
    # A picture of losses is tinted by their roots.
    cells = _numbers(trace.get("customdata", trace["z"]))
    if cells is None or cells.ndim != 2:
        cells = _numbers(trace["z"])
    if cells is None or not np.isfinite(cells).any():
        return ""
    return _("from {low} to {high}").format(
        low=number(float(np.nanmin(cells))), high=number(float(np.nanmax(cells)))
    )


def _place(place: Any, axis: Part, number: Callable[[float], str]) -> str:
    """Return what a bar stands for: its name, the text of its tick, else its number."""
    if isinstance(place, str):
        return _plain(place)
    for value, text in zip(axis.get("tickvals", ()), axis.get("ticktext", ()), strict=False):
        if value == place:
            return _plain(text)
    return _short(float(place), number)


def _short(x: float, number: Callable[[float], str]) -> str:
    """Write a place on an axis, a step or a count without decimals."""
    return str(int(x)) if float(x).is_integer() and abs(x) < 1e9 else number(x)


def _numbers(values: Any) -> np.ndarray | None:
    """Return values as floats, None where they are missing or no numbers."""
    if values is None:
        return None
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        return None


def _plain(text: str | None) -> str:
    """Return a text of Plotly's without its tags; what a user wrote stands there as entities."""
    return unescape(re.sub(r"<[^>]*>", "", text or ""))


_TEXTS = {"scatter": _scatter, "scattergl": _scatter, "bar": _bar, "heatmap": _heatmap, "contour": _heatmap}
