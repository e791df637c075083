"""What follows from a trained model on the Images page: curves, mistakes, one image taken apart."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import streamlit as st

from charts import images as charts
from charts.style import CONFIG
from locales import _
from softmax_core.functional import softmax
from softmax_core.images.views import confident_mistakes, contributions, model_logits
from softmax_core.metrics import confusion_matrix
from softmax_core.training import Epoch
from ui.images.data import class_names
from ui.images.show import gallery
from ui.images.training import Model
from ui.widgets import controls
from ui.widgets.show import chart, class_mark, is_dark, number, table

MOST_SHOWN = 24
ALL = "all"


def curves(run: Model, epoch: Epoch) -> None:
    """Loss and accuracy over the epochs, beside the figures that books report."""
    history = run.progress.history
    losses = {_("training"): [e.loss for e in history], _("test"): [e.test_loss for e in history]}
    shares = {_("training"): [e.accuracy for e in history], _("test"): [e.test_accuracy for e in history]}
    loss, accuracy = charts.epoch_curves(losses, shares, epoch.number, is_dark())
    left, right = st.columns(2)
    with left:
        chart(loss, key="images_loss", alt=_("Loss over the epochs"))
    with right:
        chart(accuracy, key="images_accuracy", alt=_("Accuracy over the epochs"))
    head = ["", _("training loss"), _("training accuracy"), _("test accuracy")]
    yours = _("yours after epoch {epoch}").format(epoch=epoch.number)
    rows = [[yours, number(epoch.loss), f"{epoch.accuracy:.1%}", f"{epoch.test_accuracy:.1%}"]]
    table(head, rows + _references(run.data.name, run.data.split), marked=0)


def _references(name: str, split: str) -> list[list[str]]:
    """Figures that others report; “about” because they depend on chance."""
    book = [
        _("d2l (Dive into Deep Learning): Fashion-MNIST, SGD, batch 256, rate 0.1, 10 epochs"),
        _("below 0.5"), "", _("about {share}").format(share="83%"),
    ]  # fmt: skip
    if name == "mnist" and split == "test_only":
        return [[_("scikit-learn's LogisticRegression on this split of MNIST"), "", "", "91.4%"], book]
    if name == "mnist":
        return [[_("a linear model on all of MNIST"), "", "", _("about {share}").format(share="92%")], book]
    return [book]


def mistakes(run: Model, epoch: Epoch) -> None:
    """Confusion matrix, accuracy per class, and the images behind a cell."""
    test, names = run.data.test, class_names(run.data)
    P = softmax(model_logits(test, epoch.theta))
    guess = P.argmax(axis=1)
    counts = confusion_matrix(test.labels, guess, run.data.n_classes)
    options = {ALL: _("any"), **{str(k): name for k, name in enumerate(names)}}
    left, right = st.columns([3, 2])
    with right:
        true = controls.choice("images_true", _("True class"), options, ALL)
        predicted = controls.choice("images_guess", _("Predicted class"), options, ALL)
    cell = None if ALL in (true, predicted) else (int(true), int(predicted))
    with left:
        st.plotly_chart(
            charts.confusion(counts, names, cell, is_dark()), key="images_confusion", theme=None, config=CONFIG,
            on_select=_cell_clicked, selection_mode="points", alt=_("Confusion matrix of the test images"),
        )  # fmt: skip
    with right:
        with np.errstate(all="ignore"):
            shares = np.diag(counts) / counts.sum(axis=1)
        chart(
            charts.class_accuracy(shares, names, is_dark()),
            key="images_class_accuracy",
            alt=_("Accuracy per class"),
        )
    order = confident_mistakes(P, test.labels) if cell is None or cell[0] != cell[1] else _surest(P, guess)
    kept = [i for i in order if true in (ALL, str(test.labels[i])) and predicted in (ALL, str(guess[i]))]
    title = (
        _("{count} images, the surest first")
        if cell and cell[0] == cell[1]
        else _("{count} mistakes, the surest first")
    )
    st.markdown(
        f"**{title.format(count=len(kept))}**" + ("" if cell else " · " + _("click a cell to see its images"))
    )
    shown = kept[:MOST_SHOWN]
    captions = [
        f"{html.escape(names[test.labels[i]])} → {html.escape(names[guess[i]])}<br>{_('no. {i}').format(i=i)} · {P[i, guess[i]]:.0%}"
        for i in shown
    ]
    alts = [_("test image {i}").format(i=i) for i in shown]
    gallery(list(test.features(shown).reshape(-1, *test.size)), captions, alts)


def _surest(P: Any, guess: Any) -> Any:
    return np.argsort(-P[np.arange(len(P)), guess], kind="stable")


def _cell_clicked() -> None:
    """A click on a cell chooses it; a click beside the cells chooses all again."""
    points = st.session_state["images_confusion"]["selection"]["points"]
    cell = (str(int(points[0]["y"])), str(int(points[0]["x"]))) if points else (ALL, ALL)
    st.session_state["images_true"], st.session_state["images_guess"] = cell


def one_image(run: Model, epoch: Epoch) -> None:
    """One test image: its logits as sums over pixels, shown as a picture of contributions, and its softmax."""
    test, names = run.data.test, class_names(run.data)
    left, middle, right = st.columns([1, 1.7, 2])
    with left:
        i = controls.number("images_image", _("Test image no."), 0, len(test) - 1, 0, 1)
        st.button(_("Next mistake"), key="images_next", on_click=_next_mistake, args=(run, epoch, i))
    x = test.features([i])[0].astype(np.float64)
    parts = contributions(x, epoch.W)
    z = parts.sum(axis=0) + epoch.b.astype(np.float64)
    p = softmax(z)
    with left:
        gallery(
            [x.reshape(test.size)],
            [_("true: {name}").format(name=html.escape(names[test.labels[i]]))],
            [_("test image {i}").format(i=i)],
        )
        options = {"winner": _("the winner"), **{str(k): name for k, name in enumerate(names)}}
        asked = controls.choice("images_class", _("Contributions to"), options, "winner")
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
        st.caption(
            _("red {gain} − blue {loss} + bias {bias} = logit {z}").format(
                gain=number(gain, 2),
                loss=number(loss, 2),
                bias=number(float(epoch.b[k]), 2),
                z=number(z[k], 2),
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
        table(head, rows, marked=int(test.labels[i]))


def _next_mistake(run: Model, epoch: Epoch, i: int) -> None:
    test = run.data.test
    wrong = np.flatnonzero(model_logits(test, epoch.theta).argmax(axis=1) != test.labels)
    later = wrong[wrong > i]
    if wrong.size:
        st.session_state["images_image"] = int(later[0] if later.size else wrong[0])
