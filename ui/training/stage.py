"""The training stage of the lesson: in the reader's language, in the class colours, restored from the URL.

An edit of a point is answered before the rest of the page runs, because the browser needs time for every control that
arrives before the stage. `answer_edit` mounts the stage first, with everything but the points as in the last run of the
page. If a control has changed at the same time, `mount_unless_answered` runs the page again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from charts.style import CLASS_COLORS, signed_scales
from instruments import training_stage
from instruments.training_stage import (
    LONGEST_VECTORS,
    PHASES,
    REGIONS,
    SPEEDS,
    Speed,
    StageView,
    Told,
    current_step,
    probe_from_link,
    told,
)
from locales import _, once
from softmax_core.datasets import Dataset
from softmax_core.network import MOST_HIDDEN
from ui.frame import present, sharing
from ui.training import challenges, edits
from ui.training.lessons import is_network, named, stage_key
from ui.training.run import run_of
from ui.training.session import Mounted, Run, session
from ui.training.upload import UPLOAD_SOURCE
from ui.widgets.boards import two_readings
from ui.widgets.jobs import Pending


def class_names(data: Dataset) -> list[str]:
    """Return the class names as the reader sees them; species keep their Latin names."""
    if data.source.startswith(("R. A. Fisher", UPLOAD_SOURCE)):
        return list(data.class_names)
    return [_("class {k}").format(k=k) for k in range(data.n_classes)]


def feature_names(data: Dataset) -> list[str]:
    """Return the feature names in the reader's language."""
    iris = {
        "sepal length (cm)": _("sepal length (cm)"), "sepal width (cm)": _("sepal width (cm)"),
        "petal length (cm)": _("petal length (cm)"), "petal width (cm)": _("petal width (cm)"),
    }  # fmt: skip
    return [iris.get(name, name) for name in data.feature_names]


def stage_labels() -> dict[str, Any]:
    """Return the texts of the stage and of the race, in the reader's language."""
    return {
        "stage": _("Training stage"),
        "race": _("Race"),
        "lane": _("loss {loss} · {accuracy}"),
        "plane": _("Decision regions, points and weight vectors at the present step"),
        **_telling(),
        "scrub": _("Step of the run"),
        "play": _("Play"),
        "pause": _("Pause"),
        "forward": _("Step forward"),
        "back": _("Step back"),
        "restart": _("Restart"),
        "speed": _("Speed"),
        "length": _("Arrow length"),
        "to_hard": _("Show hard regions"),
        "to_soft": _("Show soft regions"),
        "hand_hint": _("Drag a ring (w, from the middle) or a square, or click it and then its place; or write numbers (∂: gradient)."),
        "hand_hint_table": _("Write numbers; the regions follow (∂: gradient of the loss)."),
        "hand_picked": _("Picked up: click where it should go."), "play_from_here": _("Play from here"),
        "weight_of": _("Weight of {feature} for {name}"), "bias_of": _("Bias of {name}"),
        "no_weight": _("“{text}” is not a number up to a million: the weight stays as it is."),
        "more_steps": _("You changed the last step, so the run goes on: {n} more steps."),
        "ghost": _("dashed: the run before"),
        "weight": _("weight vector"),
        "descent": _("where descent takes it (dot: too short)"),
        "mistake": _("mistake"),
        "test_point": _("test point"),
        "field": _("Gradient of a logit"),
        "no_field": _("none"),
        "picture": _("Save picture"),
        **_tool_labels(), **_story_labels(), **_why_labels(), **_probe_labels(), **_sketch_labels(), **_unit_labels(),
        "readout_step": _("step {step} of {steps}"),
        "readout_loss": _("loss {loss}"),
        "readout_accuracy": _("accuracy {accuracy}"),
        "undecided": _("undecided: p = 1/{K} everywhere"),
        "readout_test": _("on test points: loss {loss}, accuracy {accuracy}"),
        "speeds": _speed_names(),
        "two_readings": two_readings(),
    }  # fmt: skip


