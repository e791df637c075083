"""What the scripts share: points, features, targets, schedules and batches as text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import combinations_with_replacement, pairwise

import numpy as np
import numpy.typing as npt

from softmax_core.datasets.dataset import Dataset
from softmax_core.features import Cubic, FittedMap, Linear, Quadratic, RadialBasis, Sine
from softmax_core.schedules import Constant, CosineDecay, InverseTime, Schedule, StepDecay
from softmax_core.seeds import Streams
from softmax_core.training import TrainConfig, class_weights

Rows = Sequence[Sequence[float]]

WIDTH = 100
DEGREES: dict[type[object], int] = {kind: kind.degree for kind in (Linear, Quadratic, Cubic)}


class NoTemplateError(ValueError):
    """A script cannot say what a run does.

    Attributes
    ----------
    library : str
        Such as "NumPy".
    name : str
        The optimiser, schedule or feature map for which there is no template.
    """

    def __init__(self, library: str, part: object) -> None:
        self.library, self.name = library, type(part).__name__
        super().__init__(f"there is no template of a {library} script for {part!r}")


def script(*pieces: str) -> str:
    """Join pieces of a script by one empty line, or two around a function; empty pieces are left out.

    Examples
    --------
    >>> script("import numpy as np", "", "x = 1")
    'import numpy as np\\n\\nx = 1\\n'
    """
    text = ""
    for before, piece in pairwise(["", *filter(None, pieces)]):
        is_function = before.startswith("def ") or piece.startswith("def ")
        text += ("\n\n" if is_function else "\n" if before else "") + piece.strip("\n") + "\n"
    return text


def block(*lines: str, indent: int = 0) -> str:
    """Join lines, or pieces of several lines, and leave out the empty ones."""
    return textwrap.indent("\n".join(line.strip("\n") for line in lines if line), " " * indent)


def array_text(name: str, values: npt.ArrayLike) -> str:
    """Return an assignment of a vector or a matrix, every number with all its digits.

    Examples
    --------
    >>> print(array_text("X", [[0.1, 2.0], [3.0, 4.0]]))
    X = np.array([[0.1, 2.0], [3.0, 4.0]])
    """
    items = repr(np.asarray(values).tolist())[1:-1]
    if items.startswith("["):  # a row of a matrix stays on one line
        items = items.replace("], [", "],\n[").replace(", ", ",\u00a0").replace(",\n", ", ")
    return _list_text(f"{name} = np.array", items)


def _list_text(call: str, items: str) -> str:
    """Return a call with a list, over several lines where one is too long; no line ends at a no-break space."""
    text = f"{call}([{items}])"
    if len(text) > WIDTH:
        rows = textwrap.wrap(items, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
        text = f"{call}([\n" + "".join(f"    {row}\n" for row in rows).rstrip("\n") + ",\n])"
    return text.replace("\u00a0", " ")


def points_text(data: Dataset) -> str:
    """Return the assignments of X (n, d) and y (n,)."""
    return block(array_text("X", data.X), array_text("y", data.y))


def feature_text(data: Dataset, fitted: FittedMap, library: str) -> tuple[str, str]:
    """Return the lines from X to the features, and the name that the features then have.

    Raises
    ------
    NoTemplateError
        If the kind of map has no template.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> data = make(DataSpec("three_points"))
    >>> print(feature_text(data, Quadratic().fit(data.X), "NumPy")[0])
    # Features: the inputs, their squares and their product.
    x1, x2 = X.T
    F = np.column_stack([x1, x2, x1**2, x1 * x2, x2**2])
    """
    kind, inputs, before = fitted.kind, "X", ""
    if kind.standardise:
        inputs, before = "U", _standardised(data, fitted)
    if type(kind) is Linear:
        return before, inputs
    if type(kind) is Sine:
        lines = f"F = np.column_stack([{inputs}, np.sin({kind.frequency!r} * {inputs})])  # inputs and waves"
    elif type(kind) is RadialBasis:
        lines = _bumps(kind, fitted, data, inputs)
    elif type(kind) in DEGREES:
        lines = _monomials(DEGREES[type(kind)], data.X.shape[1], inputs)
    else:
        raise NoTemplateError(library, kind)
    return block(before, lines), "F"


def _standardised(data: Dataset, fitted: FittedMap) -> str:
    if np.array_equal(fitted.scale, data.X.std(axis=0)):
        return "U = (X - X.mean(axis=0)) / X.std(axis=0)  # mean 0 and standard deviation 1"
    # An input that does not vary is divided by 1.
    return block(
        array_text("mean", fitted.shift), array_text("deviation", fitted.scale), "U = (X - mean) / deviation"
    )


def _monomials(degree: int, d: int, inputs: str) -> str:
    names = [f"x{i + 1}" for i in range(d)]
    terms = []
    for total in range(1, degree + 1):
        for factors in combinations_with_replacement(range(d), total):
            powers = {i: factors.count(i) for i in factors}
            terms.append(" * ".join(names[i] + (f"**{p}" if p > 1 else "") for i, p in powers.items()))
    what = "their squares and their product" if degree == 2 else "and all products of two and of three"
    line = _list_text("F = np.column_stack", ", ".join(term.replace(" ", "\u00a0") for term in terms))
    unpacked = ", ".join(names) + ("," if d == 1 else "")
    return block(f"# Features: the inputs, {what}.", f"{unpacked} = {inputs}.T", line)


def _bumps(kind: RadialBasis, fitted: FittedMap, data: Dataset, inputs: str) -> str:
    side = kind.per_side
    U = (data.X - fitted.shift) / fitted.scale
    low, high = U.min(axis=0), U.max(axis=0)
    box = f"low, high = {inputs}.min(axis=0), {inputs}.max(axis=0)"
    if not (high > low).all():  # points on a line still get a grid around them
        low, high = np.where(high > low, low, low - 0.5), np.where(high > low, high, low + 0.5)
        box = block(array_text("low", low), array_text("high", high))
    return block(
        f"# Features: normal bumps on a grid of {side} x {side} centres over the box of the data.",
        box,
        f"grid = np.linspace(0, 1, {side})",
        "centres = np.array([low + (high - low) * (s, t) for t in grid for s in grid])",
        f"width = {kind.width!r} * (high - low) / {side - 1}",
        f"F = np.exp(-((({inputs}[:, None] - centres) / width) ** 2).sum(axis=2) / 2)",
    )


def target_text(data: Dataset, config: TrainConfig) -> str:
    """Return the lines that make the targets Y (n, K)."""
    K, smoothing = data.n_classes, config.label_smoothing
    if not smoothing:
        return f"Y = np.eye({K})[y]  # one-hot targets, (n, K)"
    return f"Y = (1 - {smoothing!r}) * np.eye({K})[y] + {smoothing!r} / {K}  # targets with label smoothing, (n, K)"


def weight_text(data: Dataset, config: TrainConfig) -> str:
    """Return the line that gives every sample its weight, mean 1; empty where all count alike."""
    weights = class_weights(data, config)
    if weights is None:
        return ""
    why = "  # n / (classes * points of the class)" if config.class_weights == "balanced" else ""
    return block(
        f"weights = np.array({list(weights)!r})[y]{why}",
        "weights = weights / weights.mean()",
    )


def start_text(config: TrainConfig, shape: tuple[int, int], start: Rows | None) -> str:
    """Return the lines that give theta, W with b as its last row, its first value."""
    if start is not None:
        return array_text("theta", np.array(start, dtype=np.float64)) + "  # W, with b as its last row"
    zeros = f"theta = np.zeros({shape})  # W, with b as its last row"
    if config.start == "zeros":
        return zeros
    return block(
        zeros,
        _stream("start", config.seed),
        f"theta[:-1] = {config.start_scale!r} * rng.standard_normal({(shape[0] - 1, shape[1])})",
    )


def order_text(seed: int) -> str:
    """Return the lines before the loop of a run with minibatches.

    ``SeedSequence(seed).spawn(5)[i]`` of `softmax_core.seeds` is ``SeedSequence(seed, spawn_key=(i,))``:
    with the same permutations the script draws the same batches.
    """
    return block(_stream("batches", seed), "order = []")


def _stream(name: str, seed: int) -> str:
    key = Streams._fields.index(name)
    return f"rng = np.random.default_rng(np.random.SeedSequence({seed}, spawn_key=({key},)))"


def batch_text(size: int) -> str:
    """Return the first lines of a step with minibatches."""
    return f"""\
