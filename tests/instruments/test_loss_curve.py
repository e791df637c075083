"""What the loss curve accepts from a browser."""

from typing import Any

import pytest

from instruments.loss_curve import SKETCH_AT, CurveState, boards

GOOD = {"logits": [2.0, 1.0], "target": 1, "temperature": 1.0, "shift": 0.0, "names": ["", "dog"], "soft": [], "smoothing": 0.0, "step": 4, "sketch": []}  # fmt: skip


def test_a_good_message_is_taken() -> None:
    assert boards.read(GOOD) == CurveState((2.0, 1.0), 1, 1.0, 0.0, ("", "dog"))
    sketch = [2.0, 1.5, 1.0, 0.5, 0.0]
    assert boards.read(GOOD | {"sketch": sketch}).sketch == tuple(sketch)


@pytest.mark.parametrize(
    "change",
    [
        {"sketch": [1.0] * (len(SKETCH_AT) - 1)}, {"sketch": [2.1] + [0.0] * 4}, {"sketch": [float("nan")] * 5},
        {"sketch": [-0.1] * 5}, {"sketch": None}, {"sketch": "hello"}, {"logits": [1.0]}, {"soft": [0.5, 0.6]},
    ],
)  # fmt: skip
def test_a_bad_message_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        boards.read(GOOD | change)


def test_other_logits_keep_the_kind_of_the_state() -> None:
    assert isinstance(CurveState(sketch=(1.0,) * 5).with_logits((1.0, 2.0)), CurveState)
