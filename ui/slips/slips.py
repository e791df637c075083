"""Where textbooks slip, on one sample: each slip beside what is right, with the numbers of the board."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from charts.losses import lines
from instruments import logit_board
from instruments.logit_board import BoardState
from locales import _
from softmax_core.functional import naive_softmax, softmax
from softmax_core.losses import cross_entropy, cross_entropy_gradient, cross_entropy_per_sample
from softmax_core.validation import Float64Array, FloatArray
from ui.widgets import controls
from ui.widgets.formulas import letter, of_class, tex, vector, where
from ui.widgets.logit_board import shown_names
from ui.widgets.show import class_mark, is_dark, live_chart, number, table

BOARD = "slips_board"
EPSILON = 1e-8
GAPS = np.linspace(0.0, 60.0, 121)


def switch(slip: str) -> bool:
    """Show the switch that puts the wrong version beside the right one."""
    return controls.toggle(f"slips_{slip}", _("Show the slip beside it"))


def sides(wrong: bool) -> tuple[st.delta_generator.DeltaGenerator, st.delta_generator.DeltaGenerator | None]:
    """Return a container for what is right and, if the slip is shown, one for the slip."""
    if not wrong:
        place = st.container(border=True)
        place.markdown(_("✓ **right**"))
        return place, None
    left, right = (column.container(border=True) for column in st.columns(2))
    left.markdown(_("✓ **right**"))
    right.markdown(_("✗ **the slip**"))
    return left, right


def _scaled(state: BoardState) -> Float64Array:
    """Return the logits that softmax sees: z / T, counted from the largest where that changes nothing."""
    z = np.array(state.shown)
    return z if state.temperature == 1 else (z - z.max()) / state.temperature


def sign(state: BoardState) -> None:
    """The derivative of −log p for its own logit is p − 1."""
    z, t, names = _scaled(state), state.target, shown_names(state)
    slope = np.asarray(cross_entropy_gradient(z, t), dtype=np.float64)
    p, h = softmax(z), 1e-5
    move = h * np.eye(len(z))[t]
    measured = float(cross_entropy(z + move, t) - cross_entropy(z - move, t)) / (2 * h)
    good, bad = sides(switch("sign"))
    zt, pt = of_class(t, f"z_{{{t + 1}}}"), of_class(t, tex(float(p[t])))
    after = float(softmax(z - slope)[t])
    with good:
        st.latex(
            rf"\frac{{\partial(-\log p_{{{t + 1}}})}}{{\partial {zt}}} = {pt} - 1 = {tex(float(slope[t]))}"
        )
        st.markdown(_("Measured by moving the logit a little: **{slope}**. A step downhill takes p from {before} to **{after}**.").format(slope=number(measured, 5), before=number(float(p[t])), after=number(after)))  # fmt: skip
    if bad:
        lost = float(softmax(z + slope)[t])
        with bad:
            st.latex(
                rf"\frac{{\partial(-\log p_{{{t + 1}}})}}{{\partial {zt}}} = 1 - {pt} = {tex(-float(slope[t]))}"
            )
            st.markdown(_("The sign is lost. A step “downhill” takes p from {before} to **{after}**: the model unlearns its own class.").format(before=number(float(p[t])), after=number(lost)))  # fmt: skip
    st.latex(rf"\frac{{\partial L}}{{\partial z}} = p - y = {vector(slope.tolist())}")
    where("p", "z", "y", "L", names=names)


def minus(state: BoardState) -> None:
    """Stability comes from computing with logits, not from the minus sign."""
    z, t = _scaled(state), state.target
    _offer((1000, 0), (0, -1000), (12, 0))
    good, bad = sides(switch("minus"))
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
                    "“The minus makes it stable”, says the slip. The minus is there, and the numbers break all the same: ∞ / ∞ and log 0."
                )
            )
    where("L", "z", "sum", "max", names=shown_names(state))


def epsilon(state: BoardState) -> None:
    """An epsilon inside the log limits the loss and makes the gradient vanish."""
    z, t = _scaled(state), state.target
    p = softmax(z)
    pt, slope = float(p[t]), float(cross_entropy_gradient(z, t)[t])
    _offer((0, 60))
    good, bad = sides(is_on := switch("epsilon"))
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
    if is_on:
        curves[_("log(p + ε)")] = -np.log(p_of_gap + EPSILON)
        slopes[_("log(p + ε)")] = p_of_gap / (p_of_gap + EPSILON) * (p_of_gap - 1)
    gap = float(np.clip(np.max(np.delete(z, t)) - z[t], 0, GAPS[-1]))
    axis = _("how far the true logit lies behind")
    left, right = st.columns(2)
    with left:
        title = _("loss (nats)")
        live_chart(lines(GAPS, curves, axis, title, gap, is_dark()), key="slips_cap", alt=title)
    with right:
        title = _("slope for the true logit")
        live_chart(lines(GAPS, slopes, axis, title, gap, is_dark()), key="slips_flat", alt=title)
    st.markdown(
        _(
            "With ε the loss can never say more than 18.42, and just where the model is most wrong its slope dies: the sample that should teach most teaches nothing."
        )
    )
    where("L", "z", "p", "eps", "sum", names=shown_names(state))


def names_are_no_scale(state: BoardState) -> None:
    """A class number is a name: the loss must not depend on the numbering."""
    z, t, names = _scaled(state), state.target, shown_names(state)
    p = softmax(z)
    numbers = np.arange(len(p))
    st.button(_("Half class 0, half class 2"), key="slips_set_half", on_click=_put, args=((3.0, 0.0, 3.0),))
    good, bad = sides(switch("number"))
    with good:
        st.latex(rf"L = -\log {letter('p', t)} = {tex(float(cross_entropy(z, t)))}")
        winner = int(np.argmax(p))
        table(["", _("prediction")], [[_("the most probable class"), class_mark(winner, names[winner])]])
        st.markdown(_("Every other class is equally wrong. Renumber the classes: nothing changes."))
    if bad:
        mean = float(p @ numbers)
        nearest = round(mean)
        with bad:
            parts = " + ".join(rf"{k} \cdot {of_class(k, tex(float(p[k])))}" for k in range(min(len(p), 5)))
            dots = r" + \dots" if len(p) > 5 else ""
            st.latex(rf"\bar{{y}} = \sum_j j\,p_j = {parts}{dots} = {tex(mean)}")
            table(
                ["", _("prediction")],
                [[_("rounded to a class number"), class_mark(nearest, f"{nearest} = {names[nearest]}")]],
            )
            turned = np.roll(numbers, -1)
            st.markdown(
                _("Half class 0 and half class 2 is called class 1, which nobody predicted. With every class one number further, and the last one 0, the same model's squared error is {other} instead of {this}.").format(
                    other=number((float(p @ turned) - turned[t]) ** 2), this=number((mean - t) ** 2)
                )
            )  # fmt: skip
    where("L", "p", "expected", names=names)


def _offer(*logits: tuple[float, ...]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("Set the logits to"), width="content")
        for row in logits:
            label = f"{row}".replace("-", "−")
            st.button(label, key=f"slips_set_{label}", on_click=_put, args=(row,))


def _put(logits: tuple[float, ...]) -> None:
    state = logit_board.current(BOARD) or BoardState()
    logit_board.put(BOARD, state.with_logits([float(z) for z in logits]))
