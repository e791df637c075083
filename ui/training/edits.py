"""Edits of the points on the stage: applied, undone, redone, and in the link while they are short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import streamlit as st

from instruments.shared.session import message
from instruments.training_stage.edits import (
    LONGEST_PACKED,
    LONGEST_TEXT,
    MOST_MARKS,
    MOST_POINTS,
    Add,
    Clear,
    Erase,
    Gesture,
    Message,
    Move,
    Place,
    as_text,
    from_browser,
    from_text,
    joined,
)
from locales import _
from ui.frame import kept, sharing
from ui.training.lessons import named, stage_key
from ui.training.points import Points, Source, digest
from ui.training.session import History, session

MOST_SOURCES = 8  # whose edits a session remembers, so that they are back when their data set is chosen again


@dataclass
class Replay:
    """Applies gestures to a data set, one after the other; one that does not fit is refused and changes nothing."""

    source: Source
    added: list[tuple[Place, int]] = field(default_factory=list)
    moved: dict[int, Place] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)
    marks: int = 0

    def __post_init__(self) -> None:
        self.n = self.source.data.y.size
        self.n_training = self.n - int(self.source.is_test.sum())

    def do(self, gesture: Gesture) -> None:
        """Apply one gesture.

        Raises
        ------
        ValueError
            If it does not fit, with a sentence for the learner.
        """
        if self.marks + gesture.marks > MOST_MARKS:
            raise ValueError(_("No more than {n} edits are kept.").format(n=MOST_MARKS))
        if isinstance(gesture, Add):
            self._add(gesture)
        elif isinstance(gesture, Move):
            self._check_exist([gesture.point])
            self._check_inside([gesture.place])
            self.moved[gesture.point] = gesture.place
        elif isinstance(gesture, Erase):
            self._erase(gesture)
        else:
            self.added, self.moved, self.erased = [], {}, set()
            self.__post_init__()
        self.marks += gesture.marks

    def _add(self, gesture: Add) -> None:
        if gesture.label >= self.source.data.n_classes:
            raise ValueError(_("There is no class {k}.").format(k=gesture.label))
        if self.n + len(self.added) - len(self.erased) + len(gesture.places) > MOST_POINTS:
            raise ValueError(_("The stage holds no more than {n} points.").format(n=MOST_POINTS))
        self._check_inside(gesture.places)
        self.added += [(place, gesture.label) for place in gesture.places]
        self.n_training += len(gesture.places)

    def _erase(self, gesture: Erase) -> None:
        self._check_exist(gesture.points)
        training = sum(point >= self.n or not self.source.is_test[point] for point in gesture.points)
        if training >= self.n_training:
            raise ValueError(_("At least one training point has to stay."))
        self.erased.update(gesture.points)
        self.n_training -= training

    def _check_exist(self, points: Sequence[int]) -> None:
        for point in points:
            if point >= self.n + len(self.added) or point in self.erased:
                raise ValueError(_("There is no point {i}.").format(i=point))

    def _check_inside(self, places: Sequence[Place]) -> None:
        x0, x1, y0, y1 = self.source.box
        across, up = 1e-6 * (x1 - x0), 1e-6 * (y1 - y0)
        for x, y in places:
            if not (x0 - across <= x <= x1 + across and y0 - up <= y <= y1 + up):
                raise ValueError(_("A point has to lie on the stage."))

    def points(self, name: str) -> Points:
        """Return the points after the gestures, named ``name``."""
        base = self.source.data
        added = np.array([place for place, _label in self.added]).reshape(-1, 2)
        X = np.vstack([base.X, added])
        for point, place in self.moved.items():
            X[point] = place
        y = np.concatenate([base.y, np.array([label for _place, label in self.added], dtype=base.y.dtype)])
        is_test = np.concatenate([self.source.is_test, np.zeros(len(added), dtype=bool)])
        remains = np.ones(y.size, dtype=bool)
        remains[list(self.erased)] = False
        sides = [np.flatnonzero(remains & ~is_test), np.flatnonzero(remains & is_test)]
        train, test = (replace(base, X=X[side], y=y[side]) for side in sides)
        return Points(
            name=name, source=self.source, train=train, test=test,
            ids=np.concatenate(sides).astype(np.int32), next_id=y.size,
            shared=self.source.shared and not (self.added or self.moved or self.erased),
        )  # fmt: skip


def edited(source: Source, gestures: Sequence[Gesture]) -> Points:
    """Return the points after gestures.

    Raises
    ------
    ValueError
        If one does not fit; with a sentence for the learner.
    """
    replay = Replay(source)
    for gesture in gestures:
        replay.do(gesture)
    name = source.name if not gestures else digest(source.name, as_text(gestures))
    return replay.points(name)


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


def follow(source: Source) -> Points:
    """Apply the edits that the link and the stage have sent; return the points after all edits.

    The link is brought up to date with them.
    """
    _take_link(source)
    points, parameter = obey(source), named("edits")
    text = as_text(_history(source).done)
    is_short = len(text) <= LONGEST_TEXT
    # Edits of own data say where these lie.
    in_address = kept.in_address(parameter, text or None, LONGEST_TEXT if source.shared else 0)
    sharing.publish(parameter, in_address, (_("edited points"), _("yes")))
    sharing.offer(
        parameter,
        None if is_short or not source.shared else lambda: text if len(text) <= LONGEST_PACKED else "",
        instead=_(
            "The edits of the points are too many for a link. Download the points as CSV under “Export”, and send the file."
        ),
    )
    return points


def forget(source: Source) -> None:
    """Forget the edits of a data set, and what can be redone."""
    session().edits.histories.pop(source.name, None)


def obey(source: Source) -> Points:
    """Apply the edits that the stage has sent; return the points after all edits. Nothing is drawn."""
    _take_messages(source)
    return edited(source, _history(source).done)


def is_waiting() -> bool:
    """Whether the stage has sent an edit that is not applied yet."""
    return any(one.number > session().edits.applied for one in _sent()[1])


def _history(source: Source) -> History:
    return session().edits.histories.get(source.name, History())


def _remember(source: Source, history: History) -> None:
    histories = session().edits.histories
    histories.pop(source.name, None)
    if history.done or history.undone:
        histories[source.name] = history
    while len(histories) > MOST_SOURCES:
        del histories[next(iter(histories))]


def _take_link(source: Source) -> None:
    gestures: tuple[Gesture, ...] = sharing.read(
        named("edits"), from_text, (), _("edited points"), longest=LONGEST_PACKED
    )
    memory = session().edits
    if not gestures or gestures is memory.from_link:
        return
    try:
        edited(source, gestures)
    except ValueError:
        sharing.report(
            named("edits"),
            as_text(gestures),
            lambda: (_("edited points"), _("the data set without edits")),
        )
    else:
        _remember(source, History(gestures))
    memory.from_link = gestures


def _sent() -> tuple[str, tuple[Message, ...]]:
    """Return the data set that the stage's messages are meant for, and the messages.

    After a lost server the browser repeats what it had told the old one: the address of this session holds that already.
    """
    sent = message(stage_key(), "edits")
    if sent is None or sent.get("session", session().edits.session) != session().edits.session:
        return "", ()
    try:
        messages = from_browser(sent.get("list"))
    except ValueError:
        return "", ()  # a forged message changes nothing
    base = sent.get("base")
    return base if isinstance(base, str) else "", messages


def _take_messages(source: Source) -> None:
    memory, (base, messages) = session().edits, _sent()
    new = [one for one in messages if one.number > memory.applied]  # the stage repeats what has no answer yet
    if not new:
        return
    memory.refused = ""
    history = _history(source)
    for one in new:
        memory.applied = one.number
        if base != source.name:
            continue  # for points that are no longer on the stage
        try:
            history = after(history, one, source)
        except ValueError as error:
            memory.refused = str(error)
            history = replace(history, drag=0)
    _remember(source, history)


def for_stage(points: Points) -> dict[str, Any]:
    """Return what the stage needs to know of the edits."""
    history = _history(points.source)
    return {
        "base": points.source.name,
        "session": session().edits.session,
        "applied": session().edits.applied,
        "next": points.next_id,
        "undo": len(history.done),
        "redo": len(history.undone),
        "limit": MOST_POINTS,
    }


def show_remarks(points: Points) -> None:
    """Say which edit was refused, and that the link does not hold edits that are too many or on uploaded data."""
    if session().edits.refused:
        st.warning(session().edits.refused)
    if not points.source.shared:
        kept.promise(
            _("Your own data are not in the address: only this browser keeps them."),
            after=_("Share puts them into a link if you want it and they are few; the CSV download holds them all, edits included."),
        )  # fmt: skip
    elif len(as_text(_history(points.source).done)) > LONGEST_TEXT:
        kept.promise(
            _("The edits are too many for the address: only this browser keeps them."),
            after=_("Share packs them into a link if they fit; the CSV download holds them too."),
        )
