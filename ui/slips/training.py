"""Slips about training: plotting another function than the one descended, and L2 as a factor on the gradient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from charts.losses import lines
from locales import _
from softmax_core.datasets import DataSpec, make
from softmax_core.regression import loss_and_gradient
from softmax_core.validation import Float64Array
from ui.frame import frame
from ui.slips.sides import sides
from ui.widgets import controls
from ui.widgets.formulas import signed, tex, where
from ui.widgets.show import chart, is_dark, number, rate_text

STEPS = 40
RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
LAMBDAS = [0.01, 0.03, 0.1, 0.3, 1.0]
OVERLAPPING = 1.5  # noise of the blobs: the loss cannot reach 0, so a step that is too long can be seen
APART = 0.8  # noise of the blobs: separable, so without a penalty the best weights are infinite
LARGEST = 1e6  # a run is stopped and drawn up to this loss


@dataclass(frozen=True, eq=False)
class Descent:
    """The record of a run: loss and weight norm before every step and after the last."""

    loss: Float64Array
    norm: Float64Array


@lru_cache(maxsize=64)
def descend(
    n: int, rate: float, steps: int, noise: float, l2: float = 0.0, penalty: float = 0.0, factor: float = 1.0
) -> Descent:
    """Descend from zero weights on three blobs, with a gradient that may be wrong.

    ``W <- W - rate * (factor * gradient of the mean loss + penalty * W)``; the loss that is recorded has
    the penalty ``l2``.
    """
    data = make(DataSpec("blobs", n=n, n_classes=3, noise=noise, seed=0))
    W, b = np.zeros((2, 3)), np.zeros(3)
    losses, norms = np.full(steps + 1, np.nan), np.full(steps + 1, np.nan)
    for step in range(steps + 1):
        loss, grad_W, grad_b = loss_and_gradient(data.X, data.y, W, b)
        losses[step] = loss + 0.5 * l2 * float(np.square(W).sum())
        norms[step] = float(np.sqrt(np.square(W).sum()))
        if not losses[step] < LARGEST:
            break
        W = W - rate * (factor * grad_W + penalty * W)
        b = b - rate * factor * grad_b
    return Descent(losses, norms)


def averaging(wrong: bool) -> None:
    """Averaging the loss but not the gradient plots one function and descends another."""
    with frame.aside():
        n = controls.slider("slips_n", _("Points n"), 10, 300, 60, 10)
        rate = controls.select_slider("slips_rate", _("Learning rate"), RATES, 0.1, format_func=rate_text)
    right_run = descend(n, rate, STEPS, OVERLAPPING)
    slope, drop = _first_slope(n)
    good, bad = sides(wrong)
    with good:
        st.latex(
            r"\begin{gathered} L = \frac{1}{n} \sum_i L_i \\ \nabla L = \frac{1}{n} \sum_i x_i (p_i - y_i) \end{gathered}"
        )
        st.latex(rf"\frac{{\partial L}}{{\partial W_{{11}}}} = {tex(slope, 4)}")
        st.markdown(
            _("Measured on the plotted curve: **{slope}**. It is the same function.").format(
                slope=number(drop, 4)
            )
        )
    curves = {_("mean gradient"): right_run.loss}
    if bad:
        with bad:
            st.latex(
                r"\begin{gathered} L = \frac{1}{n} \sum_i L_i \\ g = \sum_i x_i (p_i - y_i) \end{gathered}"
            )
            st.latex(rf"g_{{11}} = {n} \cdot {signed(slope, 4)} = {tex(n * slope)}")
            st.markdown(_("**{n} times** the slope of the plotted curve: the learning rate is really {rate}. Take twice as many points and it doubles again.").format(n=n, rate=rate_text(n * rate)))  # fmt: skip
        curves[_("summed gradient")] = descend(n, rate, STEPS, OVERLAPPING, factor=float(n)).loss
    chart(lines(np.arange(STEPS + 1), curves, _("step"), _("mean loss (nats)"), dark=is_dark()), key="slips_mean_chart", alt=_("Loss over the steps"))  # fmt: skip
    with frame.aside():
        where("mean", "sample", "n", "grad", "summed", "W")


@lru_cache(maxsize=64)
def _first_slope(n: int) -> tuple[float, float]:
    """Return dL/dW[0, 0] at zero weights, by the formula and by a central difference of the loss."""
    data = make(DataSpec("blobs", n=n, n_classes=3, noise=OVERLAPPING, seed=0))
    W, b, h = np.zeros((2, 3)), np.zeros(3), 1e-5
    move = np.zeros_like(W)
    move[0, 0] = h
    up, down = (loss_and_gradient(data.X, data.y, W + sign * move, b)[0] for sign in (1, -1))
    return float(loss_and_gradient(data.X, data.y, W, b)[1][0, 0]), (up - down) / (2 * h)


def penalty(wrong: bool) -> None:
    """L2 adds lambda W to the gradient; it is no factor on it."""
    strength = controls.select_slider("slips_lambda", _("Strength λ"), LAMBDAS, 0.1, format_func=rate_text)
    steps, rate = 300, 0.5
    right_run = descend(60, rate, steps, APART, l2=strength, penalty=strength)
    good, bad = sides(wrong)
    with good:
        st.latex(
            rf"\begin{{gathered}} W \leftarrow W - \eta\left(\nabla L + \lambda W\right) \\ \lambda = {tex(strength, 2)} \end{{gathered}}"
        )
        st.markdown(_("The penalty pulls every weight towards 0. After {steps} steps ‖W‖ = **{norm}**, {growth} more than ten steps before.").format(steps=steps, norm=number(float(right_run.norm[-1])), growth=number(float(right_run.norm[-1] - right_run.norm[-11]))))  # fmt: skip
    curves = {_("λ W added"): right_run.norm}
    if bad:
        slipped = descend(60, rate, steps, APART, factor=1.0 + strength)
        curves[_("λ as a factor")] = slipped.norm
        with bad:
            st.latex(
                rf"\begin{{gathered}} W \leftarrow W - \eta\,(1 + \lambda)\,\nabla L \\ 1 + \lambda = {tex(1 + strength, 2)} \end{{gathered}}"
            )
            st.markdown(_("Only the learning rate has changed, from {rate} to {other}. Nothing pulls the weights back: after {steps} steps ‖W‖ = **{norm}**, {growth} more than ten steps before.").format(rate=rate_text(rate), other=rate_text(rate * (1 + strength)), steps=steps, norm=number(float(slipped.norm[-1])), growth=number(float(slipped.norm[-1] - slipped.norm[-11]))))  # fmt: skip
    chart(lines(np.arange(steps + 1), curves, _("step"), "‖W‖", dark=is_dark()), key="slips_norm", alt=_("Size of the weights over the steps"))  # fmt: skip
    with frame.aside():
        where("W", "grad", "lambda", "eta", "norm")
