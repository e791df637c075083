"""The race on the Training page: up to four ways to learn on the same points from the same start."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from charts.style import CLASS_COLORS
from instruments.race import MOST_LANES, Lane, race_stage
from instruments.training_stage import StageView
from locales import _
from softmax_core.optimizers import OPTIMIZERS
from ui.training.controls import pick
from ui.training.run import Run
from ui.training.settings import (
    BATCH,
    OPTIMIZER,
    RATE,
    Settings,
    settings_of_kind,
    shown_value,
    text_of_value,
    uses,
    with_text,
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
    for lane, column in enumerate(st.columns(MOST_LANES - 1), start=2):
        if lane <= count:
            with column, st.container(border=True):
                st.markdown(_("**Lane {n}**").format(n=lane))
                lanes.append(_rival(first, lane))
    return lanes


def _rival(first: Settings, lane: int) -> Settings:
    before, now = f"training_lane{lane}_", dict(first)
    wanted = DEFAULT_RIVALS[lane - 2]
    rule = pick(OPTIMIZER, before=before, default=wanted if wanted in OPTIMIZERS else OPTIMIZER.default)
    kind = OPTIMIZERS[rule]
    texts = {"optimizer": rule, "batch": "0", "l1": "0", "schedule": "constant"}
    if uses(kind, RATE.field):
        texts["rate"] = text_of_value(pick(RATE, before=before))
    if not kind.whole_set:
        texts["batch"] = text_of_value(pick(BATCH, before=before))
    rows = settings_of_kind(rule, kind)
    if rows:
        with st.popover(_("More"), width="stretch"):
            for row in rows:  # as in the first lane, unless this lane says otherwise
                value = pick(row, before=before, default=row.parse(now[row.name]))
                texts[row.name] = text_of_value(value)
    return with_text(first, texts)


def title_of(settings: Settings) -> str:
    """Return what tells one lane from another."""
    texts = dict(settings)
    rule = texts["optimizer"]
    parts = [shown_value("optimizer", rule)]
    if uses(OPTIMIZERS[rule], RATE.field):
        parts.append(texts["rate"])
    for row in settings_of_kind(rule, OPTIMIZERS[rule]):
        if texts[row.name] != text_of_value(row.default):
            parts.append(f"{row.label()} {texts[row.name]}")
    if texts["batch"] != "0":
        parts.append(_("batch {size}").format(size=texts["batch"]))
    return ", ".join(parts)


def race(
    key: str, lanes: list[Settings], train: Callable[[Settings], Run], view: StageView
) -> list[list[str]]:
    """Mount the race; return the rows of its results."""
    runs = [train(settings) for settings in lanes]
    first = runs[0]
    titles = [f"{i}. {title_of(settings)}" for i, settings in enumerate(lanes, start=1)]
    step = race_stage(
        key=key, revision="-".join(run.revision for run in runs),
        lanes=[Lane(title, run.packed_run) for title, run in zip(titles, runs, strict=True)],
        points=first.packed_points, box=first.box, feature_map=first.packed_map, view=view,
        names=class_names(first.data), colors=CLASS_COLORS, labels=stage_labels(),
    )  # fmt: skip
    st.html(" ".join(class_mark(k, name) for k, name in enumerate(class_names(first.data))))

    return [_row(title, run, step) for title, run in zip(titles, runs, strict=True)]


def show_results(rows: list[list[str]]) -> None:
    """Show how the lanes compare."""
    table(["", _("loss at this step"), _("loss at the end"), _("accuracy at the end")], rows)


def _row(title: str, run: Run, step: int) -> list[str]:
    path = run.trajectory
    here = min(step, path.steps)
    return [
        title,
        number(float(path.loss[here]), 4),
        number(float(path.loss[-1]), 4),
        percent(float(path.accuracy[-1])),
    ]
