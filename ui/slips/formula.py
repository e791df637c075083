"""Errors in a formula, each beside what is right, with the numbers of the board."""

from __future__ import annotations

import numpy as np
import streamlit as st

from charts.figure import Figure
from charts.losses import lines
from instruments.logit_board import BoardState
from locales import _
from softmax_core.functional import naive_softmax, softmax
from softmax_core.losses import cross_entropy, cross_entropy_gradient, cross_entropy_per_sample
from softmax_core.validation import Float64Array, FloatArray
from ui.frame import frame
from ui.slips.sides import scaled, sides
from ui.widgets.formulas import letter, of_class, tex, vector, where
from ui.widgets.logit_board import shown_names
from ui.widgets.show import chart, class_mark, in_sentence, is_dark, number, table

EPSILON = 1e-8
GAPS = np.linspace(0.0, 60.0, 121)


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
    highest = float(with_epsilon(0.0)[0])
    good, bad = sides(wrong)
    with good:
        st.latex(rf"L = \log \sum_k e^{{z_k}} - {letter('z', t)} = {tex(float(cross_entropy(z, t)), 4)}")
        st.latex(
            rf"\frac{{\partial L}}{{\partial {letter('z', t)}}} = {of_class(t, tex(pt))} - 1 = {tex(slope, 4)}"
        )
    if bad:
        capped, weak = with_epsilon(pt)
        with bad:
            st.latex(
                rf"L = -\log\left({of_class(t, tex(pt))} + \varepsilon\right) = {tex(float(capped), 4)} \le {tex(highest, 2)}"
            )
            st.latex(
                rf"\frac{{\partial L}}{{\partial {letter('z', t)}}} = \frac{{p}}{{p + \varepsilon}}(p - 1) = {tex(float(weak), 4)}"
            )
    rest = np.stack([-GAPS, np.zeros_like(GAPS)], axis=1)
    losses = np.asarray(cross_entropy_per_sample(rest, np.zeros(len(GAPS), dtype=int)), dtype=np.float64)
    p_of_gap = softmax(rest)[:, 0]
    curves: dict[str, FloatArray] = {_("from logits"): losses}
    slopes: dict[str, FloatArray] = {_("from logits"): p_of_gap - 1}
    if wrong:
        curves[_("log(p + ε)")], slopes[_("log(p + ε)")] = with_epsilon(p_of_gap)
    gap = float(np.clip(np.max(np.delete(z, t)) - z[t], 0, GAPS[-1]))
    axis = _("how far the true logit lies behind")
    left, right = st.columns(2)
    with left:
        title = _("loss (nats)")
        chart(_low(lines(GAPS, curves, axis, title, gap, is_dark())), key="slips_cap", alt=title)
    with right:
        title = _("slope for the true logit")
        chart(_low(lines(GAPS, slopes, axis, title, gap, is_dark())), key="slips_flat", alt=title)
    with frame.aside():
        st.markdown(
            _(
                "With ε = 10⁻⁸ the loss can never exceed −log ε = {most}. Where this formula is differentiated its slope dies just where the model is most wrong: the sample that should teach most teaches nothing. Code that computes p − y by hand has only its printed loss wrong."
            ).format(most=number(highest, 2))
        )
        where("L", "z", "p", "eps", "sum", names=shown_names(state))


def with_epsilon(p: float | FloatArray) -> tuple[Float64Array, Float64Array]:
    """Return the loss ``-log(p + ε)`` in nats and its slope for the true logit, ``p / (p + ε) * (p - 1)``, of the true class's p."""
    p = np.asarray(p, dtype=np.float64)
    return -np.log(p + EPSILON), p / (p + EPSILON) * (p - 1)


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