@once
def _speed_names() -> dict[str, str]:
    return {code: _speed_name(speed) for code, speed in SPEEDS.items()}


def _speed_name(speed: Speed) -> str:
    if speed.per == "change":
        return _("slow where much changes")
    if speed.steps is None:
        return _("whole run at once")
    return _("{n} per second").format(n=speed.steps)


@once
def _telling() -> dict[str, str]:
    """Return the parts of the sentence that says what the stage shows, for those who do not see it."""
    return {
        "walk": _("Full stop and comma go from point to point; Enter tells the step of a point."),
        "tells": _("Step {step}: {what}."),
        "tells_nothing": _("Step {step}: every class has p = 1/{K} everywhere; {loss}."),
        "tells_point": _("Point {i} of {n}, {place}: {name} has p = {p}; the largest p has {best}."),
        "holds": _("{name} holds {place}"), "and_more": _("and {n} more classes"),
        "wrong_points": _("{wrong} of {n} are wrong"),
        "loss_falling": _("loss {loss} and falling"), "loss_rising": _("loss {loss} and rising"), "loss_steady": _("loss {loss}, hardly changing"),
        "comma": _(", "), "semicolon": _("; "),
        "place_all": _("the whole plane"), "place_most": _("most of the plane"), "place_middle": _("the middle"),
        "place_left": _("the left"), "place_right": _("the right"), "place_upper": _("the top"), "place_lower": _("the bottom"),
        "place_upper_left": _("the upper left"), "place_upper_right": _("the upper right"),
        "place_lower_left": _("the lower left"), "place_lower_right": _("the lower right"),
    }  # fmt: skip


@once
def _tool_labels() -> dict[str, str]:
    return {
        "edit_points": _("Edit the points"), "class_to_add": _("Class of added points"),
        "tool_inspect": _("Inspect"), "tool_add": _("Add points"), "tool_move": _("Move a point"),
        "tool_erase": _("Erase points"), "tool_hand": _("Move weights by hand"), "undo": _("Undo"), "redo": _("Redo"), "clear": _("Clear all edits"),
        "hint_add": _("Click to add {name}, drag to spray. Keys: arrows and Enter."),
        "hint_move": _("Drag a point, or click it and then its new place. Keys: arrows, Enter picks up and puts down."),
        "hint_erase": _("Click a point or drag over several. Keys: arrows and Enter."),
        "full": _("The stage is full: {limit} points."),
        "added": _("Added {name}; {points} points."), "erased": _("Erased; {points} points."),
        "picked_up": _("Picked up: a click or Enter puts it down, arrows carry it, Escape takes it back."),
        "put_down": _("Put down."), "nothing_near": _("No point near the cross."),
    }  # fmt: skip


@once
def _probe_labels() -> dict[str, str]:
    return {
        "probe": _("Ask the model at any place (P)"),
        "probe_at": _("Probe at {place}. Arrow keys move it, Delete takes it away."),
        "probe_away": _("Take the probe away"),
        "ask_hint": _("What is p there? Point, or tap."),
        "undecided_here": _("undecided"),
        "two_parts": _("two of {m} parts"),
    }  # fmt: skip


@once
def _sketch_labels() -> dict[str, str]:
    return {
        "sketch": _("your line"),
        "sketch_end": _("End {n} of your line, at {place}. Arrow keys move it."),
        "waits": _("The run waits: it would show the border. Sketch it first, or choose “Just show me”."),
    }


@once
def _unit_labels() -> dict[str, str]:
    """Return the texts of the maps of hidden units."""
    return {
        "units": _("Hidden units"),
        "unit": _("Hidden unit {n}: its activation over the plane"),
        "units_hint": _("Each map is a hidden unit, *a* = {g}(*z*): blue below 0, red above. Click one for its weights."),
        "units_hint_above": _("Each map is a hidden unit, *a* = {g}(*z*): the redder, the larger. Click one for its weights."),
        "unit_scaled": _("weights: for standardised x"),
        "unit_out": _("to the classes:"),
        "unit_line": _("z = 0 of a hidden unit; the arrow points to z > 0"),
        "hide_lines": _("Hide lines"), "show_lines": _("Show lines"),
    }  # fmt: skip


