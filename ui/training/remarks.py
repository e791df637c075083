"""What the page says about a run: why it ended, and whether its learning rate was too large."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from locales import _, joined
from ui.training.optimum import PATIENCE, optimum_search, plain_rate, show_search
from ui.training.run import LONGEST, forget_stopped
from ui.training.session import Run
from ui.widgets.show import number, percent, rate_text
from ui.widgets.ties import all_tie, counted_as


def ending(run: Run) -> None:
    """Say why a run ended before its last step."""
    ended = run.trajectory.stopped
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
    elif run.overdue:
        st.info(
            _(
                "Stopped at step {step}: a run may take {seconds} seconds of computing, because others use this server too. What was done is kept."
            ).format(step=ended.step, seconds=LONGEST)
        )
    else:
        st.info(_("Stopped at step {step} by you: what was done is kept.").format(step=ended.step))
        st.button(_("Compute the whole run"), key="training_whole", on_click=forget_stopped, args=(run,))


def tie(run: Run, step: int) -> None:
    """Say how a point is counted where all classes tie, as at step 0 of a run from zero weights."""
    if all_tie(np.vstack([run.trajectory.W[step], run.trajectory.b[step]])):
        told = _("At step {step} all classes tie: p = 1/{K} everywhere.").format(
            step=step, K=run.data.n_classes
        )
        st.caption(joined(told, counted_as()))


def fewer_right(run: Run, step: int) -> None:
    """Where an earlier step had more points right at a higher loss: say how both can be."""
    path = run.trajectory
    best = int(path.accuracy[: step + 1].argmax())
    before, now = percent(float(path.accuracy[best])), percent(float(path.accuracy[step]))
    if path.accuracy[best] > path.accuracy[step] and before != now and path.loss[best] > path.loss[step]:
        st.caption(
            _(
                "Since step {step} the loss has fallen, and the accuracy too: from {before} to {now}. Accuracy only counts the points that are right; the loss also asks how sure the model is of each."
            ).format(step=best, before=before, now=now)
        )


def stable_rates_caption(run: Run) -> None:
    """Say up to which learning rate plain gradient descent is stable, at the start and at the optimum."""
    search = optimum_search(run)
    found = search.is_ready(PATIENCE, watched=True)
    best = search.stable_rate_text if found else "…"
    st.caption(
        _(
            "Largest stable learning rate (2 / curvature): **{start}** at the start, **{best}** at the optimum (optional)"
        ).format(start=rate_text(run.stable_rate), best=best),
        help=_(
            "Curvature says how fast the slope of the loss changes: it is its largest second derivative. Gradient descent is stable where its learning rate is below 2 / curvature. Above the number at the optimum it cannot settle there. Where the data are separable the optimum lies at infinity, all is flat there, and any rate settles in the end."
        ),
    )
    if not found:
        show_search(search, "settings")


def overflow(run: Run) -> None:
    """Warn where the numbers overflowed."""
    lost = run.trajectory.divergence
    if lost is not None:
        st.warning(
            _("The numbers overflowed at step {step}: the run is shown up to there.").format(step=lost.step)
        )


def too_large(run: Run) -> None:
    """Warn where the numbers overflowed or the learning rate was too large."""
    path = run.trajectory
    rises, top = round(path.rising_share * path.steps), number(float(path.loss.max()))
    overflow(run)
    rate, search = plain_rate(path.config), optimum_search(run)
    best = search.stable_rate if rate is not None and search.is_ready() else math.inf
    numbers = {
        "rate": rate_text(rate or 0.0), "stable": rate_text(run.stable_rate), "best": rate_text(best),
        "rises": rises, "steps": path.steps, "top": top,
    }  # fmt: skip
    if rate is not None and rate > best:
        st.warning(
            _(
                "The learning rate {rate} is above 2 / curvature = {best} at the optimum: gradient descent cannot settle there. Near it a step leaps across the valley and can land higher on the other side. Here {rises} of {steps} steps raised the loss, up to {top}."
            ).format(**numbers)
        )
    elif rate is not None and rate > run.stable_rate and rises:
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
