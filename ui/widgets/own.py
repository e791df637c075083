"""What a learner brought in a file, kept by the reader's own browser from then on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ui.frame import kept, sharing


@dataclass(frozen=True)
class Own:
    """The last usable data that the learner brought, and their text for the browser; None where it cannot keep them."""

    data: Any
    text: str | None


def store_own(parameter: str, own: Own) -> None:
    """Take what the learner has just brought."""
    st.session_state[f"_{parameter}"] = own


def say_in_link(parameter: str, is_own: bool, instead: str) -> None:
    """Say in the link whether the page is to show what the learner brought: ``instead`` tells them that it is not in the link."""
    sharing.claim(parameter)
    sharing.offer(parameter, (lambda: "") if is_own else None, instead=instead)
    if not is_own:
        sharing.publish(parameter, kept.keep(parameter, None))


def load_own(parameter: str, read: Callable[[str], Any], label: str) -> Own | None:
    """Return what was brought now or in an earlier visit; the address names it from now on.

    ``read`` makes the data of a text that the browser has kept, or raises a ValueError.
    """

    def checked(text: str) -> str:
        read(text)
        return text

    own: Own | None = st.session_state.get(f"_{parameter}")
    text = sharing.read(parameter, checked, "", label)
    if not text and own is None and not sharing.names(parameter):
        text = kept.newest(parameter) or ""
    if text:
        with suppress(ValueError):
            own = Own(read(text), text)
            store_own(parameter, own)
        sharing.keep(parameter, "")
    sharing.publish(parameter, None if own is None else kept.keep(parameter, own.text))
    return own
