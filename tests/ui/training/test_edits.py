"""A session's edits: each message of the browser is obeyed once, and the link carries what it can."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from instruments.training_stage.edits import Message
from softmax_core.datasets import DataSpec, held_back, make
from tests.ui.written import address
from ui.frame import kept, share
from ui.frame.network import Host
from ui.training import edits
from ui.training.points import Source

PAGE = """
import streamlit as st
from softmax_core.datasets import DataSpec, held_back, make
from ui.training import edits
from ui.training.points import Source
from tests.ui.written import address
data = make(DataSpec(n=st.session_state.get("n", 30)))
source = Source(f"base{st.session_state.get('n', 30)}", data, held_back(data.y, 0.2), st.session_state.get("shared", True))
points = edits.follow(source)
edits.show_remarks(points)
state = edits.for_stage(points)
st.text(f"{len(points.ids)} points, {state['applied']} applied, {state['undo']} to undo, {state['redo']} to redo")
"""


def add(number: int, x: float = 0.5) -> dict[str, Any]:
    return {"number": number, "drag": number, "kind": "add", "label": 1, "places": [x, 0.25]}


def sent(app: Any, *messages: Any, base: str = "base30") -> str:
    app.session_state["training_stage"] = {"edits": {"base": base, "list": list(messages)}}
    app.run()
    assert not app.exception
    text: str = app.text[-1].value
    return text


def in_link(app: Any) -> Any:
    return address(app)["values"]["training_edits"]


def test_messages_are_obeyed_once_and_in_order(lesson: Any) -> None:
    app = lesson(PAGE)
    assert sent(app, add(1)) == "31 points, 1 applied, 1 to undo, 0 to redo"
    assert sent(app, add(1)) == "31 points, 1 applied, 1 to undo, 0 to redo"
    # The browser has had no answer to the first yet and says it again, with more.
    assert (
        sent(app, add(1), add(2), {"number": 3, "kind": "undo"})
        == "31 points, 3 applied, 1 to undo, 1 to redo"
    )
    assert sent(app, {"number": 4, "kind": "redo"}) == "32 points, 4 applied, 2 to undo, 0 to redo"
    assert in_link(app) == "a1_0.5_0.25*a1_0.5_0.25"


def test_a_refused_edit_is_answered_and_said(lesson: Any) -> None:
    app = lesson(PAGE)
    everything = {"number": 1, "kind": "erase", "points": list(range(30))}
    assert sent(app, everything, add(2)) == "31 points, 2 applied, 1 to undo, 0 to redo"
    assert "At least one training point" in app.warning[0].value


@pytest.mark.parametrize(
    "forged", [{"number": 1}, {**add(1), "label": 99}, {**add(1), "places": "x"}, None, 7]
)
def test_a_forged_message_changes_nothing(lesson: Any, forged: Any) -> None:
    app = lesson(PAGE)
    sent(app, add(1))
    assert sent(app, add(2), forged) == "31 points, 1 applied, 1 to undo, 0 to redo"
    app.session_state["training_stage"] = {"edits": forged}
    assert not app.run().exception


def test_edits_belong_to_their_data_set(lesson: Any) -> None:
    app = lesson(PAGE)
    sent(app, add(1))
    app.session_state["n"] = 40
    assert sent(app, add(1)) == "40 points, 1 applied, 0 to undo, 0 to redo"
    assert sent(app, add(1), add(2), base="base30") == "40 points, 2 applied, 0 to undo, 0 to redo"
    app.session_state["n"] = 30
    assert sent(app).startswith("31 points")


def test_a_link_brings_edits_once(lesson: Any) -> None:
    app = lesson(PAGE, training_edits="a1_0.5_0.25*e3")
    assert app.text[-1].value == "30 points, 0 applied, 2 to undo, 0 to redo"
    assert sent(app, {"number": 1, "kind": "clear"}) == "30 points, 1 applied, 3 to undo, 0 to redo"
    assert in_link(app) is None
    assert sent(app).endswith("3 to undo, 0 to redo")


def test_what_a_lost_server_had_applied_is_not_applied_again(lesson: Any) -> None:
    app = lesson(PAGE)
    app.session_state["training"].edits.session = "new"
    for session, points in (("lost", 30), ("new", 31), (7, 31)):
        told = {"base": "base30", "session": session, "list": [add(1)]}
        app.session_state["training_stage"] = {"edits": told}
        assert app.run().text[-1].value.startswith(f"{points} points")


@pytest.mark.parametrize("text", ["e99", "a7_0_0", "a1_900_0", "nonsense", "e1*e1", "a1" + "_0.5_0.5" * 1100])
def test_a_link_that_does_not_fit_is_reported(lesson: Any, text: str) -> None:
    app = lesson(PAGE, training_edits=text)
    assert app.text[-1].value == "30 points, 0 applied, 0 to undo, 0 to redo"
    notes = [e.proto.body for e in app.get("html") if "lab-notes" in e.proto.body]
    assert any("edited points" in body for body in notes)


def shared(app: Any) -> dict[str, Any]:
    """What the dialog of Share answers."""
    ask = share.Ask(1, "http://lab.test/training", own=True)
    return share.answered(ask, app.session_state["_link"].offers, Host())


def test_too_many_edits_for_the_address_travel_packed(lesson: Any) -> None:
    app = lesson(PAGE)
    places = [round(0.001 * i, 3) for i in range(600)]
    state = sent(app, {"number": 1, "kind": "add", "label": 0, "places": places})
    assert state.startswith("330 points")
    assert kept.is_name(in_link(app))
    assert "too many for the address" in app.caption[0].value
    answer = shared(app)
    assert len(answer["link"]) < share.LONGEST_LINK
    assert not answer["notes"]
    query = dict(parse_qsl(urlsplit(answer["link"]).query))
    assert lesson(PAGE, **query).text[-1].value == "330 points, 0 applied, 1 to undo, 0 to redo"


@pytest.mark.parametrize("points", [500, 1200])
def test_too_many_edits_for_any_link_are_offered_as_a_file(lesson: Any, points: int) -> None:
    app = lesson(PAGE)
    places = np.round(np.random.default_rng(0).uniform(-1, 1, 2 * points), 3).tolist()
    sent(app, {"number": 1, "kind": "add", "label": 0, "places": places})
    answer = shared(app)
    assert answer["link"] == "http://lab.test/training?v=1"
    # Up to some hundreds travel in the file of the dialog; more as a table.
    assert ("CSV" in answer["notes"][0]) == (points > 500)
    assert (answer["file"] is None) == (points > 500)


def test_edits_that_are_undone_are_no_longer_offered(lesson: Any) -> None:
    app = lesson(PAGE)
    places = [round(0.001 * i, 3) for i in range(600)]
    sent(app, {"number": 1, "kind": "add", "label": 0, "places": places})
    sent(app, {"number": 2, "kind": "undo"})
    assert shared(app)["link"] == "http://lab.test/training?v=1"


def test_a_reload_brings_back_what_the_browser_kept(lesson: Any) -> None:
    app = lesson(PAGE)
    places = [round(0.001 * i, 3) for i in range(2000)]
    state = sent(app, {"number": 1, "kind": "add", "label": 0, "places": places})
    name, text = app.session_state["_kept"].things["training_edits"]
    assert name == in_link(app)
    reader = lesson(PAGE, training_edits=name)
    assert not reader.text  # nothing is shown before the browser has answered
    reader.session_state["_kept"].found["training_edits", name] = text
    reader.session_state["_kept"].asked.clear()
    reader.run()
    assert reader.text[-1].value == state.replace("1 applied", "0 applied")
    assert in_link(reader) == name
    # Another browser does not have it, and says so.
    reader = lesson(PAGE, training_edits=name)
    reader.session_state["_kept"].asked.clear()
    reader.run()
    assert reader.text[-1].value.startswith("30 points")
    assert any("The link only names edited points" in e.proto.body for e in reader.get("html"))


def test_uploaded_data_are_never_in_the_address(lesson: Any) -> None:
    app = lesson(PAGE)
    app.session_state["shared"] = False
    sent(app, add(1))
    assert kept.is_name(in_link(app))
    assert "not in the address" in app.caption[0].value


def test_the_edits_of_the_last_data_sets_are_remembered(lesson: Any) -> None:
    app = lesson(PAGE)
    for number, n in enumerate(range(30, 39), start=1):
        app.session_state["n"] = n
        assert sent(app, add(number), base=f"base{n}").startswith(f"{n + 1} points")
    app.session_state["n"] = 31
    assert sent(app, base="base31") == "32 points, 9 applied, 1 to undo, 0 to redo"
    app.session_state["n"] = 30
    assert sent(app, base="base30").startswith("30 points"), "the ninth has put the first out"


def test_a_wish_that_nobody_knows_changes_nothing() -> None:
    data = make(DataSpec(n=30))
    source = Source("s", data, held_back(data.y, 0.2))
    with pytest.raises(ValueError, match="later"):
        edits.after(edits.History(), Message(1, 1, "later"), source)
