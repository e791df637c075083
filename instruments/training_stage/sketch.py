"""The straight line that a learner lays over the stage before the run shows its border: what goes there and what comes back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from instruments.shared.session import message
from instruments.shared.values import check_numbers, checked_message
from softmax_core.geometry import Box

Line = tuple[float, float, float, float]
"""x and y of one end, x and y of the other, in units of the data."""

APART = 0.05  # of the width of the stage: nearer to each other the ends make no line


def line(values: Sequence[float], box: Box) -> Line:
    """Return four numbers as a line on the stage.

    Raises
    ------
    ValueError
        If they are not four finite numbers inside the box, or if the ends are nearer to each other than 0.05 of its width.
    """
    if len(values) != 4:
        raise ValueError(f"a line has four numbers, got {len(values)}")
    x0, y0, x1, y1 = map(float, values)
    check_numbers("x of a line", (x0, x1), box[0], box[1])
    check_numbers("y of a line", (y0, y1), box[2], box[3])
    # The browser keeps this distance too; its own sum may differ in the last digit.
    if math.hypot(x1 - x0, y1 - y0) < 0.999 * APART * (box[1] - box[0]):
        raise ValueError(f"the ends of a line lie apart, got {values}")
    return x0, y0, x1, y1


def sketched(key: str, round_: int, box: Box) -> Line | None:
    """Return the line that the learner has drawn on the stage ``key`` in this round, or None."""
    sent = message(key, "sketch") or {}
    if sent.get("round") != round_:
        return None
    try:
        with checked_message("a line"):
            return line(sent["line"], box)
    except ValueError:
        return None  # a forged message


def drawing(round_: int) -> dict[str, Any]:
    """Return what the stage takes while the line is drawn; a new round begins with a new line."""
    return {"round": round_, "line": [], "apart": APART}


def drawn(line: Line) -> dict[str, Any]:
    """Return what the stage takes to show a line that can no longer be moved."""
    return {"round": -1, "line": list(line), "apart": APART}
