"""Runs of the script, and how what they say reaches the reader: what Streamlit does otherwise where a server is busy.

A function that takes the place of one of Streamlit's has its name; with an underscore before it is Streamlit's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakSet

from streamlit.components.v2.bidi_component import main as component
from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, fragment
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx, script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import (
    ScriptRequests,
    ScriptRequestType,
    _has_active_trigger_value,
    _is_full_app_rerun,
)
from streamlit.runtime.session_manager import SessionClientDisconnectedError, SessionInfo
from streamlit.runtime.state import SafeSessionState, SessionState

from ui.frame.turns import RUNS

_run_script = script_runner.ScriptRunner._run_script
_fragment_identity = fragment._make_fragment_identity
_request_rerun = ScriptRequests._request_rerun_locked
_create_scriptrunner = AppSession._create_scriptrunner
_clear_queue = ForwardMsgQueue.clear
_save_session = MemorySessionStorage.save
_MOVES = re.compile(r'"resting":\s*false')
COLLECTED = 0.005
"""Seconds for which what a run says is collected before it is sent: what stands for something else for a moment is never seen."""
_collecting: WeakSet[AppSession] = WeakSet()


def patch_streamlit() -> None:
    """Put what follows in the place of Streamlit's own, for the whole process."""
    script_runner.SafeSessionState = safe_session_state  # type: ignore[assignment,attr-defined]
    script_runner.ScriptRunner._run_script = run_in_turn  # type: ignore[assignment,method-assign]
    component.make_bidi_component_presenter = make_bidi_component_presenter  # type: ignore[assignment,attr-defined]
    fragment._make_fragment_identity = fragment_identity
    ScriptRequests._request_rerun_locked = request_rerun  # type: ignore[assignment,method-assign]
    AppSession._create_scriptrunner = create_scriptrunner  # type: ignore[assignment,method-assign]
    AppSession._enqueue_forward_msg = enqueue_message  # type: ignore[assignment,method-assign]
    ForwardMsgQueue.clear = clear_queue  # type: ignore[assignment,method-assign]
    MemorySessionStorage.save = save_session  # type: ignore[assignment,method-assign]


def safe_session_state(session: SessionState, yield_callback: Callable[[], None]) -> SafeSessionState:
    """Return the session as a script sees it: a look into it does not end the run for a newer one.

    In Streamlit each look may, in a callback, too, and what had been changed by then stayed, half of it. A run ends where it shows an
    element, and a newer run waits until then (``fastReruns``).
    """
    return _Session(session, lambda: None)


class _Session(SafeSessionState):
    @property
    def filtered_state(self) -> Mapping[str, Any]:  # type: ignore[override]
        """What the session holds by key. Sliders, fields and lists ask it for one key each; Streamlit puts all together for each."""
        return _ByKey(self, lambda: super(_Session, self).filtered_state)


class _ByKey(Mapping[str, Any]):
    def __init__(self, session: SafeSessionState, everything: Callable[[], dict[str, Any]]) -> None:
        self._session, self._everything = session, everything

    def __getitem__(self, key: str) -> Any:
        return self._session[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._everything())

    def __len__(self) -> int:
        return len(self._everything())


def make_bidi_component_presenter(triggers: str, *_which: Any) -> Callable[[object, SessionState], object]:
    """Return what makes the value of a component in the session: its state, and what it has just said once (its triggers).

    Streamlit makes a class at each look, so that the state can be written to as well: up to a tenth of a run.
    """

    def value(state: object, session: SessionState) -> object:
        if not isinstance(state, dict):
            return state
        said = session._new_widget_state.get(triggers)
        said = said if isinstance(said, list) else [said]
        return {
            one["event"]: one.get("value") for one in said if isinstance(one, dict) and "event" in one
        } | state

    return value


def fragment_identity(func: Callable[..., Any], **place: Any) -> fragment._FragmentIdentity:
    """Name a part of a page (`st.fragment`) so that each page has its own, and its name says whose it is (`page_of`).

    Streamlit goes by the name of the function and its place. What a page asks for when it has been left was answered with the part
    of that name on the next one, which the browser could not put anywhere: it took all off the page.
    """
    identity, context = _fragment_identity(func, **place), get_script_run_ctx()
    page = context.page_script_hash if context else ""
    short = identity.fragment_id[:8]  # of a hash; each message of a part holds its name, and a page has few
    return replace(identity, fragment_id=f"{short}@{page}")


def page_of(part: str) -> str:
    """Return the page to which a part belongs. What the browser says of it may be the page before."""
    return part.rpartition("@")[2]


def request_rerun(requests: ScriptRequests, request: RerunData) -> bool:
    """Take a request. One of a page that is being left, for a part of it or by its own script, is dropped.

    Streamlit would make one request of it and of the link that was pressed before, and show the page that was left again.
    """
    waits = requests._state == ScriptRequestType.RERUN and _is_full_app_rerun(requests._rerun_data)
    page = page_of(request.fragment_id) if request.fragment_id else request.page_script_hash
    is_of_page = request.fragment_id or get_script_run_ctx(suppress_warning=True) is not None
    if waits and is_of_page and page != requests._rerun_data.page_script_hash:
        return True
    return _request_rerun(requests, request)


