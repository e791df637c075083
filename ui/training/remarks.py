"""What the Training page says of a run: why it ended, and what the learning rate did."""

from __future__ import annotations

import math

import streamlit as st

from locales import _
from softmax_core.training import MOST_BYTES, most_steps
from ui.training.optimum import facts, plain_rate, wait_for
from ui.training.run import Run, forget_stopped
from ui.widgets.show import number, rate_text


def within_limits(steps: int, shape: tuple[int, int]) -> int:
    """Return the steps asked for, or as many as fit into 20 MB with a sentence that says so.

    ``shape`` is (features, classes) of the model.
    """
    most = most_steps(*shape)
    if steps > most:
        st.warning(
            _(
                "{steps} steps of {features} features and {classes} classes would take more than {size} MB. The run is cut to {most} steps."
            ).format(
                steps=steps, features=shape[0], classes=shape[1], size=MOST_BYTES // 1_000_000, most=most
            )
        )
    return min(steps, most)


def ending(result: Run) -> None:
    """Say why a run ended before its last step."""
    ended = result.trajectory.stopped
    if ended is None or ended.code == "step_limit":
        return
    if ended.code == "validation_loss":
        st.info(
            _(
                "Stopped at step {step}: the test loss was best at step {best} and has not improved since."
            ).format(step=ended.step, best=ended.best)
        )
    elif ended.code == "gradient_norm":
        st.info(_("Stopped at step {step}: the gradient is as short as you asked.").format(step=ended.step))
    else:
        st.info(_("Stopped at step {step} by you: what was done is kept.").format(step=ended.step))
        st.button(_("Compute the whole run"), key="training_whole", on_click=forget_stopped, args=(result,))


def stable_rates_caption(result: Run) -> None:
    """Say up to which learning rate plain gradient descent is stable, at the start and at the optimum."""
    known = facts(result)
    best = "…"
    if wait_for(known):
        best = rate_text(known.stable_rate) if math.isfinite(known.stable_rate) else "∞"
    st.caption(
        _("2 / curvature: **{start}** at the start, **{best}** at the optimum").format(
            start=rate_text(result.stable_rate), best=best
        ),
        help=_(
            "Gradient descent is stable where its learning rate is below 2 / curvature. Above the number at the optimum it cannot settle there. Where the data are separable the optimum lies at infinity, all is flat there, and any rate settles in the end."
        ),
    )


def comment(result: Run) -> None:
    """Say what the learning rate did, where it did harm."""
    path = result.trajectory
    rises, top = round(path.rising_share * path.steps), number(float(path.loss.max()))
    if path.divergence is not None:
        lost = path.divergence.step
        st.warning(
            _("The numbers overflowed at step {step}: the run is shown up to there.").format(step=lost)
        )
    rate, known = plain_rate(path.config), facts(result)
    best = known.stable_rate if known.is_ready() else math.inf
    numbers = {
        "rate": rate_text(rate or 0.0), "stable": rate_text(result.stable_rate), "best": rate_text(best),
        "rises": rises, "steps": path.steps, "top": top,
    }  # fmt: skip
    if rate is not None and rate > best:
        st.warning(
            _(
                "The learning rate {rate} is above 2 / curvature = {best} at the optimum: gradient descent cannot settle there, a step leaps across the valley and lands higher on the other side. Here {rises} of {steps} steps raised the loss, up to {top}."
            ).format(**numbers)
        )
    elif rate is not None and rate > result.stable_rate and rises:
        st.warning(
            _(
                "The learning rate {rate} is above 2 / curvature = {stable} at the start: a step leaps across the valley and can land higher on the other side. Here {rises} of {steps} steps raised the loss, up to {top}. Where the valley is flatter the run can still settle."
            ).format(**numbers)
        )
    elif path.outcome != "fell" and rate is not None:
        st.warning(
            _(
                "{rises} of {steps} steps raised the loss: the curvature grew on the way and made this learning rate too large."
            ).format(**numbers)
        )
