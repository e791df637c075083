"""What is too long or too private for an address is kept by the reader's browser, and the address names it.

``training_own=kept.5f2a...`` names a table by the digest of its text. When the page is opened the browser is asked for it
before anything else is shown, and then it is read as if the link itself had brought it, by the same rules. So a reload, the
same address in another tab and another server go on with it. A link opens what it says wherever it is opened; only where it
asks for own data and names none, the browser brings its newest. Another browser does not have it: a note says so.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import streamlit as st

from instruments.keeper import MOST, Found, keeper
from locales import _, joined
from ui.frame.run_cache import drop_cached, session_value

LONGEST = 1_500_000
"""Characters of one text; a longer one is not kept."""
_NAME = re.compile(r"kept\.[0-9a-f]{24}", re.ASCII)


@dataclass
class _Kept:
    """What this session has to do with the reader's browser.

    ``things`` are (name, text) by key, what the browser is to keep of the present page; ``asked`` are names by key, which it
    has not answered; ``turn`` counts how often it was asked; ``found`` are its answers by key and name, until they are read;
    ``tried`` are keys whose newest was asked for; ``taken`` are names of long texts that it has.
    """

    session: str = field(default_factory=lambda: secrets.token_hex(4))
    things: dict[str, tuple[str, str]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    turn: int = 0
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)


def _kept() -> _Kept:
    return session_value("_kept", _Kept)


def name_of(text: str) -> str:
    """Return what an address calls a text.

    Examples
    --------
    >>> name_of("x,y,class")
    'kept.36b5aca2d8d7ad2f72e0ae05'
    """
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12)
    return f"kept.{digest.hexdigest()}"


def is_name(text: str) -> bool:
    """Whether a parameter of an address names something that the browser keeps."""
    return _NAME.fullmatch(text) is not None


def begin(parameters: Mapping[str, str]) -> None:
    """Ask for what the address of a page that has just been opened names."""
    kept = _kept()
    kept.things.clear()
    kept.found.clear()
    kept.asked = {key: text for key, text in parameters.items() if is_name(text)}


def waits() -> bool:
    """Whether the browser still has to answer before the page can be shown."""
    return any(_kept().asked.values())


def text_of(key: str, text: str) -> str | None:
    """Return what a parameter stands for: its own text, or the one that it names; None where the browser does not have that."""
    return _kept().found.pop((key, text), None) if is_name(text) else text


def is_here(text: str) -> bool:
    """Whether the browser has brought this text."""
    return name_of(text) in _kept().taken


def newest(key: str) -> str | None:
    """Return the newest text of a key that the browser keeps; None before it has answered, and if there is none."""
    kept = _kept()
    if key not in kept.tried:
        kept.tried.add(key)
        kept.asked[key] = ""
    return kept.found.get((key, ""))


def keep(key: str, text: str | None) -> str | None:
    """Let the browser keep ``text`` from now on; return its name. None, and a text that is too long, is not kept."""
    things = _kept().things
    if text is None or len(text) > LONGEST:
        things.pop(key, None)
        return None
    if key not in things or things[key][1] != text:
        things[key] = (name_of(text), text)
    return things[key][0]


def in_address(key: str, text: str | None, longest: int) -> str | None:
    """Return what the address holds for a text: itself, or from ``longest`` characters on the name of what is kept."""
    if text is None or len(text) <= longest:
        keep(key, None)
        return text
    return keep(key, text)


def nothing() -> str:
    """Return what is said in place of a promise where the browser keeps nothing."""
    return _(
        "This browser lets the page keep nothing (a private window, blocked or full storage): what is not in the address is gone after a reload."
    )


def promise(text: str, before: str = "", after: str = "") -> None:
    """Show a caption with a promise to keep something; in a browser that keeps nothing it says that instead.

    The browser itself knows: `ui/frame/delivery.py` and the keeper mark the page. The texts are ours, none of a reader's.
    """
    told = f'<span class="lab-keeps">{text}</span><span class="lab-keeps-not">{nothing()}</span>'
    st.caption(joined(before, told, after), unsafe_allow_html=True)


def forget() -> None:
    """Forget everything, as a visit that has only begun."""
    st.session_state["_kept"] = _Kept()
    drop_cached("_kept")


def mount(place: str) -> None:
    """Mount what speaks to the browser, where there is something to keep or to ask; it has no look. ``place`` makes its key."""
    kept = _kept()
    if kept.things or kept.asked:
        number = f"{kept.session} {sorted(kept.asked.items())}"
        if (
            kept.asked
        ):  # an answer can be lost with the run that it came to: it is asked for until it is heard
            kept.turn += 1
        keep = {
            key: (name, None if name in kept.taken else text) for key, (name, text) in kept.things.items()
        }
        with st.container(key=f"lab_url_kept_{place}"):  # hidden, so that it leaves no gap
            keeper(
                key=f"lab_kept_{place}",
                keep=keep,
                ask=kept.asked,
                number=number,
                turn=kept.turn,
                found=_take,
                taken=_has_taken,
            )


def _has_taken(names: set[str]) -> None:
    """Hear that the browser has texts of this page, so that they are not sent again."""
    kept = _kept()
    kept.taken |= names & {name for name, _text in kept.things.values()}


def _take(found: Found) -> None:
    """Take the answer of the browser. What it gives under a name is that text or nothing: the name is its digest."""
    kept, room = _kept(), MOST
    for key, asked in kept.asked.items():
        name, text = found.get(key, ("", ""))
        if 0 < len(text) <= min(LONGEST, room) and name == name_of(text) and asked in ("", name):
            kept.found[key, asked] = text
            kept.taken.add(name)
            room -= len(text)
    kept.asked.clear()
