"""Everything that decides a run, apart from the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from softmax_core.checks import choice, finite_number, whole_number
from softmax_core.features import FeatureMap, Linear
from softmax_core.optimizers import GradientDescent, Optimizer
from softmax_core.schedules import Constant, Schedule
from softmax_core.training.stopping import Stop

STARTS = ("zeros", "random")


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides a run, apart from the data.

    Parameters
    ----------
    optimizer : Optimizer
        The update rule with its settings.
    steps : int
        Number of updates S, at least 0; a run may end earlier (`stop`).
    l2 : float
        Strength of the penalty (l2 / 2) * sum(W ** 2), at least 0.
    start : {"zeros", "random"}
        Weights before the first update. Biases always start at 0. Zeros are a fair start here:
        the loss is convex, and no symmetry needs breaking without a hidden layer.
    start_scale : float
        Standard deviation of random weights, at least 0.
    seed : int
        At least 0. Two configs that differ in nothing else differ in chance only.
    batch_size : int, optional
        Samples per step, at least 1. None (or a size of at least n) takes all of them. Else every
        epoch goes once through the samples in a new random order; its last batch may be smaller.
    l1 : float
        Strength of the penalty l1 * sum(abs(W)), at least 0. Its corner at 0 has no gradient, so after
        the step every weight is moved towards 0 and stops there (the proximal step): weights become
        exactly 0. The optimiser must have a `reach`.
    label_smoothing : float
        In [0, 1): the target of a sample is (1 - s) * one-hot + s / K.
    class_weights : None, "balanced" or tuple of K floats
        Weight of the samples of each class in the mean, at least 0; the loss is
        ``sum w_i * loss_i / sum w_i``. "balanced" gives every class the same say.
    schedule : Schedule
        How the learning rate changes.
    features : FeatureMap
        What the linear layer sees; W has one row per feature.
    stop : Stop, optional
        Early stopping.

    Raises
    ------
    ValueError
        If a value is out of range; the message holds it. Also if the settings exclude each other: L1
        with an optimiser that has no proximal step, minibatches with one that needs the whole set.

    Examples
    --------
    >>> TrainConfig(steps=-5)
    Traceback (most recent call last):
        ...
    ValueError: steps must be a whole number of at least 0, received -5
    """

    optimizer: Optimizer = field(default_factory=GradientDescent)
    steps: int = 200
    l2: float = 0.0
    start: str = "zeros"
    start_scale: float = 1.0
    seed: int = 0
    batch_size: int | None = None
    l1: float = 0.0
    label_smoothing: float = 0.0
    class_weights: str | tuple[float, ...] | None = None
    schedule: Schedule = field(default_factory=Constant)
    features: FeatureMap = field(default_factory=Linear)
    stop: Stop | None = None

    def __post_init__(self) -> None:
        for name, kind in (("optimizer", Optimizer), ("schedule", Schedule), ("features", FeatureMap)):
            value = getattr(self, name)
            if not isinstance(value, kind):
                article = "an" if kind.__name__[0] in "AEIOU" else "a"
                raise ValueError(f"{name} must be {article} {kind.__name__}, received {value!r}")
        if self.stop is not None and not isinstance(self.stop, Stop):
            raise ValueError(f"stop must be a Stop or None, received {self.stop!r}")
        size = self.batch_size
        checked = {
            "steps": whole_number("steps", self.steps, 0),
            "l2": finite_number("l2", self.l2, 0.0),
            "start": choice("start", self.start, STARTS),
            "start_scale": finite_number("start_scale", self.start_scale, 0.0),
            "seed": whole_number("seed", self.seed, 0),
            "batch_size": None if size is None else whole_number("batch_size", size, 1),
            "l1": finite_number("l1", self.l1, 0.0),
            "label_smoothing": _smoothing(self.label_smoothing),
            "class_weights": _class_weights(self.class_weights),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._check_together()

    def _check_together(self) -> None:
        """Refuse settings that exclude each other."""
        rule, kind = self.optimizer, type(self.optimizer)
        if self.l1 and kind.reach is Optimizer.reach:
            raise ValueError(f"l1 needs an optimizer with a proximal step, received {rule!r}")
        if self.batch_size is not None and rule.whole_set:
            raise ValueError(f"batch_size must be None for {kind.__name__}, received {self.batch_size}")
        if not isinstance(self.schedule, Constant) and not hasattr(rule, "learning_rate"):
            raise ValueError(f"a schedule needs an optimizer with a learning_rate, received {rule!r}")


def _smoothing(value: float) -> float:
    smoothing = finite_number("label_smoothing", value, 0.0)
    if smoothing >= 1.0:
        raise ValueError(f"label_smoothing must be below 1, received {value!r}")
    return smoothing


def _class_weights(value: Any) -> str | tuple[float, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return choice("class_weights", value, ("balanced",))
    if not isinstance(value, (tuple, list)) or not value:
        raise ValueError(f'class_weights must be None, "balanced" or a tuple of numbers, received {value!r}')
    return tuple(finite_number("class_weights", weight, 0.0) for weight in value)
