"""The panel of one step: one sample on its way through the network and back, every number with what it comes from."""

from __future__ import annotations

import numpy as np
import streamlit as st

from instruments.training_stage import told
from locales import _
from softmax_core.network import ACTIVATIONS, DIFFERENCE, LayerBreakdown, NetworkBreakdown, break_down
from softmax_core.training import loss_of
from ui.hidden_layer.panels.units import unit_name
from ui.training.lessons import named, stage_key
from ui.training.session import Run
from ui.training.stage import class_names
from ui.widgets import controls
from ui.widgets.formulas import signed, terms, tex
from ui.widgets.show import class_mark, number, table


def choose_point(run: Run) -> int:
    """Show the controls of the point and of the direction; return the point's index among the training points."""
    last = max(run.train.y.size - 1, 1)
    number_told = told(stage_key())[0]
    slider = controls.following(st.slider, number_told, "value")
    point = controls.slider(named("point"), _("Training point"), 0, last, 0, 1, widget=slider)
    ways = {"forward": _("Forward: the scores"), "backward": _("Backward: the gradient")}
    controls.segmented(named("way"), _("Direction"), ways, "forward", label_visible=False)
    return min(point, run.train.y.size - 1)


def one_step(run: Run, step: int, i: int) -> None:
    """Show the numbers of training point ``i`` at the playhead, in the chosen direction."""
    path = run.trajectory
    objective = loss_of(run.train, path.config_at(step), run.features)
    parts = break_down(objective, path.thetas[step], i)
    names, label = class_names(run.data), int(run.train.y[i])
    st.caption(
        _("Step {step}, point {i}: {place}, truly {name}. Standardised, *x* = {x}.").format(
            step=step, i=i, place=_place(run.train.X[i]), name=names[label], x=_place(parts.layers[0].inputs)
        )
    )
    units = path.hidden[0].W.shape[2] if path.hidden else 0
    j = 0
    with controls.shown(units > 1):
        j = min(int(controls.slider(named("unit"), _("Hidden unit"), 1, 16, 1, 1)), max(units, 1)) - 1
    if st.session_state.get(named("way")) == "backward":
        _backward(parts, names, label, j, path.config.activation, path.config.output)
    else:
        _forward(parts, names, label, j, path.config.activation, path.config.output)


def _place(x: np.ndarray) -> str:
    return f"({', '.join(number(float(value), 3) for value in x)})"


def _forward(
    parts: NetworkBreakdown, names: list[str], label: int, j: int, activation: str, output: str
) -> None:
    last = parts.layers[-1]
    if len(parts.layers) > 1:
        first = parts.layers[0]
        rows = [[unit_name(u), number(first.z[u], 3), number(first.a[u], 3)] for u in range(first.z.size)]
        table(["", "<i>z</i>", "<i>a</i> = <i>g</i>(<i>z</i>)"], rows, marked=j, folds=False)
        st.latex(rf"z_{{{j + 1}}} = {_sum(first, j)} = {tex(first.z[j])}")
        st.latex(rf"a_{{{j + 1}}} = {ACTIVATIONS[activation].formula} = {tex(first.a[j])}")
    head = [
        "",
        "<i>z</i>",
        "<i>p</i> = softmax(<i>z</i>)" if output == "softmax" else _("output"),
        "<i>y</i>",
    ]
    rows = [
        [class_mark(k, name), *(number(float(v[k]), 3) for v in (last.z, last.a, parts.target))]
        for k, name in enumerate(names)
    ]
    table(head, rows, marked=label, folds=False)
    st.latex(
        rf"z_{{\text{{{label}}}}} = {_sum(last, label)} = {tex(last.z[label])}, \quad L = -\log {tex(last.a[label])} = {tex(parts.loss)}"
    )


def _sum(layer: LayerBreakdown, unit: int) -> str:
    products = [
        rf"{tex(float(a), 2)} \cdot {signed(float(w), 2)}"
        for a, w in zip(layer.inputs, layer.W[:, unit], strict=True)
    ]
    return terms([*products, signed(float(layer.b[unit]), 2)], most=4)


def _backward(
    parts: NetworkBreakdown, names: list[str], label: int, j: int, activation: str, output: str
) -> None:
    last = parts.layers[-1]
    if output == "softmax":
        st.latex(r"dz = p - y, \qquad dW = a^{\mathsf T} dz")
    marks = [class_mark(k, name) for k, name in enumerate(names)]
    rows = [[mark, number(float(last.dz[k]), 4)] for k, mark in enumerate(marks)]
    table(["", "<i>dz</i>"], rows, marked=label, folds=False)
    weights = [(f"→ {mark}", last, j if len(parts.layers) > 1 else 0, k) for k, mark in enumerate(marks)]
    if len(parts.layers) > 1:
        first = parts.layers[0]
        back = [
            rf"{tex(float(d), 3)} \cdot {signed(float(w), 2)}"
            for d, w in zip(last.dz, last.W[j], strict=True)
        ]
        st.latex(
            rf"da_{{{j + 1}}} = \sum_k dz_k w_{{{j + 1}k}} = {terms(back, most=4)} = {tex(first.da[j], 4)}"
        )
        if activation == "softmax":
            st.latex(
                rf"dz_{{{j + 1}}} = a_{{{j + 1}}}\,(da_{{{j + 1}}} - \sum_k a_k\,da_k) = {tex(first.dz[j], 4)}"
            )
        else:
            st.latex(
                rf"dz_{{{j + 1}}} = da_{{{j + 1}}} \cdot ({ACTIVATIONS[activation].slope}) = {tex(first.dz[j], 4)}"
            )
        weights = [(f"<i>x</i><sub>{i + 1}</sub> →", first, i, j) for i in range(len(first.inputs))] + weights
    rows = [
        [
            where,
            f"{number(float(layer.inputs[i]), 3)} · {number(float(layer.dz[q]), 4)}",
            number(float(layer.dW[i, q]), 5),
            number(float(layer.numeric_W[i, q]), 5),
        ]
        for where, layer, i, q in weights
    ]
    of_unit = _("weight of unit {n}").format(n=j + 1) if len(parts.layers) > 1 else _("weight")
    table([of_unit, "<i>a</i> · <i>dz</i>", "<i>dw</i>", "Δ<i>L</i>/Δ<i>w</i>"], rows, folds=False)
    st.caption(
        _("ΔL/Δw moves the weight by {h} up and down and looks how the loss of this point changes. It knows nothing of the formulas, and agrees.").format(
            h=number(DIFFERENCE)
        )
    )  # fmt: skip
