"""An error about what a model is measured on: the accuracy on the sentences that it was trained on."""

from __future__ import annotations

from functools import cache

import numpy as np
import streamlit as st

from charts.losses import lines
from locales import _, among
from softmax_core.text import SHIPPED, TextConfig, learning_sizes, sentiment, try_out
from softmax_core.validation import Float64Array
from ui.slips.sides import sides
from ui.widgets import controls
from ui.widgets.formulas import tex
from ui.widgets.show import chart, is_dark

SIZES = learning_sizes(sentiment("en"))


@cache
def accuracies(code: str) -> Float64Array:
    """Return the accuracy on training and test sentences for each of `SIZES`, shape (sizes, 2)."""
    shares: Float64Array = try_out(sentiment(code), [(TextConfig(), n) for n in SIZES])[:, :2]
    return shares


def on_training(wrong: bool) -> None:
    """The share of right answers on the training set says what was remembered, not what was learned."""
    code = among(SHIPPED)
    n = int(controls.select_slider("slips_texts", _("Training sentences"), SIZES, SIZES[-3]))
    shares, held_back = accuracies(code), len(sentiment(code).test)
    train, test = shares[SIZES.index(n)]
    good, bad = sides(wrong)
    with good:
        st.latex(rf"\frac{{{round(test * held_back)}}}{{{held_back}}} = {tex(float(test))}")
        st.markdown(
            _("Counted on sentences that the model has never seen. More training sentences make it better.")
        )
    curves = {_("test"): shares[:, 1]}
    if bad:
        with bad:
            st.latex(rf"\frac{{{round(train * n)}}}{{{n}}} = {tex(float(train))}")
            st.markdown(_("Counted on the sentences that it was trained on. With few of them nearly every sentence has words of its own, so all are right, whatever was learned."))  # fmt: skip
    if wrong:
        curves[_("training")] = shares[:, 0]
    figure = lines(
        np.array(SIZES, dtype=float), curves, _("training sentences"), _("accuracy"), dark=is_dark()
    )
    chart(figure, key="slips_training_set", alt=_("Accuracy by the number of training sentences"))
