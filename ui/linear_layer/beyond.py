"""Beyond the course: a layer with fewer weights, and why a minibatch is one product."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st

from charts.layers import parameter_bars, timing_lines
from charts.style import diverging_color
from instruments.grey_picture import GreyState
from locales import _, joined
from softmax_core.layers import Timing, kronecker_layer, kronecker_sum, parameter_count, time_both
from softmax_core.validation import Float64Array
from ui import escape
from ui.frame import frame, sharing
from ui.widgets import controls
from ui.widgets.formulas import where
from ui.widgets.show import chart, is_dark, number, picture

SIZES = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
MOST_TERMS = 16
SAMPLES = (1, 4, 16, 64, 256, 1024, 4096)
# So small that the matrix library starts no threads: on a busy server they would wait for each other.
SPEED_INPUTS = [4, 8, 16, 32]
SETTINGS = ("beyond", "d", "q", "terms", "speed_d")
_SIDE = 132.0  # of the longer side of the dense matrix in the drawing of a sum of Kronecker products
_MOST_CELLS = 400
_DRAWN = 2  # of the products


def claim() -> None:
    """Name the parameters of this part, which is folded at first, and let older links unfold it."""
    sharing.claim(*(f"linear_layer_{name}" for name in SETTINGS))
    parts = ("cost", "speed")
    sharing.moved("linear_layer_panel", {part: {"linear_layer_panel": "beyond", "linear_layer_beyond": part} for part in parts})  # fmt: skip


def beyond(state: GreyState) -> None:
    """Show one of the two parts that the course does not need."""
    parts = {"cost": (_("Fewer parameters"), cost), "speed": (_("Loop or matrix product"), speed)}
    controls.panel("linear_layer_beyond", _("Beyond the course (optional)"), parts)(state)


@lru_cache(maxsize=32)
def _factored(d: int, q: int, n: int, dark: bool) -> tuple[float, str]:
    """Draw factors A and S and build the dense H from them; return how far the outputs of both differ, and a picture."""
    rng = np.random.default_rng([d, q, n])
    A, S = rng.standard_normal((n, n, n)), rng.standard_normal((n, d // n, q // n))
    H, X = kronecker_sum(A, S), rng.standard_normal((5, d))
    return float(np.abs(X @ H - kronecker_layer(X, A, S)).max()), _kronecker(A, S, H, dark)


def cost(state: GreyState) -> None:
    """Show what a dense layer costs, and a sum of Kronecker products in its place."""
    with frame.aside():
        d = int(controls.select_slider("linear_layer_d", _("Inputs d"), SIZES, 16, format_func=_whole))
        q = int(controls.select_slider("linear_layer_q", _("Outputs q"), SIZES, 12, format_func=_whole))
        terms = [n for n in range(1, MOST_TERMS + 1) if d % n == 0 and q % n == 0]
        n = int(
            controls.select_slider(
                "linear_layer_terms", _("Products n"), terms, 2 if 2 in terms else 1, format_func=_whole
            )
        )
    dense = parameter_count(d, q)
    counts = {m: parameter_count(d, q, m) for m in terms}
    with frame.aside():
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
            difference, drawing = _factored(d, q, n, is_dark())
            title = escape.html(_("A sum of Kronecker products and the dense matrix that it makes"))
            picture(f'<div class="lab-table">{drawing.replace("TITLE", title, 1)}</div>')
            with frame.aside():
                st.caption(
                    joined(
                        _("Five random inputs went through the factors and through the dense matrix: the outputs differ by at most {difference}.").format(
                            difference=f"{difference:.1e}"
                        ),
                        _("Each of the {n} × {n} blocks is a mixture of the same {n} matrices S, so only special dense matrices can be written so: that is the price.").format(n=n)
                        if n**3 < dense
                        else _("Here the matrices A alone have as many weights as the dense layer: nothing is saved."),
                    )
                )  # fmt: skip
    with right:
        chart(
            parameter_bars(counts, n, is_dark()),
            key="linear_layer_cost",
            alt=_("Weights for each number of products"),
        )
    with frame.aside():
        st.markdown(
            _("A fully connected layer has a weight for each of its d inputs and each of its q outputs: **O(d q)**. A sum of n Kronecker products needs n³ + d q / n. In a wide layer n³ is small beside the rest, so that is **O(d q / n)**: about one n-th of the memory and of what is to be learned. In a small layer n³ counts: there a larger n can need more weights again. One wants few weights where layers are wide, as in language models and on phones.")
        )  # fmt: skip
        where("d", "q", "products")


def _kronecker(A: Float64Array, S: Float64Array, H: Float64Array, dark: bool) -> str:
    """Return ``A`` (n, n, n), ``S`` (n, d/n, q/n) and their sum ``H`` (d, q) as SVG, coloured by their entries where they fit."""
    n, (d, q) = len(A), H.shape
    scale = _SIDE / max(d, q)
    parts, x = [], 4.0

    def sign(text: str, step: float) -> None:
        nonlocal x
        parts.append(f'<text x="{x:.0f}" y="86" class="sign">{text}</text>')
        x += step

    def matrix(
        values: Float64Array, width: float, height: float, text: str, step: float, blocks: int = 1
    ) -> None:
        nonlocal x
        below = f'<text x="{x + width / 2:.1f}" y="{80 + height / 2 + 18:.1f}" class="head">{text}</text>'
        parts.append(_cells(values, x, width, height, dark) + _blocks(blocks, x, width, height) + below)
        x += step

    for i in range(min(n, _DRAWN)):
        if i:
            sign("+", 26)
        low = "₁₂"[i]
        matrix(A[i], 52, 52, f"A{low}  {n} × {n}", 58)
        sign("⊗", 24)
        width, height = max(30.0, q / n * scale), max(30.0, d / n * scale)
        matrix(S[i], width, height, f"S{low}  {d // n} × {q // n}", max(width, 64) + 8)
    if n > _DRAWN:
        sign("+ …", 50)
    sign("=", 34)
    width, height = max(24.0, q * scale), max(24.0, d * scale)
    matrix(H, width, height, f"{d} × {q}", max(width, 70) + 8, n)
    size = f'viewBox="0 0 {x:.0f} 190" width="{x:.0f}"'
    return f'<svg class="lab-kronecker" {size} role="img" aria-label="TITLE">{"".join(parts)}</svg>'


def _cells(values: Float64Array, x: float, width: float, height: float, dark: bool) -> str:
    rows, columns = values.shape
    top = 80 - height / 2
    frame = f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" class="frame"/>'
    if values.size > _MOST_CELLS:
        return frame
    limit = max(float(np.abs(values).max()), 1e-12)
    dx, dy = width / columns, height / rows
    cells = "".join(
        f'<rect x="{x + c * dx:.1f}" y="{top + r * dy:.1f}" width="{dx:.1f}" height="{dy:.1f}" '
        f'fill="{diverging_color(float(values[r, c]), limit, dark)}"/>'
        for r in range(rows)
        for c in range(columns)
    )
    return cells + frame


def _blocks(n: int, x: float, width: float, height: float) -> str:
    """The lines between the n times n blocks, each a mixture of the S."""
    top = 80 - height / 2
    return "".join(
        f'<line x1="{x + i * width / n:.1f}" x2="{x + i * width / n:.1f}" y1="{top:.1f}" y2="{top + height:.1f}"/>'
        f'<line x1="{x:.1f}" x2="{x + width:.1f}" y1="{top + i * height / n:.1f}" y2="{top + i * height / n:.1f}"/>'
        for i in range(1, n)
    )


def speed(state: GreyState) -> None:
    """Measure the time of a loop over the samples and of one matrix product, on this server."""
    d = int(
        controls.select_slider("linear_layer_speed_d", _("Inputs d"), SPEED_INPUTS, 4, format_func=_whole)
    )
    q = 3
    timings: dict[int, Timing] = st.session_state.setdefault("linear_layer_times", {})
    if st.button(_("Measure now"), key="linear_layer_measure", icon=":material/timer:"):
        timings[d] = time_both(SAMPLES, d, q)
    timing = timings.get(d)
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
