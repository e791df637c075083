"""What somebody sends who wants the app to break: ``python -m bench.hostile links|files|messages|actions``.

Everything is made from a seed, which is printed; the same seed makes the same again. `tests/hostile` holds what makes it, and runs a
small share of it with every test run.

``links``: generated links over all pages, read by the code that reads links; then some of them opened at a real server over its own
websocket. Counted are exceptions, values that no setting has, and runs over two seconds.

``files``: of each kind so many damaged files (5,000 if nothing else is said), read in a process of their own. Counted are exceptions and
times over two seconds; the most memory that the process took is printed.

``messages``: to every instrument, and to the controls of each page, so many messages (100 if nothing else is said) as a malicious client
sends them; then to a real server, beside a session that must not notice.

``actions``: on each page so many random actions (200 if nothing else is said), each with a value that the page offers, and now and then
the page's own link.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.proto.WidgetStates_pb2 import WidgetState

    from bench.support.session import Widget

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
MOST_SECONDS = 2.0
BESIDE = (
    ("training", "training_data=own&training_panel=settings"), ("hidden_layer", ""), ("softmax", ""), ("text", "text_corpus=own"),
)  # fmt: skip


class Tally:
    """What went wrong, and how long it took: by the clock, or by the processor's time."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self.faults: Counter[str] = Counter()
        self.times: list[float] = []

    def note(self, name: str, attempt: Callable[[], str]) -> None:
        """Make one attempt, which returns what is wrong or an empty text; tell the first of each kind of fault."""
        begin = self._clock()
        try:
            fault = attempt()
        except Exception as error:
            fault = "".join(traceback.format_exception(error)[-3:])
        self.times.append(self._clock() - begin)
        if self.times[-1] > MOST_SECONDS:
            fault = f"took more than {MOST_SECONDS:g} s. {fault}"
        if fault:
            self.faults[fault[:200]] += 1
            if self.faults[fault[:200]] == 1:
                print(f"FAULT after {self.times[-1]:.2f} s: {name[:500]}\n  {fault[:1000]}", flush=True)

    def told(self, what: str) -> bool:
        """Print one line; return whether nothing went wrong."""
        count = sum(self.faults.values())
        print(
            f"{len(self.times)} {what}: {count} faults, longest {max(self.times, default=0):.2f} s, {sum(self.times):.0f} s in all",
            flush=True,
        )
        return not count


def links(rng: random.Random, count: int, opened: int) -> bool:
    """Read links, then open some at a server."""
    from server import Server

    from bench.support.session import Session
    from tests.hostile import links as made

    table = made.table()
    print(f"{sum(len(reading.names) for reading in table)} parameters in the table")
    parsed = Tally()
    with made.address() as address:
        for _attempt in range(count):
            page, query = made.make(rng, table)
            parsed.note(f"/{page}?{query}", lambda: address.opened(page, query, table))  # noqa: B023 - called at once
    good = parsed.told("links read")

    folder = Path(tempfile.mkdtemp())
    server = Server(folder / "log.txt")
    shown = Tally()

    def at_server(page: str, query: str) -> str:
        session = Session(server.url, page, query)
        session.close()
        return " ".join(session.opened.exceptions)

    try:
        at_server("softmax", "")  # a fresh server imports everything
        for _attempt in range(opened):
            page, query = made.make(rng, table)
            shown.note(f"/{page}?{query}", lambda: at_server(page, query))  # noqa: B023
        if server.complaints():
            shown.faults[server.complaints()[-3000:]] += 1
            print(server.complaints()[-3000:])
    finally:
        server.stop()
        shutil.rmtree(folder)
    return shown.told("links opened at a real server") and good


def files(rng: random.Random, count: int) -> bool:
    """Read damaged files of each kind."""
    from tests.hostile import files as made

    warnings.simplefilter("error")
    good, before = True, _megabytes()
    for name, kind in made.KINDS.items():
        tally = Tally(time.process_time)
        for _attempt in range(count):
            spoilt = made.spoilt(rng, kind)
            told = ", ".join(f"{key}: {data[:80]!r}… {len(data)} bytes" for key, data in spoilt.items())
            tally.note(told, lambda: kind.read(spoilt) and "")  # noqa: B023 - called at once
        good = tally.told(f"files of {name} read") and good
    print(f"most memory of this process: {before} MB before, {_megabytes()} MB after")
    return good


def messages(rng: random.Random, count: int) -> bool:
    """Send every instrument what it never sends itself."""
    from tests.hostile import messages as made

    good = True
    for name, targets in made.TARGETS.items():
        for target in targets:
            client = made.Client(target.page, target.query)
            place, tally = client.id_of(name, target.key), Tally(time.process_time)
            for _attempt in range(count):
                text = made.spoilt(rng, target)
                tally.note(text, lambda: client.send(place, text))  # noqa: B023 - called at once
                if client.app.exception:
                    client = made.Client(target.page, target.query)
            good = tally.told(f"messages to {name}, {target.state}") and good
    good = controls(rng, count) and good
    return beside(rng, count) and good


