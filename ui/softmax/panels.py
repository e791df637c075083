"""The panels of the Softmax page: each shows another view of the logits on the board."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from charts.curves import sigmoid_curve, softmax_curves
from charts.jacobian import jacobian_heatmap
from charts.precision import precision_bars
from charts.simplex import simplex
from charts.style import CLASS_COLORS
from instruments import logit_board
from instruments.logit_board import BoardState
from locales import _
from softmax_core.functional import log_softmax, naive_softmax, softmax, softmax_jacobian
from ui import escape
from ui.slips.links import slip_link
from ui.widgets import controls
from ui.widgets.logit_board import shown_names
from ui.widgets.show import class_rows, is_dark, live_chart, number, picture, table

BOARD = "softmax_board"
# The largest z whose exponential each format can still hold: log of its largest number.
OVERFLOWS = {"float16": 12.0, "float32": 89.0, "float64": 1000.0}
NETWORK_WIDTH, NETWORK_ROW = 640, 46  # of the drawing, in its units


def steps(state: BoardState) -> None:
    """Show softmax as a table, one column for each step of the formula."""
    z = np.array(state.shown)
    shifted = np.where(z == z.max(), 0.0, (z - z.max()) / state.temperature)
    e = np.exp(shifted)
    p, logs = softmax(z, temperature=state.temperature), log_softmax(z, temperature=state.temperature)
    names = shown_names(state)
    over = "" if state.temperature == 1 else " / T"
    power = f"(z − max){over}" if over else "z − max"
    head = ["", "<i>z</i>", f"<i>{power}</i>", f"<i>e</i><sup>{power}</sup>", "<i>p</i>", "log <i>p</i>"]
    rows = class_rows(names, (z, shifted, e, p, logs))
    rows.append(["Σ", "", "", number(float(e.sum())), number(float(p.sum())), ""])
    table(head, rows, marked=state.target)
    winner = int(np.argmax(z))
    st.markdown(
        _("The largest logit and the largest probability belong to the same class: softmax keeps the order.")
    )
    t = state.target
    st.latex(
        rf"p = \frac{{e^{{{number(float(shifted[t]))}}}}}{{{number(float(e.sum()))}}} = {number(float(p[t]), 4)}"
        rf"\qquad \log p = {number(float(shifted[t]))} - \log {number(float(e.sum()))} = {number(float(logs[t]), 4)}"
    )
    st.caption(
        _("Worked for {name}. The winner is {winner}.").format(
            name=escape.markdown(names[t]), winner=escape.markdown(names[winner])
        )
    )


def curves(state: BoardState) -> None:
    """Show every probability as a function of one logit."""
    names = shown_names(state)
    options = {str(k): escape.markdown(name) for k, name in enumerate(names)}
    k = int(controls.segmented("softmax_curve_class", _("Move the logit of"), options, "0"))
    live_chart(
        softmax_curves(state.shown, k, state.temperature, names, is_dark()),
        key="softmax_curves", alt=_("Each probability as a function of one logit, with its tangent"),
    )  # fmt: skip
    st.caption(
        _(
            "Its own probability rises, all others fall; the straight pieces are the tangents at the present value."
        )
    )


def jacobian(state: BoardState) -> None:
    """Show the Jacobian, and its two cases in numbers."""
    names = shown_names(state)
    z = np.array(state.shown)
    p = softmax(z, temperature=state.temperature)
    scaled = np.where(z == z.max(), 0.0, (z - z.max()) / state.temperature)
    matrix = softmax_jacobian(np.maximum(scaled, -1e6)) / state.temperature
    left, right = st.columns([3, 2])
    with left:
        live_chart(
            jacobian_heatmap(matrix, names, is_dark()),
            key="softmax_jacobian", alt=_("Jacobian of softmax: how each probability answers each logit"),
        )  # fmt: skip
    i, j = state.target, (state.target + 1) % len(z)
    divisor = "" if state.temperature == 1 else r"\tfrac{1}{T}\,"
    pi, pj = number(float(p[i])), number(float(p[j]))
    with right:
        st.markdown(_("**Its own logit**, i = j:"))
        st.latex(
            rf"\frac{{\partial p_i}}{{\partial z_i}} = {divisor}p_i(1-p_i) = {number(float(matrix[i, i]), 4)}"
        )
        st.markdown(_("**Another logit**, i ≠ j:"))
        st.latex(
            rf"\frac{{\partial p_i}}{{\partial z_j}} = -{divisor}p_i\,p_j = {number(float(matrix[i, j]), 4)}"
        )
        st.caption(
            _("Here i is {i} with p = {pi} and j is {j} with p = {pj}. Every row adds up to 0: what one gains the others lose.").format(
                i=escape.markdown(names[i]), j=escape.markdown(names[j]), pi=pi, pj=pj
            )
        )  # fmt: skip


def triangle(state: BoardState) -> None:
    """Show three probabilities as a point of the simplex."""
    if len(state.logits) != 3:
        st.markdown(_("Three probabilities that add up to 1 are a point in a triangle."))
        _offer(_("Show three classes"), 3)
        return
    p = softmax(np.array(state.shown), temperature=state.temperature)
    live_chart(
        simplex(p, state.target, shown_names(state), is_dark()),
        key="softmax_simplex", alt=_("The probabilities as a point in a triangle"),
    )  # fmt: skip
    st.caption(
        _("A corner is certainty. Lower T drives the point towards a corner, higher T towards the middle.")
    )


def two_classes(state: BoardState) -> None:
    """Show that softmax of two classes is the logistic function."""
    if len(state.logits) != 2:
        st.markdown(_("With two classes softmax is the logistic function of the difference."))
        _offer(_("Show two classes"), 2)
        return
    z = np.array(state.shown)
    live_chart(
        sigmoid_curve(z, shown_names(state), is_dark(), temperature=state.temperature),
        key="softmax_sigmoid", alt=_("The logistic function with the present difference of logits"),
    )  # fmt: skip
    p = softmax(z, temperature=state.temperature)
    over = "" if state.temperature == 1 else "/T"
    st.latex(
        rf"\mathrm{{softmax}}(z)_1 = \frac{{1}}{{1+e^{{-(z_1-z_2){over}}}}} = \sigma({number(float(z[0] - z[1]), 2)}{over}) = {number(float(p[0]), 4)}"
    )


def precision(state: BoardState) -> None:
    """Compare the formula as written with the max trick, in three number formats."""
    row = st.columns([2, 3], vertical_alignment="bottom")
    with row[0]:
        chosen = controls.segmented(
            "softmax_dtype", _("Number format"), {name: name for name in OVERFLOWS}, "float32"
        )
    with row[1], st.container(horizontal=True):
        for name, top in OVERFLOWS.items():
            why = _("The exponential overflows in this format")
            _set_button(f"{name}: {top:g}", [top, top - 1, 0.0], why)
        _set_button(
            "−1000", [-1000.0, -1001.0, -1002.0], _("All exponentials underflow to 0, and 0 / 0 is no number")
        )
    with np.errstate(over="ignore"):
        z = np.array(state.shown).astype(chosen)
    names = shown_names(state)
    if not np.isfinite(z).all():
        st.info(_("A logit of this size does not even fit into {format}.").format(format=chosen))
        return
    naive, stable = naive_softmax(z), softmax(z)
    with np.errstate(over="ignore", under="ignore"):
        raw, tame = np.exp(z), np.exp(z - z.max())
    head = ["", "<i>z</i>", "<i>e<sup>z</sup></i>", _("naive <i>p</i>")]
    head += ["<i>e</i><sup>z − max</sup>", _("stable <i>p</i>")]
    table(head, class_rows(names, (z, raw, naive, tame, stable), 4))
    live_chart(
        precision_bars(naive, stable, names, is_dark()),
        key="softmax_precision", alt=_("Naive and stable softmax side by side"),
    )  # fmt: skip
    if np.isnan(naive).any():
        st.markdown(
            _(
                "**The formula as written broke**: it divided ∞ by ∞ or 0 by 0. Subtracting the maximum first leaves p as it is and never overflows."
            )
        )
    else:
        st.markdown(_("Both agree here. Press a button above to see the formula as written break."))
    slip_link("minus")


def last_layer(state: BoardState) -> None:
    """Show where softmax stands in a network."""
    z = np.array(state.shown)
    _draw_network(z, softmax(z, temperature=state.temperature), shown_names(state))
    st.markdown(
        _(
            "Softmax belongs to the **last layer**: it makes the scores compete so that they add up to 1. Hidden layers use other functions, such as ReLU or tanh, which let each unit speak for itself."
        )
    )


def _draw_network(z: npt.NDArray[np.floating], p: npt.NDArray[np.floating], names: Sequence[str]) -> None:
    """Draw a small network: inputs, a hidden layer, the logits ``z`` (K,), and softmax with ``p`` (K,)."""
    count = len(z)
    height = max(4, count) * NETWORK_ROW + 48
    columns = {60: 3, 200: 4, 340: count}
    places = {x: [_height_of(i, n, height) for i in range(n)] for x, n in columns.items()}
    parts = [
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"/>'
        for x0, x1 in ((60, 200), (200, 340))
        for y0 in places[x0]
        for y1 in places[x1]
    ]
    lines = f'<g class="wire">{"".join(parts)}</g>'
    nodes = "".join(
        f'<circle class="unit" cx="{x}" cy="{y:.0f}" r="13"/>' for x in (60, 200) for y in places[x]
    )
    outputs = "".join(
        f'<circle cx="340" cy="{y:.0f}" r="17" fill="{CLASS_COLORS[k]}"/>'
        f'<text x="366" y="{y + 5:.0f}">{number(float(z[k]), 2)}</text>'
        f'<line class="wire" x1="420" y1="{y:.0f}" x2="440" y2="{y:.0f}"/>'
        f'<rect x="500" y="{y - 8:.0f}" width="{70 * float(p[k]):.1f}" height="16" fill="{CLASS_COLORS[k]}"/>'
        f'<text x="{506 + 70 * float(p[k]):.1f}" y="{y + 5:.0f}">{number(float(p[k]))} {escape.html(names[k])}</text>'
        for k, y in enumerate(places[340])
    )
    top, bottom = places[340][0] - 22, places[340][-1] + 22
    gate = (
        f'<rect class="gate" x="440" y="{top:.0f}" width="44" height="{bottom - top:.0f}" rx="8"/>'
        f'<text class="turned" transform="translate(467 {(top + bottom) / 2:.0f}) rotate(-90)">softmax</text>'
    )
    heads = "".join(
        f'<text class="head" x="{x}" y="18">{escape.html(text)}</text>'
        for x, text in (
            (60, _("input")),
            (200, _("hidden: ReLU, tanh")),
            (355, _("logits")),
            (530, _("probabilities")),
        )
    )
    title = escape.html(_("A network whose last layer is softmax"))
    picture(
        f'<svg class="lab-picture" viewBox="0 0 {NETWORK_WIDTH} {height}" role="img" aria-label="{title}">'
        f"{lines}{nodes}{outputs}{gate}{heads}</svg>"
    )


def _height_of(i: int, count: int, height: int) -> float:
    """Return where unit ``i`` of ``count`` stands in a drawing of that height."""
    return 24 + (height - 24) / 2 + (i - (count - 1) / 2) * NETWORK_ROW


def _offer(button: str, count: int) -> None:
    st.button(button, key=f"softmax_offer_{count}", on_click=show_classes, args=(count,))


def show_classes(count: int) -> None:
    """Give the board ``count`` classes: the first ones of those it has, or more with logit 0."""
    state = logit_board.current(BOARD) or BoardState()
    put((*state.shown, *([0.0] * count))[:count])


def put(logits: Sequence[float]) -> None:
    """Show these logits on the board, with the learner's names kept."""
    state = logit_board.current(BOARD) or BoardState()
    logit_board.put(BOARD, state.with_logits(logits))


def _set_button(label: str, logits: list[float], why: str) -> None:
    st.button(label, help=why, on_click=put, args=(logits,), key=f"softmax_set_{label}")
