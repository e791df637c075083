"""The panels of the Images page: the data before training, and what follows from a trained model."""

from __future__ import annotations

import base64
import io
import statistics
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st
from PIL import Image

from charts import images as charts
from charts.diagnostics import class_accuracy_bars
from instruments.chart import read_cell
from instruments.shared.session import message
from locales import _, translated
from softmax_core.functional import softmax
from softmax_core.images import ImageData, Images
from softmax_core.images.views import (
    class_counts,
    contributions,
    mean_images,
    model_logits,
    pixel_histogram,
)
from softmax_core.metrics import accuracy_per_class, confident_mistakes, confusion_matrix
from softmax_core.training import BatchStep, Epoch, minibatches
from ui import escape
from ui.frame import sharing
from ui.images.data import class_names
from ui.images.training import Model
from ui.widgets import controls, guesses
from ui.widgets.show import chart, class_mark, digits_of_sum, is_dark, number, percent, table

SETTINGS = ("look", "true", "guess", "image", "class", "same")
MOST_SHOWN = 24
ALL = "all"
PER_CLASS = 14
_ROUND = "_images_samples"
_MEASURED = "_images_speed"
_SECONDS = 0.4

Picture = npt.NDArray[Any]


def begin() -> None:
    """Name the settings of all panels. A link from when the data were the first panel opens them."""
    old = sharing.brings("images_look") and not sharing.brings("images_panel")
    if old and "images_panel" not in st.session_state:
        st.session_state["images_panel"] = "data"
    sharing.claim(*(f"images_{name}" for name in SETTINGS))


def publish() -> None:
    """Take the side of the data out of the link where they are not shown: see :func:`begin`."""
    if st.session_state.get("images_panel") != "data":
        sharing.publish("images_look", None)


def about_data(data: ImageData, batch_size: int) -> None:
    """Show the data from one side at a time."""
    sides = {
        "samples": _("Samples"), "means": _("Mean images"), "counts": _("Balance and brightness"),
        "speed": _("Reading speed"),
    }  # fmt: skip
    left, right = st.columns([3, 1], gap="small", vertical_alignment="center")
    with left:
        side = controls.segmented("images_look", _("Look at"), sides, "samples", label_visible=False)
    with right:
        if side == "samples":
            st.button(
                _("Other samples"), key="images_samples", on_click=_turn_over, icon=":material/shuffle:"
            )
    if side == "samples":
        _samples(data)
    elif side == "means":
        _means(data)
    elif side == "counts":
        _counts(data)
    else:
        _speed(data, batch_size)
    st.caption(_("Source: {source}.").format(source=translated(data.source)))


