"""What all boards of the lessons do with a link, and what all say about a typed number."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from instruments.shared.session import Boards
from locales import _
from ui.frame import sharing

State = TypeVar("State")


@dataclass(frozen=True)
class Part:
    """One parameter of a board in the link.

    Parameters
    ----------
    field
        The field of the state that it gives.
    parse
        Reads its text, or raises a ValueError.
    label
        What a note calls it, in the reader's language.
    longest
        So many characters are read.
    put
        ``put(state, value)`` is the state with that value; the field alone is replaced if not given.
    on_paper
        What the page on paper says for its texts, where that is something else; None: it does not name this part.
    """

    field: str
    parse: Callable[[str], Any]
    label: str
    longest: int = sharing.LONGEST_VALUE
    put: Callable[[Any, Any], Any] | None = None
    on_paper: Mapping[str, str] | None = dataclasses.field(default_factory=dict)

    def state(self, state: Any, value: Any) -> Any:
        """Return ``state`` with ``value``, or raise a ValueError where they do not go together."""
        return self.put(state, value) if self.put else replace(state, **{self.field: value})


def state_from_link(boards: Boards[State], key: str, standard: State, parts: Mapping[str, Part]) -> State:
    """Return the state that the link describes; a board that this session has seen before shows it, too.

    Each of the ``parts``, by name without the key, is read in turn; one that cannot be read falls back to the
    ``standard`` with a note.
    """
    opened_anew = sharing.brings(*(f"{key}_{name}" for name in parts))
    state = standard
    for name, part in parts.items():
        if part.on_paper is not None:
            sharing.name_on_paper(f"{key}_{name}", part.label, part.on_paper)
        default = getattr(standard, part.field)
        if opened_anew:  # what the link leaves out is the standard, and not what was on the board before
            sharing.keep(f"{key}_{name}", default)

        def parse(text: str, part: Part = part, before: State = state) -> Any:
            return getattr(part.state(before, part.parse(text)), part.field)

        value = sharing.read(f"{key}_{name}", parse, default, part.label, part.longest)
        with suppress(ValueError):  # a standard for another number of classes
            state = cast(State, part.state(state, value))
    if opened_anew and boards.current(key) is not None:
        boards.put(key, state)
    return state


def two_readings() -> str:
    """Return what every instrument says of a typed number such as 1,234."""
    return _(
        "“{text}” can mean {first} or {second}. Please write it without a separator for thousands and with a decimal point."
    )
