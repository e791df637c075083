"""Figures of one distribution as a function of its logits: softmax curves and their K = 2 case."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from charts import style
from charts.checks import Floats, finite_vector, names_for, positive_temperature
from softmax_core.functional import sigmoid, softmax

SPAN = (-10.0, 10.0)  # the logit board's default range: the picture stands still while a point moves on it
GRID_POINTS = 161
TANGENT_LENGTH = 0.13  # half a tangent, as a share of the plot's width and height
LARGEST_LABEL = 1e6  # from here on the axis counts from the current logit: 1e308 + 1 is no tick label
# Plotly drops numbers beyond Number.MAX_VALUE * 1e-4; so large a difference changes no probability.
LARGEST_DRAWN = 1e300
Y_RANGE = [-0.04, 1.04]


def logistic_grid(low: float, high: float, middle: float, temperature: float) -> Floats:
    """Return sorted points from low to high, dense where a logistic step of this temperature turns."""
    even = np.linspace(low, high, GRID_POINTS)
    step = np.clip(middle + temperature * np.linspace(-9.0, 9.0, 91), low, high)
    return np.unique(np.concatenate([even, step]))


def softmax_curves(
    z: ArrayLike, class_index: int, temperature: float, names: Sequence[str], dark: bool = False,
    span: tuple[float, float] = SPAN,
) -> go.Figure:  # fmt: skip
    r"""Draw every probability p_j as a function of one logit z_k, the others held, with tangents.

    Each curve carries the current point and a piece of the tangent there, whose slope is

    .. math:: dp_j / dz_k = p_j ((j = k) - p_k) / T.

    Per class j one trace with ``meta`` {"kind": "curve", "class": j}, one of kind "tangent" and one of
    kind "point", whose customdata is the slope.

    Parameters
    ----------
    z : array_like, shape (K,)
        Current logits in nats; finite.
    class_index : int
        k, the logit that varies along the horizontal axis.
    temperature : float
        T > 0; probabilities are softmax(z / T).
    span : (float, float)
        Range of z_k to show. If the current z_k is outside it, a window of the same width around z_k; if
        \|z_k\| exceeds a million, the axis shows the distance from z_k instead of z_k.
    """
    logits, t = finite_vector(z, "z"), positive_temperature(temperature)
    labels = [style.as_text(name) for name in names_for(names, logits.size)]
    if not 0 <= class_index < logits.size:
        raise ValueError(f"class_index must be in 0..{logits.size - 1}, got {class_index}")
    cut = _cut(logits, class_index, t, span)
    fig = style.figure(dark)
    _add_curves(fig, cut, labels, class_index)
    _add_tangents(fig, cut, dark)
    _add_points(fig, cut, labels, class_index, dark)
    _probability_axes(fig, cut.origin, cut.window, dark)
    fig.update_xaxes(title_text=cut.title)
    return style.steady(fig)


@dataclass(frozen=True)
class _Cut:
    """The numbers of one picture: a cut through softmax along one logit."""

    origin: float  # where on the axis the current logit stands
    window: tuple[float, float]
    title: str
    x: Floats
    curves: Floats
    p: Floats
    slopes: Floats


def _cut(logits: Floats, k: int, temperature: float, span: tuple[float, float]) -> _Cut:
    with np.errstate(over="ignore"):
        # softmax does not feel a common shift, so z_k may be 0: exact even where z_k + 1 == z_k.
        rest = np.clip(logits - logits[k], -LARGEST_DRAWN, LARGEST_DRAWN)
    here, subscript = float(logits[k]), f"z<sub>{k + 1}</sub>"
    relative = abs(here) > LARGEST_LABEL
    origin = 0.0 if relative else here
    window = _window(span, origin)
    x = logistic_grid(*window, _turning_point(rest, k, temperature) + origin, temperature)
    moved = np.tile(rest, (x.size, 1))
    moved[:, k] = x - origin
    p = np.asarray(softmax(rest, temperature=temperature), dtype=np.float64)
    return _Cut(
        origin=origin, window=window, title=f"{subscript} − ({here:.6g})" if relative else subscript, x=x,
        curves=np.asarray(softmax(moved, temperature=temperature), dtype=np.float64), p=p,
        slopes=p * ((np.arange(p.size) == k) - p[k]) / temperature,
    )  # fmt: skip


def _window(span: tuple[float, float], origin: float) -> tuple[float, float]:
    low, high = span
    if not (np.isfinite(span).all() and low < high):
        raise ValueError(f"span must be two finite increasing numbers, got {span}")
    if low <= origin <= high:
        return float(low), float(high)
    half = (high - low) / 2
    return origin - half, origin + half


def _turning_point(rest: Floats, class_index: int, temperature: float) -> float:
    """Return the z_k, counted from the current one, where p_k = 1/2: T times the others' log-sum-exp."""
    others = np.delete(rest, class_index)
    if others.size == 0:
        return 0.0
    top = others.max()
    with np.errstate(over="ignore"):
        return float(top + temperature * np.log(np.exp((others - top) / temperature).sum()))


