"""The story of a step in the page: every phase, its numbers, and the last step."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import DataSpec, make
from softmax_core.training import TrainConfig, train

PHASES = ("forward", "loss", "residual", "contribution", "gradient", "update")


def opened(**query: str) -> AppTest:
    page = Path(__file__).parents[4] / "pages" / "training.py"
    app = AppTest.from_file(str(page), default_timeout=60)
    for key, value in ({"training_panel": "story", "training_data": "three_points"} | query).items():
        app.query_params[key] = value
    return app.run()


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("features", ["linear", "cubic"])
def test_every_phase_is_told(phase: str, features: str) -> None:
    app = opened(training_phase=phase, training_features=features)
    assert not app.exception


def test_the_loss_of_the_point_at_the_start_is_log_3() -> None:
    app = opened(training_phase="loss", training_point="1")
    assert any("1.0986" in formula.value for formula in app.latex)


def test_the_update_names_the_loss_before_and_after() -> None:
    run = train(make(DataSpec("three_points")), TrainConfig(steps=1))
    app = opened(training_phase="update")
    text_of_page = " ".join(text.value for text in app.markdown)
    assert f"{run.loss[0]:.4f}" in text_of_page
    assert f"**{run.loss[1]:.4f}**" in text_of_page
