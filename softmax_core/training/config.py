"""What decides a run: its config, the loss that a config makes of data, and how long a run may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.features import FeatureMap, FittedMap, Linear
from softmax_core.network import ACTIVATIONS, MOST_HIDDEN, OUTPUTS, Network
from softmax_core.objective import ClassifierLoss, Objective, shares_of, with_ones
from softmax_core.optimizers import GradientDescent, Optimizer
from softmax_core.schedules import Constant, Schedule
from softmax_core.validation import choice, finite_number, whole_number

STARTS = ("zeros", "random", "he", "xavier")

MOST_STEPS = 10_000
MOST_BYTES = 20_000_000  # of one trajectory: every step is stored

ClassWeights = tuple[float, ...]
Rows = tuple[tuple[float, ...], ...]
ConfigT = TypeVar("ConfigT")


@dataclass(frozen=True)
class Stop:
    """Early stopping. Both rules may be on; the one that fires first ends the run.

    Parameters
    ----------
    patience : int, optional
        Stop when the validation loss (plain mean cross-entropy, without penalties, weights or
        smoothing) has not fallen below its least value so far for this many steps, at least 1.
    min_gain : float
        By how much (nats) it must fall to count, at least 0.
    gradient_norm : float, optional
        Stop when the Euclidean norm of the gradient of the whole training loss is at most this, > 0.
        It is the full gradient for minibatches too, because one batch can be flat by chance; with L1
        the shortest subgradient, which is 0 at the optimum.

    Raises
    ------
    ValueError
        If a value is out of range; the message holds it.

    Examples
    --------
    >>> Stop(patience=0)
    Traceback (most recent call last):
        ...
    ValueError: patience must be a whole number of at least 1, received 0
    """

    patience: int | None = None
    min_gain: float = 0.0
    gradient_norm: float | None = None

    def __post_init__(self) -> None:
        if self.patience is not None:
            object.__setattr__(self, "patience", whole_number("patience", self.patience, 1))
        object.__setattr__(self, "min_gain", finite_number("min_gain", self.min_gain, 0.0))
        if self.gradient_norm is not None:
            norm = finite_number("gradient_norm", self.gradient_norm, 0.0, above=True)
            object.__setattr__(self, "gradient_norm", norm)


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
    start : {"zeros", "random", "he", "xavier"}
        Weights before the first update. Biases always start at 0. Without a hidden layer zeros are a good
        start, because the loss is convex. With one they are a trap: all units stay alike. There
        `softmax_core.network.start_scale` gives the width of the random start.
    start_scale : float
        Standard deviation of random weights, at least 0.
    seed : int
        At least 0; decides the random start and the order of the batches.
    batch_size : int, optional
        Samples per step, at least 1. None (or a size of at least n) takes all of them. Else every
        epoch goes once through the samples in a new random order; its last batch may be smaller.
    l1 : float
        Strength of the penalty l1 * sum(abs(W)), at least 0. Its corner at 0 has no gradient, so after
        the step every weight is moved towards 0 and stops there (the proximal step): weights become
        exactly 0. The optimiser must have a `proximal_scale`.
    label_smoothing : float
        In [0, 1): the target of a sample is (1 - s) * one-hot + s / K.
    class_weights : None, "balanced" or tuple of K floats
        Weight of the samples of each class in the mean, at least 0; the loss is
        ``sum w_i * loss_i / sum w_i``. "balanced" gives every class the same total weight.
    schedule : Schedule
        How the learning rate changes.
    features : FeatureMap
        What the linear layer sees; W has one row per feature.
    stop : Stop, optional
        Early stopping.
    hidden : int
        Units of the hidden layer, 0 .. 16; 0 is softmax regression.
    activation : {"sigmoid", "tanh", "relu", "softmax"}
        Of the hidden layer.
    output : {"softmax", "softmax_sigmoid"}
        Of the last layer; see `softmax_core.network`.

    Raises
    ------
    ValueError
        If a value is out of range; the message holds it. Also if the settings exclude each other: L1
        with an optimiser that has no proximal step, minibatches with one that needs the whole set, a
        hidden layer with one that needs the Hessian.

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
    hidden: int = 0
    activation: str = "tanh"
    output: str = "softmax"

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
            "label_smoothing": finite_number("label_smoothing", self.label_smoothing, 0.0, 1.0, below=True),
            "class_weights": _class_weights(self.class_weights),
            "hidden": whole_number("hidden", self.hidden, 0, MOST_HIDDEN),
            "activation": choice("activation", self.activation, ACTIVATIONS),
            "output": choice("output", self.output, OUTPUTS),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._check_together()

    def _check_together(self) -> None:
        """Refuse settings that exclude each other."""
        rule, kind = self.optimizer, type(self.optimizer)
        if self.l1 and kind.proximal_scale is Optimizer.proximal_scale:
            raise ValueError(f"l1 needs an optimizer with a proximal step, received {rule!r}")
        if self.batch_size is not None and rule.whole_set:
            raise ValueError(f"batch_size must be None for {kind.__name__}, received {self.batch_size}")
        if not isinstance(self.schedule, Constant) and not hasattr(rule, "learning_rate"):
            raise ValueError(f"a schedule needs an optimizer with a learning_rate, received {rule!r}")
        if self.is_network and rule.needs_hessian:
            raise ValueError(
                f"{kind.__name__} needs the Hessian, which only softmax regression has: hidden must be 0"
            )

    @property
    def is_network(self) -> bool:
        """Whether the model is more than softmax regression, and theta one vector."""
        return self.hidden > 0 or self.output != "softmax"

    def minibatch(self, n: int) -> int | None:
        """Return how many of `n` samples a step sees, or None where it sees them all.

        >>> TrainConfig(batch_size=10).minibatch(50), TrainConfig(batch_size=50).minibatch(50)
        (10, None)
        """
        return self.batch_size if self.batch_size is not None and self.batch_size < n else None

    @property
    def model(self) -> tuple[FeatureMap, int, str, str]:
        """What must stay as it is while a run goes on, because the weights belong to it."""
        return self.features, self.hidden, self.activation if self.hidden else "", self.output


def _class_weights(value: Any) -> str | tuple[float, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        return choice("class_weights", value, ("balanced",))
    if not isinstance(value, (tuple, list)) or not value:
        raise ValueError(f'class_weights must be None, "balanced" or a tuple of numbers, received {value!r}')
    return tuple(finite_number("class_weights", weight, 0.0) for weight in value)


@dataclass(frozen=True)
class Segment(Generic[ConfigT]):
    """The part of a run that begins at a step: its config, and weights that replace those reached so far.

    Parameters
    ----------
    at : int
        Step of the whole run, at least 0.
    config : TrainConfig
        Settings of this segment; its `steps` is the length of the whole run. (A page puts its
        own settings in this field.)
    weights : tuple of m + 1 rows of K numbers, optional
        W with b as its last row, put in place at step `at` (not for networks); without them the segment continues from the
        weights that the segments before reached.

    Raises
    ------
    ValueError
        If `at` is no whole number of at least 0, or the rows are no matrix of finite numbers.
    """

    at: int
    config: ConfigT
    weights: Rows | None = None

    def __post_init__(self) -> None:
        whole_number("at", self.at, 0)
        if self.weights is not None:
            theta = np.array(self.weights, dtype=np.float64)
            if theta.ndim != 2 or not np.isfinite(theta).all():
                raise ValueError(f"weights must be rows of finite numbers, received {self.weights!r}")


def fit_features(data: Dataset, config: TrainConfig) -> FittedMap:
    """Fit the feature map of a config to training data."""
    return config.features.fit(data.X, data.feature_names)


def class_weights(data: Dataset, config: TrainConfig) -> ClassWeights | None:
    """Return the weight of every class in numbers, or None where all count alike.

    ``"balanced"`` gives class k the weight ``n / (classes present * n_k)``, so that every class that
    occurs has the same total weight; the mean weight of a sample is then 1. (scikit-learn's rule.)

    Raises
    ------
    ValueError
        If there are not as many weights as classes, or all samples have weight 0.

    Examples
    --------
    >>> data = Dataset([[0.0]] * 4, [0, 0, 0, 1], 2, ("x",), ("a", "b"), "made up")
    >>> [round(w, 4) for w in class_weights(data, TrainConfig(class_weights="balanced"))]
    [0.6667, 2.0]
    """
    given = config.class_weights
    if given is None:
        return None
    counts = np.bincount(data.y, minlength=data.n_classes)
    if isinstance(given, str):
        present = np.maximum(counts, 1)
        weights = np.where(counts > 0, data.y.size / (np.count_nonzero(counts) * present), 1.0)
        return tuple(weights.tolist())
    if len(given) != data.n_classes:
        raise ValueError(f"class_weights must have length {data.n_classes}, received {given!r}")
    if not np.dot(given, counts) > 0.0:
        raise ValueError(f"a sample must have a weight above 0, received class_weights {given!r}")
    return given


def loss_of(data: Dataset, config: TrainConfig, fitted: FittedMap | None = None) -> ClassifierLoss:
    """Return the loss of a config on data: an `Objective`, or a `Network` where the config has a hidden layer.

    Parameters
    ----------
    data : Dataset
        At least one sample.
    config : TrainConfig
        For other data than those of a run: ``trajectory.config_at(step)``, which has the class weights in
        numbers.
    fitted : FittedMap, optional
        The features of a run (``trajectory.features``) where `data` is not its training data; without
        it they are fitted to `data`.

    Raises
    ------
    ValueError
        If there is no sample, the class weights do not fit, or all samples have weight 0.

    Examples
    --------
    The loss of a whole run at once, and the gradient anywhere:

    >>> from softmax_core.datasets import DataSpec, make
    >>> objective = loss_of(make(DataSpec("three_points")), TrainConfig(label_smoothing=0.1))
    >>> round(objective.loss(np.zeros((3, 3))), 4), objective.gradient(np.zeros((3, 3))).shape
    (1.0986, (3, 3))
    """
    if data.y.size == 0:
        raise ValueError("a mean needs at least one sample, received 0 samples")
    fitted = fit_features(data, config) if fitted is None else fitted
    weights = class_weights(data, config)
    shares = None if weights is None else shares_of(np.array(weights)[data.y])
    smoothing, K = config.label_smoothing, data.n_classes
    Y = np.eye(K)[data.y]
    if smoothing:
        Y = (1.0 - smoothing) * Y + smoothing / K
    A = with_ones(fitted.transform(data.X))
    parts = (A, Y, data.y, smoothing, shares, config.l2, config.l1)
    if not config.is_network:
        return Objective(*parts)
    return Network(*parts, (config.hidden,) if config.hidden else (), config.activation, config.output)


def objective_of(data: Dataset, config: TrainConfig, fitted: FittedMap | None = None) -> Objective:
    """Return the loss of softmax regression, as `loss_of` does.

    Raises
    ------
    ValueError
        If the config is of a network.
    """
    objective = loss_of(data, config, fitted)
    if not isinstance(objective, Objective):
        raise ValueError(f"hidden must be 0 here, received {config!r}")
    return objective


def most_steps(features: int, n_classes: int, hidden: int = 0) -> int:
    """Return the largest number of steps whose trajectory is within both limits.

    It holds weights, biases, both gradients, loss and accuracy of every step: ``8 * (steps + 1) * (2 * P + 2)`` bytes for P
    weights and biases, (m + 1) * K, or (m + 1) * h + (h + 1) * K with hidden units.

    Parameters
    ----------
    features : int
        m, the rows of W (`FittedMap.size`), at least 1.
    n_classes : int
        K, at least 1.
    hidden : int
        h, at least 0.

    Returns
    -------
    int
        At most `MOST_STEPS`; fewer where `MOST_BYTES` would be exceeded.

    Raises
    ------
    ValueError
        If a number is no whole number, or below its least.

    Examples
    --------
    Ten classes on cubic features may run the whole way, on a grid of 25 bumps not:

    >>> most_steps(9, 10), most_steps(25, 10)
    (10000, 4788)
    """
    m, K = whole_number("features", features, 1), whole_number("n_classes", n_classes, 1)
    h = whole_number("hidden", hidden, 0)
    P = (m + 1) * h + (h + 1) * K if h else (m + 1) * K
    return min(MOST_STEPS, MOST_BYTES // (8 * (2 * P + 2)) - 1)