if len(order) == 0:  # a new epoch: all samples in a new random order
    order = rng.permutation(len(y))
batch, order = order[:{size}], order[{size}:]"""


def factor_text(schedule: Schedule, library: str) -> str:
    """Return the factor on the learning rate after t updates, as an expression; empty where it stays 1.

    Raises
    ------
    NoTemplateError
        If the kind of schedule has no template.

    Examples
    --------
    >>> factor_text(StepDecay(10, 0.5), "NumPy")
    '0.5 ** (t // 10)'
    """
    if type(schedule) is Constant:
        return ""
    if type(schedule) is StepDecay:
        return f"{schedule.drop!r} ** (t // {schedule.every})"
    if type(schedule) is InverseTime:
        return f"1 / (1 + {schedule.decay!r} * t)"
    if type(schedule) is CosineDecay:
        half = f"(1 + np.cos(np.pi * min(t, {schedule.over}) / {schedule.over})) / 2"
        floor = schedule.floor
        return f"({floor!r} + (1 - {floor!r}) * {half})" if floor else half
    raise NoTemplateError(library, schedule)


def loop_head(config: TrainConfig) -> str:
    """Return the line that begins the loop; t counts the updates that came before."""
    end = "  # early stopping ended the run here" if config.stop is not None else ""
    return f"for t in range({config.steps}):{end}"
