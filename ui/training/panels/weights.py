"""The panels of the Training page, each about the step at the playhead."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import streamlit as st

from locales import _
from softmax_core.training import objective_of
from softmax_core.validation import Float64Array
from ui import escape
from ui.training import remarks
from ui.training.optimum import optimum_search
from ui.training.session import Run
from ui.training.stage import class_names, feature_names
from ui.widgets.cells import no_formula
from ui.widgets.show import class_mark, number, table


def weights(run: Run, step: int) -> None:
    """W, b and their gradients at the playhead."""
    path = run.trajectory
    names = class_names(run.data)
    features = [escape.html(name) for name in run.features.basis.names(tuple(feature_names(run.data)))]
    head = [*(f"<i>w</i>: {name}" for name in features), "<i>b</i>"]
    gradient = [*(f"∂<i>L</i>/∂<i>w</i>: {name}" for name in features), "∂<i>L</i>/∂<i>b</i>"]
    _by_class(names, head, path.W[step], path.b[step])
    _by_class(names, gradient, without_rounding(path.grad_W[step]), without_rounding(path.grad_b[step]))
    rate = optimum_search(run, step).stable_rate_at(path.thetas[step])
    curvature = significant(2 / rate)
    st.caption(
        _("Step {step}: the largest curvature of the loss here is {curvature}, so a learning rate below 2 / {curvature} = {rate} is stable here. Curvature is how fast the slope changes.").format(
            step=step, curvature=curvature, rate=number(rate) if math.isinf(rate) else significant(2 / float(curvature))
        )
    )  # fmt: skip


def without_rounding(slopes: Float64Array) -> Float64Array:
    """Return slopes with 0 where nothing is left but the rounding of a mean that cancels, such as -4.3e-17."""
    return np.where(np.abs(slopes) < 1e-15 * max(1.0, float(np.abs(slopes).max())), 0.0, slopes)


def significant(x: float) -> str:
    """Write a positive number with four digits, so that what is computed from the printed one agrees."""
    if not 0 < x < math.inf:
        return number(x)
    return f"{x:.{max(0, 3 - math.floor(math.log10(x)))}f}"


def _by_class(names: list[str], head: list[str], W: Float64Array, b: Float64Array) -> None:
    """Show the numbers of every class; the classes are the rows unless there are more features than classes."""
    marks = [class_mark(k, name) for k, name in enumerate(names)]
    cells = [[number(float(x), 4) for x in row] for row in (*W, b)]
    if len(cells) > len(marks):
        table(["", *marks], [[name, *row] for name, row in zip(head, cells, strict=True)])
    else:
        columns = zip(*cells, strict=True)
        table(["", *head], [[mark, *row] for mark, row in zip(marks, columns, strict=True)])


def samples(run: Run, step: int) -> None:
    """Logits, probabilities and loss of every point; the table can be downloaded, so no cell is a formula."""
    path = run.trajectory
    theta = path.thetas[step]
    parts = [optimum_search(run, step).objective]
    if run.test.y.size:
        parts.append(objective_of(run.test, path.config_at(step), run.features))
    X, y = np.vstack([run.train.X, run.test.X]), np.r_[run.train.y, run.test.y]
    Z = np.vstack([part.A @ theta for part in parts])
    P = np.vstack([part.probabilities(theta).T for part in parts])
    losses = np.concatenate([part.sample_losses(theta) for part in parts])
    names, features = class_names(run.data), feature_names(run.data)
    # What one looks for stands first, where the column shows it; the rest is reached by scrolling.
    shown: list[tuple[str, object]] = [
        (_("class"), [no_formula(names[k]) for k in y]),
        (_("loss"), losses),
        (_("right"), Z.argmax(axis=1) == y),
        *((no_formula(name), X[:, i]) for i, name in enumerate(features)),
        *((f"p {name}", P[:, k]) for k, name in enumerate(names)),
        *((f"z {name}", Z[:, k]) for k, name in enumerate(names)),
    ]
    if run.is_test.any():
        shown.append((_("test point"), np.arange(y.size) >= run.train.y.size))
    columns: dict[str, object] = {}
    for name, values in shown:
        while name in columns:  # a reader's feature may be called "loss"
            name += "′"
        columns[name] = values
    frame = pd.DataFrame(columns)
    formats = {
        name: st.column_config.NumberColumn(format="%.4f", width=72)
        for name in frame.columns
        if frame[name].dtype == float
    }
    st.dataframe(frame, key="training_samples", height=480, column_config=formats)
    remarks.tie(run, step)
    st.caption(
        _(
            "Click a column heading to sort: the largest loss shows which point pulls hardest. Scroll right for *p* and *z*."
        )
    )
