"""The panel of diagnostics at the playhead: mistakes, confidence, norms, and the probability of a class over the plane."""

from __future__ import annotations

import numpy as np
import streamlit as st

from charts.diagnostics import (
    class_accuracy_bars,
    confusion_heatmap,
    probability_bars,
    probability_surface,
    reliability_diagram,
)
from charts.runs import loss_chart
from locales import _
from softmax_core.datasets import Dataset
from softmax_core.geometry import grid_points
from softmax_core.metrics import (
    accuracy_per_class,
    confusion_matrix,
    norms,
    probability_histogram,
    reliability,
)
from softmax_core.regression import predict_proba
from softmax_core.validation import Float64Array
from ui.training import remarks
from ui.training.optimum import found_or_shown, method_name, optimum_search
from ui.training.session import Run
from ui.training.stage import class_names, feature_names
from ui.widgets import controls
from ui.widgets.show import chart, is_dark, number

COLUMNS, ROWS = 66, 40
LOW = 215  # pixels: two charts stand one below the other beside the stage


def diagnostics(run: Run, step: int) -> None:
    """Show one of four views of the model at the playhead."""
    views = {
        "mistakes": _("Mistakes"), "trust": _("Confidence"), "norms": _("Norms"), "surface": _("Probability of a class"),
    }  # fmt: skip
    parts = {"train": _("training points"), "test": _("test points")}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        view = controls.segmented("training_diagnosis", _("View"), views, "mistakes")
        if run.test.y.size and view in ("mistakes", "trust"):
            part = controls.segmented("training_part", _("Counted on"), parts, "train")
        else:
            part = "train"
    data = run.test if part == "test" else run.train
    {"mistakes": _mistakes, "trust": _trust, "norms": _norms, "surface": _surface}[view](run, step, data)


def probabilities(run: Run, step: int, X: Float64Array) -> Float64Array:
    """Return the probabilities (n, K) that the model of a step gives to inputs (n, 2)."""
    path = run.trajectory
    features = X if path.features is None else path.features.transform(X)
    return predict_proba(features, path.W[step], path.b[step])


def _mistakes(run: Run, step: int, data: Dataset) -> None:
    names = class_names(run.data)
    P = probabilities(run, step, data.X)
    counts = confusion_matrix(data.y, P.argmax(axis=1), data.n_classes)
    remarks.tie(run, step)
    st.markdown(f"**{_('Confusion matrix')}**")
    chart(
        confusion_heatmap(counts, names, is_dark()).update_layout(height=LOW),
        key="training_confusion", alt=_("How often each class was predicted as each class"),
    )  # fmt: skip
    st.markdown(f"**{_('Accuracy per class')}**")
    chart(
        class_accuracy_bars(accuracy_per_class(counts), counts.sum(axis=1), names, is_dark()).update_layout(height=LOW),
        key="training_class_accuracy", alt=_("Share of each class that was recognised"),
    )  # fmt: skip
    right_ones, n = int(np.trace(counts)), int(counts.sum())
    st.caption(
        _("Step {step}: {right} of {n} right, {share} %. Off the diagonal stand the mistakes.").format(
            step=step, right=right_ones, n=n, share=number(100 * right_ones / max(n, 1), 1)
        )
    )


def _trust(run: Run, step: int, data: Dataset) -> None:
    P = probabilities(run, step, data.X)
    calibration, bars = reliability(P, data.y), probability_histogram(P, data.y)
    st.markdown(f"**{_('Reliability')}**: ECE = {number(calibration.error)}")
    chart(
        reliability_diagram(
            calibration.edges, calibration.count, calibration.confidence, calibration.accuracy, is_dark()
        ).update_layout(height=LOW),
        key="training_reliability", alt=_("Accuracy against confidence"),
    )  # fmt: skip
    st.markdown(f"**{_('Probability of the true class')}**")
    chart(
        probability_bars(bars.edges, bars.right, bars.wrong, is_dark()).update_layout(height=LOW),
        key="training_histogram", alt=_("How many points give their true class how much probability"),
    )  # fmt: skip
    st.caption(
        _(
            "Of the points that the model is 80 % sure of, 80 % should be right: bars on the dotted line. The expected calibration error (ECE) is the mean distance between bar and dash, weighted by the points in each bin."
        )
    )


def _norms(run: Run, step: int, data: Dataset) -> None:
    path, search = run.trajectory, optimum_search(run)
    log_scale = controls.toggle("training_norms_log", _("Logarithmic norms"))
    lost = None if path.divergence is None else path.divergence.step
    sizes = {"weight": norms(path.W, path.b), "gradient": norms(path.grad_W, path.grad_b)}
    titles = {"weight": _("Norm of W and b"), "gradient": _("Norm of the gradient")}
    for key, values in sizes.items():
        st.markdown(f"**{titles[key]}**: {number(float(values[step]), 4)}")
        figure = loss_chart({titles[key]: values}, step, log_scale, is_dark(), lost, title=titles[key])
        figure.update_layout(uirevision=f"{key}-{log_scale}", height=LOW)
        chart(figure, key=f"training_norm_{key}", alt=titles[key])
    if not found_or_shown(search, "norms"):
        return
    if search.separable:
        st.info(
            _(
                "A linear model separates these data, and there is no penalty: **the optimum lies at infinity**. Twice the weights are always better, so the norm grows for ever, ever more slowly, from {start} to {here} at the playhead and {end} at the end. An L2 penalty would hold it."
            ).format(
                start=number(float(sizes["weight"][0])),
                here=number(float(sizes["weight"][step])),
                end=number(float(sizes["weight"][-1])),
            )
        )
    elif not search.optimum.at_infinity:
        best = norms(search.optimum.W[np.newaxis], search.optimum.b[np.newaxis])[0]
        st.caption(
            _("At the optimum the gradient is 0. The weights found there by {method} have the norm {norm}.").format(
                method=method_name(search.optimum), norm=number(float(best))
            )
        )  # fmt: skip


def _surface(run: Run, step: int, data: Dataset) -> None:
    names = class_names(run.data)
    options = {str(k): name for k, name in enumerate(names)}
    k = int(controls.segmented("training_surface_class", _("Class shown"), options, "0", own_names=True))
    cells = grid_points(run.box, COLUMNS, ROWS)
    p = probabilities(run, step, cells)[:, k].reshape(ROWS, COLUMNS)
    chart(
        probability_surface(p, run.box, data.X, data.y, k, feature_names(run.data), is_dark()),
        key="training_surface", alt=_("Probability of one class over the plane"),
    )  # fmt: skip
    st.caption(
        _("Step {step}. The lines join places of equal probability, 10 % apart; where they are close the model changes its mind quickly.").format(step=step)
    )  # fmt: skip
