"""Texts that the reader's own browser keeps under names, and gives back when they are asked for by name.

A new text is a new name, so a tab that goes on never changes what another tab has named. The oldest ones go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from instruments.shared.bundle import component
from instruments.shared.session import message
from instruments.shared.values import checked_message

MOST = 4_000_000
"""Characters of all texts together: browsers give a site some five million."""
LONG = 50_000
"""Characters from which on a text is sent once only: each run of the page would take a millisecond for so many."""

Found = dict[str, tuple[str, str]]
"""(name, text) by key."""


def keeper(
    *, key: str, keep: Mapping[str, tuple[str, str | None]], ask: Mapping[str, str], number: str, turn: int,
    found: Callable[[Found], None], taken: Callable[[set[str]], None],
) -> None:  # fmt: skip
    """Mount it; it has nothing to show.

    Parameters
    ----------
    key
        The key of the component.
    keep
        (name, text) by key: what the browser is to keep; None for a text that it has taken.
    ask
        Names by key: what the browser is asked for; an empty name for the newest one of the key.
    number
        Of the question; an answer to another one is not heard.
    turn
        How often something was asked: each time is answered once. Where only newest ones are asked for and there are none, it
        is not.
    found
        Called with the answer before the script runs.
    taken
        Called with the names of long texts that the browser has taken: they need not be sent again.
    """

    def hear() -> None:
        names = (message(key, "taken") or {}).get("names")
        if isinstance(names, list):
            taken({name for name in names if isinstance(name, str)})

    def take() -> None:
        answer = read_answer(message(key, "found"), number)
        if answer is not None:
            found(answer)

    things = [[of, name, text] for of, (name, text) in keep.items()]
    component("keeper")(
        key=key, data={"keep": things, "most": MOST, "long": LONG, "ask": dict(ask), "number": number, "turn": turn},
        on_found_change=take, on_taken_change=hear,
    )  # fmt: skip


def read_answer(sent: Any, number: str) -> Found | None:
    """Read what the browser sent, trusting nothing in it; None if it is no answer to this question."""
    try:
        with checked_message("an answer of the browser"):
            if sent["number"] != number:
                return None
            return {str(key): (str(name), str(text)) for key, (name, text) in sent["found"].items()}
    except ValueError:
        return None
