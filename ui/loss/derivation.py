"""The loss and its derivative, one step after the other, with the learner's numbers in every formula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from instruments.logit_board import BoardState
from locales import _
from softmax_core.functional import logsumexp, softmax
from softmax_core.losses import soft_cross_entropy, soft_cross_entropy_gradient
from softmax_core.validation import Float64Array, FloatArray
from ui.frame import frame, sharing
from ui.slips.links import slip_link
from ui.widgets import controls, live
from ui.widgets.challenges import answer_first
from ui.widgets.formulas import letter, of_class, signed, terms, tex, vector, where
from ui.widgets.logit_board import shown_names

Step = tuple[str, str]
STEP = "loss_at"
NOISE = 1e-6  # the board keeps logits and soft targets to six decimals, so a smaller p - y is rounding
FORMULA = 7
"""The first step with the slope p - y, which the second and the third question ask for."""
_OLD_STEPS = (1, 2, 4, 6, 7, 8, 9, 10)  # where the eight steps of older links are now


@dataclass(frozen=True)
class _Numbers:
    """What the formulas are filled with. t is the true class (the heaviest of a soft target), o another one."""

    z: Float64Array
    y: Float64Array
    p: FloatArray
    lse: float
    loss: float
    slope: FloatArray
    t: int
    o: int


def _numbers(state: BoardState) -> _Numbers:
    z, y = np.array(state.shown), np.array(state.targets)
    p = softmax(z)
    t = state.target if state.is_label else int(np.argmax(y))
    rivals = p.copy()
    rivals[t] = -1.0
    slope = soft_cross_entropy_gradient(z, y)
    return _Numbers(
        z=z, y=y, p=p, lse=float(logsumexp(z)), loss=float(soft_cross_entropy(z, y)),
        slope=np.where((y > 0) & (y < 1) & (np.abs(slope) < NOISE), 0.0, slope), t=t, o=int(np.argmax(rivals)),
    )  # fmt: skip


def steps_of(state: BoardState) -> list[Step]:
    """Return the sentences and the formulas of the derivation for this board."""
    n = _numbers(state)
    return [
        *(_algebra_of_label(n) if state.is_label else _algebra_of_soft(n)),
        *_derivative(n, state.is_label),
        *_result(n),
    ]


def _power(n: _Numbers, k: int) -> str:
    return of_class(k, rf"e^{{{tex(float(n.z[k]), 2)}}}")


def _sum_of_powers(n: _Numbers) -> str:
    return terms([_power(n, k) for k in range(len(n.z))])


def _algebra_of_label(n: _Numbers) -> list[Step]:
    t = n.t + 1
    pt = tex(float(n.p[n.t]))
    power = of_class(n.t, f"e^{{z_{{{t}}}}}")
    return [
        (
            _("The loss asks one thing: how surprised is the model by the true class? It is 0 only at p = 1."),
            rf"L = -\log {letter('p', n.t)} = -\log {of_class(n.t, pt)} = {tex(n.loss)}",
        ),
        (
            _("Put softmax in for p."),
            rf"L = -\log \frac{{{power}}}{{\sum_k e^{{z_k}}}} = -\log \frac{{{_power(n, n.t)}}}{{{_sum_of_powers(n)}}}",
        ),
        (
            _("The log of a quotient is a difference: log a/b = log a − log b. The minus in front turns it round."),
            rf"L = -\left(\log {power} - \log \sum_k e^{{z_k}}\right) = \log \sum_k e^{{z_k}} - \log {power}",
        ),
        (
            _("**log undoes exp**: log eᶻ = z. No probability is left that could underflow."),
            rf"L = \log \sum_k e^{{z_k}} - {letter('z', n.t)} = {tex(n.lse)} - {of_class(n.t, signed(float(n.z[n.t]), 2))} = {tex(n.loss)}",
        ),
    ]  # fmt: skip


def _algebra_of_soft(n: _Numbers) -> list[Step]:
    inside = [k for k in range(len(n.y)) if n.y[k] > 0]
    log_terms = terms(
        [rf"{of_class(k, tex(float(n.y[k])))} \log {of_class(k, tex(float(n.p[k])))}" for k in inside], 4
    )
    z_terms = terms(
        [rf"{of_class(k, tex(float(n.y[k])))} \cdot {of_class(k, signed(float(n.z[k]), 2))}" for k in inside],
        4,
    )
    return [
        (
            _("With a soft target every class counts by its share: the mean surprise."),
            rf"L = -\sum_j y_j \log p_j = -\left({log_terms}\right) = {tex(n.loss)}",
        ),
        (
            _("Put softmax in for each p, and use log a/b = log a − log b and log eᶻ = z."),
            r"\log p_j = \log \frac{e^{z_j}}{\sum_k e^{z_k}} = \log e^{z_j} - \log \sum_k e^{z_k} = z_j - \log \sum_k e^{z_k}",
        ),
        (
            _("Replace each log p by z − log Σeᶻ."),
            rf"L = -\sum_j y_j \left(z_j - \log \sum_k e^{{z_k}}\right), \qquad \log \sum_k e^{{z_k}} = \log\left({_sum_of_powers(n)}\right) = {tex(n.lse)}",
        ),
        (
            _("The shares y add up to 1, so the log-sum-exp comes out once. No probability is left that could underflow."),
            rf"L = \log \sum_k e^{{z_k}} - \sum_j y_j z_j = {tex(n.lse)} - \left({z_terms}\right) = {tex(n.loss)}",
        ),
    ]  # fmt: skip


def _derivative(n: _Numbers, is_label: bool) -> list[Step]:
    t, o = n.t + 1, n.o + 1
    power = of_class(n.t, f"e^{{z_{{{t}}}}}")
    mine = rf"\frac{{\partial L}}{{\partial {letter('z', n.t)}}}"
    others = rf"\frac{{\partial L}}{{\partial {letter('z', n.o)}}}"
    yt, yo = (tex(float(n.y[k])) for k in (n.t, n.o))
    return [
        (
            _("Now move one logit and hold the others: ∂ is the slope for that. **The chain rule**: the slope of log u is 1/u times the slope of u, and in the sum only one term moves."),
            rf"\frac{{\partial}}{{\partial {letter('z', n.t)}}} \log \sum_k e^{{z_k}} = \frac{{1}}{{\sum_k e^{{z_k}}}} \cdot \frac{{\partial}}{{\partial {letter('z', n.t)}}} \sum_k e^{{z_k}} = \frac{{1}}{{\sum_k e^{{z_k}}}} \cdot {power}",
        ),
        (
            _("That is softmax again: the derivative of log Σeᶻ by one logit is that class's probability."),
            rf"\frac{{{power}}}{{\sum_k e^{{z_k}}}} = \frac{{{_power(n, n.t)}}}{{{_sum_of_powers(n)}}} = {letter('p', n.t)} = {of_class(n.t, tex(float(n.p[n.t])))}",
        ),
        (
            _("Case 1, **j is the true class**: the term −z of step 4 gives −y, and for a label y = 1. So the slope is p − 1 and never positive: raising this logit helps.") if is_label
            else _("The term −Σ y z of step 4 gives **−y of this class**. So the slope is p − y: above 0 where p is too large, below 0 where p is too small, and 0 at p = y."),
            rf"{mine} = {letter('p', n.t)} - y_{{{t}}} = {of_class(n.t, tex(float(n.p[n.t])))} - {yt} = {of_class(n.t, tex(float(n.slope[n.t])))}",
        ),
        (
            _("Case 2, **j is another class**: for a label y = 0, so the slope is p itself and never negative: raising this logit hurts.") if is_label
            else _("**Every other class** has its own share y, and so the same formula: p − y can be above or below 0."),
            rf"{others} = {letter('p', n.o)} - y_{{{o}}} = {of_class(n.o, tex(float(n.p[n.o])))} - {yo} = {of_class(n.o, tex(float(n.slope[n.o])))}",
        ),
    ]  # fmt: skip


def _result(n: _Numbers) -> list[Step]:
    size = float(np.abs(n.slope).max())
    return [
        (
            _("For every class it is one formula: **what the model says minus what is true**. It is the residual, the same slope as in linear regression with ½(p − y)²."),
            rf"\frac{{\partial L}}{{\partial z}} = p - y = {vector(n.slope.tolist())}",
        ),
        (
            _("**Why the pair fits**: the log took the exponential away. The slope is never above 1, however wrong the model is, and it does not fade before p reaches y. (Optional: every exponential family with its own log-loss has such a residual as slope.)"),
            rf"\max_j \left|p_j - y_j\right| = {tex(size)} \le 1, \qquad \sum_j (p_j - y_j) = 0",
        ),
    ]  # fmt: skip


def step_from_link() -> None:
    """Read the step that the link names, by the numbering of today or by that of older links, in which two were missing."""

    def old(text: str) -> int:
        step = _step(text)
        return _OLD_STEPS[min(step, len(_OLD_STEPS)) - 1]

    if sharing.brings("loss_step"):
        st.session_state[STEP] = sharing.read("loss_step", old, 1, _("Step"))
    st.session_state[STEP] = sharing.settled(
        STEP, st.session_state.get(STEP, 1), parse=_step, label=_("Step")
    )


_step = sharing.whole(1, 10)


def derivation(state: BoardState, hides_slope: bool = False) -> None:
    """Show the newest step, with the buttons that lead on beside it, or all steps; without those that give the slope where it is asked."""
    steps = steps_of(state)
    labels = {"back": _("Previous step"), "on": _("Next step"), "at": _("Step {at} of {count}")}
    with st.container(horizontal=True, vertical_alignment="center"):
        leading_on = st.container(width="content")
        everything = controls.toggle("loss_all", _("Show all steps"))
    with leading_on, controls.shown(not everything):
        at = controls.number(STEP, _("Step"), 1, len(steps), 1, 1, widget=live.steps, labels=labels)
    sharing.publish("loss_step", None)
    for i in range(1, len(steps) + 1) if everything else (at,):
        if hides_slope and i >= FORMULA:
            answer_first()
            break
        sentence, formula = steps[i - 1]
        st.markdown(f"**{i}.** {sentence}")
        st.latex(formula)
    with frame.aside():
        where("z", "p", "y", "L", "sum", names=shown_names(state))
        slip_link("sign", "right")
