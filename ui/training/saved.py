"""A run as JSON to take away and to bring back: its settings as the link has them, and the weights of one step.

Bringing it back puts the settings into the controls, the weights into the run, and the playhead on its step.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from instruments.training_stage import Hand, hand_from_browser
from locales import _
from ui.frame import sharing
from ui.training import branch
from ui.training.branch import Memory
from ui.training.plan import Plan, changes_from, taken_in_hand
from ui.training.run import Run

FORMAT = "softmax-lab run"
VERSION = 1
PREFIX = "training_"
MOST_SETTINGS = 80
LONGEST_SETTING = 20_000
LARGEST_FILE = 1_000_000
FILE = "training_saved"
_MESSAGE, _WAITING = "training_saved_told", "training_saved_waiting"
CLOSE = 1e-9  # relative: weights that differ by no more are the run's own


class UnusableFileError(ValueError):
    """A file that is no saved run; the message is a sentence for the learner."""


@dataclass(frozen=True)
class Saved:
    """What a file holds: settings by their names in the link, and weights at a step."""

    settings: Mapping[str, str]
    hand: Hand


def as_json(run: Run, step: int, settings: Mapping[str, str]) -> str:
    """Write the settings and the weights at a step; the rest is for whoever reads the file elsewhere."""
    path = run.trajectory
    return json.dumps(
        {
            "format": FORMAT, "version": VERSION, "settings": dict(settings), "step": step,
            "features": list(run.features.names), "classes": list(run.data.class_names),
            "W": path.W[step].tolist(), "b": path.b[step].tolist(),
            "loss": float(path.loss[step]), "accuracy": float(path.accuracy[step]), "config": repr(path.config),
        },
        ensure_ascii=False, indent=1,
    )  # fmt: skip


def from_json(raw: bytes) -> Saved:
    """Read a file that :func:`as_json` wrote, trusting nothing in it.

    Whether the settings have such values is seen by the controls, which know; whether the weights fit, by
    the run that they are for.

    Raises
    ------
    UnusableFileError
        With a sentence for the learner.
    """
    if len(raw) > LARGEST_FILE:
        raise UnusableFileError(_("The file is larger than {n} MB.").format(n=LARGEST_FILE // 1_000_000))
    try:
        found = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UnusableFileError(_("This is no JSON file.")) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise UnusableFileError(_("This JSON file was not saved by this page."))
    if found.get("version") != VERSION:
        raise UnusableFileError(_("The file was saved by another version of this page."))
    return Saved(_settings(found.get("settings")), _weights(found))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _settings(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > MOST_SETTINGS:
        raise UnusableFileError(_("The settings in the file cannot be read."))
    for name, text in value.items():
        if not name.startswith(PREFIX) or not isinstance(text, str) or len(text) > LONGEST_SETTING:
            raise UnusableFileError(_("The settings in the file cannot be read."))
    return value


def _weights(found: Mapping[str, Any]) -> Hand:
    W, b, step = found.get("W"), found.get("b"), found.get("step")
    sentence = _("The weights in the file cannot be read: W needs rows of numbers, and b as many numbers.")
    if not isinstance(W, list) or not isinstance(b, list) or not b or type(step) is not int:
        raise UnusableFileError(sentence)
    rows = [*W, b]
    if not all(isinstance(row, list) and all(type(w) in (int, float) for w in row) for row in rows):
        raise UnusableFileError(sentence)
    try:
        return hand_from_browser({"step": step, "rows": rows}, len(W), len(b))
    except (ValueError, OverflowError) as error:
        raise UnusableFileError(sentence) from error


def load(stage: str) -> None:
    """Show where a saved run can be brought back, and what became of the last one."""
    st.file_uploader(
        _("Bring a saved run back (JSON)"), type=["json"], key=FILE, on_change=_taken, args=(stage,),
        max_upload_size=max(1, LARGEST_FILE // 1_000_000),
    )  # fmt: skip
    kind, text = st.session_state.get(_MESSAGE, ("", ""))
    if kind == "error":
        st.error(text)
    elif kind == "success":
        st.success(text)


def _taken(stage: str) -> None:
    """Before the page runs: read the file, and put its settings where a link's would be."""
    st.session_state.pop(_MESSAGE, None)
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
        st.session_state[_MESSAGE] = ("error", str(error))
        return
    except ValueError:
        st.session_state[_MESSAGE] = ("error", _("The settings in the file cannot be read."))
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
        st.session_state[_MESSAGE] = ("error", told)
        return result
    if hand.step > path.steps:
        told = _(
            "The settings were brought back, but not the weights: the file has those of step {step}, and this run ends at step {last}."
        ).format(step=hand.step, last=path.steps)
        st.session_state[_MESSAGE] = ("error", told)
        return result
    own = np.vstack([path.W[hand.step], path.b[hand.step]])
    st.session_state[f"{stage}_goto"] = (st.session_state.get(f"{stage}_goto", (0, 0))[0] + 1, hand.step)
    if np.allclose(own, theta, rtol=CLOSE, atol=CLOSE):
        st.session_state[_MESSAGE] = (
            "success",
            _("The run was brought back, at step {step}.").format(step=hand.step),
        )
        return result
    memory.plan = taken_in_hand(memory.plan, hand)
    sentence = _("The settings were brought back, and the weights of the file put in place at step {step}.")
    st.session_state[_MESSAGE] = ("success", sentence.format(step=hand.step))
    return train(memory.plan)
