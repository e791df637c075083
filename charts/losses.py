"""Losses as functions of the true class's probability, their slopes, and a walk downhill over its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import names_for, vector
from charts.figure import Figure
from locales import _

WRONG_BELOW = 0.1  # p_true under which another class has most of the mass: "confidently wrong"
_ROOM = 0.02
SECOND = {"xaxis": "x2", "yaxis": "y2"}


def loss_curves(
    p_true: ArrayLike, losses: Mapping[str, ArrayLike], slopes: Mapping[str, ArrayLike], p_now: float,
    now: Mapping[str, tuple[float, float]], axis: str, dark: bool = False, top: float | None = None,
) -> Figure:  # fmt: skip
    """Draw several losses against the probability of the true class, and their slopes beside them.

    One figure with two plots and not two figures: a browser draws it in less time.

    Traces with ``meta`` kind "curve" and "point", each with its "of" ("loss" or "slope"), a curve with its
    "label" too; the part below `WRONG_BELOW` is tinted and named.

    Parameters
    ----------
    p_true : array_like, shape (m,)
        Rising probabilities of the true class, in 0..1.
    losses, slopes : mapping of str to array_like, shape (m,)
        Label (already translated; data) to one number per probability. Both have the same labels.
    p_now : float
        The present probability of the true class.
    now : mapping of str to (float, float)
        Label to loss and slope at `p_now`; a point is drawn where they are finite.
    axis : str
        Title of both axes across: whose probability it is. A name in it is data.
    top : float, optional
        Upper end of the losses' axis, for a loss that has none.
    """
    x = vector(p_true, "p_true")
    if not 0 <= p_now <= 1:
        raise ValueError(f"p_now must be a probability in 0..1, got {p_now}")
    fig = style.figure(dark, height=205)
    fig.update_layout(yaxis2={}, xaxis2={})  # before the traces, which name them
    for at, (of, plot, curves) in enumerate((("loss", {}, losses), ("slope", SECOND, slopes))):
        for i, (label, values) in enumerate(curves.items()):
            y, name = vector(values, label), style.as_text(label)
            if y.size != x.size:
                raise ValueError(f"{label} must have {x.size} numbers, got {y.size}")
            fig.add_scatter(
                x=x, y=y, mode="lines", name=name, line=style.series_line(i, dark) | {"width": 2.4}, **plot,
                hovertemplate=f"{name}<br>p = %{{x:.4~g}}: %{{y:.4~g}}<extra></extra>",
                meta={"kind": "curve", "of": of, "label": name},
            )  # fmt: skip
        here = {label: loss_and_slope[at] for label, loss_and_slope in now.items()}
        highest = np.inf if top is None or of == "slope" else top
        fig.add_scatter(**_points_at(p_now, here, highest, dark), **plot, meta={"kind": "point", "of": of})
    _tint_wrong(fig, dark)
    fig.update_xaxes(
        title_text=style.as_text(axis, 40), range=[-_ROOM, 1 + _ROOM], dtick=0.25, tickformat=".2~f"
    )
    fig.update_layout(xaxis={"domain": [0, 0.44]}, xaxis2={"domain": [0.56, 1], "anchor": "y2"})
    fig.update_yaxes(title_text=_("loss"), rangemode="tozero", nticks=5)
    slope_axis = {"title": {"text": _("slope by z"), "standoff": 1}, "anchor": "x2"}
    fig.update_layout(yaxis2=fig.settings["yaxis"] | slope_axis)
    if top is not None:
        low = min(0.0, *(float(np.nanmin(vector(values, label))) for label, values in losses.items()))
        fig.update_layout(yaxis={"range": [low - _ROOM * top, top * (1 + _ROOM)]})
    looks = {style.as_text(label): style.series_line(i, dark) for i, label in enumerate(losses)}
    return style.line_key(style.steady(fig), looks)


def _points_at(p_now: float, here: Mapping[str, float], highest: float, dark: bool) -> dict[str, Any]:
    """Return one point for every finite value at p_now; one above ``highest`` stands there and says its value."""
    points = [(i, label, value) for i, (label, value) in enumerate(here.items()) if np.isfinite(value)]
    return {
        "x": [p_now] * len(points), "y": [min(value, highest) for _i, _label, value in points],
        "customdata": [[style.as_text(label), value] for _i, label, value in points], "mode": "markers",
        "marker": {
            "size": 10, "color": [style.series_line(i, dark)["color"] for i, _label, _value in points],
            "line": {"color": style.ink(dark).surface, "width": 1.5},
        },
        "hovertemplate": f"%{{customdata[0]}}<br>p = {p_now:.4g}: %{{customdata[1]:.6~g}}<extra></extra>",
    }  # fmt: skip


def _tint_wrong(fig: Figure, dark: bool) -> None:
    """Tint and name in both plots where the model is confidently wrong."""
    warning = style.ink(dark).warning
    for across in ("x", "x2"):
        fig.add_shape(
            type="rect", x0=0, x1=WRONG_BELOW, xref=across, y0=0, y1=1, yref="paper", layer="below", line={"width": 0},
            fillcolor=style.translucent(warning, 0.13), name="wrong",
        )  # fmt: skip
    fig.add_annotation(
        x=WRONG_BELOW, xanchor="left", y=1, yref="paper", yanchor="top", xshift=1, showarrow=False, name="wrong",
        text=_("← confidently wrong"), font={"color": warning},
    )  # fmt: skip


def walk_lines(
    P: ArrayLike, targets: ArrayLike, names: Sequence[str], dark: bool = False, height: int = 320
) -> Figure:
    """Draw the probabilities of every class over the steps of a walk, with the targets as dotted lines.

    Per class one trace with ``meta`` kind "walk" and one of kind "target".

    Parameters
    ----------
    P : array_like, shape (S + 1, K)
        Distributions, index 0 before the first step.
    targets : array_like, shape (K,)
        The target distribution.
    """
    rows, goal = np.asarray(P, dtype=np.float64), vector(targets, "targets")
    if rows.ndim != 2 or rows.shape[1] != goal.size or rows.shape[0] == 0:
        raise ValueError(f"P must have shape (S + 1, {goal.size}), got {rows.shape}")
    labels = [style.as_text(name) for name in names_for(names, goal.size)]
    steps = np.arange(len(rows))
    last = max(len(rows) - 1, 5)
    fig = style.figure(dark, height=height)
    for k in range(goal.size):
        fig.add_scatter(
            x=[0, last], y=[goal[k]] * 2, mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": style.class_color(k), "width": 1.2, "dash": "dot"}, meta={"kind": "target", "class": k},
        )  # fmt: skip
    for k, label in enumerate(labels):
        fig.add_scatter(
            x=steps, y=rows[:, k], mode="lines+markers", name=label, line={"color": style.class_color(k), "width": 2},
            marker={"size": 6, "symbol": style.class_marker(k), "maxdisplayed": 40},
            hovertemplate=f"{label}<br>p = %{{y:.6~g}}<extra></extra>", meta={"kind": "walk", "class": k},
        )  # fmt: skip
    fig.update_xaxes(title_text=_("step"), range=[-0.02 * last, last * 1.02], tickformat="d", nticks=8)
    fig.update_yaxes(title_text="p<sub>j</sub>", range=[-0.04, 1.04], dtick=0.25, tickformat=".2~f")
    return style.steady(fig)


def lines(
    x: ArrayLike, curves: Mapping[str, ArrayLike], x_title: str, y_title: str, x_now: float | None = None, dark: bool = False,
) -> Figure:  # fmt: skip
    """Draw several curves over one axis, the second one as what it is: the wrong version of the first.

    Traces with ``meta`` kind "curve", each with its "label".

    Parameters
    ----------
    x : array_like, shape (m,)
        Rising numbers.
    curves : mapping of str to array_like, shape (m,)
        Label (already translated; data) to one number per x; what is not finite leaves a gap.
    x_title, y_title : str
        Axis titles, translated.
    x_now : float, optional
        A vertical line at the present x.
    """
    across = vector(x, "x")
    theme = style.ink(dark)
    fig = style.figure(dark, height=320)
    looks: dict[str, dict[str, Any]] = {}
    for i, (label, values) in enumerate(curves.items()):
        y, name = vector(values, label), style.as_text(label, 40)
        if y.size != across.size:
            raise ValueError(f"{label} must have {across.size} numbers, got {y.size}")
        line = {"color": theme.warning if i else theme.text, "dash": "dash" if i else "solid", "width": 2.4}
        looks[name] = line
        fig.add_scatter(
            x=across, y=np.where(np.isfinite(y), y, np.nan), mode="lines", name=name, line=line,
            hovertemplate=f"{name}<br>%{{x:.4~g}}: %{{y:.5~g}}<extra></extra>", meta={"kind": "curve", "label": name},
        )  # fmt: skip
    if x_now is not None and across[0] <= x_now <= across[-1]:
        line = {"color": theme.muted, "width": 1.2, "dash": "dot"}
        fig.add_shape(type="line", x0=x_now, x1=x_now, y0=0, y1=1, yref="paper", line=line, name="here")
    fig.update_xaxes(title_text=x_title)
    fig.update_yaxes(title_text=y_title, rangemode="tozero")
    style.steady(fig)
    return style.line_key(fig, looks) if len(looks) > 1 else fig
