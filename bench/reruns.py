"""How long the server takes for a rerun of each page: ``python -m bench.reruns [page ...]``.

Each page is opened with each of its panels and run again through Streamlit's AppTest, which executes the script
as the server does, message by message, but without a browser. Printed are the median and the 90th percentile of
the script's own time, and of the CPU time in it (on a busy machine the two differ): from the start of the run to
its last line, taken inside the runner, so that AppTest's reading of the messages is left out. A learner's drag reruns
only the fragment; these are whole runs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.runtime.scriptrunner import exec_code, script_runner  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from ui.frame import frame  # noqa: E402

REPEATS = 25
ALLOWED_MS = 40.0
script_times: list[tuple[float, float]] = []  # time and CPU time of each script, in ms


def time_scripts() -> None:
    """Make the script runner append to `script_times` how long each script took."""
    original = exec_code.exec_func_with_error_handling

    def timed(*args: object, **options: object) -> object:
        start, begin = time.perf_counter(), time.process_time()
        try:
            return original(*args, **options)  # type: ignore[arg-type]
        finally:
            took = time.perf_counter() - start, time.process_time() - begin
            script_times.append((1000 * took[0], 1000 * took[1]))

    script_runner.exec_func_with_error_handling = timed  # type: ignore[assignment]


def panels_of(stem: str) -> list[str | None]:
    """Return the codes of a page's panels, read off its own control; None alone where it has none."""
    from ui.widgets import controls

    seen: list[str | None] = []
    original = controls.segmented

    def spy(key: str, label: str, options: dict[str, str], default: str, **rest: object) -> str:
        if key == f"{stem}_panel":
            seen.extend(options)
        return original(key, label, options, default, **rest)  # type: ignore[arg-type]

    controls.segmented = spy  # type: ignore[assignment]
    try:
        AppTest.from_file(str(ROOT / "pages" / f"{stem}.py"), default_timeout=300).run()
    finally:
        controls.segmented = original
    # A copy: a module imported meanwhile still calls the spy, which would append to this list.
    return list(dict.fromkeys(seen)) or [None]


def measure(stem: str, panel: str | None) -> tuple[float, float, float]:
    """Return the median and the 90th percentile of a rerun, and the median of its CPU time, in milliseconds."""
    app = AppTest.from_file(str(ROOT / "pages" / f"{stem}.py"), default_timeout=300)
    if panel is not None:
        app.query_params[f"{stem}_panel"] = panel
    app.run()
    app.run()
    script_times.clear()
    for _run in range(REPEATS):
        app.run()
        if app.exception:
            raise RuntimeError(f"{stem}, {panel}: {app.exception}")
    wall, cpu = ([times[i] for times in script_times] for i in (0, 1))
    return statistics.median(wall), statistics.quantiles(wall, n=10)[-1], statistics.median(cpu)


def main() -> None:
    """Measure every page, or those that are named, and print the table."""
    pages = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
    parser = argparse.ArgumentParser(description="Time reruns of the pages.")
    parser.add_argument(
        "page", nargs="*", choices=[*pages, []], default=[], metavar="page", help=", ".join(pages)
    )
    stems = parser.parse_args().page or pages
    time_scripts()
    print(f"load before: {os.getloadavg()}, cores: {os.cpu_count()}, median of {REPEATS} reruns, ms")
    print(f"{frame.warm_up.__wrapped__()} objects taken from the garbage collector, as the server does")
    worst = 0.0
    for stem in stems:
        for panel in panels_of(stem):
            median, high, cpu = measure(stem, panel)
            worst = max(worst, median)
            share = f"{median / ALLOWED_MS:5.2f} of {ALLOWED_MS:.0f} ms"
            print(
                f"{stem:14}{panel or '':14}{median:8.1f}  p90 {high:7.1f}  CPU {cpu:6.1f}  {share}",
                flush=True,
            )
    print(f"slowest median {worst:.1f} ms; load after: {os.getloadavg()}")


if __name__ == "__main__":
    main()
