"""State in the URL: what a link says is read once, checked, and the address bar is kept up to date.

Streamlit's own `bind="query-params"` is not used: it writes translated labels into the URL, ignores what it
cannot read without a message, and adds an entry to the browser's history for every value it restores. Here a
parameter is read when its page is opened, and a small script replaces the address when a value changes.

What is too long for an address travels packed (`ui/frame/packing.py`): Share makes such links, and `begin` reads them. What
must not travel or is longer still is kept by the reader's browser, and named (`ui/frame/kept.py`).

Each parameter has one writer. An instrument writes its parameters itself, in the browser; it calls `read` and
`keep` and never `publish`. Everything else is written by `_write`, from what `publish` was told.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, ParamSpec, TypeVar
from urllib.parse import urlencode

import streamlit as st

from locales import _
from ui import escape
from ui.frame import kept, packing
from ui.frame.run_cache import session_value
from ui.frame.tracking import is_tracking

T = TypeVar("T")
P = ParamSpec("P")

STEMS = frozenset(path.stem for path in (Path(__file__).parents[2] / "pages").glob("*.py"))
"""The pages by the names of their files, which are their addresses and the prefixes of their parameters."""

LONGEST_VALUE = 200
"""A value longer than this is refused unread; instruments may ask for more."""

VERSION = 1
"""What the parameters of a link mean. A shared link names it; one that names none has version 1. CONTRIBUTING says when it is raised."""
VERSION_PARAMETER = "v"

_SHOWN = 40
_STREAMLIT_OWN = ("embed", "embed_options")
NO_STATE = (*_STREAMLIT_OWN, "view")
"""How a page is shown and not what: no part of a link that is passed on."""


@dataclass(frozen=True)
class Offer:
    """What is no part of the address, and can go into a link that is shared.

    Parameters
    ----------
    text
        Makes the text of the parameter when somebody shares: "" where there is too much of it for any link and file, None
        where there is nothing to add.
    label
        What the reader is asked, where it is theirs to share or not; else it always goes with the link.
    instead
        One sentence: what to do where there is too much of it.
    """

    text: Callable[[], str | None]
    label: str
    instead: str


@dataclass
class _Link:
    """The URL of this session: what it brought and what it should hold. In the session state, so one per reader."""

    page: str = ""
    visit: int = 0
    raw: dict[str, list[str]] = field(default_factory=dict)
    consulted: dict[str, int] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    published: dict[str, str | None] = field(default_factory=dict)
    words: dict[str, tuple[str, str | Mapping[str, str]]] = field(default_factory=dict)
    remarks: dict[str, Callable[[], str]] = field(default_factory=dict)
    refused: dict[str, tuple[str, Any]] = field(default_factory=dict)
    closed: bool = False
    unusable: set[str] = field(default_factory=set)
    writes: int = 0
    unpacked: dict[str, str] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)

    @property
    def notes(self) -> list[str]:
        """The notes in the language of the moment."""
        return [sentence() for sentence in self.remarks.values()]

    def forget_notes(self) -> None:
        self.remarks.clear()
        self.refused.clear()


def page() -> str:
    """The stem of the page that the reader is on; "" before the first."""
    return _link().page


@dataclass(frozen=True)
class Nearest(Generic[T]):
    """What a parser returns for a value that is readable but not allowed: the nearest one that is."""

    value: T


def _link() -> _Link:
    return session_value("_link", _Link)


def begin(page: str) -> None:
    """Start a run of `page`; when the page is opened the URL is read, and in later runs it is not."""
    link = _link()
    link.closed = False
    if link.page != page:
        if link.page:
            link.forget_notes()
            link.words.clear()
        link.visit += 1
        link.raw = {key: st.query_params.get_all(key) for key in st.query_params}
        link.published.clear()
        link.offers.clear()
        _unfold(link)
        kept.begin({key: texts[-1] for key, texts in link.raw.items() if texts})
        link.page = page


def _unfold(link: _Link) -> None:
    """Take the version out of what the link says, and put what it holds packed among the rest."""
    versions = link.raw.pop(VERSION_PARAMETER, None)
    packed = link.raw.pop(packing.PARAMETER, None)
    link.published |= {
        name: None
        for name, texts in ((VERSION_PARAMETER, versions), (packing.PARAMETER, packed))
        if texts is not None
    }
    link.unpacked = {}
    version = VERSION if versions is None else _version(versions[-1])
    if not 1 <= version <= VERSION:
        note(
            VERSION_PARAMETER,
            lambda: (
                _(
                    "The link was made by a newer version of this page. Settings that this version does not know yet are left out; please check the others."
                )
                if version > VERSION
                else _(
                    "The link was made by another version of this page. Please check that the settings are those you expect."
                )
            ),
        )
    if packed is None:
        return
    try:
        unpacked = packing.unpack(packed[-1])
    except ValueError:
        note(
            packing.PARAMETER,
            lambda: _(
                "The packed part of the link is damaged: perhaps it was cut. The settings in it are missing."
            ),
        )
        return
    link.raw = unpacked | link.raw
    link.unpacked = {name: texts[-1] for name, texts in unpacked.items()}


def _version(text: str) -> int:
    """Return the version that a link names, 0 where it is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def settled(
    key: str,
    present: T,
    *,
    parse: Callable[[str], T | Nearest[T]],
    label: str,
    show: Callable[[T], str] = str,
    longest: int = LONGEST_VALUE,
) -> T:
    """The value of `key`: from the URL when the page has just been opened, else the present one.

    A URL value that `parse` rejects (ValueError) or replaces (`Nearest`) is reported in a note, which has the label and the
    words of the latest run: the reader may have changed the language.
    """
    link = _link()
    if link.consulted.get(key) != link.visit:
        present = _from_link(key, present, parse, longest)
    if key in link.refused:
        text, value = link.refused[key]
        report(key, text, lambda: (label, show(value)))
    return present


