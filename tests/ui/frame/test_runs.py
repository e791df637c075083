"""Runs of the script, and how what they say reaches the reader."""

import asyncio
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.components.v2.bidi_component import main as component
from streamlit.components.v2.presentation import make_bidi_component_presenter
from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime import forward_msg_queue, fragment
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner import RerunData, ScriptRunnerEvent, script_runner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.session_manager import SessionClientDisconnectedError, SessionInfo
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.testing.v1 import AppTest

from tests.ui.frame.coroutines import run_alone
from ui.frame import runs
from ui.frame.turns import RUNS


@pytest.mark.parametrize(("save", "left"), [(runs._save_session, 3), (runs.save_session, 0)])
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


@pytest.mark.parametrize(("look", "whole"), [(SafeSessionState, False), (runs.safe_session_state, True)])
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


@pytest.mark.parametrize("look", [SafeSessionState, runs.safe_session_state])
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


@pytest.mark.parametrize("make", [make_bidi_component_presenter, runs.make_bidi_component_presenter])
@pytest.mark.parametrize(
    ("state", "said", "shown"),
    [
        ({"a": 1}, None, {"a": 1}),
        ({"a": 1}, [{"event": "b", "value": 2}, {"event": "a", "value": 3}], {"a": 1, "b": 2}),
        ({}, {"event": "b"}, {"b": None}),
        ({"a": 1}, [3, {}, {"value": 4}, "b"], {"a": 1}),  # forged
        (None, [{"event": "b", "value": 2}], None),
        ("text", None, "text"),
    ],
)
def test_a_component_has_said_what_streamlit_says_it_has(make, state, said, shown):
    session = SessionState()
    if said is not None:
        session._new_widget_state.set_from_value("said", said)
        session._new_widget_state.set_widget_metadata(
            WidgetMetadata("said", lambda value: value, lambda value: value, "json_trigger_value")
        )
    assert make("said", "shown", {"a"})(state, session) == shown


def run_that_is_run_again() -> None:
    import streamlit as st

    from ui.frame.turns import RUNS

    st.session_state.turns = [*st.session_state.get("turns", []), RUNS._here.has]
    if len(st.session_state.turns) == 1:
        st.rerun()


def test_a_run_has_a_turn_and_so_has_the_one_that_it_asks_for(monkeypatch):
    monkeypatch.setattr(script_runner.ScriptRunner, "_run_script", runs.run_in_turn)
    app = AppTest.from_function(run_that_is_run_again).run()
    assert app.session_state["turns"] == [True, True]
    assert not RUNS._busy


def runner_of(*parts: str) -> SimpleNamespace:
    """What runs a page with these parts."""
    storage = MemoryFragmentStorage()
    for part in parts:
        storage.register(part, lambda: None)
    return SimpleNamespace(_requests=ScriptRequests(), _fragment_storage=storage)


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
    monkeypatch.setattr(runs, "_run_script", lambda *what: asked.append(what))
    monkeypatch.setattr(RUNS, "taken", lambda is_patient: asked.append(is_patient) or nullcontext())
    widgets = None
    if states is not None:
        widgets = WidgetStates(
            widgets=[one if one is CLICK else WidgetState(json_value=one) for one in states]
        )
    request = RerunData(
        widget_states=widgets, fragment_id_queue=["board@softmax"], page_script_hash="softmax"
    )
    runner = runner_of("board@softmax")
    runs.run_in_turn(runner, request)
    is_patient, ran = asked
    assert ran == (runner, request)
    assert is_patient() == patient
    for part, stays in (("menu", True), ("board@softmax", False), (None, False)):
        runner._requests = ScriptRequests()
        runner._requests.request_rerun(RerunData(fragment_id=part))
        assert is_patient() == (patient and stays)
        runs.run_in_turn(runner, request)
        assert (asked[-1] == (runner, request)) == (stays or not patient), (
            "else the newer one shows the same and more"
        )


