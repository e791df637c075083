"""Work that takes longer than a moment, as a page waits for it: for whom it is done, the job of this session, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from locales import _
from softmax_core.progress import Watch
from ui.widgets.jobs import NOBODY, Job, Pending, Reader

T = TypeVar("T")
PATIENCE = 0.4
"""Seconds that a page waits for a result before it says how far it is."""


def reader() -> Reader:
    """Return who reads the page that is being run; outside of a server nobody in particular."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return NOBODY
    runtime, session = Runtime.instance(), context.session_id
    return Reader(session, lambda: runtime.is_active_session(session))


def job_of(before: Job[T] | None, name: str, work: Callable[[Watch], T], longest: float) -> Job[T]:
    """Return a session's job of this name: the one before, unless it is of another name, which is stopped, or its reader had left."""
    if before is not None and before.name == name and not before.left:
        return before
    if before is not None:
        before.stop()
    return Job(name, work, reader(), longest)


def worked_out(key: str, name: str, work: Callable[[Watch], T], longest: float) -> T:
    """Return the result of a job that the session keeps under ``key``; one of another name is stopped for it.

    Raises
    ------
    Pending
        If it takes longer than `PATIENCE`. It goes on in a thread: ask again.
    """
    before: Job[T] | None = st.session_state.get(key)
    job = job_of(before, name, work, longest)
    st.session_state[key] = job
    if not job.finished(PATIENCE):
        raise Pending(job)
    return job.result()


@st.fragment(run_every=0.25)
def show_progress(job: Job[Any], page: str, longest: int) -> None:
    """Show how far a training is, with a button that stops it, and run the page again when it has ended."""
    if job.finished():
        st.rerun(scope="app")
    with st.container(border=True, key=f"{page}_waiting"):
        share = job.done / job.steps if job.steps else 0.0
        st.progress(
            share, _("Training: step {done} of {steps}").format(done=job.done, steps=job.steps or "…")
        )
        st.button(
            _("Stop"), key=f"{page}_stop", icon=":material/stop:", on_click=job.stop, disabled=job.stopped,
            help=_("The steps that are done are kept. A run may take {seconds} seconds of computing.").format(seconds=longest),
        )  # fmt: skip
