"""Widgets whose value is part of the link.

Each takes a key `<page>_<name>`, which is also the URL parameter, and a default, which stays out of the URL.
Before a widget is mounted its value is made valid, wherever it came from: Streamlit raises an error for a session
value outside a slider's range or absent from the options, and a learner must not see one.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import streamlit as st

from locales import _
from softmax_core.numbers_text import read_number, shortest
from ui import escape
from ui.frame import sharing
from ui.frame.sharing import Nearest

Number = TypeVar("Number", int, float)
T = TypeVar("T")

_shows: ContextVar[bool] = ContextVar("_shows", default=True)


@contextmanager
def shown(on: bool) -> Iterator[None]:
    """Within it controls are on the page only if ``on``; else they keep and return their values unseen."""
    token = _shows.set(on and _shows.get())
    try:
        yield
    finally:
        _shows.reset(token)


_unseen: ContextVar[list[tuple[str, str]] | None] = ContextVar("_unseen", default=None)


@contextmanager
def collect_unseen() -> Iterator[list[tuple[str, str]]]:
    """Collect what is in force unseen: label and value of each control that is not shown and not at its default."""
    found: list[tuple[str, str]] = []
    token = _unseen.set(found)
    try:
        yield found
    finally:
        _unseen.reset(token)


_TRUTH = {"true": True, "1": True, "false": False, "0": False}


Widget = Callable[..., Any]


def following(widget: Widget, number: int, start: str = "default") -> Widget:
    """Return ``widget`` for a value that an instrument sets too: a new widget for each ``number`` of its messages.

    With every message the browser sends what all widgets hold. One that has not heard of the instrument's last choice
    would send the choice before, and Python could not tell that from a click. ``start`` is the widget's own name for the
    value it begins with: one that is assigned is sent once, and a busy browser passes over it.
    """

    def mount(label: str, *, key: str, persist_state: str, **extra: Any) -> Any:
        value, last = st.session_state[key], f"{key}_following"
        before, begun, count = st.session_state.get(last, (None, None, 0))
        is_same = before == number and _same(st.session_state.get(f"{key}_{count}", value), value)
        if not (is_same and _allows(extra, begun)):
            begun, count = value, count + 1
        st.session_state[last] = (number, begun, count)
        own = f"{key}_{count}"

        def take() -> None:  # also called for widgets that are gone, which the browser does not know yet
            if st.session_state[last][2] == count:
                st.session_state[key] = st.session_state[own]

        with st.container(key=key):  # its name in styles stays
            return widget(label, key=own, on_change=take, **{start: begun}, **extra)

    return mount


def _allows(limits: Mapping[str, Any], value: Any) -> bool:
    """Whether a widget with these options or limits takes the value: they may be others than when it began with it."""
    if "options" in limits:
        return value in limits["options"]
    return "min_value" not in limits or bool(limits["min_value"] <= value <= limits["max_value"])


def slider(
    key: str,
    label: str,
    low: Number,
    high: Number,
    default: Number,
    step: Number,
    *,
    widget: Widget | None = None,
    **extra: Any,
) -> Number:
    """A slider; whole numbers when `default` is an int.

    ``extra`` goes to Streamlit's widget, as in all of these; ``widget`` takes its place, such as one of `ui.widgets.live`.
    """
    return _numeric(widget or st.slider, key, label, low, high, default, step=step, **extra)


def number(
    key: str,
    label: str,
    low: Number,
    high: Number,
    default: Number,
    step: Number,
    *,
    widget: Widget | None = None,
    **extra: Any,
) -> Number:
    """A field to type a number into; whole numbers when `default` is an int."""
    return _numeric(widget or st.number_input, key, label, low, high, default, step=step, **extra)


def toggle(key: str, label: str, default: bool = False, **extra: Any) -> bool:
    """A switch."""

    def parse(text: str) -> bool:
        if text.lower() not in _TRUTH:
            raise ValueError(text)
        return _TRUTH[text.lower()]

    def fit(value: Any) -> bool:
        return value if isinstance(value, bool) else default

    return _bound(st.toggle, key, label, default, parse, fit, write=lambda value: str(value).lower(), **extra)


def choice(
    key: str,
    label: str,
    options: Mapping[str, str],
    default: str,
    *,
    widget: Widget | None = None,
    **extra: Any,
) -> str:
    """A drop-down list. `options` maps the code that stands in the URL to the translated name."""
    return _one_of(widget or st.selectbox, key, label, options, default, **extra)


def listed(key: str, label: str, options: Mapping[str, str], default: str, **extra: Any) -> str:
    """A list of which one line is chosen; options as for `choice`."""
    return _one_of(st.radio, key, label, options, default, **extra)


def segmented(
    key: str,
    label: str,
    options: Mapping[str, str],
    default: str,
    *,
    label_visible: bool = True,
    widget: Widget | None = None,
    own_names: bool = False,
    **extra: Any,
) -> str:
    """A row of buttons of which one is down. `options` maps the code in the URL to the translated name.

    With ``own_names`` the names are a reader's: Streamlit takes what stands on these buttons for Markdown.
    """
    if own_names:
        extra["format_func"] = lambda code: escape.markdown(options.get(code, code))
    extra |= {"required": True, "label_visibility": "visible" if label_visible else "collapsed"}
    return _one_of(widget or st.segmented_control, key, label, options, default, **extra)


def panel(key: str, label: str, panels: Mapping[str, tuple[str, T]]) -> T:
    """A row of buttons for the part of a page to look at; the first is the default.

    `panels` maps the code in the URL to the translated name and what is returned where that button is down.
    """
    names = {code: name for code, (name, _part) in panels.items()}
    return panels[segmented(key, label, names, next(iter(names)), label_visible=False)][1]


def select_slider(
    key: str,
    label: str,
    options: Sequence[float],
    default: float,
    *,
    format_func: Callable[[float], str] = str,
    widget: Widget | None = None,
    **extra: Any,
) -> float:
    """A slider over uneven steps, such as learning rates. A value between two steps goes to the nearest."""

    def fit(value: Any) -> float:
        if not _is_number(value):
            return default
        # Clipped to the range first: all options are equally far from 1e308 in floating point.
        inside = min(max(value, min(options)), max(options))
        return min(options, key=lambda option: abs(option - inside))

    extra |= {"options": list(options), "format_func": format_func}
    parse = _parse_number(fit, whole=False)
    return _bound(widget or st.select_slider, key, label, default, parse, fit, format_func, shortest, **extra)


def download(
    label: str, data: bytes | str | Callable[[], bytes], name: str, kind: str, key: str, **extra: Any
) -> None:
    """Offer a file of this ``name`` and media type, without running the page again.

    As bytes where the page may run again by itself, as when an optimum arrives: Streamlit forgets a function before the click.
    """
    st.download_button(
        label, data, file_name=name, mime=kind, key=key, on_click="ignore", icon=":material/download:", **extra
    )  # fmt: skip


def _numeric(
    widget: Callable[..., Any],
    key: str,
    label: str,
    low: Number,
    high: Number,
    default: Number,
    **extra: Any,
) -> Number:
    kind = type(default)

    def fit(value: Any) -> Number:  # an emptied number field gives None
        return kind(min(max(value, low), high)) if _is_number(value) else default

    extra |= {"min_value": kind(low), "max_value": kind(high)}
    parse = _parse_number(fit, whole=kind is int)
    return _bound(widget, key, label, default, parse, fit, shortest, shortest, **extra)


def _one_of(
    widget: Callable[..., Any], key: str, label: str, options: Mapping[str, str], default: str, **extra: Any
) -> str:
    def fit(value: Any) -> str:
        return value if isinstance(value, str) and value in options else default

    def named(code: str) -> str:
        return options.get(code, code)

    extra = {"format_func": named, **extra, "options": list(options)}
    return _bound(widget, key, label, default, sharing.one_of(options), fit, named, **extra)


def _bound(
    widget: Callable[..., Any],
    key: str,
    label: str,
    default: T,
    parse: Callable[[str], T | Nearest[T]],
    fit: Callable[[Any], T],
    show: Callable[[T], str] = str,
    write: Callable[[T], str] = str,
    **extra: Any,
) -> T:
    """Mount a widget with the value of the link or the session, and publish what it returns.

    ``parse`` reads the link's text, ``fit`` makes any value a valid one, ``show`` writes it for the learner and
    ``write`` for the link.
    """
    before = st.session_state.get(key, _Absent)
    present = default if before is _Absent else before
    value = fit(sharing.settled(key, present, parse=parse, label=label, show=show))
    # Assigning tells the browser to redraw the widget, so only what differs is assigned.
    if not _same(before, value):
        st.session_state[key] = value
    unseen = _unseen.get()
    if _shows.get():
        value = fit(widget(label, key=key, persist_state="session", **extra))
    text = (_("on") if value else _("off")) if isinstance(value, bool) else show(value)
    if unseen is not None and value != default and not _shows.get():
        unseen.append((label, text))
    sharing.publish(key, None if value == default else write(value), (label, text))
    return value


def _parse_number(fit: Callable[[Any], T], whole: bool) -> Callable[[str], T | Nearest[T]]:
    def parse(text: str) -> T | Nearest[T]:
        value = read_number(text, whole)
        if value is None or text != text.strip():
            raise ValueError(text)
        allowed = fit(int(value) if whole and value.is_integer() else value)
        return allowed if allowed == value else Nearest(allowed)

    return parse


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


class _Absent:
    """Stands for the value of a control that has none yet."""


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and left == right
