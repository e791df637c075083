"""What the largest values cost that settings and links allow: ``python -m bench.limits [name ...]``.

At a server of its own, by sessions without a browser. First links that ask for as much as they may: long runs on many
points, hard searches, every panel of Training, up to 2,000 epochs of 60,000 images, files as large as they may be. Then each number on
each panel of Softmax, Loss, Information, Linear layer, Hidden layer, Text and Practice, and of each slip, is set to its largest value. A row has the longest time until a script had finished, the processor time that followed, as far as the
page showed neither how far it is nor Stop, the processor time with Stop, and how long the server worked on after Stop was
pressed. More than two seconds without Stop are marked.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
from server import Server

from bench.support.images import write_large_set
from bench.support.learners import STOPS
from bench.support.panels import panel_key, panels
from bench.support.processes import processor
from bench.support.session import Run, Session
from bench.support.texts import as_file, widest
from ui.slips.registry import SLIPS
from ui.training.data import MOST
from ui.training.saved import FORMAT, VERSION

ALLOWED = 2.0  # seconds
WATCHED = 12.0  # seconds of work that is followed before Stop is pressed
QUIET = 0.1  # of a processor
LOOK = 0.4

TEN = "training_classes=10&training_n=5000&training_steps=10000&training_data=blobs"
HARD = f"{TEN}&training_features=cubic&training_label_noise=50&training_noise=3"
RADIAL = f"{TEN}&training_features=radial&training_centres=8&training_all=true"
SEARCHES = {
    "hard search": "training_noise=1",
    "hard search with L1": "training_noise=0.5&training_width=3&training_l1=0.001",
}
NETWORK = "hidden_layer_units=16&hidden_layer_data=spirals&hidden_layer_classes=10&hidden_layer_n=5000&hidden_layer_steps=10000"
IMAGES = "images_data=mnist&images_batch=8&images_epochs=50"
LINKS = {
    **{f"training, {panel}": ("training", f"{HARD}&training_panel={panel}") for panel in ("curves", "story", "samples", "diagnostics", "landscape", "takeaway")},
    "training, Newton": ("training", f"{HARD}&training_optimizer=newton&training_rate=1&training_panel=settings"),
    "training, L1": ("training", f"{HARD}&training_l1=0.001&training_panel=diagnostics"),
    **{f"training, {hard}, {panel}": ("training", f"{RADIAL}&{penalty}&training_panel={panel}") for hard, penalty in SEARCHES.items() for panel in ("settings", "curves")},
    "training, radial, batch of 1": ("training", f"{TEN}&training_features=radial&training_batch=1&training_panel=diagnostics"),
    "training, race of four": ("training", f"{HARD}&training_mode=race"),
    **{f"training, own data, {panel}": ("training", f"training_data=own&training_features=cubic&training_steps=10000&training_panel={panel}") for panel in ("settings", "curves", "landscape")},
    "training, a saved run": ("training", "training_panel=takeaway&training_form=run"),
    **{f"hidden_layer, {panel}": ("hidden_layer", f"{NETWORK}&hidden_layer_panel={panel}") for panel in ("settings", "units", "story", "where", "curves")},
    **{f"text, {panel}": ("text", f"text_corpus=own&text_panel={panel}") for panel in ("words", "accuracy", "curve", "penalties")},
    "images, parts of a link": ("images", f"{IMAGES}&images_run=" + "-".join(["sgd_0.1_0_8_0_0_100"] * 20)),
    **{f"images, {panel}": ("images", f"{IMAGES}&images_run=sgd_0.1_0_8_0_0_1000&images_panel={panel}") for panel in ("curves", "confusion", "mistakes", "image", "draw", "export")},
}  # fmt: skip
PAGES = ("softmax", "loss", "information", "linear_layer", "hidden_layer", "text", "practice")
SLIP_LINKS = {f"slips {code}": f"slips_panel={code}&slips_error=true" for code in SLIPS}


def _points() -> bytes:
    """Return a table of as many points as are read, 5 MB with a column that is left aside."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, MOST)
    X = rng.normal(size=(MOST, 2)) + np.stack([np.cos(y), np.sin(y)], axis=1)
    rows = (f"{a!r},{b!r},class {k},{'x' * 900}" for (a, b), k in zip(X.tolist(), y.tolist(), strict=True))
    return "\n".join(["width,height,kind,note", *rows]).encode()


def _saved_run() -> bytes:
    """Return a saved run that asks for as much as it may."""
    return json.dumps({
        "format": FORMAT, "version": VERSION, "settings": dict(parse_qsl(HARD)), "step": 10_000,
        "W": [[1.0] * 10] * 9, "b": [0.0] * 10,
    }).encode()  # fmt: skip


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "text_file": ("texts.csv", lambda: as_file(widest())),
    "training_file": ("points.csv", _points),
    "training_saved": ("run.json", _saved_run),
}


