"""Looking at a set of images before training on it, and how fast it can be read."""

from __future__ import annotations

import statistics
import time

import numpy as np
import streamlit as st

from charts import images as charts
from locales import _
from softmax_core.images import ImageData, Images
from softmax_core.images.views import class_counts, mean_images, pixel_histogram
from softmax_core.training import BatchStep, minibatches
from ui.images.data import class_names
from ui.images.show import gallery, strips
from ui.widgets import controls
from ui.widgets.show import chart, class_mark, is_dark, number, table

PER_CLASS = 14
_ROUND = "_images_samples"
_MEASURED = "_images_speed"
_SECONDS = 0.4


def look(data: ImageData, batch_size: int) -> None:
    """Show the data from one side at a time."""
    sides = {
        "samples": _("Samples"), "means": _("Mean images"), "counts": _("Balance and brightness"),
        "speed": _("Reading speed"),
    }  # fmt: skip
    side = controls.segmented("images_look", _("Look at"), sides, "samples", label_visible=False)
    if side == "samples":
        _samples(data)
    elif side == "means":
        _means(data)
    elif side == "counts":
        _counts(data)
    else:
        _speed(data, batch_size)
    st.caption(_("Source: {source}.").format(source=data.source))


def _samples(data: ImageData) -> None:
    st.button(_("Other samples"), key="images_samples", on_click=_turn_over, icon=":material/shuffle:")
    rng = np.random.default_rng(st.session_state.get(_ROUND, 0))
    rows = []
    for k, name in enumerate(class_names(data)):
        members = np.flatnonzero(data.train.labels == k)
        if members.size:
            chosen = rng.choice(members, min(PER_CLASS, members.size), replace=False)
            pictures = data.train.features(chosen).reshape(-1, *data.train.size)
            alt = _("{count} training images of {name}").format(count=len(chosen), name=name)
            rows.append((class_mark(k, name), pictures, alt))
    strips(rows)


def _turn_over() -> None:
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _means(data: ImageData) -> None:
    names = class_names(data)
    pictures = mean_images(data.train, data.n_classes)
    alts = [_("mean image of {name}").format(name=name) for name in names]
    gallery(list(pictures), [class_mark(k, name) for k, name in enumerate(names)], alts)
    st.markdown(
        _(
            "The mean of all training images of a class. A weight picture is something else: it also says where ink speaks **against** the class."
        )
    )


def _counts(data: ImageData) -> None:
    left, right = st.columns(2)
    counts = {
        _("training"): class_counts(data.train, data.n_classes), _("test"): class_counts(data.test, data.n_classes),
    }  # fmt: skip
    with left:
        st.markdown(f"**{_('Images per class')}**")
        chart(
            charts.class_balance(counts, class_names(data), is_dark()),
            key="images_balance",
            alt=_("Images per class"),
        )
    with right:
        st.markdown(f"**{_('Brightness of the pixels')}**")
        edges, pixels = pixel_histogram(data.train, 17 if data.train.white == 16 else 16)
        chart(
            charts.brightness(edges, pixels, is_dark()),
            key="images_brightness",
            alt=_("Brightness of the pixels"),
        )


def _speed(data: ImageData, batch_size: int) -> None:
    """Measure on the spot: drawing minibatches alone, training on one alone."""
    again = st.button(_("Measure again"), key="images_measure", icon=":material/timer:")
    kept = st.session_state.get(_MEASURED)
    if again or kept is None or kept[0] != (data.name, len(data.train), batch_size):
        kept = ((data.name, len(data.train), batch_size), measure(data.train, data.n_classes, batch_size))
        st.session_state[_MEASURED] = kept
    reading, training = kept[1]
    labels = (_("minibatches read"), _("training steps"))
    head = [
        _("batch size {size}").format(size=batch_size),
        _("per second"),
        _("ms each"),
        _("images per second"),
    ]
    table(head, [
        [label, f"{rate:,.0f}", number(1000 / rate), f"{rate * min(batch_size, len(data.train)):,.0f}"]
        for label, rate in zip(labels, (reading, training), strict=True)
    ])  # fmt: skip
    chart(
        charts.rate_bars(dict(zip(labels, (reading, training), strict=True)), is_dark()),
        key="images_rates",
        alt=_("Minibatches read and training steps per second"),
    )
    share = 100 * training / (training + reading)
    if reading > training:
        st.markdown(
            _(
                "Reading (drawing random images and turning bytes into numbers) takes {share} of the time of an epoch: it is not the bottleneck."
            ).format(share=f"{share:.0f}%")
        )
    else:
        st.markdown(
            _(
                "Here reading takes {share} of the time of an epoch, more than training: such small batches are mostly bookkeeping."
            ).format(share=f"{share:.0f}%")
        )


def measure(
    images: Images, n_classes: int, batch_size: int, seconds: float = _SECONDS
) -> tuple[float, float]:
    """Return minibatches read per second and training steps per second; medians over passes of some batches."""
    theta = np.zeros((images.rows.shape[1] + 1, n_classes), np.float32)
    step = BatchStep(batch_size, n_classes)
    reading: list[float] = []
    training: list[float] = []
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline or not reading:
        source = minibatches(images, batch_size, np.random.default_rng(0))
        X, y = next(source)  # also pays for the permutation
        counted, began = 0, time.perf_counter()
        for _batch in source:
            counted += 1
            if counted >= 50:
                break
        reading.append(
            counted / (time.perf_counter() - began) if counted else 1 / _one_read(images, batch_size)
        )
        began = time.perf_counter()
        for _round in range(20):
            theta = theta - np.float32(0.1) * step.gradient(X, y, theta)
        training.append(20 / (time.perf_counter() - began))
    return statistics.median(reading), statistics.median(training)


def _one_read(images: Images, batch_size: int) -> float:
    """Return the seconds that one batch takes where it is the whole set."""
    began = time.perf_counter()
    for _batch in minibatches(images, batch_size, np.random.default_rng(0)):
        pass
    return time.perf_counter() - began
