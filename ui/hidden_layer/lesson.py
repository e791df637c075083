"""The lesson on the hidden layer: the stage of Training with a network on it, and beside it one panel at a time."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from instruments.training_stage import StageView
from locales import _
from softmax_core.features import Linear
from ui.hidden_layer import challenges
from ui.hidden_layer.panels import one_step, units, where
from ui.training import edits, remarks, stage
from ui.training.challenges import Seen, is_told
from ui.training.data import Start
from ui.training.lesson import Room, Setup, StageLesson
from ui.training.panels.breakdown import on_stage
from ui.training.panels.curves import curves
from ui.training.session import Mounted


def panel_names() -> dict[str, str]:
    """Return the names of what can stand beside the stage, by code."""
    return {
        "challenges": _("Challenges"), "settings": _("Settings"), "units": _("Units"), "story": _("One step"),
        "where": _("Where softmax?"), "curves": _("Curves"),
    }  # fmt: skip


def one_run(room: Room, body: DeltaGenerator, setup: Setup, view: StageView, chosen: str) -> None:
    """Show the run and the run before it on the stage, and the chosen panel beside it."""
    points, memory = setup.points, setup.follow()
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
            where.where(setup)
        elif chosen == "curves":
            curves(run, step)
    if ghost is not None or chosen not in ("challenges", "settings"):
        with room.scene:
            stage.name_step(step)


LESSON = StageLesson(
    challenges.CHALLENGES,
    challenges.TOOLS,
    panel_names,
    one_run,
    Start("xor", classes=2, noise=challenges.NOISE, test=0, first=("xor", "circles", "spirals"), takes_own=False),
    steps=challenges.STEPS,
    first=frozenset({"data", "classes", "units", "activation", "rate", "optimizer", "start_seed"}),
    features=Linear(standardise=True),
    races=False,
    above={"where": frozenset({"place", "units"}), "units": frozenset({"units"})},
)  # fmt: skip
