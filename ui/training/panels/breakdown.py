"""The panel of one step: the numbers behind what the stage tells of one point, of all points, and of the update."""

from __future__ import annotations

import numpy as np
import streamlit as st

from instruments.training_stage import PHASES, told
from locales import _, joined
from softmax_core.training import StepBreakdown, break_down
from softmax_core.validation import Float64Array
from ui import escape
from ui.frame import sharing
from ui.training.lessons import named, stage_key
from ui.training.session import Run
from ui.training.stage import class_names, feature_names
from ui.widgets import controls
from ui.widgets.formulas import tex
from ui.widgets.show import class_mark, number, share, table

NOISE = 1e-12  # of the largest input: what is smaller is left over from sums that cancel, and is shown as 0

# Phases of links that were passed on before the stage told the story.
_FORMER = {
    "forward": "pull", "loss": "pull", "residual": "pull", "contribution": "pull", "gradient": "mean", "update": "move",
}  # fmt: skip


def choose_point(run: Run) -> int:
    """Show the controls of the point and of the phase; return the point's index among the training points."""
    point = point_slider(run)
    if sharing.brings(named("phase")):
        key = named("phase")
        st.session_state[key] = sharing.settled(
            key, st.session_state.get(key, PHASES[0]), parse=_phase_of_link, label=_("Phase of the step")
        )
    names = {
        "pull": _("1 Pull of the point"), "all": _("2 All pulls"), "mean": _("3 Their mean"),
        "move": _("4 Update"), "swing": _("5 The border follows"),
    }  # fmt: skip
    row = controls.following(st.segmented_control, told(stage_key())[0])
    controls.segmented(
        named("phase"), _("Phase of the step"), names, PHASES[0], label_visible=False, widget=row
    )
    return point


def point_slider(run: Run) -> int:
    """Show the slider that follows the point chosen on the stage; return its index among the training points."""
    last = run.train.y.size - 1
    slider = controls.following(st.slider, told(stage_key())[0], "value")
    return min(
        controls.slider(named("point"), _("Training point"), 0, max(last, 1), 0, 1, widget=slider), last
    )


def _phase_of_link(text: str) -> str:
    return PHASES[PHASES.index(_FORMER.get(text, text))]


def on_stage(run: Run, i: int) -> int:
    """Return training point ``i`` as the stage counts points, test points included."""
    return int(np.flatnonzero(~run.is_test)[i])


def breakdown(run: Run, step: int, i: int) -> None:
    """Show the numbers of the chosen phase for training point ``i``.

    In the last phase the playhead stands behind the step already: it is the step before that is told. At the end of the
    run there is no update any more, so it is the last one that is told.
    """
    phase = str(st.session_state.get(named("phase"), PHASES[0]))
    if phase == "swing":
        st.markdown(
            _(
                "On the border the logits of two classes are equal. The step has changed the logits, so it moves."
            )
        )
    ends = step >= run.trajectory.steps
    if phase == "swing" or ends:
        step = max(0, step - 1)
    if ends:
        st.caption(
            _("The run ends here: this is its last update, from step {from} to step {to}.").format_map(
                {"from": step, "to": step + 1}
            )
        )
    parts = break_down(run.trajectory, run.train, step, i)
    {"pull": _pull, "all": _mean, "mean": _mean, "move": _update, "swing": _loss_after}[phase](run, parts)
    if phase != "swing":
        st.caption(_("Shown rounded, worked out with all digits: the last digit of a sum may differ."))


