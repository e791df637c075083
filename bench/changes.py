"""What a change of a control costs the server beside the training: ``python -m bench.changes [panel ...]``.

The Training page runs through Streamlit's AppTest with one of its panels open, and a control gets a value that no
run before had, so that nothing comes from a cache. Printed are, for each panel and control, the median of the
script's time without the training (`train_segments`), and of the CPU time in it; on a busy machine the two differ.
These are whole runs of the page; a learner's change reruns its fragment only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

from bench import reruns  # noqa: E402
from ui.frame import frame  # noqa: E402
from ui.training import run as training_run  # noqa: E402
from ui.training.optimum import TURNS  # noqa: E402

PANELS = ["curves", "diagnostics", "landscape", "takeaway"]
REPEATS = 15
ALLOWED_MS = 60.0
RATES = [round(a * 10.0**b, 4) for b in range(-3, 2) for a in (1, 2, 3, 5, 7)]
_training = [0.0, 0.0]  # time and CPU time of the training in a run, in ms


def _watch_training() -> None:
    original = training_run.train_segments

    def timed(*args: Any, **options: Any) -> Any:
        start, begin = time.perf_counter(), time.process_time()
        try:
            return original(*args, **options)
        finally:
            _training[0] += 1000 * (time.perf_counter() - start)
            _training[1] += 1000 * (time.process_time() - begin)

    training_run.train_segments = timed


def _change(app: AppTest, control: str, i: int) -> None:
    if control == "rate":
        app.session_state["training_rate"] = RATES[(7 * i) % len(RATES)]
    else:
        app.session_state["training_n"] = 200 + 10 * i


def measure(panel: str, control: str, link: dict[str, str]) -> tuple[float, float]:
    """Return the medians of a run's time and CPU time after a change, without the training, in ms."""
    app = AppTest.from_file(str(ROOT / "pages" / "training.py"), default_timeout=300)
    for name, value in ({"training_panel": panel} | link).items():
        app.query_params[name] = value
    app.run().run()
    wall, cpu = [], []
    for i in range(REPEATS):
        with TURNS.take(), TURNS.take():  # no optimum of the change before is still being searched for
            pass
        _change(app, control, i + 1)
        reruns.script_times.clear()
        _training[:] = [0.0, 0.0]
        app.run()
        if app.exception:
            raise RuntimeError(f"{panel}, {control}: {app.exception}")
        wall.append(sum(times[0] for times in reruns.script_times) - _training[0])
        cpu.append(sum(times[1] for times in reruns.script_times) - _training[1])
    return statistics.median(wall), statistics.median(cpu)


def main() -> None:
    """Measure every panel, or those that are named, and print the table."""
    parser = argparse.ArgumentParser(description="Time changes of a control on the Training page.")
    parser.add_argument(
        "panel", nargs="*", choices=[*PANELS, []], default=[], metavar="panel", help=", ".join(PANELS)
    )
    panels = parser.parse_args().panel or PANELS
    reruns.time_scripts()
    _watch_training()
    frame.warm_up.__wrapped__()
    print(f"load before: {os.getloadavg()}, cores: {os.cpu_count()}, median of {REPEATS} changes, ms")
    links = {
        "3 classes, linear": {},
        "10 classes, cubic": {"training_classes": "10", "training_features": "cubic"},
    }
    for panel in panels:
        for control in ("rate", "n"):
            for name, link in links.items():
                wall, cpu = measure(panel, control, link)
                print(
                    f"{panel:13}{control:6}{name:20}{wall:8.1f}  CPU {cpu:6.1f}  "
                    f"{wall / ALLOWED_MS:5.2f} of {ALLOWED_MS:.0f} ms",
                    flush=True,
                )
    print(f"load after: {os.getloadavg()}")


if __name__ == "__main__":
    main()
