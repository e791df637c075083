"""Figures of the loss over a plane of parameters: contour, surface, and the stable rate along a run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import Floats, vector
from charts.figure import Figure
from locales import _

HEIGHT = 440
LEVELS = 16
LIFT = 0.012  # of the height of a surface: by so much are lines drawn above it, so that it does not hide them


@dataclass(frozen=True)
class Landscape:
    """Losses on a grid of a plane, and the run on it."""

    a: ArrayLike  # (p,): coordinates along the first direction
    b: ArrayLike  # (q,): and along the second
    loss: ArrayLike  # (q, p): in nats
    path: ArrayLike  # (T, 2): where the run was, projected onto the plane
    heights: ArrayLike  # (T,): the loss on the plane there
    steps: ArrayLike  # (T,): which steps these are
    playhead: int  # index into `path` of the playhead
    ellipse: ArrayLike | None = None  # (m, 2): a closed curve around the playhead
    titles: Sequence[str] = ("", "")  # of the directions, already translated; data


def landscape_contour(view: Landscape, dark: bool = False) -> Figure:
    """Draw a landscape from above: lines of equal loss, the path, the playhead, the curvature ellipse.

    The colours and lines are spaced by the square root of the height above the lowest point of the grid: a
    bowl then has lines at equal distances, and its floor is as readable as its walls.

    Traces with ``meta`` kind "loss" (``customdata`` the losses, ``z`` the square roots), "path", "start",
    "playhead" and "ellipse".
    """
    a, b, loss, path = _checked(view)
    theme = style.ink(dark)
    fig = style.figure(dark, height=HEIGHT)
    roots = np.sqrt(loss - loss.min())
    top = float(roots.max()) or 1.0
    fig.add_contour(
        x=a, y=b, z=style.single(roots), customdata=style.single(loss), colorscale=_scale(dark), showscale=False, zmin=0, zmax=top,
        contours={"start": 0, "end": top, "size": top / LEVELS}, line={"width": 0.7, "color": theme.axis},
        hovertemplate=f"{_('loss')} %{{customdata:.5~g}}<extra></extra>", meta={"kind": "loss"},
    )  # fmt: skip
    if view.ellipse is not None:
        around = np.asarray(view.ellipse, dtype=np.float64)
        fig.add_scatter(
            x=around[:, 0], y=around[:, 1], mode="lines", hoverinfo="skip", name=_("curvature at the playhead"),
            line={"color": theme.warning, "width": 2}, meta={"kind": "ellipse"},
        )  # fmt: skip
    steps, heights = np.asarray(view.steps), np.asarray(view.heights, dtype=np.float64)
    fig.add_scatter(
        x=path[:, 0], y=path[:, 1], mode="lines+markers", line={"color": theme.text, "width": 2},
        marker={"size": 3.5, "color": theme.text}, customdata=np.column_stack([steps, heights]),
        hovertemplate=style.labelled(f"{_('step')} %{{customdata[0]}}", f"{_('loss')} %{{customdata[1]:.5~g}}<extra></extra>"),
        name=_("path of the run"), meta={"kind": "path"},
    )  # fmt: skip
    for kind, i, size, symbol in (("start", 0, 9, "square"), ("playhead", view.playhead, 13, "circle")):
        fig.add_scatter(
            x=[path[i, 0]], y=[path[i, 1]], mode="markers", hoverinfo="skip",
            marker={"size": size, "symbol": symbol, "color": theme.text if kind == "start" else theme.warning,
                    "line": {"color": theme.surface, "width": 2}},
            name=_("start") if kind == "start" else _("playhead"), meta={"kind": kind},
        )  # fmt: skip
    titles = [style.as_text(title, limit=40) for title in view.titles]
    axes = [
        {"title": {"text": title}, "range": [ends[0], ends[-1]], "showgrid": False}
        for title, ends in zip(titles, (a, b), strict=True)
    ]
    fig.update_layout(xaxis=axes[0], yaxis=axes[1], showlegend=True, uirevision="landscape-contour")
    return fig


def landscape_surface(view: Landscape, dark: bool = False) -> Figure:
    """Draw a landscape as a surface that can be turned, with the path and the playhead on it.

    Traces with ``meta`` kind "loss" (``z`` the losses), "path" and "playhead".
    """
    a, b, loss, path = _checked(view)
    theme = style.ink(dark)
    fig = style.figure(dark, height=HEIGHT)
    roots = np.sqrt(loss - loss.min())
    fig.add_surface(
        x=a, y=b, z=loss, surfacecolor=roots, colorscale=_scale(dark), showscale=False,
        lighting={"ambient": 0.8, "diffuse": 0.35, "specular": 0.05},
        hovertemplate=f"{_('loss')} %{{z:.5~g}}<extra></extra>", meta={"kind": "loss"},
        contours={"z": {"show": True, "color": theme.axis, "width": 1, "start": float(loss.min()),
                        "end": float(loss.max()), "size": float(np.ptp(loss)) / LEVELS or 1.0}},
    )  # fmt: skip
    heights = np.asarray(view.heights, dtype=np.float64) + LIFT * float(np.ptp(loss))
    fig.add_scatter3d(
        x=path[:, 0], y=path[:, 1], z=heights, mode="lines", line={"color": theme.text, "width": 5},
        customdata=np.asarray(view.steps), name=_("path of the run"),
        hovertemplate=f"{_('step')} %{{customdata}}<extra></extra>", meta={"kind": "path"},
    )  # fmt: skip
    at = view.playhead
    fig.add_scatter3d(
        x=[path[at, 0]], y=[path[at, 1]], z=[heights[at]], mode="markers", hoverinfo="skip",
        marker={"size": 6, "color": theme.warning, "line": {"color": theme.surface, "width": 1}},
        name=_("playhead"), meta={"kind": "playhead"},
    )  # fmt: skip
    axis = {
        "backgroundcolor": "rgba(0,0,0,0)",
        "gridcolor": theme.grid,
        "color": theme.muted,
        "showspikes": False,
    }
    titles = [style.as_text(title, limit=40) for title in view.titles]
    fig.update_layout(
        scene={
            "xaxis": axis | {"title": {"text": titles[0]}}, "yaxis": axis | {"title": {"text": titles[1]}},
            "zaxis": axis | {"title": {"text": _("loss (nats)")}}, "dragmode": "orbit", "uirevision": "surface",
            "camera": {"eye": {"x": 1.3, "y": -1.15, "z": 1.1}, "center": {"x": 0, "y": 0, "z": -0.15}}, "aspectratio": {"x": 1.1, "y": 1.1, "z": 0.75},
        },
        showlegend=False, uirevision="landscape-surface", margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )  # fmt: skip
    return fig


def stable_rate_chart(
    steps: ArrayLike, rates: ArrayLike, rate: float | None, playhead: int, dark: bool = False
) -> Figure:
    """Draw 2 / curvature along a run, with the learning rate that was used.

    Traces with ``meta`` kind "line" and "rate"; the playhead is a shape of that name. Logarithmic.

    Parameters
    ----------
    steps, rates : array_like, shape (T,)
        Steps at which the curvature was computed, and 2 / curvature there; infinity leaves a gap.
    rate : float, optional
        The learning rate of the run: a dotted line.
    playhead : int
    """
    at, stable = np.asarray(steps, dtype=np.int64), vector(rates, "rates")
    if at.shape != stable.shape:
        raise ValueError(f"steps must have shape {stable.shape}, got {at.shape}")
    theme = style.ink(dark)
    fig = style.figure(dark, height=HEIGHT)
    fig.add_scatter(
        x=at, y=np.where(np.isfinite(stable), stable, np.nan), mode="lines+markers", line=style.series_line(0, dark),
        marker={"size": 5}, name=_("2 / curvature"), meta={"kind": "line"},
        hovertemplate=style.labelled(f"{_('step')} %{{x}}", "%{y:.4~g}<extra></extra>"),
    )  # fmt: skip
    last = int(max(at.max(), 1))
    if rate is not None:
        fig.add_scatter(
            x=[0, last], y=[rate, rate], mode="lines", name=_("learning rate"), hoverinfo="skip",
            line={"color": theme.warning, "dash": "dot", "width": 1.8}, meta={"kind": "rate"},
        )  # fmt: skip
    line = {"color": theme.muted, "width": 1.2}
    fig.add_shape(type="line", x0=playhead, x1=playhead, y0=0, y1=1, yref="paper", line=line, name="playhead")
    drawn = np.array([v for v in (*stable, rate or np.inf) if np.isfinite(v) and v > 0] or [1.0])
    low, high = float(np.log10(drawn.min())), float(np.log10(drawn.max()))
    fig.update_layout(
        xaxis={"title": {"text": _("step")}, "range": [-0.02 * last, 1.02 * last], "tickformat": "d", "nticks": 8},
        yaxis={"type": "log", "title": {"text": _("learning rate")}, "tickvals": style.log_ticks(low, high), "tickformat": "~g",
               "range": [low - 0.15, high + 0.15]},
        showlegend=True,
    )  # fmt: skip
    return fig


def _scale(dark: bool) -> list[tuple[float, str]]:
    """Return the colours of heights: low ground stands out, high ground fades into the paper."""
    low, mid, high = ("#2f6f9f", "#2b4257", "#1f232b") if dark else ("#7fb6dd", "#cfe0ea", "#f5f5f3")
    return [(0.0, low), (0.45, mid), (1.0, high)]


def _checked(view: Landscape) -> tuple[Floats, Floats, Floats, Floats]:
    a, b = vector(view.a, "a"), vector(view.b, "b")
    loss, path = np.asarray(view.loss, dtype=np.float64), np.asarray(view.path, dtype=np.float64)
    if loss.shape != (b.size, a.size):
        raise ValueError(f"loss must have shape {(b.size, a.size)}, got {loss.shape}")
    if not np.isfinite(loss).all():
        raise ValueError(f"loss must be finite, got {loss[~np.isfinite(loss)][0]}")
    if path.ndim != 2 or path.shape[1] != 2 or not 0 <= view.playhead < len(path):
        raise ValueError(
            f"path must have shape (T, 2) with the playhead in it, got {path.shape}, {view.playhead}"
        )
    return a, b, loss, path
