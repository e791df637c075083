"""Naive against stable softmax in one floating-point format, where a NaN is a fact and not a zero."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike
from plotly.subplots import make_subplots

from charts import style
from charts.checks import Floats, names_for, vector
from locales import _
from softmax_core.numbers_text import share_text

HEIGHT = 168  # so that it is seen together with the board


def precision_bars(
    naive: ArrayLike, stable: ArrayLike, names: Sequence[str], dark: bool = False
) -> go.Figure:
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
    fig = go.Figure(style.figure(dark, HEIGHT))
    make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08, figure=fig)
    for row, (kind, title) in enumerate((("naive", _("naive")), ("stable", _("stable"))), start=1):
        _add_row(fig, row, kind, rows[row - 1], given, dark)
        fig.update_yaxes(
            title_text=title, range=[0, 1.22], tickvals=[0, 0.5, 1], tickformat=".2~f", row=row, col=1
        )
    fig.update_xaxes(
        **style.class_ticks(given, max(4, 56 // len(given))), showgrid=False, tickangle=0,
        range=[-0.6, len(given) - 0.4], tickfont={"size": 10 if len(given) > 6 else 12},
    )  # fmt: skip
    fig.update_layout(bargap=0.25, barmode="overlay", showlegend=False)
    return fig


def _add_row(fig: go.Figure, row: int, kind: str, p: Floats, names: list[str], dark: bool) -> None:
    texts, tight = [style.as_text(name) for name in names], p.size > 6
    size = 10 if tight else 12
    fig.add_bar(
        x=np.arange(p.size), y=p, customdata=[[text, v] for text, v in zip(texts, p.tolist(), strict=True)],
        text=[_short(v, tight) for v in p.tolist()], textposition="outside", cliponaxis=False,
        textfont={"size": size}, textangle=0, constraintext="none", meta={"kind": kind},
        marker={"color": [style.class_color(j) for j in range(p.size)], "line": {"width": 0}},
        hovertemplate="%{customdata[0]}<br>p = %{customdata[1]}<extra></extra>", row=row, col=1,
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
            hovertemplate="%{customdata}<br>p = NaN<extra></extra>", row=row, col=1,
        )  # fmt: skip


def _short(value: float, tight: bool) -> str:
    """Round for a bar, but call only an exact 0 or 1 so."""
    if np.isnan(value):
        return ""
    if value in (0.0, 1.0):
        return f"{value:.0f}"
    text = share_text(value, 2 if tight else 3)
    return text.replace("0.", ".", 1) if tight else text
