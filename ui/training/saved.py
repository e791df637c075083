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
from ui.training import plan
from ui.training.lessons import stage_key
from ui.training.plan import changes_from
from ui.training.session import Plan, PlanMemory, Run, session
from ui.widgets.cells import chosen_file

FORMAT = "softmax-lab run"
VERSION = 1
PREFIX = "training_"
MOST_SETTINGS = 80
LONGEST_SETTING = 20_000
LARGEST_FILE = 1_000_000
FILE = "training_saved"
CLOSE = 1e-9  # relative: weights that differ by no more are those of the run


class UnusableFileError(ValueError):
    """A file that is no saved run; the message is a sentence for the learner."""


@dataclass(frozen=True)
class Saved:
    """What a file holds: settings by their names in the link, and weights at a step."""

    settings: Mapping[str, str]
    hand: Hand


def as_json(run: Run, step: int, settings: Mapping[str, str]) -> str:
    """Write the settings and the weights at a step; the other entries are for readers of the file, `from_json` skips them."""
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
    """Read a file that `as_json` wrote, trusting nothing in it.

    The controls check the values of the settings, `put_weights_in_place` whether the weights fit the model.

    Raises
    ------
    UnusableFileError
        With a sentence for the learner.
    """
    if len(raw) > LARGEST_FILE:
        raise UnusableFileError(_("The file is larger than {n} MB.").format(n=LARGEST_FILE // 1_000_000))
    try:
        content = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UnusableFileError(_("This is not a JSON file.")) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UnusableFileError(_("This JSON file was not saved by this page."))
    if content.get("version") != VERSION:
        raise UnusableFileError(_("The file was saved by another version of this page."))
    return Saved(_settings(content.get("settings")), _weights(content))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _settings(value: object) -> dict[str, str]:
    if isinstance(value, dict) and len(value) <= MOST_SETTINGS:
        texts = [text for name, text in value.items() if name.startswith(PREFIX) and isinstance(text, str)]
        if len(texts) == len(value) and all(len(text) <= LONGEST_SETTING for text in texts):
            return value
    raise UnusableFileError(_("The settings in the file cannot be read."))


def _weights(content: Mapping[str, Any]) -> Hand:
    W, b, step = content.get("W"), content.get("b"), content.get("step")
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


def load() -> None:
    """Show where a saved run can be brought back, and what became of the last one."""
    st.file_uploader(
        _("Bring a saved run back (JSON)"), type=["json"], key=FILE, on_change=_read_file,
        max_upload_size=max(1, LARGEST_FILE // 1_000_000),
    )  # fmt: skip
    kind, text = session().saved_message
    if kind == "error":
        st.error(text)
    elif kind == "success":
        st.success(text)


def _read_file() -> None:
    """Read the file and put its settings where those of a link would be: called before the page runs."""
    session().saved_message = ("", "")
    file = chosen_file(FILE)
    if file is None:
        return
    try:
        saved = from_json(file.getvalue())
        plans = {
            part: changes_from(saved.settings[f"{stage_key()}_{part}"])
            for part in ("plan", "ghost") if f"{stage_key()}_{part}" in saved.settings
        }  # fmt: skip
    except UnusableFileError as error:
        session().saved_message = ("error", str(error))
        return
    except ValueError:
        session().saved_message = ("error", _("The settings in the file cannot be read."))
        return
    # The message about the file stands in the panel where it was brought.
    sharing.reopen(PREFIX, {**saved.settings, f"{PREFIX}panel": "takeaway", f"{PREFIX}form": "run"})
    plan.forget_all(plans)
    session().saved_hand = saved.hand


def put_weights_in_place(memory: PlanMemory, run: Run, train: Callable[[Plan], Run]) -> Run:
    """After the first run with the settings of a file: where its weights differ, change the plan and train again."""
    hand, session().saved_hand = session().saved_hand, None
    if hand is None:
        return run
    path, theta, error = run.trajectory, np.array(hand.rows), ""
    if theta.shape != (path.W.shape[1] + 1, path.W.shape[2]):
        error = _(
            "The settings were brought back, but not the weights: the file has {rows} rows of {columns}, this model needs {m} rows of {k}."
        ).format(rows=theta.shape[0], columns=theta.shape[1], m=path.W.shape[1] + 1, k=path.W.shape[2])
    elif hand.step > path.steps:
        error = _(
            "The settings were brought back, but not the weights: the file has those of step {step}, and this run ends at step {last}."
        ).format(step=hand.step, last=path.steps)
    if error:
        session().saved_message = ("error", error)
        return run
    fits = np.allclose(np.vstack(path.at(hand.step)), theta, rtol=CLOSE, atol=CLOSE)
    sentence = (
        _("The run was brought back, at step {step}.")
        if fits
        else _("The settings were brought back, and the weights of the file put in place at step {step}.")
    )
    # Before the training, after which this is not called again where the run takes longer than the page waits.
    session().saved_message = ("success", sentence.format(step=hand.step))
    session().wanted = (hand.step, False, None)
    if fits:
        return run
    memory.plan = plan.with_weights(memory.plan, hand)
    return train(memory.plan)
