"""The loss as a curve over the probability of the true class, above the logits, p, y and p - y of every class.

One instrument with one state: whoever drags the dot on the curve moves the true class's logit, whoever drags a logit
or a target moves the dot.
"""

from __future__ import annotations

from dataclasses import dataclass

from instruments.logit_board import MOST_SMOOTHING, BoardState
from instruments.shared.session import Boards
from instruments.shared.values import FEWEST_CLASSES, MOST_CLASSES, NAME_LENGTH, check_numbers

SKETCH_AT = (0.1, 0.3, 0.5, 0.7, 0.9)
"""The probabilities at which a sketch has its handles."""
SKETCH_TOP = 2.0


@dataclass(frozen=True)
class CurveState(BoardState):
    """What the instrument shows: the state of a logit board, and what the learner has sketched.

    Parameters
    ----------
    sketch
        One height from 0 to 2 for each probability of `SKETCH_AT`; empty before the first handle was moved.

    Raises
    ------
    ValueError
        If it is no sketch, or the rest no state of a board; the message has the received value.
    """

    sketch: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.sketch) not in (0, len(SKETCH_AT)):
            raise ValueError(f"a sketch has {len(SKETCH_AT)} heights, got {len(self.sketch)}")
        check_numbers("heights", self.sketch, 0, SKETCH_TOP)


boards = Boards(
    "loss_curve",
    CurveState,
    limits={
        "classes": [FEWEST_CLASSES, MOST_CLASSES],
        "nameLength": NAME_LENGTH,
        "smoothing": [0.0, MOST_SMOOTHING],
        "sketchAt": SKETCH_AT,
        "sketchTop": SKETCH_TOP,
    },
)
put, current = boards.put, boards.current
