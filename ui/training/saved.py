"""A run as JSON to take away and to bring back: its settings as the link has them, and the weights of one step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from instruments.training_stage import Hand, hand_from_browser
from locales import _
from ui.training.session import Run

FORMAT = "softmax-lab run"
VERSION = 1
PREFIX = "training_"
MOST_SETTINGS = 80
LONGEST_SETTING = 20_000
LARGEST_FILE = 1_000_000


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
