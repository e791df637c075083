"""Share: the link to what is on the screen now, its QR code, and the code that puts the page into another one.

The address of the moment is known in the browser only, because instruments write their parameters there. So the dialog
(`instruments/share`) sends it with what the reader chose, and Python answers with the link. Nothing is computed before
the dialog is opened, and nothing of the lesson runs again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

import segno
import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

import locales
from instruments.shared.bundle import component
from instruments.shared.session import message
from instruments.shared.values import checked_message, sendable
from locales import _
from ui import escape
from ui.frame import kept, language, packing, present, sharing
from ui.frame.network import Host, server_host

KEY = "lab_share"
LONGEST_LINK = 2_000
"""Characters. Chat programs, learning platforms and old proxies cut what is longer."""
LONGEST_ADDRESS = 20_000
THEMES = ("light", "dark")
STEPS = ("_stage_step", "_race_step")  # how the parameters end that hold the step of a run
FRAME_HEIGHT = 600  # pixels, until the page says how high it is
_QUIET_ZONE = 4  # modules of white around a QR code, as its standard asks for
_LEFT_OUT = ("lang", *sharing.NO_STATE, sharing.VERSION_PARAMETER, packing.PARAMETER)
_MADE = "_share"  # in the session: the last question of the dialog, and the answer


@dataclass(frozen=True)
class Ask:
    """What the dialog asks for.

    Parameters
    ----------
    number
        Counts the questions; the answer has the same number.
    address
        What stands in the browser's address bar.
    lang
        A language's code, or "" for the reader's own.
    theme
        "light", "dark", or "" for the reader's own.
    at_step
        Whether the link holds the step of the run.
    own
        Whether it holds what the reader may keep to themselves.
    network
        Whether this computer's address in the network stands for localhost.
    """

    number: int
    address: str
    lang: str = ""
    theme: str = ""
    at_step: bool = True
    own: bool = False
    network: bool = True

    def __post_init__(self) -> None:
        if len(self.address) > LONGEST_ADDRESS or urlsplit(self.address).scheme not in ("http", "https"):
            raise ValueError(f"not an address of this page: {self.address:.40}")
        if self.lang and self.lang not in locales.languages:
            raise ValueError(f"no such language: {self.lang:.40}")
        if self.theme and self.theme not in THEMES:
            raise ValueError(f"no such theme: {self.theme:.40}")


def button() -> None:
    """Show the button; the dialog opens in the browser. In a page that is embedded, a link to the whole page is enough."""
    if not st.context.is_embedded:
        _button()


def whole_page() -> None:
    """Show, in a page that is embedded, the link that opens the whole page in the state of the moment."""
    if st.context.is_embedded:
        with st.container(key="lab_whole"):
            component("share")(key=f"{KEY}_whole", data={"whole": _("Open the whole page"), "revision": 0})


@st.fragment
def _button() -> None:
    ask = message(KEY, "ask")
    component("share")(
        key=KEY, data=_data(language.current()) | {"answer": _answer(ask)}, on_ask_change=lambda: None
    )


def _answer(sent: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what the dialog shows for its last question: made once, however often the page runs."""
    if sent is None:
        st.session_state.pop(_MADE, None)
        return None
    made = st.session_state.get(_MADE)
    if made is None or made[0] != sent:
        try:
            answer = answered(read(sent), sharing.offers(), server_host())
        except ValueError:
            answer = None  # a forged message
        st.session_state[_MADE] = made = (dict(sent), answer)
    shown: dict[str, Any] | None = made[1]
    return shown


def read(sent: Mapping[str, Any]) -> Ask:
    """Read a question of the browser, trusting nothing in it.

    Raises
    ------
    ValueError
        If it is none.
    """
    with checked_message("a question of the dialog"):
        return Ask(
            int(sent["number"]), sendable(sent["address"]), sendable(sent["lang"]), sendable(sent["theme"]),
            bool(sent["at_step"]), bool(sent["own"]), bool(sent["network"]),
        )  # fmt: skip


