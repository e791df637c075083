"""The story of a step in the page: every phase, its numbers, and the last step."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import DataSpec, make
from softmax_core.training import TrainConfig, train
from ui.training.panels.breakdown import apart

FORMER = ("forward", "loss", "residual", "contribution", "gradient", "update")  # in links of before
PHASES = ("pull", "all", "mean", "move", "swing")


def opened(**query: str) -> AppTest:
    page = Path(__file__).parents[4] / "pages" / "training.py"
    app = AppTest.from_file(str(page), default_timeout=60)
    for key, value in ({"training_panel": "story", "training_data": "three_points"} | query).items():
        app.query_params[key] = value
    return app.run()


def is_told(app: AppTest) -> bool:
    return not app.exception and not any("could not be used" in text.value for text in app.markdown)


@pytest.mark.parametrize("features", ["linear", "cubic"])
def test_every_phase_is_told(features: str) -> None:
    app = opened(training_features=features)
    for phase in PHASES:
        app.session_state["training_phase"] = phase
        assert is_told(app.run()), phase
        assert app.session_state["training_phase"] == phase


@pytest.mark.parametrize("phase", [PHASES[-1], *FORMER])
def test_every_phase_of_a_link_is_told(phase: str) -> None:
    app = opened(training_phase=phase)
    assert is_told(app)
    assert app.session_state["training_phase"] in PHASES


def test_the_mean_of_the_pulls_is_minus_the_gradient_and_noise_is_0() -> None:
    """At step 0 of the three points, class 1 has pulls that cancel along x1: (1 - 2 * 2 + 3) / 9."""
    app = opened(training_phase="gradient")
    (row,) = re.findall(
        r"class 1</th>(.*?)</tr>", " ".join(element.proto.body for element in app.get("html"))
    )
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
    run = train(make(DataSpec("three_points")), TrainConfig(steps=1))
    pulls = f"({0:.4f}, {-run.grad_W[0, 1, 1]:.4f})"
    assert abs(run.grad_W[0, 0, 1]) < 1e-12
    assert cells[0] == pulls
    assert cells[2] == pulls
    assert "e−" not in row


def test_a_phase_of_no_kind_gets_a_note() -> None:
    app = opened(training_phase="nonsense")
    assert app.session_state["training_phase"] == "pull"


def test_the_loss_of_the_point_at_the_start_is_log_3() -> None:
    app = opened(training_phase="loss", training_point="1")
    assert any("1.0986" in formula.value for formula in app.latex)


def test_the_update_names_the_loss_before_and_after() -> None:
    run = train(make(DataSpec("three_points")), TrainConfig(steps=1))
    app = opened(training_phase="update")
    text_of_page = " ".join(text.value for text in app.markdown)
    assert f"{run.loss[0]:.4f}" in text_of_page
    assert f"**{run.loss[1]:.4f}**" in text_of_page


@pytest.mark.parametrize("phase", PHASES)
def test_at_the_end_of_the_run_its_last_update_is_told(phase: str) -> None:
    app = opened(training_phase=phase, training_stage_step="300")
    assert not app.exception
    assert any("from step 299 to step 300" in text.value for text in app.caption)
    if phase in ("move", "swing"):
        run = train(make(DataSpec("three_points")), TrainConfig(steps=300))
        (told,) = [text.value for text in app.markdown if "The loss goes from" in text.value]
        assert all(f"{loss:.4f}" in told for loss in run.loss[-2:])
        assert "Next tells" not in told


def test_two_losses_that_differ_are_written_apart() -> None:
    assert apart(0.00501, 0.00500) == ("0.00501", "0.00500")
    assert apart(0.5, 0.25) == ("0.5000", "0.2500")
    assert apart(0.5, 0.5) == ("0.5000", "0.5000")


def test_a_link_with_a_phase_and_another_panel_needs_no_note() -> None:
    app = opened(training_panel="curves", training_phase="mean", training_point="1")
    assert not app.exception
    assert not any("does not have" in element.proto.body for element in app.get("html"))
