"""Whether the tests notice small faults in the mathematics: ``make mutants``.

mutmut makes a fault in the text, one at a time (+ for -, <= for <, a number one larger, None for a result, an argument
left out), and runs the tests of that file: a fault that no test notices has survived. Prints the survivors, then a
table, and fails below 90 %. What is made and which tests run stands in ``[tool.mutmut]`` of pyproject.toml. Results
are kept in ``mutants/``: only functions that have changed are tried again; ``--fresh`` forgets them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOAL = 90.0  # % killed


def mutmut(*words: str) -> str:
    """Run mutmut and return what it printed."""
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    """Try all mutants, print, judge."""
    if "--fresh" in sys.argv:
        shutil.rmtree(ROOT / "mutants", ignore_errors=True)
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "LAB_PROFILE": "core-quick"}
    last = mutmut("run").splitlines()[-1:]
    totals: dict[str, Counter[str]] = {}
    for name, fate in re.findall(r"^\s*(\S+__mutmut_\d+): (.+)$", mutmut("results", "--all", "true"), re.M):
        module = re.sub(r"\.x[_ǁ].*", "", name)
        totals.setdefault(module, Counter())[fate] += 1
        if fate not in ("killed", "timeout"):
            changed = [line for line in mutmut("show", name).splitlines() if re.match(r"[-+](?![-+])", line)]
            print(f"{name}: {fate}", *changed, sep="\n    ")
    if not totals:
        sys.exit(f"mutmut made no mutants: {' '.join(last)}")
    print("\n| | mutants | killed | share |\n|---|---|---|---|")
    totals["all"] = sum(totals.values(), Counter())
    for module, fates in totals.items():
        killed = fates["killed"] + fates["timeout"]
        share = 100 * killed / fates.total()
        print(f"| {module.removeprefix('softmax_core.')} | {fates.total()} | {killed} | {share:.1f} % |")
    sys.exit(share < GOAL)


if __name__ == "__main__":
    main()
