"""The whole page answers an edit of a point first, with the settings of its last run, and then the controls."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ui.training import stage
from ui.training.session import session

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


def test_a_point_that_is_told_on_the_stage_opens_its_panel_and_closes_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    is_test = np.array([False, True, False, False])
    state["training_panel"] = "curves"

    def tell(point: int | None, phase: str = "mean") -> None:
        story = {"number": 1} if point is None else {"number": 1, "point": point, "phase": phase}
        state["training_stage"] = {"story": story}
        stage._take_story()

    tell(2)
    assert "training_point" not in state, "nothing is on the stage yet"
    session().mounted = SimpleNamespace(run=SimpleNamespace(is_test=is_test))  # type: ignore[assignment]
    for forged in (1, 4, 10**9):
        tell(forged)
        assert (state["training_panel"], "training_point" in state) == ("curves", False), "no training point"
    tell(2)
    assert (state["training_panel"], state["training_point"], state["training_phase"]) == ("story", 1, "mean")
    turns = session().turns
    tell(3, "move")
    assert (state["training_point"], state["training_phase"]) == (2, "move")
    assert session().turns == turns, "the panel is there already"
    tell(None)
    assert state["training_panel"] == "curves"
    tell(None)
    assert state["training_panel"] == "curves", "where no story is told there is none to close"
    state["training_panel"] = "story"  # by a link
    tell(None)
    assert "training_panel" not in state, "the page's own choice"
