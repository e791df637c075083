"""What MNIST is and why Fashion-MNIST is harder; and the training as a script to take away."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import streamlit as st

from locales import _
from softmax_core.export.image_script import image_script
from softmax_core.images import ImageData
from softmax_core.training import Epoch
from ui import escape
from ui.images.data import set_names
from ui.images.runs import Part
from ui.images.training import Model, standard_history
from ui.widgets import controls
from ui.widgets.show import percent, table

_MEASURED = "_images_measured"


def about_sets(run: Model) -> None:
    """Say where the sets come from, beside the accuracies that were measured here."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(
            _(
                "**MNIST** (1998) is 70,000 handwritten digits. Employees of the American Census Bureau and high-school students wrote them; Yann LeCun, Corinna Cortes and Christopher Burges scaled each to 20 × 20 pixels and centred its ink in 28 × 28. For twenty years nearly every new classifier was first tried on it."
            )
        )
        st.markdown(
            _(
                "**Fashion-MNIST** (2017) has the same size and number of images, but shows ten kinds of clothing. It is harder for one template per class: pullover, coat and shirt have nearly the same outline, and what tells them apart (a collar, a zip) is small and moves from picture to picture. Two digits mostly differ in where their ink lies; two shirts do not."
            )
        )
        st.markdown(
            _(
                "The **8 × 8 digits** come from the same years and from 43 other writers. They are so small that training takes no time."
            )
        )
    with right:
        st.markdown(f"**{_('Measured here')}**")
        names, measured = set_names(), _measured(run)
        rows = [
            [
                escape.html(names[code]),
                _("{share} (epoch {epoch})").format(share=percent(measured[code][0]), epoch=measured[code][1])
                if code in measured
                else _("not trained yet"),
            ]
            for code in ("digits", "mnist", "fashion")
        ]
        table([_("Data set"), _("best test accuracy")], rows)


def _measured(run: Model) -> dict[str, tuple[float, int]]:
    """Return the best test accuracy of every set that was trained in this session, and its epoch."""
    best: dict[str, tuple[float, int]] = st.session_state.setdefault(_MEASURED, {})
    best.setdefault("digits", _best(standard_history()))
    if run.progress.done:
        top = _best(run.progress.history)
        best[run.data.name] = max(best.get(run.data.name, top), top, key=lambda one: one[0])
    return best


def _best(history: Sequence[Epoch]) -> tuple[float, int]:
    """Return the best test accuracy of a run, and the first epoch that reached it."""
    top = max(history, key=lambda epoch: epoch.test_accuracy)
    return top.test_accuracy, top.number


def code(run: Model, shown: Part) -> None:
    """Offer the training as a script from scratch, with the images it reads."""
    parts = run.progress.parts
    part = parts[0] if len(parts) == 1 else shown
    source = "idx" if run.data.split == "given" and run.data.name in ("mnist", "fashion") else "npz"
    text = image_script(part.config, part.epochs, source, run.data.n_classes)  # type: ignore[arg-type]
    left, right = st.columns([5, 2], gap="medium")
    with left:
        st.code(text, language="python", height=400)
    with right:
        if source == "idx":
            st.markdown(_("From scratch, in NumPy alone. The four files of the set lie beside the script."))
        else:
            st.markdown(_("From scratch, in NumPy alone. Put `images.npz` beside the script."))
        if parts == (part,):
            last = run.progress.history[-1]
            st.markdown(
                _("It ends at the **{share}** of this page.").format(share=percent(last.test_accuracy))
            )
        else:
            st.markdown(_("It trains from the start with the settings as they stand."))
        controls.download(
            _("Download the script"), text, "softmax_images.py", "text/x-python", "images_script"
        )
        if source == "npz":
            controls.download(
                _("Download the images"), lambda: images_file(run.data), "images.npz", "application/octet-stream", "images_file"
            )  # fmt: skip


def images_file(data: ImageData) -> bytes:
    """Return a set as the file that the script reads."""
    file = io.BytesIO()
    np.savez_compressed(
        file, X=data.train.rows, y=data.train.labels, X_test=data.test.rows, y_test=data.test.labels,
        white=data.train.white,
    )  # fmt: skip
    return file.getvalue()
