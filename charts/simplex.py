"""The probability simplex of three classes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import Floats, finite_vector, names_for
from charts.figure import Figure
from locales import _
from softmax_core.geometry import simplex_coordinates

LEVELS = (0.2, 0.4, 0.6, 0.8)
CENTRE = np.full(3, 1 / 3)


def simplex(
    p: ArrayLike, target: int | ArrayLike | None, names: Sequence[str], dark: bool = False,
    path: ArrayLike | None = None,
) -> Figure:  # fmt: skip
    """Draw a distribution over three classes as a point of a triangle, with its target.

    A corner is certainty; the three tinted parts are where each class wins; the thin lines are p_j = 0.2,
    0.4, 0.6 and 0.8.

    Equal aspect. Traces carry ``meta`` kind "region", "level", "outline", "corner", "path", "gap",
    "target" or "point".

    Parameters
    ----------
    p : array_like, shape (3,)
        The distribution.
    target : int, array_like of shape (3,), or None
        The true class, a soft target, or no target.
    path : array_like, shape (S, 3), optional
        Earlier distributions, oldest first, drawn as a trail.
    """
    point, labels = _distribution(p, "p"), [style.as_text(name, limit=16) for name in names_for(names, 3)]
    theme = style.ink(dark)
    fig = style.figure(dark)

    def mark(P: Floats, kind: str, title: str, marker: dict[str, object]) -> None:
        rows = "".join(
            "<br>" + style.labelled(label, f"%{{customdata[{j}]:.6~g}}") for j, label in enumerate(labels)
        )
        fig.add_scatter(
            **_xy(P), customdata=P[np.newaxis], mode="markers", name=title, marker=marker, cliponaxis=False,
            hovertemplate=f"{title}{rows}<extra></extra>", meta={"kind": kind},
        )  # fmt: skip

    _empty_triangle(fig, labels, dark)
    if path is not None:
        trail = np.asarray(path, dtype=np.float64)
        if trail.ndim != 2 or trail.shape[1] != 3:
            raise ValueError(f"path must have shape (S, 3), got {trail.shape}")
        line, marker = {"color": theme.muted, "width": 1.2}, {"color": theme.muted, "size": 4}
        _draw(fig, trail, {"kind": "path"}, mode="lines+markers", line=line, marker=marker)
    if target is not None:
        goal, line = _target(target), {"color": theme.text, "width": 2}
        _draw(fig, [point, goal], {"kind": "gap"}, mode="lines", line=line | {"width": 1.6, "dash": "dot"})
        ring = {"symbol": "circle-open", "size": 22, "color": theme.text, "line": line}
        mark(goal, "target", _("target y"), ring)
    dot = {"symbol": "circle", "size": 13, "color": theme.text, "line": {"color": theme.surface, "width": 2}}
    mark(point, "point", _("prediction p"), dot)
    corners = _corners()
    low, high = corners.min(axis=0), corners.max(axis=0)
    room = 0.1 * (high - low)
    fig.update_xaxes(visible=False, range=[low[0] - room[0], high[0] + room[0]], constrain="domain")
    fig.update_yaxes(
        visible=False, range=[low[1] - 1.4 * room[1], high[1] + 1.4 * room[1]], scaleanchor="x", scaleratio=1,
        constrain="domain",
    )  # fmt: skip
    fig.update_layout(
        legend={"orientation": "v", "x": -0.1, "y": 1, "yanchor": "top", "font": {"size": 11}}
    )  # the empty corner
    return fig


def _empty_triangle(fig: Figure, labels: Sequence[str], dark: bool) -> None:
    """Draw the parts where each class wins, the lines of equal shares, the outline and the named corners."""
    theme, certain, corners = style.ink(dark), np.eye(3), _corners()
    middle = corners.mean(axis=0)
    for j in range(3):
        look = {"fill": "toself", "fillcolor": style.translucent(style.class_color(j), 0.3 if dark else 0.16)}
        _draw(fig, _region(j), {"kind": "region", "class": j}, mode="lines", line={"width": 0}, **look)
    for j in range(3):
        thin = {"color": theme.axis, "width": 0.6}
        _draw(fig, _levels(j), {"kind": "level", "class": j}, mode="lines", line=thin, opacity=0.55)
    rim = {"color": theme.axis, "width": 1.4}
    _draw(fig, certain[[0, 1, 2, 0]], {"kind": "outline"}, mode="lines", line=rim)
    for j, (label, (x, y)) in enumerate(zip(labels, corners, strict=True)):
        # Names run inwards below the base, so that a long one is not cut on a narrow screen.
        side = "center" if abs(x - middle[0]) < 1e-6 else "right" if x < middle[0] else "left"
        _draw(
            fig, certain[j], {"kind": "corner", "class": j}, mode="markers+text", text=[label], cliponaxis=False,
            textposition=f"{'top' if y > middle[1] else 'bottom'} {side}",
            marker=style.class_point(j, dark, size=13), textfont={"size": 13, "color": theme.text},
        )  # fmt: skip


def _draw(fig: Figure, P: ArrayLike, meta: dict[str, object], **trace: object) -> None:
    """Add distributions (S, 3) or (3,) as a trace that tells nothing under the pointer."""
    fig.add_scatter(**_xy(P), **{"hoverinfo": "skip", "showlegend": False} | trace, meta=meta)


def _corners() -> Floats:
    return np.asarray(simplex_coordinates(np.eye(3)), dtype=np.float64)


def _region(j: int) -> Floats:
    """Return the outline (5, 3) of the distributions in which class j has the largest share."""
    certain = np.eye(3)
    after, before = certain[(j + 1) % 3], certain[(j + 2) % 3]
    return np.array([certain[j], (certain[j] + after) / 2, CENTRE, (certain[j] + before) / 2, certain[j]])


def _levels(j: int) -> Floats:
    """Return both ends of each line ``p_j = level``, and a row of NaN after them: a gap, so that one trace holds all."""
    rows = np.full((len(LEVELS), 3, 3), np.nan)
    for lines, level in zip(rows, LEVELS, strict=True):
        lines[:2] = 0.0
        lines[:2, j] = level
        lines[0, (j + 1) % 3] = lines[1, (j + 2) % 3] = 1 - level
    return rows.reshape(-1, 3)


def _distribution(values: ArrayLike, what: str) -> Floats:
    array = finite_vector(values, what)
    if array.size != 3 or (array < 0).any() or abs(array.sum() - 1.0) > 1e-3:
        raise ValueError(f"{what} must be three probabilities with sum 1, got {array.tolist()}")
    return array


def _target(target: int | ArrayLike) -> Floats:
    if isinstance(target, int | np.integer):
        if not 0 <= target < 3:
            raise ValueError(f"target must be a class in 0..2 or a distribution, got {target}")
        return np.asarray(np.eye(3)[int(target)])
    return _distribution(target, "target")


def _xy(P: ArrayLike) -> dict[str, Floats]:
    xy = np.asarray(simplex_coordinates(np.atleast_2d(np.asarray(P, dtype=np.float64))), dtype=np.float64)
    return {"x": xy[:, 0], "y": xy[:, 1]}
