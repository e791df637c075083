"""The Jacobian of softmax as a table of numbers on a signed colour scale."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from charts import style
from charts.checks import Floats, names_for, square
from charts.curves import HEIGHT
from charts.figure import Figure
from softmax_core.numbers_text import share_text

# p (1 - p) is never more at temperature 1: equal colours mean equal numbers between drags.
LARGEST_ENTRY = 0.25
NAME_ROOM = 45  # columns of text that all class names together may take on a narrow screen


def jacobian_heatmap(J: ArrayLike, names: Sequence[str], dark: bool = False) -> Figure:
    """Show J[i, j] = dp_i / dz_j as a heat map with the numbers in its cells.

    Row i is the probability that answers, column j the logit that moves; row 1 is on top, as in a matrix. The
    colours are centred on 0 and reach to 0.25, or to the largest magnitude if that is more (temperature < 1).

    A heat map with ``meta`` kind "cells", whose ``z`` is J unrounded, and a trace of kind "numbers" whose
    ``text`` is what stands in the cells, row by row.

    Parameters
    ----------
    J : array_like, shape (K, K)
        Jacobian, per nat; finite.
    """
    matrix = square(J, "J")
    n_classes, given = len(matrix), names_for(names, len(matrix))
    limit = max(LARGEST_ENTRY, float(np.abs(matrix).max()))
    texts = [style.as_text(name) for name in given]
    fig = style.figure(dark, HEIGHT)
    fig.add_heatmap(
        z=matrix, customdata=[[[row, column] for column in texts] for row in texts], meta={"kind": "cells"},
        hovertemplate="∂p/∂z = %{z:.6~g}<br>p: %{customdata[0]}<br>z: %{customdata[1]}<extra></extra>",
        zmin=-limit, zmax=limit, colorscale=style.diverging(dark), showscale=False, xgap=1, ygap=1,
    )  # fmt: skip
    _add_numbers(fig, matrix, limit, dark)
    ticks = style.class_ticks(given, max(4, min(14, NAME_ROOM // n_classes)))
    ticks |= {"showgrid": False, "tickangle": 0, "tickfont": {"size": 12 if n_classes <= 6 else 10}}
    fig.update_xaxes(**ticks, range=[-0.5, n_classes - 0.5], side="top", title_text="∂z<sub>j</sub>")
    fig.update_yaxes(**ticks, range=[n_classes - 0.5, -0.5], title_text="∂p<sub>i</sub>")
    return fig


def _add_numbers(fig: Figure, matrix: Floats, limit: float, dark: bool) -> None:
    """Write every cell in black or white by contrast; a heat map's own text is too grey on mid tones."""
    rows, columns = np.indices(matrix.shape)
    colors = [style.text_on(style.diverging_color(float(v), limit, dark)) for v in matrix.flat]
    fig.add_scatter(
        x=columns.ravel(), y=rows.ravel(), text=[_cell_text(float(v), len(matrix) > 6) for v in matrix.flat], mode="text", showlegend=False,
        textfont={"size": 14 if len(matrix) <= 4 else 12 if len(matrix) <= 6 else 10, "color": colors}, hoverinfo="skip",
        meta={"kind": "numbers"},
    )  # fmt: skip


def _cell_text(value: float, tight: bool) -> str:
    """Round for a cell: "0" is a true zero, and no leading zero stands where room is scarce."""
    if value == 0:
        return "0"
    text = share_text(value, 2 if tight else 3)
    return text.replace("0.", ".") if tight else text
