"""Errors in code, each beside what is right, with the numbers of the board: softmax twice, the wrong axis, an unseen ε."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from instruments.logit_board import BoardState
from locales import _
from softmax_core.functional import sigmoid, softmax, softmax_jacobian
from softmax_core.losses import cross_entropy, cross_entropy_gradient
from softmax_core.network import loss_and_gradient
from softmax_core.validation import Float64Array
from ui.slips.formula import with_epsilon
from ui.slips.sides import scaled, sides
from ui.widgets.logit_board import shown_names
from ui.widgets.show import class_mark, class_rows, number, table


def twice(state: BoardState, wrong: bool) -> None:
    """A loss that expects logits is given probabilities: it takes their softmax once more."""
    z, t, names = scaled(state), state.target, shown_names(state)
    p = np.asarray(softmax(z), dtype=np.float64)
    good, bad = sides(wrong)
    with good:
        st.markdown("`loss = cross_entropy(z, y)  # z: logits`")
        table(["", "<i>p</i>"], class_rows(names, (p,)), marked=t)
        st.markdown(_("Loss **{loss}**, slope for the true logit **{slope}**.").format(loss=number(float(cross_entropy(z, t)), 4), slope=number(float(cross_entropy_gradient(z, t)[t]), 4)))  # fmt: skip
    if bad:
        slope = slope_through_two(z, t)
        with bad:
            st.markdown("`loss = cross_entropy(softmax(z), y)`")
            table(["", "softmax(<i>p</i>)"], class_rows(names, (softmax(p),)), marked=t)
            st.markdown(_("Loss **{loss}**, slope **{slope}**. Probabilities lie between 0 and 1, so the second softmax sees almost equal numbers: with {count} classes the loss can never fall below {floor}, however right the model is.").format(loss=number(float(cross_entropy(p, t)), 4), slope=number(slope, 4), count=len(z), floor=number(lowest_loss_twice(len(z)))))  # fmt: skip


def slope_through_two(z: Float64Array, t: int) -> float:
    """Return the slope of ``-log softmax(softmax(z))_t`` for ``z_t``: ``J(z)^T (softmax(p) - y)`` at t, with p = softmax(z)."""
    p = np.asarray(softmax(z), dtype=np.float64)
    outer = np.asarray(cross_entropy_gradient(p, t), dtype=np.float64)
    return float((softmax_jacobian(z).T @ outer)[t])


def lowest_loss_twice(count: int) -> float:
    """Return the loss of a sure and right model after the second softmax: ``log(1 + (K - 1) / e)`` in nats."""
    return math.log1p((count - 1) / math.e)


def sigmoid_after(state: BoardState, wrong: bool) -> None:
    """A sigmoid after the softmax: the outputs are no distribution, and the loss keeps a rest."""
    z, t, names = scaled(state), state.target, shown_names(state)
    p = np.asarray(softmax(z), dtype=np.float64)
    good, bad = sides(wrong)
    for place, line, outputs, loss, slope in (
        (good, "p = softmax(z)", p, float(cross_entropy(z, t)), float(cross_entropy_gradient(z, t)[t])),
        (bad, "q = sigmoid(softmax(z))", np.asarray(sigmoid(p)), *loss_and_slope_after(z, t)),
    ):
        if place is None:
            continue
        with place:
            st.markdown(f"`{line}`")
            table(["", _("output")], class_rows(names, (outputs,)), marked=t)
            st.markdown(_("Sum of the outputs {sum}. Loss **{loss}**, slope for the true logit **{slope}**.").format(sum=number(float(outputs.sum()), 2), loss=number(loss, 4), slope=number(slope, 4)))  # fmt: skip
    if bad:
        with bad:
            st.markdown(_("The sigmoid of a number from 0 to 1 lies between 0.5 and 0.73: the loss can never fall below {floor}. And the slope is multiplied by p (1 − p): where the model is sure, even of a wrong class, hardly any slope is left.").format(floor=number(math.log1p(math.exp(-1.0)), 4)))  # fmt: skip


def loss_and_slope_after(z: Float64Array, t: int) -> tuple[float, float]:
    """Return ``-log q_t`` with q = sigmoid(softmax(z)), and its slope for z_t: ``-(1 - q_t) * p_t * (1 - p_t)``."""
    layer = [(np.eye(len(z)), np.zeros(len(z)))]
    loss, [(_dW, db)] = loss_and_gradient(z[np.newaxis], [t], layer, output="softmax_sigmoid")
    return loss, float(db[t])


def axis(state: BoardState, wrong: bool) -> None:
    """Softmax over the samples in place of the classes."""
    Z, names = batch(state), shown_names(state)
    good, bad = sides(wrong)
    head = ["", *(class_mark(k, name) for k, name in enumerate(names)), "Σ"]

    def rows(P: Float64Array) -> list[list[str]]:
        body = [
            [
                _("sample {i}").format(i=i + 1),
                *map(number, row.tolist()),
                f"<b>{number(float(row.sum()))}</b>",
            ]
            for i, row in enumerate(P)
        ]
        return [*body, ["Σ", *(number(float(x)) for x in P.sum(axis=0)), ""]]  # fmt: skip

    with good:
        st.markdown(f"`P = softmax(Z, axis=1)  # {_('over the classes')}`")
        table(head, rows(np.asarray(softmax(Z, axis=1), dtype=np.float64)))
        st.markdown(_("One row for each sample: every **row** sums to 1."))
    if bad:
        P = np.asarray(softmax(Z, axis=0), dtype=np.float64)
        with bad:
            st.markdown(f"`P = softmax(Z, axis=0)  # {_('over the samples')}`")
            table(head, rows(P))
            st.markdown(_("Every **column** sums to 1, and the first sample's numbers sum to {total}. No message says so, and each prediction now depends on which other samples are in the batch.").format(total=number(float(P[0].sum()))))  # fmt: skip


def batch(state: BoardState) -> Float64Array:
    """Return three samples: the logits of the board, half of them, and the same moved on by one class.

    With all three moved on by a class each, rows and columns would hold the same numbers and have the same sums.
    """
    z = scaled(state)
    return np.stack([z, z / 2, np.roll(z, 1)])


def seen(state: BoardState, wrong: bool) -> None:
    """An ε that the derivative never sees spoils only the printed loss; one that it sees stops the training."""
    z, t = scaled(state), state.target
    p = float(softmax(z)[t])
    slope = float(cross_entropy_gradient(z, t)[t])
    capped, weak = map(float, with_epsilon(p))
    good, bad = sides(wrong)
    head = ["", _("loss (nats)"), _("slope")]
    with good:
        st.markdown("`loss = logsumexp(z) - z[y]`")
        table(head, [[_("from logits"), number(float(cross_entropy(z, t)), 4), number(slope, 4)]])
        st.markdown(_("Loss and slope fit each other, however wrong the model is."))
    if bad:
        with bad:
            st.markdown("`print(-log(p[y] + 1e-8))`")
            table(
                head,
                [
                    ["<code>grad = p − y</code>", number(capped, 4), number(slope, 4)],
                    ["<code>loss.backward()</code>", number(capped, 4), number(weak, 4)],
                ],
            )
            st.markdown(_("By hand the derivative never sees ε: **only the printed loss** is wrong, and the model still learns. Where the formula with ε is differentiated the slope dies, and the most wrong sample teaches nothing."))  # fmt: skip
