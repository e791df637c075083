"""Figures of how good a model is: confusion, accuracy by class, calibration, the probability of a class."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from charts import style
from charts.checks import Floats, names_for, square, vector
from charts.figure import Figure
from locales import _

NAME_ROOM = 44  # columns of text along an axis of a matrix, shared by its classes


def tints(counts: ArrayLike) -> NDArray[np.float64]:
    """Return what tints the cells of a confusion matrix, -1 to 1: the share of each row, on the diagonal negative.

    So right answers and mistakes have different colours. Mistakes are few: the square root makes their colours stronger
    and keeps their order.

    Parameters
    ----------
    counts : array_like of int, shape (K, K)
        Rows are true classes, columns predicted ones.
    """
    matrix = np.asarray(counts)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    tinted: NDArray[np.float64] = np.where(np.eye(len(matrix), dtype=bool), -shares, np.sqrt(shares))
    return tinted


def confusion_heatmap(counts: ArrayLike, names: Sequence[str], dark: bool = False) -> Figure:
    """Draw a confusion matrix; each cell is tinted by its share of the true class, right answers blue, mistakes red.

    Traces with ``meta`` kind "cells" (``z`` from `tints`, customdata the count, both names and the share)
    and "numbers" (``text`` the counts).

    Parameters
    ----------
    counts : array_like of int, shape (K, K)
        Rows are true classes, columns predicted ones.
    """
    matrix = square(counts, "counts").astype(np.int64)
    if (matrix < 0).any():
        raise ValueError(f"counts must be at least 0, got {matrix.min()}")
    K, tinted = len(matrix), tints(matrix)
    texts = [style.as_text(name) for name in names_for(names, K)]
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    fig = style.figure(dark)
    fig.add_heatmap(
        z=tinted, zmin=-1, zmax=1, colorscale=style.diverging(dark), showscale=False, xgap=1, ygap=1,
        customdata=[[[int(matrix[i, j]), texts[i], texts[j], style.percent(shares[i, j])] for j in range(K)] for i in range(K)],
        hovertemplate=style.labelled(_("true class"), "%{customdata[1]}<br>") + style.labelled(_("predicted"), "%{customdata[2]}<br>") +
        "%{customdata[0]} (%{customdata[3]})<extra></extra>",
        meta={"kind": "cells", "right": int(matrix.trace()), "wrong": int(matrix.sum() - matrix.trace())},
    )  # fmt: skip
    rows, columns = np.indices(matrix.shape)
    fig.add_scatter(
        x=columns.ravel(), y=rows.ravel(), text=[str(v) for v in matrix.flat], mode="text", hoverinfo="skip",
        textfont={"size": 14 if K <= 6 else 11, "color": [style.text_on(style.diverging_color(v, 1, dark)) for v in tinted.flat]},
        showlegend=False, meta={"kind": "numbers"},
    )  # fmt: skip
    ticks = style.class_ticks(names, max(4, min(14, NAME_ROOM // K)))
    ticks |= {"showgrid": False, "tickangle": 0, "tickfont": {"size": 12 if K <= 6 else 10}}
    fig.update_xaxes(**ticks, range=[-0.5, K - 0.5], side="top", title_text=_("predicted"))
    fig.update_yaxes(**ticks, range=[K - 0.5, -0.5], title_text=_("true class"))
    return fig


def class_accuracy_bars(
    shares: ArrayLike, counts: ArrayLike, names: Sequence[str], dark: bool = False
) -> Figure:
    """Draw the share of each class that was recognised, as bars from left to right.

    One trace with ``meta`` kind "bars", class 0 at the top.

    Parameters
    ----------
    shares : array_like, shape (K,)
        In [0, 1]; nan for a class without samples, which gets no bar.
    counts : array_like of int, shape (K,)
        Samples of each class, shown on hover.
    """
    values, sizes = vector(shares, "shares"), np.asarray(counts, dtype=np.int64)
    K = values.size
    texts = [style.as_text(name, limit=14) for name in names_for(names, K)]
    if sizes.shape != values.shape:
        raise ValueError(f"counts must have shape {values.shape}, got {sizes.shape}")
    if ((values < 0) | (values > 1)).any():
        raise ValueError(f"shares must lie in 0..1, got {values.tolist()}")
    fig = style.figure(dark)
    fig.add_bar(
        x=values, y=np.arange(K), orientation="h", width=0.62, customdata=[[t, int(c), style.percent(v)] for t, c, v in zip(texts, sizes, values, strict=True)],
        marker={"color": [style.class_color(k) for k in range(K)]},
        text=["" if np.isnan(v) else style.percent(v, 0) for v in values], textposition="auto", insidetextanchor="end",
        hovertemplate=style.labelled("%{customdata[0]}", "%{customdata[2]} / %{customdata[1]}<extra></extra>"), meta={"kind": "bars"},
    )  # fmt: skip
    fig.update_traces(textfont={"size": 13}, cliponaxis=False)
    fig.update_xaxes(range=[0, 1.04], title_text=_("accuracy"), **style.percent_ticks())
    fig.update_yaxes(**style.class_ticks(names, 14), range=[K - 0.5, -0.5], showgrid=False)
    return fig


def reliability_diagram(
    edges: ArrayLike, count: ArrayLike, confidence: ArrayLike, accuracy: ArrayLike, dark: bool = False
) -> Figure:
    """Draw accuracy against confidence, bin by bin, with the diagonal that a calibrated model follows.

    Traces with ``meta`` kind "bars" (accuracy), "confidence" (a dash in each bin at its mean confidence)
    and "diagonal".

    Parameters
    ----------
    edges : array_like, shape (bins + 1,)
    count, confidence, accuracy : array_like, shape (bins,)
        As `softmax_core.metrics.reliability` returns them; nan where a bin is empty.
    """
    ends, share, mean = vector(edges, "edges"), vector(accuracy, "accuracy"), vector(confidence, "confidence")
    sizes = np.asarray(count, dtype=np.int64)
    if not share.size == mean.size == sizes.size == ends.size - 1:
        raise ValueError(
            f"{ends.size - 1} bins need as many numbers, got {share.size}, {mean.size}, {sizes.size}"
        )
    middle, width = (ends[:-1] + ends[1:]) / 2, np.diff(ends)
    theme, filled = style.ink(dark), sizes > 0
    fig = style.figure(dark)
    fig.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": theme.muted, "dash": "dot", "width": 1.4},
        hoverinfo="skip", name=_("perfect calibration"), meta={"kind": "diagonal"},
    )  # fmt: skip
    fig.add_bar(
        x=middle[filled], y=share[filled], width=width[filled] * 0.94, name=_("right"),
        customdata=np.column_stack([sizes[filled], 100 * mean[filled], 100 * ends[:-1][filled], 100 * ends[1:][filled], 100 * share[filled]]),
        marker={"color": style.translucent(theme.series[1], 0.55), "line": {"color": theme.series[1], "width": 1}},
        hovertemplate=f"%{{customdata[2]:.0f}}–%{{customdata[3]:.0f}} %: {_('points')} %{{customdata[0]}}<br>"
        f"{_('confidence')} %{{customdata[1]:.1f}} %<br>{_('accuracy')} %{{customdata[4]:.1f}} %<extra></extra>",
        meta={"kind": "bars"},
    )  # fmt: skip
    fig.add_scatter(
        x=middle[filled], y=mean[filled], mode="markers", hoverinfo="skip", name=_("confidence"),
        marker={"symbol": "line-ew-open", "size": 22, "color": theme.text, "line": {"width": 2.5}},
        meta={"kind": "confidence"},
    )  # fmt: skip
    fig.update_xaxes(
        range=[0, 1], title_text=_("confidence: the largest probability"), **style.percent_ticks()
    )
    fig.update_yaxes(range=[0, 1.03], title_text=_("accuracy"), **style.percent_ticks())
    fig.update_layout(showlegend=True)
    return fig


def probability_bars(edges: ArrayLike, right: ArrayLike, wrong: ArrayLike, dark: bool = False) -> Figure:
    """Draw how many points give their true class how much probability, right ones and wrong ones stacked.

    Traces with ``meta`` kind "right" and "wrong".

    Parameters
    ----------
    edges : array_like, shape (bins + 1,)
    right, wrong : array_like of int, shape (bins,)
    """
    ends = vector(edges, "edges")
    counts: dict[str, NDArray[np.int64]] = {
        "right": np.asarray(right, dtype=np.int64), "wrong": np.asarray(wrong, dtype=np.int64)
    }  # fmt: skip
    theme, middle = style.ink(dark), (ends[:-1] + ends[1:]) / 2
    fig = style.figure(dark)
    looks = {"right": (theme.series[1], _("right"), ""), "wrong": (theme.warning, _("wrong"), "/")}
    for kind, (color, name, pattern) in looks.items():
        if counts[kind].shape != middle.shape:
            raise ValueError(f"{kind} must have shape {middle.shape}, got {counts[kind].shape}")
        fig.add_bar(
            x=middle, y=counts[kind], width=np.diff(ends) * 0.94, name=name,
            marker={"color": color, "pattern": {"shape": pattern, "fgcolor": theme.surface, "bgcolor": color, "size": 6}},
            customdata=np.column_stack([ends[:-1], ends[1:]]),
            hovertemplate=style.labelled(name, "%{y}<br><i>p</i> %{customdata[0]:.2f}–%{customdata[1]:.2f}<extra></extra>"),
            meta={"kind": kind},
        )  # fmt: skip
    fig.update_xaxes(range=[0, 1], dtick=0.25, title_text=_("probability of the true class"))
    fig.update_yaxes(title_text=_("points"), rangemode="tozero")
    fig.update_layout(barmode="stack", showlegend=True)
    return fig


def probability_surface(
    p: ArrayLike,
    box: Sequence[float],
    X: ArrayLike,
    y: ArrayLike,
    k: int,
    axes: Sequence[str],
    dark: bool = False,
) -> Figure:
    """Draw the probability of one class over the plane of the two features, with the points.

    Traces with ``meta`` kind "surface" (``z`` upwards), and "points" with "class".

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
        colorbar={"thickness": 12, **style.percent_ticks(), "outlinewidth": 0, "len": 0.9},
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


def _add_points(fig: Figure, points: Floats, j: int, is_chosen: bool, dark: bool) -> None:
    marker = style.class_point(j, dark, 8 if is_chosen else 5)
    marker |= {"opacity": 1.0 if is_chosen else 0.75}
    marker["line"] = {"color": style.ink(dark).surface, "width": 1.2 if is_chosen else 0.5}
    fig.add_scatter(
        x=points[:, 0], y=points[:, 1], mode="markers", marker=marker, hoverinfo="skip", showlegend=False,
        meta={"kind": "points", "class": j},
    )  # fmt: skip
