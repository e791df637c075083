"""The columns of W as pictures under a scrubber over the epochs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from instruments.shared.bundle import component
from instruments.shared.session import message
from instruments.shared.values import packed

Array = npt.NDArray[Any]
MOST_EPOCHS = 60  # of a long training so many are shown, evenly spread, the last always


@dataclass(frozen=True)
class TemplateRun:
    """The weights of some epochs, small: one byte per weight, each epoch with its own unit.

    Parameters
    ----------
    numbers
        The epochs, rising.
    packed
        For each the weights (d, K) in base64: whole numbers from -127 to 127.
    limits
        For each the weight that 127 stands for, the largest magnitude of its epoch.
    """

    numbers: tuple[int, ...]
    packed: tuple[str, ...]
    limits: tuple[float, ...]


def template_run(numbers: Sequence[int], weights: Sequence[Array]) -> TemplateRun:
    """Pack the weights (d, K) of epochs; of more than 60 an even choice."""
    count = len(numbers)
    chosen = np.unique(np.linspace(0, count - 1, min(count, MOST_EPOCHS)).round().astype(int))
    limits = [float(np.abs(weights[i]).max()) for i in chosen]
    small = [
        packed(np.rint(weights[i] * (127 / limit)) if limit else np.zeros(weights[i].shape), "i1")
        for i, limit in zip(chosen, limits, strict=True)
    ]
    return TemplateRun(tuple(int(numbers[i]) for i in chosen), tuple(small), tuple(limits))


def weight_templates(
    *, key: str, revision: str, run: TemplateRun, start: int, ghost: Array, **data: Any
) -> int:
    """Mount the templates and return the epoch at the playhead.

    Parameters
    ----------
    revision
        Names the run: another text makes the browser take the new one.
    start
        The epoch at which the playhead of a new revision stands.
    ghost
        (K, height, width) between 0 and 1: what is shown in grey where all weights are 0.
    data
        What else the browser needs, see ``index.js``.
    """
    component("weight_templates")(
        key=key,
        data={
            "revision": revision,
            **vars(run),
            "start": start,
            "ghost": packed(np.rint(np.clip(np.nan_to_num(ghost), 0.0, 1.0) * 255), "u1"),
        }
        | data,
        on_state_change=lambda: None,
    )
    sent = message(key)
    if sent is not None and sent.get("revision") == revision and sent.get("epoch") in run.numbers:
        return int(sent["epoch"])
    return start if start in run.numbers else run.numbers[-1]