def answered(ask: Ask, offers: Mapping[str, sharing.Offer], host: Host) -> dict[str, Any]:
    """Return what the dialog shows: the link, the code for another page, the QR code, and what is to be known of them."""
    own = next((offer for offer in offers.values() if offer.label), None)
    asked_for = {name: offer for name, offer in offers.items() if ask.own or not offer.label}
    texts = {name: text for name, offer in asked_for.items() if (text := offer.text()) is not None}
    added = {name: text for name, text in texts.items() if text}
    notes = [host.why] if host.why and (ask.network or not host.name) else []
    link = whole = shared_link(ask, added, host.name)
    left_out = [name for name, text in texts.items() if not text]
    if not _opens(ask, added):
        left_out += added
        link = whole = shared_link(ask, {}, host.name)
    notes += [asked_for[name].instead for name in left_out]
    if len(whole) > LONGEST_LINK:
        link = shared_link(ask, {}, host.name)
        if len(link) <= LONGEST_LINK:
            notes.append(
                _("Not all that you see fits into a link. The file holds it all: save it and send it.")
            )  # fmt: skip
        else:
            notes.append(
                _("The link has {n} characters; some programs cut links after {most}. The file holds it all: save it and send it.").format(n=len(link), most=LONGEST_LINK)
            )  # fmt: skip
    path, size = qr_path(link) if len(link) <= LONGEST_LINK else ("", 0)
    return {
        "number": ask.number, "link": link, "code": frame_code(link), "path": path, "size": size, "notes": notes,
        "file": file_of(whole) if len(whole) > LONGEST_LINK else None,
        "step": next((text for name, text in _parameters(ask).items() if name.endswith(STEPS)), None),
        "own": own.label if own else None, "network": host.name or None,
    }  # fmt: skip


def _parameters(ask: Ask) -> dict[str, str]:
    """Return what the address says itself: what it only names is in the reader's browser, so nobody else has it."""
    pairs = parse_qsl(urlsplit(ask.address).query, keep_blank_values=True, max_num_fields=500)
    return {name: text for name, text in pairs if not kept.is_name(text)}


def _opens(ask: Ask, added: Mapping[str, str]) -> bool:
    """Whether a page reads what a link packs: one that unfolds to more is refused."""
    return len(packing.as_query({**_parameters(ask), **added})) <= packing.MOST_UNPACKED


def shared_link(ask: Ask, added: Mapping[str, str], host: str = "") -> str:
    """Return the link: the address of the moment with what was chosen and what is ``added`` to it.

    ``host`` stands for the one of the address where the reader wants a link for other computers.

    What the page says of language and theme is replaced, the version is named, and where the link would be longer than
    `LONGEST_LINK`, the settings are packed into one parameter.

    Examples
    --------
    >>> shared_link(Ask(1, "http://lab.test/training?training_rate=20&training_stage_step=7", at_step=False), {})
    'http://lab.test/training?v=1&training_rate=20'
    >>> shared_link(Ask(1, "http://lab.test/loss?lang=en", lang="zh", theme="dark"), {})
    'http://lab.test/loss?v=1&lang=zh&embed_options=dark_theme'
    """
    parameters = {**_parameters(ask), **added}
    left_out = {
        *_LEFT_OUT,
        *(name for name in parameters if name.endswith(STEPS) and not ask.at_step),
        *((present.LIST,) if present.KEY in parameters else ()),  # else Home shows the list, to be edited
    }
    state = {name: text for name, text in parameters.items() if name not in left_out}
    first = {sharing.VERSION_PARAMETER: str(sharing.VERSION)} | ({"lang": ask.lang} if ask.lang else {})
    last = {"embed_options": f"{ask.theme}_theme"} if ask.theme else {}
    parts = urlsplit(ask.address)
    place = _at(parts, host) if host and ask.network else parts.netloc

    def written(settings: Mapping[str, str]) -> str:
        return parts._replace(
            netloc=place, query=packing.as_query({**first, **settings, **last}), fragment=""
        ).geturl()

    link = written(state)
    if len(link) <= LONGEST_LINK:
        return link
    packed = written({packing.PARAMETER: packing.pack(state)})
    return min(link, packed, key=len)


