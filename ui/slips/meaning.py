"""Errors about what a model says, each beside what is right: sure far from the data, one-vs-rest, right answers, weights read alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import streamlit as st

from instruments.logit_board import BoardState
from locales import _
from softmax_core.datasets import Dataset, DataSpec, make
from softmax_core.functional import sigmoid, softmax
from softmax_core.losses import cross_entropy, cross_entropy_gradient
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, train
from softmax_core.validation import Float64Array, one_hot
from ui.frame import frame
from ui.slips.sides import scaled, sides
from ui.widgets import controls
from ui.widgets.formulas import where
from ui.widgets.logit_board import class_names, shown_names
from ui.widgets.show import class_mark, class_rows, number, share, table

DATA = DataSpec("blobs", n=60, n_classes=3, noise=0.9, seed=0)
CONFIG = TrainConfig(GradientDescent(0.5), steps=200, l2=0.01)
DISTANCES = [1, 2, 5, 10, 100]
SHIFTS = [-5.0, -2.0, -1.0, 0.0, 1.0, 2.0, 5.0]


@cache
def fitted() -> tuple[Dataset, Float64Array, Float64Array]:
    """Return sixty points of three classes, and the weights (2, 3) and biases (3,) of a model trained on them."""
    data = make(DATA)
    run = train(data, CONFIG)
    return data, run.W[-1], run.b[-1]


def far(wrong: bool) -> None:
    """A linear model is the surer the farther a point lies from the border, even where there are no data at all."""
    data, W, b = fitted()
    factor = controls.select_slider("slips_distance", _("Distance from the origin, times"), DISTANCES, 10)
    good, bad = sides(wrong)
    start = data.X[data.y == 0].mean(axis=0)
    names = class_names()[:3]
    with good:
        rows = []
        for times in sorted({1, factor}):
            x = times * start
            p = softmax(x @ W + b)
            rest, nearest = float(np.sort(p)[:-1].sum()), nearest_point(x, data.X)
            rows.append(
                [
                    f"({number(float(x[0]), 1)}, {number(float(x[1]), 1)})",
                    number(float(p.max())),
                    number(rest),
                    number(nearest, 2),
                ]
            )
        table(
            ["<i>x</i>", _("largest p"), _("1 − largest p"), _("distance to the nearest training point")],
            rows,
        )
        st.markdown(_("Farther out p only grows, because z = XW + b grows with the distance from the border. Ask **how far the nearest training point is** before you believe p."))  # fmt: skip
    if bad:
        x = factor * start
        with bad:
            winner = int(np.argmax(x @ W + b))
            st.markdown(_("“p = {p}, so the model knows this point well.”").format(p=number(surest(x, W, b))))
            st.html(f"<p>{class_mark(winner, names[winner])}</p>")
            st.markdown(_("The model has never seen anything within {distance} units of it. Probabilities of softmax are not calibrated truth: they say on which side of the border a point lies, and how far.").format(distance=number(nearest_point(x, data.X), 1)))  # fmt: skip
    with frame.aside():
        where("W", names=names)


def surest(x: Float64Array, W: Float64Array, b: Float64Array) -> float:
    """Return the largest probability of ``softmax(x W + b)``."""
    return float(softmax(x @ W + b).max())


def nearest_point(x: Float64Array, X: Float64Array) -> float:
    """Return the distance from x to the nearest row of X."""
    return float(np.sqrt(np.square(X - x).sum(axis=1)).min())


def one_vs_rest(state: BoardState, wrong: bool) -> None:
    """K sigmoids answer K yes-or-no questions; their numbers are no distribution over classes."""
    z, names = scaled(state), shown_names(state)
    p, yes = softmax(z), sigmoid(z)
    good, bad = sides(wrong)
    with good:
        table(
            ["", "softmax(<i>z</i>)"], [*class_rows(names, (p,)), ["Σ", f"<b>{number(float(p.sum()))}</b>"]]
        )
        st.markdown(_("**Which one** of the classes? They compete: what one gains, the others lose."))
    if bad:
        with bad:
            table(
                ["", "σ(<i>z</i>)"], [*class_rows(names, (yes,)), ["Σ", f"<b>{number(float(yes.sum()))}</b>"]]
            )
            st.markdown(_("One sigmoid for each class asks {count} separate questions, “this class or not?”, and the sum is {total}. That is right where several labels may be true at once; for one class out of many it is no distribution.").format(count=len(names), total=number(float(yes.sum()))))  # fmt: skip


def right(state: BoardState, wrong: bool) -> None:
    """A right answer still has a loss and a gradient: only p = 1 would end both, and no finite logits give it."""
    z, t, names = scaled(state), state.target, shown_names(state)
    p = softmax(z)
    good, bad = sides(wrong)
    loss, slope = float(cross_entropy(z, t)), float(cross_entropy_gradient(z, t)[t])
    answer = int(np.argmax(z))
    head = [_("answer"), "<i>p</i>", "∂<i>L</i>/∂<i>z</i>", "<i>L</i>"]
    mark, shown = class_mark(answer, names[answer]), share(float(p[t]))
    with good:
        table(head, [[mark, shown, number(slope, 4), number(loss, 4)]])
        if answer == t:
            st.markdown(_("The answer is right, and the loss is not 0: the logits are still pulled apart. It would be 0 only at p = 1, which no finite logits reach. So on data that a line can part training never ends: the weights grow for ever, ever more slowly."))  # fmt: skip
        else:
            st.markdown(
                _("This answer is wrong. Make the score of the true class the largest, then compare.")
            )
    if bad:
        with bad:
            wrong_loss = zero_one(z, t)
            table(head, [[mark, shown, "0", number(wrong_loss, 0)]])
            st.markdown(_("“Right is right: a right answer costs nothing, so there is nothing more to learn.” That is the share of mistakes, another number: it jumps from 1 to 0 and has no slope to follow."))  # fmt: skip


def zero_one(z: Float64Array, t: int) -> float:
    """Return the zero-one loss: 0 where the largest score is that of the true class, else 1."""
    return float(int(np.argmax(z)) != t)


def maximum(state: BoardState, wrong: bool) -> None:
    """Softmax gives every class a share; the maximum gives all to one. They meet where one score is far ahead."""
    z, names = scaled(state), shown_names(state)
    p, top = softmax(z), one_hot(np.argmax(z, keepdims=True), len(z))[0]
    good, bad = sides(wrong)
    with good:
        table(["", "softmax(<i>z</i>)"], class_rows(names, (p,)))
        st.markdown(_("Every class keeps a share, and each of the shares follows the scores smoothly, so it has a slope to train with. Ten times the scores bring softmax near to the maximum. “Soft arg max” would be a better name."))  # fmt: skip
    if bad:
        with bad:
            table(["", "arg max(<i>z</i>)"], class_rows(names, (top,)))
            st.markdown(_("“Softmax picks the largest score.” Picking is what comes after it. This column stays as it is while you move a score a little: nothing to train with, and nothing that says how sure the model is."))  # fmt: skip


def unique(wrong: bool) -> None:
    """The same vector added to the weights of every class changes no probability, so a weight alone means nothing."""
    data, W, b = fitted()
    c = controls.select_slider("slips_moved", _("Add c to the first weight of every class"), SHIFTS, 2.0)
    moved = shifted_weights(W, c)
    names = class_names()[:3]
    good, bad = sides(wrong)
    gap = float(np.abs(softmax(data.X @ moved + b) - softmax(data.X @ W + b)).max())
    first = class_mark(0, names[0])
    with good:
        rows = [[f"{class_mark(k, names[k])} − {first}", number(float(W[0, k] - W[0, 0])), number(float(moved[0, k] - moved[0, 0]))] for k in (1, 2)]  # fmt: skip
        table([_("difference of weights"), "<i>c</i> = 0", f"<i>c</i> = {number(c, 0)}"], rows)
        st.markdown(_("Only **differences** between classes count. Over all {n} points no p moves by more than {gap}.").format(n=len(data.y), gap=number(gap)))  # fmt: skip
    if bad:
        with bad:
            table([_("first weight of"), "<i>c</i> = 0", f"<i>c</i> = {number(c, 0)}"], class_rows(names, (W[0], moved[0])))  # fmt: skip
            st.markdown(_("“The weight is positive, so this feature speaks for the class.” Both columns belong to the same model, and the signs differ as you please: W is not unique."))  # fmt: skip


def shifted_weights(W: Float64Array, c: float) -> Float64Array:
    """Return W with c added to the first weight of every class: ``softmax(XW + b)`` stays as it is."""
    moved = W.copy()
    moved[0] += c
    return moved
