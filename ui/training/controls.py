"""The controls of the Training page that choose how it learns."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from locales import _
from softmax_core.optimizers import OPTIMIZERS, Optimizer
from softmax_core.schedules import SCHEDULES
from ui.training.settings import (
    BATCH,
    END_AND_START,
    LOSS,
    OPTIMIZER,
    RATE,
    SCHEDULE,
    Codes,
    Setting,
    Settings,
    Steps,
    settings_of,
    settings_of_kind,
    shown_value,
    text_of_value,
    uses,
)
from ui.widgets import controls
from ui.widgets.show import rate_text

MOST_STEPS = 10_000
STEPS = [10, 20, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10_000]


def choose_training(test_points: bool) -> tuple[Settings, int, DeltaGenerator]:
    """Show the controls of the training; return what they say, the number of steps, and a place beside the rate.

    A control that would exclude another is not shown, and its setting is at its default.
    """
    texts: dict[str, str] = {}

    def choose(setting: Setting) -> str:
        texts[setting.name] = text_of_value(pick(setting))
        return texts[setting.name]

    rule = choose(OPTIMIZER)
    kind = OPTIMIZERS[rule]
    has_rate = uses(kind, RATE.field)
    if has_rate:
        choose(RATE)
    beside_rate = st.container()
    steps = controls.select_slider("training_steps", _("Steps"), STEPS, 300, format_func="{:,}".format)
    with st.popover(_("More"), width="stretch"):
        for setting in settings_of_kind(rule, kind):
            choose(setting)
        if not kind.whole_set:
            choose(BATCH)
        if has_rate:
            schedule = choose(SCHEDULE)
            for setting in settings_of_kind(schedule, SCHEDULES[schedule]):
                choose(setting)
        for setting in (*LOSS, *END_AND_START):
            if setting.name == "l1" and kind.proximal_scale is Optimizer.proximal_scale:
                continue  # no proximal step
            if setting.name == "patience" and not test_points:
                continue
            choose(setting)
    return settings_of(texts), int(steps), beside_rate


def pick(setting: Setting, *, before: str = "training_", default: Any = None) -> Any:
    """Show the control of a setting; return its value.

    Parameters
    ----------
    setting
    before
        What comes before the name of the setting in the link.
    default
        In place of the default of the setting.
    """
    key, label, choices = before + setting.name, setting.label(), setting.choices
    default = setting.default if default is None else default
    if isinstance(choices, Codes):
        options = {code: shown_value(setting.name, code) for code in choices.texts()}
        return (controls.choice if choices.is_menu else controls.segmented)(key, label, options, default)
    if isinstance(default, bool):
        return controls.toggle(key, label, default)
    if isinstance(choices, Steps):
        show = controls.number if setting.name == "start_seed" else controls.slider
        return show(key, label, *choices[:2], default, choices.step)

    def shown(value: float) -> str:
        return (
            rate_text(value) if setting.name == RATE.name else shown_value(setting.name, text_of_value(value))
        )

    kind = type(setting.default)
    return kind(controls.select_slider(key, label, choices, default, format_func=shown))