def _at(parts: SplitResult, host: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if parts.port is None else f"{name}:{parts.port}"


def frame_code(link: str) -> str:
    """Return the HTML that shows what ``link`` leads to inside another page.

    Examples
    --------
    >>> frame_code("http://lab.test/loss?v=1")
    '<iframe src="http://lab.test/loss?v=1&amp;embed=true" width="100%" height="600" style="border: 0" allow="fullscreen; clipboard-write" title="Softmax Lab"></iframe>'
    """
    source = escape.html(f"{link}&embed=true")
    return (
        f'<iframe src="{source}" width="100%" height="{FRAME_HEIGHT}" style="border: 0" '
        'allow="fullscreen; clipboard-write" title="Softmax Lab"></iframe>'
    )


def file_of(link: str) -> str:
    """Return a web page that leads to ``link``: a file holds what a link in a chat may not.

    Examples
    --------
    >>> 'href="http://lab.test/loss?v=1&amp;q=A"' in file_of("http://lab.test/loss?v=1&q=A")
    True
    """
    words = escape.html(_("Open the page in this state"))
    return (
        f'<!doctype html><html lang="{language.html_lang()}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Softmax Lab</title>'
        '<body style="font: 1.2rem/1.5 sans-serif; margin: 3rem"><h1>Softmax Lab</h1>'
        f'<p><a href="{escape.html(link)}">{words}</a></p></body></html>'
    )


def code_for_paper(request: Request) -> Response:
    """Answer ``GET qr.svg?text=...``: a QR code, for the page on paper, where only the browser knows the address.

    No coroutine, so that the server makes it in a thread and serves others meanwhile.
    """
    text = request.query_params.get("text", "")
    try:
        if len(text) > LONGEST_LINK:
            text = shared_link(Ask(0, text), {})
    except ValueError:
        text = ""
    if not text or len(text) > LONGEST_LINK:
        return Response(status_code=400)
    path, size = qr_path(text)
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" style="--modules: {size}"><path d="{path}"/></svg>'
    return Response(picture, media_type="image/svg+xml")


def qr_path(text: str) -> tuple[str, int]:
    """Return a QR code as the path of an SVG in units of one module, and how many modules it is wide, white rim included.

    Examples
    --------
    >>> path, size = qr_path("http://lab.test")
    >>> size - 8, path[:6]
    (21, 'M4 4h7')
    """
    matrix = segno.make(text, error="l", micro=False).matrix
    runs = []
    for row, modules in enumerate(matrix, start=_QUIET_ZONE):
        column = 0
        while column < len(modules):
            end = column
            while end < len(modules) and modules[end]:
                end += 1
            if end > column:
                runs.append(f"M{column + _QUIET_ZONE} {row}h{end - column}v1h-{end - column}z")
            column = max(end, column + 1)
    return "".join(runs), len(matrix) + 2 * _QUIET_ZONE


@cache
def _data(_language: str) -> dict[str, Any]:
    return {
        "revision": 0,
        "languages": [["", _("The reader's own")], *map(list, locales.languages.items())],
        "themes": [["", _("The reader's own")], ["light", _("Light")], ["dark", _("Dark")]],
        "labels": {
            "share": _("Share"),
            "title": _("Share what you see"),
            "close": _("Close"),
            "link": _("Link"),
            "code": _("Frame for a web page"),
            "form": _("Form"),
            "language": _("Language"),
            "theme": _("Theme"),
            "at_step": _("At step {step}"),
            "network": _("For other computers: {address}"),
            "copy": _("Copy"),
            "copied": _("Copied."),
            "file": _("Save as a file"),
            "by_hand": _("Marked: copy it with Ctrl+C."),
            "qr": _("QR code of the link"),
            "scan": _("Point a phone's camera at it."),
            "larger": _("Larger"),
            "smaller": _("Smaller"),
            "framed": _("Paste it into your web page or learning platform. The frame shows the instrument and the chosen panel, without menu, text and challenges."),
        },
    }  # fmt: skip
