"""The pixel pad: strokes in the browser, classified there on every frame by weights that were sent once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy.typing as npt

from instruments.shared.bundle import component
from instruments.shared.values import packed
from softmax_core.images.strokes import SMALLEST_EXTENT, PadFormat

Array = npt.NDArray[Any]


def pixel_pad(
    *,
    key: str,
    revision: str,
    W: Array,
    b: Array,
    form: PadFormat,
    trained: bool,
    names: Sequence[str],
    colors: Sequence[str],
    scales: Mapping[str, Mapping[str, str]],
    labels: Mapping[str, str],
) -> None:
    """Mount a pad. What is drawn stays in the browser; Python is told nothing.

    Parameters
    ----------
    revision
        Names the model: another text makes the browser take the new weights.
    W, b
        (d, K) with the pixels line by line, and (K,).
    form
        Size of the images and how a drawing is fitted into them.
    trained
        Whether the weights are more than zeros: without it the pad says that nothing has been learned yet.
    names, colors
        One per class.
    scales
        ``light`` and ``dark``, each with the colours ``negative``, ``neutral``, ``positive``.
    labels
        Texts in the reader's language; see ``ui/images/pad.py``.
    """
    component("pixel_pad")(
        key=key,
        data={
            "revision": revision,
            "weights": packed(W, "<f4"),
            "biases": packed(b, "<f4"),
            "form": {
                "height": form.height, "width": form.width, "box": form.box, "radius": form.radius,
                "byMass": form.by_mass, "smallest": SMALLEST_EXTENT,
            },
            "trained": trained,
            "names": list(names),
            "colors": list(colors),
            "scales": {theme: dict(ends) for theme, ends in scales.items()},
            "labels": dict(labels),
        },
    )  # fmt: skip
