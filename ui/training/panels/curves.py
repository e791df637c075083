"""The panel of loss and accuracy over the run, with the best possible loss."""

from __future__ import annotations

import numpy as np
import streamlit as st

from charts.runs import accuracy_chart, loss_chart
from locales import _, joined
from ui.training import remarks
from ui.training.lessons import named
from ui.training.optimum import PATIENCE, OptimumSearch, method_name, optimum_search, show_search
from ui.training.session import Run
from ui.widgets import controls
from ui.widgets.show import chart, is_dark, number

LOW = 205  # pixels: two charts stand one below the other beside the stage
ROUNDING = 4e-16  # a gap below this share of the loss is rounding, and is shown as none


def curves(run: Run, step: int) -> None:
    """Loss and accuracy over the run, and how far the loss is from the best possible.

    Nobody knows the best possible loss of a network.
    """
    path = run.trajectory
    search = None if path.config.is_network else optimum_search(run, step)
    best = search.optimum.loss if search and search.is_ready(PATIENCE, watched=True) else None
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        log_scale = controls.toggle(named("log"), _("Logarithmic loss"))
        with controls.shown(search is not None):
            gap = controls.toggle(
                named("gap"), _("Distance to the optimum"),
                help=_("Draws loss − optimum: on the logarithmic axis a straight line is a gap that shrinks by the same factor at every step."),
            )  # fmt: skip
    gap = gap and search is not None
    accuracies = {_("training"): path.accuracy}
    if run.test_accuracy is not None:
        accuracies[_("test")] = run.test_accuracy
    lost = None if path.divergence is None else path.divergence.step
    st.markdown(f"**{_('Loss − optimum') if gap else _('Loss')}**")
    if gap and best is not None:
        figure = loss_chart(
            {_("training"): distance(path.loss, best)}, step, log_scale, is_dark(), lost,
            title=_("loss − optimum (nats)"),
        )  # fmt: skip
    else:
        losses = {_("training"): path.loss}
        if run.test_loss is not None:
            losses[_("test")] = run.test_loss
        figure = loss_chart(losses, step, log_scale, is_dark(), lost, best=best)
    chart(figure.update_layout(height=LOW), key="training_loss", alt=_("Loss over the steps"))
    st.markdown(f"**{_('Accuracy')}**")
    chart(
        accuracy_chart(accuracies, step, is_dark(), lost).update_layout(height=LOW),
        key="training_accuracy", alt=_("Accuracy over the steps"),
    )  # fmt: skip
    remarks.tie(run, 0)  # where both curves begin
    remarks.fewer_right(run, step)
    if search is None:
        return
    if best is None:
        show_search(search, "curves")
    else:
        st.markdown(_sentence(search, float(path.loss[step]), step))


def distance(loss: np.ndarray, best: float) -> np.ndarray:
    """Return loss - best, with 0 for what is rounding."""
    gap = loss - best
    return np.where(np.abs(gap) <= ROUNDING * max(abs(best), 1.0), 0.0, gap)


def _sentence(search: OptimumSearch, loss: float, step: int) -> str:
    optimum = search.optimum
    gap = float(distance(np.array([loss]), optimum.loss)[0])
    text = _("**Distance to the best possible** at step {step}: {loss} − {best} = **{gap}** nats.").format(
        step=step, loss=number(loss, 4), best=number(optimum.loss, 4), gap=number(gap, 4)
    )
    if optimum.at_infinity:
        why = _(
            "No finite weights reach it: **the optimum lies at infinity**, larger weights are always a little better."
        )
    elif optimum.is_rounded:
        why = _(
            "The inputs are so large beside their spread that rounding blurs every score: standardise them to reach it."
        )
    elif optimum.converged:
        why = _("The optimum was found by {method} in {count} iterations.").format(
            method=method_name(optimum), count=optimum.iterations
        )
    else:
        why = _(
            "{method} has not come to an end in {count} iterations: the best possible may be a little lower still."
        ).format(method=method_name(optimum), count=optimum.iterations)
    return joined(text, why)
