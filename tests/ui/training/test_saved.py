"""A saved run that is brought back: its settings, its weights, its step, and what the page says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.training.waiting import settled
from ui.training import run as training_run
from ui.training.saved import as_json

PAGE = str(Path(__file__).parents[3] / "pages" / "training.py")
SETTINGS = {
    "training_n": "60",
    "training_rate": "0.5",
    "training_steps": "50",
    "training_features": "quadratic",
}


def page(path: str) -> None:
    """The page, after a file was chosen, whichever panel is open."""
    import runpy

    import streamlit as st
    from streamlit.proto.Common_pb2 import FileURLs
    from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

    from ui.training import saved

    if "raw" in st.session_state:
        raw = st.session_state.pop("raw")
        file = None if raw is None else UploadedFileRec("1", "run.json", "application/json", raw)
        st.session_state[saved.FILE] = file and UploadedFile(file, FileURLs())
        saved._read_file()
        del st.session_state[saved.FILE]
    runpy.run_path(path)


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(page, kwargs={"path": PAGE}, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return settled(app)


def bring(app: AppTest, raw: bytes | None) -> tuple[str, list[str]]:
    """Bring a file back; return the kind of the message that is shown then, and the messages."""
    app.session_state["raw"] = raw
    settled(app)
    said = {"success": [e.value for e in app.success], "error": [e.value for e in app.error]}
    kind = next((kind for kind, texts in said.items() if texts), "")
    return kind, said.get(kind, [])


def run_of(app: AppTest) -> Any:
    return app.session_state["training"].mounted.run


def test_a_run_comes_back_with_its_settings_its_weights_and_its_step() -> None:
    first = run_of(opened(**SETTINGS))
    raw = as_json(first, 17, SETTINGS).encode()
    app = opened(training_rate="3", training_n="100", training_l2="0.1")
    assert bring(app, raw) == ("success", ["The run was brought back, at step 17."])
    back = run_of(app)
    np.testing.assert_array_equal(back.trajectory.thetas, first.trajectory.thetas)
    assert app.session_state["training"].goto[1:] == (17, False, None), "the playhead stands there"
    assert app.session_state["training_l2"] == 0.0, "what the file does not name is at its default"
    assert app.session_state["training_panel"] == "takeaway", "the message stands where the file was chosen"

    # Other weights: those of the file are put in place at their step, and the run goes on from them.
    content = json.loads(raw)
    content["W"][0][0] += 1.0
    kind, said = bring(app, json.dumps(content).encode())
    assert kind == "success"
    assert said == ["The settings were brought back, and the weights of the file put in place at step 17."]
    other = run_of(app).trajectory
    np.testing.assert_allclose(other.W[17], content["W"], atol=1e-12)
    np.testing.assert_array_equal(other.W[:17], first.trajectory.W[:17])
    assert not np.allclose(other.W[18], first.trajectory.W[18])

    # What does not fit the model that the settings make: the settings come, and a sentence says the rest.
    kind, said = bring(app, json.dumps(content | {"W": content["W"][:2]}).encode())
    assert kind == "error"
    assert "the file has 3 rows of 3, this model needs 6 rows of 3" in said[0]
    np.testing.assert_array_equal(run_of(app).trajectory.thetas, first.trajectory.thetas)
    kind, said = bring(app, json.dumps(content | {"step": 51}).encode())
    assert kind == "error"
    assert "the file has those of step 51, and this run ends at step 50" in said[0]


def test_a_run_that_takes_longer_than_the_page_waits_comes_back_as_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training_run, "PATIENCE", 0.0)
    slow = SETTINGS | {"training_seed": "8"}  # no other test has computed it
    first = run_of(opened(**slow))
    content = json.loads(as_json(first, 17, slow))
    content["b"][0] += 1.0
    app = opened()
    kind, said = bring(app, json.dumps(content).encode())
    assert (kind, len(said)) == ("success", 1)
    assert said[0].endswith("the weights of the file put in place at step 17.")
    np.testing.assert_allclose(run_of(app).trajectory.b[17], content["b"], atol=1e-12)
    assert app.session_state["training"].goto[1:] == (17, False, None)


def test_changes_on_the_way_come_back_too() -> None:
    way = SETTINGS | {"training_stage_plan": "0~20!rate=2"}
    first = run_of(opened(**way))
    assert len(first.segments) == 2
    app = opened()
    assert bring(app, as_json(first, 30, way).encode())[1] == ["The run was brought back, at step 30."]
    np.testing.assert_array_equal(run_of(app).trajectory.thetas, first.trajectory.thetas)


def test_what_is_no_saved_run_changes_nothing() -> None:
    app = opened(**SETTINGS, training_panel="takeaway", training_form="run")
    before = run_of(app)
    assert bring(app, b"PK\x03\x04") == ("error", ["This is not a JSON file."])
    assert bring(app, None) == ("", []), "the file was taken away, and with it the sentence about it"
    raw = as_json(before, 3, SETTINGS | {"training_stage_plan": "a plan"}).encode()
    assert bring(app, raw) == ("error", ["The settings in the file cannot be read."])
    assert run_of(app) is before
