"""What import-linter's contracts do not say: no import runs in a circle, those for types included."""

import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("pages", "ui", "charts", "instruments", "softmax_core", "locales")


def cycle(imports):
    """A circle of modules that import each other, or None."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return None


def test_no_import_runs_in_a_circle(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert sum(map(len, imports.values())) > 500, "the graph is that of this project"
    assert cycle(imports) is None


@pytest.mark.parametrize("extra", ["softmax_core.functional", "ui.frame.frame"])
def test_a_circle_would_be_seen(monkeypatch, extra):
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    importer = sorted(graph.find_modules_that_directly_import(extra))[0]
    graph.add_import(importer=extra, imported=importer)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert cycle(imports) is not None
