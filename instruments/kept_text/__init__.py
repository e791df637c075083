"""A text that the reader has typed, kept in the reader's own browser, under a name of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from instruments.shared.bundle import component
from instruments.shared.values import sendable

LONGEST = 20_000  # characters


def kept_text(
    key: str, place: str, text: str, *, standard: str, ask: bool, found: Callable[[str], None]
) -> None:
    """Keep ``text`` from now on, and bring back what was kept in an earlier visit.

    Parameters
    ----------
    key
        The key of the component.
    place
        The name in the browser's storage.
    text
        What the page holds now. It is kept when it changes, so a text that a link has brought replaces nothing.
    standard
        The text that is not worth keeping.
    ask
        Whether ``found`` is to be called with what was kept, once, where it is another text.
    found
        Called before the script runs.
    """

    def take() -> None:
        sent = st.session_state[key].get("found")
        if isinstance(sent, str) and 0 < len(sent) <= LONGEST:
            with suppress(ValueError):  # a forged message
                found(sendable(sent))

    component("kept_text")(
        key=key, data={"place": place, "text": text, "standard": standard, "ask": ask}, on_found_change=take
    )
