"""Naive against stable softmax in one floating-point format, where a NaN is a fact and not a zero."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import Floats, names_for, vector
from charts.figure import Figure
from locales import _
from softmax_core.numbers_text import share_text

HEIGHT = 168  # so that it is seen together with the board


def precision_bars(naive: ArrayLike, stable: ArrayLike, names: Sequence[str], dark: bool = False) -> Figure:
    """Draw e^z / sum e^z above the same softmax after the max trick, bar by bar.

    Traces with ``meta`` kind "naive" or "stable" hold the numbers; kind "nan" hatches the columns
    without one and says NaN there.

    Parameters
    ----------
    naive, stable : array_like, shape (K,)
        The two results as they came out of the format; NaN allowed. Plotly gets them as float64, unchanged.
    """
    rows = [vector(naive, "naive"), vector(stable, "stable")]
    if rows[0].size != rows[1].size:
        raise ValueError(f"naive and stable must have one length, got {rows[0].size} and {rows[1].size}")
    given = names_for(names, rows[0].size)
    fig = style.figure(dark, HEIGHT)
    across = {"xaxis": {"anchor": "y", "matches": "x2", "showticklabels": False}, "xaxis2": {"anchor": "y2"}}
    upwards = {
        "yaxis": {"anchor": "x", "domain": [0.54, 1.0]},
        "yaxis2": {"anchor": "x2", "domain": [0.0, 0.46]},
    }
    fig.update_layout(**across, **upwards)
    fig.update_yaxes(range=[0, 1.22], tickvals=[0, 0.5, 1], tickformat=".2~f")
    for axis, kind, title, p in (("", "naive", _("naive"), rows[0]), ("2", "stable", _("stable"), rows[1])):
        _add_row(fig, {"xaxis": f"x{axis}", "yaxis": f"y{axis}"}, kind, p, given, dark)
        fig.update_layout(**{f"yaxis{axis}": {"title": {"text": title}}})
    fig.update_xaxes(
        **style.class_ticks(given, max(4, 56 // len(given))), showgrid=False, tickangle=0,
        range=[-0.6, len(given) - 0.4], tickfont={"size": 10 if len(given) > 6 else 12},
    )  # fmt: skip
    fig.update_layout(bargap=0.25, barmode="overlay", showlegend=False)
    return fig


def _add_row(fig: Figure, plot: dict[str, str], kind: str, p: Floats, names: list[str], dark: bool) -> None:
    texts, tight = [style.as_text(name) for name in names], p.size > 6
    size = 10 if tight else 12
    fig.add_bar(
        x=np.arange(p.size), y=p, customdata=[[text, v] for text, v in zip(texts, p.tolist(), strict=True)],
        text=[_short(v, tight) for v in p.tolist()], textposition="outside", cliponaxis=False,
        textfont={"size": size}, textangle=0, constraintext="none", meta={"kind": kind},
        marker={"color": [style.class_color(j) for j in range(p.size)], "line": {"width": 0}},
        hovertemplate="%{customdata[0]}<br>p = %{customdata[1]}<extra></extra>", **plot,
    )  # fmt: skip
    missing = np.flatnonzero(np.isnan(p))
    if missing.size:
        warning = style.ink(dark).warning
        hatch = style.translucent(warning, 0.45)
        fig.add_bar(
            x=missing, y=np.ones(missing.size), text=["NaN"] * missing.size, textposition="inside",
            insidetextanchor="middle", textangle=-90 if tight else 0, constraintext="none",
            textfont={"color": warning, "size": size},
            marker={
                "color": "rgba(0,0,0,0)", "line": {"color": warning, "width": 1},
                "pattern": {"shape": "/", "fgcolor": hatch, "size": 9, "solidity": 0.1},
            },
            customdata=[texts[j] for j in missing], meta={"kind": "nan", "row": kind},
            hovertemplate="%{customdata}<br>p = NaN<extra></extra>", **plot,
        )  # fmt: skip


def _short(value: float, tight: bool) -> str:
    """Round for a bar, but call only an exact 0 or 1 so."""
    if np.isnan(value):
        return ""
    if value in (0.0, 1.0):
        return f"{value:.0f}"
    text = share_text(value, 2 if tight else 3)
    return text.replace("0.", ".", 1) if tight else text
