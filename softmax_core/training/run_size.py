"""How long a run may be: every step is kept, and all of them have to fit."""

from __future__ import annotations

from softmax_core.checks import whole_number

MOST_STEPS = 10_000
MOST_BYTES = 20_000_000
NUMBER = 8  # bytes of a float64


def run_bytes(steps: int, features: int, n_classes: int) -> int:
    """Return the bytes of a trajectory: weights, biases, both gradients, loss and accuracy of every step.

    ``8 * (steps + 1) * (2 * (m + 1) * K + 2)`` for m features and K classes.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> from softmax_core.training.loop import TrainConfig, train
    >>> run = train(make(DataSpec("three_points")), TrainConfig(steps=7))
    >>> stacks = (run.W, run.b, run.grad_W, run.grad_b, run.loss, run.accuracy)
    >>> run_bytes(7, 2, 3) == sum(stack.nbytes for stack in stacks)
    True
    """
    return NUMBER * (steps + 1) * (2 * (features + 1) * n_classes + 2)


def most_steps(features: int, n_classes: int) -> int:
    """Return the largest number of steps whose trajectory is within both limits.

    Parameters
    ----------
    features : int
        m, the rows of W (`FittedMap.size`), at least 1.
    n_classes : int
        K, at least 1.

    Returns
    -------
    int
        At most `MOST_STEPS`; fewer where `MOST_BYTES` would be exceeded.

    Raises
    ------
    ValueError
        If a number is no whole number of at least 1.

    Examples
    --------
    Ten classes on cubic features may run the whole way, on a grid of 25 bumps not:

    >>> most_steps(9, 10), most_steps(25, 10)
    (10000, 4788)
    """
    per_step = run_bytes(0, whole_number("features", features, 1), whole_number("n_classes", n_classes, 1))
    return min(MOST_STEPS, MOST_BYTES // per_step - 1)
