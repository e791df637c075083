"""A run as a film to take away: which steps it shows, and the regions of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from charts.animation import Movie, animation_html
from instruments.shared.bundle import bundle
from locales import _
from softmax_core.features import Linear, grid_points
from softmax_core.geometry import region_polygons
from ui.training.session import Run

MOST_FRAMES = 200
MOST_BYTES = 2_000_000
WIDTHS = (320, 240, 160, 100)  # of a picture of curved regions; the first that stays below the limit is taken


def movie_words() -> dict[str, str]:
    """Return the film's texts in the reader's language."""
    return {
        "title": _("A softmax regression learns"), "play": _("Play"), "pause": _("Pause"),
        "scrub": _("Step of the run"), "plane": _("Decision regions and points"),
        "readout": _("step {step} · loss {loss} · accuracy {accuracy}"),
    }  # fmt: skip


def movie(run: Run, names: Sequence[str], words: Mapping[str, str], lang: str) -> str:
    """Return the film of a run as one HTML page of at most 2 MB.

    Knows no session, so that it can be made in the background when somebody asks for the file.
    """
    player = bundle("movie/player.js")
    text = ""
    for width in WIDTHS:
        text = animation_html(_film(run, names, words, lang, width), player)
        if len(text.encode()) <= MOST_BYTES:
            break
    return text


def frames_of(run: Run) -> npt.NDArray[np.int64]:
    """Return the steps that the film shows: all of them, or 200 evenly spread ones."""
    last = run.trajectory.steps
    return np.unique(np.linspace(0, last, min(last + 1, MOST_FRAMES)).round().astype(np.int64))


def _film(run: Run, names: Sequence[str], words: Mapping[str, str], lang: str, width: int) -> Movie:
    path, steps = run.trajectory, frames_of(run)
    straight = isinstance(run.features.kind, Linear)
    return Movie(
        box=run.box,
        X=np.vstack([run.train.X, run.test.X]),
        y=np.concatenate([run.train.y, run.test.y]),
        steps=steps,
        loss=path.loss[steps],
        accuracy=path.accuracy[steps],
        regions=_polygons(run, steps) if straight else _winners(run, steps, width),
        names=names,
        words=words,
        lang=lang,
    )


def _polygons(run: Run, steps: npt.NDArray[np.int64]) -> list[list[npt.NDArray[np.float64]]]:
    """Return the exact regions of a linear model, in the units of the inputs."""
    path, map_ = run.trajectory, run.features
    found = []
    for step in steps:
        W = path.W[step] / map_.scale[:, np.newaxis]
        found.append(region_polygons(W, path.b[step] - map_.shift @ W, run.box))
    return found


def _winners(run: Run, steps: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.uint8]:
    """Return the winning class of every cell of a grid, for every frame."""
    x0, x1, y0, y1 = run.box
    rows = max(1, round(width * (y1 - y0) / (x1 - x0)))
    features = run.features.transform(grid_points(run.box, width, rows)).astype(np.float32)
    path = run.trajectory
    pictures = np.empty((len(steps), rows, width), dtype=np.uint8)
    for i, step in enumerate(steps):
        logits = features @ path.W[step].astype(np.float32) + path.b[step].astype(np.float32)
        pictures[i] = logits.argmax(axis=1).reshape(rows, width)
    return pictures
