"""The panel of one step: one sample on its way through the network and back, every number with what it comes from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from instruments.training_stage import current_unit
from locales import _
from softmax_core.network import DIFFERENCE, LayerBreakdown, NetworkBreakdown, break_down
from softmax_core.training import TrainConfig, loss_of
from softmax_core.validation import Float64Array
from ui.training.lessons import named, stage_key
from ui.training.panels.breakdown import in_product, point_slider
from ui.training.session import Run
from ui.training.stage import class_names
from ui.widgets import controls
from ui.widgets.show import class_mark, in_sentence, number, table

Rows = list[list[str]]
SOFTMAX = "<i>e</i><sup><i>z</i></sup> / Σ <i>e</i><sup><i>z</i></sup>"


def choose_point(run: Run) -> int:
    """Show the controls of the point and of the direction; return the point's index among the training points."""
    point = point_slider(run)
    ways = {"forward": _("Forward: the loss"), "backward": _("Backward: the gradient")}
    controls.segmented(named("way"), _("Direction"), ways, "forward", label_visible=False)
    return point


def one_step(run: Run, step: int, i: int) -> None:
    """Show the numbers of training point ``i`` at the playhead, in the chosen direction, through the unit chosen on the stage."""
    path = run.trajectory
    config = path.config_at(step)
    parts = break_down(loss_of(run.train, config, run.features), path.thetas[step], i)
    names, label = class_names(run.data), int(run.train.y[i])
    st.caption(
        _("Step {step}, point {i} at {place}, truly {name}; standardised it is *x* = {x}.").format(
            step=step, i=i, place=_place(run.train.X[i]), name=names[label], x=_place(parts.layers[0].inputs)
        )
    )
    chosen = current_unit(stage_key())
    unit = chosen - 1 if 1 <= chosen <= config.hidden else 0
    marks = [class_mark(k, str(k)) for k in range(len(names))]
    head = ["", _("comes from"), _("value")]
    is_backward = st.session_state.get(named("way")) == "backward"
    if is_backward:
        table([*head, _("measured")], _backward(parts, unit, marks, config), folds=False)
    else:
        table(head, _forward(parts, unit, marks, config, label), folds=False)
    st.caption("  \n".join(_rules_backward(config) if is_backward else _rules_forward(config)))  # a line each


def _rules_forward(config: TrainConfig) -> list[str]:
    if not config.hidden:
        return [_("[1] is the only layer: without hidden units this is softmax regression.")]
    return [
        _("[1] is the hidden layer, [2] the one behind it."),
        _("Every *z* is a weighted sum of what comes in, plus a bias: *z* = *aW* + *b*. The hidden layer then bends it: *a* = *g*(*z*)."),
    ]  # fmt: skip


def _rules_backward(config: TrainConfig) -> list[str]:
    """Return the rules of backpropagation in words and letters, from the last layer to the first."""
    measured = _("*dz* stands for ∂L/∂z, and so on. “Measured” is how the loss of this point changes when that number alone moves up and down by {h}, without any formula.").format(h=number(DIFFERENCE))  # fmt: skip
    if not config.hidden:
        return [
            _("A weight's gradient is what comes in times the *dz* it leads to: dW = *x*ᵀ dz. A bias's gradient is that *dz* itself."),
            measured,
        ]  # fmt: skip
    through = {
        "tanh": _("Its *dz* is that times the slope of tanh there, 1 − *a*²."),
        "sigmoid": _("Its *dz* is that times the slope of the sigmoid there, *a*(1 − *a*)."),
        "relu": _("Its *dz* is that times the slope of ReLU there: 1 where *z* > 0, else 0."),
        "softmax": _("Softmax mixes the units, so the *dz* of one needs the *da* of all."),
    }[config.activation]  # fmt: skip
    return [
        _("[1] is the hidden layer, [2] the one behind it, and the way goes back from [2] to [1]."),
        _("A weight's gradient is what comes in times the *dz* it leads to: dW[2] = a[1]ᵀ dz[2]. A bias's gradient is that *dz* itself."),
        _("A unit's *da* gathers every *dz* behind it, each times the weight on the way: da[1] = dz[2] W[2]ᵀ."),
        through,
        _("Then the first rule holds again: dW[1] = *x*ᵀ dz[1]."),
        measured,
    ]  # fmt: skip


def _place(x: Float64Array) -> str:
    return f"({', '.join(number(float(value), 2) for value in x)})"


def _in_layer(letter: str, layer: int, whose: str) -> str:
    return f"<i>{letter}</i><sup>[{layer}]</sup> {whose}"


