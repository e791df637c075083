"""What the server does before its first visitor."""

import asyncio
import gc
import sys
from contextlib import nullcontext
from operator import attrgetter
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner import RerunData, ScriptRunnerEvent, script_runner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state import SafeSessionState
from streamlit.testing.v1 import AppTest

from tests.ui.frame.coroutines import run_alone
from ui.frame import start
from ui.frame.turns import RUNS


@pytest.mark.parametrize(("headless", "wanted"), [(False, ["http://localhost:8600"]), (True, [])])
def test_who_starts_the_app_sees_it_unless_there_is_no_screen(monkeypatch, headless, wanted):
    opened = []
    monkeypatch.setattr(start.webbrowser, "open", opened.append)
    monkeypatch.setattr(start, "warm_up", lambda: None)
    monkeypatch.setattr(
        start.st, "get_option", {"server.headless": headless, "server.port": 8600}.__getitem__
    )

    async def serve():
        async with start.begin(None):
            pass
        await asyncio.get_running_loop().shutdown_default_executor()

    run_alone(serve())
    assert opened == wanted


def test_the_theme_that_is_kept_is_the_one_of_the_configuration():
    ours, theirs = CustomThemeConfig(), CustomThemeConfig()
    for part in ("", ".light", ".dark", ".sidebar", ".light.sidebar", ".dark.sidebar"):
        for theme, put in ((ours, start.put_theme), (theirs, start._write_theme)):
            put(attrgetter(part[1:])(theme) if part else theme, f"theme{part}")
    assert ours.light.primary_color == "#0b6b63"
    assert ours == theirs
    assert not ours.HasField("sidebar")


@pytest.mark.parametrize(("save", "left"), [(start._save_session, 3), (start.put_away, 0)])
def test_a_reader_who_comes_back_hears_nothing_of_the_run_that_went_when_the_line_was_lost(save, left):
    """Streamlit alone would tell him the rest, and that it has ended well."""

    async def lose() -> int:
        session = AppSession(
            ScriptData("app.py", False), MemoryUploadedFileManager("/"), ScriptCache(), lambda: None, {}
        )
        run, storage = object(), MemorySessionStorage()
        session._scriptrunner, session._state = run, AppSessionState.APP_IS_RUNNING
        say = session._handle_scriptrunner_event_on_event_loop
        say(run, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, ForwardMsg())
        save(storage, SessionInfo(None, session))
        say(run, ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS)
        assert storage.get(session.id).session is session
        assert session._state == AppSessionState.APP_NOT_RUNNING
        said = session.flush_browser_queue()
        session._scriptrunner = None  # an object that nothing could stop
        session.disconnect_file_watchers()
        return len(said)

    assert run_alone(lose()) == left


def two_changes():
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    def click():
        st.session_state.first = True
        get_script_run_ctx().script_requests.request_rerun(RerunData())  # the reader's next click comes in
        st.session_state.second = True

    st.button("Change both", on_click=click)


@pytest.mark.parametrize(("look", "whole"), [(SafeSessionState, False), (start.look_into, True)])
def test_what_a_click_changes_is_changed_whole_whatever_is_clicked_next(look, whole, monkeypatch):
    """Streamlit alone would end the callback at its second look into the session, and never call it again."""
    monkeypatch.setattr(script_runner, "SafeSessionState", look)
    app = AppTest.from_function(two_changes).run()
    app.button[0].click().run()
    assert app.session_state["first"]
    assert ("second" in app.session_state) == whole


def widgets_and_all_keys() -> None:
    import streamlit as st

    st.session_state.setdefault("count", 3)
    st.session_state.setdefault("kept", None)
    st.number_input("Count", key="count", value=None)
    st.slider("Slide", 0, 9, key="slide")
    st.selectbox("Pick", list("abc"), key="pick", index=2)
    st.button("Without a key")
    whole = st.session_state
    st.session_state.seen = {key: whole[key] for key in whole}
    st.session_state.many = len(whole)
    st.session_state.absent = "nothing" in whole.to_dict()


@pytest.mark.parametrize("look", [SafeSessionState, start.look_into])
def test_the_whole_of_a_session_is_what_streamlit_says_although_widgets_ask_for_one_key(look, monkeypatch):
    monkeypatch.setattr(script_runner, "SafeSessionState", look)
    app = AppTest.from_function(widgets_and_all_keys).run()
    app.slider(key="slide").set_value(4).run()
    seen = app.session_state["seen"]
    assert {key: seen[key] for key in ("count", "kept", "slide", "pick")} == {
        "count": 3, "kept": None, "slide": 4, "pick": "c",
    }  # fmt: skip
    assert app.session_state["many"] == len({*seen, "seen"})
    assert not app.session_state["absent"]
    assert app.selectbox(key="pick").index == 2
    assert app.number_input(key="count").value == 3


def run_that_is_run_again() -> None:
    import streamlit as st

    from ui.frame.turns import RUNS

    st.session_state.turns = [*st.session_state.get("turns", []), RUNS._here.has]
    if len(st.session_state.turns) == 1:
        st.rerun()


def test_a_run_has_a_turn_and_so_has_the_one_that_it_asks_for(monkeypatch):
    monkeypatch.setattr(script_runner.ScriptRunner, "_run_script", start.run_in_turn)
    app = AppTest.from_function(run_that_is_run_again).run()
    assert app.session_state["turns"] == [True, True]
    assert not RUNS._busy


CLICK = WidgetState(trigger_value=True)


@pytest.mark.parametrize(
    ("states", "patient"),
    [
        (None, False),
        ([], False),
        (['{"state":{"resting":false}}'], True),
        (["1", '{"resting": true}'], False),
        (['{"resting":false}', CLICK], False),
    ],
)
def test_a_hand_that_still_moves_lets_others_go_first(states, patient, monkeypatch):
    """Until something newer has come from the same reader, which waits for it."""
    asked = []
    monkeypatch.setattr(start, "_run_script", lambda *what: asked.append(what))
    monkeypatch.setattr(RUNS, "taken", lambda is_patient: asked.append(is_patient) or nullcontext())
    widgets = None
    if states is not None:
        widgets = WidgetStates(
            widgets=[one if one is CLICK else WidgetState(json_value=one) for one in states]
        )
    request, runner = (
        RerunData(widget_states=widgets, fragment_id_queue=["board"]),
        SimpleNamespace(_requests=ScriptRequests()),
    )
    start.run_in_turn(runner, request)
    is_patient, ran = asked
    assert ran == (runner, request)
    assert is_patient() == patient
    for fragment, stays in (("menu", True), ("board", False), (None, False)):
        runner._requests = ScriptRequests()
        runner._requests.request_rerun(RerunData(fragment_id=fragment))
        assert is_patient() == (patient and stays)
        start.run_in_turn(runner, request)
        assert (asked[-1] == (runner, request)) == (stays or not patient), (
            "else the newer one shows the same and more"
        )


def test_modules_are_left_out_of_the_search_for_garbage(monkeypatch):
    monkeypatch.setattr(
        script_runner, "SafeSessionState", SafeSessionState
    )  # what warm_up puts there is taken back
    monkeypatch.setattr(script_runner.ScriptRunner, "_run_script", start._run_script)
    start.warm_up()
    try:
        assert gc.get_freeze_count() > 50_000
        assert "ui.training.lesson" in sys.modules
    finally:
        gc.unfreeze()
