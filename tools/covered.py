"""Which lines and branches the tests without a browser run: ``make coverage``.

Prints what is missed, then a table, and fails below the goals. A branch is one of the ways on from a line: an
``if`` has two, and both must be taken. ``make coverage ARGS=tests/charts`` measures a part of the tests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOALS = {"softmax_core": 100.0, "charts": 95.0, "ui": 95.0}  # % of the lines, and of the branches
COUNTS = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def measured(tests: list[str]) -> tuple[int, dict[str, dict]]:
    """Run pytest with these words and return its exit code and what coverage.py says of each file."""
    with tempfile.TemporaryDirectory() as folder:
        rules, report = f"--rcfile={ROOT / 'pyproject.toml'}", Path(folder) / "report.json"
        environment = os.environ | {"COVERAGE_FILE": str(Path(folder) / "data")}

        def coverage(*words: str) -> int:
            return subprocess.run(
                [sys.executable, "-m", "coverage", *words], cwd=ROOT, env=environment
            ).returncode

        failed = coverage("run", rules, "-m", "pytest", "-q", "-n", "3", *tests)
        coverage("combine", rules, "--quiet")
        coverage("json", rules, "--quiet", "-o", str(report))
        return failed, json.loads(report.read_text("utf-8"))["files"]


def main() -> None:
    """Measure, print, judge."""
    failed, files = measured(sys.argv[1:] or ["--ignore=tests/browser"])
    totals = {part: Counter[str]() for part in GOALS}
    for name, file in sorted(files.items()):
        totals[name.split("/")[0]].update({count: file["summary"][count] for count in COUNTS})
        if missed := [str(line) for line in file["missing_lines"]]:
            print(f"{name}: lines {', '.join(missed)}")
        if missed := [f"{line} -> {'end' if to < 0 else to}" for line, to in file["missing_branches"]]:
            print(f"{name}: branches {', '.join(missed)}")
    print("\n| | lines | branches | goal |\n|---|---|---|---|")
    for part, goal in GOALS.items():
        lines, run, branches, taken = (totals[part][count] for count in COUNTS)
        shares = [100 * run / max(1, lines), 100 * taken / max(1, branches)]
        print(f"| {part} | {shares[0]:.2f} % of {lines:,} | {shares[1]:.2f} % of {branches:,} | {goal:g} % |")
        failed |= min(shares) < goal
    sys.exit(failed)


if __name__ == "__main__":
    main()
