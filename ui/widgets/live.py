"""Controls of our own that act while the hand moves them: sliders, and choices by small pictures.

Streamlit sends a slider's value only when it is let go. These take the place of a Streamlit widget in `ui.widgets.controls`
(``widget=live.slider``): link, session and limits are as for the others. The browser sends one message at a time, and the
next when Python has answered. The answer is sent with the control, so within `answered_last` all of them are mounted
after everything else: else each message would stop the script before the page has followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

from charts.style import CLASS_COLORS
from instruments.shared.bundle import component
from instruments.shared.session import message
from instruments.shared.values import is_whole
from locales import _
from ui.widgets.boards import two_readings

_waiting: ContextVar[list[Callable[[], None]] | None] = ContextVar("_waiting", default=None)

Picture = Mapping[str, Any]
"""``points``: [x, y, class] in a box of 33 by 20; or ``cells``: rows of class digits."""


@contextmanager
def answered_last() -> Iterator[None]:
    """Mount the controls within it at its end, each in its place."""
    waiting: list[Callable[[], None]] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for mount in waiting:
        mount()


def slider(
    label: str,
    *,
    key: str,
    persist_state: str,
    options: Sequence[float],
    format_func: Callable[[float], str] = str,
) -> Any:
    """Take the place of ``st.select_slider``."""

    def fit(value: Any) -> Any:
        return value if value in options else None

    stops = [*options]
    return _mount(
        "live_slider", key, fit, label=label, stops=stops, texts=list(map(format_func, stops)), typed=None
    )


def number(
    label: str,
    *,
    key: str,
    persist_state: str,
    min_value: float,
    max_value: float,
    step: float,
    stops: Sequence[float] = (),
) -> Any:
    """Take the place of ``st.number_input`` or ``st.slider``: a slider over ``stops``, and a field for any number within the limits."""
    kind, whole = type(min_value), isinstance(min_value, int)
    if not stops:
        count = round((max_value - min_value) / step)
        stops = [kind(round(min_value + i * step, 9)) for i in range(count + 1)]
    low, high = f"{min_value:,}", f"{max_value:,}"
    labels = {
        "refused": (
            _("“{text}” is not a whole number from {low} to {high}. Nothing has changed.")
            if whole
            else _("“{text}” is not a number from {low} to {high}. Nothing has changed.")
        ).replace("{low}", low).replace("{high}", high),
        "empty": _("Please write a number from {low} to {high}. Nothing has changed.").format(low=low, high=high),
        "two_readings": two_readings(),
    }  # fmt: skip
    return _mount(
        "live_slider", key, within(min_value, max_value), label=label, stops=list(stops), texts=[f"{stop:g}" for stop in stops],
        typed={"low": min_value, "high": max_value, "whole": whole}, labels=labels,
    )  # fmt: skip


def steps(
    label: str,
    *,
    key: str,
    persist_state: str,
    min_value: int,
    max_value: int,
    step: int,
    labels: Mapping[str, str],
) -> Any:
    """Take the place of ``st.number_input``: two buttons that lead on and back from 1 to ``max_value``.

    ``labels``: "back" and "on", the names of the buttons, and "at", which says {at} and {count}.
    """
    return _mount(
        "step_buttons", key, within(min_value, max_value), label=label, count=max_value, labels=dict(labels)
    )


def pictures(
    label: str,
    *,
    key: str,
    persist_state: str,
    options: Sequence[str],
    format_func: Callable[[str], str],
    pictures: Mapping[str, Picture],
) -> Any:
    """Take the place of ``st.selectbox``; an option without a picture has its name alone."""

    drawn = [{"code": code, "name": format_func(code), **pictures.get(code, {})} for code in options]
    return _mount("picture_choice", key, one_of(options), label=label, options=drawn, colors=CLASS_COLORS)


def one_of(options: Sequence[Any]) -> Callable[[Any], Any]:
    """Return what makes a value one of the options, or None."""

    def fit(value: Any) -> Any:
        return next(
            (option for option in options if type(value) in (int, float, str) and option == value), None
        )

    return fit


def within(low: float, high: float) -> Callable[[Any], Any]:
    """Return what makes a value a number of the type of ``low`` within limits, or None."""
    kind = type(low)

    def fit(value: Any) -> Any:
        if type(value) not in (int, float) or not low <= value <= high or kind(value) != value:
            return None
        return kind(value)

    return fit


def take(key: str, fit: Callable[[Any], Any]) -> None:
    """Take the value that the browser sent for the setting ``key``; ``fit`` returns None for what is none of its values."""
    sent = message(f"{key}_live") or {}
    given, count = fit(sent.get("value")), sent.get("number")
    if is_whole(count) and 0 < count < 2**53:
        st.session_state[f"{key}_taken"] = count
    if given is not None:  # else a forged message
        st.session_state[key] = given


def _catch_up(key: str, fit: Callable[[Any], Any]) -> None:
    """Take what the browser sent before this session knew the control, as after a lost server: nobody was told of it then."""
    count = (message(f"{key}_live") or {}).get("number")
    if not is_whole(count) or count <= st.session_state.get(f"{key}_taken", 0):
        return
    before = st.session_state[key]
    take(key, fit)
    if st.session_state[key] != before:
        st.rerun()


def _mount(name: str, key: str, fit: Callable[[Any], Any], **data: Any) -> Any:
    """Mount an instrument, or remember it for the end; return the present value of the setting ``key``."""
    value = st.session_state[key]
    place = st.container(key=f"{key}_place")

    def mount() -> None:
        with place:
            component(name)(
                key=f"{key}_live",
                data={"value": value, "taken": st.session_state.get(f"{key}_taken", 0), "labels": {}} | data,
                on_state_change=lambda: take(key, fit),
            )
        _catch_up(key, fit)

    waiting = _waiting.get()
    if waiting is None:
        mount()
    else:
        waiting.append(mount)
    return value
