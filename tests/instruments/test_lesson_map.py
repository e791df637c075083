"""What the opening is sent, and what it may send back."""

import numpy as np
import pytest

from instruments.lesson_map import Opened, ShortRun, Step, TaskLink, read_opened

PATH = [Step("softmax", "Softmax", "?", "softmax", (TaskLink("shares", "?", "softmax?a=b"),)), Step("loss", "Loss", "?", "loss")]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "opened"),
    [
        ({"stem": "softmax", "code": "shares"}, Opened("softmax", "shares")),
        ({"stem": "softmax", "code": ""}, Opened("softmax")),
        ({"stem": "loss", "code": "shares"}, None),
        ({"stem": "../app", "code": ""}, None),
        ({"stem": ["softmax"], "code": ""}, None),
        ({"stem": "softmax", "code": ["shares"]}, None),
        ({"stem": "softmax"}, None),
        ("softmax", None),
        (None, None),
    ],
)
def test_a_click_opens_a_lesson_of_the_path_and_nothing_else(sent, opened):
    assert read_opened(sent, PATH) == opened


def test_a_run_whose_shapes_do_not_fit_is_refused():
    numbers = {"X": np.zeros((4, 2)), "y": np.zeros(4), "steps": [0, 1], "W": np.zeros((2, 2, 3)), "b": np.zeros((2, 3)), "right": [0, 1]}  # fmt: skip
    ShortRun(**numbers)
    with pytest.raises(ValueError, match="fit each other"):
        ShortRun(**numbers | {"W": np.zeros((2, 3, 3))})
    with pytest.raises(ValueError, match="fit each other"):
        ShortRun(**numbers | {"y": np.zeros(3)})
