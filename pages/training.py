"""Training: a softmax regression on two features, under one playhead."""

from dataclasses import replace

import streamlit as st

from instruments.training_stage import current_step, hand
from locales import _
from ui import (
    frame,
    glossary,
    lesson,
    takeaway_load,
    training_branch,
    training_edits,
    training_panels,
    training_quick,
    training_story,
    training_upload,
)
from ui.controls import segmented
from ui.race import choose_rivals, race
from ui.stage import class_names, feature_names, view_from_link
from ui.takeaway import takeaway
from ui.training_controls import MOST_STEPS, choose_training
from ui.training_data import choose_data
from ui.training_features import choose_features
from ui.training_panels_curves import curves
from ui.training_panels_diagnostics import diagnostics
from ui.training_panels_landscape import landscape
from ui.training_plan import Plan, Stretch, legs_of
from ui.training_remarks import comment, ending, stable_rates_caption, within_limits
from ui.training_run import Run, run, shape_of, with_features

STAGE, RACE = "training_stage", "training_race"
PANELS = {
    "curves": curves,
    "weights": training_panels.weights,
    "samples": training_panels.samples,
    "diagnostics": diagnostics,
    "landscape": landscape,
}

frame.open_page("training")
st.markdown(
    _(
        "How does a classifier learn? **Press Play**: every step moves each {vector} against its {gradient}, and the regions follow."
    ).format(vector=glossary.term("weight_vector"), gradient=glossary.term("gradient"))
)


@st.fragment
def lesson_body() -> None:
    """Stage, controls and panels: they follow the playhead without running the rest of the page."""
    left, right = st.columns([2.7, 1], gap="medium")
    with left:
        shown = training_quick.answer(STAGE)
    with right:
        modes = {"one": _("One run"), "race": _("Race")}
        mode = segmented("training_mode", _("Stage"), modes, "one", label_visible=False)
        source = choose_data()
        features = choose_features()
        points = training_edits.follow(STAGE, source)
        settings, steps = choose_training(bool(points.test.y.size))
        shape = shape_of(points, features)
        steps = within_limits(steps, shape)

    def train(plan: Plan) -> Run:
        return run(points, with_features(legs_of(plan, steps), features))

    if mode == "race":
        if shown is not None:
            st.rerun()
        with right:
            lanes = choose_rivals(settings)
        with left:
            race(RACE, lanes, lambda one: train((Stretch(0, one),)), race_view)
        return
    with right:
        from_here = segmented("training_change", _("A change counts"), change_modes(), "start") == "here"
        memory = training_branch.follow(
            STAGE, f"{source.name} {features}", settings, current_step(STAGE), from_here, shape,
            hand(STAGE, *shape),
        )  # fmt: skip
        training_upload.download(points, class_names(source.data), feature_names(source.data))
        result = takeaway_load.settle(STAGE, memory, train(memory.plan), train)
        ghost = train(memory.ghost) if memory.ghost else None
        stable_rates_caption(result)
    compared, below = st.container(), st.container()
    panels = {
        "curves": _("Loss and accuracy"), "story": _("One step, slowly"), "weights": _("Weights"),
        "samples": _("Points"), "diagnostics": _("Diagnostics"), "landscape": _("Landscape"),
        "takeaway": _("Take it away"),
    }  # fmt: skip
    with below:
        chosen = segmented("training_panel", _("Look closer"), panels, "curves", label_visible=False)
        point = training_story.choose_point(result) if chosen == "story" else None
    with left:
        focus = None if point is None else training_story.on_stage(result, point)
        plans = [
            with_features(legs_of(p, steps), features) if p else None for p in (memory.plan, memory.ghost)
        ]
        scene = training_quick.Scene(source.name, source, plans[0] or (), plans[1], view, focus)
        step = training_quick.mount(STAGE, scene, shown, result, ghost, training_edits.for_stage(points))
        training_edits.remarks(points)
        ending(result)
        comment(result)
        if len(memory.plan) > 1 or memory.plan[0].weights is not None:
            st.button(
                _("Start again without changes on the way"),
                on_click=training_branch.start_again,
                args=(STAGE,),
            )
    if ghost is not None:
        with compared, st.expander(_("Compared with the run before"), expanded=False):
            training_branch.compare(STAGE, result, ghost, step)
    with below:
        if point is not None:
            held = [leg for leg in legs_of(memory.plan, steps) if leg.at <= step][-1].config
            training_story.story(result, step, point, replace(held, features=features))
        elif chosen == "takeaway":
            takeaway(STAGE, memory.plan, result, step)
        else:
            PANELS[chosen](result, step)


def change_modes() -> dict[str, str]:
    """Return what a change of a setting does to the run."""
    return {"start": _("from the start"), "here": _("from here")}


def preset(**values: object) -> None:
    """Set controls for a link or a button."""
    st.session_state.update({f"training_{name}": value for name, value in values.items()})


view = view_from_link(STAGE, MOST_STEPS)
race_view = view_from_link(RACE, MOST_STEPS)
training_branch.plans_from_link(STAGE)
lesson_body()
lesson.try_this(
    [
        (
            _("Three points, 1,000 steps at rate 0.1: the loss must end at 0.0845."),
            _("Show"),
            lambda: preset(data="three_points", rate=0.1, steps=1000, l2=0, start="zeros"),
        ),
        (
            _("A learning rate of 20: what happens to the loss, and why?"),
            _("Show"),
            lambda: preset(data="blobs", rate=20.0, steps=300),
        ),
        (
            _("Iris: which two species does a straight line not part?"),
            _("Show"),
            lambda: preset(data="iris", rate=0.1, steps=1000),
        ),
    ]
)
glossary.symbols("residual", "weight", "bias", "gradient", "learning_rate", "l2", "loss", "accuracy")
lesson.takeaway(
    _(
        "One step: W − rate · Xᵀ(P − Y) / n. Points whose p is far from y pull; points that are already right are left alone."
    )
)
frame.close_page()
