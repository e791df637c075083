"""Bringing a saved run back: its settings into the controls, its weights into the run, the playhead to its step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from locales import _
from ui.frame import sharing
from ui.training import branch
from ui.training.branch import Memory
from ui.training.plan import Plan, changes_from, taken_in_hand
from ui.training.run import Run
from ui.training.saved import LARGEST_FILE, PREFIX, Saved, UnusableFileError, from_json

FILE = "training_saved"
_TOLD, _WAITING = "training_saved_told", "training_saved_waiting"
CLOSE = 1e-9  # relative: weights that differ by no more are the run's own


def load(stage: str) -> None:
    """Show where a saved run can be brought back, and what became of the last one."""
    st.file_uploader(
        _("Bring a saved run back (JSON)"), type=["json"], key=FILE, on_change=_taken, args=(stage,),
        max_upload_size=max(1, LARGEST_FILE // 1_000_000),
    )  # fmt: skip
    kind, text = st.session_state.get(_TOLD, ("", ""))
    if kind == "error":
        st.error(text)
    elif kind == "success":
        st.success(text)


def _taken(stage: str) -> None:
    """Before the page runs: read the file, and put its settings where a link's would be."""
    st.session_state.pop(_TOLD, None)
    file = st.session_state.get(FILE)
    if file is None:
        return
    try:
        saved = from_json(file.getvalue())
        plans = {
            part: changes_from(saved.settings[f"{stage}_{part}"])
            for part in ("plan", "ghost") if f"{stage}_{part}" in saved.settings
        }  # fmt: skip
    except UnusableFileError as error:
        st.session_state[_TOLD] = ("error", str(error))
        return
    except ValueError:
        st.session_state[_TOLD] = ("error", _("The settings in the file cannot be read."))
        return
    # What became of the file is said where it was brought.
    sharing.reopen(PREFIX, {**saved.settings, f"{PREFIX}panel": "takeaway", f"{PREFIX}form": "run"})
    branch.forget_all(stage, plans)
    st.session_state[_WAITING] = saved


def settle(stage: str, memory: Memory, result: Run, train: Callable[[Plan], Run]) -> Run:
    """After the first run with brought settings: put the brought weights in place where the run has others."""
    saved: Saved | None = st.session_state.pop(_WAITING, None)
    if saved is None:
        return result
    hand, path = saved.hand, result.trajectory
    theta = np.array(hand.rows)
    if theta.shape != (path.W.shape[1] + 1, path.W.shape[2]):
        told = _(
            "The settings were brought back, but not the weights: the file has {rows} rows of {columns}, this model needs {m} rows of {k}."
        ).format(rows=theta.shape[0], columns=theta.shape[1], m=path.W.shape[1] + 1, k=path.W.shape[2])
        st.session_state[_TOLD] = ("error", told)
        return result
    if hand.step > path.steps:
        told = _(
            "The settings were brought back, but not the weights: the file has those of step {step}, and this run ends at step {last}."
        ).format(step=hand.step, last=path.steps)
        st.session_state[_TOLD] = ("error", told)
        return result
    own = np.vstack([path.W[hand.step], path.b[hand.step]])
    st.session_state[f"{stage}_goto"] = (st.session_state.get(f"{stage}_goto", (0, 0))[0] + 1, hand.step)
    if np.allclose(own, theta, rtol=CLOSE, atol=CLOSE):
        st.session_state[_TOLD] = (
            "success",
            _("The run was brought back, at step {step}.").format(step=hand.step),
        )
        return result
    memory.plan = taken_in_hand(memory.plan, hand)
    sentence = _("The settings were brought back, and the weights of the file put in place at step {step}.")
    st.session_state[_TOLD] = ("success", sentence.format(step=hand.step))
    return train(memory.plan)
