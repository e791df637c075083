"""Common textbook errors on one sample: each beside what is right, with the numbers of the board."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from charts.figure import Figure
from charts.losses import lines
from instruments import logit_board
from instruments.logit_board import BoardState
from locales import _
from softmax_core.functional import naive_softmax, softmax
from softmax_core.losses import cross_entropy, cross_entropy_gradient, cross_entropy_per_sample
from softmax_core.validation import Float64Array, FloatArray
from ui.frame import frame
from ui.widgets import controls
from ui.widgets.formulas import letter, of_class, tex, vector, where
from ui.widgets.logit_board import shown_names
from ui.widgets.show import class_mark, in_sentence, is_dark, live_chart, number, table

BOARD = "slips_board"
EPSILON = 1e-8
UNSEEN = ("minus", "epsilon", "number", "seen", "sigmoid")
"""The errors that change nothing at the logits with which the page begins."""
_OPENED = "slips_opened"
GAPS = np.linspace(0.0, 60.0, 121)


def offers() -> dict[str, list[tuple[str, tuple[float, ...]]]]:
    """Return, for some errors, logits that show them best: the label of a button, and what it puts on the board."""

    def logits(*z: float) -> tuple[str, tuple[float, ...]]:
        return _("Logits {z}").format(z=f"({', '.join(f'{x:g}' for x in z)})".replace("-", "−")), z

    return {
        "minus": [logits(1000, 0), logits(0, -1000), logits(12, 0)],
        "epsilon": [logits(0, 60)],
        "seen": [logits(0, 60)],
        "number": [(_("Half class 1, half class 3"), (3.0, 0.0, 3.0))],
        "twice": [logits(12, 0, 0)],
        "sigmoid": [logits(12, 0, 0), logits(-12, 0, 0)],
    }


def controls_of(slip: str) -> bool:
    """Show the switch, one for all errors, and the buttons that set the board up for it; return whether it is on."""
    wrong = controls.toggle("slips_error", _("Show the error beside it"), default=True)
    with st.container(horizontal=True):
        for i, (label, logits) in enumerate(offers().get(slip, ())):
            st.button(label, key=f"slips_set_{slip}_{i}", on_click=_put, args=(logits,))
    return wrong


def sides(wrong: bool) -> tuple[st.delta_generator.DeltaGenerator, st.delta_generator.DeltaGenerator | None]:
    """Return a container for what is right and, if the error is shown, one for the error."""
    if not wrong:
        place = st.container(border=True)
        place.markdown(_("✓ **right**"))
        return place, None
    left, right = (column.container(border=True) for column in st.columns(2))
    left.markdown(_("✓ **right**"))
    right.markdown(_("✗ **the error**"))
    return left, right


def scaled(state: BoardState) -> Float64Array:
    """Return the logits that softmax sees: z / T, counted from the largest where that changes nothing."""
    z = np.array(state.shown)
    return z if state.temperature == 1 else (z - z.max()) / state.temperature


def sign(state: BoardState, wrong: bool) -> None:
    """The derivative of −log p for its own logit is p − 1."""
    z, t, names = scaled(state), state.target, shown_names(state)
    slope = np.asarray(cross_entropy_gradient(z, t), dtype=np.float64)
    p, h = softmax(z), 1e-5
    move = h * np.eye(len(z))[t]
    measured = float(cross_entropy(z + move, t) - cross_entropy(z - move, t)) / (2 * h)
    good, bad = sides(wrong)
    zt, pt = of_class(t, f"z_{{{t + 1}}}"), of_class(t, tex(float(p[t])))
    after = float(softmax(z - slope)[t])
    with good:
        st.latex(
            rf"\frac{{\partial(-\log p_{{{t + 1}}})}}{{\partial {zt}}} = {pt} - 1 = {tex(float(slope[t]))}"
        )
        st.markdown(_("Measured by moving the logit a little: **{slope}**. A step downhill (step size 1) takes p from {before} to **{after}**.").format(slope=number(measured, 5), before=in_sentence(float(p[t])), after=in_sentence(after)))  # fmt: skip
    if bad:
        lost = float(softmax(z + slope)[t])
        with bad:
            st.latex(
                rf"\frac{{\partial(-\log p_{{{t + 1}}})}}{{\partial {zt}}} = 1 - {pt} = {tex(-float(slope[t]))}"
            )
            st.markdown(_("The sign is lost. A step “downhill” (step size 1) takes p from {before} to **{after}**: the model unlearns its own class.").format(before=in_sentence(float(p[t])), after=in_sentence(lost)))  # fmt: skip
    st.latex(rf"\frac{{\partial L}}{{\partial z}} = p - y = {vector(slope.tolist())}")
    with frame.aside():
        where("p", "z", "y", "L", names=names)


def minus(state: BoardState, wrong: bool) -> None:
    """Stability comes from computing with logits, not from the minus sign."""
    z, t = scaled(state), state.target
    good, bad = sides(wrong)
    with np.errstate(all="ignore"):
        cast = {name: z.astype(name) for name in ("float16", "float32", "float64")}
        stable = [[name, number(float(cross_entropy(row, t)), 4)] for name, row in cast.items()]
        naive = [[name, number(float(0 - np.log(naive_softmax(row)[t])), 4)] for name, row in cast.items()]
    with good:
        st.latex(rf"L = \log \sum_k e^{{z_k - \max z}} + \max z - {letter('z', t)}")
        table(["", "<i>L</i>"], stable)
        st.markdown(_("From the logits, with the maximum taken out: right in every number format."))
    if bad:
        with bad:
            st.latex(rf"L = -\log \frac{{{of_class(t, f'e^{{z_{{{t + 1}}}}}')}}}{{\sum_k e^{{z_k}}}}")
            table(["", "<i>L</i>"], naive)
            st.markdown(
                _(
                    "“The minus makes it stable”, says the book. The minus is there, and the numbers break all the same: ∞ / ∞ and log 0."
                )
            )
    with frame.aside():
        where("L", "z", "sum", "max", names=shown_names(state))


def epsilon(state: BoardState, wrong: bool) -> None:
    """An epsilon inside the log limits the loss and makes the gradient vanish."""
    z, t = scaled(state), state.target
    p = softmax(z)
    pt, slope = float(p[t]), float(cross_entropy_gradient(z, t)[t])
    good, bad = sides(wrong)
    with good:
        st.latex(rf"L = \log \sum_k e^{{z_k}} - {letter('z', t)} = {tex(float(cross_entropy(z, t)), 4)}")
        st.latex(
            rf"\frac{{\partial L}}{{\partial {letter('z', t)}}} = {of_class(t, tex(pt))} - 1 = {tex(slope, 4)}"
        )
    if bad:
        capped, weak = -math.log(pt + EPSILON), slope * pt / (pt + EPSILON)
        with bad:
            st.latex(
                rf"L = -\log\left({of_class(t, tex(pt))} + \varepsilon\right) = {tex(capped, 4)} \le 18.42"
            )
            st.latex(
                rf"\frac{{\partial L}}{{\partial {letter('z', t)}}} = \frac{{p}}{{p + \varepsilon}}(p - 1) = {tex(weak, 4)}"
            )
    rest = np.stack([-GAPS, np.zeros_like(GAPS)], axis=1)
    losses = np.asarray(cross_entropy_per_sample(rest, np.zeros(len(GAPS), dtype=int)), dtype=np.float64)
    p_of_gap = softmax(rest)[:, 0]
    curves: dict[str, FloatArray] = {_("from logits"): losses}
    slopes: dict[str, FloatArray] = {_("from logits"): p_of_gap - 1}
    if wrong:
        curves[_("log(p + ε)")] = -np.log(p_of_gap + EPSILON)
        slopes[_("log(p + ε)")] = p_of_gap / (p_of_gap + EPSILON) * (p_of_gap - 1)
    gap = float(np.clip(np.max(np.delete(z, t)) - z[t], 0, GAPS[-1]))
    axis = _("how far the true logit lies behind")
    left, right = st.columns(2)
    with left:
        title = _("loss (nats)")
        live_chart(_low(lines(GAPS, curves, axis, title, gap, is_dark())), key="slips_cap", alt=title)
    with right:
        title = _("slope for the true logit")
        live_chart(_low(lines(GAPS, slopes, axis, title, gap, is_dark())), key="slips_flat", alt=title)
    with frame.aside():
        st.markdown(
            _(
                "With ε = 10⁻⁸ the loss can never exceed −log ε = 18.42. Where this formula is differentiated its slope dies just where the model is most wrong: the sample that should teach most teaches nothing. Code that computes p − y by hand has only its printed loss wrong."
            )
        )
        where("L", "z", "p", "eps", "sum", names=shown_names(state))


def _low(figure: Figure) -> Figure:
    """Return the figure at a height at which it is on one screen with the formulas."""
    figure.update_layout(height=190)
    return figure


def names_are_no_scale(state: BoardState, wrong: bool) -> None:
    """A class number is a name: the loss must not depend on the numbering."""
    z, t, names = scaled(state), state.target, shown_names(state)
    p = np.asarray(softmax(z), dtype=np.float64)
    good, bad = sides(wrong)
    with good:
        st.latex(rf"L = -\log {letter('p', t)} = {tex(float(cross_entropy(z, t)))}")
        best = np.flatnonzero(p == p.max())
        marks = " ".join(class_mark(int(k), names[k]) for k in best)
        table(["", _("prediction")], [[_("the most probable class"), marks]])
        st.markdown(_("Every other class is equally wrong. Renumber the classes: nothing changes."))
    if bad:
        mean, nearest = mean_number(p)
        other = mean_number(np.roll(p, 1))[0]
        with bad:
            parts = " + ".join(
                rf"{k + 1} \cdot {of_class(k, tex(float(p[k])))}" for k in range(min(len(p), 5))
            )
            dots = r" + \dots" if len(p) > 5 else ""
            st.latex(rf"\bar{{y}} = \sum_j j\,p_j = {parts}{dots} = {tex(mean)}")
            table(
                ["", _("prediction")],
                [[_("rounded to a class number"), class_mark(nearest, f"{nearest + 1} = {names[nearest]}")]],
            )
            st.markdown(_("This answers “how many?”, not “which one?”: it says class {nearest}, to which the model gives only p = {p}. Give every class the next number, and the last class the number 1: the same model's squared error is then {other} instead of {this}.").format(
                nearest=nearest + 1, p=number(float(p[nearest])),
                other=number((other - ((t + 1) % len(p) + 1)) ** 2), this=number((mean - (t + 1)) ** 2),
            ) if p[nearest] < p.max() else _("Here the rounded mean happens to be the most probable class. Give every class the next number, and the last class the number 1: the same model's squared error is then {other} instead of {this}.").format(
                other=number((other - ((t + 1) % len(p) + 1)) ** 2), this=number((mean - (t + 1)) ** 2)
            ))  # fmt: skip
    with frame.aside():
        where("L", "p", "expected", names=names)


def mean_number(p: Float64Array) -> tuple[float, int]:
    """Return the mean of the class numbers 1 .. K weighted with p, and the index of the class it is rounded to."""
    mean = float(p @ np.arange(1, len(p) + 1))
    return mean, min(round(mean), len(p)) - 1


def set_up(slip: str, start: BoardState) -> None:
    """Let an error that the first numbers do not show open with numbers that show it, unless the reader chose others."""
    before, st.session_state[_OPENED] = st.session_state.get(_OPENED), slip
    if slip != before and (logit_board.current(BOARD) or start) == _begins(before) != _begins(slip):
        logit_board.put(BOARD, _begins(slip))


def _begins(slip: str | None) -> BoardState:
    return BoardState().with_logits(offers()[slip][0][1]) if slip in UNSEEN else BoardState()


def _put(logits: tuple[float, ...]) -> None:
    state = logit_board.current(BOARD) or BoardState()
    logit_board.put(BOARD, state.with_logits([float(z) for z in logits]))
