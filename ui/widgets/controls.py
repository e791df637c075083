"""Widgets whose value is part of the link.

Each takes a key `<page>_<name>`, which is also the URL parameter, and a default, which stays out of the URL.
Before a widget is mounted its value is made valid, wherever it came from: Streamlit raises an error for a session
value outside a slider's range or absent from the options, and a learner must not see one.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from softmax_core.numbers_text import read_number
from ui.frame import sharing
from ui.frame.sharing import Nearest

Number = TypeVar("Number", int, float)
T = TypeVar("T")

_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def slider(
    key: str,
    label: str,
    low: Number,
    high: Number,
    default: Number,
    step: Number,
    *,
    format: str | None = None,
    help: str | None = None,
    disabled: bool = False,
) -> Number:
    """A slider; whole numbers when `default` is an int."""
    return _numeric(
        st.slider, key, label, low, high, default, step=step, format=format, help=help, disabled=disabled
    )


def number(
    key: str,
    label: str,
    low: Number,
    high: Number,
    default: Number,
    step: Number,
    *,
    format: str | None = None,
    help: str | None = None,
    disabled: bool = False,
) -> Number:
    """A field to type a number into; whole numbers when `default` is an int."""
    return _numeric(
        st.number_input,
        key,
        label,
        low,
        high,
        default,
        step=step,
        format=format,
        help=help,
        disabled=disabled,
    )


def toggle(
    key: str, label: str, default: bool = False, *, help: str | None = None, disabled: bool = False
) -> bool:
    """A switch."""

    def parse(text: str) -> bool:
        if text.lower() not in _TRUTH:
            raise ValueError(text)
        return _TRUTH[text.lower()]

    _settle(key, label, default, parse, lambda value: value if isinstance(value, bool) else default)
    value: bool = st.toggle(label, key=key, help=help, disabled=disabled, persist_state="session")
    sharing.publish(key, None if value == default else str(value).lower())
    return value


def choice(
    key: str,
    label: str,
    options: Mapping[str, str],
    default: str,
    *,
    help: str | None = None,
    disabled: bool = False,
) -> str:
    """A drop-down list. `options` maps the code that stands in the URL to the translated name."""
    _settle_option(key, label, options, default)
    chosen = st.selectbox(
        label,
        list(options),
        format_func=lambda code: options.get(code, code),
        key=key,
        help=help,
        disabled=disabled,
        persist_state="session",
    )
    return _published_option(key, chosen, options, default)


def segmented(
    key: str,
    label: str,
    options: Mapping[str, str],
    default: str,
    *,
    help: str | None = None,
    disabled: bool = False,
    label_visible: bool = True,
) -> str:
    """A row of buttons of which one is down. `options` maps the code in the URL to the translated name."""
    _settle_option(key, label, options, default)
    chosen = st.segmented_control(
        label,
        list(options),
        format_func=lambda code: options.get(code, code),
        key=key,
        help=help,
        disabled=disabled,
        required=True,
        label_visibility="visible" if label_visible else "collapsed",
        persist_state="session",
    )
    return _published_option(key, chosen, options, default)


def select_slider(
    key: str,
    label: str,
    options: Sequence[float],
    default: float,
    *,
    format_func: Callable[[float], str] = str,
    help: str | None = None,
    disabled: bool = False,
) -> float:
    """A slider over uneven steps, such as learning rates. A value between two steps goes to the nearest."""

    def fit(value: Any) -> float:
        if not _is_number(value):
            return default
        # Clipped to the range first: all options are equally far from 1e308 in floating point.
        inside = min(max(value, min(options)), max(options))
        return min(options, key=lambda option: abs(option - inside))

    _settle(key, label, default, _parse_number(fit, whole=False), fit, format_func)
    chosen: float = st.select_slider(
        label,
        list(options),
        key=key,
        format_func=format_func,
        help=help,
        disabled=disabled,
        persist_state="session",
    )
    sharing.publish(key, None if chosen == default else _number_text(chosen))
    return chosen


def _numeric(
    widget: Callable[..., Any],
    key: str,
    label: str,
    low: Number,
    high: Number,
    default: Number,
    **options: Any,
) -> Number:
    kind = type(default)

    def fit(value: Any) -> Number:
        return kind(min(max(value, low), high)) if _is_number(value) else default

    _settle(key, label, default, _parse_number(fit, whole=kind is int), fit, _number_text)
    given = widget(
        label, min_value=kind(low), max_value=kind(high), key=key, persist_state="session", **options
    )
    value = fit(given)  # an emptied number field gives None
    sharing.publish(key, None if value == default else _number_text(value))
    return value


def _settle(
    key: str,
    label: str,
    default: T,
    parse: Callable[[str], T | Nearest[T]],
    fit: Callable[[Any], T],
    show: Callable[[T], str] = str,
) -> None:
    """Put a valid value for `key` into the session state."""
    value = fit(sharing.settled(key, default=default, parse=parse, label=label, show=show))
    # Assigning tells the browser to redraw the widget, so only what differs is assigned.
    if key not in st.session_state or not _same(st.session_state[key], value):
        st.session_state[key] = value


def _settle_option(key: str, label: str, options: Mapping[str, str], default: str) -> None:
    def parse(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    _settle(
        key,
        label,
        default,
        parse,
        lambda value: value if isinstance(value, str) and value in options else default,
        options.__getitem__,
    )


def _published_option(key: str, chosen: str | None, options: Mapping[str, str], default: str) -> str:
    code = chosen if chosen in options else default
    assert code is not None
    sharing.publish(key, None if code == default else code)
    return code


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


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and left == right


def _number_text(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
