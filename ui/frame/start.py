"""What the server does once, before its first visitor."""

from __future__ import annotations

import asyncio
import gc
import importlib
import pkgutil
import re
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import streamlit as st
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.scriptrunner import RerunData, script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import (
    ScriptRequestType,
    _has_active_trigger_value,
)
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state import SafeSessionState, SessionState
from threadpoolctl import threadpool_limits

import ui
from ui.frame.turns import RUNS

LATE = ("pandas", "plotly.graph_objects")
"""What Streamlit imports when it is first needed."""
_write_theme = app_session._populate_theme_msg
_save_session = MemorySessionStorage.save
_run_script = script_runner.ScriptRunner._run_script
_MOVES = re.compile(r'"resting":\s*false')


def warm_up() -> None:
    """Load what the pages need, and keep visitors out of each other's way.

    Python looks for garbage among all objects again and again, and a hundred thousand of them belong to modules and stay for
    good: these are looked at no more. And BLAS gets one thread for the whole process: a second one gains little on products
    this small, and where several visitors train at once their threads wait for each other and for the processors.
    """
    for name in (*LATE, *(module.name for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."))):
        importlib.import_module(name)
    threadpool_limits(1, user_api="blas")
    app_session._populate_theme_msg = put_theme
    MemorySessionStorage.save = put_away  # type: ignore[assignment,method-assign]
    script_runner.SafeSessionState = look_into  # type: ignore[assignment,attr-defined]
    script_runner.ScriptRunner._run_script = run_in_turn  # type: ignore[assignment,method-assign]
    gc.collect()
    gc.freeze()


@cache
def _theme(section: str) -> CustomThemeConfig:
    theme = CustomThemeConfig()
    _write_theme(theme, section)
    return theme


def put_theme(msg: CustomThemeConfig, section: str = "theme") -> None:
    """Put the theme into a message. Streamlit looks for it among all its options in every run: a tenth of what a drag costs."""
    if _theme(section).ListFields():  # a part that the configuration does not name must stay unset
        msg.MergeFrom(_theme(section))


def look_into(session: SessionState, yield_callback: Callable[[], None]) -> SafeSessionState:
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


def run_in_turn(runner: script_runner.ScriptRunner, request: RerunData) -> None:
    """Run the script when it is its turn; for a hand that moves on a board (board.js), when nobody else waits.

    If meanwhile the same reader asks for as much or more, as when he lets go, the older run is left out: the newer request
    has all that the browser holds. Clicks are no part of that, so they are never left out.
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
        if not moves or is_newest():
            _run_script(runner, request)


def put_away(storage: MemorySessionStorage, info: SessionInfo) -> None:
    """Keep the session of a reader whose line is lost, and nothing of what it was still to say.

    Streamlit stops the run that goes, and would tell the reader who comes back the rest of it and that it has ended well. The
    browser, which has missed a part, would take that off the page and forget what its controls held: then a panel or a setting
    is the standard one again. It asks for a run of its own as soon as it is back (connection.js), which says everything.
    """
    session = info.session
    session._scriptrunner = None  # as Streamlit does for a newer run: the one that goes is heard no more
    session._state = app_session.AppSessionState.APP_NOT_RUNNING
    session.flush_browser_queue()
    _save_session(storage, info)


@asynccontextmanager
async def begin(_app: st.App) -> AsyncIterator[None]:
    """Warm up, and open the app in the browser of the one who starts it; `st.App` leaves that out. Not without a screen."""
    warm_up()
    if not st.get_option("server.headless"):
        address = f"http://localhost:{st.get_option('server.port')}"
        asyncio.get_running_loop().run_in_executor(
            None, webbrowser.open, address
        )  # some systems take seconds
    yield
