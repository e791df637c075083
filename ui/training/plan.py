"""The plan of a run: settings that changed on the way, weights set by hand, the plan before, and both in the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
import streamlit as st

from instruments.training_stage import LARGEST_WEIGHT, LAST_STEP, Hand
from locales import _
from softmax_core.features import FeatureMap
from softmax_core.numbers_text import shortest
from softmax_core.training import Rows, Segment
from ui.frame import kept, sharing
from ui.training.lessons import stage_key
from ui.training.session import Changes, Plan, PlanMemory, Run, Segments, session
from ui.training.settings import (
    Settings,
    Value,
    config_of,
    model_of,
    parsed,
    settings_table,
    shown_value,
    takes_weights,
    text_of_value,
    with_values,
)
from ui.widgets.show import number, percent, table

MOST_SEGMENTS = 6
LONGEST_PLAN = 3000  # of the text in the address
LONGEST_PACKED = 12_000  # of the same in a link that packs its settings
MORE_STEPS = 300  # after a change at the end of a run
MOST_ADDED = (MOST_SEGMENTS - 1) * MORE_STEPS
MOST_UNDONE = 50  # times that weights set by hand can be taken back


def segments_of(plan: Plan, steps: int, features: FeatureMap) -> Segments:
    """Return the plan as the mathematics takes it, every segment with the length of the whole run."""
    return tuple(Segment(part.at, config_of(part.config, steps, features), part.weights) for part in plan)


def length(plan: Plan, steps: int, most: int) -> int:
    """Return how many steps a run of the plan has: after a change at the very end it goes on for some more.

    ``most`` is how many the settings may ask for. A link may name any step, so there is an end to going on.
    """
    last = plan[-1].at
    return steps if last < steps else min(last, most + MOST_ADDED) + min(steps, MORE_STEPS)


def changed(plan: Plan, settings: Settings, step: int, from_playhead: bool) -> Plan:
    """Return the plan after the settings changed at the playhead ``step``.

    From the playhead on the steps before it stay as they were; else everything before is dropped, weights set by hand
    included. Other layers begin at step 0: the weights so far do not fit them.
    """
    if not from_playhead or step == 0 or model_of(settings) != model_of(plan[-1].config):
        return (Segment(0, settings),)
    return _with(plan, Segment(step, settings))


def with_weights(plan: Plan, hand: Hand) -> Plan:
    """Return the plan after weights were set by hand at a step; the settings do not change."""
    return _with(plan, Segment(hand.step, plan[-1].config, hand.rows))


def _with(plan: Plan, new: Segment[Settings]) -> Plan:
    earlier = [part for part in plan if part.at < new.at]
    same_step = [part for part in plan if part.at == new.at]
    if same_step and new.weights is None:
        new = replace(new, weights=same_step[-1].weights)
    # A plan begins at step 0: of a plan that is too long the second segment is dropped.
    return (*earlier[:1], *earlier[1:][2 - MOST_SEGMENTS :], new)


# --- the link


def plan_text(plan: Plan, now: Settings) -> str | None:
    """Write a plan as a parameter of the link: of each segment only what differs from the present settings.

    ``40!rate=0.5~60!w=1_-1_0.5_0``: from 40 on another rate, at 60 weights by hand. None for the present settings
    from step 0 on.
    """
    if plan == (Segment(0, now),):
        return None
    return "~".join("!".join(_parts(part, now)) for part in plan)


def _parts(part: Segment[Settings], now: Settings) -> list[str]:
    differing = [
        f"{name}={text_of_value(value)}" for name, value in part.config.items() if now.get(name) != value
    ]
    hand = [] if part.weights is None else ["w=" + "_".join(shortest(w) for row in part.weights for w in row)]
    return [str(part.at), *differing, *hand]


def changes_from(text: str) -> Changes:
    """Read a parameter that :func:`text_of` wrote.

    Raises
    ------
    ValueError
        If it is not one; `plan_from` checks that the settings exist and the weights fit.
    """
    changes = tuple(_change(part) for part in text.split("~"))
    steps = [change.at for change in changes]
    if not 1 <= len(changes) <= MOST_SEGMENTS or steps[0] != 0 or steps != sorted(set(steps)):
        raise ValueError(f"segments begin at 0 and are in order, got {steps}")
    return changes


def _change(text: str) -> Segment[Mapping[str, str]]:
    at, *parts = text.split("!")
    texts: dict[str, str] = {}
    weights: Rows | None = None
    for part in parts:
        name, sign, value = part.partition("=")
        if not sign:
            raise ValueError(f"a setting is written name=value, got {part[:40]!r}")
        if name == "w":
            numbers = tuple(float(number) for number in value.split("_"))
            if not all(abs(number) <= LARGEST_WEIGHT for number in numbers):
                raise ValueError(f"weights must be numbers up to {LARGEST_WEIGHT:g}, got {value[:40]!r}")
            weights = (numbers,)  # one row; `plan_from` knows how many the model has
        else:
            texts[name] = value
    if not (at.isascii() and at.isdigit() and len(at) <= len(str(LAST_STEP)) and int(at) <= LAST_STEP):
        raise ValueError(f"a step is a whole number up to {LAST_STEP}, got {at[:40]!r}")
    return Segment(int(at), texts, weights)


def plan_from(changes: Changes, now: Settings, features: int, classes: int) -> Plan:
    """Return the plan that a link describes, given the present settings.

    Raises
    ------
    ValueError
        If a setting does not exist or has no such value, weights do not fit the model, or the layers change on the way.
    """
    plan = tuple(
        Segment(change.at, with_values(now, parsed(change.config)), _rows(change.weights, features, classes))
        for change in changes
    )
    by_hand = [part for part in plan if part.weights is not None and not takes_weights(part.config)]
    if by_hand or len({model_of(part.config) for part in plan}) > 1:
        raise ValueError(
            "the layers of a run stay as they are, and those of a network have no weights by hand"
        )
    return plan


def _rows(flat: Rows | None, features: int, classes: int) -> Rows | None:
    if flat is None:
        return None
    return tuple(map(tuple, np.reshape(flat[0], (features + 1, classes)).tolist()))


# --- the session


def plans_from_link() -> None:
    """Read the plan and the ghost of the link; they are used when the settings are known."""
    for part in ("plan", "ghost"):
        read: Changes = sharing.read(
            f"{stage_key()}_{part}", changes_from, (), _("changes on the way"), longest=LONGEST_PACKED
        )
        session().plan.links[part] = read


def forget_all(links: dict[str, Changes]) -> None:
    """Forget the plan and its ghost; those in ``links`` take their place when the settings are known."""
    session().plan = PlanMemory(hand=session().plan.hand, links=links)


def follow(
    data: str,
    settings: Settings,
    step: int,
    from_playhead: bool,
    shape: tuple[int, int],
    hand: tuple[str, Hand | str] | None,
) -> PlanMemory:
    """Bring the plan up to date with the controls and the hand, and the link with the plan.

    ``data`` names the points: others have another run, without ghost. ``shape`` is (features, classes), ``hand`` what
    `instruments.training_stage.hand` returns.
    """
    memory = session().plan
    if memory.data != data:
        first = memory.data == ""
        memory.data, memory.settings = data, settings
        memory.plan, memory.ghost = (Segment(0, settings),), None
        memory.past, memory.future = (), ()
        if first:
            _take_links(memory, shape)
    elif memory.settings != settings:
        memory.ghost, memory.plan = memory.plan, changed(memory.plan, settings, step, from_playhead)
        memory.settings = settings
        memory.past, memory.future = (), ()
    if hand is not None and hand[0] != memory.hand:
        memory.hand = hand[0]
        by_hand(memory, hand[1], shape)
    changes = _(", ").join(_("step {step}").format(step=part.at) for part in memory.plan)
    _publish("plan", plan_text(memory.plan, settings), (_("changes on the way"), changes))
    _publish("ghost", None if memory.ghost is None else plan_text(memory.ghost, settings))
    return memory


def _publish(part: str, text: str | None, words: tuple[str, str] | None = None) -> None:
    """Say what the link holds of a plan: weights of many features and classes are too many numbers for an address."""
    key = f"{stage_key()}_{part}"
    sharing.publish(key, kept.in_address(key, text, LONGEST_PLAN), words)
    is_long = text is not None and len(text) > LONGEST_PLAN
    sharing.offer(
        key,
        (lambda: text if text and len(text) <= LONGEST_PACKED else "") if is_long else None,
        instead=_("The weights set by hand are too many for a link. Download the run under “Export”, and send the file."),
    )  # fmt: skip


def by_hand(memory: PlanMemory, wish: Hand | str, shape: tuple[int, int]) -> None:
    """Take weights that were set by hand, or take them back; a change that is taken back leaves no ghost."""
    before, memory.ghost = memory.plan, None
    if wish == "undo" and memory.past:
        *past, memory.plan = memory.past
        memory.past, memory.future = tuple(past), (*memory.future, before)
    elif wish == "redo" and memory.future:
        *future, memory.plan = memory.future
        memory.past, memory.future = (*memory.past, before), tuple(future)
    elif isinstance(wish, Hand) and (len(wish.rows) - 1, len(wish.rows[0])) == shape:
        memory.plan = with_weights(before, wish)
        memory.past, memory.future = (*memory.past, before)[-MOST_UNDONE:], ()
        memory.ghost = before


def _take_links(memory: PlanMemory, shape: tuple[int, int]) -> None:
    with suppress(ValueError):  # settings or weights that do not fit this model
        if memory.links.get("plan"):
            memory.plan = plan_from(memory.links["plan"], memory.settings, *shape)
        if memory.links.get("ghost"):
            memory.ghost = plan_from(memory.links["ghost"], memory.settings, *shape)


def offer_start_again() -> None:
    """Where something changed on the way, offer to drop the changes."""
    plan = session().plan.plan
    if len(plan) > 1 or plan[0].weights is not None:
        st.button(_("Restart without mid-run changes"), on_click=_start_again)


def _start_again() -> None:
    memory = session().plan
    memory.ghost, memory.plan = memory.plan, (Segment(0, memory.settings),)


# --- what differs from the run before


def differences(one: Plan, other: Plan) -> list[tuple[str, Value, Value]]:
    """Return (setting, value in one, value in the other) for the settings that differ at the end of two plans."""
    left, right = one[-1].config, other[-1].config
    return [(name, left[name], value) for name, value in right.items() if left[name] != value]


def offer_comparison(run: Run, ghost: Run | None, step: int) -> None:
    """Where there is a run before, offer to compare the two."""
    if ghost is not None:
        with st.expander(_("Compared with the run before"), expanded=False):
            compare(run, ghost, step)


def compare(run: Run, ghost: Run, step: int) -> None:
    """Show what differs between a run and its ghost, in settings and in results."""
    memory = session().plan
    if memory.ghost is None:
        return
    ghost_step = min(step, ghost.trajectory.steps)
    rows = [
        [settings_table()[name].label(), shown_value(name, old), shown_value(name, new)]
        for name, old, new in differences(memory.ghost, memory.plan)
    ]
    readings: Sequence[tuple[str, Callable[[Run, int], str]]] = [
        (_("loss at this step"), lambda one, at: number(float(one.trajectory.loss[at]), 4)),
        (_("loss at the end"), lambda one, at: number(float(one.trajectory.loss[-1]), 4)),
        (_("accuracy at the end"), lambda one, at: percent(float(one.trajectory.accuracy[-1]))),
    ]
    rows += [[name, of(ghost, ghost_step), of(run, step)] for name, of in readings]
    table(["", _("before (dashed)"), _("now")], rows)
    st.button(_("Clear comparison"), key=f"{stage_key()}_forget", on_click=_forget_ghost)


def _forget_ghost() -> None:
    session().plan.ghost = None