def _add_curves(fig: go.Figure, cut: _Cut, labels: list[str], k: int) -> None:
    for j, label in enumerate(labels):
        fig.add_scatter(
            x=cut.x, y=cut.curves[:, j], mode="lines", name=label, hoverinfo="skip", showlegend=False,
            line={"color": style.class_color(j), "width": 3.2 if j == k else 1.8},
            meta={"kind": "curve", "class": j}, legendgroup=str(j),
        )  # fmt: skip


def _add_tangents(fig: go.Figure, cut: _Cut, dark: bool) -> None:
    """Add all tangents as one trace with gaps: Plotly's work at an update grows with the number of traces."""
    width = cut.window[1] - cut.window[0]
    # The same length on the screen for every slope, so that a steep one does not leave the plot.
    reach = TANGENT_LENGTH / np.hypot(1.0 / width, cut.slopes)
    ends = reach[:, np.newaxis] * np.array([-1.0, 0.0, 1.0, np.nan])
    fig.add_scatter(
        x=(cut.origin + ends).ravel(), y=(cut.p[:, np.newaxis] + cut.slopes[:, np.newaxis] * ends).ravel(),
        mode="lines", hoverinfo="skip", showlegend=False, line={"color": style.ink(dark).text, "width": 1.4},
        meta={"kind": "tangents"},
    )  # fmt: skip


def _add_points(fig: go.Figure, cut: _Cut, labels: list[str], k: int, dark: bool) -> None:
    # The moving class first and larger: where two points coincide both are seen.
    for j in sorted(range(len(labels)), key=lambda j: j != k):
        label = labels[j]
        fig.add_scatter(
            x=[cut.origin], y=[cut.p[j]], customdata=[cut.slopes[j]], mode="markers", name=label,
            marker=style.class_point(j, dark, size=15 if j == k else 10), legendrank=j + 1,
            meta={"kind": "point", "class": j}, legendgroup=str(j),
            hovertemplate=(
                f"{label}<br>p<sub>{j + 1}</sub> = %{{y:.6~g}}<br>"
                f"∂p<sub>{j + 1}</sub>/∂z<sub>{k + 1}</sub> = %{{customdata:.6~g}}<extra></extra>"
            ),
        )  # fmt: skip


def _probability_axes(fig: go.Figure, x: float, window: tuple[float, float], dark: bool) -> None:
    line = {"color": style.ink(dark).muted, "width": 1, "dash": "dot"}
    fig.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, yref="paper", line=line, layer="below")
    fig.update_xaxes(range=list(window))
    fig.update_yaxes(title_text="p<sub>j</sub>", range=Y_RANGE, dtick=0.25, tickformat=".2~f")


def sigmoid_curve(
    z: ArrayLike, names: Sequence[str], dark: bool = False, temperature: float = 1.0
) -> go.Figure:
    """Draw the softmax of two classes as the logistic function of the difference of their logits.

    p_1 = sigmoid((z_1 - z_2) / T), p_2 = 1 - p_1 = sigmoid((z_2 - z_1) / T).

    Per class one trace with ``meta`` kind "curve", then one of kind "point". A difference beyond 1e300 is
    drawn at 1e300, where p_1 is the same.

    Parameters
    ----------
    z : array_like, shape (2,)
        Logits in nats; finite.
    temperature : float
        T > 0.
    """
    logits, t = finite_vector(z, "z"), positive_temperature(temperature)
    if logits.size != 2:
        raise ValueError(f"z must have two entries, got {logits.size}")
    labels = [style.as_text(name) for name in names_for(names, 2)]
    with np.errstate(over="ignore"):
        difference = float(np.clip(logits[0] - logits[1], -LARGEST_DRAWN, LARGEST_DRAWN))
    half = SPAN[1] if abs(difference) <= SPAN[1] else 1.15 * abs(difference)
    fig = style.figure(dark)
    _add_sigmoids(fig, logistic_grid(-half, half, 0.0, t), difference, t, labels, dark)
    _probability_axes(fig, difference, (-half, half), dark)
    fig.update_xaxes(title_text="z<sub>1</sub> − z<sub>2</sub>")
    return style.steady(fig, legend=True)


def _add_sigmoids(
    fig: go.Figure, x: Floats, here: float, temperature: float, labels: list[str], dark: bool
) -> None:
    for j, label in enumerate(labels):
        fig.add_scatter(
            x=x, y=_logistic(-x if j else x, temperature), mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": style.class_color(j), "width": 1.8 if j else 3.2}, name=label,
            meta={"kind": "curve", "class": j},
        )  # fmt: skip
    for j, label in enumerate(labels):
        fig.add_scatter(
            x=[here], y=_logistic(np.array([-here if j else here]), temperature), mode="markers",
            name=f"{label}: {_sigma(j, temperature)}", marker=style.class_point(j, dark),
            hovertemplate=f"{label}<br>p<sub>{j + 1}</sub> = %{{y:.6~g}}<extra></extra>",
            meta={"kind": "point", "class": j},
        )  # fmt: skip


def _sigma(j: int, temperature: float) -> str:
    difference = f"z<sub>{j + 1}</sub> − z<sub>{2 - j}</sub>"
    return f"σ({difference})" if temperature == 1.0 else f"σ(({difference}) / {temperature:g})"


def _logistic(x: Floats, temperature: float) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(sigmoid(x / temperature), dtype=np.float64)