@pytest.mark.parametrize(
    ("parts", "run"),
    [
        ([], ("softmax", [])),
        (["lesson@loss"], ("loss", ["lesson@loss"])),
        (["lesson@softmax", "lesson@loss"], ("loss", ["lesson@loss"])),
        (["lesson@softmax"], None),
    ],
)
def test_a_part_is_run_as_one_of_its_page_and_not_when_that_has_been_left(parts, run, monkeypatch):
    """The browser is on Loss, and does not know it yet."""
    ran = []
    monkeypatch.setattr(
        runs, "_run_script", lambda _, it: ran.append((it.page_script_hash, it.fragment_id_queue))
    )
    runs.run_in_turn(runner_of("lesson@loss"), RerunData(page_script_hash="softmax", fragment_id_queue=parts))
    assert ran == ([run] if run else [])


def test_a_run_begins_at_the_top_of_the_page_wherever_the_one_before_has_drawn(monkeypatch):
    """Streamlit does so only for a run that a newer one has ended; the browser had no place for what came then, and fell."""
    top, places = get_default_dg_stack_value(), []

    def run(_runner, _request) -> None:
        places.append(context_dg_stack.get())
        context_dg_stack.set((*top, "the place of a part"))

    monkeypatch.setattr(runs, "_run_script", run)
    for request in (RerunData(fragment_id_queue=["lesson@loss"]), RerunData(page_script_hash="images")):
        runs.run_in_turn(runner_of("lesson@loss"), request)
    context_dg_stack.set(top)
    assert places == [top, top]


LINK = RerunData(page_script_hash="loss")
LATE = RerunData(page_script_hash="softmax", fragment_id="lesson@softmax")


@pytest.mark.parametrize(
    ("asked", "page", "part"),
    [
        ([LINK, LATE], "loss", []),  # Streamlit alone: the whole of the page that is being left
        ([LATE, LINK], "loss", []),
        ([LINK, replace(LINK, page_script_hash="images")], "images", []),
        ([replace(LINK, page_script_hash="softmax"), LATE], "softmax", []),
        ([LATE, replace(LATE, fragment_id="share@softmax")], "softmax", ["lesson@softmax", "share@softmax"]),
        ([LATE], "softmax", ["lesson@softmax"]),
    ],
)
def test_a_link_leads_to_its_page_whatever_the_page_that_is_left_still_asks_for(
    asked, page, part, monkeypatch
):
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", runs.request_rerun)
    requests = ScriptRequests()
    assert all(map(requests.request_rerun, asked))
    wanted = requests.on_scriptrunner_ready().rerun_data
    assert (wanted.page_script_hash, wanted.fragment_id_queue) == (page, part)


@pytest.mark.parametrize(("is_script", "page"), [(True, "loss"), (False, "softmax")])
def test_the_script_of_a_page_that_is_being_left_does_not_bring_it_back(is_script, page, monkeypatch):
    """A part that waits for a job asks for the whole page when it is done (`st.rerun`); a link that is pressed is the reader's."""
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", runs.request_rerun)
    monkeypatch.setattr(runs, "get_script_run_ctx", lambda **_how: object() if is_script else None)
    requests = ScriptRequests()
    for asked in (LINK, RerunData(page_script_hash="softmax")):
        requests.request_rerun(asked)
    assert requests.on_scriptrunner_ready().rerun_data.page_script_hash == page


def said_of(fragment: str, *path: int, block: bool = False) -> ForwardMsg:
    """What a run says of a part of the page."""
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.fragment_id = fragment
    if block:
        message.delta.add_block.allow_empty = True
    else:
        message.delta.new_element.empty.SetInParent()
    return message


BEFORE = [
    said_of("", 0, 0),
    said_of("lesson", 0, 1, block=True),
    said_of("lesson", 0, 1, 0),
    said_of("lesson", 0, 1, 1, block=True),
    said_of("progress", 0, 1, 1, 0, block=True),
    said_of("progress", 0, 1, 1, 0, 0),
]


def homeless(said: list[ForwardMsg]) -> int:
    """How many parts come before the block in which they stand: for the first of them the browser stops with an error."""
    blocks, count = {(0,)}, 0
    for message in said:
        if message.HasField("delta"):
            *above, _last = path = tuple(message.metadata.delta_path)
            count += tuple(above) not in blocks
            if message.delta.HasField("add_block"):
                blocks.add(path)
    return count


