"""The panels of the Linear layer page; all use the weights that the learner has set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from charts.layers import parameter_bars, plane_of_greys, timing_lines
from instruments.grey_picture import GreyState
from locales import _
from softmax_core.geometry import region_polygons
from softmax_core.layers import (
    Timing,
    grey_pictures,
    kronecker_layer,
    kronecker_sum,
    parameter_count,
    time_both,
)
from softmax_core.validation import Float64Array
from ui.glossary import glossary
from ui.linear_layer import matrices
from ui.linear_layer.kronecker_picture import kronecker_picture
from ui.slips.links import slip_link
from ui.widgets import controls
from ui.widgets.formulas import of_class, signed, tex, where
from ui.widgets.grey_picture import pixel_names, species
from ui.widgets.show import chart, is_dark, live_chart, number

SIZES = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
MOST_TERMS = 16
SAMPLES = (1, 4, 16, 64, 256, 1024, 4096)
# Small enough that the matrix library starts no threads, which wait for each other on a busy server.
SPEED_INPUTS = [4, 8, 16, 32]


def batch(state: GreyState) -> None:
    """Show a minibatch as matrices, one cell of O with the row and the column that make it."""
    row = st.columns([2, 2, 2, 3])
    with row[0]:
        n = controls.slider("linear_layer_n", _("Pictures n"), 2, 8, 6, 1)
    with row[1]:
        seed = controls.number("linear_layer_batch_seed", _("Draw"), 0, 9999, 0, 1)
    with row[2]:
        i = controls.slider("linear_layer_row", _("Row of O"), 1, n, 1, 1) - 1
    names = species()
    with row[3]:
        k = int(
            controls.segmented(
                "linear_layer_column", _("Column of O"), {str(c): name for c, name in enumerate(names)}, "0"
            )
        )
    X, y = grey_pictures(n, seed)
    W, b = np.array(state.rows), np.array(state.b)
    matrices.minibatch(X, W, b, y, (i, k), names)
    sum_text = " + ".join(
        rf"{tex(float(x), 2)}\cdot {of_class(k, signed(float(w), 2))}"
        for x, w in zip(X[i], W[:, k], strict=True)
    )
    total = of_class(k, tex(float(X[i] @ W[:, k] + b[k])))
    st.markdown(
        rf"$\displaystyle o_{{{i + 1},{k + 1}}} = \sum_j x_j\,W_{{j,{k + 1}}} + {of_class(k, f'b_{{{k + 1}}}')} = {sum_text} + {of_class(k, signed(float(b[k]), 2))} = {total}$"
    )
    st.caption(
        _("Every cell of O is one row of X times one column of W. b has one row only: it is added to each of the {n} rows, which is called {broadcasting}. The accuracy is the share of rows whose largest p stands at the true class.").format(n=n, broadcasting=glossary.term("broadcasting"))
    )  # fmt: skip
    where("o", "pixel_j", "Wjk", "b", names=names)
    slip_link("number")


def boundary(state: GreyState) -> None:
    """Show where each class wins when two of the pixels change."""
    places = {str(i): name for i, name in enumerate(pixel_names())}
    left, right = st.columns([3, 2])
    with right:
        across = controls.choice("linear_layer_across", _("Across"), places, "0")
        others = {code: name for code, name in places.items() if code != across}
        up = controls.choice("linear_layer_up", _("Up"), others, "1" if across != "1" else "0")
    axes = [int(across), int(up)]
    x, W, b = np.array(state.x), np.array(state.rows), np.array(state.b)
    rest = [i for i in range(len(x)) if i not in axes]
    offset = b + x[rest] @ W[rest]
    names = species()
    with left:
        live_chart(
            plane_of_greys(region_polygons(W[axes], offset, (0.0, 1.0, 0.0, 1.0)), x[axes], names, [places[across], places[up]], is_dark()),
            key="linear_layer_plane", alt=_("Which class wins for every grey of two pixels"),
        )  # fmt: skip
    order = np.argsort(-(x @ W + b), kind="stable")
    first, second = int(order[0]), int(order[1])
    gap = W[axes, first] - W[axes, second]
    with right:
        st.markdown(
            _("Between **{first}** and **{second}** the boundary is where both logits are equal:").format(
                first=names[first], second=names[second]
            )
        )
        st.markdown(
            rf"${of_class(first, f'o_{{{first + 1}}}')} - {of_class(second, f'o_{{{second + 1}}}')} = {tex(float(gap[0]), 2)}\,x_{{{axes[0] + 1}}} + {signed(float(gap[1]), 2)}\,x_{{{axes[1] + 1}}} + {signed(float(offset[first] - offset[second]), 2)} = 0$"
        )
        st.caption(
            _("An equation of the first degree: a straight line, whatever the weights are. Softmax is not linear, but it keeps the order of the logits, so it bends nothing. The other two pixels stay as they are painted and only shift the lines.")
        )  # fmt: skip
    where("o1", "x", names=names)


@dataclass(frozen=True)
class _Factored:
    A: Float64Array
    S: Float64Array
    H: Float64Array
    difference: float


@st.cache_resource(max_entries=32, show_spinner=False)
def _factored(d: int, q: int, n: int) -> _Factored:
    """Draw factors, build the dense matrix from them, and send a minibatch through both."""
    rng = np.random.default_rng([d, q, n])
    A, S = rng.standard_normal((n, n, n)), rng.standard_normal((n, d // n, q // n))
    H, X = kronecker_sum(A, S), rng.standard_normal((5, d))
    return _Factored(A, S, H, float(np.abs(X @ H - kronecker_layer(X, A, S)).max()))


def cost(state: GreyState) -> None:
    """Show what a dense layer costs, and a sum of Kronecker products in its place."""
    row = st.columns(3)
    with row[0]:
        d = int(controls.select_slider("linear_layer_d", _("Inputs d"), SIZES, 16, format_func=_whole))
    with row[1]:
        q = int(controls.select_slider("linear_layer_q", _("Outputs q"), SIZES, 12, format_func=_whole))
    terms = [n for n in range(1, MOST_TERMS + 1) if d % n == 0 and q % n == 0]
    with row[2]:
        n = int(
            controls.select_slider(
                "linear_layer_terms", _("Products n"), terms, 2 if 2 in terms else 1, format_func=_whole
            )
        )
    dense = parameter_count(d, q)
    counts = {m: parameter_count(d, q, m) for m in terms}
    st.markdown(
        rf"$d\,q = {d}\cdot {q} = {dense}$" if n == 1 else
        rf"$n^3 + \dfrac{{d\,q}}{{n}} = {n**3} + \dfrac{{{d}\cdot {q}}}{{{n}}} = {counts[n]}$ $\quad$ {_('instead of')} $\quad$ $d\,q = {dense}$"
    )  # fmt: skip
    left, right = st.columns([3, 2])
    with left:
        if n == 1:
            st.caption(
                _("The dense layer: every input has its own weight to every output. Choose n above 1.")
            )
        else:
            made = _factored(d, q, n)
            kronecker_picture(made.A, made.S, made.H, is_dark())
            st.caption(
                _("Five random inputs went through the factors and through the dense matrix: the outputs differ by at most {difference}.").format(
                    difference=f"{made.difference:.1e}"
                )
                + " "
                + (
                    _("Each of the {n} × {n} blocks is a mixture of the same {n} matrices S, so only special dense matrices can be written so: that is the price.").format(n=n)
                    if n**3 < dense
                    else _("Here the matrices A alone have as many weights as the dense layer: nothing is saved.")
                )
            )  # fmt: skip
    with right:
        chart(
            parameter_bars(counts, n, is_dark()),
            key="linear_layer_cost",
            alt=_("Weights for each number of products"),
        )
    where("d", "q", "products")


def speed(state: GreyState) -> None:
    """Measure the time of a loop over the samples and of one matrix product, on this server."""
    d = int(
        controls.select_slider("linear_layer_speed_d", _("Inputs d"), SPEED_INPUTS, 4, format_func=_whole)
    )
    q = 3
    kept: dict[int, Timing] = st.session_state.setdefault("linear_layer_times", {})
    if st.button(_("Measure now"), key="linear_layer_measure", icon=":material/timer:"):
        kept[d] = time_both(SAMPLES, d, q)
    timing = kept.get(d)
    if timing is None:
        st.markdown(
            _(
                "A guess first: how many times faster is one product of {n} rows than {n} products of one row? Then measure it on this server."
            ).format(n=SAMPLES[-1])
        )
        return
    chart(
        timing_lines(timing.sizes, {_("loop over the samples"): timing.loop, _("one matrix product"): timing.product}, is_dark()),
        key="linear_layer_speed", alt=_("Time of a loop and of a matrix product against the number of samples"),
    )  # fmt: skip
    st.markdown(
        _("For n = {n} the product took {product} µs and the loop {loop} µs, **{times} times** as long. The logits differ by at most {difference}.").format(
            n=timing.sizes[-1], product=_whole(1e6 * timing.product[-1]), loop=_whole(1e6 * timing.loop[-1]),
            times=number(timing.loop[-1] / timing.product[-1], 1), difference=f"{timing.difference:.0e}",
        )
    )  # fmt: skip
    st.caption(
        _(
            "Measured just now on the server, the least of three times each. The arithmetic is the same; what the loop adds is a call of Python and NumPy for every single row."
        )
    )


def _whole(x: float) -> str:
    return f"{x:,.0f}"
