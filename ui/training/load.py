"""Bringing a saved run back: its settings into the controls, its weights into the run, the playhead to its step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from locales import _
from ui.frame import sharing
from ui.training import plan
from ui.training.plan import changes_from
from ui.training.saved import LARGEST_FILE, PREFIX, UnusableFileError, from_json
from ui.training.session import STAGE, Plan, PlanMemory, Run, session

FILE = "training_saved"
CLOSE = 1e-9  # relative: weights that differ by no more are the run's own


def load() -> None:
    """Show where a saved run can be brought back, and what became of the last one."""
    st.file_uploader(
        _("Bring a saved run back (JSON)"), type=["json"], key=FILE, on_change=_taken,
        max_upload_size=max(1, LARGEST_FILE // 1_000_000),
    )  # fmt: skip
    kind, text = session().saved_message
    if kind == "error":
        st.error(text)
    elif kind == "success":
        st.success(text)


def _taken() -> None:
    """Before the page runs: read the file, and put its settings where a link's would be."""
    session().saved_message = ("", "")
    file = st.session_state.get(FILE)
    if file is None:
        return
    try:
        saved = from_json(file.getvalue())
        plans = {
            part: changes_from(saved.settings[f"{STAGE}_{part}"])
            for part in ("plan", "ghost") if f"{STAGE}_{part}" in saved.settings
        }  # fmt: skip
    except UnusableFileError as error:
        session().saved_message = ("error", str(error))
        return
    except ValueError:
        session().saved_message = ("error", _("The settings in the file cannot be read."))
        return
    # What became of the file is said where it was brought.
    sharing.reopen(PREFIX, {**saved.settings, f"{PREFIX}panel": "takeaway", f"{PREFIX}form": "run"})
    plan.forget_all(plans)
    session().saved_hand = saved.hand


def put_weights_in_place(memory: PlanMemory, result: Run, train: Callable[[Plan], Run]) -> Run:
    """After the first run with brought settings: put the brought weights in place where the run has others."""
    hand, session().saved_hand = session().saved_hand, None
    if hand is None:
        return result
    path = result.trajectory
    theta = np.array(hand.rows)
    if theta.shape != (path.W.shape[1] + 1, path.W.shape[2]):
        told = _(
            "The settings were brought back, but not the weights: the file has {rows} rows of {columns}, this model needs {m} rows of {k}."
        ).format(rows=theta.shape[0], columns=theta.shape[1], m=path.W.shape[1] + 1, k=path.W.shape[2])
        session().saved_message = ("error", told)
        return result
    if hand.step > path.steps:
        told = _(
            "The settings were brought back, but not the weights: the file has those of step {step}, and this run ends at step {last}."
        ).format(step=hand.step, last=path.steps)
        session().saved_message = ("error", told)
        return result
    own = np.vstack([path.W[hand.step], path.b[hand.step]])
    session().goto = (session().goto[0] + 1, hand.step)
    if np.allclose(own, theta, rtol=CLOSE, atol=CLOSE):
        session().saved_message = (
            "success",
            _("The run was brought back, at step {step}.").format(step=hand.step),
        )
        return result
    memory.plan = plan.with_weights(memory.plan, hand)
    sentence = _("The settings were brought back, and the weights of the file put in place at step {step}.")
    session().saved_message = ("success", sentence.format(step=hand.step))
    return train(memory.plan)
