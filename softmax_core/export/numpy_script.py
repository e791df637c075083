"""A run as a script in NumPy alone, made from the source that computed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.export.lifting import DROPPED, lift
from softmax_core.export.parts import array_text, points_text, share_text, target_lines
from softmax_core.features import FittedMap
from softmax_core.features.polynomial import Monomials
from softmax_core.features.radial import Bumps
from softmax_core.features.sine import Waves
from softmax_core.objective import FullBatch, MiniBatches, Objective, with_ones
from softmax_core.optimizers import Optimizer
from softmax_core.optimum.proximal import shrink
from softmax_core.schedules import Constant
from softmax_core.seeds import streams
from softmax_core.training.config import TrainConfig
from softmax_core.training.loop import start_weights
from softmax_core.training.problem import fit_features

Rows = Sequence[Sequence[float]]

_UNUSED = frozenset({
    "gradient", "gradient_from", "steepest", "probabilities", "loss_and_probabilities", "sample_losses",
    "batch_shares", "largest_eigenvalue", "lanczos",
})  # fmt: skip


def numpy_script(data: Dataset, config: TrainConfig, start: Rows | None = None) -> str:
    """Return a script that trains as `softmax_core.training.loop.train` does and prints the last loss.

    Parameters
    ----------
    data : Dataset
        The training points; they are written into the script.
    config : TrainConfig
        ``config.steps`` updates are made; early stopping is not part of a script.
    start : rows of W with b as the last one, optional
        Where to start instead of ``config.start``.

    Returns
    -------
    str
        Python. It needs NumPy and nothing else.

    Raises
    ------
    ValueError
        If the class weights do not fit the data.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> text = numpy_script(make(DataSpec("three_points")), TrainConfig(steps=1000))
    >>> print(text[text.index("theta = np.zeros") :][:23])
    theta = np.zeros((3, 3)
    >>> "import softmax_core" in text
    False
    """
    fitted = fit_features(data, config)
    roots: list[Any] = [with_ones, Objective, _gradient_class(data, config), type(config.optimizer)]
    if needs_basis(fitted):
        roots.append(type(fitted.basis))
    if not isinstance(config.schedule, Constant):
        roots.append(type(config.schedule))
    if config.l1:
        roots.append(shrink)
    if roots[2] is MiniBatches:
        roots.append(streams)
    lifted = lift(*roots, without=_dropped(config))
    lifted.imports.add("import numpy as np")
    if not isinstance(config.schedule, Constant):
        lifted.imports.add("from dataclasses import replace")
    head = '"""Softmax regression with NumPy alone. The definitions are those of Softmax Lab."""\n\n'
    body = [
        *feature_lines(fitted), *target_lines(data, config),
        f"objective = Objective(with_ones(features), Y, y, {config.label_smoothing!r}, shares={share_text(data, config)}, l2={config.l2!r}, l1={config.l1!r})",
        *start_lines(data, config, fitted, start), *_loop_lines(data, config),
        'print(f"loss {objective.loss(theta)!r}")',
    ]  # fmt: skip
    text = lifted.text.replace("from __future__ import annotations\n", "", 1)
    return (
        f"{head}from __future__ import annotations\n\n{text}\n\n\n{points_text(data)}\n\n"
        + "\n".join(body)
        + "\n"
    )


def _binds(config: TrainConfig) -> bool:
    """Return whether the optimiser needs to know its loss."""
    return type(config.optimizer).bind is not Optimizer.bind


def _dropped(config: TrainConfig) -> frozenset[str]:
    """Return the methods that a script of this config has no use for."""
    dropped = DROPPED | _UNUSED if not _binds(config) else (DROPPED | _UNUSED) - {"bind", "probabilities"}
    return dropped if config.l1 else dropped | {"reach"}


def _gradient_class(data: Dataset, config: TrainConfig) -> type:
    whole = config.batch_size is None or config.batch_size >= data.y.size
    return FullBatch if whole else MiniBatches


def needs_basis(fitted: FittedMap) -> bool:
    """Return whether the features are more than the inputs themselves."""
    return type(fitted.basis) is not Monomials or _degree(fitted) > 1


def lifted_features(fitted: FittedMap) -> str:
    """Return the source of a feature map, empty for the inputs themselves."""
    return lift(type(fitted.basis)).text if needs_basis(fitted) else ""


def _degree(fitted: FittedMap) -> int:
    basis = fitted.basis
    return max(map(len, basis._factors)) if isinstance(basis, Monomials) else 0


def feature_lines(fitted: FittedMap) -> list[str]:
    """Return the lines from X to the features, with the numbers that were fitted."""
    lines, inputs, basis = [], "X", fitted.basis
    if fitted.kind.standardise:
        lines = [
            f"mean, deviation = np.array({fitted.shift.tolist()!r}), np.array({fitted.scale.tolist()!r})",
            "standard = (X - mean) / deviation",
        ]
        inputs = "standard"
    if isinstance(basis, Bumps):
        lines += [array_text("centres", basis.centres), array_text("deviations", basis.deviations)]
        return [*lines, f"features = Bumps(centres, deviations).values({inputs})"]
    if isinstance(basis, Waves):
        return [*lines, f"features = Waves({basis._frequency!r}).values({inputs})"]
    if _degree(fitted) == 1:
        return [*lines, f"features = {inputs}"]
    return [*lines, f"features = Monomials({basis._d!r}, {_degree(fitted)}).values({inputs})"]  # type: ignore[attr-defined]


def start_lines(data: Dataset, config: TrainConfig, fitted: FittedMap, start: Rows | None) -> list[str]:
    """Return the lines that give theta its first value."""
    theta = start_weights(data, config, fitted) if start is None else np.array(start, dtype=np.float64)
    if not theta.any():
        return [f"theta = np.zeros({theta.shape})  # W, and b as its last row"]
    return [array_text("theta", theta) + "  # W, and b as its last row"]


def _loop_lines(data: Dataset, config: TrainConfig) -> list[str]:
    """Return the lines of the loop itself."""
    rule = config.optimizer
    settings = ", ".join(f"{part.name}={getattr(rule, part.name)!r}" for part in fields(rule))
    bound = ".bind(objective)" if _binds(config) else ""
    lines = [f"optimizer = {type(rule).__name__}({settings}){bound}"]
    if _gradient_class(data, config) is MiniBatches:
        lines.append(
            f"gradient = MiniBatches(objective, {config.batch_size}, streams({config.seed}).batches)"
        )
    else:
        lines.append("gradient = FullBatch(objective)")
    scheduled = not isinstance(config.schedule, Constant)
    if scheduled:
        lines += [f"schedule = {config.schedule!r}", "rate = optimizer.learning_rate"]
    lines += ["slots = optimizer.init(theta)", f"for t in range(1, {config.steps} + 1):"]
    if scheduled:
        lines.append("    optimizer = replace(optimizer, learning_rate=rate * schedule.factor(t))")
    lines.append("    theta, slots = optimizer.step(theta, gradient(theta), slots, t)")
    if config.l1:
        lines += [
            "    reach = optimizer.reach(slots, t)",
            f"    theta[:-1] = shrink(theta[:-1], {config.l1!r} * (reach[:-1] if isinstance(reach, np.ndarray) else reach))",
        ]
    return lines