def _from_link(key: str, present: T, parse: Callable[[str], T | Nearest[T]], longest: int) -> T:
    link = _link()
    raw = link.raw.get(key)
    text = raw[-1] if raw else ""
    content = kept.text_of(key, text)
    link.consulted[key] = link.visit
    if raw is None:
        return present
    try:
        if len(raw) != 1 or not content or (len(text) > longest and not kept.is_name(text)):
            raise ValueError(key)
        parsed = parse(content)
    except (ValueError, OverflowError):
        parsed = Nearest(present)
    if not isinstance(parsed, Nearest):
        return parsed
    link.unusable.add(key)
    link.refused[key] = text, parsed.value
    return parsed.value


def report(key: str, text: str, told: Callable[[], tuple[str, str]]) -> None:
    """Note that the link's `text` for `key` was not used; `told` gives its label and what is shown in its place."""

    def sentence() -> str:
        label, shown = told()
        return (
            _("The link only names {label}: the browser in which that was made keeps it, and this one does not. Shown instead: {value}.")
            if kept.is_name(text)
            else _("The link's value for {label} could not be used: {text}. Shown instead: {value}.")
        ).format(label=label, text=_quoted(text), value=shown)  # fmt: skip

    note(key, sentence)


def read(
    key: str, parse: Callable[[str], T | Nearest[T]], default: T, label: str, longest: int = LONGEST_VALUE,
    show: Callable[[T], str] | None = None,
) -> T:  # fmt: skip
    """The value an instrument starts from: the URL's when the page has just been opened, else the one of `keep`.

    The instrument writes its parameter itself, from JavaScript; `keep` tells what it holds now.
    """
    values = _link().values
    present: T = values.get(key, default)
    value = values[key] = settled(
        key, present, parse=parse, label=label, show=show or _unnamed, longest=longest
    )
    return value


def brings(*keys: str) -> bool:
    """Whether the page has just been opened by a link that names one of these parameters.

    An instrument keeps its state for the session, and a link that is opened later must replace it.
    Ask before the parameters are read.
    """
    link = _link()
    return any(key in link.raw and link.consulted.get(key) != link.visit for key in keys)


def read_again(*keys: str) -> None:
    """Let what the link of this page says of these parameters be read once more: what it speaks of has only come now."""
    _link().consulted.update(dict.fromkeys(keys, 0))


def names(key: str) -> bool:
    """Whether the link with which the page was opened names this parameter."""
    return key in _link().raw


def brings_any(prefixes: tuple[str, ...], but: tuple[str, ...] = ()) -> bool:
    """Whether the link of the page that has just been opened names a parameter that begins so, other than `but`."""
    return any(name.startswith(prefixes) and name not in but for name in _link().raw)


