"""What a session holds for its whole life, looked up once in a run: a page asks a hundred times, and Streamlit's look-up is slow."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext, get_script_run_ctx

T = TypeVar("T")


class _OfThisRun(threading.local):
    def __init__(self) -> None:
        self.context: ScriptRunContext | None = None
        self.values: dict[str, Any] = {}


_of_this_run = _OfThisRun()


def held(key: str, kind: Callable[[], T]) -> T:
    """Return what the session holds as ``key``: made by ``kind`` when it is first asked for, and never replaced."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context is not _of_this_run.context:
        _of_this_run.context, _of_this_run.values = context, {}
    elif key in _of_this_run.values:
        return cast(T, _of_this_run.values[key])
    if key not in st.session_state:
        st.session_state[key] = kind()
    _of_this_run.values[key] = st.session_state[key]
    return cast(T, _of_this_run.values[key])
