"""Figures of a linear layer: where each class wins, what the weights cost, how long a minibatch takes."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import finite_vector, names_for
from charts.figure import Figure
from locales import _


def plane_of_greys(
    polygons: Sequence[ArrayLike],
    point: ArrayLike,
    names: Sequence[str],
    axes: Sequence[str],
    dark: bool = False,
) -> Figure:
    """Draw which class wins for every grey of two pixels, with the present picture in it.

    Traces with ``meta`` kind "region" and its "class", whose x and y are the closed outline; "point".

    Parameters
    ----------
    polygons : sequence of array_like, shape (m, 2)
        The region of each class in the unit square, as `softmax_core.geometry.region_polygons` gives them;
        empty where a class wins nowhere.
    point : array_like, shape (2,)
        The two greys of the present picture.
    axes : sequence of str, length 2
        What the two axes are; data.
    """
    given = names_for(names, len(polygons))
    spot = finite_vector(point, "point")
    if spot.size != 2:
        raise ValueError(f"point must have two numbers, got {spot.size}")
    fig = style.figure(dark, height=236)
    for k, polygon in enumerate(polygons):
        corners = np.asarray(polygon, dtype=np.float64).reshape(-1, 2)
        closed = np.vstack([corners, corners[:1]])
        fig.add_scatter(
            x=closed[:, 0], y=closed[:, 1], mode="lines", fill="toself", hoveron="fills", text=style.as_text(given[k]),
            fillcolor=style.translucent(style.class_color(k), 0.38), name=style.as_text(given[k]), hoverinfo="text",
            line={"color": style.ink(dark).text, "width": 1.2}, meta={"kind": "region", "class": k},
        )  # fmt: skip
    ink = style.ink(dark)
    fig.add_scatter(
        x=[spot[0]], y=[spot[1]], mode="markers", name=_("this picture"), meta={"kind": "point"}, showlegend=False,
        marker={"size": 13, "color": ink.surface, "symbol": "circle", "line": {"color": ink.text, "width": 3}},
        hovertemplate="%{x:.2f}, %{y:.2f}<extra></extra>",
    )  # fmt: skip
    fig.update_xaxes(title_text=style.as_text(axes[0], 40), range=[-0.02, 1.02], dtick=0.25, showgrid=False)
    fig.update_yaxes(title_text=style.as_text(axes[1], 40), range=[-0.02, 1.02], dtick=0.25, showgrid=False)
    return style.steady(fig)


def parameter_bars(counts: Mapping[int, int], chosen: int, dark: bool = False) -> Figure:
    """Draw the number of weights for each number of Kronecker products.

    One trace, ``meta`` kind "count": x the n as text, y the weights.

    Parameters
    ----------
    counts : mapping of int to int
        Number of products n to number of weights; n = 1 is the dense layer.
    chosen : int
        The n to stand out; one of the keys.
    """
    if chosen not in counts:
        raise ValueError(f"chosen must be one of {list(counts)}, got {chosen}")
    fig = style.figure(dark, height=180)
    theme = style.ink(dark)
    fig.add_bar(
        x=[str(n) for n in counts], y=list(counts.values()), meta={"kind": "count"}, width=0.62,
        marker={"color": [theme.series[1] if n == chosen else theme.axis for n in counts]},
        text=[f"{value:,}" for value in counts.values()], textposition="outside", cliponaxis=False,
        hovertemplate="n = %{x}: %{y:,d}<extra></extra>",
    )  # fmt: skip
    fig.update_xaxes(title_text=_("products n (1: the dense layer)"), type="category", showgrid=False)
    fig.update_yaxes(title_text=_("weights"), rangemode="tozero", tickformat=",d")
    fig.update_layout(margin={"t": 26})
    return fig


def timing_lines(sizes: Sequence[int], times: Mapping[str, ArrayLike], dark: bool = False) -> Figure:
    """Draw measured times against the number of samples, both axes logarithmic.

    Traces with ``meta`` kind "time" and their "label"; y is in microseconds.

    Parameters
    ----------
    sizes : sequence of int
        Numbers of samples.
    times : mapping of str to array_like
        Label (already translated; data) to seconds, one for each size, above 0.
    """
    fig = style.figure(dark, height=260)
    for i, (label, seconds) in enumerate(times.items()):
        values = finite_vector(seconds, label)
        if values.size != len(sizes):
            raise ValueError(f"expected {len(sizes)} times of {label!r}, got {values.size}")
        if values.min() <= 0:
            raise ValueError(f"a time is above 0, got {values.min()} in {label!r}")
        line = style.series_line(i, dark)
        fig.add_scatter(
            x=list(sizes), y=1e6 * values, mode="lines+markers", name=style.as_text(label, 40), line=line,
            marker={"size": 8, "color": line["color"]}, meta={"kind": "time", "label": label},
            hovertemplate="n = %{x:,d}: %{y:,.1f} µs<extra></extra>",
        )  # fmt: skip
    fig.update_xaxes(
        title_text=_("samples n"), type="log", tickvals=list(sizes), ticktext=[f"{n:,}" for n in sizes]
    )
    fig.update_yaxes(title_text=_("time (µs)"), type="log", exponentformat="none", dtick=1, tickformat=",~r")
    return fig