def suppose(values: Mapping[str, str]) -> None:
    """Read the link of the page that has just been opened as if it also named these parameters.

    Call it before they are read.
    """
    _link().raw.update({key: [text] for key, text in values.items()})


def brought(*keys: str) -> dict[str, str]:
    """What the link of the page that has just been opened says of these parameters, as far as they are not read yet."""
    link = _link()
    return {
        key: link.raw[key][-1] for key in keys if link.raw.get(key) and link.consulted.get(key) != link.visit
    }


def keep(key: str, value: object) -> None:
    """Remember what an instrument holds, so that it is still there after a visit to another page."""
    _link().values[key] = value


def published_values(prefix: str) -> dict[str, str]:
    """What the link itself holds now of the parameters whose names begin with `prefix`, without those at their defaults."""
    return {
        key: text
        for key, text in _link().published.items()
        if key.startswith(prefix) and text is not None and not kept.is_name(text)
    }


def reopen(prefix: str, values: Mapping[str, str]) -> None:
    """Let the next run find `values` as if its link had brought them, and everything else at its default.

    Call it from a widget's callback: a control that has been shown cannot be set any more in the same run.
    """
    link = _link()
    link.visit += 1
    link.raw = {key: [text] for key, text in values.items()}
    link.forget_notes()
    for key in [key for key in link.consulted if key.startswith(prefix)]:
        st.session_state.pop(key, None)
        link.values.pop(key, None)


def forget(pages: Sequence[str]) -> None:
    """Forget what this visit knows of other pages, so that they open as if for the first time."""
    begins = tuple(f"{blank}{page}_" for page in pages for blank in ("", "_"))
    for key in [key for key in map(str, st.session_state) if key in pages or key.startswith(begins)]:
        del st.session_state[key]
    for key in [key for key in _link().values if key.startswith(begins)]:
        del _link().values[key]


def claim(*keys: str) -> None:
    """Name parameters that belong to controls which are not on the page at the moment."""
    link = _link()
    for key in keys:
        link.consulted.setdefault(key, 0)


def moved(key: str, today: Mapping[str, Mapping[str, str]]) -> None:
    """Read a value that `key` no longer has, in an older link, as the parameters that say the same today.

    Call it before the parameters are read.
    """
    raw = _link().raw
    texts = raw.get(key, [])
    if len(texts) == 1 and texts[0] in today:
        del raw[key]
        raw.update({name: [text] for name, text in today[texts[0]].items()})


def offer(key: str, text: Callable[[], str | None] | None, label: str = "", instead: str = "") -> None:
    """Say what a shared link can hold for `key` beyond the address (see `Offer`); None takes it back."""
    offers = _link().offers
    if text is None:
        offers.pop(key, None)
    else:
        offers[key] = Offer(text, label, instead)


def offers() -> Mapping[str, Offer]:
    """What this page offers to a shared link, by the names of parameters."""
    return _link().offers


def offered(prefix: str) -> dict[str, str]:
    """What a link holds beyond the address without the reader being asked, by names that begin with `prefix`."""
    texts = {name: one.text() for name, one in offers().items() if name.startswith(prefix) and not one.label}
    return {name: text for name, text in texts.items() if text}


def publish(key: str, text: str | None, words: tuple[str, str] | None = None) -> None:
    """Say what the URL should hold for `key`; None takes it out.

    It is written at the end of the run: by `finish`, or by the `fragment` that reruns alone. `words` are the label and the
    value as a reader knows them, for the page on paper.
    """
    link = _link()
    link.published[key] = text
    link.words.pop(key, None)
    if words and text is not None:
        link.words[key] = words


def name_on_paper(key: str, label: str, values: Mapping[str, str] = MappingProxyType({})) -> None:
    """Say what the page on paper calls a parameter that an instrument writes; what nobody tells is not named there.

    ``values`` maps what stands in the link to what a reader knows. Other values, such as numbers, are written as they are,
    after the label or where it has ``{value}``.
    """
    _link().words[key] = (label, dict(values))


def fragment(body: Callable[P, None], *, run_every: float | None = None) -> Callable[P, None]:
    """`st.fragment` for a body with controls: it brings the URL up to date when it has rerun alone.

    A fragment may not draw outside itself, so the script that does it stands at the end of the fragment.
    """

    @wraps(body)
    def body_and_address(*args: P.args, **kwargs: P.kwargs) -> None:
        body(*args, **kwargs)
        link = _link()
        if link.closed:
            _write(link)
            kept.mount(body.__name__)

    return st.fragment(body_and_address, run_every=run_every)