def _pull(run: Run, parts: StepBreakdown) -> None:
    names = class_names(run.data)
    # Two tables, each as narrow as the column: how z comes about, and what follows from it.
    logits = [
        [
            class_mark(k, names[k]), _products(parts.features, parts.W[:, k]), number(float(parts.b[k])),
            number(float(parts.logits[k])),
        ]
        for k in range(len(names))
    ]  # fmt: skip
    pulls = [
        [
            class_mark(k, names[k]), share(float(parts.probabilities[k])), number(float(parts.target[k])),
            share(float(parts.residual[k])), _vector(-parts.sample_grad_W[:, k], parts),
        ]
        for k in range(len(names))
    ]  # fmt: skip
    table(["", "<i>x</i> · <i>w</i>", "<i>b</i>", "<i>z</i>"], logits, marked=parts.label)
    head = ["", "<i>p</i>", "<i>y</i>", "<i>p</i> − <i>y</i>", _("pull: −(<i>p</i> − <i>y</i>) <i>x</i>")]
    table(head, pulls, marked=parts.label)
    pairs = zip(feature_names(run.data), parts.inputs, strict=True)
    place = _(", ").join(f"{escape.markdown(name)} = {number(float(value), 2)}" for name, value in pairs)
    st.caption(_("The point: {place}. Its class is the row that stands out.").format(place=place))
    p = float(parts.probabilities[parts.label])
    if parts.target[parts.label] == 1:
        st.latex(rf"-\sum_j y_j \log p_j = -\log {tex(p, 4)} = {tex(parts.loss, 4)}")
    else:
        st.latex(rf"-\sum_j y_j \log p_j = {tex(parts.loss, 4)}")
    mean = float(run.trajectory.loss[parts.step])
    st.markdown(
        _(
            "The loss of the run at this step, the mean over all training points with its penalties, is **{mean}**."
        ).format(mean=number(mean, 4))
    )


def in_product(x: float, digits: int = 2) -> str:
    """Write a factor: a negative one in parentheses."""
    text = number(x, digits)
    return f"({text})" if text.startswith("−") else text


def _products(x: Float64Array, w: Float64Array) -> str:
    """Write a sum of products; a narrow column breaks it before a plus."""
    pairs = zip(x[:2], w[:2], strict=True)
    terms = [f"{in_product(float(a), 3)}·{in_product(float(c), 3)}" for a, c in pairs]
    text = " +&nbsp;".join(terms if len(x) <= 2 else [*terms, "…"])
    return f'<span class="breaks">{text}</span>'


def _mean(run: Run, parts: StepBreakdown) -> None:
    names = class_names(run.data)
    st.latex(
        r"-\frac{\partial L}{\partial \mathbf{w}_k} = \frac1n\sum_i -(p_{ik}-y_{ik})\,\mathbf{x}_i - \lambda\mathbf{w}_k"
    )
    rows = [
        [
            class_mark(k, names[k]), _vector(-parts.sum_W[:, k], parts), _vector(-parts.penalty_W[:, k], parts),
            _vector(-parts.grad_W[:, k], parts), number(_quiet(-float(parts.grad_b[k]), parts), 4),
        ]
        for k in range(len(names))
    ]  # fmt: skip
    head = [
        "", _("mean of the pulls"), _("penalty: −λ<i>w</i>"), "−∂<i>L</i>/∂<i>w</i>", "−∂<i>L</i>/∂<i>b</i>",
    ]  # fmt: skip
    table(head, rows)
    st.markdown(
        _(
            "{n} training points pull in this step. The mean of their pulls, less the penalty, is −∂L/∂w: the dashed arrow at the tip of each vector."
        ).format(n=len(parts.batch))
    )


def _update(run: Run, parts: StepBreakdown) -> None:
    names = class_names(run.data)
    if parts.change_W is None:  # a run of no steps
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
            class_mark(k, names[k]), _vector(parts.W[:, k], parts), _vector(change[:, k], parts),
            _vector(parts.W[:, k] + change[:, k], parts),
        ]
        for k in range(len(names))
    ]  # fmt: skip
    table(["", _("<i>w</i> before"), _("change"), _("<i>w</i> after")], rows)
    _loss_after(run, parts)


def _loss_after(run: Run, parts: StepBreakdown) -> None:
    path = run.trajectory
    if parts.step >= path.steps:
        return
    before, after = apart(float(path.loss[parts.step]), float(path.loss[parts.step + 1]))
    told = _("The loss goes from {before} to **{after}**.").format(before=before, after=after)
    more = "" if parts.step + 1 == path.steps else _("Next tells the step after this one.")
    st.markdown(joined(told, more))


def apart(before: float, after: float) -> tuple[str, str]:
    """Return two numbers with as many decimals as it takes to tell them apart, from 4 to 8."""
    pairs = [(number(before, d), number(after, d)) for d in range(4, 9)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def _quiet(value: float, parts: StepBreakdown) -> float:
    """Return 0 for what is only the rounding of a sum."""
    return 0.0 if abs(value) < NOISE * max(1.0, float(np.abs(parts.features).max(initial=0.0))) else value


def _vector(values: Float64Array, parts: StepBreakdown) -> str:
    text = ", ".join(number(_quiet(float(v), parts), 4) for v in values[:2])
    return f"({text})" if len(values) <= 2 else f"({text}, …)"
