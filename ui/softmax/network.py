"""Where softmax stands in a network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import streamlit as st

from charts.style import CLASS_COLORS
from instruments.logit_board import BoardState
from locales import _
from softmax_core.functional import softmax
from ui import escape
from ui.frame import frame
from ui.widgets.logit_board import shown_names
from ui.widgets.show import number, picture, share

NETWORK_WIDTH, NETWORK_ROW = 640, 40  # of the drawing, in its units


def last_layer(state: BoardState) -> None:
    """Show where softmax stands in a network."""
    z = np.array(state.shown)
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        _draw_network(z, softmax(z, temperature=state.temperature), shown_names(state))
    with right:
        _place()
    with frame.aside():
        _use()


def last_layer_words() -> None:
    """Show what is said beside the drawing, without its numbers."""
    _place()
    _use()


def _place() -> None:
    st.markdown(
        _(
            "Softmax belongs to the **last layer**: from the scores it makes shares that compete, because they add up to 1. Hidden layers use other functions, such as ReLU or tanh, where no unit competes with another."
        )
    )


def _use() -> None:
    st.markdown(
        _(
            "A softmax probability says how sure the model is, not how often it is right: 0.99 can be wrong far more often than once in a hundred. Measure that before you trust it."
        )
    )
    st.markdown(
        _(
            "Softmax regression alone sorts texts (which topic? spam or not?) and pictures; as a last layer softmax stands in almost every network that chooses one of several classes, also where a language model chooses the next word. John Bridle gave it its name around 1990."
        )
    )


def _draw_network(z: npt.NDArray[np.floating], p: npt.NDArray[np.floating], names: Sequence[str]) -> None:
    """Draw a small network: inputs, a hidden layer, the logits ``z`` (K,), and softmax with ``p`` (K,)."""
    count = len(z)
    height = max(4, count) * NETWORK_ROW + 48
    columns = {60: 3, 200: 4, 340: count}
    places = {x: [_height_of(i, n, height) for i in range(n)] for x, n in columns.items()}
    parts = [
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"/>'
        for x0, x1 in ((60, 200), (200, 340))
        for y0 in places[x0]
        for y1 in places[x1]
    ]
    lines = f'<g class="wire">{"".join(parts)}</g>'
    nodes = "".join(
        f'<circle class="unit" cx="{x}" cy="{y:.0f}" r="13"/>' for x in (60, 200) for y in places[x]
    )
    outputs = "".join(
        f'<circle cx="340" cy="{y:.0f}" r="17" fill="{CLASS_COLORS[k]}"/>'
        f'<text x="366" y="{y + 5:.0f}">{number(float(z[k]), 2)}</text>'
        f'<line class="wire" x1="420" y1="{y:.0f}" x2="440" y2="{y:.0f}"/>'
        f'<rect x="500" y="{y - 8:.0f}" width="{70 * float(p[k]):.1f}" height="16" fill="{CLASS_COLORS[k]}"/>'
        f'<text x="{506 + 70 * float(p[k]):.1f}" y="{y + 5:.0f}">{share(float(p[k]))} {escape.html(names[k])}</text>'
        for k, y in enumerate(places[340])
    )
    top, bottom = places[340][0] - 22, places[340][-1] + 22
    gate = (
        f'<rect class="gate" x="440" y="{top:.0f}" width="44" height="{bottom - top:.0f}" rx="8"/>'
        f'<text class="turned" transform="translate(467 {(top + bottom) / 2:.0f}) rotate(-90)">softmax</text>'
    )
    heads = "".join(
        f'<text class="head" x="{x}" y="18">{escape.html(text)}</text>'
        for x, text in (
            (60, _("input")),
            (200, _("hidden: ReLU, tanh")),
            (355, _("logits")),
            (530, _("probabilities")),
        )
    )
    title = escape.html(_("A network whose last layer is softmax"))
    picture(
        f'<svg class="lab-picture" viewBox="0 0 {NETWORK_WIDTH} {height}" role="img" aria-label="{title}">'
        f"{lines}{nodes}{outputs}{gate}{heads}</svg>"
    )


def _height_of(i: int, count: int, height: int) -> float:
    """Return where unit ``i`` of ``count`` stands in a drawing of that height."""
    return 24 + (height - 24) / 2 + (i - (count - 1) / 2) * NETWORK_ROW
