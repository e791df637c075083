"""Networks: layers one after the other, of which softmax regression is the last, or the only one.

Conventions
-----------
Layer l turns the activations of the layer before it, ``a[l-1]``, into ``z[l] = a[l-1] @ W[l] + b[l]`` and
``a[l] = g(z[l])``; ``a[0]`` is what the network sees and ``a[L] = softmax(z[L])``. In one pass backwards, for the
mean cross-entropy with shares s_i of the samples (1 / n each if not given),

``dz[L] = s * (a[L] - y)``,  ``dW[l] = a[l-1].T @ dz[l] + l2 * W[l]``,  ``db[l] = sum of the rows of dz[l]``,
``da[l-1] = dz[l] @ W[l].T``,  ``dz[l-1] = da[l-1] * g'(z[l-1])``

With ``output="softmax_sigmoid"`` a sigmoid comes after the softmax, which is a mistake on purpose, to be
looked at: ``a[L] = sigmoid(softmax(z[L]))`` with the loss ``-sum_k y_k log a[L]_k``. It cannot fall below
``log(1 + 1 / e) = 0.3133``, and its gradient is smaller wherever the model is wrong.

All parameters are one vector theta: layer by layer W (d, q) with b as its last row, row by row. So every optimiser
but Newton's can train them. (Rumelhart, Hinton and Williams, "Learning representations by back-propagating
errors", 1986.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from softmax_core.objective import ClassifierLoss, softmax_columns, with_ones
from softmax_core.validation import (
    Float64Array,
    as_labels,
    as_matrix,
    choice,
    finite_number,
    one_hot,
    whole_number,
)

MOST_HIDDEN = 16
OUTPUTS = ("softmax", "softmax_sigmoid")

Layers = Sequence[tuple[npt.ArrayLike, npt.ArrayLike]]
"""W (d, q) and b (q,) of every layer, the first layer first."""


class Activation(NamedTuple):
    """A function g of a layer, for arrays with one row per unit: (..., units, samples).

    ``apply(z)`` turns z into g(z) in place; ``back(a, da)`` returns dz from a = g(z) and the gradient by a.
    """

    apply: Callable[[Float64Array], object]
    back: Callable[[Float64Array, Float64Array], Float64Array]


def _sigmoid(Z: Float64Array) -> None:
    Z *= 0.5  # 1 / (1 + exp(-z)) = (1 + tanh(z / 2)) / 2, which cannot overflow
    np.tanh(Z, out=Z)
    Z *= 0.5
    Z += 0.5


def _softmax(Z: Float64Array) -> None:
    units_first = Z.swapaxes(0, -2)
    softmax_columns(units_first, units_first)


def _softmax_back(a: Float64Array, da: Float64Array) -> Float64Array:
    dz: Float64Array = a * (da - (a * da).sum(axis=-2, keepdims=True))
    return dz


ACTIVATIONS = {
    "sigmoid": Activation(_sigmoid, lambda a, da: da * (a * (1.0 - a))),
    "tanh": Activation(lambda Z: np.tanh(Z, out=Z), lambda a, da: da * (1.0 - a * a)),
    "relu": Activation(lambda Z: np.maximum(Z, 0.0, out=Z), lambda a, da: da * (a > 0.0)),
    # In a hidden layer a mistake on purpose: the units compete.
    "softmax": Activation(_softmax, _softmax_back),
}


@dataclass(frozen=True, eq=False)
class Network(ClassifierLoss):
    """The loss of a network on one data set: theta is one vector, see the conventions of this module.

    Parameters
    ----------
    hidden : tuple of int
        Units of each hidden layer; without any it is softmax regression.
    activation : str
        A key of `ACTIVATIONS`, for all hidden layers.
    output : {"softmax", "softmax_sigmoid"}

    The others as for `ClassifierLoss`.

    Examples
    --------
    >>> network = Network(np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]]), hidden=(2,))
    >>> network.loss(np.zeros(10)), network.gradient(np.zeros(10)).tolist()[-2:]
    (0.6931471805599453, [-0.5, 0.5])
    """

    hidden: tuple[int, ...] = ()
    activation: str = "tanh"
    output: str = "softmax"

    def __post_init__(self) -> None:
        choice("activation", self.activation, ACTIVATIONS)
        choice("output", self.output, OUTPUTS)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of features, of units of every hidden layer, and of classes."""
        return (self.A.shape[1] - 1, *self.hidden, self.n_classes)

    @cached_property
    def _blocks(self) -> list[tuple[slice, tuple[int, int]]]:
        """Where in theta each layer stands, and its shape (d + 1, q)."""
        shapes = [(d + 1, q) for d, q in zip(self.sizes[:-1], self.sizes[1:], strict=True)]
        ends = np.cumsum([d * q for d, q in shapes]).tolist()
        return [(slice(end - d * q, end), (d, q)) for end, (d, q) in zip(ends, shapes, strict=True)]

    @property
    def shape(self) -> tuple[int, ...]:
        """(P,), the number of all weights and biases."""
        return (int(self._blocks[-1][0].stop),)

    @cached_property
    def penalised(self) -> Any:
        """Everything but the last row of each layer."""
        mask = np.ones(self.shape, dtype=bool)
        for layer in self.layers(mask):
            layer[-1] = False
        return (..., mask)

    @property
    def _widest(self) -> int:
        return max(self.sizes[1:])

    def layers(self, theta: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
        """Return views of theta (P,), or of a stack (S, P): of each layer W (d, q) with b as its last row."""
        lead = theta.shape[:-1]
        return [theta[..., place].reshape(*lead, *shape) for place, shape in self._blocks]

    def activations(self, theta: Float64Array, A: Float64Array | None = None) -> list[Float64Array]:
        """Return what goes into each layer, units on the first axis and a last row of ones: (d + 1, n).

        Of a stack (S, P) they are (S, d + 1, n) behind the first. Other samples A are (m + 1, b).
        """
        inputs = [self._columns[0] if A is None else A]
        for layer in self.layers(theta)[:-1]:
            units = layer.shape[-1]
            H = np.empty((*layer.shape[:-2], units + 1, inputs[0].shape[-1]))
            # matmul of a stack multiplies one pair of matrices after the other: same bits in any stack.
            np.matmul(layer.swapaxes(-1, -2), inputs[-1], out=H[..., :-1, :])
            ACTIVATIONS[self.activation].apply(H[..., :-1, :])
            H[..., -1, :] = 1.0
            inputs.append(H)
        return inputs

    def _logits(self, thetas: Float64Array) -> Float64Array:
        Z: Float64Array = np.matmul(self.layers(thetas)[-1].transpose(0, 2, 1), self.activations(thetas)[-1])
        return Z

    def probabilities(self, theta: Float64Array) -> Float64Array:
        """Return a[L], classes on the first axis: (K, n)."""
        P: Float64Array = self._logits(theta[np.newaxis])[0]
        softmax_columns(P, P)
        if self.output == "softmax_sigmoid":
            _sigmoid(P)
        return P

    def _cross_entropies(self, Z: Float64Array) -> Float64Array:
        if self.output == "softmax":
            return super()._cross_entropies(Z)
        _softmax(Z)
        per_sample: Float64Array = (self._columns[1] * np.log1p(np.exp(-Z))).sum(axis=1)
        return per_sample

    def _output_gradient(self, Z: Float64Array, Y: Float64Array) -> Float64Array:
        """Return dz[L] (K, b) of every sample from its logits, without shares; it writes into Z."""
        softmax_columns(Z, Z)
        if self.output == "softmax":
            Z -= Y
            return Z
        return _softmax_back(Z, Y * (-1.0 / (1.0 + np.exp(Z))))

    def gradient(self, theta: Float64Array) -> Float64Array:
        """Return the gradient of the smooth part, everything but L1, shape (P,)."""
        A, Y = self._columns
        return self.batch_gradient(theta, A.T, Y, self.sample_shares)

    def batch_gradient(
        self, theta: Float64Array, A: Float64Array, Y: Float64Array, shares: Float64Array
    ) -> Float64Array:
        """Return the gradient on other samples, see `ClassifierLoss.batch_gradient`: backpropagation."""
        layers, inputs = self.layers(theta), self.activations(theta, A.T)
        grad = np.empty_like(theta)
        back, grads = ACTIVATIONS[self.activation].back, self.layers(grad)
        dz = self._output_gradient(np.dot(layers[-1].T, inputs[-1]), Y)
        dz *= shares
        for i in range(len(layers) - 1, -1, -1):
            np.dot(inputs[i], dz.T, out=grads[i])
            if i:
                dz = back(inputs[i][:-1], np.dot(layers[i][:-1], dz))
        if self.l2:
            grad[self.penalised] += self.l2 * theta[self.penalised]
        return grad


def flattened(layers: Layers) -> tuple[Float64Array, tuple[int, ...]]:
    """Return theta and the sizes (inputs, units of every hidden layer, classes) of a list of layers.

    Raises
    ------
    ValueError
        If there is no layer, a shape does not fit the layer before, or a number is not finite.

    Examples
    --------
    >>> flattened([([[1.0, 2.0]], [3.0, 4.0])])
    (array([1., 2., 3., 4.]), (1, 2))
    >>> flattened([([[1.0, 2.0]], [3.0, 4.0]), ([[1.0]], [0.0])])
    Traceback (most recent call last):
        ...
    ValueError: W of layer 2 must have shape (2, any), received (1, 1)
    """
    if len(layers) == 0:
        raise ValueError("a network needs at least one layer, received none")
    parts: list[Float64Array] = []
    sizes: list[int] = []
    for number, (W, b) in enumerate(layers, start=1):
        weights = as_matrix(W, f"W of layer {number}", (sizes[-1] if sizes else None, None))
        biases = as_matrix(b, f"b of layer {number}", (weights.shape[1],))
        sizes = [*(sizes or [weights.shape[0]]), weights.shape[1]]
        parts += [weights.ravel(), biases]
    theta = np.concatenate(parts)
    if not np.isfinite(theta).all():
        raise ValueError(f"weights must be finite, received {theta[~np.isfinite(theta)][0]}")
    return theta, tuple(sizes)


def forward(
    X: npt.ArrayLike, layers: Layers, activation: str = "tanh", output: str = "softmax"
) -> list[Float64Array]:
    """Return the activations of every layer, ``[a[0] = X, a[1], ..., a[L]]``, samples in rows.

    Parameters
    ----------
    X : array_like, shape (n, d)
    layers : list of (W, b)
    activation : str
        Of the hidden layers, a key of `ACTIVATIONS`.
    output : {"softmax", "softmax_sigmoid"}

    Raises
    ------
    ValueError
        If shapes do not fit, a weight is not finite, or there is no such activation or output.

    Examples
    --------
    Two ReLU units solve exclusive or: one counts the ones, the other only the second of them.

    >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> count, decide = ([[1, 1], [1, 1]], [0, -1]), ([[0, 9], [0, -18]], [0, -4])
    >>> forward(X, [count, decide], "relu")[-1].argmax(axis=1)
    array([0, 1, 1, 0])
    """
    theta, sizes = flattened(layers)
    samples = as_matrix(X, "X", (None, sizes[0]))
    Y = np.full((len(samples), sizes[-1]), 1.0 / sizes[-1])
    network = Network(with_ones(samples), Y, hidden=sizes[1:-1], activation=activation, output=output)
    with np.errstate(all="ignore"):  # logits that are far apart: exp(-inf) is 0
        hidden, output_of_last = network.activations(theta)[1:], network.probabilities(theta).T
    return [samples, *(np.ascontiguousarray(a[:-1].T) for a in hidden), output_of_last]


def loss_and_gradient(
    X: npt.ArrayLike,
    y: npt.ArrayLike,
    layers: Layers,
    activation: str = "tanh",
    output: str = "softmax",
    l2: float = 0.0,
) -> tuple[float, list[tuple[Float64Array, Float64Array]]]:
    """Return the mean loss in nats with its penalty, and (dW, db) of every layer.

    Parameters
    ----------
    X : array_like, shape (n, d)
    y : array_like of int, shape (n,)
    layers, activation, output
        As for `forward`.
    l2 : float
        Strength of ``(l2 / 2) * sum(W ** 2)`` over the weights of all layers, at least 0.

    Raises
    ------
    ValueError
        As for `forward`; also if there is no sample, a label fits no class, or l2 is negative.

    Examples
    --------
    >>> loss, [(dW, db)] = loss_and_gradient([[2.0]], [0], [([[0.0, 0.0]], [0.0, 0.0])])
    >>> round(loss, 4), dW, db
    (0.6931, array([[-1.,  1.]]), array([-0.5,  0.5]))
    """
    theta, sizes = flattened(layers)
    samples = as_matrix(X, "X", (None, sizes[0]))
    if len(samples) == 0:
        raise ValueError("a mean needs at least one sample, received 0 samples")
    labels = as_labels(y, sizes[-1], samples.shape[:1])
    network = Network(
        with_ones(samples), one_hot(labels, sizes[-1]), labels,
        l2=finite_number("l2", l2, 0.0), hidden=sizes[1:-1], activation=activation, output=output,
    )  # fmt: skip
    with np.errstate(all="ignore"):  # logits that are far apart: exp(-inf) is 0
        grads, loss = network.layers(network.gradient(theta)), network.loss(theta)
    return loss, [(grad[:-1].copy(), grad[-1].copy()) for grad in grads]


def start_scale(kind: str, inputs: int, outputs: int) -> float:
    """Return the standard deviation of the random weights of a layer that keeps the size of what passes.

    ``"he"``: ``sqrt(2 / inputs)``, for ReLU (He et al. 2015); ``"xavier"``: ``sqrt(2 / (inputs + outputs))``, for
    sigmoid and tanh (Glorot and Bengio 2010).

    Examples
    --------
    >>> start_scale("he", 8, 2), round(start_scale("xavier", 8, 2), 4)
    (0.5, 0.4472)
    """
    return float(np.sqrt(2.0 / (inputs if kind == "he" else inputs + outputs)))


@dataclass(frozen=True, eq=False)
class LayerBreakdown:
    """What one layer does to one sample, forwards and backwards; d units come in, q go out.

    Parameters
    ----------
    inputs : ndarray, shape (d,)
        a[l-1]
    W, b : ndarray, shapes (d, q) and (q,)
    z, a : ndarray, shape (q,)
    da, dz : ndarray, shape (q,)
        The gradient of the loss of the sample by a and by z.
    dW : ndarray, shape (d, q)
        ``dW = outer(a[l-1], dz)``; db is dz.
    numeric_W, numeric_z : ndarray, shapes (d, q) and (q,)
        dW and dz by central differences of the loss, ``(L(w + h) - L(w - h)) / (2 h)``: they know nothing of the
        formulas above.
    numeric_a : ndarray, shape (q,)
        da of a hidden layer by central differences; NaN in the last layer, whose a are the probabilities.
    """

    inputs: Float64Array
    W: Float64Array
    b: Float64Array
    z: Float64Array
    a: Float64Array
    da: Float64Array
    dz: Float64Array
    dW: Float64Array
    numeric_W: Float64Array
    numeric_z: Float64Array
    numeric_a: Float64Array


@dataclass(frozen=True, eq=False)
class NetworkBreakdown:
    """One sample on its way through a network and back: its target (K,), its loss in nats, and every layer."""

    target: Float64Array
    loss: float
    layers: tuple[LayerBreakdown, ...]


DIFFERENCE = 1e-5  # h of the finite differences
ROUNDING = 8 * np.finfo(float).eps


def _settled(sums: Float64Array, size: npt.ArrayLike) -> Float64Array:
    """Return sums, with 0 for what is left of terms that cancel; ``size`` is the sum of the absolute terms."""
    return np.where(np.abs(sums) < ROUNDING * np.asarray(size), 0.0, sums)


def _slopes(up: Float64Array, down: Float64Array, z: Float64Array) -> Float64Array:
    return _settled(up - down, up + down + np.abs(z).max()) / (2 * DIFFERENCE)


def _slopes_by_inputs(
    alone: Network, theta: Float64Array, behind: int, a: Float64Array, z: Float64Array
) -> Float64Array:
    """Return the slope of the loss of one sample by each input ``a`` of its last layers, ``behind`` of them."""
    start = alone._blocks[-behind][0].start
    moved = a + DIFFERENCE * np.concatenate([np.eye(a.size), -np.eye(a.size)])
    Y = np.repeat(alone.Y, len(moved), axis=0)
    rest = replace(
        alone, A=with_ones(moved), Y=Y, y=None, hidden=alone.hidden[len(alone.hidden) - behind + 1 :]
    )
    up, down = np.split(rest.sample_losses(theta[start:]), 2)
    return _slopes(up, down, z)


@np.errstate(all="ignore")  # of a run that has left all bounds
def break_down(loss: ClassifierLoss, theta: Float64Array, sample: int) -> NetworkBreakdown:
    """Take the loss of one sample apart, without penalties; softmax regression is a network of one layer.

    Raises
    ------
    ValueError
        If there is no such sample.

    Examples
    --------
    >>> network = Network(np.array([[2.0, 1.0]]), np.array([[1.0, 0.0]]), hidden=(1,), activation="relu")
    >>> first, last = break_down(network, np.array([1.0, 0.0, 1.0, -1.0, 0.0, 0.0]), 0).layers
    >>> last.dz.round(4), last.dW.round(4), first.da.round(4), first.dW.round(4)
    (array([-0.018,  0.018]), array([[-0.036,  0.036]]), array([-0.036]), array([[-0.0719]]))
    """
    i = whole_number("sample", sample, 0, loss.n - 1)
    network = loss if isinstance(loss, Network) else Network(loss.A, loss.Y, loss.y, loss.smoothing)
    theta = _settled(theta.ravel(), max(1.0, np.abs(theta).max()))  # steps that cancel
    place = slice(i, i + 1)
    seen = _settled(network.A[place], np.abs(network.A).max(axis=0))  # a feature less its mean
    alone = replace(
        network,
        A=seen,
        Y=network.Y[place],
        y=None if network.y is None else network.y[place],
        shares=None,
        l2=0.0,
        l1=0.0,
    )
    layers, inputs = alone.layers(theta), [H[:, 0] for H in alone.activations(theta)]
    zs = [_settled(layer.T @ H, np.abs(layer.T) @ np.abs(H)) for layer, H in zip(layers, inputs, strict=True)]
    outputs = [*(H[:-1] for H in inputs[1:]), alone.probabilities(theta)[:, 0]]
    up, down = (alone.losses(theta + side * DIFFERENCE * np.eye(theta.size)) for side in (1, -1))
    numeric = alone.layers(_slopes(up, down, zs[-1]))
    target, p = network.Y[i].copy(), outputs[-1]
    # The gradient by the last a comes from the loss itself, that by any other from the layer behind.
    da = -np.divide(target, p, out=np.zeros_like(target), where=target > 0.0)
    dz = _settled(
        alone._output_gradient(zs[-1][:, np.newaxis].copy(), target[:, np.newaxis])[:, 0], p + target
    )
    parts: list[LayerBreakdown] = []
    for layer, H, z, a, check in reversed(list(zip(layers, inputs, zs, outputs, numeric, strict=True))):
        if parts:
            W = layers[-len(parts)][:-1]
            da = _settled(W @ dz, np.abs(W) @ np.abs(dz))
            dz = ACTIVATIONS[network.activation].back(a[:, np.newaxis], da[:, np.newaxis])[:, 0]
        dW = np.outer(H[:-1], dz)
        numeric_a = (
            _slopes_by_inputs(alone, theta, len(parts), a, zs[-1]) if parts else np.full(a.size, np.nan)
        )
        parts.insert(
            0,
            # A bias that moves by h moves its z by h.
            LayerBreakdown(
                H[:-1].copy(), layer[:-1], layer[-1], z, a, da, dz, dW, check[:-1], check[-1], numeric_a
            ),
        )
    return NetworkBreakdown(target, float(alone.sample_losses(theta)[0]), tuple(parts))
