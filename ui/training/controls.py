"""The controls of the Training page that choose how it learns."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from locales import _
from softmax_core.optimizers import OPTIMIZERS, Optimizer
from ui.training.settings import (
    DEFAULTS,
    OPTIMIZER_FIELDS,
    Settings,
    optimizer_names,
    schedule_names,
    setting_label,
    settings_of,
    shown_value,
    uses,
)
from ui.widgets import controls
from ui.widgets.show import rate_text

MOST_STEPS = 10_000
RATES = [round(a * 10.0**b, 4) for b in range(-3, 3) for a in (1, 2, 3, 5, 7) if a * 10.0**b <= 100]
STEPS = [10, 20, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10_000]
CHOICES: dict[str, list[float]] = {
    "momentum": [0, 0.5, 0.8, 0.9, 0.95, 0.99],
    "decay": [0.5, 0.8, 0.9, 0.95, 0.99, 0.999],
    "beta1": [0, 0.5, 0.8, 0.9, 0.95, 0.99],
    "beta2": [0.9, 0.95, 0.99, 0.999, 0.9999],
    "batch": [0, 1, 2, 4, 8, 16, 32, 64, 128, 256],
    "every": [10, 20, 50, 100, 200, 500, 1000],
    "drop": [0.1, 0.2, 0.3, 0.5, 0.7, 0.9],
    "over": [50, 100, 200, 300, 500, 1000, 2000, 5000],
    "fade": [0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
    "l2": [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
    "l1": [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3],
    "smoothing": [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5],
    "patience": [0, 5, 10, 20, 50, 100],
    "flat": [0, 0.0001, 0.001, 0.01, 0.1],
}
OF_SCHEDULE = {"step": ("every", "drop"), "cosine": ("over",), "inverse_time": ("fade",), "constant": ()}


def choose_training(test_points: bool) -> tuple[Settings, int, DeltaGenerator]:
    """Show the controls of the training; return what they say, the number of steps, and a place beside the rate.

    A control that would exclude another is not shown, and its setting is at its default.
    """
    texts: dict[str, str] = {}
    rule = texts["optimizer"] = controls.choice(
        "training_optimizer", setting_label("optimizer"), optimizer_names(), "gradient_descent"
    )
    has_rate = uses(rule, "learning_rate")
    if has_rate:
        rate = controls.select_slider(
            "training_rate", setting_label("rate"), RATES, 0.1, format_func=rate_text
        )
        texts["rate"] = f"{rate:g}"
    beside_rate = st.container()
    steps = controls.select_slider("training_steps", _("Steps"), STEPS, 300, format_func="{:,}".format)
    with st.popover(_("More"), width="stretch"):
        for name in OPTIMIZER_FIELDS:
            if uses(rule, name):
                _pick(texts, name)
        if not OPTIMIZERS[rule].whole_set:
            _pick(texts, "batch")
        if has_rate:
            _choose_schedule(texts)
        _pick(texts, "l2")
        if OPTIMIZERS[rule].reach is not Optimizer.reach:
            _pick(texts, "l1")
        _pick(texts, "smoothing")
        _one_of(texts, "weights", ("equal", "balanced"))
        if test_points:
            _pick(texts, "patience")
        _pick(texts, "flat")
        _one_of(texts, "start", ("zeros", "random"))
        texts["start_seed"] = str(
            controls.number("training_start_seed", setting_label("start_seed"), 0, 9999, 0, 1)
        )
    return settings_of(texts), int(steps), beside_rate


def _choose_schedule(texts: dict[str, str]) -> None:
    kind = texts["schedule"] = controls.choice(
        "training_schedule", setting_label("schedule"), schedule_names(), "constant"
    )
    for name in OF_SCHEDULE[kind]:
        _pick(texts, name)


def _pick(texts: dict[str, str], name: str) -> None:
    default = float(DEFAULTS[name])
    value = controls.select_slider(
        f"training_{name}", setting_label(name), CHOICES[name], default,
        format_func=lambda x: shown_value(name, f"{x:g}"),
    )  # fmt: skip
    texts[name] = f"{value:g}"


def _one_of(texts: dict[str, str], name: str, codes: tuple[str, ...]) -> None:
    options = {code: shown_value(name, code) for code in codes}
    texts[name] = controls.segmented(f"training_{name}", setting_label(name), options, codes[0])
