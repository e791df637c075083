"""The one protocol between Python and a board in the browser.

Python sends a state with a revision. The board takes the state when the revision is a new one, and from then on sends
back what the learner made of it, with that revision. A message with an older revision is late and is dropped, so a
preset wins over earlier changes. A message from the middle of a drag says so, and one more follows when the hand rests. The browser alone writes a board's parameters into the address; Python reads them
when the page is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast, get_args, get_type_hints

import streamlit as st

from instruments.shared.bundle import component
from instruments.shared.values import checked_message, sendable

State = TypeVar("State")
"""A frozen dataclass whose fields are numbers, texts or tuples of them."""


def message(key: str, name: str = "state") -> Mapping[str, Any] | None:
    """Return the last message ``name`` that the instrument ``key`` sent, unchecked, or None."""
    value = st.session_state.get(key)
    sent = value.get(name) if isinstance(value, Mapping) else None
    return sent if isinstance(sent, Mapping) else None


_READERS: Mapping[Any, Callable[[Any], Any]] = {str: sendable}  # what a type itself does not refuse
_DRAGGED = "boards_dragged"  # the keys of the boards whose last message came in the middle of a drag


def at_rest() -> bool:
    """Whether no board is being dragged: what it shows in a drag is only passed through."""
    return not st.session_state.get(_DRAGGED)


def forget_drags() -> None:
    """Forget who was being dragged, as when a page is opened: a board that is mounted on it says so again."""
    st.session_state.pop(_DRAGGED, None)


@dataclass
class _Slot(Generic[State]):
    """One board in one session."""

    state: State
    revision: int = 0  # counts the states that Python has put
    mounted: State | None = None  # the state in the data of the component
    mounted_revision: int = -1


class Boards(Generic[State]):
    """All boards of one kind.

    Parameters
    ----------
    name
        The folder of the instrument.
    kind
        The class of its state, which refuses bad values with a ValueError.
    data
        What the browser always needs besides the state, such as limits.
    """

    def __init__(self, name: str, kind: type[State], **data: Any) -> None:
        self._name = name
        self._kind = kind
        hints = get_type_hints(kind)
        # Name, type, and what is in it: (float, ...) of a tuple of numbers.
        self._fields = [(field, hint, get_args(hint)) for field, hint in hints.items()]
        self._data = data

    def read(self, sent: Mapping[str, Any]) -> State:
        """Read a state that the browser sent. Whoever can open the page can send anything, so it is checked here.

        Raises
        ------
        ValueError
            If it is not a state.
        """
        fields: dict[str, Any] = {}
        with checked_message(f"the state of a {self._name}"):
            for name, kind, inner in self._fields:
                one = inner[0] if inner else kind
                read = _READERS.get(one, one)
                value = sent[name]
                if inner and isinstance(value, str):  # a list of letters: of megabytes it would take seconds
                    raise TypeError(f"{name} is a text")
                fields[name] = tuple(map(read, value)) if inner else read(value)
        return self._kind(**fields)

    def put(self, key: str, state: State) -> None:
        """Show ``state`` on the board ``key`` from the next rerun on, whatever it showed before (for presets)."""
        slot = self._slot(key, state)
        slot.state = state
        slot.revision += 1

    def current(self, key: str) -> State | None:
        """Return what the board ``key`` showed last in this session, or None where it has not been mounted."""
        name = f"{key}_slot"
        return cast(_Slot[State], st.session_state[name]).state if name in st.session_state else None

    def take(self, key: str, sent: Mapping[str, Any] | None) -> State:
        """Take the state that the browser sent, where it answers the last one that was put; return the present state.

        Raises
        ------
        ValueError
            If what was sent is not a state.
        """
        slot = cast(_Slot[State], st.session_state[f"{key}_slot"])
        dragged: set[str] = st.session_state.setdefault(_DRAGGED, set())
        dragged.discard(key)
        if sent is not None and sent.get("revision") == slot.revision:
            slot.state = self.read(sent)
            if sent.get("resting") is False:
                dragged.add(key)
        return slot.state

    def mount(
        self,
        key: str,
        start: State,
        standard: State,
        *,
        on_change: Callable[[], None] = lambda: None,
        **data: Any,
    ) -> State:
        """Mount the board ``key`` and return the state it shows.

        Parameters
        ----------
        key
            The key of the component and the prefix of its parameters in the address, which the browser writes.
        start
            What to show when this session has not seen the board yet.
        standard
            What Reset returns to, and what is left out of the address.
        on_change
            Called before the script runs when the browser has sent a state.
        data
            What else the browser needs: names, colours, texts.
        """
        slot = self._slot(key, start)
        sent = message(key)
        with suppress(ValueError):  # a forged message; the last good state stays
            self.take(key, sent)
        if sent is None or slot.mounted is None or slot.mounted_revision != slot.revision:
            # Otherwise the data must stay equal during a drag: Streamlit sends changed data again.
            slot.mounted, slot.mounted_revision = slot.state, slot.revision
        component(self._name)(
            key=key,
            data={
                "revision": slot.revision,
                "state": vars(slot.mounted),
                "standard": vars(standard),
                "prefix": key,
            }
            | self._data
            | data,
            on_state_change=on_change,
        )
        if (
            sent is None and message(key) is not None
        ):  # sent before this session knew the board, as after a lost server
            before = slot.state
            with suppress(ValueError):
                self.take(key, message(key))
            if slot.state != before:
                st.rerun()
        return slot.state

    def _slot(self, key: str, state: State) -> _Slot[State]:
        """Return the slot of the board ``key``; a new one holds ``state``."""
        return cast(_Slot[State], st.session_state.setdefault(f"{key}_slot", _Slot(state)))
