"""Benchmarks, each started from the project's root by ``python -m bench.<name>``. They use the tools of the browser tests."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

sys.path += [str(ROOT / "tests" / "browser"), str(ROOT / "tools")]
