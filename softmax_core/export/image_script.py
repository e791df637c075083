"""Minibatch softmax regression on images as a script of about thirty lines in NumPy alone."""

from __future__ import annotations

from typing import Literal

from softmax_core.export.parts import NoTemplateError, block, script
from softmax_core.optimizers import Adam, GradientDescent, Momentum
from softmax_core.training import EpochConfig

Source = Literal["npz", "idx"]

_NPZ = """\
data = np.load("images.npz")  # X: one image per row, 0 is paper, "white" is full ink; y: the classes
X, X_test = data["X"] / data["white"], data["X_test"] / data["white"]
y, y_test = data["y"], data["y_test"]"""

_IDX = """\
import gzip


def read(name):  # IDX: a head with the number of axes and their lengths, then bytes
    raw = gzip.open(f"{name}-ubyte.gz").read()
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(*np.frombuffer(raw, ">i4", raw[3], 4))


X, y = read("train-images-idx3"), read("train-labels-idx1")
X_test, y_test = read("t10k-images-idx3"), read("t10k-labels-idx1")
X, X_test = X.reshape(len(X), -1) / 255, X_test.reshape(len(X_test), -1) / 255"""

_SOFTMAX = """\
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))  # the largest exponent is 0: nothing overflows
    return E / E.sum(axis=1, keepdims=True)"""


def image_script(config: EpochConfig, epochs: int, source: Source, n_classes: int = 10) -> str:
    """Return a script that trains as `softmax_core.training.epochs` does, in float64, and prints the accuracy.

    Parameters
    ----------
    config : EpochConfig
    epochs : int
        So many passes over the training images, from zero weights on.
    source : {"npz", "idx"}
        Whether the images come from one file ``images.npz`` (see `image_arrays`) or from the four gzipped IDX files
        of MNIST or Fashion-MNIST; they are looked for beside the script.
    n_classes : int

    Returns
    -------
    str
        Python. The minibatches are those of the run.

    Raises
    ------
    NoTemplateError
        If the optimiser has no text here.
    """
    memory, step = _update(config)
    loop = block(
        f"for epoch in range({epochs}):",
        block(
            f"rng = np.random.default_rng(np.random.SeedSequence({config.seed}, spawn_key=(2, epoch)))",
            "order = rng.permutation(len(y))  # every image once, in a new order",
            f"for first in range(0, len(y), {config.batch_size}):",
            block(
                f"batch = order[first : first + {config.batch_size}]",
                "G = softmax(X[batch] @ theta)",
                "G[np.arange(len(batch)), y[batch]] -= 1  # p - y",
                "grad = X[batch].T @ G / len(batch)",
                f"grad[:-1] += {config.l2:.10g} * theta[:-1]  # the penalty spares b" if config.l2 else "",
                step,
                indent=4,
            ),
            "right = (X_test @ theta).argmax(axis=1) == y_test",
            'print(f"epoch {epoch + 1}: {right.mean():.1%} of the test images right")',
            indent=4,
        ),
    )
    return script(
        "import numpy as np",
        _NPZ if source == "npz" else _IDX,
        "X, X_test = (np.column_stack([part, np.ones(len(part))]) for part in (X, X_test))  # the last row of theta is b",
        _SOFTMAX,
        block(f"theta = np.zeros((X.shape[1], {n_classes}))", memory),
        loop,
    )


def _update(config: EpochConfig) -> tuple[str, str]:
    """Return the optimiser's memory before the loop, and its step."""
    rule = config.optimizer
    if type(rule) is Momentum:
        rate, momentum = rule.learning_rate, rule.momentum
        return (
            "velocity = np.zeros_like(theta)",
            f"velocity = {momentum:.10g} * velocity + grad\ntheta -= {rate:.10g} * velocity",
        )
    if type(rule) is GradientDescent:
        return "", f"theta -= {rule.learning_rate:.10g} * grad"
    if type(rule) is Adam:
        b1, b2 = rule.beta1, rule.beta2
        return (
            "mean, squares, t = np.zeros_like(theta), np.zeros_like(theta), 0",
            "t += 1\n"
            f"mean = {b1!r} * mean + (1 - {b1!r}) * grad\n"
            f"squares = {b2!r} * squares + (1 - {b2!r}) * grad**2\n"
            f"root = np.sqrt(squares / (1 - {b2!r}**t)) + {rule.epsilon!r}\n"
            f"theta -= {rule.learning_rate:.10g} * mean / (1 - {b1!r}**t) / root",
        )
    raise NoTemplateError("NumPy", rule)
