"""Figures about a set of images and what a linear classifier makes of it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import finite_vector, names_for, square
from charts.diagnostics import tints
from charts.figure import Figure
from charts.runs import accuracy_chart, loss_chart
from locales import _

SMALL = 260
CURVES = 210  # so that both stand under the templates on one screen
NAME_COLUMNS = 12


def epoch_curves(
    losses: Mapping[str, ArrayLike],
    accuracies: Mapping[str, ArrayLike],
    playhead: int | None,
    dark: bool = False,
) -> tuple[Figure, Figure]:
    """Draw loss and accuracy over the epochs, index 0 before the first; see `charts.runs`."""
    figures = loss_chart(losses, playhead, dark=dark), accuracy_chart(accuracies, playhead, dark)
    for figure in figures:
        figure.update_xaxes(title_text=_("epoch"), unifiedhovertitle={"text": f"{_('epoch')} %{{x:,d}}"})
        figure.update_layout(height=CURVES)
    trained = [np.asarray(values, dtype=np.float64)[1:] for values in accuracies.values()]
    if all(part.size and part.min() > 0.5 for part in trained):
        # After the first epoch all accuracies lie above a half.
        figures[1].update_yaxes(range=[0.5, 1.01], dtick=0.1)
    return figures


def lay_guess_over(fig: Figure, value: float, text: str, dark: bool) -> None:
    """Lay what the reader has predicted over a chart: a dashed line at the height ``value`` with its ``text``, which is data."""
    color = style.ink(dark).text
    low, high = fig.settings["yaxis"]["range"]
    fig.update_yaxes(range=[min(low, value - 0.05), high])
    fig.add_shape(
        type="line",
        xref="paper",
        x0=0,
        x1=1,
        y0=value,
        y1=value,
        line={"color": color, "dash": "dash", "width": 1.5},
    )
    fig.add_annotation(
        xref="paper", x=1, y=value, text=style.as_text(text, 40), showarrow=False, xanchor="right",
        yanchor="bottom" if value < 0.5 else "top", font={"color": color},
    )  # fmt: skip


def class_balance(counts: Mapping[str, ArrayLike], names: Sequence[str], dark: bool = False) -> Figure:
    """Draw how many images each class has, one group of bars per part (training, test).

    One bar trace per part, ``meta`` kind "count" with its "label".

    Parameters
    ----------
    counts : mapping of str to array_like of shape (K,)
        Label of the part, already translated, to its counts.
    """
    fig = style.figure(dark, SMALL)
    for i, (label, values) in enumerate(counts.items()):
        heights = finite_vector(values, label)
        text = style.as_text(label)
        fig.add_bar(
            x=list(range(heights.size)), y=heights, name=text, marker={"color": style.series_line(i, dark)["color"]},
            customdata=[style.as_text(name) for name in names_for(names, heights.size)],
            hovertemplate=style.labelled("%{customdata}", f"%{{y:,d}}<extra>{text}</extra>"), meta={"kind": "count", "label": text},
        )  # fmt: skip
    fig.update_xaxes(**style.class_ticks(names, NAME_COLUMNS))
    fig.update_yaxes(title_text=_("images"), rangemode="tozero")
    return fig


def brightness(edges: ArrayLike, counts: ArrayLike, dark: bool = False) -> Figure:
    """Draw how many pixels have which brightness, 0 paper to 1 ink, on a logarithmic count axis.

    Raises
    ------
    ValueError
        If there is not one edge more than counts.
    """
    borders, heights = finite_vector(edges, "edges"), finite_vector(counts, "counts")
    if borders.size != heights.size + 1:
        raise ValueError(f"expected {heights.size + 1} edges, got {borders.size}")
    fig = style.figure(dark, SMALL)
    fig.add_bar(
        x=(borders[1:] + borders[:-1]) / 2, y=heights, width=np.diff(borders) * 0.94,
        marker={"color": style.series_line(0, dark)["color"]}, customdata=np.column_stack([borders[:-1], borders[1:]]),
        hovertemplate="%{customdata[0]:.3f} – %{customdata[1]:.3f}: %{y:,d}<extra></extra>", meta={"kind": "brightness"},
    )  # fmt: skip
    fig.update_xaxes(
        title_text=_("brightness: 0 paper, 1 ink"), range=[borders[0] - 0.01, borders[-1] + 0.01]
    )
    fig.update_yaxes(title_text=_("pixels"), type="log", dtick="D2", tickformat="~s")
    return fig


def confusion(
    counts: ArrayLike, names: Sequence[str], chosen: tuple[int, int] | None = None, dark: bool = False
) -> Figure:
    """Show a confusion matrix whose cells can be clicked.

    A heat map, ``meta`` kind "cells", coloured by `charts.diagnostics.tints`; and a trace of kind "numbers" with one point per cell, row by row, whose
    ``customdata`` is (true, predicted): this one receives clicks, a heat map does not.

    Parameters
    ----------
    counts : array_like of int, shape (K, K)
        Rows are true classes, columns predicted ones.
    chosen : (true, predicted), optional
        The cell to frame.
    """
    matrix = square(counts, "counts")
    size, given = len(matrix), names_for(names, len(matrix))
    stretched = tints(matrix)
    fig = style.figure(dark, 400)
    fig.add_heatmap(
        z=stretched, meta={"kind": "cells"}, zmin=-1, zmax=1, colorscale=style.diverging(dark),
        showscale=False, xgap=1, ygap=1, hoverinfo="skip",
    )  # fmt: skip
    rows, columns = (part.ravel() for part in np.indices(matrix.shape))
    labels = [style.as_text(name) for name in given]
    fig.add_scatter(
        x=columns, y=rows, mode="markers+text", text=[f"{int(v)}" if v else "" for v in matrix.ravel()],
        customdata=np.column_stack([rows, columns]), meta={"kind": "numbers"}, textposition="middle center",
        textfont={"size": 12, "color": [style.text_on(style.diverging_color(v, 1, dark)) for v in stretched.ravel()]},
        marker={"symbol": "square", "size": 26, "opacity": 0}, showlegend=False,
        hovertext=[f"{labels[i]} → {labels[j]}: {int(matrix[i, j])}" for i, j in zip(rows, columns, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"textfont": {"color": style.ink(dark).text}}, unselected={"marker": {"opacity": 0}},
    )  # fmt: skip
    if chosen is not None:
        i, j = chosen
        fig.add_shape(
            type="rect", x0=j - 0.5, x1=j + 0.5, y0=i - 0.5, y1=i + 0.5, name="chosen",
            line={"color": style.ink(dark).text, "width": 2.5},
        )  # fmt: skip
    ticks = style.class_ticks(given, NAME_COLUMNS) | {"showgrid": False}
    fig.update_xaxes(**ticks, side="top", title_text=_("predicted"), range=[-0.5, size - 0.5])
    fig.update_yaxes(**ticks, title_text=_("true"), range=[size - 0.5, -0.5])
    fig.update_layout(clickmode="event+select")
    return fig


def contribution_picture(
    contributions: ArrayLike, size: tuple[int, int], limit: float, dark: bool = False
) -> Figure:
    """Show what each pixel adds to one logit, in nats, as a picture on a scale from -limit to limit.

    A heat map, ``meta`` kind "contributions", whose ``z`` has the shape of the image, row 0 on top.
    """
    picture = finite_vector(contributions, "contributions").reshape(size)
    end = limit or 1.0
    fig = style.figure(dark, 260)
    bar: dict[str, Any] = {"thickness": 10, "outlinewidth": 0, "tickfont": {"size": 11}, "nticks": 5}
    fig.add_heatmap(
        z=picture, zmin=-end, zmax=end, colorscale=style.diverging(dark), colorbar=bar,
        meta={"kind": "contributions"}, hovertemplate="(%{y}, %{x}): %{z:.4f}<extra></extra>",
    )  # fmt: skip
    fig.update_xaxes(visible=False, constrain="domain", range=[-0.5, size[1] - 0.5])
    fig.update_yaxes(visible=False, scaleanchor="x", range=[size[0] - 0.5, -0.5], constrain="domain")
    return fig


def rate_bars(rates: Mapping[str, float], dark: bool = False) -> Figure:
    """Compare rates (label, already translated, to a number per second) as bars from zero."""
    fig = style.figure(dark, 150)
    labels = [style.as_text(label, 60) for label in rates]
    fig.add_bar(
        y=labels, x=list(rates.values()), orientation="h", meta={"kind": "rate"},
        marker={"color": [style.series_line(i, dark)["color"] for i in range(len(rates))]},
        customdata=labels, hovertemplate=style.labelled("%{customdata}", "%{x:,.0f}<extra></extra>"),
    )  # fmt: skip
    fig.update_xaxes(title_text=_("per second"), rangemode="tozero", tickformat="~s")
    fig.update_yaxes(autorange="reversed")
    return fig
