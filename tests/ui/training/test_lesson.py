"""The stage and the column beside it: what a panel may not show yet, and a race that waits."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.training.waiting import settled
from ui.training import run as training_run
from ui.training.lesson import GIVE_THE_BORDER_AWAY
from ui.widgets import waiting

PAGE = str(Path(__file__).parents[3] / "pages" / "training.py")


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(PAGE, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    return app


def results(app: AppTest) -> str:
    return " ".join(
        element.proto.body for element in app.get("html") if "accuracy at the end" in element.proto.body
    )


def captions(app: AppTest) -> str:
    return " ".join(element.value for element in app.caption)


def test_panels_that_show_the_border_are_closed_while_it_is_asked_for() -> None:
    app = settled(opened(training_challenge_open="border", training_panel="curves"))
    for panel in ["curves", *GIVE_THE_BORDER_AWAY]:
        app.session_state["training_panel"] = panel
        settled(app)
        closed = "This panel would show where the border goes." in captions(app)
        assert closed is (panel != "curves"), panel
    app.session_state["training_noise"] = 1.5  # other clouds than those of the question
    settled(app)
    assert "This panel would show" not in captions(app)


def test_a_race_waits_for_its_slowest_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (training_run, waiting):
        monkeypatch.setattr(module, "PATIENCE", 0.0, raising=False)
    app = opened(training_mode="race", training_seed="17", training_panel="challenges").run()
    assert not app.exception
    assert results(app) == "", "no lane is there yet"
    job = app.session_state["training"].job
    assert job is not None
    settled(app)
    assert "1. gradient descent" in results(app).lower()
    assert "2. adam" in results(app).lower()


def test_an_edit_that_the_stage_has_sent_is_in_the_race() -> None:
    app = settled(opened(training_n="30"))
    before = app.session_state["training"].mounted
    add = {"number": 1, "drag": 1, "kind": "add", "label": 1, "places": [0.5, 0.25]}
    app.session_state["training_stage"] = {"edits": {"base": before.edits["base"], "list": [add]}}
    app.session_state["training_mode"] = "race"
    settled(app)
    assert app.session_state["training"].edits.applied == 1
    assert "2. Adam" in results(app)


@pytest.mark.parametrize("page", ["training", "hidden_layer"])
def test_who_has_chosen_a_panel_may_put_the_challenges_away_with_which_the_page_began(page: str) -> None:
    app = AppTest.from_file(PAGE.replace("training.py", f"{page}.py"), default_timeout=120)
    app.query_params["view"] = "present"
    settled(app)
    app.button_group(key=f"{page}_panel_1").set_value("curves")
    settled(app)
    app.button(key="lab_card_away").click()
    settled(app)
    assert not app.exception
    assert app.session_state[f"{page}_panel"] == "curves"


def test_the_chosen_point_stays_where_fewer_points_are_left() -> None:
    app = settled(opened(training_panel="story", training_point="239"))
    app.slider(key="training_point_1").set_value(20)
    settled(app)
    app.session_state["training_n"] = 100
    settled(app)
    assert not app.exception
    (slider,) = (box for box in app.slider if box.key.startswith("training_point"))
    assert slider.value == 20
    assert slider.max < 100
