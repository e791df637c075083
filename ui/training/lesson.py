"""The Training page: its controls, one run or several side by side, remarks on a run, and the panels."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from instruments.training_stage import StageView, current_step, hand
from locales import _
from softmax_core.features import FeatureMap
from softmax_core.training import Segment
from ui.training import edits, plan, saved, stage, upload
from ui.training.controls import choose_features, choose_training
from ui.training.data import choose_data
from ui.training.export import takeaway
from ui.training.optimum import is_ready_or_rerun, optimum_search, plain_rate
from ui.training.panels import breakdown, weights
from ui.training.panels.curves import curves
from ui.training.panels.diagnostics import diagnostics
from ui.training.panels.landscape import landscape
from ui.training.points import Points
from ui.training.race import choose_rivals, race, show_results
from ui.training.run import forget_stopped, run_of, shape_of, within_limits
from ui.training.session import STAGE, Mounted, Plan, Run
from ui.training.settings import Settings
from ui.widgets.controls import segmented
from ui.widgets.show import number, rate_text


@dataclass(frozen=True)
class Setup:
    """What the controls ask for.

    Parameters
    ----------
    shape
        (features, classes): what weights must fit.
    beside_rate
        The place beside the learning rate, where the largest stable one is named.
    """

    points: Points
    features: FeatureMap
    settings: Settings
    steps: int
    shape: tuple[int, int]
    beside_rate: DeltaGenerator

    def train(self, wanted: Plan) -> Run:
        """Return the run of a plan on the points; raises `ui.widgets.jobs.Pending` while it is being computed."""
        return run_of(self.points, plan.segments_of(wanted, plan.length(wanted, self.steps), self.features))


def choose_setup() -> Setup:
    """Show the controls of the points and the model; edits that were made on the stage are obeyed."""
    source = choose_data()
    features = choose_features()
    points = edits.follow(source)
    settings, steps, beside_rate = choose_training(bool(points.test.y.size))
    shape = shape_of(points, features)
    return Setup(points, features, settings, within_limits(steps, shape), shape, beside_rate)


def side_by_side(scene: DeltaGenerator, under: DeltaGenerator, setup: Setup, view: StageView) -> None:
    """Show up to four runs under one playhead."""
    with under:
        lanes = choose_rivals(setup.settings)
        results = st.container()
    with scene:
        rows = race(lanes, lambda settings: setup.train((Segment(0, settings),)), view)
    with results:
        show_results(rows)


def one_run(
    scene: DeltaGenerator, under: DeltaGenerator, setup: Setup, view: StageView, answered: Mounted | None
) -> None:
    """Show one run and the run before it, on the stage and in the panels.

    ``answered`` is what `stage.answer_edit` has mounted in this run of the page.
    """
    points = setup.points
    source = points.source
    with under:
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            modes = {"start": _("from the start"), "here": _("from here")}
            from_playhead = segmented("training_change", _("A change counts"), modes, "start") == "here"
            upload.download(points, stage.class_names(source.data), stage.feature_names(source.data))
        memory = plan.follow(
            f"{source.name} {setup.features}", setup.settings, current_step(STAGE), from_playhead,
            setup.shape, hand(STAGE, *setup.shape),
        )  # fmt: skip
        run = saved.put_weights_in_place(memory, setup.train(memory.plan), setup.train)
        ghost = setup.train(memory.ghost) if memory.ghost else None
    with setup.beside_rate:
        _stable_rates_caption(run)
    compared, below = st.container(), st.container()
    with below:
        chosen = _choose_panel()
        point = breakdown.choose_point(run) if chosen == "story" else None
    with scene:
        focus = None if point is None else breakdown.on_stage(run, point)
        now = Mounted(run, ghost, view, focus, edits.for_stage(points))
        step = stage.mount_unless_answered(now, answered)
        edits.show_remarks(points)
        _ending(run)
        _comment(run)
        plan.offer_start_again()
    if ghost is not None:
        with compared, st.expander(_("Compared with the run before"), expanded=False):
            plan.compare(run, ghost, step)
    with below:
        if point is not None:
            breakdown.breakdown(run, step, point)
        elif chosen == "takeaway":
            takeaway(memory.plan, run, step)
        else:
            PANELS[chosen](run, step)


# --- the panels below the stage: one at a time, each about the step at the playhead

PANELS: dict[str, Callable[[Run, int], None]] = {
    "curves": curves,
    "weights": weights.weights,
    "samples": weights.samples,
    "diagnostics": diagnostics,
    "landscape": landscape,
}


def _choose_panel() -> str:
    names = {
        "curves": _("Loss and accuracy"), "story": _("One step, slowly"), "weights": _("Weights"),
        "samples": _("Points"), "diagnostics": _("Diagnostics"), "landscape": _("Landscape"),
        "takeaway": _("Take it away"),
    }  # fmt: skip
    return segmented("training_panel", _("Look closer"), names, "curves", label_visible=False)


# --- remarks on a run


def _ending(run: Run) -> None:
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
    else:
        st.info(_("Stopped at step {step} by you: what was done is kept.").format(step=ended.step))
        st.button(_("Compute the whole run"), key="training_whole", on_click=forget_stopped, args=(run,))


def _stable_rates_caption(run: Run) -> None:
    """Say up to which learning rate plain gradient descent is stable, at the start and at the optimum."""
    search = optimum_search(run)
    best = search.stable_rate_text if is_ready_or_rerun(search) else "…"
    st.caption(
        _("2 / curvature: **{start}** at the start, **{best}** at the optimum").format(
            start=rate_text(run.stable_rate), best=best
        ),
        help=_(
            "Gradient descent is stable where its learning rate is below 2 / curvature. Above the number at the optimum it cannot settle there. Where the data are separable the optimum lies at infinity, all is flat there, and any rate settles in the end."
        ),
    )


def _comment(run: Run) -> None:
    """Warn where the numbers overflowed or the learning rate was too large."""
    path = run.trajectory
    rises, top = round(path.rising_share * path.steps), number(float(path.loss.max()))
    if path.divergence is not None:
        lost = path.divergence.step
        st.warning(
            _("The numbers overflowed at step {step}: the run is shown up to there.").format(step=lost)
        )
    rate, search = plain_rate(path.config), optimum_search(run)
    best = search.stable_rate if search.is_ready() else math.inf
    numbers = {
        "rate": rate_text(rate or 0.0), "stable": rate_text(run.stable_rate), "best": rate_text(best),
        "rises": rises, "steps": path.steps, "top": top,
    }  # fmt: skip
    if rate is not None and rate > best:
        st.warning(
            _(
                "The learning rate {rate} is above 2 / curvature = {best} at the optimum: gradient descent cannot settle there, a step leaps across the valley and lands higher on the other side. Here {rises} of {steps} steps raised the loss, up to {top}."
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
