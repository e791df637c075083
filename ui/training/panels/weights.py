"""The panels of the Training page, each about the step at the playhead."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd
import streamlit as st

from locales import _
from softmax_core.training import objective_of
from ui.training.optimum import optimum_search
from ui.training.session import Run
from ui.training.stage import class_names, feature_names
from ui.widgets.show import class_mark, number, table


def weights(run: Run, step: int) -> None:
    """W, b and their gradients at the playhead."""
    path = run.trajectory
    names = class_names(run.data)
    features = [html.escape(name) for name in run.features.basis.names(tuple(feature_names(run.data)))]
    head = ["", *(f"<i>w</i>: {name}" for name in features), "<i>b</i>"]
    gradient = [*(f"∂<i>L</i>/∂<i>w</i>: {name}" for name in features), "∂<i>L</i>/∂<i>b</i>"]
    rows = [
        [
            class_mark(k, names[k]),
            *(number(float(w), 4) for w in path.W[step, :, k]), number(float(path.b[step, k]), 4),
            *(number(float(g), 4) for g in path.grad_W[step, :, k]), number(float(path.grad_b[step, k]), 4),
        ]
        for k in range(run.data.n_classes)
    ]  # fmt: skip
    table(head + gradient, rows)
    rate = optimum_search(run, step).stable_rate_at(path.thetas[step])
    st.caption(
        _("Step {step}: the largest curvature of the loss here is {curvature}, so a learning rate below 2 / {curvature} = {rate} is stable here.").format(
            step=step, curvature=number(2 / rate), rate=number(rate)
        )
    )  # fmt: skip


def samples(run: Run, step: int) -> None:
    """Logits, probabilities and loss of every point."""
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
    columns: dict[str, object] = {
        features[0]: X[:, 0],
        features[1]: X[:, 1],
        _("class"): [names[k] for k in y],
    }
    columns |= {f"z {name}": Z[:, k] for k, name in enumerate(names)}
    columns |= {f"p {name}": P[:, k] for k, name in enumerate(names)}
    columns |= {_("loss"): losses, _("right"): Z.argmax(axis=1) == y}
    if run.is_test.any():
        columns[_("test point")] = np.arange(y.size) >= run.train.y.size
    frame = pd.DataFrame(columns)
    formats = {
        name: st.column_config.NumberColumn(format="%.4f")
        for name in frame.columns
        if frame[name].dtype == float
    }
    st.dataframe(frame, key="training_samples", height=480, column_config=formats)
    st.caption(_("Click a column heading to sort: the largest loss shows which point pulls hardest."))
