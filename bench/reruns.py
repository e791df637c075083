"""What a rerun of each page costs the server and sends: ``python -m bench.reruns [page ...] [--repeats N]``.

Sessions without a browser ask a server of their own for reruns, over its websocket, with Streamlit's own messages. Three
tables: every page with each of its panels, when nothing has changed; a learning rate that is changed on Training and Hidden layer, which train
anew, without the bytes of the new run itself; and the answer to a hand that drags or types, on each board. A row has the median of
the time from the question to "the script has finished" and its 90th percentile, the processor time of the server, messages,
elements and kilobytes. After each rerun a second session asks a second server for a Streamlit app that has two charts and
nothing else, so that the load of the machine meets both; the ratio is that of the medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server import Server

from bench import ROOT
from bench.support.learners import is_board, moved_on
from bench.support.panels import panel_key, panels
from bench.support.processes import processor
from bench.support.session import Run, Session, mean_of

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
GOALS = {"rerun": (20.0, 30.0), "setting": (25.0, 40.0), "drag": (8.0, 30.0)}  # ms and kB


@dataclass
class Row:
    """The runs of one line of the table, ours and those of the two charts."""

    kind: str
    name: str
    ours: list[Run] = field(default_factory=list)
    theirs: list[Run] = field(default_factory=list)
    cpu: float = 0.0  # ms a run

    def __str__(self) -> str:
        times = [1000 * run.seconds for run in self.ours]
        median, high = statistics.median(times), statistics.quantiles(times, n=10)[-1]
        own = mean_of(self.ours, "largest") if self.kind == "setting" else 0.0  # of the new run
        kb = (mean_of(self.ours, "bytes") - own) / 1000
        ms_allowed, kb_allowed = GOALS[self.kind]
        ratio = median / statistics.median(1000 * run.seconds for run in self.theirs)
        late = "  ms!" if median > ms_allowed else ""
        large = "  kB!" if kb > kb_allowed else ""
        counts = f"{mean_of(self.ours, 'messages'):5.0f}{mean_of(self.ours, 'elements'):5.0f}"
        return (
            f"{self.name:38}{median:7.1f}{high:7.1f}{self.cpu:7.1f}{counts}{kb:7.1f}{ratio:7.2f}{late}{large}"
        )


class Bench:
    """Two servers, and what is asked of them."""

    def __init__(self, folder: Path, repeats: int) -> None:
        self.repeats = repeats
        self.server = Server(folder / "ours.txt")
        os.environ["STREAMLIT_RUNNER_POST_SCRIPT_GC"] = (
            "true"  # as Streamlit comes, whatever our configuration says
        )
        self.charts = Server(
            folder / "two_charts.txt", str(Path(__file__).parent / "support" / "two_charts.py")
        )
        self.beside = Session(self.charts.url)

    def close(self) -> None:
        """Stop both."""
        self.beside.close()
        for server in (self.server, self.charts):
            server.stop()

    def open(self, page: str, **query: str) -> Session:
        """Return a session on a page."""
        session = Session(self.server.url, page, query)
        session.rerun()
        return session

    def measure(self, kind: str, name: str, ask: Callable[[int], Run]) -> Row:
        """Ask so many times, each time beside the two charts."""
        row = Row(kind, name)
        for i in range(3):
            ask(i)
            self.beside.rerun()
        for i in range(3, 3 + self.repeats):
            before = 1000 * processor(self.server.pid)
            row.ours.append(ask(i))
            row.cpu += 1000 * processor(self.server.pid) - before
            row.theirs.append(self.beside.rerun())
        row.cpu /= self.repeats
        for run in row.ours:
            if run.exceptions:
                raise RuntimeError(f"{name}: {run.exceptions}")
        return row


def _every_panel(bench: Bench, pages: list[str]) -> Iterator[tuple[str, str, Session]]:
    """Open each page with each of its panels in turn; the session of a page is closed after the last."""
    for page in pages:
        session = bench.open("" if page == "home" else page)
        for panel in panels(session, page) or [""]:
            if panel:
                _choose_panel(session, page, panel)
            yield page, panel, session
        session.close()


def reruns(bench: Bench, pages: list[str]) -> Iterator[Row]:
    """Every page with each of its panels; nothing has changed."""
    for page, panel, session in _every_panel(bench, pages):
        yield bench.measure("rerun", f"{page} {panel}", lambda _i, session=session: session.rerun())


def settings(bench: Bench) -> Iterator[Row]:
    """A new learning rate on the lessons that train, with panels that follow the run.

    Each row has points of its own, so that it trains anew and finds no run that the row before has left behind.
    """
    of_training = [("training", panel) for panel in ("Settings", "Curves", "Diagnostics", "Landscape")]
    of_hidden_layer = [("hidden_layer", panel) for panel in ("Units", "One step", "Curves")]
    for seed, (page, panel) in enumerate([*of_training, *of_hidden_layer], start=1):
        session = bench.open(page, **{f"{page}_seed": str(seed)})
        if panel != "Settings":  # the control is there beside every panel, on a narrow screen
            _choose_panel(session, page, panel)

        def rate(i: int, session: Session = session, page: str = page) -> Run:
            return _slide(session, f"{page}_rate_live", i)

        yield bench.measure("setting", f"{page} {panel}, learning rate", rate)
        session.close()


def drags(bench: Bench, pages: list[str]) -> Iterator[Row]:
    """The hand drags on a board or types, beside each panel."""
    for page, panel, session in _every_panel(bench, pages):
        for key in [key for key in session.talk.widgets if is_board(session.talk, key)]:
            state = session.talk.data(key)["state"]

            def drag(i: int, session: Session = session, key: str = key, state: Any = state) -> Run:
                revision = session.talk.data(key)["revision"]
                return session.send(key, state={**moved_on(state, i), "revision": revision, "resting": False})

            yield bench.measure("drag", f"{page} {panel}, {key.removeprefix(page + '_')}", drag)


def _choose_panel(session: Session, page: str, panel: str) -> None:
    key = panel_key(session, page)
    if key:
        session.choose(key, [panel])
        session.rerun()


def _slide(session: Session, key: str, i: int) -> Run:
    """Set a slider of our own to another of its stops."""
    stops = session.talk.data(key)["stops"]
    return session.send(key, state={"value": stops[(7 * i) % len(stops)], "number": i + 1})


def main() -> None:
    """Measure every page, or those that are named, and print the tables."""
    parser = argparse.ArgumentParser(description="Time reruns of the pages.")
    parser.add_argument(
        "page", nargs="*", choices=[*PAGES, []], default=[], metavar="page", help=", ".join(PAGES)
    )
    parser.add_argument("--repeats", type=int, default=25)
    parser.add_argument("--only", choices=list(GOALS), help="one of the tables")
    options = parser.parse_args()
    pages = options.page or PAGES
    print(f"load before: {os.getloadavg()}, cores: {os.cpu_count()}, {options.repeats} runs a row")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options.repeats)
        try:
            tables = {"rerun": lambda: reruns(bench, pages), "drag": lambda: drags(bench, pages)}
            if "training" in pages:
                tables["setting"] = lambda: settings(bench)
            for kind, rows in tables.items():
                if options.only in (None, kind):
                    print(
                        f"\n{kind}: at most {GOALS[kind][0]:.0f} ms and {GOALS[kind][1]:.0f} kB; ratio to two charts"
                    )
                    print(f"{'':38}{'ms':>7}{'p90':>7}{'CPU':>7}{'msgs':>5}{'els':>5}{'kB':>7}{'ratio':>7}")
                    theirs: list[float] = []
                    for row in rows():
                        print(row, flush=True)
                        theirs += [1000 * run.seconds for run in row.theirs]
                    if theirs:
                        print(f"two charts: {statistics.median(theirs):.1f} ms")
        finally:
            bench.close()
    print(f"\nload after: {os.getloadavg()}")


if __name__ == "__main__":
    main()
