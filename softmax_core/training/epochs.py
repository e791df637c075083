"""Training on images, epoch by epoch: it can be stopped between two batches and continued later.

Everything is float32, as on a GPU; pixels stay bytes until their batch is drawn. An epoch is a pure
function of the data, the settings and the epoch before it, so 3 epochs and then 2 more are, bit for
bit, 5 epochs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.images.image_set import Images
from softmax_core.losses import cross_entropy_per_sample
from softmax_core.objective import softmax_columns
from softmax_core.optimizers import GradientDescent, Optimizer
from softmax_core.progress import Watch, unwatched
from softmax_core.seeds import streams
from softmax_core.training.trajectory import Memory
from softmax_core.validation import finite_number, whole_number

Float32Array = npt.NDArray[Any]  # the optimisers are typed for float64 and work in either

_EVALUATED_AT_ONCE = 1024


@dataclass(frozen=True)
class EpochConfig:
    """How to train.

    Parameters
    ----------
    optimizer : Optimizer
    batch_size : int
        At least 1; the last batch of an epoch may be smaller.
    l2 : float
        Strength of the penalty (l2 / 2) * sum(W ** 2), at least 0; b is not penalised.
    seed : int
        Decides the order of the images in every epoch.

    Raises
    ------
    ValueError
        If a value is out of range; the message holds it.

    Examples
    --------
    >>> EpochConfig(batch_size=0)
    Traceback (most recent call last):
        ...
    ValueError: batch_size must be a whole number of at least 1, received 0
    """

    optimizer: Optimizer = field(default_factory=GradientDescent)
    batch_size: int = 256
    l2: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.optimizer, Optimizer):
            raise ValueError(f"optimizer must be an Optimizer, received {self.optimizer!r}")
        if self.optimizer.whole_set:
            raise ValueError(
                f"{self.optimizer!r} needs all images in every step, so it cannot train batch by batch"
            )
        object.__setattr__(self, "batch_size", whole_number("batch_size", self.batch_size, 1))
        object.__setattr__(self, "l2", finite_number("l2", self.l2, 0.0))
        object.__setattr__(self, "seed", whole_number("seed", self.seed, 0))


@dataclass(frozen=True, eq=False)
class Epoch:
    """The model after a whole number of epochs.

    Parameters
    ----------
    number : int
        Epochs done; 0 is before the first.
    updates : int
        Batches done, over all epochs.
    theta : ndarray of float32, shape (d + 1, K)
        W with b as its last row, read-only.
    memory : Memory
        The optimiser's.
    optimizer : Optimizer or None
        The optimiser that the memory belongs to.
    loss, accuracy, test_loss, test_accuracy : float
        Mean cross-entropy in nats (the training loss with its penalty) and share of right answers.
    """

    number: int
    updates: int
    theta: Float32Array
    memory: Memory
    optimizer: Optimizer | None
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float

    @property
    def W(self) -> Float32Array:
        """The weights (d, K): column k, put back into rows of pixels, is the template of class k."""
        return self.theta[:-1]

    @property
    def b(self) -> Float32Array:
        """The biases (K,)."""
        b: Float32Array = self.theta[-1]
        return b

    @property
    def is_finite(self) -> bool:
        """Whether weights and losses are still numbers that float32 can hold."""
        return bool(np.isfinite(self.theta).all() and np.isfinite([self.loss, self.test_loss]).all())


def first_epoch(train: Images, test: Images, n_classes: int) -> Epoch:
    """Return the model before training: zeros, so every class is equally likely.

    Raises
    ------
    ValueError
        If a part has no image.

    Examples
    --------
    >>> from softmax_core.images import digits
    >>> data = digits()
    >>> round(first_epoch(data.train, data.test, 10).loss, 4)          # log 10
    2.3026
    """
    if not len(train) or not len(test):
        raise ValueError(f"training needs images in both parts, received {len(train)} and {len(test)}")
    theta = np.zeros((train.rows.shape[1] + 1, n_classes), np.float32)
    return _evaluated(0, 0, theta, Memory(), None, train, test, 0.0)


def train_epochs(
    train: Images, test: Images, config: EpochConfig, last: Epoch, watch: Watch = unwatched
) -> Iterator[Epoch]:
    """Train on from `last`, one epoch per item.

    Parameters
    ----------
    train, test : Images
    config : EpochConfig
        May differ from the one before: a smaller learning rate, say. Another kind of optimiser starts
        with an empty memory, the weights stay.
    last : Epoch
        Where to go on: `first_epoch` or any epoch of a run.
    watch : callable, optional
        Called as ``watch(done, batches)`` after every batch. Where it returns False the iterator
        ends; the epoch that was under way is dropped, so that only whole epochs exist.

    Yields
    ------
    Epoch
        The first that is not finite ends the run.

    Examples
    --------
    >>> from softmax_core.images import digits
    >>> data = digits()
    >>> start = first_epoch(data.train, data.test, 10)
    >>> for epoch in train_epochs(data.train, data.test, EpochConfig(batch_size=32), start):
    ...     if epoch.number == 3:
    ...         break
    >>> epoch.updates, epoch.test_accuracy > 0.85
    (135, True)
    """
    while last.is_finite or last.number == 0:
        following = _next_epoch(train, test, config, last, watch)
        if following is None:
            return
        yield following
        last = following


def minibatches(
    images: Images, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[Float32Array, npt.NDArray[Any]]]:
    """Draw every image once, in random order, batch by batch.

    Yields
    ------
    X : ndarray of float32, shape (at most batch_size, d)
        Pixels between 0 and 1. **The same array every time**: it is overwritten by the next batch.
    y : ndarray of uint8
    """
    rows, labels, scale = images.rows, images.labels, images.scale
    order = rng.permutation(len(images))
    X = np.empty((min(batch_size, len(images)), rows.shape[1]), np.float32)
    raw = None if rows.dtype == np.float32 and scale == 1 else np.empty(X.shape, rows.dtype)
    for first in range(0, len(order), batch_size):
        chosen = order[first : first + batch_size]
        batch = X[: len(chosen)]
        # "clip" is the mode that writes to `out` without a copy in between; no index is out of range.
        if raw is None:
            np.take(rows, chosen, axis=0, out=batch, mode="clip")
        else:
            np.take(rows, chosen, axis=0, out=raw[: len(chosen)], mode="clip")
            np.multiply(raw[: len(chosen)], scale, out=batch)
        yield batch, labels[chosen]


class BatchStep:
    """The gradient of one batch, written for speed.

    Classes lie on the first axis of P, so maximum and sum over them are sums of whole rows, and every
    array is made once. The numbers are those of `regression.loss_and_gradient`.
    """

    def __init__(self, batch_size: int, n_classes: int, l2: float = 0.0) -> None:
        size = batch_size
        self._l2 = np.float32(l2)
        self._Z = np.empty((size, n_classes), np.float32)
        self._P = np.empty(n_classes * size, np.float32)
        self._per_image = np.empty(size, np.float32)
        self._places = np.arange(size)

    def gradient(self, X: Float32Array, y: npt.NDArray[Any], theta: Float32Array) -> Float32Array:
        """Return the gradient of the mean loss of a batch, shape of `theta`; the array is new."""
        n, K = len(X), theta.shape[1]
        Z, per_image = self._Z[:n], self._per_image[:n]
        P = self._P[: n * K].reshape(K, n)
        np.dot(X, theta[:-1], out=Z)
        np.add(Z.T, theta[-1][:, np.newaxis], out=P)
        softmax_columns(P, P, per_image)
        P[y, self._places[:n]] -= np.float32(1.0)
        P *= np.float32(1.0 / n)
        grad = np.empty_like(theta)
        np.dot(X.T, P.T, out=grad[:-1])
        np.add.reduce(P, axis=1, out=grad[-1])
        if self._l2:
            grad[:-1] += self._l2 * theta[:-1]
        return grad


def evaluate_images(images: Images, theta: Float32Array) -> tuple[float, float]:
    """Compute the mean cross-entropy in nats and the accuracy of a model on a set.

    Examples
    --------
    >>> from softmax_core.images import digits
    >>> loss, accuracy = evaluate_images(digits().test, np.zeros((65, 10), np.float32))
    >>> round(loss, 4)
    2.3026
    """
    total, right = 0.0, 0
    for first in range(0, len(images), _EVALUATED_AT_ONCE):
        part = slice(first, first + _EVALUATED_AT_ONCE)
        labels = images.labels[part]
        with np.errstate(all="ignore"):
            Z = images.features(part) @ theta[:-1] + theta[-1]
            total += float(cross_entropy_per_sample(Z, labels).sum(dtype=np.float64))
        right += int((Z.argmax(axis=1) == labels).sum())
    return total / len(images), right / len(images)


def _next_epoch(train: Images, test: Images, config: EpochConfig, last: Epoch, watch: Watch) -> Epoch | None:
    """Go once through the training images; None where `watch` returned False."""
    # Every epoch has its own stream: where a run was stopped does not change the epochs after it.
    rng = streams(config.seed).batches.spawn(last.number + 1)[last.number]
    same_kind = type(last.optimizer) is type(config.optimizer)
    memory = last.memory if same_kind else Memory(config.optimizer.init(last.theta), last.updates)
    step = BatchStep(config.batch_size, last.theta.shape[1], config.l2)
    theta, slots, updates = last.theta, memory.slots, last.updates
    batches = -(-len(train) // config.batch_size)
    with np.errstate(all="ignore"):  # overflow is a result of training: the epoch is not finite
        for done, (X, y) in enumerate(minibatches(train, config.batch_size, rng), 1):
            updates += 1
            grad, t = step.gradient(X, y, theta), updates - memory.starts_at
            theta, slots = config.optimizer.step(theta, grad, slots, t)
            if not watch(done, batches):
                return None
    memory = Memory(slots, memory.starts_at)
    return _evaluated(last.number + 1, updates, theta, memory, config.optimizer, train, test, config.l2)


def _evaluated(
    number: int, updates: int, theta: Float32Array, memory: Memory, optimizer: Optimizer | None,
    train: Images, test: Images, l2: float,
) -> Epoch:  # fmt: skip
    """Measure a model on both parts and close it against writing."""
    theta.flags.writeable = False
    loss, accuracy = evaluate_images(train, theta)
    with np.errstate(all="ignore"):
        penalty = 0.5 * l2 * float(np.square(theta[:-1], dtype=np.float64).sum()) if l2 else 0.0
    test_loss, test_accuracy = evaluate_images(test, theta)
    return Epoch(
        number, updates, theta, memory, optimizer, loss + penalty, accuracy, test_loss, test_accuracy
    )
