"""One run on the Training page, or several side by side: the stage, what stands under it, and the panels."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from instruments.training_stage import StageView, current_step, hand
from locales import _
from ui.training import branch, load, quick, upload
from ui.training import edits as training_edits
from ui.training.closer import choose_panel, panel
from ui.training.panels import breakdown
from ui.training.plan import Stretch
from ui.training.race import choose_rivals, race, show_results
from ui.training.remarks import comment, ending, stable_rates_caption
from ui.training.setup import Setup
from ui.training.stage import class_names, feature_names
from ui.widgets.controls import segmented

STAGE, RACE = "training_stage", "training_race"


def side_by_side(scene: DeltaGenerator, under: DeltaGenerator, setup: Setup, view: StageView) -> None:
    """Up to four runs under one playhead."""
    with under:
        lanes = choose_rivals(setup.settings)
        results = st.container()
    with scene:
        rows = race(RACE, lanes, lambda settings: setup.train((Stretch(0, settings),)), view)
    with results:
        show_results(rows)


def one_run(
    scene: DeltaGenerator, under: DeltaGenerator, setup: Setup, view: StageView,
    shown: quick.Scene | None,
) -> None:  # fmt: skip
    """One run and the run before, on the stage and in the panels; ``shown`` is what an edit has put there already."""
    source = setup.source
    with under:
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            from_here = segmented("training_change", _("A change counts"), change_modes(), "start") == "here"
            upload.download(setup.points, class_names(source.data), feature_names(source.data))
        memory = branch.follow(
            STAGE, f"{source.name} {setup.features}", setup.settings, current_step(STAGE), from_here,
            setup.shape, hand(STAGE, *setup.shape),
        )  # fmt: skip
        result = load.settle(STAGE, memory, setup.train(memory.plan), setup.train)
        ghost = setup.train(memory.ghost) if memory.ghost else None
    with setup.beside_rate:
        stable_rates_caption(result)
    compared, below = st.container(), st.container()
    with below:
        chosen = choose_panel()
        point = breakdown.choose_point(result) if chosen == "story" else None
    with scene:
        focus = None if point is None else breakdown.on_stage(result, point)
        before = setup.legs(memory.ghost) if memory.ghost else None
        now = quick.Scene(source.name, source, setup.legs(memory.plan), before, view, focus)
        edits = training_edits.for_stage(setup.points)
        step = quick.mount(STAGE, now, shown, result, ghost, edits)
        training_edits.remarks(setup.points)
        ending(result)
        comment(result)
        branch.offer_start_again(STAGE)
    if ghost is not None:
        with compared, st.expander(_("Compared with the run before"), expanded=False):
            branch.compare(STAGE, result, ghost, step)
    with below:
        panel(chosen, STAGE, setup, memory.plan, result, step, point)


def change_modes() -> dict[str, str]:
    """Return what a change of a setting does to the run."""
    return {"start": _("from the start"), "here": _("from here")}
