"""The panels of the Softmax page: each shows another view of the logits on the board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st

from charts.curves import sigmoid_curve
from charts.jacobian import jacobian_heatmap
from charts.precision import precision_bars
from instruments import logit_board, logit_views
from instruments.logit_board import ALL_COLUMNS, SCORES, SHARES, BoardState
from locales import _
from softmax_core.functional import log_softmax, naive_softmax, softmax, softmax_jacobian
from ui import escape
from ui.frame import frame
from ui.glossary import glossary
from ui.slips.links import slip_link
from ui.softmax.network import last_layer, last_layer_words
from ui.softmax.worked import example
from ui.widgets import controls
from ui.widgets.challenges import answer_first
from ui.widgets.formulas import tex
from ui.widgets.logit_board import shown_names
from ui.widgets.show import chart, class_mark, class_rows, in_sentence, is_dark, number, share, table

BOARD = "softmax_board"
FORMAT = "softmax_dtype"
HEIGHT = 330  # of the board with three classes, in pixels: the same at every step
NARROW = (259, 289, 330, 330)  # at least, on a narrow screen, at each step
# The largest z whose exponential each format can still hold: log of its largest number.
OVERFLOWS = {"float16": 12.0, "float32": 89.0, "float64": 1000.0}


@dataclass(frozen=True)
class Panel:
    """A view below the board; the board shows at least the columns of the step ``least`` beside it.

    ``tells`` has the codes of the challenges that it answers, ``words`` shows what can be read before they are answered.
    """

    show: Callable[[BoardState], None]
    least: int = SHARES
    tells: tuple[str, ...] = ("shares",)
    words: Callable[[], None] = lambda: None


def choices() -> dict[str, tuple[str, Panel]]:
    """Return the panels: code in the link -> title, and panel."""
    return {
        "steps": (_("Example"), Panel(example, SCORES, ("shares", "thousand"))),
        "curves": (_("Curves"), Panel(curves)),
        "simplex": (_("Triangle"), Panel(triangle)),
        "sigmoid": (_("Two classes"), Panel(two_classes, tells=())),
        "jacobian": (_("Jacobian"), Panel(jacobian)),
        "precision": (_("Numerical stability"), Panel(precision, tells=("shares", "thousand"))),
        "log": (_("Log-softmax"), Panel(logarithm)),
        "network": (_("Network"), Panel(last_layer, words=last_layer_words)),
    }


def covered(panel: Panel, code: str) -> None:
    """Stand in for a panel that would give the answer to the open question ``code`` away."""
    other = _("Or move a logit: then they are about another example.") if code == "shares" else ""
    answer_first(other)
    panel.words()


def curves(_state: BoardState) -> None:
    """Show every probability as a function of one logit, which a dot moves."""
    _drawing("curves")
    with frame.aside():
        st.caption(
            _(
                "Drag a dot to the right: the probability of that class rises, all others fall. The straight pieces are tangents: their slopes are one column of the Jacobian, a table in a panel of its own."
            )
        )
        slip_link("maximum")


def triangle(state: BoardState) -> None:
    """Show three probabilities as a point of the simplex, which can be dragged."""
    if len(state.logits) < 3:
        st.markdown(
            _("Three probabilities that add up to 1 are a point in a triangle. Add a class on the board.")
        )
        return
    _drawing("triangle")
    with frame.aside():
        st.caption(
            _(
                "A corner is certainty. **Drag the point**: the logits follow, z = T log p + a constant. Lower T drives the point towards a corner, higher T towards the middle."
            )
        )
        if len(state.logits) > 3:
            st.caption(_("The point is that of the first three classes among themselves."))


def _drawing(view: str) -> None:
    labels = {
        "slope": _("slope"),
        "moving": _("Move"),
        "among_three": _("Among the first three:"),
        "z_of": _("z ({name})"),
        "curve_handle": _("Logit of {name} on the curves"),
        "curve_spoken": _("logit {z} of {name}"),
        "triangle_handle": _("The probabilities as a point of the triangle; arrow keys move it"),
    }
    logit_views.mount(f"softmax_view_{view}", board=BOARD, view=view, labels=labels)


def two_classes(state: BoardState) -> None:
    """Show that softmax of two classes is the logistic function, with the first two of the board."""
    names = shown_names(state)[:2]
    z = np.array(state.shown[:2])
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        chart(
            sigmoid_curve(z, names, is_dark(), temperature=state.temperature),
            key="softmax_sigmoid", alt=_("The logistic function with the present difference of logits"),
        )  # fmt: skip
    p = float(softmax(z, temperature=state.temperature)[0])
    with np.errstate(over="ignore"):
        difference = float(z[0] - z[1])
    over = "" if state.temperature == 1 else "/T"
    with right:
        st.latex(
            rf"p_1 = \frac{{e^{{z_1{over}}}}}{{e^{{z_1{over}}}+e^{{z_2{over}}}}} = \frac{{1}}{{1+e^{{-(z_1-z_2){over}}}}}"
        )
        st.latex(rf"\sigma({tex(difference, 2)}{over}) = {tex(p, 4)}")
        with frame.aside():
            st.markdown(
                _(
                    "Only the **difference** of the two logits counts: softmax is the logistic function σ (sigmoid). **Softmax regression** is a linear layer, which makes the scores, and softmax behind it. With two classes it is **logistic regression**."
                )
            )
            if len(state.logits) > 2:
                st.caption(_("Drawn for {first} and {second} alone.").format(
                    first=escape.markdown(names[0]), second=escape.markdown(names[1])
                ))  # fmt: skip


def jacobian(state: BoardState) -> None:
    """Show the Jacobian, and its two cases in numbers."""
    names = shown_names(state)
    z = np.array(state.shown)
    p = softmax(z, temperature=state.temperature)
    with np.errstate(over="ignore"):
        scaled = np.where(z == z.max(), 0.0, (z - z.max()) / state.temperature)
    matrix = softmax_jacobian(np.maximum(scaled, -1e6)) / state.temperature
    left, right = st.columns([3, 2])
    with left:
        chart(
            jacobian_heatmap(matrix, names, is_dark()),
            key="softmax_jacobian", alt=_("Jacobian of softmax: how each probability answers each logit"),
        )  # fmt: skip
    i, j = state.target, (state.target + 1) % len(z)
    divisor = "" if state.temperature == 1 else r"\tfrac{1}{T}\,"
    pi, pj = in_sentence(float(p[i])), in_sentence(float(p[j]))
    with right:
        st.latex(
            rf"\frac{{\partial p_i}}{{\partial z_i}} = {divisor}p_i(1-p_i) = {number(float(matrix[i, i]), 4)}"
        )
        st.latex(
            rf"\frac{{\partial p_i}}{{\partial z_j}} = -{divisor}p_i\,p_j = {number(float(matrix[i, j]), 4)}"
        )
        with frame.aside():
            st.caption(
                _("Optional. A cell says how fast the probability of its row changes when the logit of its column grows. Here i is {i} with p = {pi} and j is {j} with p = {pj}. Every column adds up to 0: what one class gains, the others lose. Every row does too: the same number added to all logits changes nothing.").format(
                    i=escape.markdown(names[i]), j=escape.markdown(names[j]), pi=pi, pj=pj
                )
            )  # fmt: skip


def precision(state: BoardState) -> None:
    """Compare the formula as written with the max trick, in three number formats."""
    row = st.columns([1, 2], vertical_alignment="bottom")
    with row[0]:
        chosen = controls.segmented(
            FORMAT, _("Number format"), {name: name for name in OVERFLOWS}, "float32", label_visible=False
        )
    with row[1], st.container(horizontal=True, gap="small"):
        for name, top in OVERFLOWS.items():
            why = _("The exponential overflows in {format}").format(format=name)
            _set_button(f"{name}: z = {top:g}", [top, top - 1, 0.0], why, name)
        why = _("All exponentials underflow to 0, and 0 / 0 is no number")
        _set_button("z = −1000", [-1000.0, -1001.0, -1002.0], why)
    with np.errstate(over="ignore"):
        z = np.array(state.shown).astype(chosen)
    names = shown_names(state)
    if not np.isfinite(z).all():
        st.info(_("A logit of this size does not even fit into {format}.").format(format=chosen))
        return
    naive, stable = naive_softmax(z), softmax(z)
    with np.errstate(over="ignore", under="ignore"):
        raw, tame = np.exp(z), np.exp(z - z.max())
    with frame.aside():
        if np.isnan(naive).any():
            st.markdown(
                _(
                    "**The formula as written broke**: it divided ∞ by ∞ or 0 by 0. Subtracting the maximum first leaves p as it is and never overflows."
                )
            )
        else:
            st.markdown(
                _("Both agree here. Press one of the four buttons to see the formula as written break.")
            )
    left, right = st.columns([2, 1])
    with left:
        head = ["", "<i>e<sup>z</sup></i>", _("<i>p</i> as written")]
        head += ["<i>e</i><sup>z − max</sup>", _("stable <i>p</i>")]
        table(head, class_rows(names, (raw, naive, tame, stable), 4))
    with right:
        chart(
            precision_bars(naive, stable, names, is_dark()),
            key="softmax_precision", alt=_("Naive and stable softmax side by side"),
        )  # fmt: skip
    with frame.aside():
        st.caption(
            _("float16, float32 and float64 keep a number in 16, 32 or 64 bits: the more bits, the larger the numbers that fit.")
        )  # fmt: skip
        slip_link("minus")


def logarithm(state: BoardState) -> None:
    """Show why log-softmax is computed from the logits, and not as the log of p."""
    z = np.array(state.shown)
    names = shown_names(state)
    p, direct = softmax(z, temperature=state.temperature), log_softmax(z, temperature=state.temperature)
    with np.errstate(divide="ignore"):
        after = np.log(p)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            _("A loss needs log p. Why not take the log of p? Try it with a score far below the others:")
        )
        _set_button("0, −1000", [0.0, -1000.0, -2.0], _("e to the power of −1000 is no number but 0"))
    lost = [k for k in range(len(z)) if np.isinf(after[k])]
    rows = [
        [class_mark(k, name), number(float(z[k]), 2), share(float(p[k])), number(float(after[k])), number(float(direct[k]))]
        for k, name in enumerate(names)
    ]  # fmt: skip
    table(["", "<i>z</i>", "<i>p</i>", "log(softmax)", "log-softmax"], rows)
    with frame.aside():
        if lost:
            values = {"name": escape.markdown(names[lost[0]]), "direct": number(float(direct[lost[0]]), 1)}
            st.markdown(
                _(
                    "**log 0**: the p of {name} is too small for a number and became 0, and its log −∞. Log-softmax never forms p: it takes z − log Σ eᶻ and gets {direct}."
                ).format(**values)
            )
        else:
            st.markdown(_("Here both agree: no p is too small for a number."))
        st.latex(r"\log p_i = z_i - \log \textstyle\sum_j e^{z_j}")
        st.caption(
            _("The last term is the {lse}. Libraries call the whole log_softmax.").format(
                lse=glossary.term("log_sum_exp")
            )
        )


def put(logits: Sequence[float], **changes: Any) -> None:
    """Show these logits on the board, with the learner's names kept; ``changes`` are other fields of its state."""
    state = logit_board.current(BOARD) or BoardState()
    logit_board.put(BOARD, replace(state.with_logits(logits), **changes))


def stage(logits: Sequence[float], step: int, **changes: Any) -> None:
    """Set the board up for a challenge: these logits and this step, temperature 1; who sees all columns keeps them."""
    state = logit_board.current(BOARD) or BoardState(step=step)
    step = ALL_COLUMNS if state.step == ALL_COLUMNS else step
    put(logits, **{"step": step, "temperature": 1.0, "target": 0} | changes)


def _set_button(label: str, logits: list[float], why: str, number_format: str | None = None) -> None:
    st.button(label, help=why, on_click=_set, args=(logits, number_format), key=f"softmax_set_{label}")


def _set(logits: list[float], number_format: str | None) -> None:
    put(logits, temperature=1.0)
    if number_format:
        st.session_state[FORMAT] = number_format
