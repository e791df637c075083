"""The race on the Training page: up to four ways to learn on the same points from the same start."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from charts.style import CLASS_COLORS, ink
from instruments.race import MOST_LANES, Lane, race_stage
from instruments.training_stage import StageView
from locales import _
from softmax_core.optimizers import OPTIMIZERS
from ui.training.controls import pick
from ui.training.session import RACE, Run
from ui.training.settings import (
    BATCH,
    OPTIMIZER,
    RATE,
    Settings,
    Value,
    settings_of_kind,
    shown_value,
    text_of_value,
    uses,
    with_values,
)
from ui.training.stage import class_names, stage_labels
from ui.widgets import controls
from ui.widgets.show import class_mark, number, percent, table

DEFAULT_RIVALS = ("adam", "momentum", "rmsprop")


def choose_rivals(first: Settings) -> list[Settings]:
    """Show the controls of the lanes beside the first; return the settings of all lanes."""
    counts = {str(count): str(count) for count in range(2, MOST_LANES + 1)}
    count = int(controls.segmented("training_lanes", _("Lanes"), counts, "2"))
    lanes = [first]
    for lane in range(2, count + 1):
        with st.container(border=True):
            st.markdown(_("**Lane {n}**").format(n=lane))
            lanes.append(_rival(first, lane))
    return lanes


def named_in(lane: int) -> str:
    """Return the name of a control of a lane, with {setting} to fill: every lane has the same controls."""
    return _("Lane {n}: {setting}").replace("{n}", str(lane))


def _rival(first: Settings, lane: int) -> Settings:
    before, named = f"training_lane{lane}_", named_in(lane)
    wanted = DEFAULT_RIVALS[lane - 2]
    rule = pick(
        OPTIMIZER, before=before, default=wanted if wanted in OPTIMIZERS else OPTIMIZER.default, naming=named
    )
    kind = OPTIMIZERS[rule]
    values: dict[str, Value] = {"optimizer": rule, "batch": 0, "l1": 0.0, "schedule": "constant"}
    if uses(kind, RATE.field):
        values["rate"] = pick(RATE, before=before, naming=named)
    if not kind.whole_set:
        values["batch"] = pick(BATCH, before=before, naming=named)
    rows = settings_of_kind(rule, kind)
    if rows:
        with st.popover(_("More"), width="stretch"):
            for row in rows:  # by default as in the first lane
                values[row.name] = pick(row, before=before, default=first[row.name], naming=named)
    return with_values(first, values)


def title_of(settings: Settings) -> str:
    """Return the optimiser of a lane and the settings that it has for itself."""
    rule = str(settings["optimizer"])
    parts = [shown_value("optimizer", rule)]
    if uses(OPTIMIZERS[rule], RATE.field):
        parts.append(text_of_value(settings["rate"]))
    for row in settings_of_kind(rule, OPTIMIZERS[rule]):
        if settings[row.name] != row.default:
            parts.append(f"{row.label()} {text_of_value(settings[row.name])}")
    if settings["batch"]:
        parts.append(_("batch {size}").format(size=settings["batch"]))
    return " · ".join(parts)


def race(lanes: list[Settings], train: Callable[[Settings], Run], view: StageView) -> list[list[str]]:
    """Mount the race; return the rows of its results."""
    runs = [train(settings) for settings in lanes]
    first = runs[0]
    titles = [f"{i}. {title_of(settings)}" for i, settings in enumerate(lanes, start=1)]
    names = class_names(first.data)
    step = race_stage(
        key=RACE, revision="-".join(run.revision for run in runs),
        lanes=[Lane(title, run.message["run"]) for title, run in zip(titles, runs, strict=True)],
        points=first.message["points"], box=first.box, feature_map=first.message["feature_map"], view=view,
        names=names, colors=CLASS_COLORS,
        laneColors={"light": ink(False).series, "dark": ink(True).series}, labels=stage_labels(),
    )  # fmt: skip
    st.html(" ".join(class_mark(k, name) for k, name in enumerate(names)))
    return [_row(title, run, step) for title, run in zip(titles, runs, strict=True)]


def show_results(rows: list[list[str]]) -> None:
    """Show how the lanes compare."""
    table(["", _("loss at this step"), _("loss at the end"), _("accuracy at the end")], rows)


def _row(title: str, run: Run, step: int) -> list[str]:
    path = run.trajectory
    now = number(float(path.loss[min(step, path.steps)]), 4)
    if step == 0:  # who wins is to be guessed before the race is run
        return [title, now, "…", "…"]
    return [title, now, number(float(path.loss[-1]), 4), percent(float(path.accuracy[-1]))]
