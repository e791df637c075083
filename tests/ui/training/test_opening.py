"""The first look at the lesson begins with wrong borders; whoever brings a link gets what it says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.written import address
from ui.training.session import Run

PAGE = str(Path(__file__).parents[3] / "pages" / "training.py")


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    assert not app.session_state["_link"].notes
    return app


def run_of(app: AppTest) -> Run:
    run: Run = app.session_state["training"].mounted.run
    return run


def of_training(app: AppTest) -> dict[str, Any]:
    values = address(app)["values"]
    return {key: text for key, text in values.items() if text is not None and key.startswith("training_")}


def test_a_plain_arrival_swings_and_its_address_says_so() -> None:
    app = opened(lang="en")
    path = run_of(app).trajectory
    normals = np.stack([path.W[:, :, j] - path.W[:, :, k] for j, k in ((0, 1), (0, 2), (1, 2))])
    ends = normals[:, [0, -1]] / np.linalg.norm(normals[:, [0, -1]], axis=2, keepdims=True)
    turned = np.degrees(np.arccos((ends[:, 0] * ends[:, 1]).sum(axis=1)))
    assert turned.min() > 70
    assert path.accuracy[0] < 0.2 < 0.85 < path.accuracy[-1]
    assert path.rising_share == 0  # the first challenge says that the loss falls
    query = of_training(app)
    assert query == {"training_start": "random", "training_start_seed": "9"}
    again = opened(**query)  # a reload, or a friend
    np.testing.assert_array_equal(run_of(again).trajectory.thetas, path.thetas)
    app.run()
    np.testing.assert_array_equal(run_of(app).trajectory.thetas, path.thetas)


@pytest.mark.parametrize(
    "query",
    [
        {"training_stage_step": "300"}, {"training_panel": "curves"}, {"training_rate": "0.1"},
        {"training_challenge_open": "rate"},
    ],
)  # fmt: skip
def test_a_link_that_names_anything_begins_at_zero(query: dict[str, str]) -> None:
    assert not run_of(opened(**query)).trajectory.thetas[0].any()
