"""A run as a script in NumPy alone, as one would write it by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from softmax_core.datasets.dataset import Dataset
from softmax_core.export.parts import (
    NoTemplateError,
    Rows,
    batch_text,
    block,
    factor_text,
    feature_text,
    loop_head,
    order_text,
    points_text,
    script,
    start_text,
    target_text,
    weight_text,
)
from softmax_core.optimizers import (
    AdaGrad,
    Adam,
    GradientDescent,
    Momentum,
    Nesterov,
    Newton,
    Optimizer,
    RMSProp,
)
from softmax_core.training import TrainConfig, fit_features

LIBRARY = "NumPy"


@dataclass(frozen=True)
class _Update:
    """An optimiser as text.

    ``memory`` stands before the loop, ``step`` in it; ``scale`` is how far W moves per unit of a
    gradient that stays as it is, which the proximal step of L1 needs.
    """

    name: str
    step: str
    memory: str = ""
    scale: str = "rate"


_UPDATES: dict[type[Optimizer], _Update] = {
    GradientDescent: _Update("gradient descent", "theta = theta - rate * grad"),
    Momentum: _Update(
        "gradient descent with momentum",
        """\
velocity = {momentum} * velocity + grad
theta = theta - rate * velocity""",
        memory="velocity = np.zeros_like(theta)",
        scale="rate / (1 - {momentum})",
    ),
    Nesterov: _Update(
        "Nesterov's momentum",
        """\
velocity = {momentum} * velocity + grad
theta = theta - rate * (grad + {momentum} * velocity)""",
        memory="velocity = np.zeros_like(theta)",
        scale="rate / (1 - {momentum})",
    ),
    AdaGrad: _Update(
        "AdaGrad",
        """\
squares = squares + grad**2
theta = theta - rate * grad / (np.sqrt(squares) + {epsilon})""",
        memory="squares = np.zeros_like(theta)",
        scale="rate / (np.sqrt(squares[:-1]) + {epsilon})",
    ),
    RMSProp: _Update(
        "RMSProp",
        """\
squares = {decay} * squares + (1 - {decay}) * grad**2
theta = theta - rate * grad / (np.sqrt(squares) + {epsilon})""",
        memory="squares = np.zeros_like(theta)",
        scale="rate / (np.sqrt(squares[:-1]) + {epsilon})",
    ),
    Adam: _Update(
        "Adam",
        """\
mean = {beta1} * mean + (1 - {beta1}) * grad
squares = {beta2} * squares + (1 - {beta2}) * grad**2
root = np.sqrt(squares / (1 - {beta2} ** (t + 1))) + {epsilon}  # means that begin at 0 are too small
theta = theta - rate * mean / (1 - {beta1} ** (t + 1)) / root""",
        memory="mean, squares = np.zeros_like(theta), np.zeros_like(theta)",
        scale="rate / root[:-1]",
    ),
    Newton: _Update(
        "Newton's method",
        """\
# The Hessian: entry (r, j), (s, k) is the mean of a_r * a_s * p_j * ([j == k] - p_k).
D = P[:, :, None] * (np.eye(P.shape[1]) - P[:, None, :])
H = np.einsum("nr,njk,ns->rjsk", {A}, D, A, optimize=True).reshape(theta.size, theta.size)
{ridge}
# The same vector for all classes changes nothing, so H has no inverse, but a pseudo-inverse:
# computed in units in which every feature has mean square 1.
unit = np.repeat(np.sqrt((A**2).mean(axis=0)), P.shape[1])
{idle}
inverse = np.linalg.pinv(H / np.outer(unit, unit), rtol=1e-12, hermitian=True)
move = (inverse @ (grad.ravel() / unit) / unit).reshape(theta.shape)
promise = (grad * move).sum()
# The step is halved until the loss falls by a share of what its slope promises.
while not loss(theta - rate * move) <= loss(theta) - 1e-4 * rate * promise:
    rate = rate / 2 if rate > 2e-9 else 0
