"""What a session did to the points on the stage: kept, taken back, done again, and in the link while it is short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from instruments.training_stage.edits import (
    LONGEST_TEXT,
    MOST_POINTS,
    Clear,
    Gesture,
    Message,
    as_text,
    from_browser,
    from_text,
    joined,
)
from locales import _
from ui.frame import sharing
from ui.training.points import Points, Source, edited

PARAMETER = "training_edits"
MOST_SOURCES = 8  # whose edits a session keeps, so that going back to a data set brings them back


@dataclass(frozen=True)
class History:
    """The gestures on one data set, and those that were taken back. ``drag`` names the drag of the last one."""

    done: tuple[Gesture, ...] = ()
    undone: tuple[Gesture, ...] = ()
    drag: int = 0


@dataclass
class Memory:
    """What a session knows: a history for each data set, the last message obeyed, the link's edits once used."""

    histories: dict[str, History] = field(default_factory=dict)
    applied: int = 0
    from_link: tuple[Gesture, ...] | None = None
    refused: str = ""


def _memory() -> Memory:
    if "training_edits_memory" not in st.session_state:
        st.session_state["training_edits_memory"] = Memory()
    found: Memory = st.session_state["training_edits_memory"]
    return found


def after(history: History, message: Message, source: Source) -> History:
    """Return the history after one message of the browser.

    Raises
    ------
    ValueError
        If the gesture does not fit the points; with a sentence for the learner.
    """
    done, undone, wish = history.done, history.undone, message.wish
    if wish == "undo":
        return History(done[:-1], (*undone, done[-1])) if done else history
    if wish == "redo":
        return History((*done, undone[-1]), undone[:-1]) if undone else history
    if isinstance(wish, str):
        raise ValueError(wish)
    if isinstance(wish, Clear) and (not done or isinstance(done[-1], Clear)):
        return history
    merged = joined(done[-1], wish) if done and message.drag and message.drag == history.drag else None
    done = (*done[:-1], merged) if merged is not None else (*done, wish)
    edited(source, done)
    return History(done, (), message.drag)


def follow(stage: str, source: Source) -> Points:
    """Obey what the stage ``stage`` has sent since the last run, and return the points with all edits.

    The link is brought up to date with them.
    """
    memory = _memory()
    _take_link(memory, source)
    points = obey(stage, source)
    text = as_text(memory.histories.get(source.name, History()).done)
    sharing.publish(PARAMETER, text if source.shared and 0 < len(text) <= LONGEST_TEXT else None)
    return points


def obey(stage: str, source: Source) -> Points:
    """Obey what the stage has sent and return the points with all edits; nothing is drawn."""
    memory = _memory()
    _take_messages(memory, source, stage)
    return edited(source, memory.histories.get(source.name, History()).done)


def waiting(stage: str) -> bool:
    """Whether the stage has sent an edit that has not been obeyed yet."""
    return any(message.number > _memory().applied for message in _sent(stage)[1])


def _keep(memory: Memory, source: Source, history: History) -> None:
    memory.histories.pop(source.name, None)
    if history.done or history.undone:
        memory.histories[source.name] = history
    while len(memory.histories) > MOST_SOURCES:
        del memory.histories[next(iter(memory.histories))]


def _take_link(memory: Memory, source: Source) -> None:
    found: tuple[Gesture, ...] = sharing.read(
        PARAMETER, from_text, (), _("edited points"), longest=LONGEST_TEXT
    )
    if not found or found is memory.from_link:
        return
    memory.from_link = found
    try:
        edited(source, found)
    except ValueError:
        sharing.report(_("edited points"), as_text(found), _("the data set without edits"))
    else:
        _keep(memory, source, History(found))


def _sent(stage: str) -> tuple[str, tuple[Message, ...]]:
    """Return the data set that the stage's messages are meant for, and the messages."""
    value = st.session_state.get(stage)
    sent = value.get("edits") if isinstance(value, Mapping) else None
    if not isinstance(sent, Mapping):
        return "", ()
    try:
        return str(sent.get("base")), from_browser(sent.get("list"))
    except ValueError:
        return "", ()  # a forged message; what was good stays


def _take_messages(memory: Memory, source: Source, stage: str) -> None:
    base, messages = _sent(stage)
    fresh = [
        message for message in messages if message.number > memory.applied
    ]  # it repeats what has no answer
    if not fresh:
        return
    memory.refused = ""
    history = memory.histories.get(source.name, History())
    for message in fresh:
        memory.applied = message.number
        if base != source.name:
            continue  # meant for points that are no longer on the stage
        try:
            history = after(history, message, source)
        except ValueError as error:
            memory.refused = str(error)
            history = replace(history, drag=0)
    _keep(memory, source, history)


def for_stage(points: Points) -> dict[str, Any]:
    """Return what the stage must know of the edits."""
    memory = _memory()
    history = memory.histories.get(points.source.name, History())
    return {
        "base": points.source.name,
        "applied": memory.applied,
        "next": points.following,
        "undo": len(history.done),
        "redo": len(history.undone),
        "limit": MOST_POINTS,
    }


def remarks(points: Points) -> None:
    """Say what was refused, and what the link cannot carry."""
    memory = _memory()
    if memory.refused:
        st.warning(memory.refused)
    history = memory.histories.get(points.source.name, History())
    if not points.source.shared:
        st.caption(_("Your own data are not part of the link; the CSV download keeps them, edits included."))
    elif len(as_text(history.done)) > LONGEST_TEXT:
        st.caption(_("The edits are too many for a link; the CSV download keeps them."))
