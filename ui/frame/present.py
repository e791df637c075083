"""Present: a lesson for the projector, with large letters, without menu and text, led by keys or a clicker.

``?view=present`` turns it on; with ``?view=show`` the challenges are put away. Python knows of it, because charts are drawn larger; everything else is done by
``present.css``, which the page holds only then, and ``present.js``, which listens to the keys.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import HTMLResponse

from locales import _
from ui.frame import sharing

KEY = "view"
LIST = "present"
_ON = "present"
_NO_CARD = "show"
_LAST = "_view_last"
_CSS = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
"""Listens to the keys; it begins to once."""
_AROUND = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")
# How pictures are trained stands where the card was.
_AWAY = ":is(.st-key-lab_card, .st-key-training_card) { display: none; } .stMain .st-key-lab_aside:has(.st-key-images_controls) { display: flex; }"
LONGEST = 1500
"""The most characters of a playlist in a link: the whole link stays below 2,000."""
_BETWEEN = "|"


def begin() -> None:
    """Read the link, and keep in it whether the page is presented."""
    st.session_state[KEY] = sharing.settled(
        KEY,
        st.session_state.get(KEY, ""),
        parse=sharing.one_of((_ON, _NO_CARD)),
        label=_("view"),
        show=_shown,
    )
    sharing.publish(KEY, st.session_state[KEY] or None)


def is_on() -> bool:
    """Whether the page is presented."""
    return st.session_state.get(KEY) in (_ON, _NO_CARD)


def asks() -> bool:
    """Whether the challenges are there; a presentation may put them away, and then nothing is hidden from anybody."""
    return st.session_state.get(KEY) != _NO_CARD


def pressed_by(key: str, name: str) -> str:
    """Return the key of a Streamlit button that is pressed by ``key``, such as "ArrowRight" or "Space", in a presentation."""
    return f"{name}-{key}"


def button() -> None:
    """Show what begins to present; while it is on, the same button, unseen, ends it."""
    st.button(
        _("Present"), key="lab_present", icon=":material/co_present:", on_click=_change, type="tertiary",
        help=_("For the projector (key P)"),
    )  # fmt: skip


def keys() -> str:
    """Put the buttons that keys press on the page; return the HTML of the list of keys and of what opens it. Empty where nothing is presented."""
    if not is_on():
        return ""
    rows = "".join(
        f"<dt>{' '.join(f'<kbd>{name}</kbd>' for name in names)}</dt><dd>{does}</dd>"
        for names, does in _keys()
    )
    acts = "".join(
        f'<button type="button" data-act="{act}">{text}</button>'
        for act, text in (
            ("p", _("End the presentation")),
            ("?", _("Close")),
            ("switch", _("Key P on or off")),
            ("forget", _("Forget the list of links")),
        )
    )
    with st.container(key="lab_url_card"):  # nothing to see: the key C presses it
        st.button(
            _("put the challenges away, for all of the panel; and back"),
            key="lab_card_away",
            on_click=_toggle_challenges,
        )
        st.button(_("light or dark"), key="lab_again")  # charts are drawn for the theme that is seen
    # The script knows both numbers, and the style sheet writes them.
    place = _("{at} of {count}").format(
        at='<span class="lab-at"></span>', count='<span class="lab-count"></span>'
    )
    away = "" if asks() else _AWAY
    return (
        f'<div class="lab-foot"><p class="lab-end" role="status" data-text="{_("That was the last link of the list.")}"></p><span class="lab-place">{place}</span>'
        f'<button type="button" class="lab-help" data-act="?" aria-label="{_("Keys")}">?</button></div>'
        f'<div class="lab-keys" role="group" aria-label="{_("Keys")}"><dl>{rows}</dl><p>{acts}</p></div><style>{_CSS}{away}</style>'
    )


def playlist_page(_request: Request) -> HTMLResponse:
    """Answer ``GET present.html``: the page around the links of a playlist, which keeps the full screen from link to link."""
    return HTMLResponse(_AROUND)


def playlist(text: str) -> tuple[list[str], list[str]]:
    """Read a playlist: a link of this app a line, whole or without the machine's name.

    Returns
    -------
    links, refused
        ``softmax?softmax_panel=curves`` and so on; and the lines that are no such link.
    """
    links, refused = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            parts = urlsplit(line)
        except ValueError:
            parts = urlsplit("")
        stem = parts.path.rstrip("/").rsplit("/", 1)[-1] or ("home" if parts.netloc else "")
        query = [(name, value) for name, value in parse_qsl(parts.query) if name not in (KEY, LIST)]
        if stem in sharing.STEMS:
            links.append(sharing.relative(stem, dict(query)))
        else:
            refused.append(line)
    return links, refused


def joined(links: Sequence[str]) -> str:
    """Return a playlist as the value of one parameter."""
    return _BETWEEN.join(links)


def address(links: Sequence[str]) -> str:
    """Return the address, without the machine's name, that presents these links one after the other."""
    return f"/?{urlencode({KEY: _ON, LIST: joined(links)}, safe='~')}"


def from_address(text: str) -> str:
    """Return the playlist that the parameter ``present`` of an address holds, a line each; raises ValueError."""
    links, refused = playlist(text.replace(_BETWEEN, "\n"))
    if refused or not links:
        raise ValueError(text)
    return "\n".join(links)


def start(links: Sequence[str]) -> None:
    """Let the browser open the first link of a playlist."""
    state = json.dumps(list(links)).replace("<", "\\u003c")
    st.html(f"<script>window.labList = {state}; window.labPlay?.();</script>", unsafe_allow_javascript=True)


def _keys() -> list[tuple[tuple[str, ...], str]]:
    return [
        (("PageDown", "PageUp"), _("the answer, the next challenge; or the next link of the playlist; and back")),
        (("→", "←"), _("one step on, one step back")),
        ((_("Space"),), _("play and pause")),
        (("B",), _("blank screen")),
        (("↓", "↑"), _("further down, where something is longer than the screen; and up")),
        (("F",), _("full screen")),
        (("L",), _("light or dark")),
        (("C",), _("put the challenges away, for all of the panel; and back")),
        (("P",), _("end the presentation")),
        (("?",), _("this list")),
    ]  # fmt: skip


def _shown(value: str) -> str:
    return value or _("the whole page")


def _change() -> None:
    """End the presentation, or go on with it as it was left."""
    if is_on():
        st.session_state[_LAST] = st.session_state[KEY]
    st.session_state[KEY] = "" if is_on() else st.session_state.get(_LAST, _ON)


def _toggle_challenges() -> None:
    st.session_state[KEY] = _NO_CARD if asks() else _ON