@once
def _story_labels() -> dict[str, str]:
    return {
        "story": _("One step, slowly"), "story_next": _("Next"), "story_back": _("Back"), "story_close": _("Close (Escape)"),
        "story_next_key": _("Next (N)"), "story_back_key": _("Back (B)"),
        "story_pull": _("This point is {name}; the model gives {name} p = {p}. So it pulls w of {name} towards itself and pushes the others away: −(p − y) x."),
        "story_all": _("All {n} training points pull on w of {name}: its own points towards them, all others away."),
        "story_mean": _("The mean of the {n} pulls is the dashed arrow: −∂L/∂w = {arrow}."),
        "story_less": _("The mean of the {n} pulls, less the penalty λw, is the dashed arrow: −∂L/∂w = {arrow}."),
        "story_batch": _("This step takes the mean over its own batch of points only. That is the dashed arrow: −∂L/∂w = {arrow}."),
        "story_move": _("The step moves every w along its dashed arrow: w ← w − {rate} · ∂L/∂w."),
        "story_other_move": _("The optimiser makes its own step out of the dashed arrows, and every w moves."),
        "story_swing": _("The weights have moved, so the border swings; the dashed one is where it was. The loss goes from {before} to {after}."),
        "story_still": _("The border moves by less than a pixel here; the largest change of a weight or bias is {change}. The loss goes from {before} to {after}."),
        "story_p": _("p of this point goes from {p} to {next}."),
        "story_outvoted": _("The other points outvote this one: its p falls from {p} to {next}."),
        "story_bold": _("See it swing: step {step}"),
        "story_appears": _("The weights differ now, so a border appears. The loss goes from {before} to {after}."),
        "story_last": _("The run ends here: this is its last update, from step {from} to step {to}."),
    }  # fmt: skip


def _why_labels() -> dict[str, str]:
    return {
        "why": _("Each point pulls the *w* by {pull}. As the *w* turn, the border turns, until both sides balance."),
        "why_rests": "" if is_network() or challenges.asks_for_growth() else _("Here the pulls nearly balance: the border hardly moves, and the model mostly gets surer."),
        "why_step": _("This step moves *w* of {name} by {rate} × the mean pull {arrow}."),
        "why_step_less": _("This step moves *w* of {name} by {rate} × {arrow}: mean pull less penalty."),
        "why_here": _("The mean pull on *w* of {name} is {arrow} here."),
        "why_here_less": _("The mean pull on *w* of {name}, less the penalty, is {arrow} here."),
    }  # fmt: skip


def _length(text: str) -> float:
    value = float(text)
    if not 0 <= value <= LONGEST_VECTORS:
        raise ValueError(text)
    return value


def view_from_link(key: str) -> StageView:
    """Return the step and the settings of the picture that the link describes."""
    sharing.name_on_paper(f"{key}_step", _("Step {value}"))
    sharing.name_on_paper(f"{key}_vectors", _("Arrow length"))
    unnamed = 0 if present.is_on() else -1  # in front of a class the teacher begins
    return StageView(
        step=sharing.read(
            f"{key}_step", sharing.whole(0, training_stage.LAST_STEP), unnamed, _("Step of the run")
        ),
        speed=sharing.read(f"{key}_speed", sharing.one_of(SPEEDS), StageView.speed, _("Speed")),
        length=sharing.read(f"{key}_vectors", _length, 1.0, _("Arrow length")),
        regions=sharing.read(f"{key}_regions", sharing.one_of(REGIONS), "soft", _("regions")),
        field=sharing.read(f"{key}_field", sharing.whole(0, 9), -1, _("Gradient of a logit")),
        probe=sharing.read(f"{key}_probe", probe_from_link, "", _("Probe")),
        unit=sharing.read(f"{key}_unit", sharing.whole(0, MOST_HIDDEN), 0, _("Hidden unit")),
    )


