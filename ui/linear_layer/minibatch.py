"""The minibatch as the Linear layer page uses it: pictures of the learner's number, the learner's weights."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from charts.style import CLASS_COLORS
from instruments import minibatch
from instruments.grey_picture import GreyState
from instruments.minibatch import MinibatchState
from instruments.shared.session import message
from locales import _, once
from softmax_core.layers import grey_pictures
from ui.frame import frame, sharing
from ui.glossary import glossary
from ui.slips.links import slip_link
from ui.widgets.boards import Part, state_from_link, two_readings
from ui.widgets.formulas import where
from ui.widgets.grey_picture import species

# The prefix of its parameters, and so the key of the component.
KEY = "linear_layer"
PANEL = "linear_layer_panel"
STANDARD = MinibatchState()
PARAMETERS = ("n", "batch_seed", "row", "column")


def begin() -> None:
    """Name the parameters, which belong to this page while another panel is open. A link that brings one opens the panel."""
    named = any(sharing.brings(f"{KEY}_{name}") for name in PARAMETERS)
    if named and not sharing.brings(PANEL) and PANEL not in st.session_state:
        st.session_state[PANEL] = "batch"
    sharing.claim(*(f"{KEY}_{name}" for name in PARAMETERS))


def batch(state: GreyState) -> None:
    """Show a minibatch as matrices; one cell of Z is made of the row and the column that belong to it."""
    start = now = _from_link()
    if minibatch.boards.current(KEY) is not None:
        with suppress(ValueError):  # a forged message; the pictures are those of the last good state
            now = minibatch.boards.take(KEY, message(KEY))
        now = minibatch.boards.current(KEY) or now
    X, y = grey_pictures(now.n, now.seed)
    _reserve(now.n)
    minibatch.boards.mount(
        KEY, start, STANDARD, X=X.tolist(), y=y.tolist(), W=state.rows, b=list(state.b),
        names=species(), colors=CLASS_COLORS[:3], labels=_labels(),
    )  # fmt: skip
    with frame.aside():
        st.caption(
            _("A minibatch is a few pictures that go through the layer together, one a row of X. Every cell of Z is one row of X times one column of W. b has one row only: it is added to each of the {n} rows, which is called {broadcasting}. The accuracy is the part of the rows whose largest p stands at the true class; a tie is no hit.").format(n=now.n, broadcasting=glossary.term("broadcasting"))
        )  # fmt: skip
        where("z_ik", "pixel_j", "Wjk", "b", names=species())
        slip_link("number")


def _reserve(n: int) -> None:
    """Keep the place that the matrices will take, so that nothing below them jumps when they have been painted."""
    more = max(0, n - 6)
    st.html(
        f"<style>.st-key-{KEY} {{ min-height: {219 + 16.5 * more:.0f}px; }}"
        f"@container (max-width: 47.7rem) {{ .st-key-{KEY} {{ min-height: {619 + 57 * more}px; }} }}</style>"
    )


def _from_link() -> MinibatchState:
    """Return the minibatch that the link describes; each part that cannot be read falls back with a note."""
    parts = {
        "n": Part("n", int, _("Pictures n")),
        "batch_seed": Part("seed", int, _("Random batch no.")),
        "row": Part("row", int, _("Row of Z"), on_paper=None),
        "column": Part("column", int, _("Column of Z"), on_paper=None),
    }
    return state_from_link(minibatch.boards, KEY, STANDARD, parts)


@once
def _labels() -> dict[str, str]:
    return {
        "minibatch": _("A minibatch as a product of matrices"),
        "play": _("▶ Play"),
        "pause": _("Pause"),
        "step": _("One step"),
        "n": _("Pictures n"),
        "seed": _("Random batch no."),
        "another": _("Another batch"),
        "cell": _("Cell of Z: row {row}, {name}"),
        "prediction": _("prediction"),
        "truth": _("truth"),
        "tie": _("a tie"),
        "accuracy": _("Accuracy: {right} of {n} right = {share}"),
        "not_a_seed": _("“{text}” is not a number from 0 to 9999. The batch stayed as it was."),
        "two_readings": two_readings(),
    }
