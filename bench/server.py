"""One server under many learners: ``python -m bench.server [--learners N] [--seconds S]``.

The learners have no browser; they speak Streamlit's own messages over websockets, all in this one process, and wait as
hands do: 60 % drag on a board or type a sentence for two seconds (one message under way at a time) and rest for two, 20 % change a setting
of Training or Hidden layer every two to six seconds, on points of their own, 10 % let a run play (a message every 2 to 8 s), and 10 % go to
another page every three to seven. Printed is the time from a message until "the script has finished", by kind, and the
memory and the threads of the server. Before that, 30 open the app within ten seconds, each over a new connection and with an empty
cache. Then the same with an app that has two charts and nothing else, as Streamlit comes and with our configuration, so that
the load of the machine meets all.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from server import Server

from bench.support.learners import Learner, Tally, arrive, crowd, watched
from bench.support.processes import memory, processor, threads

CHANGES = ("release", "setting", "page")  # what a learner waits for
GOALS = "goals: p50 at most 100 ms, p95 at most 500 ms, no error, memory at most 3 MB a learner and flat after the first minute"
CHARTS = "two charts, as Streamlit comes"
ARRIVING, WITHIN, FIRST_PAGE = 30, 10.0, 6.0


async def arrivals(url: str, plain: bool) -> Tally:
    """Let 30 open the app within ten seconds."""
    tally = Tally()
    learners = [Learner(url, tally, i, plain) for i in range(ARRIVING)]
    async with asyncio.TaskGroup() as group:
        for i, learner in enumerate(learners):
            group.create_task(watched(learner, arrive(learner), WITHIN * i / ARRIVING))
    await asyncio.gather(*(learner.close() for learner in learners))
    return tally


async def lesson(server: Server, count: int, seconds: float, plain: bool) -> tuple[Tally, list[str]]:
    """Let many learn for so many seconds; return what was measured after they had arrived, and the memory by the minute."""
    learners = [Learner(server.url, Tally(), i, plain) for i in range(count)]
    at_first, tally, notes = memory(server.pid), Tally(), []
    spread = max(10.0, count / 5)  # not all at once
    tasks = [
        asyncio.create_task(watched(learner, act, spread * i / count))
        for i, (learner, act) in enumerate(zip(learners, crowd(learners), strict=True))
    ]
    await asyncio.sleep(spread + 2)
    for learner in learners:
        tally.errors.update(learner.tally.errors)
        learner.tally = tally
    begin, used = time.monotonic(), processor(server.pid)
    marks = [60.0 * minute for minute in range(int(seconds // 60) + 1)]
    for mark in sorted({*marks, seconds}):
        await asyncio.sleep(begin + mark - time.monotonic())
        now = memory(server.pid)
        notes.append(
            f"after {mark:5.0f} s: {now:6.1f} MB, {(now - at_first) / count:5.2f} MB a learner, {threads(server.pid):4} threads"
        )
    used = (processor(server.pid) - used) / (time.monotonic() - begin)
    notes.insert(0, f"before: {at_first:.1f} MB; the server used {used:.2f} processors")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(learner.close() for learner in learners))
    await asyncio.sleep(3)
    notes.append(f"when all have left: {memory(server.pid):6.1f} MB, {threads(server.pid):4} threads")
    return tally, notes


def table(tally: Tally) -> dict[str, tuple[float, float]]:
    """Print times by kind; return p50 and p95 of those who wait for a change."""
    rows = {kind: tally.seconds[kind] for kind in sorted(tally.seconds)}
    rows["all changes"] = [second for kind in CHANGES for second in tally.seconds.get(kind, [])]
    found = {}
    print(f"{'ms':12}{'count':>7}{'p50':>8}{'p95':>8}{'max':>8}")
    for kind, seconds in rows.items():
        if len(seconds) > 1:
            times = [1000 * second for second in seconds]
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            found[kind] = p50, p95
            print(f"{kind:12}{len(times):7}{p50:8.0f}{p95:8.0f}{max(times):8.0f}")
    print("errors:", dict(tally.errors) or "none")
    return found


def measure(
    server: Server, learners: int, seconds: float, arriving: bool, plain: bool
) -> dict[str, tuple[float, float]]:
    """Measure one app and print it."""
    if arriving:
        tally = asyncio.run(arrivals(server.url, plain))
        times = tally.seconds["arrival"]
        print(
            f"{ARRIVING} open it within {WITHIN:.0f} s: first page after {statistics.median(times):.2f} s (median), "
            f"{max(times):.2f} s (longest; goal {FIRST_PAGE:.0f}), {tally.errors.total()} errors"
        )
    tally, notes = asyncio.run(lesson(server, learners, seconds, plain))
    found = table(tally)
    print("\n".join(notes), flush=True)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure ours and the two charts."""
    parser = argparse.ArgumentParser(description="One server under many learners.")
    parser.add_argument("--learners", type=int, default=100)
    parser.add_argument(
        "--seconds", type=float, default=120.0, help="of the lesson; the two charts get a third"
    )
    parser.add_argument("--alone", action="store_true", help="without the two charts and the arrivals")
    options = parser.parse_args(arguments)
    print(
        f"{options.learners} learners, {options.seconds:.0f} s, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"
    )
    print(GOALS)
    charts = "bench/support/two_charts.py"
    apps = {
        "ours": ("app.py", "false"),
        CHARTS: (charts, "true"),
        f"{CHARTS}, our configuration": (charts, "false"),
    }
    if options.alone:
        apps = {"ours": apps["ours"]}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for i, (name, (script, collects)) in enumerate(apps.items()):
            os.environ["STREAMLIT_RUNNER_POST_SCRIPT_GC"] = collects
            server = Server(Path(folder) / f"{i}.txt", script)
            try:
                print(f"\n{name}")
                seconds = options.seconds if name == "ours" else options.seconds / 3
                found[name] = measure(server, options.learners, seconds, not options.alone, name != "ours")
                print(server.complaints()[-3000:] or "no traceback")
            finally:
                server.stop()
    for name, theirs in found.items():
        for kind in theirs.keys() & found["ours"].keys() if name != "ours" else ():
            ratios = [ours / other for ours, other in zip(found["ours"][kind], theirs[kind], strict=True)]
            print(f"ratio to {name}, {kind}: p50 {ratios[0]:.2f}, p95 {ratios[1]:.2f}")
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
