"""Links that nobody of ours made, read by what reads links.

`table` opens every page and writes down what it reads of a link: the parameter, its parser, what the value may be. `make` writes a
link with some of these parameters; `Address.opened` reads it by the app's own code, without the rest of the page, and says what is wrong
with what was read.
"""

from __future__ import annotations

import json
import math
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from streamlit.testing.v1 import AppTest

from instruments.shared import session
from tests.hostile.corpus import BYTES, LONG, NASTY
from tests.ui.training.waiting import settled
from ui.frame import frame, kept, packing, sharing
from ui.home.teaching import presets
from ui.widgets import boards, controls

KNOWN = Path(__file__).parents[1] / "pages" / "links_v1.json"


@dataclass
class Reading:
    """One call that reads the link: a control, a board, or a parser alone; ``texts`` are values that it may have."""

    page: str
    names: tuple[str, ...]
    run: Callable[[], Any]
    wrong: Callable[[Any], str]
    texts: list[str] = field(default_factory=list)


def _replaced(module: Any, name: str, by: Any) -> Callable[[], None]:
    """Replace a function wherever it was imported; what is returned puts it back."""
    old = getattr(module, name)

    def put(found: Any, new: Any) -> None:
        for one in list(sys.modules.values()):
            if getattr(one, "__dict__", {}).get(name) is found:
                setattr(one, name, new)

    put(old, by)
    return lambda: put(by, old)


@contextmanager
def _written_down(page: str, into: dict[str, Reading]) -> Iterator[None]:
    """Write down what the pages that are opened meanwhile read."""
    bound, settled, from_link = controls._bound, sharing.settled, boards.state_from_link
    inside: list[str] = []

    def spy_bound(widget: Any, key: str, label: str, default: Any, parse: Any, fit: Any, show: Any = str, write: Any = str, **extra: Any) -> Any:  # fmt: skip
        def run() -> Any:
            value = fit(settled(key, default, parse=parse, label=label, show=show))
            show(value)
            sharing.publish(key, None if value == default else write(value), (label, show(value)))
            return value

        def wrong(value: Any) -> str:
            if type(fit(value)) is not type(value) or fit(value) != value:
                return f"{value!r} is none of its values"
            again = parse(write(value))
            return "" if again == value else f"{write(value)!r} is read as {again!r}"

        options = extra.get("options", [extra[name] for name in ("min_value", "max_value") if name in extra])
        texts = ["true", "false"] if isinstance(default, bool) else [write(one) for one in options]
        into.setdefault(key, Reading(page, (key,), run, wrong, texts))
        inside.append(key)
        try:
            return bound(widget, key, label, default, parse, fit, show, write, **extra)
        finally:
            inside.pop()

    def spy_from_link(kind: Any, key: str, standard: Any, parts: Mapping[str, boards.Part]) -> Any:
        names = tuple(f"{key}_{name}" for name in parts)

        def wrong(state: Any) -> str:
            sent = json.loads(json.dumps(asdict(state)))
            again = json.loads(json.dumps(asdict(kind.read(sent))))
            return "" if sent == sent | again else f"{state} comes back as another"

        into.setdefault(key, Reading(page, names, lambda: from_link(kind, key, standard, parts), wrong))
        inside.append(key)
        try:
            return from_link(kind, key, standard, parts)
        finally:
            inside.pop()

    def spy_settled(key: str, present: Any, **how: Any) -> Any:
        if not inside:
            into.setdefault(
                key, Reading(page, (key,), lambda: settled(key, present, **how), lambda value: "")
            )
        return settled(key, present, **how)

    back = [
        _replaced(controls, "_bound", spy_bound),
        _replaced(boards, "state_from_link", spy_from_link),
        _replaced(sharing, "settled", spy_settled),
    ]
    try:
        yield
    finally:
        for put_back in back:
            put_back()


def opened(page: str, query: str, app: AppTest | None = None) -> AppTest:
    """Open a page of the app by a link, through AppTest; where its panels wait for a run, as on a slow machine, so do we."""
    app = app or AppTest.from_file(str(frame.path_of(page)), default_timeout=120)
    for key, texts in parse_qs(query, keep_blank_values=True).items():
        app.query_params[key] = texts
    return settled(app, page) if page in ("training", "hidden_layer") else app.run()


def known() -> list[tuple[str, str]]:
    """Page and query of the links that have to open for good; every page is among them."""
    links = [entry["link"] for entry in json.loads(KNOWN.read_text(encoding="utf-8"))]
    return [(urlsplit(link).path.strip("/"), urlsplit(link).query) for link in links]


def table(*, whole: bool = True) -> list[Reading]:
    """Open every page by the known links, the ``whole`` table also by those of Home and each option of the panels.

    Returns all that was read.
    """
    found: dict[str, Reading] = {}
    seen: set[str] = set()

    def look(page: str, query: str) -> None:
        with _written_down(page, found):
            opened(page, query)

    for page, query in known() + [
        (one.stem, packing.as_query(dict(one.query))) for one in presets() if whole
    ]:
        look(page, query)
        for name, text in parse_qsl(query):
            for reading in found.values():
                if name in reading.names:
                    reading.texts.append(text)
    while whole and (
        new := [name for name in found if name.endswith(("_panel", "_mode", "_beyond")) and name not in seen]
    ):
        for name in new:
            seen.add(name)
            for text in dict.fromkeys(found[name].texts):
                look(found[name].page, packing.as_query({name: text}))
    return list(found.values())


