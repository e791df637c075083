"""What all boards of the lessons do with a link, and what all say about a typed number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from instruments.shared.session import Boards
from locales import _
from ui.frame import sharing

State = TypeVar("State")


def state_from_link(
    boards: Boards[State], key: str, defaults: Mapping[str, object], read: Callable[[], State]
) -> State:
    """Return the state that the link describes; a board that this session has seen before shows it, too.

    Parameters
    ----------
    boards, key
        The board.
    defaults
        What each of its parameters means where the link leaves it out, by name without the key.
    read
        Reads the parameters one by one with :func:`ui.frame.sharing.read` and makes the state of them.
    """
    opened_anew = sharing.brings(*(f"{key}_{part}" for part in defaults))
    if opened_anew:  # what the link leaves out is the standard, and not what was on the board before
        for part, default in defaults.items():
            sharing.keep(f"{key}_{part}", default)
    state = read()
    if opened_anew and boards.current(key) is not None:
        boards.put(key, state)
    return state


def two_readings() -> str:
    """Return what every instrument says of a typed number such as 1,234."""
    return _(
        "“{text}” can mean {first} or {second}. Please write it without a separator for thousands and with a decimal point."
    )
