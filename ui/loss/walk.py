"""Gradient steps on the logits themselves: p approaches y, and a link can repeat the steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import streamlit as st

from charts.losses import walk_lines
from charts.runs import loss_chart
from charts.simplex import simplex
from instruments import loss_curve
from instruments.logit_board import BoardState
from instruments.loss_curve import CurveState
from instruments.shared.values import numbers
from locales import _, joined
from softmax_core.functional import softmax
from softmax_core.losses import soft_cross_entropy_per_sample
from softmax_core.validation import Float64Array
from ui import escape
from ui.frame import frame, sharing
from ui.frame.present import pressed_by
from ui.loss.board import BOARD
from ui.widgets import controls
from ui.widgets.formulas import letter, of_class, signed, tex, where
from ui.widgets.logit_board import shown_names
from ui.widgets.show import chart, is_dark, number, rate_text

ETA, SLOT = "loss_eta", "loss_walk_slot"
RATES = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0]
MOST_STEPS = 200
HEIGHT = 205  # of a chart, in pixels


@dataclass(frozen=True)
class Walk:
    """Where a walk began and how many steps it has taken; the rest follows from target and rate."""

    begin: tuple[float, ...]
    taken: int = 0

    def path(self, y: Float64Array, eta: float) -> Float64Array:
        """Return the logits before every step and after the last, shape (taken + 1, K)."""
        rows = [np.array(self.begin)]
        for _step in range(self.taken):
            rows.append(np.round(rows[-1] - eta * (softmax(rows[-1]) - y), 6))
        return np.array(rows)


def walk_from_link() -> None:
    """Read the walk that the link describes, once per visit."""
    opened_anew = sharing.brings("loss_from", "loss_taken")
    nowhere: tuple[float, ...] = ()
    begin = sharing.read("loss_from", _logits, nowhere, _("start of the walk"), longest=400)
    taken = sharing.read("loss_taken", sharing.whole(0, MOST_STEPS), 0, _("steps taken"))
    if begin and (opened_anew or SLOT not in st.session_state):
        st.session_state[SLOT] = Walk(begin, taken)


def _logits(text: str) -> tuple[float, ...]:
    return BoardState().with_logits(numbers(text)).logits


def walk_now(state: BoardState) -> Walk | None:
    """Return the walk whose end the board shows, or None where the board was changed since."""
    stored = st.session_state.get(SLOT)
    if not isinstance(stored, Walk) or len(stored.begin) != len(state.logits):
        return None
    path = stored.path(np.array(state.targets), float(st.session_state.get(ETA, 1.0)))
    return stored if np.allclose(path[-1], state.logits, rtol=1e-9, atol=1e-5) else None


def forget() -> None:
    """Let the next walk begin where the board stands."""
    st.session_state.pop(SLOT, None)


def _present(state: BoardState, eta: float) -> tuple[Walk, Float64Array]:
    """Return the walk and its path: a new walk, from the present logits, where the board was changed since."""
    present = walk_now(state)
    if present is None:
        present = st.session_state[SLOT] = Walk(state.logits)
    return present, present.path(np.array(state.targets), eta)


def walk(state: BoardState, most: int | None = None, enough: float = 1.0) -> None:
    """Take gradient steps on the logits and show the way that p goes.

    An open goal of ``most`` steps to a p above ``enough`` has them counted.
    """
    y, names = np.array(state.targets), shown_names(state)
    left, middle, right = st.columns([7, 5, 5], gap="small")
    with left, st.container(gap="xxsmall"):
        eta = controls.select_slider(ETA, _("Learning rate η"), RATES, 1.0, format_func=rate_text)
        present, path = _present(state, eta)
        full, none = present.taken >= MOST_STEPS, present.taken == 0
        with st.container(horizontal=True, gap="xsmall"):
            st.button(
                _("One step"),
                key=pressed_by("ArrowRight", "loss_one"),
                type="primary",
                disabled=full,
                on_click=_move,
                args=(1,),
            )
            if most is None:  # a goal of few steps is not walked by tens
                st.button(
                    _("Ten steps"),
                    key=pressed_by("Space", "loss_ten"),
                    disabled=full,
                    on_click=_move,
                    args=(10,),
                )
            st.button(
                _("Back to the start"),
                key=pressed_by("ArrowLeft", "loss_again"),
                disabled=none,
                on_click=_move,
                args=(-MOST_STEPS,),
            )
        if most is not None:
            st.caption(
                _count_of(
                    present.taken, most, float(softmax(path[-1])[state.target]), enough, names[state.target]
                )
            )
        st.latex(r"z \leftarrow z - \eta\,(p - y)")
        _next_step(np.array(state.logits), y, eta, int(np.argmax(y)))
    P = softmax(path)
    with middle:
        if len(y) == 3:
            figure = simplex(P[-1], y, names, is_dark(), path=P)
            chart(
                figure.update_layout(height=HEIGHT), key="loss_triangle", alt=_("The way of p to y in the triangle")
            )  # fmt: skip
        else:
            losses = soft_cross_entropy_per_sample(path, np.tile(y, (len(path), 1)))
            figure = loss_chart({_("loss"): losses}, present.taken, dark=is_dark())
            chart(figure.update_layout(height=HEIGHT), key="loss_falls", alt=_("The loss over the steps"))
    with right:
        chart(
            walk_lines(P, y, names, is_dark(), HEIGHT),
            key="loss_lines",
            alt=_("The probabilities over the steps, and their targets"),
        )
    sharing.keep("loss_from", present.begin)
    sharing.keep("loss_taken", present.taken)
    sharing.publish("loss_from", None if none else "~".join(repr(z) for z in present.begin))
    sharing.publish(
        "loss_taken", None if none else str(present.taken), (_("steps taken"), str(present.taken))
    )
    with frame.aside():
        where("z", "p", "y", "eta", names=names)


def _count_of(taken: int, most: int, p: float, enough: float, name: str) -> str:
    """Return how far the goal's steps have gone, and where they were not enough what to change."""
    if taken > most:
        return _("More than {count} steps. Go back to the start.").format(count=most)
    if taken < most or p > enough:
        return _("Step {at} of {count}").format(at=taken, count=most)
    return joined(
        _("Step {at} of {count}.").format(at=taken, count=most),
        _("*p* of {name} is {p}, not above {enough}: go back to the start and choose a larger learning rate.").format(
            name=escape.markdown(name), p=number(p), enough=f"{enough:g}"
        ),
    )  # fmt: skip


def _next_step(z: Float64Array, y: Float64Array, eta: float, k: int) -> None:
    p = float(softmax(z)[k])
    gap = p - float(y[k])
    st.latex(
        rf"{letter('z', k)} \leftarrow {of_class(k, tex(float(z[k]), 2))} - {rate_text(eta)} \cdot {signed(gap)}"
        rf" = {of_class(k, tex(float(z[k]) - eta * gap, 2))}"
    )


def _move(steps: int) -> None:
    state = loss_curve.current(BOARD)
    stored = st.session_state.get(SLOT)
    if state is None or not isinstance(stored, Walk):
        return
    moved = Walk(stored.begin, min(max(stored.taken + steps, 0), MOST_STEPS))
    end = moved.path(np.array(state.targets), float(st.session_state.get(ETA, 1.0)))[-1]
    st.session_state[SLOT] = moved
    loss_curve.put(BOARD, cast(CurveState, state.with_logits(end.tolist())))
