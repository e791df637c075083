"""How far a long training is, with a button that stops it and keeps what is done."""

from __future__ import annotations

from typing import Any

import streamlit as st

from locales import _
from ui.widgets.jobs import Job


@st.fragment(run_every=0.25)
def waiting(job: Job[Any]) -> None:
    """Show the progress of a run, and run the page again when it is there."""
    if job.finished():
        st.rerun(scope="app")
    with st.container(border=True, key="training_waiting"):
        share = job.done / job.steps if job.steps else 0.0
        st.progress(
            share, _("Training: step {done} of {steps}").format(done=job.done, steps=job.steps or "…")
        )
        st.button(
            _("Stop"), key="training_stop", icon=":material/stop:", on_click=job.stop, disabled=job.stopped,
            help=_("The steps that are done are kept."),
        )  # fmt: skip
