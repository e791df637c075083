"""Takes functions and classes out of this package's own source, so that a script can run without it.

A script that is written down a second time would one day say something else than the page computes.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

PACKAGE = "softmax_core"
DROPPED = frozenset({"__post_init__", "names", "slopes", "keeps_inputs", "bind"})
"""Methods that a script has no use for: checks of what a reader typed, names for the page."""

ALIASES = {"Float64Array": "np.ndarray", "IntArray": "np.ndarray", "FloatArray": "np.ndarray"}


@dataclass
class Lifted:
    """Pieces of source in an order in which they can be run, and the imports that they need."""

    imports: set[str] = field(default_factory=set)
    pieces: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Imports first, then aliases and constants, then the definitions."""
        head = "\n".join(_gathered(self.imports))
        short = [text for text in self.pieces.values() if "\n" not in text]
        long = [text for text in self.pieces.values() if "\n" in text]
        top = "\n\n".join(part for part in (head, "\n".join(short)) if part)
        return "\n\n\n".join(part for part in (top, *long) if part)


def _gathered(imports: set[str]) -> list[str]:
    """Return one line per module, NumPy last."""
    whole = sorted(line for line in imports if line.startswith("import "))
    named: dict[str, set[str]] = {}
    for line in imports - set(whole):
        home, name = line.removeprefix("from ").split(" import ")
        named.setdefault(home, set()).add(name)
    lines = [f"from {home} import {', '.join(sorted(names))}" for home, names in sorted(named.items())]
    return [
        *(line for line in whole if "numpy" not in line),
        *lines,
        *(line for line in whole if "numpy" in line),
    ]


def lift(*roots: Any, without: Iterable[str] = DROPPED) -> Lifted:
    """Return the source of functions and classes, with everything of this package that they use.

    Docstrings keep their first line, and some methods are left out.

    Parameters
    ----------
    *roots : function or class
        Defined at the top of a module of this package.
    without : iterable of str
        Names of methods to leave out.

    Raises
    ------
    ValueError
        If a root is not from this package, or two modules use one name for different constants.

    Examples
    --------
    >>> from softmax_core.optimum.proximal import shrink
    >>> print(lift(shrink).text)
    import numpy as np
    <BLANKLINE>
    Float64Array = np.ndarray
    <BLANKLINE>
    <BLANKLINE>
    def shrink(W: Float64Array, threshold: float | Float64Array) -> Float64Array:
        \"\"\"Move every weight towards 0 by a threshold, and no further: ``sign(w) * max(|w| - threshold, 0)``.\"\"\"
        return W - np.clip(W, -threshold, threshold)
    """
    found = _lifted(roots, frozenset(without))
    return Lifted(set(found.imports), dict(found.pieces), dict(found.values))


@cache
def _lifted(roots: tuple[Any, ...], dropped: frozenset[str]) -> Lifted:
    """Do the work of `lift`, once for the same question: source does not change while the program runs."""
    lifted = Lifted()
    for root in roots:
        if not getattr(root, "__module__", "").startswith(PACKAGE):
            raise ValueError(f"only what {PACKAGE} defines can be lifted, received {root!r}")
        _take(root, lifted, dropped)
    return lifted


def _take(thing: Any, lifted: Lifted, dropped: frozenset[str]) -> None:
    name = thing.__name__
    if name in lifted.pieces:
        return
    module = sys.modules[thing.__module__]
    source = inspect.getsource(thing)
    node = ast.parse(source).body[0]
    assert isinstance(node, ast.ClassDef | ast.FunctionDef)
    if isinstance(node, ast.ClassDef):
        gone = [part for part in node.body if getattr(part, "name", None) in dropped]
        node.body = [part for part in node.body if part not in gone]
    else:
        gone = []
    for used in _names(node):
        _need(used, name, module, lifted, dropped)
    lifted.pieces[name] = _shortened(source, node, gone)


def _need(used: str, owner: str, module: types.ModuleType, lifted: Lifted, dropped: frozenset[str]) -> None:
    """Add what a name of a module stands for: an import, an alias, a constant or another piece."""
    if used == owner or used not in vars(module):
        return  # local names, built-ins, and names that only type checkers know
    value = vars(module)[used]
    if not isinstance(value, type):
        value = inspect.unwrap(value)  # a function with a memory is taken with its decorator
    origin = getattr(value, "__module__", "") or ""
    if used in ALIASES:
        lifted.imports.add("import numpy as np")
        lifted.pieces.setdefault(used, f"{used} = {ALIASES[used]}")
    elif isinstance(value, types.ModuleType):
        lifted.imports.add(f"import {value.__name__}" + (f" as {used}" if used != value.__name__ else ""))
    elif isinstance(value, type | types.FunctionType) and origin.startswith(PACKAGE):
        _take(value, lifted, dropped)
    elif isinstance(value, int | float | str):
        if lifted.values.setdefault(used, value) != value:
            raise ValueError(f"two modules give {used} different values: {lifted.values[used]!r}, {value!r}")
        lifted.pieces.setdefault(used, _assignment(used, module))
    elif "Slots" in used:
        lifted.pieces.setdefault(used, f"{used} = tuple")
    else:
        lifted.imports.add(f"from {_home(used, module)} import {used}")


def _names(node: ast.AST) -> Iterator[str]:
    """Every name in a definition, once, in order; those of methods that were left out are gone."""
    seen: dict[str, None] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            seen[part.id] = None
    return iter(seen)


def _assignment(name: str, module: types.ModuleType) -> str:
    """Return the line that gives a constant of a module its value."""
    tree = ast.parse(inspect.getsource(module))
    for part in tree.body:
        if isinstance(part, ast.Assign) and any(getattr(t, "id", None) == name for t in part.targets):
            return ast.unparse(part)
    return f"{name} = {vars(module)[name]!r}"  # imported from a neighbour


def _home(name: str, module: types.ModuleType) -> str:
    """Return the module outside this package that a name was imported from."""
    for part in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(part, ast.ImportFrom) and any(alias.name == name for alias in part.names):
            return str(part.module)
    raise ValueError(f"{module.__name__} does not import {name!r}")


def _shortened(source: str, node: ast.ClassDef | ast.FunctionDef, gone: list[ast.stmt]) -> str:
    """Return the source without the dropped methods and with the first line of every docstring."""
    lines: list[str | None] = list(source.rstrip("\n").split("\n"))
    for part in gone:
        decorators = getattr(part, "decorator_list", [])
        first = min([part.lineno, *(decorator.lineno for decorator in decorators)])
        assert part.end_lineno is not None
        _blank(lines, first - 1, part.end_lineno)
    for owner in ast.walk(node):
        if not isinstance(owner, ast.ClassDef | ast.FunctionDef):
            continue
        for i, text in enumerate(owner.body):
            if not (isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)):
                continue
            if not isinstance(text.value.value, str) or text.end_lineno is None:
                continue
            start, indent = text.lineno - 1, " " * text.col_offset
            first_line = text.value.value.strip().split("\n")[0]
            _blank(lines, start, text.end_lineno)
            if i == 0:
                lines[start] = f'{indent}"""{first_line}"""'
    return _tidy([line for line in lines if line is not None])


def _blank(lines: list[str | None], first: int, end: int) -> None:
    for i in range(first, end):
        lines[i] = None


def _tidy(lines: list[str]) -> str:
    """Leave no two blank lines in a row and none at the end."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line)
    return "\n".join(kept).rstrip()
