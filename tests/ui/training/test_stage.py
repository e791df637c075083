"""The whole page answers an edit of a point first, with the settings of its last run, and then the controls."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[3] / "pages" / "training.py"


def opened() -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.query_params["training_steps"] = "20"
    return app.run()


def edit(app: AppTest, number: int) -> None:
    base = app.session_state["training"].mounted.edits["base"]
    add = {"number": number, "drag": number, "kind": "add", "label": 1, "places": [0.5, 0.25]}
    app.session_state["training_stage"] = {"edits": {"base": base, "list": [add]}}


def mounted(app: AppTest) -> Any:
    assert not app.exception
    return app.session_state["training"].mounted


def test_an_edit_is_on_the_stage_after_one_run() -> None:
    app = opened()
    before = mounted(app)
    edit(app, 1)
    app.run()
    now = mounted(app)
    assert now.run.train.y.size == before.run.train.y.size + 1
    assert now.edits["applied"] == 1
    assert now.revision != before.revision


def test_a_control_that_changes_with_an_edit_counts_too() -> None:
    app = opened()
    before = mounted(app)
    edit(app, 1)
    app.session_state["training_rate"] = 0.5  # as the slider of the page does
    app.run()
    now = mounted(app)
    assert now.run.train.y.size == before.run.train.y.size + 1
    assert now.run.trajectory.config.optimizer.learning_rate == 0.5
    assert now.ghost.trajectory.config.optimizer.learning_rate == 0.1
    assert now.ghost.train.y.size == now.run.train.y.size


def test_an_edit_keeps_the_ghost() -> None:
    app = opened()
    app.session_state["training_rate"] = 0.5  # as the slider of the page does
    app.run()
    assert mounted(app).ghost is not None
    edit(app, 1)
    app.run()
    assert mounted(app).ghost.train.y.size == mounted(app).run.train.y.size


def test_the_step_of_the_panel_is_named_and_none_where_no_panel_is_about_one() -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.query_params.update({"training_steps": "20", "training_stage_step": "7"})
    for panel, named in (("weights", ['data-step="7"']), ("challenges", []), ("settings", [])):
        app.query_params["training_panel"] = panel
        app.session_state["training_panel"] = panel
        app.run()
        assert not app.exception
        bodies = [element.proto.body for element in app.get("html")]
        assert [body.split()[-1].split(">")[0] for body in bodies if "lab-step" in body] == named, panel