def _samples(data: ImageData) -> None:
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
            "The mean of all training images of a class. A template is something else: it also says where ink speaks **against** the class."
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
    setting = (data.name, len(data.train), batch_size)
    measured = st.session_state.get(_MEASURED)
    if again or measured is None or measured[0] != setting:
        measured = st.session_state[_MEASURED] = (setting, measure(data.train, data.n_classes, batch_size))
    reading, training = measured[1]
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
            ).format(share=f"{share:.0f} %")
        )
    else:
        st.markdown(
            _(
                "Here reading takes {share} of the time of an epoch, more than training: such small batches are mostly bookkeeping."
            ).format(share=f"{share:.0f} %")
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


def curves(run: Model, epoch: Epoch, guess: float | None = None) -> None:
    """Loss and accuracy over the epochs, beside the figures that books report; the accuracy that was guessed, in percent."""
    history = run.progress.history
    losses = {_("training"): [e.loss for e in history], _("test"): [e.test_loss for e in history]}
    shares = {_("training"): [e.accuracy for e in history], _("test"): [e.test_accuracy for e in history]}
    loss, accuracy = charts.epoch_curves(losses, shares, epoch.number, is_dark())
    if guess is not None:
        charts.lay_guess_over(accuracy, guess / 100, guesses.said(guess, 1) + " %", is_dark())
    left, right = st.columns(2)
    with left:
        chart(loss, key="images_loss", alt=_("Loss over the epochs"))
    with right:
        chart(accuracy, key="images_accuracy", alt=_("Accuracy over the epochs"))
    head = ["", _("training loss"), _("training accuracy"), _("test accuracy")]
    yours = _("yours after epoch {epoch}").format(epoch=epoch.number)
    rows = [[yours, number(epoch.loss), percent(epoch.accuracy), percent(epoch.test_accuracy)]]
    table(head, rows + _references(run.data.name, run.data.split), marked=0)


def _references(name: str, split: str) -> list[list[str]]:
    """Figures that others report; “about” because they depend on chance."""
    book = [
        _("d2l (Dive into Deep Learning): Fashion-MNIST, SGD, batch 256, rate 0.1, 10 epochs"),
        _("below 0.5"), "", _("about {share}").format(share="83 %"),
    ]  # fmt: skip
    if name == "mnist" and split == "test_only":
        return [[_("scikit-learn's LogisticRegression on this split of MNIST"), "", "", "91.4 %"], book]
    if name == "mnist":
        return [[_("a linear model on all of MNIST"), "", "", _("about {share}").format(share="92 %")], book]
    return [book]


def mistakes(run: Model, epoch: Epoch) -> None:
    """Confusion matrix, accuracy per class, and the images behind a cell."""
    test, names = run.data.test, class_names(run.data)
    P = softmax(model_logits(test, epoch.theta))
    guess = P.argmax(axis=1)
    counts = confusion_matrix(test.labels, guess, run.data.n_classes)
    options = {ALL: _("any"), **{str(k): name for k, name in enumerate(names)}}
    left, right = st.columns(2)
    with right, st.container(horizontal=True):
        true = controls.choice("images_true", _("True class"), options, ALL)
        predicted = controls.choice("images_guess", _("Predicted class"), options, ALL)
    cell = None if ALL in (true, predicted) else (int(true), int(predicted))
    with left:
        figure = charts.confusion(counts, names, cell, is_dark())
        chart(
            figure,
            key="images_confusion",
            alt=_("Confusion matrix of the test images"),
            on_click=partial(_cell_clicked, run.data.n_classes),
        )
        bars = class_accuracy_bars(accuracy_per_class(counts), counts.sum(axis=1), names, is_dark())
        bars.update_layout(height=320)
        chart(bars, key="images_class_accuracy", alt=_("Accuracy per class"))
    order = confident_mistakes(P, test.labels) if cell is None or cell[0] != cell[1] else _surest(P, guess)
    in_cell = [i for i in order if true in (ALL, str(test.labels[i])) and predicted in (ALL, str(guess[i]))]
    title = (
        _("{count} images, the surest first")
        if cell and cell[0] == cell[1]
        else _("{count} mistakes, the surest first")
    )
    first = in_cell[:MOST_SHOWN]
    captions = [
        f"{escape.html(names[test.labels[i]])} → {escape.html(names[guess[i]])}<br>{percent(P[i, guess[i]])}<br>{_('no. {i}').format(i=i)}"
        for i in first
    ]
    alts = [_("test image {i}").format(i=i) for i in first]
    with right:
        st.markdown(
            f"**{title.format(count=len(in_cell))}**"
            + ("" if cell else " · " + _("click a cell to see its images"))
        )
        gallery(list(test.features(first).reshape(-1, *test.size)), captions, alts)


def _surest(P: Any, guess: Any) -> Any:
    return np.argsort(-P[np.arange(len(P)), guess], kind="stable")


def _cell_clicked(n_classes: int) -> None:
    """A click on a cell chooses it; a click on the chosen one chooses all again."""
    cell = read_cell(message("images_confusion", "clicked"), n_classes)
    wanted = tuple(map(str, cell)) if cell else (ALL, ALL)
    chosen = st.session_state["images_true"], st.session_state["images_guess"]
    if wanted == chosen:
        wanted = ALL, ALL
    st.session_state["images_true"], st.session_state["images_guess"] = wanted


def one_image(run: Model, epoch: Epoch) -> None:
    """One test image: its logits as sums over pixels, shown as a picture of contributions, and its softmax."""
    test, names = run.data.test, class_names(run.data)
    left, middle, right = st.columns([1, 1.6, 2.4])
    with left:
        i = controls.number("images_image", _("Test image no."), 0, len(test) - 1, 0, 1)
        st.button(_("Next mistake"), key="images_next", on_click=_next_mistake, args=(run, epoch, i))
        x = test.features([i])[0].astype(np.float64)
        gallery(
            [x.reshape(test.size)],
            [_("true: {name}").format(name=escape.html(names[test.labels[i]]))],
            [_("test image {i}").format(i=i)],
        )
        options = {"winner": _("the winner"), **{str(k): name for k, name in enumerate(names)}}
        asked = controls.choice("images_class", _("Contributions to"), options, "winner")
        same = controls.toggle("images_same", _("Add the same picture to all ten templates"))
    picture = (
        np.nan_to_num(mean_images(run.data.train, run.data.n_classes)[0]).reshape(-1, 1) if same else 0.0
    )
    parts = contributions(x, epoch.W + picture)
    z = parts.sum(axis=0) + epoch.b.astype(np.float64)
    p = softmax(z)
    k = int(np.argmax(z)) if asked == "winner" else int(asked)
    with middle:
        title = _("What each pixel adds to the logit of {name}").format(name=names[k])
        st.markdown(f"**{title}**")
        limit = float(np.abs(parts).max())
        chart(
            charts.contribution_picture(parts[:, k], test.size, limit, is_dark()),
            key="images_parts",
            alt=title,
        )
        gain, loss = parts[:, k].clip(0).sum(), -parts[:, k].clip(None, 0).sum()
        digits = digits_of_sum([gain, -loss, float(epoch.b[k])], float(z[k]))
        st.caption(
            _("red {gain} − blue {loss} + bias {bias} = logit {z}").format(
                gain=number(gain, digits),
                loss=number(loss, digits),
                bias=number(float(epoch.b[k]), digits),
                z=number(z[k], digits),
            )
        )
    with right:
        head = ["", "Σ <i>x w</i>", "<i>b</i>", "<i>z</i>", "<i>p</i>"]
        rows = [
            [
                class_mark(c, names[c]),
                *(number(float(v)) for v in (parts[:, c].sum(), epoch.b[c], z[c], p[c])),
            ]
            for c in range(len(names))
        ]
        table(head, rows, marked=int(test.labels[i]), folds=False)
        st.caption(
            _(
                "The picture was added: every logit grew by the same number, no probability moved. Templates matter only relative to each other."
            )
            if same
            else _("Templates matter only relative to each other: try the switch “{name}”.").format(
                name=_("Add the same picture to all ten templates")
            )
        )


def _next_mistake(run: Model, epoch: Epoch, i: int) -> None:
    test = run.data.test
    wrong = np.flatnonzero(model_logits(test, epoch.theta).argmax(axis=1) != test.labels)
    later = wrong[wrong > i]
    if wrong.size:
        st.session_state["images_image"] = int(later[0] if later.size else wrong[0])


def address(ink: Picture) -> str:
    """Return a picture (height, width) of ink between 0 and 1 as a data address: dark on light, or the reverse."""
    share = np.clip(np.nan_to_num(ink), 0.0, 1.0)
    paper, full = (27.0, 236.0) if is_dark() else (255.0, 20.0)
    grey = np.rint(paper + share * (full - paper)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def gallery(pictures: Sequence[Picture], captions: Sequence[str], alts: Sequence[str]) -> None:
    """Show pictures in rows. Captions are HTML: whoever passes a user's text escapes it; ``alts`` are plain text."""
    figures = "".join(
        f'<figure><img src="{address(picture)}" alt="{escape.html(alt)}"><figcaption>{caption}</figcaption></figure>'
        for picture, caption, alt in zip(pictures, captions, alts, strict=True)
    )
    st.html(f'<div class="lab-gallery">{figures}</div>')


def strips(rows: Sequence[tuple[str, Picture, str]]) -> None:
    """Show one strip of images per row: its name (HTML), the images (n, height, width) of ink, a text for readers."""
    cells = "".join(
        f'<div class="name">{name}</div><img src="{address(_side_by_side(images))}" alt="{escape.html(alt)}">'
        for name, images, alt in rows
    )
    st.html(f'<div class="lab-strips">{cells}</div>')


def _side_by_side(images: Picture) -> Picture:
    """Join images (n, h, w) to one picture with a pixel of paper between them."""
    count, height, width = images.shape
    sheet = np.zeros((height, count * (width + 1)))
    for i, image in enumerate(images):
        sheet[:, i * (width + 1) : i * (width + 1) + width] = image
    return sheet