def go_to(step: int, *, play: bool = False, probe: str | None = None) -> None:
    """Send the playhead to a step in this run of the page, and play from there if asked; the probe goes to its place."""
    session().goto = (session().goto[0] + 1, step, play, probe)


def follow_wish() -> None:
    """Send the playhead to where a challenge wants it, as soon as its run is there."""
    wanted, session().wanted = session().wanted, None
    if wanted is not None:
        go_to(wanted[0], play=wanted[1], probe=wanted[2])


def mount(now: Mounted) -> int:
    """Mount the stage and remember what is on it; return the step at its playhead."""
    session().mounted = now
    return training_stage.training_stage(
        key=stage_key(), revision=now.revision, view=now.view, prediction=now.prediction, **message_of(now.run),
        ghost=None if now.ghost is None else now.ghost.message["run"],
        edits=now.edits, story=_story(now.focus), on_story=_take_story, goto=session().goto,
        hands=(len(session().plan.past), len(session().plan.future)), asks=now.asks,
        sketch=now.sketch,
    )  # fmt: skip


def message_of(run: Run) -> dict[str, Any]:
    """Return what the stage is told of a run, with names and texts in the reader's language."""
    axes = feature_names(run.data)
    return dict(
        run.message, names=class_names(run.data), axes=axes, features=run.features.basis.names(tuple(axes)),
        colors=CLASS_COLORS, labels=stage_labels(), scales=signed_scales(),
    )  # fmt: skip


def _story(focus: int | None) -> Told | None:
    """Return what is told on the stage of a point, in the phase that the panel shows."""
    phase = st.session_state.get(named("phase"))
    return None if focus is None else Told(focus, phase if phase in PHASES else PHASES[0])


def _take_story() -> None:
    """Open the panel of the step for the point and the phase that were chosen on the stage, or go back to the panel before."""
    last, (_number, chosen) = session().mounted, told(stage_key())
    if last is None:
        return
    panel = st.session_state.get(named("panel"))
    if chosen is None:
        before = st.session_state.pop(named("panel_before"), None)
        if panel == "story":
            _turn_to(before)  # None where a link has opened it
    elif chosen.point < last.run.is_test.size and not last.run.is_test[chosen.point]:
        if panel != "story":
            st.session_state[named("panel_before")] = panel
            _turn_to("story")
        st.session_state[named("point")] = int((~last.run.is_test[: chosen.point]).sum())
        st.session_state[named("phase")] = chosen.phase


def _turn_to(panel: str | None) -> None:
    """Open a panel from the stage; None for the page's own choice."""
    session().turns += 1
    st.session_state.pop(named("panel"), None)
    if panel is not None:
        st.session_state[named("panel")] = panel


def name_step(step: int) -> None:
    """Say on the page, unseen, which step is told beside the stage: paper shows all of it at that step (playhead.js)."""
    st.html(f'<span class="lab-style lab-step" data-step="{step}"></span>')


def mount_again() -> None:
    """Mount the stage as it was in the last run: what it should show is still being computed."""
    last = session().mounted
    if last is not None:
        mount(last)


def answer_edit() -> Mounted | None:
    """Where an edit of a point waits: apply it, mount the stage with the new run, and return what is mounted.

    None where there is no edit, or where the new run takes longer than a moment.
    """
    last = session().mounted
    if last is None or not edits.is_waiting():
        return None
    points = edits.obey(last.run.points.source)
    try:
        ghost = None if last.ghost is None else run_of(points, last.ghost.segments)
        now = replace(last, run=run_of(points, last.run.segments), ghost=ghost, edits=edits.for_stage(points))
    except Pending:
        return None
    mount(now)
    return now


def mount_unless_answered(now: Mounted, answered: Mounted | None) -> int:
    """Mount the stage, unless `answer_edit` has mounted it in this run; return the step at its playhead."""
    if answered is None:
        return mount(now)
    if not now.looks_like(answered):
        session().mounted = now
        st.rerun()
    return min(current_step(stage_key()), now.run.trajectory.steps)
