"""The controls of the Training page that choose how it learns and what the linear layer sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from locales import _
from softmax_core.features import FEATURE_MAPS, FeatureMap
from softmax_core.optimizers import OPTIMIZERS, Optimizer
from softmax_core.schedules import SCHEDULES
from ui.frame import sharing
from ui.training import thumbnails
from ui.training.lessons import is_network, named
from ui.training.settings import (
    BATCH,
    END_AND_START,
    LAYERS,
    LOSS,
    OPTIMIZER,
    RATE,
    SCHEDULE,
    Codes,
    Setting,
    Settings,
    Steps,
    Value,
    feature_map_names,
    settings_of,
    settings_of_kind,
    settings_table,
    shown_value,
    uses,
)
from ui.widgets import controls, live
from ui.widgets.show import rate_text

Visible = Callable[[str], bool]
"""Whether the control of a setting is on the page."""

STEPS = [10, 20, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10_000]


def choose_training(
    test_points: bool,
    visible: Visible,
    place: DeltaGenerator,
    naming: str = "{setting}",
    steps_at_first: int = 300,
) -> tuple[Settings, int, DeltaGenerator | None]:
    """Show the controls of the training that are visible.

    A control that would exclude another is not shown, and its setting is at its default. The learning rate stands at
    ``place``. ``naming``: how what each lane of a race has for itself is named.

    Returns
    -------
    settings, steps, place
        The place is beside the learning rate, for the largest stable one; None where that is not to be shown.
    """
    values: dict[str, Value] = {}
    table = settings_table()

    def choose(setting: Setting, name: str = "{setting}") -> Any:
        with controls.shown(setting is RATE or visible(setting.name)):
            values[setting.name] = pick(table[setting.name], naming=name)
        return values[setting.name]

    for setting in LAYERS if is_network() else ():
        choose(setting)
    if visible(OPTIMIZER.name):
        st.markdown(f"**{_('Training')}**")
    rule = choose(OPTIMIZER, naming)
    kind = OPTIMIZERS[rule]
    has_rate = uses(kind, RATE.field)
    beside_rate = None
    if has_rate:
        with place:
            choose(RATE, naming)
            if visible("stable_rate"):
                beside_rate = st.container()
    with controls.shown(visible("steps")):
        steps = controls.select_slider(named("steps"), _("Steps"), STEPS, steps_at_first, format_func=str)
    for setting in settings_of_kind(rule, kind):
        choose(setting, naming)
    if not kind.whole_set:
        choose(BATCH, naming)
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
    return settings_of(values), int(steps), beside_rate


def pick(
    setting: Setting,
    *,
    before: str | None = None,
    default: Any = None,
    at_release: bool = False,
    naming: str = "{setting}",
) -> Any:
    """Show the control of a setting; return its value.

    In the link ``before``, or the name of the lesson, stands before the name of the setting. ``default`` takes the place of the setting's default. A
    number acts while its slider moves, or only ``at_release`` where each value asks for other points. ``naming`` is the name of
    the control, for one of several that set the same.
    """
    key = named(setting.name) if before is None else before + setting.name
    label, choices = naming.format(setting=setting.label()), setting.choices
    default = setting.default if default is None else default
    if isinstance(choices, Codes):
        options = {code: shown_value(setting.name, code) for code in choices.texts()}
        return (controls.choice if choices.is_menu else controls.segmented)(key, label, options, default)
    if isinstance(default, bool):
        return controls.toggle(key, label, default)
    if isinstance(choices, Steps):
        if setting.name in ("start_seed", "units"):
            return controls.number(
                key,
                label,
                *choices[:2],
                default,
                choices.step,
                widget=live.number,
                stops=range(min(21, int(choices.high) + 1)),
            )
        return controls.slider(
            key, label, *choices[:2], default, choices.step, widget=None if at_release else live.number
        )

    def as_shown(value: float) -> str:
        return rate_text(value) if setting.name == RATE.name else shown_value(setting.name, value)

    kind, widget = type(setting.default), None if at_release else live.slider
    return kind(controls.select_slider(key, label, choices, default, format_func=as_shown, widget=widget))


def choose_features(visible: Visible) -> FeatureMap:
    """Show the controls of the features that are visible; return the feature map."""
    rows = {code: settings_of_kind(code, kind) for code, kind in FEATURE_MAPS.items()}
    names = ["standardise", "standardise_map", *(row.name for of_kind in rows.values() for row in of_kind)]
    sharing.claim(*(named(name) for name in names))
    with controls.shown(visible("features")):
        code = controls.choice(
            named("features"), _("Features"), feature_map_names(), "linear",
            widget=live.pictures, pictures=thumbnails.of_features(),
        )  # fmt: skip
    chosen = {}
    for row in rows[code]:
        with controls.shown(visible(row.name)):
            chosen[row.field] = pick(row)
    # On by default: squares of inputs around 10 need rates a thousand times smaller.
    curved = code != "linear"
    with controls.shown(visible("standardise")):
        standardise = controls.toggle(
            named("standardise_map") if curved else named("standardise"), _("Standardise the inputs"), curved,
            help=_("Shift and scale x₁ and x₂ to mean 0 and standard deviation 1 on the training points, before the map."),
        )  # fmt: skip
    if curved and standardise and visible("features"):
        st.caption(_("These features first standardise the inputs, so that squares do not grow too large."))
    return FEATURE_MAPS[code](standardise=standardise, **chosen)