@dataclass
class Row:
    """Seconds: the longest script, work without Stop, work with Stop, work after Stop."""

    name: str
    script: float = 0.0
    alone: float = 0.0
    stoppable: float = 0.0
    after: float = 0.0
    exceptions: tuple[str, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether somebody would wait too long, or pay too much for somebody else."""
        return max(self.script, self.alone, self.after) > ALLOWED or bool(self.exceptions)

    def __str__(self) -> str:
        mark = "  !" if self.is_late else ""
        return f"{self.name:44}{self.script:9.2f}{self.alone:9.2f}{self.stoppable:9.2f}{self.after:9.2f}{mark} {' '.join(self.exceptions)}"


def follow(server: Server, session: Session, row: Row, before: float) -> Row:
    """Watch what a server does after a session has asked for something, until it is quiet; press Stop if it is long."""
    begin = time.monotonic()
    while time.monotonic() - begin < WATCHED:
        stop = _stop(session)
        time.sleep(LOOK)
        for fragment in () if stop else tuple(session.talk.polled):  # as the page does
            if fragment in session.talk.polled:  # the one before may have run the page, which has others then
                note(row, session.ask(session.talk.rerun(fragment)))
        now = processor(server.pid)
        if stop:
            row.stoppable += now - before
            note(row, _look_again(session, stop))
        else:
            row.alone += now - before
            if now - before < QUIET * LOOK:
                return row
        before = processor(server.pid)
    if stop := _stop(session):
        session.press(stop)
        time.sleep(1)
        before = processor(server.pid)
        time.sleep(2)
        row.after = processor(server.pid) - before
    return row


def _look_again(session: Session, stop: str) -> Run:
    """Ask how far it is, as the page does; whoever still shows Stop draws it again."""
    fragment = session.talk.widgets.pop(stop).fragment
    return session.ask(session.talk.rerun("" if stop.startswith("images") else fragment))


def _stop(session: Session) -> str:
    stops = (*STOPS, "training_search_stop", "images_stop")
    return next((key for key in session.talk.widgets if key.startswith(stops)), "")


def note(row: Row, run: Run) -> None:
    """Keep the longest script, and what went wrong."""
    row.script = max(row.script, run.seconds)
    row.exceptions += tuple(run.exceptions)


def links(server: Server, wanted: list[str]) -> Iterator[Row]:
    """Open what asks for much."""
    for name, (page, query) in LINKS.items():
        if wanted and not any(part in name for part in wanted):
            continue
        row, before = Row(name), processor(server.pid)
        session = Session(server.url, page, query)
        note(row, session.opened)
        if "images_train" in session.talk.widgets and "parts" not in name:
            note(row, session.press("images_train"))
        for key, (file, written) in FILES.items():
            if key in session.talk.widgets:
                note(row, session.upload(key, file, written()))
        yield follow(server, session, row, max(before, processor(server.pid) - row.script))
        session.close()


def settings(server: Server, wanted: list[str]) -> Iterator[Row]:
    """Set every number on every panel to its largest value, one after the other."""
    for page in PAGES:
        if wanted and page not in wanted:
            continue
        session = Session(server.url, page)
        for content in panels(session, page) or [""]:
            row, before = Row(f"{page} {content}"), processor(server.pid)
            if content:
                note(row, session.choose(panel_key(session, page), [content]))
            yield _set_all(server, session, row, before)
        session.close()
    for name, query in SLIP_LINKS.items():
        if wanted and "slips" not in wanted:
            continue
        before = processor(server.pid)
        session = Session(server.url, "slips", query)
        yield _set_all(server, session, Row(name), before)
        session.close()


def _set_all(server: Server, session: Session, row: Row, before: float) -> Row:
    for key in list(session.talk.widgets):
        largest = _largest(session, key)
        if key in session.talk.widgets and largest is not None:
            note(row, session.choose(key, largest))
    return follow(server, session, row, before)


def _largest(session: Session, key: str) -> list[float] | list[str] | float | None:
    """Return the largest value of one of Streamlit's controls for numbers; None for anything else."""
    if key not in session.talk.widgets:  # it went with another one
        return None
    element = session.talk.widgets[key].element
    match element.WhichOneof("type"):
        case "slider" if element.slider.options:
            return [element.slider.options[-1]]
        case "slider":
            return [element.slider.max]
        case "number_input":
            return float(element.number_input.max)
    return None


def main() -> None:
    """Print a row for each."""
    parser = argparse.ArgumentParser(description="Time the largest values.")
    parser.add_argument("name", nargs="*", help="a part of a row's name")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    print(f"{'seconds':44}{'script':>9}{'alone':>9}{'Stop':>9}{'after':>9}")
    late = 0
    with tempfile.TemporaryDirectory() as folder:
        write_large_set(Path(folder) / "mnist")
        os.environ["SOFTMAX_LAB_DATA"] = folder
        server = Server(Path(folder) / "log.txt")
        try:
            Session(server.url, "images", "images_data=mnist").close()  # read once per process
            for rows in (links, settings):
                for row in rows(server, options.name):
                    late += row.is_late
                    print(row, flush=True)
            print(server.complaints()[-2000:] or "no traceback")
        finally:
            server.stop()
    print(f"{late} cost more than {ALLOWED:.0f} s without Stop, or failed")


if __name__ == "__main__":
    main()
