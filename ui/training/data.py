"""The controls of the Training page that choose its data."""

from __future__ import annotations

from typing import Any

import streamlit as st

from locales import _
from softmax_core.datasets import DATASETS, DataSpec, held_back, make
from ui.frame import sharing
from ui.training import upload
from ui.training.controls import pick
from ui.training.points import Source, digest
from ui.training.session import session
from ui.training.settings import data_names, settings_of_data
from ui.widgets import controls

UPLOADED = "own"
MOST = 5_000
NOISE = 1.2  # more than softmax_core's default, so that classes overlap
_ALL = ("classes", "n", "noise", "label_noise", "balance", "seed", "test", "across", "up")


def choose_data() -> Source:
    """Show the controls of the data; return the data set before any edit."""
    # A link may name settings that this data set does not use.
    options = [row.name for code in DATASETS for row in settings_of_data(code)]
    sharing.claim(*(f"training_{name}" for name in (*_ALL, *options)))
    name = controls.choice("training_data", _("Data"), data_names() | {UPLOADED: _("Own data …")}, "blobs")
    source = _uploaded() if name == UPLOADED else _made(name)
    if source is None:  # no usable table yet: the data set before it stays
        source = session().source or source_of(DataSpec(noise=NOISE), 0.2)
    session().source = source
    return source


def _made(name: str) -> Source:
    uses = DATASETS[name].uses
    chosen: dict[str, Any] = {}
    if "n_classes" in uses:
        chosen["n_classes"] = controls.slider("training_classes", _("Classes K"), 2, 10, 3, 1)
    if "n" in uses:
        chosen["n"] = controls.number("training_n", _("Points n"), 10, MOST, 300, 10)
    if "noise" in uses:
        chosen["noise"] = controls.slider("training_noise", _("Noise"), 0.0, 3.0, NOISE, 0.1)
    if "features" in uses:
        chosen["features"] = _features()
    chosen["options"] = tuple((row.field, pick(row)) for row in settings_of_data(name))
    if not uses:
        return source_of(DataSpec(name, **chosen), 0.0)
    with st.popover(_("More about the data"), width="stretch"):
        if "label_noise" in uses:
            share = controls.slider("training_label_noise", _("Wrong labels (%)"), 0, 50, 0, 1)
            chosen["label_noise"] = share / 100
        if "balance" in uses:
            chosen["balance"] = controls.slider(
                "training_balance", _("Smallest class : largest class"), 0.02, 1.0, 1.0, 0.02
            )
        if "seed" in uses:
            chosen["seed"] = controls.number("training_seed", _("Seed"), 0, 9999, 0, 1)
        test = controls.slider("training_test", _("Held back for testing (%)"), 0, 50, 20, 5) / 100
    chosen["n"] = max(int(chosen.get("n", 300)), int(chosen.get("n_classes", 3)))
    return source_of(DataSpec(name, **chosen), test)


def _features() -> tuple[int, int]:
    parts = {
        "0": _("sepal length (cm)"), "1": _("sepal width (cm)"),
        "2": _("petal length (cm)"), "3": _("petal width (cm)"),
    }  # fmt: skip
    across = controls.choice("training_across", _("Across"), parts, "2")
    others = {code: text for code, text in parts.items() if code != across}
    up = controls.choice("training_up", _("Up"), others, "3" if across != "3" else "2")
    return int(across), int(up)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs={DataSpec: repr})
def source_of(spec: DataSpec, test: float) -> Source:
    """Return the points of a made data set, with a share ``test`` of them held back."""
    data = make(spec)
    return Source(digest(spec, test), data, held_back(data, test, seed=spec.seed))


def _uploaded() -> Source | None:
    chosen = upload.choose()
    if chosen is None:
        return None
    if chosen.is_test is not None:
        return Source(chosen.name, chosen.data, chosen.is_test, shared=False)
    test = controls.slider("training_test", _("Held back for testing (%)"), 0, 50, 20, 5) / 100
    return Source(digest(chosen.name, test), chosen.data, held_back(chosen.data, test), shared=False)
