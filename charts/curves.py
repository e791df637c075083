"""The softmax of two classes as a function of the difference of their logits."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import Floats, finite_vector, names_for, positive_temperature
from charts.figure import Figure
from locales import _
from softmax_core.functional import sigmoid

SPAN = (-10.0, 10.0)  # the logit board's default range: the picture stands still while a point moves on it
GRID_POINTS = 81
# Plotly drops numbers beyond Number.MAX_VALUE * 1e-4; so large a difference changes no probability.
LARGEST_DRAWN = 1e300
Y_RANGE = [-0.04, 1.04]
HEIGHT = 212  # so that it is seen together with the board


def _grid(half: float, temperature: float) -> Floats:
    """Return sorted points from -half to half, dense where the logistic step of this temperature turns."""
    even = np.linspace(-half, half, GRID_POINTS)
    step = np.clip(temperature * np.linspace(-9.0, 9.0, 61), -half, half)
    return np.unique(np.concatenate([even, step]))


def sigmoid_curve(z: ArrayLike, names: Sequence[str], dark: bool = False, temperature: float = 1.0) -> Figure:
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
    fig = style.figure(dark, HEIGHT)
    x = _grid(half, t)
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
            name=_("{name}: {formula}").format(name=label, formula=sigma), marker=style.class_point(j, dark),
            hovertemplate=f"{label}<br>p<sub>{j + 1}</sub> = %{{y:.6~g}}<extra></extra>",
            meta={"kind": "point", "class": j},
        )  # fmt: skip
    fig.add_shape(
        type="line", x0=difference, x1=difference, y0=0, y1=1, yref="paper", layer="below",
        line={"color": style.ink(dark).muted, "width": 1, "dash": "dot"},
    )  # fmt: skip
    fig.update_xaxes(range=[-half, half], title_text="z<sub>1</sub> − z<sub>2</sub>")
    fig.update_yaxes(title_text="p<sub>j</sub>", range=Y_RANGE, dtick=0.25, tickformat=".2~f")
    return style.steady(fig, legend=True)


def _logistic(x: Floats, temperature: float) -> Floats:
    with np.errstate(over="ignore"):
        return np.asarray(sigmoid(x / temperature), dtype=np.float64)
