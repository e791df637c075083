"""Streamlit as on a busy server: ``python -m bench.support.late run app.py``. For tests, and for ``bench.monkey --late``.

Each run of the script begins late, what it says is sent late, and a job takes longer than a page waits: so what a learner does next
comes in between.
"""

import sys
import time
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from ui.widgets.jobs import Job

LATE = 0.5
"""Seconds: by which a run begins late, and for which what is said is collected before it is sent."""

_run_script, _flush, _work = ScriptRunner._run_script, AppSession.flush_browser_queue, Job._run
_sent: dict[str, float] = {}


def _run_late(runner: ScriptRunner, request: RerunData) -> None:
    time.sleep(LATE)
    _run_script(runner, request)


def _flush_late(session: AppSession) -> list[ForwardMsg]:
    now = time.monotonic()
    if now < _sent.get(session.id, 0.0) + LATE:
        if session._message_enqueued_callback is not None:
            session._event_loop.call_later(LATE, session._message_enqueued_callback)
        return []
    _sent[session.id] = now
    return _flush(session)


def _work_late(job: Job[Any]) -> None:
    time.sleep(LATE)
    _work(job)


if __name__ == "__main__":
    Job._run = _work_late  # type: ignore[method-assign]
    # Before the app is loaded, which puts its own around these (ui/frame/runs.py).
    ScriptRunner._run_script = _run_late  # type: ignore[method-assign]
    AppSession.flush_browser_queue = _flush_late  # type: ignore[method-assign]
    from streamlit.web.cli import main

    sys.exit(main())
