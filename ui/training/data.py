"""The controls of the Training page that choose its data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from instruments.training_stage.packed import view_box
from locales import _
from softmax_core.datasets import DATASETS, DataSpec, held_back, make
from softmax_core.geometry import Box
from ui.frame import kept, sharing
from ui.training import thumbnails, upload
from ui.training.controls import Visible, pick
from ui.training.lessons import named
from ui.training.points import Source, box_of_axes, digest
from ui.training.session import session
from ui.training.settings import data_names, settings_of_data
from ui.widgets import controls, live

UPLOADED = "own"
FEWEST, MOST = 10, 5_000
N_STOPS = (*range(10, 200, 10), *range(200, 500, 20), *range(500, 1000, 50), *range(1000, 5001, 250))
MOST_NOISE = 3.0
NOISE = 1.2  # more than softmax_core's default, so that classes overlap
_ALL = ("classes", "n", "noise", "label_noise", "balance", "seed", "test", "across", "up")


@dataclass(frozen=True)
class Start:
    """What a lesson begins with: its data set, its classes, the noise, the share in % that is held back.

    ``first`` are the data sets that come first in its menu; ``takes_own`` is whether learners can bring theirs.
    """

    data: str = "blobs"
    classes: int = 3
    noise: float = NOISE
    test: int = 20
    first: tuple[str, ...] = ()
    takes_own: bool = True


OF_TRAINING = Start()


def choose_data(visible: Visible, start: Start) -> Source:
    """Show the controls of the data that are visible; return the data set before any edit."""
    # A link may name settings that this data set does not use.
    options = [row.name for code in DATASETS for row in settings_of_data(code)]
    sharing.claim(*(named(name) for name in (*_ALL, *options)))
    names = data_names()
    names = {code: names[code] for code in (*start.first, *names) if code in names}
    if start.takes_own:
        sharing.claim(upload.PARAMETER)
        names[UPLOADED] = _("Own data …")
    with controls.shown(visible("data")):
        name = controls.choice(
            named("data"), _("Data"), names, start.data, widget=live.pictures, pictures=thumbnails.of_data()
        )
    if start.takes_own and name != UPLOADED:
        sharing.publish(upload.PARAMETER, kept.keep(upload.PARAMETER, None))
    source = _uploaded(visible) if name == UPLOADED else _made(name, visible, start)
    if source is None:  # no usable table yet: the data set before it stays
        source = session().source or source_of(DataSpec(noise=NOISE), 0.2)
    session().source = source
    return source


def _made(name: str, visible: Visible, start: Start) -> Source:
    uses = DATASETS[name].uses
    chosen: dict[str, Any] = {}
    if "n_classes" in uses:
        with controls.shown(visible("classes")):
            chosen["n_classes"] = controls.slider(
                named("classes"), _("Classes K"), 2, 10, start.classes, 1, widget=live.number
            )
    if "n" in uses:
        with controls.shown(visible("n")):
            n = controls.number(
                named("n"), _("Points n"), FEWEST, MOST, 300, 10, widget=live.number, stops=N_STOPS
            )
        chosen["n"] = max(n, int(chosen.get("n_classes", start.classes)))
    if "features" in uses:
        with controls.shown(visible("data")):
            chosen["features"] = _features()
    if "noise" in uses:
        with controls.shown(visible("noise")):
            chosen["noise"] = controls.slider(
                named("noise"), _("Noise"), 0.0, MOST_NOISE, start.noise, 0.1, widget=live.number
            )
    options = []
    for row in settings_of_data(name):
        with controls.shown(visible(row.name)):
            options.append((row.field, pick(row, at_release=True)))
    chosen["options"] = tuple(options)
    if not uses:
        return source_of(DataSpec(name, **chosen), 0.0)
    with controls.shown(visible("more_data")):
        if "label_noise" in uses:
            share = controls.slider(named("label_noise"), _("Wrong labels (%)"), 0, 50, 0, 1)
            chosen["label_noise"] = share / 100
        if "balance" in uses:
            chosen["balance"] = controls.slider(
                named("balance"), _("Smallest class : largest class"), 0.02, 1.0, 1.0, 0.02
            )
        if "seed" in uses:
            chosen["seed"] = controls.number(
                named("seed"),
                _("Random seed (same seed, same data)"),
                0,
                9999,
                0,
                1,
                widget=live.number,
                stops=range(21),
            )
        test = _held_back(start.test)
    return source_of(DataSpec(name, **chosen), test, start.noise)


def _held_back(default: int) -> float:
    return controls.slider(named("test"), _("Held back for testing (%)"), 0, 50, default, 5) / 100


def _features() -> tuple[int, int]:
    parts = {
        "0": _("sepal length (cm)"), "1": _("sepal width (cm)"),
        "2": _("petal length (cm)"), "3": _("petal width (cm)"),
    }  # fmt: skip
    across = controls.choice(named("across"), _("Horizontal axis"), parts, "2")
    others = {code: text for code, text in parts.items() if code != across}
    up = controls.choice(named("up"), _("Vertical axis"), others, "3" if across != "3" else "2")
    return int(across), int(up)


@lru_cache(maxsize=64)
def source_of(spec: DataSpec, test: float, usual: float = NOISE) -> Source:
    """Return the points of a made data set, with a share ``test`` of them held back; the axes are those of ``usual`` noise."""
    data, frame = make(spec), _frame(spec, usual)
    return Source(digest(spec, test, frame), data, held_back(data.y, test, seed=spec.seed), frame=frame)


def _frame(spec: DataSpec, usual: float) -> Box | None:
    """Return axes that stay while n and the noise change, so that more noise is seen as more noise.

    They are those of many points with as much noise as there is on either side of the default. The points of a smaller n
    are among those of a larger one, so all lie inside.
    """
    uses = DATASETS[spec.name].uses
    if "n" not in uses:
        return None
    many = next(n for n in (1_000, MOST, spec.n) if n >= spec.n)
    noise = next(noise for noise in (usual, NOISE, MOST_NOISE, spec.noise) if noise >= spec.noise)
    all_points = np.vstack([make(replace(spec, n=many, noise=level)).X for level in {noise, spec.noise}])
    return view_box(all_points, margin=0.03)


def _uploaded(visible: Visible) -> Source | None:
    # Not visible they are there all the same: Streamlit forgets a file whose control is gone.
    with st.container(key="training_own" if visible("data") else "training_own_kept"):
        chosen = upload.choose()
        if chosen is None:
            return None
        if chosen.is_test is not None:
            return Source(
                chosen.name, chosen.data, chosen.is_test, shared=False, frame=box_of_axes(chosen.data.X)
            )
        with controls.shown(visible("data")):
            test = _held_back(20)
    return Source(
        digest(chosen.name, test), chosen.data, held_back(chosen.data.y, test), shared=False, frame=box_of_axes(chosen.data.X)
    )  # fmt: skip
