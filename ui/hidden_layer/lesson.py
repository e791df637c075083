"""The lesson on the hidden layer: the stage of Training with a network on it, and beside it one panel at a time."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from instruments.training_stage import StageView, current_step, hand
from locales import _
from softmax_core.features import Linear
from ui.hidden_layer import challenges
from ui.hidden_layer.panels import one_step, units, where
from ui.training import edits, plan, remarks, stage
from ui.training.challenges import Seen, card_while_waiting, is_told
from ui.training.data import Start
from ui.training.lesson import Offer, Room, Setup, choose_panel, choose_setup, open_room
from ui.training.lessons import stage_key
from ui.training.panels.breakdown import on_stage
from ui.training.panels.curves import curves
from ui.training.session import Mounted
from ui.training.settings import takes_weights
from ui.widgets import live
from ui.widgets.jobs import Pending

OFFER = Offer(
    challenges.CHALLENGES,
    challenges.TOOLS,
    Start("xor", classes=2, noise=challenges.NOISE, test=0, first=("xor", "circles", "spirals"), takes_own=False),
    steps=challenges.STEPS,
    first=frozenset({"data", "classes", "units", "activation", "rate", "optimizer", "start_seed"}),
    features=Linear(standardise=True),
    races=False,
)  # fmt: skip
TOOLS = {"where": frozenset({"place", "units"})}
"""The settings that stand above a panel."""


def lesson(view: StageView) -> None:
    """Show the stage and the column beside it. They follow the playhead without running the rest of the page."""
    room = open_room()
    with live.answered_last():
        try:
            with room.column:
                chosen = choose_panel(panel_names())
                setup = choose_setup(chosen, OFFER, TOOLS.get(chosen, frozenset()))
                body = st.container(key="training_body")
            _one_run(room, body, setup, view, chosen)
        except Pending as pending:
            if chosen == "challenges":
                with setup.card:
                    card_while_waiting(challenges.CHALLENGES)
            room.wait(pending)


def panel_names() -> dict[str, str]:
    """Return the names of what can stand beside the stage, by code."""
    return {
        "challenges": _("Challenges"), "settings": _("Settings"), "units": _("Units"), "story": _("One step"),
        "where": _("Where softmax?"), "curves": _("Curves"),
    }  # fmt: skip


def _one_run(room: Room, body: DeltaGenerator, setup: Setup, view: StageView, chosen: str) -> None:
    """Show the run and the run before it on the stage, and the chosen panel beside it."""
    points = setup.points
    by_hand = hand(stage_key(), *setup.shape) if takes_weights(setup.settings) else None
    memory = plan.follow(
        points.source.name, setup.settings, current_step(stage_key()), setup.from_playhead, setup.shape, by_hand
    )  # fmt: skip
    run = setup.train(memory.plan)
    ghost = setup.train(memory.ghost) if memory.ghost else None
    stage.follow_wish()
    with body:
        point = one_step.choose_point(run) if chosen == "story" else None
    asks = chosen == "challenges" and challenges.CHALLENGES.now().is_goal
    focus = None if point is None else on_stage(run, point)
    with room.under:
        remarks.overflow(run)
    step = room.mount(Mounted(run, ghost, view, focus, edits.for_stage(points), asks), points)
    if chosen == "challenges":
        with setup.card:
            challenges.CHALLENGES.card(Seen(run, step, is_told()))
    with body:
        if point is not None:
            one_step.one_step(run, step, point)
        elif chosen == "units":
            units.units(run, step)
        elif chosen == "where":
            where.where(run, setup, step)
        elif chosen == "curves":
            curves(run, step)
    if ghost is not None or chosen not in ("challenges", "settings"):
        with room.scene:
            stage.name_step(step)