def finish(html_lang: str, before: str = "", after: str = "") -> list[str]:
    """End a full run: name the parameters that no control claimed, write the URL, return the notes to show.

    The browser runs the scripts ``before`` and ``after`` when it brings the URL up to date.
    """
    link = _link()
    link.closed = True
    foreign = tuple(f"{stem}_" for stem in sorted(STEMS - {link.page}))
    claimed = set(link.consulted) | {"lang", *_STREAMLIT_OWN}
    unclaimed = [key for key in link.raw if key not in claimed and not key.startswith(foreign)]
    unknown = [key for key in unclaimed if not is_tracking(key)]
    if unknown:
        note(
            "",
            lambda: _("The link also names settings that this page does not have: {names}.").format(
                names=as_list(unknown)
            ),
        )
    link.unusable.update(unclaimed)
    link.raw = {key: text for key, text in link.raw.items() if key in link.consulted}
    _write(link, foreign, html_lang, before, after)
    kept.mount("page")
    return link.notes


def dismiss_notes() -> None:
    """Forget the notes."""
    _link().forget_notes()


def note(key: str, sentence: Callable[[], str]) -> None:
    """Add what `sentence` says, in the language of the moment, to the notes at the top of the page; each `key` has one."""
    _link().remarks[key] = sentence


def _write(
    link: _Link, foreign: tuple[str, ...] = (), lang: str = "", before: str = "", after: str = ""
) -> None:
    """Write what the URL should hold: the one place in Python that does.

    The script holds all values, and stands there after every run: where one run follows the other at once the browser
    may never mount the script of the first. Each has its number, or the browser would not run one that it knows: boards wait for it.
    Unusable parameters are taken out once, not in every run: an instrument may write a value there later.
    """
    values: dict[str, str | None] = dict.fromkeys(sorted(link.unusable)) | link.published
    # A link's unknown keys are among the values, so nothing in here may end the script element.
    holds: dict[str, Any] = {"values": values, "words": link.words, "foreign": foreign, "lang": lang}
    holds["kept"] = [key for key, text in values.items() if text and kept.is_name(text)]
    if link.unpacked:
        known = {key: text for key, text in link.unpacked.items() if key in link.consulted}
        holds["unpacked"] = {"visit": link.visit, "values": known}
    state = json.dumps(holds).replace("<", "\\u003c")
    link.writes += 1
    script = f"{before}window.labAddress?.({state});{after}/* run {link.writes} */"
    # The element has no room on the page (frame.css).
    st.html(f'<span class="lab-style"></span><script>{script}</script>', unsafe_allow_javascript=True)
    link.unusable.clear()


def one_of(options: Collection[str]) -> Callable[[str], str]:
    """Return a parser for a parameter that is one of some codes."""

    def parse(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    return parse


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a parser for a whole number within limits."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError(text)
        return int(text)

    return parse


def relative(stem: str, query: Mapping[str, str]) -> str:
    """Return the address of a lesson in a state, without the machine's name, so that it holds behind a proxy with a prefix."""
    return stem + (f"?{urlencode(query, safe='~')}" if query else "")


def as_list(texts: Sequence[str]) -> str:
    """A user's texts, each quoted and shortened, the first five of them."""
    return _(", ").join(_quoted(text) for text in texts[:5]) + (" …" if len(texts) > 5 else "")


def _unnamed(value: object) -> str:
    """Return what a note says for a value that is too long to write, such as a list of logits."""
    return _("the default")


def _quoted(text: str) -> str:
    """A user's text in quotation marks: shortened, and without characters that do not print."""
    clean = "".join(character if character.isprintable() else "\ufffd" for character in text[: _SHOWN + 1])
    return f"“{clean[:_SHOWN]}{'…' if len(clean) > _SHOWN else ''}”"


def as_html(notes: list[str]) -> str:
    """Return the notes as an HTML list; all that a link brought is escaped."""
    items = "".join(f"<li>{escape.html(text)}</li>" for text in dict.fromkeys(notes))
    return f'<ul class="lab-notes" role="status">{items}</ul>'
