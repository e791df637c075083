"""Figures of one distribution as a function of its logits: softmax curves and their K = 2 case."""

from collections.abc import Sequence

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
    z: ArrayLike, class_index: int, temperature: float, names: Sequence[str], dark: bool = False
) -> go.Figure:
    r"""Draw every probability p_j as a function of one logit z_k, the others fixed, with tangents.

    Each curve carries the current point and a piece of the tangent there, whose slope is

    .. math:: dp_j / dz_k = p_j ((j = k) - p_k) / T.

    Per class j one trace of kind "curve" and one of kind "point", whose customdata is the slope; all "tangents"
    are one trace with gaps, because Plotly's work at an update grows with the number of traces.

    Parameters
    ----------
    z : array_like, shape (K,)
        Current logits in nats; finite. If z_k is outside the board's range, the axis shows a window of the same
        width around it; if \|z_k\| exceeds a million, the distance from z_k instead of z_k.
    class_index : int
        k, the logit that varies along the horizontal axis.
    temperature : float
        T > 0; probabilities are softmax(z / T).
    """
    logits, t, k = finite_vector(z, "z"), positive_temperature(temperature), class_index
    labels = [style.as_text(name) for name in names_for(names, logits.size)]
    if not 0 <= k < logits.size:
        raise ValueError(f"class_index must be in 0..{logits.size - 1}, got {k}")
    with np.errstate(over="ignore"):
        # softmax does not feel a common shift, so z_k may be 0: exact even where z_k + 1 == z_k.
        rest = np.clip(logits - logits[k], -LARGEST_DRAWN, LARGEST_DRAWN)
    z_k, title = float(logits[k]), f"z<sub>{k + 1}</sub>"
    if abs(z_k) > LARGEST_LABEL:
        title, z_k = f"{title} − ({z_k:.6g})", 0.0
    low, high = SPAN if SPAN[0] <= z_k <= SPAN[1] else (z_k + SPAN[0], z_k + SPAN[1])
    x = logistic_grid(low, high, _turning_point(rest, k, t) + z_k, t)
    moved = np.tile(rest, (x.size, 1))
    moved[:, k] = x - z_k
    curves = np.asarray(softmax(moved, temperature=t), dtype=np.float64)
    p = np.asarray(softmax(rest, temperature=t), dtype=np.float64)
    slopes = p * ((np.arange(p.size) == k) - p[k]) / t
    fig = style.figure(dark)
    for j, label in enumerate(labels):
        fig.add_scatter(
            x=x, y=curves[:, j], mode="lines", name=label, hoverinfo="skip", showlegend=False,
            line={"color": style.class_color(j), "width": 3.2 if j == k else 1.8},
            meta={"kind": "curve", "class": j}, legendgroup=str(j),
        )  # fmt: skip
    # The same length on the screen for every slope, so that a steep tangent does not leave the plot.
    reach = TANGENT_LENGTH / np.hypot(1.0 / (high - low), slopes)
    ends = reach[:, np.newaxis] * np.array([-1.0, 0.0, 1.0, np.nan])
    fig.add_scatter(
        x=(z_k + ends).ravel(), y=(p[:, np.newaxis] + slopes[:, np.newaxis] * ends).ravel(),
        mode="lines", hoverinfo="skip", showlegend=False, line={"color": style.ink(dark).text, "width": 1.4},
        meta={"kind": "tangents"},
    )  # fmt: skip
    # The moving class first and larger: where two points coincide both are seen.
    for j in sorted(range(len(labels)), key=lambda j: j != k):
        fig.add_scatter(
            x=[z_k], y=[p[j]], customdata=[slopes[j]], mode="markers", name=labels[j],
            marker=style.class_point(j, dark, size=15 if j == k else 10), legendrank=j + 1,
            meta={"kind": "point", "class": j}, legendgroup=str(j),
            hovertemplate=(
                f"{labels[j]}<br>p<sub>{j + 1}</sub> = %{{y:.6~g}}<br>"
                f"∂p<sub>{j + 1}</sub>/∂z<sub>{k + 1}</sub> = %{{customdata:.6~g}}<extra></extra>"
            ),
        )  # fmt: skip
    _probability_axes(fig, z_k, (low, high), title, dark)
    return style.steady(fig)


def _turning_point(rest: Floats, class_index: int, temperature: float) -> float:
    """Return the z_k, counted from the current one, where p_k = 1/2: T times the others' log-sum-exp."""
    others = np.delete(rest, class_index)
    if others.size == 0:
        return 0.0
    top = others.max()
    with np.errstate(over="ignore"):
        return float(top + temperature * np.log(np.exp((others - top) / temperature).sum()))


def _probability_axes(fig: go.Figure, x: float, window: tuple[float, float], title: str, dark: bool) -> None:
    line = {"color": style.ink(dark).muted, "width": 1, "dash": "dot"}
    fig.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, yref="paper", line=line, layer="below")
    fig.update_xaxes(range=list(window), title_text=title)
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
    x = logistic_grid(-half, half, 0.0, t)
    for j, label in enumerate(labels):
        fig.add_scatter(
            x=x, y=_logistic(-x if j else x, t), mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": style.class_color(j), "width": 1.8 if j else 3.2}, name=label,
            meta={"kind": "curve", "class": j},
        )  # fmt: skip
    for j, label in enumerate(labels):
        gap = f"z<sub>{j + 1}</sub> − z<sub>{2 - j}</sub>"
        sigma = f"σ({gap})" if t == 1.0 else f"σ(({gap}) / {t:g})"
        fig.add_scatter(
            x=[difference], y=_logistic(np.array([-difference if j else difference]), t), mode="markers",
            name=f"{label}: {sigma}", marker=style.class_point(j, dark),
            hovertemplate=f"{label}<br>p<sub>{j + 1}</sub> = %{{y:.6~g}}<extra></extra>",
            meta={"kind": "point", "class": j},
        )  # fmt: skip
    _probability_axes(fig, difference, (-half, half), "z<sub>1</sub> − z<sub>2</sub>", dark)
    return style.steady(fig, legend=True)


def _logistic(x: Floats, temperature: float) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(sigmoid(x / temperature), dtype=np.float64)
