"""The panel of the hidden units: what each of them looks at, and which class it speaks for."""

from __future__ import annotations

import numpy as np
import streamlit as st

from locales import _
from ui import escape
from ui.training.session import Run
from ui.training.stage import feature_names
from ui.widgets.show import class_mark, number, table


def units(run: Run, step: int) -> None:
    """The weights of every hidden unit at the playhead: those that come in, and those that go out to the classes."""
    path = run.trajectory
    if not path.hidden:
        st.markdown(
            _("There is no hidden unit: the scores come straight from *x*, and the border between two classes is a straight line. Give the network some units above.")
        )  # fmt: skip
        return
    first = path.hidden[0]
    W, b, out = first.W[step], first.b[step], path.W[step]
    inputs = [f"<i>w</i>: {escape.html(name)}" for name in feature_names(run.data)]
    classes = [f"→ {class_mark(k, str(k))}" for k in range(out.shape[1])]
    rows = [
        [_("unit {n}").format(n=j + 1), *(number(round(float(w), 2), 2) for w in (*W[:, j], b[j], *out[j]))]
        for j in range(W.shape[1])
    ]
    table(["", *inputs, "<i>b</i>", *classes], rows, folds=False)
    strongest = int(np.abs(out - out.mean(axis=1, keepdims=True)).sum(axis=1).argmax())
    st.markdown(
        _("Each unit draws one straight line, where its *z* = *w*·*x* + *b* is 0. On one side *z* is positive, on the other negative. The weights behind → say how much it adds to the score of each class. At step {step}, **unit {unit}** makes the largest difference between the classes.").format(
            step=step, unit=strongest + 1
        )
    )  # fmt: skip
    st.caption(_("*x* is standardised here: mean 0 and standard deviation 1 on the training points."))
