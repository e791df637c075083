"""Training: a softmax regression on two features, under one playhead."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from instruments.training_stage import current_step, hand
from locales import _
from ui import (
    frame,
    glossary,
    lesson,
    takeaway_load,
    training_branch,
    training_edits,
    training_quick,
    training_story,
    training_upload,
)
from ui.controls import segmented
from ui.race import choose_rivals, race
from ui.stage import class_names, feature_names, view_from_link
from ui.training_closer import choose_panel, panel
from ui.training_controls import MOST_STEPS
from ui.training_jobs import Pending
from ui.training_plan import Stretch
from ui.training_remarks import comment, ending, stable_rates_caption
from ui.training_setup import Setup, choose_setup
from ui.training_waiting import waiting

STAGE, RACE = "training_stage", "training_race"

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
        place = st.empty()
        shown = training_quick.answer(STAGE)
    try:
        with right:
            modes = {"one": _("One run"), "race": _("Race")}
            mode = segmented("training_mode", _("Stage"), modes, "one", label_visible=False)
            setup = choose_setup(STAGE)
        if mode == "one":
            one_run(left, right, setup, shown)
        elif shown is not None:
            st.rerun()
        else:
            side_by_side(left, right, setup)
    except Pending as pending:
        with place.container():
            waiting(pending.job)
        if mode == "one" and shown is None:
            with left:
                training_quick.again(STAGE)


def side_by_side(left: DeltaGenerator, right: DeltaGenerator, setup: Setup) -> None:
    """Up to four runs under one playhead."""
    with right:
        lanes = choose_rivals(setup.settings)
    with left:
        race(RACE, lanes, lambda settings: setup.train((Stretch(0, settings),)), race_view)


def one_run(
    left: DeltaGenerator, right: DeltaGenerator, setup: Setup, shown: training_quick.Scene | None
) -> None:
    """One run and the run before, on the stage and in the panels."""
    source = setup.source
    with right:
        from_here = segmented("training_change", _("A change counts"), change_modes(), "start") == "here"
        memory = training_branch.follow(
            STAGE, f"{source.name} {setup.features}", setup.settings, current_step(STAGE), from_here,
            setup.shape, hand(STAGE, *setup.shape),
        )  # fmt: skip
        training_upload.download(setup.points, class_names(source.data), feature_names(source.data))
        result = takeaway_load.settle(STAGE, memory, setup.train(memory.plan), setup.train)
        ghost = setup.train(memory.ghost) if memory.ghost else None
        stable_rates_caption(result)
    compared, below = st.container(), st.container()
    with below:
        chosen = choose_panel()
        point = training_story.choose_point(result) if chosen == "story" else None
    with left:
        focus = None if point is None else training_story.on_stage(result, point)
        before = setup.legs(memory.ghost) if memory.ghost else None
        scene = training_quick.Scene(source.name, source, setup.legs(memory.plan), before, view, focus)
        edits = training_edits.for_stage(setup.points)
        step = training_quick.mount(STAGE, scene, shown, result, ghost, edits)
        training_edits.remarks(setup.points)
        ending(result)
        comment(result)
        training_branch.offer_start_again(STAGE)
    if ghost is not None:
        with compared, st.expander(_("Compared with the run before"), expanded=False):
            training_branch.compare(STAGE, result, ghost, step)
    with below:
        panel(chosen, STAGE, setup, memory.plan, result, step, point)


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