@pytest.mark.parametrize(("clear", "wrong"), [(runs._clear_queue, True), (runs.clear_queue, False)])
def test_a_run_of_a_part_comes_after_all_that_the_run_before_has_said(clear, wrong, monkeypatch):
    """Streamlit alone leaves the parts within that part, which come first then, and says that the run before has ended well."""
    monkeypatch.setattr(forward_msg_queue.ForwardMsgQueue, "clear", clear)

    async def say() -> list[ForwardMsg]:
        session = AppSession(
            ScriptData("app.py", False), MemoryUploadedFileManager("/"), ScriptCache(), lambda: None, {}
        )
        monkeypatch.setattr(
            session, "_create_new_session_message", lambda *_which: ForwardMsg(new_session={})
        )
        run = session._scriptrunner = object()
        tell = session._handle_scriptrunner_event_on_event_loop
        for parts in (BEFORE, BEFORE[1:]):
            tell(
                run, ScriptRunnerEvent.SCRIPT_STARTED, page_script_hash="", run_descriptor=SimpleNamespace(),
                fragment_ids_this_run=None if parts is BEFORE else ["lesson"],
            )  # fmt: skip
            for part in parts:
                tell(run, ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, part)
        said = session.flush_browser_queue()
        session._scriptrunner = None  # an object that nothing could stop
        session.disconnect_file_watchers()
        return said

    said = run_alone(say())
    assert (homeless(said) > 0) == wrong
    if not wrong:
        assert [m for m in said if m.HasField("delta")] == BEFORE + BEFORE[1:]


def test_a_run_of_the_whole_page_takes_away_what_it_says_anew():
    queue = forward_msg_queue.ForwardMsgQueue()
    for part in BEFORE:
        queue.enqueue(part)
    runs.clear_queue(queue, retain_lifecycle_msgs=True)
    assert not queue.flush()


@pytest.fixture
def session(monkeypatch) -> Iterator[SimpleNamespace]:
    """A session whose last run has ended, for which nothing else has happened in the event loop yet; it notes what it begins."""
    loop = asyncio.new_event_loop()
    session = SimpleNamespace(_event_loop=loop, _state=AppSessionState.APP_IS_RUNNING, noted=[])
    session._scriptrunner = SimpleNamespace(request_rerun=lambda _request: False)

    def begin(session, request) -> None:
        session.noted.append(f"begins {request}")
        session._scriptrunner = SimpleNamespace(
            request_rerun=lambda it: not session.noted.append(f"goes on with {it}")
        )

    monkeypatch.setattr(runs, "_create_scriptrunner", begin)
    yield session
    loop.close()


def happens(session, *events) -> list[str]:
    """Let the event loop do these, in their order, and whatever follows from them."""
    for event in events:
        session._event_loop.call_soon(event)
    session._event_loop.call_later(0.05, session._event_loop.stop)
    session._event_loop.run_forever()
    return session.noted


def asks(session, request: str):
    """As Streamlit asks: the thread that runs, or a new one where that one has ended."""
    thread = session._scriptrunner
    return None if thread and thread.request_rerun(request) else runs.create_scriptrunner(session, request)


def test_a_run_follows_when_all_is_heard_of_the_one_before_in_the_order_in_which_they_were_asked_for(session):
    said = happens(
        session,
        lambda: asks(session, "a part"),
        lambda: asks(session, "the page"),
        lambda: session.noted.append("heard"),  # what the run said before it ended
    )
    assert said == ["heard", "begins a part", "goes on with the page"]


def test_a_run_that_follows_a_short_one_waits_for_it_too(session, monkeypatch):
    ended = session._scriptrunner

    def begin(session, request) -> None:
        session.noted.append(f"begins {request}")
        session._scriptrunner = SimpleNamespace(request_rerun=ended.request_rerun)
        session._event_loop.call_soon(session.noted.append, f"heard {request}")

    monkeypatch.setattr(runs, "_create_scriptrunner", begin)
    said = happens(session, lambda: asks(session, "a part"), lambda: asks(session, "the page"))
    assert said == ["begins a part", "heard a part", "begins the page", "heard the page"]