def run_in_turn(runner: script_runner.ScriptRunner, request: RerunData) -> None:
    """Run the script when it is its turn; for a hand that moves on a board (board.js), when nobody else waits.

    If meanwhile the same reader asks for as much or more, as when he lets go, the older run is left out: the newer request
    has all that the browser holds. Clicks are no part of that, so they are never left out. A part of a page that has been left
    meanwhile is not run, and a part is run as one of its own page, whatever the browser takes for its page in this moment: else the
    browser would empty the page that it is on.
    """
    states = request.widget_states.widgets if request.widget_states else ()
    clicks = (
        request.replay_trigger_states
        or request.replay_trigger_values
        or any(map(_has_active_trigger_value, states))
    )
    moves = not clicks and any(_MOVES.search(state.json_value) for state in states)

    def is_newest() -> bool:
        newer = runner._requests
        same = newer._rerun_data.fragment_id_queue in ([], request.fragment_id_queue)
        return newer._state == ScriptRequestType.CONTINUE or not same

    with RUNS.taken(lambda: moves and is_newest()):
        there = [part for part in request.fragment_id_queue if runner._fragment_storage.contains(part)]
        wanted = (
            replace(request, fragment_id_queue=there, page_script_hash=page_of(there[0]))
            if there
            else request
        )
        if (there or not request.fragment_id_queue) and (not moves or is_newest()):
            # A run of a part leaves its place behind, and the next one in this thread would draw the whole page there.
            context_dg_stack.set(get_default_dg_stack_value())
            _run_script(runner, wanted)


def create_scriptrunner(session: AppSession, request: RerunData) -> None:
    """Begin anew for a request that came too late for the thread that ran before: once all is heard that this one has said.

    Streamlit does so at once, and hears the one before no more, though what it said last may still wait behind the request. If the
    new run draws a part of the page only, the rest would stay as it was.
    """
    ended = session._scriptrunner
    if ended is None:
        return _create_scriptrunner(session, request)

    def begin() -> None:
        now = session._scriptrunner
        if session._state == AppSessionState.SHUTDOWN_REQUESTED:
            return
        if now is None or now is ended:
            _create_scriptrunner(session, request)
        elif not now.request_rerun(request):  # another request was first, and its run has ended, too
            create_scriptrunner(session, request)

    session._event_loop.call_soon(begin)


def enqueue_message(session: AppSession, message: ForwardMsg) -> None:
    """Say something to a reader: the end of a run at once, with all that was said before, anything else in a moment.

    Streamlit sends what there is, of all sessions, and then nothing for 5 ms, for which the end of a short run had to wait.
    """
    session._browser_queue.enqueue(message)
    if message.WhichOneof("type") == "script_finished":
        flush_messages(session)
    elif session not in _collecting:
        _collecting.add(session)
        session._event_loop.call_later(COLLECTED, flush_messages, session)


def flush_messages(session: AppSession) -> None:
    """Send what a session has said. For a reader who is not there it waits, as in Streamlit."""
    _collecting.discard(session)
    runtime = Runtime.instance()
    there = runtime._session_mgr.get_active_session_info(session.id)
    if there is None:
        return
    try:
        for message in session.flush_browser_queue():
            runtime._send_message(there, message)
    except SessionClientDisconnectedError:
        runtime.disconnect_session(session.id, client=there.client)


def clear_queue(
    queue: ForwardMsgQueue,
    retain_lifecycle_msgs: bool = False,
    fragment_ids_this_run: list[str] | None = None,
) -> None:
    """Make way for a new run among what is not sent yet. One that draws a part of the page only takes nothing away.

    Streamlit takes away what the run before said of that part, but not of the parts within it, nor that it has ended well. The
    browser would then put those where nothing is, and stop with an error, or take the part off the page with what its controls
    hold.
    """
    if fragment_ids_this_run is None:
        _clear_queue(queue, retain_lifecycle_msgs)
    else:
        queue._delta_index_map = {}  # what the new run says comes after it, and replaces none of it here


def save_session(storage: MemorySessionStorage, info: SessionInfo) -> None:
    """Keep the session of a reader whose line is lost, and nothing of what it was still to say.

    Streamlit stops the run that goes, and would tell the reader who comes back the rest of it and that it has ended well. The
    browser, which has missed a part, would take that off the page and forget what its controls held: then a panel or a setting
    is the standard one again. It asks for a run of its own as soon as it is back (connection.js), which says everything.
    """
    session = info.session
    session._scriptrunner = None  # as Streamlit does for a newer run: the one that goes is heard no more
    session._state = AppSessionState.APP_NOT_RUNNING
    session.flush_browser_queue()
    _save_session(storage, info)
