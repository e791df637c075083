"""The panels of the Linear layer page; all use the weights that the learner has set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from charts.layers import parameter_bars, plane_of_greys, timing_lines
from charts.style import CLASS_COLORS, diverging_color
from instruments.grey_picture import GreyState
from locales import _
from softmax_core.functional import softmax
from softmax_core.geometry import region_polygons
from softmax_core.layers import (
    Timing,
    grey_pictures,
    kronecker_layer,
    kronecker_sum,
    parameter_count,
    time_both,
)
from softmax_core.metrics import accuracy
from softmax_core.validation import Float64Array, IntArray
from ui import escape
from ui.glossary import glossary
from ui.slips.links import slip_link
from ui.widgets import controls
from ui.widgets.formulas import letter, of_class, signed, tex, where
from ui.widgets.grey_picture import pixel_names, species
from ui.widgets.show import chart, is_dark, live_chart, number, picture

SIZES = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
MOST_TERMS = 16
SAMPLES = (1, 4, 16, 64, 256, 1024, 4096)
# So small that the matrix library starts no threads: on a busy server they would wait for each other.
SPEED_INPUTS = [4, 8, 16, 32]
_SIDE = 132.0  # of the longer side of the dense matrix in the drawing of a sum of Kronecker products
_MOST_CELLS = 400
_DRAWN = 2  # of the products

Cell = tuple[int, int]


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
    _minibatch(X, W, b, y, (i, k), names)
    sum_text = " + ".join(
        rf"{tex(float(x), 2)}\cdot {of_class(k, signed(float(w), 2))}"
        for x, w in zip(X[i], W[:, k], strict=True)
    )
    total = of_class(k, tex(float(X[i] @ W[:, k] + b[k])))
    st.markdown(
        rf"$\displaystyle o_{{{i + 1},{k + 1}}} = \sum_j x_j\,W_{{j,{k + 1}}} + {letter('b', k)} = {sum_text} + {of_class(k, signed(float(b[k]), 2))} = {total}$"
    )
    st.caption(
        _("Every cell of O is one row of X times one column of W. b has one row only: it is added to each of the {n} rows, which is called {broadcasting}. The accuracy is the share of rows whose largest p stands at the true class.").format(n=n, broadcasting=glossary.term("broadcasting"))
    )  # fmt: skip
    where("o", "pixel_j", "Wjk", "b", names=names)
    slip_link("number")


def _minibatch(
    X: Float64Array, W: Float64Array, b: Float64Array, y: IntArray, cell: Cell, names: Sequence[str]
) -> None:
    """Draw ``O = X W + b``, P, the predictions and the accuracy; ``cell`` of O is highlighted with its row and column."""
    i, k = cell
    n, d = X.shape
    classes = len(b)
    O = X @ W + b  # noqa: E741 - the name it has on the page
    P = softmax(O)
    predicted = O.argmax(axis=1)
    row, column = {(i, j) for j in range(d)}, {(j, k) for j in range(d)}
    spread = np.tile(b, (n, 1))
    short = [""] * classes  # their colours are enough where the columns are narrow
    parts = [
        _matrix("X", X, row, 2), _between("·"), _matrix("W", W, column, 2, heads=short), _between("+"),
        _matrix("b", spread, {(i, k)}, 2, ghost=True, shape=f"1 × {classes} → {n} × {classes}", heads=short), _between("="),
        _matrix("O", O, {(i, k)}, 2, heads=names), _between("→"), _matrix("P", P, {(i, k)}, 3, heads=names), _answers(predicted, y, names),
    ]  # fmt: skip
    st.html(f'<div class="lab-matrices">{"".join(parts)}</div>')
    right = int((predicted == y).sum())
    st.markdown(
        _("Accuracy: {right} of {n} right = **{share}**").format(
            right=right, n=n, share=number(accuracy(O, y))
        )
    )


def _between(text: str) -> str:
    return f'<span class="sign">{text}</span>'


def _matrix(
    name: str,
    values: np.ndarray[tuple[int, ...], np.dtype[np.floating]],
    marked: set[Cell],
    digits: int,
    *,
    ghost: bool = False,
    shape: str = "",
    heads: Sequence[str] = (),
) -> str:
    """One matrix; with ``ghost`` all rows but the first are pale, because they are copies of it."""
    top = "".join(
        f'<th style="border-color:{CLASS_COLORS[k]}">{escape.html(text[:8]) or "&nbsp;"}</th>'
        for k, text in enumerate(heads)
    )
    rows = "".join(
        f'<tr class="{"ghost" if ghost and r else ""}">'
        + "".join(f'<td class="{"on" if (r, c) in marked else ""}">{number(float(v), digits)}</td>' for c, v in enumerate(line))
        + "</tr>"
        for r, line in enumerate(values)
    )  # fmt: skip
    size = shape or f"{values.shape[0]} × {values.shape[1]}"
    return (
        f"<figure><figcaption><i>{name}</i> <span>{size}</span></figcaption>"
        f"<table>{f'<tr>{top}</tr>' if heads else '<tr><th>&nbsp;</th></tr>'}{rows}</table></figure>"
    )


def _answers(predicted: IntArray, y: IntArray, names: Sequence[str]) -> str:
    rows = "".join(
        f'<tr class="{"right" if p == t else "wrong"}"><td>{escape.html(names[p])}</td>'
        f"<td>{escape.html(names[t])}</td><td>{'✓' if p == t else '✗'}</td></tr>"
        for p, t in zip(predicted, y, strict=True)
    )
    heads = f"<tr><th>{escape.html(_('prediction'))}</th><th>{escape.html(_('truth'))}</th><th></th></tr>"
    return f'<figure class="answers"><figcaption>&nbsp;</figcaption><table>{heads}{rows}</table></figure>'


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
            rf"${letter('o', first)} - {letter('o', second)} = {tex(float(gap[0]), 2)}\,x_{{{axes[0] + 1}}} + {signed(float(gap[1]), 2)}\,x_{{{axes[1] + 1}}} + {signed(float(offset[first] - offset[second]), 2)} = 0$"
        )
        st.caption(
            _("An equation of the first degree: a straight line, whatever the weights are. Softmax is not linear, but it keeps the order of the logits, so it bends nothing. The other two pixels stay as they are painted and only shift the lines.")
        )  # fmt: skip
    where("o1", "x", names=names)


@st.cache_resource(max_entries=32, show_spinner=False)
def _factored(d: int, q: int, n: int) -> tuple[Float64Array, Float64Array, Float64Array, float]:
    """Draw factors A and S, build the dense H from them, and return how far the outputs of both differ."""
    rng = np.random.default_rng([d, q, n])
    A, S = rng.standard_normal((n, n, n)), rng.standard_normal((n, d // n, q // n))
    H, X = kronecker_sum(A, S), rng.standard_normal((5, d))
    return A, S, H, float(np.abs(X @ H - kronecker_layer(X, A, S)).max())


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
            A, S, H, difference = _factored(d, q, n)
            _kronecker(A, S, H, is_dark())
            st.caption(
                _("Five random inputs went through the factors and through the dense matrix: the outputs differ by at most {difference}.").format(
                    difference=f"{difference:.1e}"
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


def _kronecker(A: Float64Array, S: Float64Array, H: Float64Array, dark: bool) -> None:
    """Draw ``A`` (n, n, n), ``S`` (n, d/n, q/n) and their sum ``H`` (d, q), coloured by their entries where they fit."""
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
    title = escape.html(_("A sum of Kronecker products and the dense matrix that it makes"))
    picture(
        f'<div class="lab-table"><svg class="lab-kronecker" viewBox="0 0 {x:.0f} 190" width="{x:.0f}" role="img" aria-label="{title}">'
        f"{''.join(parts)}</svg></div>"
    )


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