theta = theta - rate * move""",
    ),
}


def numpy_script(data: Dataset, config: TrainConfig, start: Rows | None = None) -> str:
    """Return a script that trains as `softmax_core.training.loop.train` does and prints the last loss.

    Parameters
    ----------
    data : Dataset
        The training points; they are written into the script.
    config : TrainConfig
        ``config.steps`` updates are made: for a run that early stopping ended, give the steps it took.
    start : rows of W with b as the last one, optional
        Where to start instead of ``config.start``.

    Returns
    -------
    str
        Python. It needs NumPy and nothing else. Only what the config uses is in it. Minibatches are
        those of the run.

    Raises
    ------
    NoTemplateError
        If the optimiser, the schedule or the feature map is none of those with a template.
    ValueError
        If the class weights do not fit the data.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> text = numpy_script(make(DataSpec("three_points")), TrainConfig(steps=1000))
    >>> print(text[text.index("rate =") : text.index("print")])
    rate = 0.1
    for t in range(1000):
        P = np.exp(log_softmax(A @ theta))  # probabilities, (n, K)
        grad = A.T @ (P - Y) / len(A)
        theta = theta - rate * grad
    <BLANKLINE>
    <BLANKLINE>
    """
    update = _UPDATES.get(type(config.optimizer))
    if update is None:
        raise NoTemplateError(LIBRARY, config.optimizer)
    fitted = fit_features(data, config)
    features, F = feature_text(data, fitted, LIBRARY)
    weighted = config.class_weights is not None
    return script(
        f'"""Softmax regression by {update.name}, in NumPy. Points and settings are those of Softmax Lab."""',
        "import numpy as np",
        points_text(data),
        features,
        block(
            target_text(data, config),
            weight_text(data, config),
            f"A = np.column_stack([{F}, np.ones(len({F}))])  # a last column of ones for the bias",
            start_text(config, (fitted.size + 1, data.n_classes), start),
        ),
        """\
def log_softmax(Z):
    Z = Z - Z.max(axis=1, keepdims=True)  # so that exp cannot overflow
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))""",
        _loss(config, weighted),
        block(*_before(data, config, update), loop_head(config), _step(data, config, update, weighted)),
        'print("loss", loss(theta))',
    )


def _loss(config: TrainConfig, weighted: bool) -> str:
    targets = "weights[:, None] * Y" if weighted else "Y"
    mean = f"-({targets} * log_softmax(A @ theta)).sum() / len(A)"
    penalties = [
        f"{config.l2!r} / 2 * (theta[:-1] ** 2).sum()" if config.l2 else "",
        f"{config.l1!r} * np.abs(theta[:-1]).sum()" if config.l1 else "",
    ]
    if not any(penalties):
        return f"def loss(theta):\n    return {mean}"
    penalty = " + ".join(term for term in penalties if term)
    return f"def loss(theta):\n    mean = {mean}\n    return mean + {penalty}"


def _before(data: Dataset, config: TrainConfig, update: _Update) -> list[str]:
    """Return what stands before the loop: the learning rate, the memory, the random order."""
    settings = asdict(config.optimizer)
    is_constant = not factor_text(config.schedule, LIBRARY) and type(config.optimizer) is not Newton
    return [
        f"rate = {settings['learning_rate']!r}" if is_constant else "",
        update.memory,
        order_text(config.seed) if config.minibatch(data.y.size) else "",
    ]


def _step(data: Dataset, config: TrainConfig, update: _Update, weighted: bool) -> str:
    """Return the body of the loop."""
    settings = {name: repr(value) for name, value in asdict(config.optimizer).items()}
    factor, batch = factor_text(config.schedule, LIBRARY), config.minibatch(data.y.size)
    rows = "[batch]" if batch else ""
    error = f"(P - Y{rows})"
    if weighted:
        error = f"(weights{rows}[:, None] * {error})"
    rate = ""
    if factor or type(config.optimizer) is Newton:
        rate = f"rate = {settings['learning_rate']}" + (f" * {factor}" if factor else "")
    step = update.step
    if type(config.optimizer) is Newton:
        step = _newton(data, config, step, weighted)
    shrinkage = f"""\
limit = {config.l1!r} * {update.scale.format(**settings)}
theta[:-1] -= np.clip(theta[:-1], -limit, limit)  # the proximal step of L1: towards 0, and no further"""
    return block(
        batch_text(batch) if batch else "",
        rate,
        f"P = np.exp(log_softmax(A{rows} @ theta))  # probabilities, (n, K)",
        f"grad = A{rows}.T @ {error} / len({'batch' if batch else 'A'})",
        f"grad[:-1] += {config.l2!r} * theta[:-1]  # W is penalised, b is not" if config.l2 else "",
        step if type(config.optimizer) is Newton else step.format(**settings),
        shrinkage if config.l1 else "",
        indent=4,
    )


def _newton(data: Dataset, config: TrainConfig, step: str, weighted: bool) -> str:
    assert isinstance(config.optimizer, Newton)
    damping = config.optimizer.damping
    ridge = block(
        f"H += np.diag(np.repeat([{config.l2!r}] * (len(theta) - 1) + [0], P.shape[1]))" if config.l2 else "",
        f"H += {damping!r} * np.eye(theta.size)" if damping else "",
    )
    # A feature that is 0 everywhere has no size to divide by.
    has_idle = not np.any(fit_features(data, config).transform(data.X), axis=0).all()
    filled = step.format(
        A="A * weights[:, None] / len(A)" if weighted else "A / len(A)",
        ridge=ridge,
        idle="unit[unit == 0] = 1" if has_idle else "",
    )
    return "\n".join(line for line in filled.splitlines() if line)
