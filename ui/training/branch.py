"""What the Training page remembers of a run: its plan, the plan before the last change, and both in the URL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import streamlit as st

from instruments.training_stage import Hand
from locales import _
from ui.frame import sharing
from ui.training.plan import (
    Change,
    Plan,
    Stretch,
    changed,
    changes_from,
    differences,
    plan_from,
    taken_in_hand,
    text_of,
)
from ui.training.run import Run
from ui.training.settings import Settings, setting_label, shown_value
from ui.widgets.show import number, percent, table

LONGEST_PLAN = 3000


@dataclass
class Memory:
    """What a session remembers of one stage."""

    data: str = ""
    settings: Settings = ()
    plan: Plan = ()
    ghost: Plan | None = None
    hand: str = ""
    links: dict[str, tuple[Change, ...]] = field(default_factory=dict)


def memory(key: str) -> Memory:
    """Return what this session remembers of the stage ``key``."""
    name = f"{key}_memory"
    if name not in st.session_state:
        st.session_state[name] = Memory()
    found: Memory = st.session_state[name]
    return found


def forget_all(key: str, links: dict[str, tuple[Change, ...]]) -> None:
    """Begin anew, with the plans of a link that has just been brought."""
    hand = memory(key).hand
    st.session_state[f"{key}_memory"] = Memory(hand=hand, links=links)


def plans_from_link(key: str) -> None:
    """Read the plan and the ghost of the link; they are used when the settings are known."""
    for part in ("plan", "ghost"):
        read: tuple[Change, ...] = sharing.read(
            f"{key}_{part}", changes_from, (), _("changes on the way"), longest=LONGEST_PLAN
        )
        memory(key).links[part] = read


def follow(
    key: str,
    data: str,
    settings: Settings,
    step: int,
    from_here: bool,
    shape: tuple[int, int],
    hand: tuple[str, Hand] | None,
) -> Memory:
    """Bring the memory up to date with the controls and the hand, and the URL with the memory.

    Parameters
    ----------
    data
        Names the points; other points have another run, without ghost.
    shape
        (features, classes): what weights must fit.
    hand
        The last weights set by hand with their id, as :func:`instruments.training_stage.hand` returns them.
    """
    now = memory(key)
    if now.data != data:
        first = now.data == ""
        now.data, now.settings, now.plan, now.ghost = data, settings, (Stretch(0, settings),), None
        if first:
            _take_links(now, shape)
    elif now.settings != settings:
        now.ghost, now.plan = now.plan, changed(now.plan, settings, step, from_here)
        now.settings = settings
    if hand is not None and hand[0] != now.hand:
        now.hand = hand[0]
        if (len(hand[1].rows) - 1, len(hand[1].rows[0])) == shape:
            now.ghost, now.plan = now.plan, taken_in_hand(now.plan, hand[1])
    sharing.publish(f"{key}_plan", text_of(now.plan, settings))
    sharing.publish(f"{key}_ghost", None if now.ghost is None else text_of(now.ghost, settings))
    return now


def _take_links(now: Memory, shape: tuple[int, int]) -> None:
    with suppress(ValueError):  # settings or weights that do not fit this model
        if now.links.get("plan"):
            now.plan = plan_from(now.links["plan"], now.settings, *shape)
        if now.links.get("ghost"):
            now.ghost = plan_from(now.links["ghost"], now.settings, *shape)


def compare(key: str, run: Run, ghost: Run, step: int) -> None:
    """Show what differs between a run and its ghost, in settings and in results."""
    now = memory(key)
    if now.ghost is None:
        return
    here = min(step, ghost.trajectory.steps)
    rows = [
        [setting_label(name), shown_value(name, old), shown_value(name, new)]
        for name, old, new in differences(now.ghost, now.plan)
    ]
    readings: list[tuple[str, Callable[[Run, int], str]]] = [
        (_("loss at this step"), lambda one, at: number(float(one.trajectory.loss[at]), 4)),
        (_("loss at the end"), lambda one, at: number(float(one.trajectory.loss[-1]), 4)),
        (_("accuracy at the end"), lambda one, at: percent(float(one.trajectory.accuracy[-1]))),
    ]
    rows += [[name, of(ghost, here), of(run, step)] for name, of in readings]
    table(["", _("before (dashed)"), _("now")], rows)
    st.button(_("Forget the run before"), key=f"{key}_forget", on_click=_forget, args=(key,))


def _forget(key: str) -> None:
    memory(key).ghost = None


def offer_start_again(key: str) -> None:
    """Where something changed on the way, offer to drop it."""
    plan = memory(key).plan
    if len(plan) > 1 or plan[0].weights is not None:
        st.button(_("Start again without changes on the way"), on_click=start_again, args=(key,))


def start_again(key: str) -> None:
    """Drop every change on the way: the present settings from step 0."""
    now = memory(key)
    now.ghost, now.plan = now.plan, (Stretch(0, now.settings),)