def _some(values: Float64Array) -> str:
    texts = [number(float(value), 2) for value in values]
    return ", ".join(texts if len(texts) <= 4 else [*texts[:3], "…", texts[-1]])


def _terms(factors: Sequence[tuple[float, float]], rest: float | None = None) -> str:
    """Write a sum of products; of a long one only the first."""
    texts = [f"{number(a, 3)} · {in_product(w, 3)}" for a, w in factors]
    texts = texts if len(texts) <= 2 else [texts[0], "…"]
    return " + ".join([*texts, *([] if rest is None else [in_product(rest, 3)])])


def _sum(layer: LayerBreakdown, unit: int) -> str:
    return _terms(list(zip(layer.inputs, layer.W[:, unit], strict=True)), float(layer.b[unit]))


def _forward(parts: NetworkBreakdown, j: int, marks: list[str], config: TrainConfig, label: int) -> Rows:
    *hidden, last = parts.layers
    rows, unit = [], f"u{j + 1}"
    for layer in hidden:
        z, a = layer.z[j], layer.a
        of_z = {
            "tanh": f"tanh {number(z, 3)}", "relu": f"max(0, {number(z, 3)})",
            "sigmoid": f"1 / (1 + <i>e</i><sup>{number(-z, 3)}</sup>)", "softmax": SOFTMAX,
        }[config.activation]  # fmt: skip
        rows += [
            [_in_layer("z", 1, unit), _sum(layer, j), number(z, 3)],
            [_in_layer("a", 1, unit), of_z, in_sentence(a[j], 3)],
            [_in_layer("a", 1, _("all")), _some(a), ""],
        ]
    softmax = SOFTMAX if config.output == "softmax" else f"sigmoid({SOFTMAX})"
    loss = f"−log {in_sentence(last.a[label], 4)}" if parts.target[label] == 1 else "−Σ <i>y</i> log <i>p</i>"
    return [
        *rows,
        *([_in_layer("z", len(parts.layers), m), _sum(last, k), number(last.z[k], 3)] for k, m in enumerate(marks)),
        *([f"<i>p</i> {m}", softmax, in_sentence(last.a[k], 3)] for k, m in enumerate(marks)),
        ["<i>L</i>", loss, number(parts.loss, 4)],
    ]  # fmt: skip


def _backward(parts: NetworkBreakdown, j: int, marks: list[str], config: TrainConfig) -> Rows:
    """Return a row for every gradient on the way to unit ``j`` and its weights, or to all weights where there is no unit."""
    *hidden, last = parts.layers
    xs, unit = [f"<i>x</i><sub>{i + 1}</sub>" for i in range(2)], f"u{j + 1}"
    rows, weights = [], [(last, i, k, xs[i], mark) for i in range(2) for k, mark in enumerate(marks)]
    for k, mark in enumerate(marks):
        gap = f"<i>p</i> − <i>y</i> = {in_sentence(last.a[k], 3)} − {number(parts.target[k], 2)}"
        text = gap if config.output == "softmax" else _("through sigmoid and softmax")
        rows.append(
            [
                _in_layer("dz", len(parts.layers), mark),
                text,
                number(last.dz[k], 4),
                number(last.numeric_z[k], 4),
            ]
        )
    for layer in hidden:
        a, da = layer.a[j], number(layer.da[j], 4)
        through = {
            "tanh": f"{da} · (1 − {in_product(a, 3)}²)", "relu": f"{da} · {int(layer.z[j] > 0)}",
            "sigmoid": f"{da} · {number(a, 3)} · (1 − {number(a, 3)})", "softmax": "<i>a</i> · (<i>da</i> − Σ <i>a da</i>)",
        }[config.activation]  # fmt: skip
        rows += [
            [
                _in_layer("da", 1, unit),
                _terms(list(zip(last.dz, last.W[j], strict=True))),
                da,
                number(layer.numeric_a[j], 4),
            ],
            [_in_layer("dz", 1, unit), through, number(layer.dz[j], 4), number(layer.numeric_z[j], 4)],
        ]
        weights = [(layer, i, j, x, unit) for i, x in enumerate(xs)]
        weights += [(last, j, k, unit, mark) for k, mark in enumerate(marks)]
    return rows + [
        [
            f"<i>dw</i> {source} → {target}", f"{number(layer.inputs[i], 3)} · {in_product(layer.dz[q], 4)}",
            number(layer.dW[i, q], 4), number(layer.numeric_W[i, q], 4),
        ]
        for layer, i, q, source, target in weights
    ]  # fmt: skip
