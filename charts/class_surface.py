"""The probability of one class over the plane of the two features."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from charts import style
from charts.checks import Floats


def probability_surface(
    p: ArrayLike,
    box: Sequence[float],
    X: ArrayLike,
    y: ArrayLike,
    k: int,
    axes: Sequence[str],
    dark: bool = False,
) -> go.Figure:
    """Draw the probability of one class over the plane of the two features, with the points.

    Parameters
    ----------
    p : array_like, shape (rows, columns)
        Probability of class `k` at the middle of each cell; row 0 lies at the top.
    box : sequence (x from, x to, y from, y to)
    X, y : array_like, shapes (n, 2) and (n,)
        Points and their classes.
    k : int
        The class that is shown.
    axes : sequence of two str
        Names of the features: data, never markup.

    Returns
    -------
    plotly.graph_objects.Figure
        Traces with ``meta`` kind "surface" (``z`` upwards), and "points" with "class".

    Raises
    ------
    ValueError
        If `p` is no matrix or holds a number outside 0..1.
    """
    grid = np.asarray(p, dtype=np.float64)
    if grid.ndim != 2 or grid.size == 0 or not ((grid >= 0) & (grid <= 1)).all():
        raise ValueError(f"p must be a matrix of numbers in 0..1, got shape {grid.shape}")
    rows, columns = grid.shape
    x0, x1, y0, y1 = box
    across = x0 + (x1 - x0) * (np.arange(columns) + 0.5) / columns
    up = y0 + (y1 - y0) * (np.arange(rows) + 0.5) / rows
    theme = style.ink(dark)
    fig = style.figure(dark, height=420)
    fig.add_contour(
        x=across, y=up, z=grid[::-1], zmin=0, zmax=1, colorscale=[(0.0, theme.neutral), (1.0, style.class_color(k))],
        contours={"start": 0.1, "end": 0.9, "size": 0.1, "coloring": "heatmap"}, line={"width": 0.6, "color": theme.axis},
        colorbar={"thickness": 12, "dtick": 0.25, "tickformat": ".0%", "outlinewidth": 0, "len": 0.9},
        hovertemplate="%{x:.4~g}, %{y:.4~g}: <i>p</i> = %{z:.4f}<extra></extra>", meta={"kind": "surface"},
    )  # fmt: skip
    points, labels = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.int64)
    for j in np.unique(labels):
        _add_points(fig, points[labels == j], int(j), int(j) == k, dark)
    titles = [style.as_text(name) for name in axes]
    fig.update_xaxes(title_text=titles[0], range=[x0, x1], showgrid=False, constrain="domain")
    fig.update_yaxes(
        title_text=titles[1], range=[y0, y1], showgrid=False, scaleanchor="x", constrain="domain"
    )
    return fig


def _add_points(fig: go.Figure, points: Floats, j: int, own: bool, dark: bool) -> None:
    marker = style.class_point(j, dark, 8 if own else 5)
    marker |= {"opacity": 1.0 if own else 0.75}
    marker["line"] = {"color": style.ink(dark).surface, "width": 1.2 if own else 0.5}
    fig.add_scatter(
        x=points[:, 0], y=points[:, 1], mode="markers", marker=marker, hoverinfo="skip", showlegend=False,
        meta={"kind": "points", "class": j},
    )  # fmt: skip
