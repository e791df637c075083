"""A minibatch as matrices side by side, with their shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from charts.style import CLASS_COLORS
from locales import _
from softmax_core.functional import softmax
from softmax_core.metrics import accuracy
from softmax_core.validation import Float64Array, IntArray
from ui import escape
from ui.widgets.show import number

Cell = tuple[int, int]


def minibatch(
    X: Float64Array, W: Float64Array, b: Float64Array, y: IntArray, cell: Cell, names: Sequence[str]
) -> None:
    """Draw ``O = X W + b``, P, the predictions and the accuracy; ``cell`` of O is highlighted with its row and column."""
    i, k = cell
    n, d = X.shape
    classes = len(b)
    O = X @ W + b  # noqa: E741 - the name it has on the page
    P = softmax(O)
    predicted = O.argmax(axis=1)
    row, column = {(i, j) for j in range(d)}, {(j, k) for j in range(d)}
    spread = np.tile(b, (n, 1))
    short = [""] * classes  # their colours are enough where the columns are narrow
    parts = [
        _matrix("X", X, row, 2), _sign("·"), _matrix("W", W, column, 2, heads=short), _sign("+"),
        _matrix("b", spread, {(i, k)}, 2, ghost=True, shape=f"1 × {classes} → {n} × {classes}", heads=short), _sign("="),
        _matrix("O", O, {(i, k)}, 2, heads=names), _sign("→"), _matrix("P", P, {(i, k)}, 3, heads=names), _answers(predicted, y, names),
    ]  # fmt: skip
    st.html(f'<div class="lab-matrices">{"".join(parts)}</div>')
    right = int((predicted == y).sum())
    st.markdown(
        _("Accuracy: {right} of {n} right = **{share}**").format(
            right=right, n=n, share=number(accuracy(O, y))
        )
    )


def _sign(text: str) -> str:
    return f'<span class="sign">{text}</span>'


def _matrix(
    name: str,
    values: np.ndarray[tuple[int, ...], np.dtype[np.floating]],
    marked: set[Cell],
    digits: int,
    *,
    ghost: bool = False,
    shape: str = "",
    heads: Sequence[str] = (),
) -> str:
    """One matrix; with ``ghost`` all rows but the first are pale, because they are copies of it."""
    top = "".join(
        f'<th style="border-color:{CLASS_COLORS[k]}">{escape.html(text[:8]) or "&nbsp;"}</th>'
        for k, text in enumerate(heads)
    )
    rows = "".join(
        f'<tr class="{"ghost" if ghost and r else ""}">'
        + "".join(f'<td class="{"on" if (r, c) in marked else ""}">{number(float(v), digits)}</td>' for c, v in enumerate(line))
        + "</tr>"
        for r, line in enumerate(values)
    )  # fmt: skip
    size = shape or f"{values.shape[0]} × {values.shape[1]}"
    return (
        f"<figure><figcaption><i>{name}</i> <span>{size}</span></figcaption>"
        f"<table>{f'<tr>{top}</tr>' if heads else '<tr><th>&nbsp;</th></tr>'}{rows}</table></figure>"
    )


def _answers(predicted: IntArray, y: IntArray, names: Sequence[str]) -> str:
    rows = "".join(
        f'<tr class="{"right" if p == t else "wrong"}"><td>{escape.html(names[p])}</td>'
        f"<td>{escape.html(names[t])}</td><td>{'✓' if p == t else '✗'}</td></tr>"
        for p, t in zip(predicted, y, strict=True)
    )
    heads = f"<tr><th>{escape.html(_('prediction'))}</th><th>{escape.html(_('truth'))}</th><th></th></tr>"
    return f'<figure class="answers"><figcaption>&nbsp;</figcaption><table>{heads}{rows}</table></figure>'
