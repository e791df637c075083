"""The panel of one step: the forward pass and gradient of a single point, and the update by all points."""

from __future__ import annotations

import numpy as np
import streamlit as st

from locales import _
from softmax_core.training import StepBreakdown, break_down
from softmax_core.validation import Float64Array
from ui import escape
from ui.training.session import Run
from ui.training.stage import class_names, feature_names
from ui.widgets import controls
from ui.widgets.show import class_mark, number, table


def choose_point(run: Run) -> int:
    """Show the control of the point; return its index among the training points."""
    last = max(run.train.y.size - 1, 1)
    point = controls.slider("training_point", _("Training point"), 0, last, 0, 1)
    return min(point, run.train.y.size - 1)


def on_stage(run: Run, i: int) -> int:
    """Return training point ``i`` as the stage counts points, test points included."""
    return int(np.flatnonzero(~run.is_test)[i])


def breakdown(run: Run, step: int, i: int) -> None:
    """Show one phase of the step at the playhead for training point ``i``."""
    phases = {
        "forward": (_("1 Forward"), _forward), "loss": (_("2 Loss"), _loss), "residual": (_("3 Residual"), _residual),
        "contribution": (_("4 Pull of the point"), _contribution), "gradient": (_("5 Sum of all"), _gradient),
        "update": (_("6 Update"), _update),
    }  # fmt: skip
    show = controls.panel("training_phase", _("Phase of the step"), phases, label_visible=True)
    show(run, break_down(run.trajectory, run.train, step, i))


def _forward(run: Run, parts: StepBreakdown) -> None:
    names = class_names(run.data)
    st.latex(r"z_k = \mathbf{x}\cdot\mathbf{w}_k + b_k \qquad p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}")
    rows = [
        [
            class_mark(k, names[k]), _products(parts.features, parts.W[:, k]), number(float(parts.b[k])),
            number(float(parts.logits[k])), number(float(parts.probabilities[k])),
        ]
        for k in range(len(names))
    ]  # fmt: skip
    table(["", "<i>x</i> · <i>w</i>", "<i>b</i>", "<i>z</i>", "<i>p</i>"], rows, marked=parts.label)
    pairs = zip(feature_names(run.data), parts.inputs, strict=True)
    place = ", ".join(f"{escape.markdown(name)} = {number(float(value), 2)}" for name, value in pairs)
    st.caption(_("The point: {place}. Its class is the row that stands out.").format(place=place))


def _products(x: Float64Array, w: Float64Array) -> str:
    pairs = zip(x[:2], w[:2], strict=True)
    text = " + ".join(f"{number(float(a), 2)} · {number(float(c), 2)}" for a, c in pairs)
    return text if len(x) <= 2 else f"{text} + …"


def _loss(run: Run, parts: StepBreakdown) -> None:
    p = float(parts.probabilities[parts.label])
    if parts.target[parts.label] == 1:
        st.latex(rf"-\log p_y = -\log {number(p, 4)} = {number(parts.loss, 4)}")
    else:
        st.latex(rf"-\sum_k y_k \log p_k = {number(parts.loss, 4)}")
    mean = float(run.trajectory.loss[parts.step])
    st.markdown(
        _(
            "The loss of the run at this step, the mean over all training points with its penalties, is **{mean}**."
        ).format(mean=number(mean, 4))
    )


def _residual(run: Run, parts: StepBreakdown) -> None:
    names = class_names(run.data)
    st.latex(r"\frac{\partial L_i}{\partial z_k} = p_k - y_k")
    columns = (parts.probabilities, parts.target, parts.residual)
    rows = [[class_mark(k, names[k]), *(number(float(c[k])) for c in columns)] for k in range(len(names))]
    table(["", "<i>p</i>", "<i>y</i>", "<i>p</i> − <i>y</i>"], rows, marked=parts.label)


def _contribution(run: Run, parts: StepBreakdown) -> None:
    names = class_names(run.data)
    st.latex(r"\text{pull on } \mathbf{w}_k:\quad -(p_k - y_k)\,\mathbf{x}")
    rows = [
        [class_mark(k, names[k]), number(float(parts.residual[k])), _vector(-parts.pull_W[:, k])]
        for k in range(len(names))
    ]
    table(["", "<i>p</i> − <i>y</i>", "−(<i>p</i> − <i>y</i>) <i>x</i>"], rows, marked=parts.label)
    st.markdown(
        _(
            "Drawn at the point on the stage: it pulls the vector of its own class towards itself and pushes the others away, the harder the more wrong they are."
        )
    )


def _gradient(run: Run, parts: StepBreakdown) -> None:
    names = class_names(run.data)
    st.latex(
        r"\frac{\partial L}{\partial \mathbf{w}_k} = \frac1n\sum_i (p_{ik}-y_{ik})\,\mathbf{x}_i + \lambda\mathbf{w}_k"
    )
    rows = [
        [
            class_mark(k, names[k]), _vector(parts.sum_W[:, k]), _vector(parts.penalty_W[:, k]),
            _vector(parts.grad_W[:, k]), number(float(parts.grad_b[k]), 4),
        ]
        for k in range(len(names))
    ]  # fmt: skip
    head = ["", _("mean of the pulls"), _("penalty"), "∂<i>L</i>/∂<i>w</i>", "∂<i>L</i>/∂<i>b</i>"]
    table(head, rows)
    st.markdown(
        _(
            "Each of the {n} training points has its say; the mean of their pulls is the dashed arrow at the tip of each vector."
        ).format(n=len(parts.batch))
    )


def _update(run: Run, parts: StepBreakdown) -> None:
    path, names = run.trajectory, class_names(run.data)
    if parts.change_W is None:
        st.info(_("This is the last step of the run: there is no update after it."))
        return
    if parts.learning_rate is None:
        st.markdown(_("The new weights, as the optimiser computed them:"))
    else:
        rate = f"{parts.learning_rate:.3g}"
        st.latex(
            rf"\mathbf{{w}}_k \leftarrow \mathbf{{w}}_k - {rate}\,\frac{{\partial L}}{{\partial \mathbf{{w}}_k}}"
        )
        st.caption(
            _(
                "This is plain gradient descent; other optimisers change the direction and the length of the step."
            )
        )
    change = parts.change_W
    rows = [
        [
            class_mark(k, names[k]), _vector(parts.W[:, k]), _vector(change[:, k]),
            _vector(parts.W[:, k] + change[:, k]),
        ]
        for k in range(len(names))
    ]  # fmt: skip
    table(["", _("<i>w</i> before"), _("change"), _("<i>w</i> after")], rows)
    before, after = float(path.loss[parts.step]), float(path.loss[parts.step + 1])
    st.markdown(
        _(
            "The loss goes from {before} to **{after}**. Press Step forward and the story begins again."
        ).format(before=number(before, 4), after=number(after, 4))
    )


def _vector(values: Float64Array) -> str:
    text = ", ".join(number(float(v), 4) for v in values[:2])
    return f"({text})" if len(values) <= 2 else f"({text}, …)"
