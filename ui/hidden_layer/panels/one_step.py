"""The panel of one step: one sample on its way through the network and back, every number with what it comes from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from instruments.training_stage import current_unit
from locales import _
from softmax_core.network import DIFFERENCE, LayerBreakdown, break_down
from softmax_core.training import loss_of
from softmax_core.validation import Float64Array
from ui.training.lessons import named, stage_key
from ui.training.panels.breakdown import point_slider
from ui.training.session import Run
from ui.training.stage import class_names
from ui.widgets import controls
from ui.widgets.show import class_mark, in_sentence, number, table

Rows = list[list[str]]


def choose_point(run: Run) -> int:
    """Show the controls of the point and of the direction; return the point's index among the training points."""
    point = point_slider(run)
    ways = {"forward": _("Forward: the loss"), "backward": _("Backward: the gradient")}
    controls.segmented(named("way"), _("Direction"), ways, "forward", label_visible=False)
    return point


def one_step(run: Run, step: int, i: int) -> None:
    """Show the numbers of training point ``i`` at the playhead, in the chosen direction, through the unit chosen on the stage."""
    path = run.trajectory
    parts = break_down(loss_of(run.train, path.config_at(step), run.features), path.thetas[step], i)
    names, label = class_names(run.data), int(run.train.y[i])
    st.caption(
        _("Step {step}, point {i} at {place}, truly {name}; standardised it is *x* = {x}.").format(
            step=step, i=i, place=_place(run.train.X[i]), name=names[label], x=_place(parts.layers[0].inputs)
        )
    )
    *hidden, last = parts.layers
    chosen = current_unit(stage_key())
    j = chosen - 1 if 1 <= chosen <= path.config.hidden else 0
    marks = [class_mark(k, str(k)) for k in range(len(names))]
    if st.session_state.get(named("way")) == "backward":
        rows = _output_gradient(last, parts.target, marks, path.config.output)
        rows += _of_hidden(hidden[0], last, j, path.config.activation) if hidden else []
        rows += _of_weights([*hidden, last], j, marks)
        table(["", _("comes from"), "", "Δ<i>L</i>/Δ<i>w</i>"], rows, folds=False)
        st.caption(
            _("ΔL/Δw moves the weight up and down by {h} and measures how the loss of this point changes. It knows nothing of the formulas beside it.").format(h=number(DIFFERENCE))
        )  # fmt: skip
        return
    rows = []
    if hidden:
        a = hidden[0].a
        rows += [
            [_sub("z", j), _sum(hidden[0], j), number(hidden[0].z[j], 3)],
            [_sub("a", j), _of_z(path.config.activation, hidden[0], j), in_sentence(a[j], 3)],
            [f"{_('all')} <i>a</i>", _some(a), ""],
        ]
    rows += [[f"<i>z</i> {mark}", _sum(last, k), number(last.z[k], 3)] for k, mark in enumerate(marks)]
    softmax = "<i>e</i><sup><i>z</i></sup> / Σ <i>e</i><sup><i>z</i></sup>"
    softmax = softmax if path.config.output == "softmax" else f"sigmoid({softmax})"
    rows += [[f"<i>p</i> {mark}", softmax, in_sentence(last.a[k], 3)] for k, mark in enumerate(marks)]
    rows.append(["<i>L</i>", f"−log {in_sentence(last.a[label], 3)}", number(parts.loss, 4)])
    table(["", _("comes from"), ""], rows, folds=False)


def _place(x: Float64Array) -> str:
    return f"({', '.join(number(float(value), 2) for value in x)})"


def _sub(letter: str, j: int) -> str:
    return f"<i>{letter}</i><sub>{j + 1}</sub>"


def _some(values: Float64Array) -> str:
    texts = [number(float(value), 2) for value in values]
    return ", ".join(texts if len(texts) <= 4 else [*texts[:3], "…", texts[-1]])


def _signed(x: float, digits: int = 2) -> str:
    text = number(x, digits)
    return f"({text})" if text.startswith("−") else text


def _terms(factors: Sequence[tuple[float, float]], rest: float | None = None) -> str:
    """Write a sum of products; of a long one only the first."""
    texts = [f"{number(a, 2)} · {_signed(w)}" for a, w in factors]
    texts = texts if len(texts) <= 2 else [texts[0], "…"]
    return " + ".join([*texts, *([] if rest is None else [_signed(rest)])])


def _sum(layer: LayerBreakdown, unit: int) -> str:
    return _terms(list(zip(layer.inputs, layer.W[:, unit], strict=True)), float(layer.b[unit]))


def _of_z(activation: str, layer: LayerBreakdown, j: int) -> str:
    z = number(layer.z[j], 3)
    return {
        "tanh": f"tanh {z}", "relu": f"max(0, {z})", "sigmoid": f"1 / (1 + <i>e</i><sup>{number(-layer.z[j], 3)}</sup>)",
        "softmax": "<i>e</i><sup><i>z</i></sup> / Σ <i>e</i><sup><i>z</i></sup>",
    }[activation]  # fmt: skip


def _output_gradient(last: LayerBreakdown, target: Float64Array, marks: list[str], output: str) -> Rows:
    twice = _("through sigmoid and softmax")
    return [
        [
            f"<i>dz</i> {mark}",
            f"<i>p</i> − <i>y</i> = {in_sentence(last.a[k], 3)} − {number(target[k], 2)}" if output == "softmax" else twice,
            number(last.dz[k], 4), "",
        ]
        for k, mark in enumerate(marks)
    ]  # fmt: skip


def _of_hidden(first: LayerBreakdown, last: LayerBreakdown, j: int, activation: str) -> Rows:
    a, da = first.a[j], first.da[j]
    slope = {
        "tanh": f"(1 − {number(a, 3)}²)", "relu": "1" if first.z[j] > 0 else "0",
        "sigmoid": f"{number(a, 3)} · (1 − {number(a, 3)})",
    }.get(activation)  # fmt: skip
    through = f"{_sub('a', j)} · ({_sub('da', j)} − Σ <i>a da</i>)"
    return [
        [_sub("da", j), _terms(list(zip(last.dz, last.W[j], strict=True))), number(da, 4), ""],
        [_sub("dz", j), through if slope is None else f"{number(da, 4)} · {slope}", number(first.dz[j], 4), ""],
    ]  # fmt: skip


def _of_weights(layers: Sequence[LayerBreakdown], j: int, marks: list[str]) -> Rows:
    """Return a row for every weight into and out of unit ``j``, or into every class where there is no unit."""
    *hidden, last = layers
    into = [(hidden[0], i, j, f"<i>x</i><sub>{i + 1}</sub> → {j + 1}") for i in range(2)] if hidden else []
    out = [
        (last, i, k, f"{j + 1} → {mark}" if hidden else f"<i>x</i><sub>{i + 1}</sub> → {mark}")
        for i in ([j] if hidden else range(2))
        for k, mark in enumerate(marks)
    ]
    return [
        [
            f"<i>dw</i> {name}", f"{number(layer.inputs[i], 3)} · {_signed(layer.dz[q], 4)}",
            number(layer.dW[i, q], 4), number(layer.numeric_W[i, q], 4),
        ]
        for layer, i, q, name in (*into, *out)
    ]  # fmt: skip
