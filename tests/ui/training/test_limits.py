"""A run that would not fit is cut, with a sentence that names the limit."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.ui.training.waiting import settled


def opened(**query: str) -> AppTest:
    page = Path(__file__).parents[3] / "pages" / "training.py"
    app = AppTest.from_file(str(page), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def test_a_run_beyond_20_mb_is_cut_with_a_sentence() -> None:
    app = opened(
        training_classes="10", training_features="radial", training_centres="5", training_steps="10000"
    )
    assert not app.exception
    assert any("20 MB" in warning.value for warning in app.warning)


def test_a_run_that_fits_is_left_alone() -> None:
    app = opened(training_steps="1000")
    assert not any("20 MB" in warning.value for warning in app.warning)


def test_the_last_step_of_a_run_that_goes_on_stands_in_its_link() -> None:
    """A change at the end of the longest run makes it longer than the settings can ask for."""
    app = opened(
        training_steps="10000",
        training_stage_plan="0~10000!rate=0.2",
        training_rate="0.2",
        training_stage_step="10300",
    )
    settled(app)
    assert app.session_state["_link"].notes == []
    assert app.session_state["training"].mounted.run.trajectory.steps == 10_300