def controls(rng: random.Random, count: int) -> bool:
    """Send in the place of Streamlit's own controls what they do not offer."""
    from tests.hostile import forged
    from tests.hostile.links import opened

    good = True
    for page, query in forged.PAGES:
        tally, app, is_broken = Tally(time.process_time), opened(page, query), False

        def send() -> str:
            nonlocal is_broken
            told, fault, is_broken = forged.send(app, rng)  # noqa: B023 - called at once
            return fault and f"{fault} after {told}"

        for _attempt in range(count):
            if is_broken:
                app = opened(page, query)
            tally.note(f"/{page}?{query}", send)
        good = tally.told(f"messages to the controls of /{page}?{query}") and good
    return good


def beside(rng: random.Random, count: int) -> bool:
    """Send forged values to a real server, and let another session on the same page run after each: it shows what it showed."""
    from server import Server

    from bench.support.session import Session

    folder = Path(tempfile.mkdtemp())
    server = Server(folder / "log.txt")
    good = True
    try:
        for page, query in BESIDE:
            waited = 0.0  # of the other session: how long a forger waits is no matter
            tally, honest = Tally(lambda: waited), Session(server.url, page)  # noqa: B023 - called at once
            honest.rerun()  # what a first run says of controls is not said again
            before = honest.seen(honest.rerun())

            def attack(page: str = page, query: str = query, honest: Session = honest, before: object = before) -> str:  # fmt: skip
                client = Session(server.url, page, query)
                widgets = dict(client.talk.widgets)  # a value may break the page of whoever sends it
                for _time in range(3):
                    client.ask(client.talk.rerun(forged=_forged(rng, page, widgets)))
                client.close()
                run = honest.rerun()
                nonlocal waited
                waited += run.seconds
                changed = "" if honest.seen(run) == before else "another session shows something else"
                return " ".join([*run.exceptions, changed]).strip()

            for _attempt in range(count):
                tally.note(f"three forged values on {page}, and another session", attack)
            good = tally.told(f"sessions with forged values on {page} at a real server, another one beside them") and good  # fmt: skip
            honest.close()
    finally:
        server.stop()
        shutil.rmtree(folder)
    return good


def _forged(rng: random.Random, page: str, widgets: Mapping[str, Widget]) -> list[WidgetState]:
    """Return forged values of one of Streamlit's controls on the page, or of one of our instruments."""
    from types import SimpleNamespace

    from streamlit.proto.WidgetStates_pb2 import WidgetState

    from tests.hostile import forged
    from tests.hostile import messages as made

    targets = [
        one for some in made.TARGETS.values() for one in some if one.page == page and one.key in widgets
    ]
    if targets and rng.random() < 0.5:
        target = rng.choice(targets)
        return [WidgetState(id=widgets[target.key].id, json_value=made.spoilt(rng, target))]
    widget = rng.choice([one for one in widgets.values() if one.element.WhichOneof("type") in forged.KINDS])
    kind = widget.element.WhichOneof("type")
    control = SimpleNamespace(type=kind, proto=getattr(widget.element, kind))
    return [forged.forged(rng, control)[0], *forged.unknown(rng)]


def actions(rng: random.Random, count: int) -> bool:
    """Act at random on each page."""
    from tests.hostile.actions import Hand
    from ui.frame import frame

    good = True
    for lesson in frame.lessons():
        hand, tally, done = Hand(rng, lesson.stem), Tally(time.process_time), ["opened"]

        def act() -> str:
            done.append("?")  # noqa: B023 - called at once
            done[-1] = hand.act()  # noqa: B023
            faults = hand.faults()  # noqa: B023
            return faults and f"{faults} after {done[-6:]}"  # noqa: B023

        for _attempt in range(count):
            before = sum(tally.faults.values())
            tally.note(lesson.stem, act)
            if sum(tally.faults.values()) > before:
                hand = Hand(rng, lesson.stem)
        good = tally.told(f"actions on {lesson.stem}") and good
    return good


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Run what is named."""
    parser = argparse.ArgumentParser(description="What hostile people send.")
    parser.add_argument("what", choices=["links", "files", "messages", "actions"])
    parser.add_argument("--count", type=int, default=None, help="how many; a full measurement if left out")
    parser.add_argument("--opened", type=int, default=300, help="links that are opened at a real server")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = random.randrange(10**6) if options.seed is None else options.seed
    print(f"seed {seed}", flush=True)
    rng = random.Random(seed)
    logging.disable(logging.WARNING)  # Streamlit's, that no browser asked
    if options.what == "links":
        good = links(rng, options.count or 20_000, options.opened)
    else:
        todo, count = {"files": (files, 5_000), "messages": (messages, 100), "actions": (actions, 200)}[
            options.what
        ]
        good = todo(rng, options.count or count)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