def make(rng: random.Random, readings: list[Reading]) -> tuple[str, str]:
    """Return a page and a query that nobody of ours would make."""
    page = rng.choice(readings).page
    own = [reading for reading in readings if reading.page == page]
    parts: list[str] = []
    for reading in rng.sample(own, min(len(own), rng.choice([1, 1, 2, 3, 5, 8, 13]))):
        for name in rng.sample(reading.names, rng.randint(1, len(reading.names))):
            for _repeat in range(rng.choice([1] * 15 + [2])):
                parts.append(f"{quote(name)}={_text(rng, reading.texts)}")
    if rng.random() < 0.1:
        parts.append(f"{_text(rng, ['lang', 'v', 'q', 'embed', 'view', page + '_x'])}={_text(rng, ['1'])}")
    if rng.random() < 0.1:
        parts.append(f"{rng.choice(['lang', 'v', 'view', 'embed', 'present'])}={_text(rng, ['zh', '1', '2', 'present'])}")  # fmt: skip
    if rng.random() < 0.1:
        packed = packing.pack({name: rng.choice(NASTY) for name in rng.choice(own).names})
        parts.append(f"q={packed if rng.random() < 0.5 else _mutated(rng, packed)}")
    return page, "&".join(parts)


def _text(rng: random.Random, legal: list[str]) -> str:
    """Return a value as it stands in an address."""
    kind = rng.random()
    if kind < 0.35 and legal:
        return quote(rng.choice(legal))
    if kind < 0.6 and legal:
        return quote(_mutated(rng, rng.choice(legal)))
    if kind < 0.8:
        return quote(rng.choice(NASTY))
    if kind < 0.95:
        count = rng.choice([1, 2, 3, 4, 10, 11])
        return quote("~".join(f"{rng.gauss(0, 1) * 10 ** rng.randint(-9, 9):.{rng.randint(1, 17)}g}" for _i in range(count)))  # fmt: skip
    if kind < 0.99:
        return rng.choice(BYTES) + (quote(rng.choice(legal)) if legal else "")
    return quote(rng.choice(LONG))


def _mutated(rng: random.Random, text: str) -> str:
    """Change one or two places of a text."""
    for _change in range(rng.choice([1, 1, 2])):
        at = rng.randint(0, len(text))
        to = min(len(text), at + rng.choice([0, 0, 1, 1, 5]))
        put = rng.choice(["", "0", "9", "-", "~", "_", "*", ".", "e", "e308", "a", "%", "\0", "é", "👾", "\u202e", " ", "1" * 30, text[:9]])  # fmt: skip
        text = text[:at] + put + text[to:]
    return text


class Address:
    """Stands in for Streamlit where links are read: an address, a session, and what is written on the page."""

    def __init__(self) -> None:
        self.session_state: dict[str, Any] = {}
        self.scripts: list[str] = []
        self._query: dict[str, list[str]] = {}
        self.query_params = self
        self.container = lambda **_how: nullcontext()

    def html(self, text: str, **_how: Any) -> None:
        """Take the script that writes the address."""
        self.scripts.append(text)

    def get_all(self, name: str) -> list[str]:
        """Return all values of a parameter, as `st.query_params` does."""
        return self._query[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._query)

    def opened(self, page: str, query: str, readings: list[Reading]) -> str:
        """Read a link as its page does; return what is wrong with what was read, or an empty text."""
        self.session_state.clear()
        self.scripts.clear()
        self._query = parse_qs(query, keep_blank_values=True, max_num_fields=None)
        sharing.begin(page)
        for reading in readings:
            if reading.page == page:
                value = reading.run()
                fault = _illegal(value) or reading.wrong(value)
                if fault:
                    return f"{reading.names[0]}: {fault}"
        notes = sharing.as_html(sharing.finish("en"))
        return self._breaks_out(notes)

    def _breaks_out(self, notes: str) -> str:
        (script,) = self.scripts
        try:
            end = json.JSONDecoder().raw_decode(script.split("labAddress?.(", 1)[1])[1]
        except (IndexError, ValueError):
            return f"the script of the address cannot be read: {script[:300]}"
        if script.count("<") != 4 or not script.split("labAddress?.(", 1)[1][end:].startswith(");"):
            return f"the script of the address is cut: {script[:300]}"
        notes.encode()  # a lone surrogate cannot be sent
        if re.sub(r"</?(ul|li)( class=\"lab-notes\" role=\"status\")?>", "", notes).count("<"):
            return f"markup in the notes: {notes[:300]}"
        return ""


@contextmanager
def address() -> Iterator[Address]:
    """Put an `Address` into the place of Streamlit for a while."""
    stand_in = Address()
    before = sharing.st, session.st, kept.st, kept.keeper
    sharing.st = stand_in  # type: ignore[assignment]
    session.st = SimpleNamespace(session_state=stand_in.session_state)  # type: ignore[assignment]
    kept.st, kept.keeper = stand_in, lambda **_options: None  # type: ignore[assignment]
    try:
        yield stand_in
    finally:
        sharing.st, session.st, kept.st, kept.keeper = before


def _illegal(value: Any) -> str:
    """Say what no value may be: not finite, no text that can be sent, or far too long."""
    if is_dataclass(value) and not isinstance(value, type):
        return _illegal([*asdict(value).values()])
    if isinstance(value, Mapping):
        return _illegal([*value.keys(), *value.values()])
    if isinstance(value, list | tuple):
        return next(filter(None, map(_illegal, value)), "")
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value} is not finite"
    if isinstance(value, int) and abs(value) > 2**53:
        return f"{value:.3g} is no number of JavaScript"
    if isinstance(value, str):
        if len(value) > 20_000:
            return f"a text of {len(value)} characters"
        value.encode()
    return ""
