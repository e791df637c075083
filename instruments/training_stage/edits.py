"""Edits of the points on the stage: gestures as values, read from the browser and from a link.

A point is named by a number: the points of the data set have 0 .. n - 1 in their own order, and every point that is
added gets the next one, whatever happens to the others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from instruments.shared.values import checked_message
from softmax_core.numbers_text import shortest

MOST_POINTS = 5_000
MOST_MARKS = 20_000  # points that gestures name, all together: what one session may keep
LONGEST_TEXT = 1_500  # of a link's parameter; longer addresses are cut by chat programs and old proxies
LONGEST_PACKED = 8_000  # of the same in a link that packs its settings; more would not fit there

Place = tuple[float, float]


@dataclass(frozen=True)
class Add:
    """Points of one class, put there by a click or sprayed by a drag."""

    label: int
    places: tuple[Place, ...]

    @property
    def marks(self) -> int:
        """How many points the gesture names."""
        return len(self.places)


@dataclass(frozen=True)
class Move:
    """One point carried to another place."""

    point: int
    place: Place
    marks = 1


@dataclass(frozen=True)
class Erase:
    """Points taken away."""

    points: tuple[int, ...]

    @property
    def marks(self) -> int:
        """How many points the gesture names."""
        return len(self.points)


@dataclass(frozen=True)
class Clear:
    """All edits taken back at once; itself an edit, so that it can be undone."""

    marks = 1


Gesture = Add | Move | Erase | Clear
COMMANDS = ("undo", "redo")


@dataclass(frozen=True)
class Message:
    """One thing that the browser asks for.

    Parameters
    ----------
    number
        Counts up within a session; each number is obeyed once.
    drag
        Gestures with the same number above 0 are parts of one drag and become one gesture.
    wish
        A gesture, or ``"undo"`` or ``"redo"``.
    """

    number: int
    drag: int
    wish: Gesture | str


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"not a finite number: {value!r:.40}")
    return float(value)


def _whole(value: Any, most: int = 2**31) -> int:
    number = _number(value)
    if not 0 <= number <= most or int(number) != number:
        raise ValueError(f"not a whole number in 0..{most}: {value!r:.40}")
    return int(number)


def _places(values: Any) -> tuple[Place, ...]:
    if not isinstance(values, list) or not values or len(values) > 2 * MOST_POINTS or len(values) % 2:
        raise ValueError("places are a list of x, y, x, y ...")
    numbers = [_number(value) for value in values]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _gesture(item: Mapping[str, Any]) -> Gesture | str:
    kind = item["kind"]
    if kind == "add":
        return Add(_whole(item["label"], 9), _places(item["places"]))
    if kind == "move":
        ((x, y),) = _places(item["places"])
        return Move(_whole(item["point"]), (x, y))
    if kind == "erase":
        points = item["points"]
        if not isinstance(points, list) or not 0 < len(points) <= MOST_POINTS:
            raise ValueError("points are a list of numbers")
        return Erase(tuple(dict.fromkeys(_whole(point) for point in points)))
    if kind == "clear":
        return Clear()
    if kind in COMMANDS:
        return str(kind)
    raise ValueError(f"no such gesture: {kind!r:.40}")


def from_browser(value: Any) -> tuple[Message, ...]:
    """Read what the browser sent. Whoever can open the page can send anything, so it is checked here.

    Raises
    ------
    ValueError
        If any of it is not what the stage sends; nothing is taken then.
    """
    if not isinstance(value, list) or len(value) > MOST_POINTS:
        raise ValueError("the edits are a list of messages")
    with checked_message("an edit"):
        return tuple(
            Message(_whole(item["number"]), _whole(item.get("drag", 0)), _gesture(item)) for item in value
        )


def joined(last: Gesture | None, following: Gesture) -> Gesture | None:
    """Return two parts of one drag as one gesture, or None where they are two."""
    if isinstance(last, Add) and isinstance(following, Add) and last.label == following.label:
        return Add(last.label, last.places + following.places)
    if isinstance(last, Move) and isinstance(following, Move) and last.point == following.point:
        return following
    if isinstance(last, Erase) and isinstance(following, Erase):
        return Erase(tuple(dict.fromkeys(last.points + following.points)))
    return None


# --- a link's form: a1_0.25_-1.3 adds to class 1, m17_2_3 moves point 17, e5_6 erases two; * stands between gestures.
# Python writes 0.0001 and what is larger without an exponent: up to 3 zeros and 17 digits behind the point.
_NUMBER = r"-?(?:\d{1,17}\.?\d{0,20}|\.\d{1,20})(?:e-?\d{1,3})?"
_POINT = r"\d{1,6}"
_TEXT = re.compile(
    rf"a\d(_{_NUMBER}_{_NUMBER})+|m{_POINT}_{_NUMBER}_{_NUMBER}|e{_POINT}(_{_POINT})*", re.ASCII
)


def as_text(gestures: Sequence[Gesture]) -> str:
    """Return gestures in a form for a link, in characters that addresses never escape."""
    start = max((i + 1 for i, gesture in enumerate(gestures) if isinstance(gesture, Clear)), default=0)
    return "*".join(_one_as_text(gesture) for gesture in gestures[start:])


def _one_as_text(gesture: Gesture) -> str:
    if isinstance(gesture, Add):
        return f"a{gesture.label}" + "".join(f"_{_short(x)}_{_short(y)}" for x, y in gesture.places)
    if isinstance(gesture, Move):
        return f"m{gesture.point}_{_short(gesture.place[0])}_{_short(gesture.place[1])}"
    if isinstance(gesture, Erase):
        return "e" + "_".join(map(str, gesture.points))
    raise ValueError(f"no text for {gesture!r}")


def _short(x: float) -> str:
    return shortest(x).replace("e+", "e").replace("e-0", "e-")


def from_text(text: str) -> tuple[Gesture, ...]:
    """Read gestures from a link.

    Raises
    ------
    ValueError
        If any part is no gesture.
    """
    return tuple(_one_from_text(part) for part in text.split("*"))


def _one_from_text(part: str) -> Gesture:
    if not _TEXT.fullmatch(part):
        raise ValueError(f"not an edit: {part:.40}")
    first, *rest = part[1:].split("_")
    if part[0] == "e":
        return Erase(tuple(dict.fromkeys(map(int, [first, *rest]))))
    places = _places([float(number) for number in rest])
    return Add(int(first), places) if part[0] == "a" else Move(int(first), places[0])