def test_the_first_run_begins_at_once_and_none_when_the_reader_has_gone(session):
    ended, session._scriptrunner = session._scriptrunner, None
    asks(session, "the page")
    assert session.noted == ["begins the page"]
    session._scriptrunner = ended

    def goes() -> None:
        session._state = AppSessionState.SHUTDOWN_REQUESTED

    assert happens(session, lambda: asks(session, "a part"), goes) == ["begins the page"]


class Line:
    """A session, and the line to its reader: `heard` has what arrived there, `lines` the connections that there are."""

    def __init__(self) -> None:
        self.id, self.heard, self.lines, self.closed = "a", [], ["line"], []
        self._event_loop, self._browser_queue = asyncio.new_event_loop(), forward_msg_queue.ForwardMsgQueue()
        self.flush_browser_queue = self._browser_queue.flush
        self._session_mgr = self

    def get_active_session_info(self, _session: str) -> SimpleNamespace | None:
        return SimpleNamespace(client=self.lines[0]) if self.lines else None

    def _send_message(self, there: SimpleNamespace, message: ForwardMsg) -> None:
        if there.client == "cut":
            raise SessionClientDisconnectedError
        self.heard.append(message.WhichOneof("type"))

    def disconnect_session(self, session: str, client: str) -> None:
        self.closed.append((session, client))

    def passes(self, seconds: float) -> None:
        self._event_loop.call_later(seconds, self._event_loop.stop)
        self._event_loop.run_forever()


@pytest.fixture
def line(monkeypatch) -> Iterator[Line]:
    line = Line()
    monkeypatch.setattr(runs, "Runtime", SimpleNamespace(instance=lambda: line))
    yield line
    line._event_loop.close()


ELEMENT, END = ForwardMsg(delta=Delta(new_element=Element())), ForwardMsg(script_finished=0)


def test_the_end_of_a_run_is_sent_at_once_with_all_that_was_said_before(line):
    for message in (ELEMENT, END):
        runs.enqueue_message(line, message)
    assert line.heard == ["delta", "script_finished"]
    line.passes(2 * runs.COLLECTED)
    assert line.heard == ["delta", "script_finished"]


def test_what_a_run_says_on_its_way_is_sent_together_in_a_moment(line):
    for _ in range(2):
        runs.enqueue_message(line, ELEMENT)
        assert not line.heard
    line.passes(2 * runs.COLLECTED)
    assert line.heard == [
        "delta"
    ]  # the second took the place of the first, as the two stand at the same place
    runs.enqueue_message(line, ELEMENT)
    line.passes(2 * runs.COLLECTED)
    assert line.heard == ["delta", "delta"]


def test_for_a_reader_who_is_away_it_waits_and_a_line_that_is_cut_is_closed(line):
    line.lines.clear()
    runs.enqueue_message(line, END)
    assert not line.heard
    line.lines.append("line")
    runs.enqueue_message(line, END)
    assert line.heard == ["script_finished", "script_finished"]
    line.lines[0] = "cut"
    runs.enqueue_message(line, END)
    assert len(line.heard) == 2
    assert line.closed == [("a", "cut")]


def test_what_streamlit_does_otherwise_is_in_place(monkeypatch):
    places = [
        (script_runner, "SafeSessionState", runs.safe_session_state),
        (script_runner.ScriptRunner, "_run_script", runs.run_in_turn),
        (component, "make_bidi_component_presenter", runs.make_bidi_component_presenter),
        (fragment, "_make_fragment_identity", runs.fragment_identity),
        (ScriptRequests, "_request_rerun_locked", runs.request_rerun),
        (AppSession, "_create_scriptrunner", runs.create_scriptrunner),
        (AppSession, "_enqueue_forward_msg", runs.enqueue_message),
        (forward_msg_queue.ForwardMsgQueue, "clear", runs.clear_queue),
        (MemorySessionStorage, "save", runs.save_session),
    ]
    for place, name, _ours in places:
        monkeypatch.setattr(
            place, name, getattr(place, name)
        )  # what patch_streamlit puts there is taken back
    runs.patch_streamlit()
    assert all(getattr(place, name) is ours for place, name, ours in places)
