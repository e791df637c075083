"""What does not change within a run, looked up once in it: a page asks a hundred times, and Streamlit's look-up is slow."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext, get_script_run_ctx

T = TypeVar("T")


class _OfThisRun(threading.local):
    # What the browser told of itself stands beside the context, as one context can have several runs; then the values by key.
    seen: tuple[ScriptRunContext | None, object, dict[str, Any]] = (None, None, {})


_of_this_run = _OfThisRun()


def cached_in_run(key: str, look_up: Callable[[], T]) -> T:
    """Return what ``look_up`` gave when it was first asked for in this run; the key is one for the whole app."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return look_up()
    before, browser, values = _of_this_run.seen
    if context is not before or context.context_info is not browser:
        values = {}
        _of_this_run.seen = (context, context.context_info, values)
    if key not in values:
        values[key] = look_up()
    return cast(T, values[key])


def drop_cached(key: str) -> None:
    """Have ``cached_in_run`` look up what has changed within this run."""
    _of_this_run.seen[2].pop(key, None)


def session_value(key: str, kind: Callable[[], T]) -> T:
    """Return what the session holds as ``key``: made by ``kind`` when it is first asked for, and never replaced."""

    def look_up() -> T:
        if key not in st.session_state:
            st.session_state[key] = kind()
        return cast(T, st.session_state[key])

    return cached_in_run(key, look_up)
