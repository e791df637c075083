"""The Training page: the stage, and beside it one column for whatever is looked at now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from instruments.training_stage import StageView, current_step, hand
from locales import _
from softmax_core.features import FeatureMap
from softmax_core.training import Segment, most_steps
from ui.frame import present, sharing
from ui.training import challenges, edits, plan, remarks, saved, stage, upload
from ui.training.controls import choose_features, choose_training
from ui.training.data import OF_TRAINING, Start, choose_data
from ui.training.export import takeaway
from ui.training.lessons import named, stage_key
from ui.training.panels import breakdown, weights
from ui.training.panels.curves import curves
from ui.training.panels.diagnostics import diagnostics
from ui.training.panels.landscape import landscape
from ui.training.points import Points
from ui.training.race import choose_rivals, named_in, race, show_results
from ui.training.run import LONGEST, run_of, shape_of, within_limits
from ui.training.session import RACE, Mounted, Plan, PlanMemory, Run, session
from ui.training.settings import Settings, hidden_units, takes_weights
from ui.widgets import controls, live
from ui.widgets.challenges import Challenges
from ui.widgets.jobs import Pending
from ui.widgets.waiting import show_progress

FIRST = frozenset({"data", "classes", "n", "features", "rate"})
"""The settings that are there before All settings is switched on."""


@dataclass(frozen=True)
class Setup:
    """What the controls ask for.

    Parameters
    ----------
    shape
        (features, classes): what weights must fit.
    from_playhead
        Whether changes apply from the present step on, and not from step 0.
    beside_rate
        The place beside the learning rate, where the largest stable one is named; None where that is not shown.
    card
        The place of the challenges.
    """

    points: Points
    features: FeatureMap
    settings: Settings
    steps: int
    shape: tuple[int, int]
    from_playhead: bool
    beside_rate: DeltaGenerator | None
    card: DeltaGenerator

    def train(self, wanted: Plan) -> Run:
        """Return the run of a plan on the points; raises `ui.widgets.jobs.Pending` while it is being computed."""
        most = most_steps(*self.shape, hidden_units(self.settings))
        steps = plan.length(wanted, self.steps, most)
        return run_of(self.points, plan.segments_of(wanted, steps, self.features))

    def follow(self) -> PlanMemory:
        """Bring the plan of the run up to date with the controls, and with weights that were set by hand on the stage."""
        name = f"{self.points.source.name} {self.features}"
        by_hand = hand(stage_key(), *self.shape) if takes_weights(self.settings) else None
        now = current_step(stage_key())
        return plan.follow(name, self.settings, now, self.from_playhead, self.shape, by_hand)


@dataclass(frozen=True)
class StageLesson:
    """What a lesson on the stage offers, and what it begins with.

    Parameters
    ----------
    challenges, tools
        The challenges, and the settings that belong to each by code.
    panels
        Returns the names of what can stand beside the stage, by code.
    show
        Shows one run on the stage and the chosen panel beside it.
    data
        What the data begin with.
    steps
        How many steps a run has at first.
    first
        The settings that are there before All settings is switched on.
    features
        The only feature map; None lets the learner choose.
    races
        Whether several runs can be on the stage.
    above
        The settings that stand above a panel.
    """

    challenges: Challenges
    tools: Mapping[str, frozenset[str]]
    panels: Callable[[], dict[str, str]]
    show: Callable[[Room, DeltaGenerator, Setup, StageView, str], None]
    data: Start = OF_TRAINING
    steps: int = 300
    first: frozenset[str] = FIRST
    features: FeatureMap | None = None
    races: bool = True
    above: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Room:
    """The places of a lesson: for a job at work, the stage, what stands under it, and the column beside it.

    ``answered`` is what `stage.answer_edit` has mounted in this run of the page.
    """

    place: DeltaGenerator
    scene: DeltaGenerator
    under: DeltaGenerator
    column: DeltaGenerator
    answered: Mounted | None

    def mount(self, now: Mounted, points: Points) -> int:
        """Mount the stage, and say under it what there is to say of its run; return the step at the playhead."""
        with self.scene:
            step = stage.mount_unless_answered(now, self.answered)
        with self.under:
            edits.show_remarks(points)
            remarks.ending(now.run)
            plan.offer_start_again()
            plan.offer_comparison(now.run, now.ghost, step)
        return step

    def wait(self, pending: Pending, *, keeps_stage: bool = True) -> None:
        """Show how far the job is, and the stage as it was."""
        with self.place.container():
            show_progress(pending.job, "training", LONGEST)
        if keeps_stage and self.answered is None:
            with self.scene:
                stage.mount_again()


def open_room() -> Room:
    """Lay out a lesson, and answer an edit on the stage before everything else."""
    with st.container(key="training_room"):
        left, column = st.container(key="training_left"), st.container(key="training_column")
    with left:
        place, scene, under = st.empty(), st.container(), st.container()
        with scene:
            answered = stage.answer_edit()
    return Room(place, scene, under, column, answered)


def lesson(stage_lesson: StageLesson, view: StageView, race_view: StageView | None = None) -> None:
    """Show the stage and the column beside it. They follow the playhead without running the rest of the page."""
    room = open_room()
    with live.answered_last():
        with controls.shown(False):
            is_race = stage_lesson.races and choose_mode() == "race"
        try:
            with room.column:
                chosen = "settings" if is_race else choose_panel(stage_lesson.panels())
                setup = choose_setup(chosen, stage_lesson)
                body = st.container(key="training_body")
            if not is_race:
                stage_lesson.show(room, body, setup, view, chosen)
            elif room.answered is not None:
                st.rerun()
            else:
                side_by_side(room, body, setup, race_view or view)
        except Pending as pending:
            if chosen == "challenges":
                with setup.card:
                    challenges.card_while_waiting(stage_lesson.challenges)
            room.wait(pending, keeps_stage=not is_race)


def choose_mode() -> str:
    """Show whether one run is on the stage or several."""
    modes = {"one": _("One run"), "race": _("Race")}
    return controls.segmented("training_mode", _("Stage"), modes, "one", label_visible=False)


def choose_setup(chosen: str, stage_lesson: StageLesson) -> Setup:
    """Show the controls that belong to the panel; edits that were made on the stage are obeyed."""
    is_settings = chosen == "settings"
    tools = (
        stage_lesson.challenges.tools(stage_lesson.tools)
        if chosen == "challenges"
        else stage_lesson.above.get(chosen, frozenset())
    )
    card = st.container(key="training_card")
    # On a narrow screen the learning rate always stands below the stage.
    is_at_hand = is_settings or "rate" in tools or not present.asks()
    rate = st.container(key="training_at_hand" if is_at_hand else "training_at_hand_narrow")
    with st.container(key="training_sheet" if is_settings else "training_tools"):
        return _choose_rest(is_settings, tools, card, rate, stage_lesson)


def _choose_rest(
    is_settings: bool,
    tools: frozenset[str],
    card: DeltaGenerator,
    rate: DeltaGenerator,
    stage_lesson: StageLesson,
) -> Setup:
    """Show what stands below the learning rate: on a narrow screen a sheet at the lower edge."""
    with (
        controls.shown(is_settings),
        st.container(key="training_modes", horizontal=True, vertical_alignment="center"),
    ):
        is_one = not stage_lesson.races or choose_mode() == "one"
        everything = controls.toggle(named("all"), _("All settings"))

    def visible(name: str) -> bool:
        return name in tools or (is_settings and (everything or name in stage_lesson.first))

    with controls.collect_unseen() as unseen:
        with controls.shown(is_settings and everything and is_one):
            starts = {"start": _("from step 0"), "here": _("from this step")}
            change = controls.segmented(named("change"), _("Apply changes"), starts, "start")
        source = choose_data(visible, stage_lesson.data)
        # Own columns may differ so much in size that the switch is needed at once.
        own = frozenset() if source.shared else frozenset({"standardise"})
        features = stage_lesson.features or choose_features(
            lambda name: visible(name) or (is_settings and name in own)
        )
        if session().unedited:
            edits.forget(source)
            session().unedited = False
        points = edits.follow(source)
        if stage_lesson.data.takes_own:
            upload.offer(points)
        settings, steps, beside_rate = choose_training(
            bool(points.test.y.size),
            visible,
            rate,
            "{setting}" if is_one else named_in(1),
            stage_lesson.steps,
        )
    if unseen and is_settings:  # such as what a link has brought
        listed = _("; ").join(
            _("{label}: {value}").format(label=label, value=value) for label, value in unseen
        )
        st.caption(_("Also set, under All settings: {settings}").format(settings=listed))
    shape = shape_of(points, features)
    steps = within_limits(steps, shape, hidden_units(settings))
    return Setup(points, features, settings, steps, shape, change == "here", beside_rate, card)


def side_by_side(room: Room, body: DeltaGenerator, setup: Setup, view: StageView) -> None:
    """Show up to four runs under one playhead."""
    with body:
        lanes = choose_rivals(setup.settings)
    with room.scene:
        rows = race(lanes, lambda settings: setup.train((Segment(0, settings),)), view)
    with room.under:
        show_results(rows)
    with room.scene:
        stage.name_step(current_step(RACE))


def one_run(room: Room, body: DeltaGenerator, setup: Setup, view: StageView, chosen: str) -> None:
    """Show one run and the run before it on the stage, and the chosen panel beside it."""
    points, memory = setup.points, setup.follow()
    source = points.source
    run = saved.put_weights_in_place(memory, setup.train(memory.plan), setup.train)
    ghost = setup.train(memory.ghost) if memory.ghost else None
    stage.follow_wish()
    if setup.beside_rate is not None:
        with setup.beside_rate:
            remarks.stable_rates_caption(run)
    sketch = challenges.sketch_for_stage(run)
    if chosen in GIVE_THE_BORDER_AWAY and challenges.asks_for_border(run):
        with body:
            st.caption(_("This panel would show where the border goes. Sketch it first, under Challenges."))
        chosen = ""
    with body:
        point = breakdown.choose_point(run) if chosen == "story" else None
    asks = chosen == "challenges" and challenges.CHALLENGES.now().is_goal
    focus = None if point is None else breakdown.on_stage(run, point)
    now = Mounted(run, ghost, view, focus, edits.for_stage(points), asks, sketch, challenges.at_probe())
    step = room.mount(now, points)
    if chosen != "settings":
        with body:
            remarks.too_large(run)
    elif setup.beside_rate is not None:
        with setup.beside_rate:
            remarks.too_large(run)
    if chosen == "challenges":
        with setup.card:
            challenges.card(run, step)
        with body:
            challenges.exhibit(run, step)
    with body:
        if point is not None:
            breakdown.breakdown(run, step, point)
        elif chosen == "takeaway":
            takeaway(memory.plan, run, step)
            upload.download(points, stage.class_names(source.data), stage.feature_names(source.data))
        elif chosen in PANELS:
            PANELS[chosen](run, step)
    if ghost is not None or chosen not in ("challenges", "settings") or challenges.has_exhibit():
        with room.scene:
            stage.name_step(step)


# --- the column beside the stage: one panel at a time, each about the step at the playhead

PANELS: dict[str, Callable[[Run, int], None]] = {
    "curves": curves,
    "weights": weights.weights,
    "samples": weights.samples,
    "diagnostics": diagnostics,
    "landscape": landscape,
}


GIVE_THE_BORDER_AWAY = frozenset({"story", "weights", "landscape"})
"""Panels that are closed while the border is still to be sketched: they show where the weights go."""


def panels_of_training() -> dict[str, str]:
    """Return the names of what can stand beside the stage, by code."""
    return {
        "challenges": _("Challenges"), "settings": _("Settings"), "story": _("One step"),
        "curves": _("Curves"), "weights": _("Weights"), "samples": _("Points"),
        "diagnostics": _("Diagnostics"), "landscape": _("Landscape"), "takeaway": _("Export"),
    }  # fmt: skip


LESSON = StageLesson(challenges.CHALLENGES, challenges.TOOLS, panels_of_training, one_run)


def choose_panel(names: dict[str, str]) -> str:
    """Show what can stand beside the stage, by code; return the code of what does."""
    if not present.asks():  # put away: their panel would be empty
        del names["challenges"]
        panel = st.session_state.get(named("panel"))
        if panel == "challenges" or (panel is None and not sharing.brings(named("panel"))):
            st.session_state[named("asked")] = True
    elif st.session_state.pop(named("asked"), False):
        st.session_state[named("panel")] = "challenges"
    row = controls.following(st.segmented_control, session().turns)
    return controls.segmented(
        named("panel"),
        _("Beside the stage"),
        names,
        "challenges" if present.asks() else "curves",
        label_visible=False,
        widget=row,
    )
