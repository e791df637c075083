"""A run as a script with PyTorch."""

from __future__ import annotations

from dataclasses import asdict, dataclass

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

LIBRARY = "PyTorch"


@dataclass(frozen=True)
class _Template:
    """PyTorch's optimiser, and how far W moves per unit of a gradient that stays as it is: for the proximal step of L1."""

    optimizer: str
    scale: str = ""


_OPTIMIZERS: dict[type[Optimizer], _Template] = {
    GradientDescent: _Template("SGD(model.parameters(), lr={learning_rate})", "rate"),
    Momentum: _Template(
        "SGD(model.parameters(), lr={learning_rate}, momentum={momentum})", "rate / (1 - {momentum})"
    ),
    Nesterov: _Template(
        "SGD(model.parameters(), lr={learning_rate}, momentum={momentum}, nesterov={is_moving})",
        "rate / (1 - {momentum})",
    ),
    AdaGrad: _Template(
        "Adagrad(model.parameters(), lr={learning_rate}, eps={epsilon})",
        'rate / (optimizer.state[W]["sum"].sqrt() + {epsilon})',
    ),
    RMSProp: _Template(
        "RMSprop(model.parameters(), lr={learning_rate}, alpha={decay}, eps={epsilon})",
        'rate / (optimizer.state[W]["square_avg"].sqrt() + {epsilon})',
    ),
    Adam: _Template(
        "Adam(model.parameters(), lr={learning_rate}, betas=({beta1}, {beta2}), eps={epsilon})",
        'rate / ((optimizer.state[W]["exp_avg_sq"] / (1 - {beta2} ** (t + 1))).sqrt() + {epsilon})',
    ),
    Newton: _Template(
        "SGD(model.parameters(), lr={learning_rate})  # PyTorch has no Newton: this keeps the rate only"
    ),
}

_GRADIENT_STEP = """\
optimizer.zero_grad()
{loss}.backward()
optimizer.step()"""

_NEWTON_STEP = """\
# Slope and Hessian of all weights in one row. The same vector for all classes changes nothing,
# so H has no inverse, but a pseudo-inverse.
weights_and_biases = list(model.parameters())
slope = torch.autograd.grad({loss}, weights_and_biases, create_graph=True)
slope = torch.cat([part.ravel() for part in slope])
rows = [torch.autograd.grad(s, weights_and_biases, retain_graph=True) for s in slope]
H = torch.stack([torch.cat([part.ravel() for part in row]) for row in rows])
move = torch.linalg.pinv(H{damping}, rtol=1e-12, hermitian=True) @ slope.detach()
rate = optimizer.param_groups[0]["lr"]
with torch.no_grad():  # the step is halved until the loss falls by a share of what its slope promises
    before, promise = {loss}, (slope * move).sum()
    start = torch.nn.utils.parameters_to_vector(weights_and_biases)
    while True:
        torch.nn.utils.vector_to_parameters(start - rate * move, weights_and_biases)
        if rate == 0 or {loss} <= before - 1e-4 * rate * promise:
            break
        rate = rate / 2 if rate > 2e-9 else 0"""


def torch_script(data: Dataset, config: TrainConfig, start: Rows | None = None) -> str:
    """Return a script that trains a linear layer with PyTorch as a config says and prints the last loss.

    Parameters
    ----------
    data, config, start
        As for `softmax_core.export.numpy_script.numpy_script`.

    Returns
    -------
    str
        Python. It needs PyTorch and NumPy, which draws the minibatches of the run.

    Raises
    ------
    NoTemplateError
        If the optimiser, the schedule or the feature map is none of those with a template.
    ValueError
        If the class weights do not fit the data.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> script = torch_script(make(DataSpec("three_points")), TrainConfig(steps=1000))
    >>> "for t in range(1000):" in script.splitlines()
    True
    """
    rule = type(config.optimizer)
    if rule not in _OPTIMIZERS:
        raise NoTemplateError(LIBRARY, config.optimizer)
    fitted = fit_features(data, config)
    features, F = feature_text(data, fitted, LIBRARY)
    optimizer = _OPTIMIZERS[rule].optimizer.format(**_settings(config.optimizer))
    factor = factor_text(config.schedule, LIBRARY)
    batch, weighted = config.minibatch(data.y.size), config.class_weights is not None
    m, K = fitted.size, data.n_classes
    names = "F, y, weights" if weighted else "F, y"
    return script(
        f'"""Softmax regression with {LIBRARY}. Points and settings are those of Softmax Lab."""',
        block("import numpy as np", "import torch", "from torch.nn.functional import cross_entropy"),
        points_text(data),
        features,
        block(
            weight_text(data, config),
            f"{names} = torch.tensor({F}), torch.tensor(y)" + (", torch.tensor(weights)" if weighted else ""),
            _layer(config, m, K, start),
        ),
        _loss(config, weighted),
        block(
            f"optimizer = torch.optim.{optimizer}",
            f"schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: {factor})" if factor else "",
            order_text(config.seed) if batch else "",
            loop_head(config),
            block(*_step(config, batch), indent=4),
        ),
        block(
            "with torch.no_grad():",
            f"    loss = loss_of({names})"
            + (f" + {config.l1!r} * model.weight.abs().sum()" if config.l1 else ""),
            '    print("loss", loss.item())',
        ),
    )


def _settings(rule: Optimizer) -> dict[str, object]:
    settings = asdict(rule)
    return settings | {"is_moving": bool(settings.get("momentum"))}  # PyTorch: nesterov needs a momentum


def _layer(config: TrainConfig, m: int, K: int, start: Rows | None) -> str:
    """Return the linear layer with the weights that the run starts from."""
    layer = f"model = torch.nn.Linear({m}, {K}, dtype=torch.float64)"
    if start is None and config.start == "zeros":
        return block(layer, "for part in model.parameters():", "    torch.nn.init.zeros_(part)")
    return block(
        layer,
        start_text(config, (m + 1, K), start),
        "with torch.no_grad():  # the layer has one row per class",
        "    model.weight.copy_(torch.tensor(theta[:-1].T))",
        "    model.bias.copy_(torch.tensor(theta[-1]))",
    )


def _loss(config: TrainConfig, weighted: bool) -> str:
    options = f", label_smoothing={config.label_smoothing!r}" if config.label_smoothing else ""
    mean = f"cross_entropy(model(F), y{options})"
    if weighted:
        mean = f'(weights * cross_entropy(model(F), y, reduction="none"{options})).mean()'
    penalty = f" + {config.l2!r} / 2 * (model.weight**2).sum()" if config.l2 else ""
    names = "F, y, weights" if weighted else "F, y"
    if not penalty:
        return f"def loss_of({names}):\n    return {mean}"
    return f"""\
def loss_of({names}):
    mean = {mean}
    return mean{penalty}  # weight_decay of the optimiser would penalise the bias too"""


def _step(config: TrainConfig, batch: int | None) -> list[str]:
    """Return the body of the loop."""
    names = ["F", "y", "weights"] if config.class_weights is not None else ["F", "y"]
    loss = f"loss_of({', '.join(f'{name}[batch]' if batch else name for name in names)})"
    lines = [batch_text(batch) if batch else ""]
    if isinstance(config.optimizer, Newton):
        damping = config.optimizer.damping
        ridge = f" + {damping!r} * torch.eye(len(slope))" if damping else ""
        lines.append(_NEWTON_STEP.format(loss=loss, damping=ridge))
    else:
        lines.append(_GRADIENT_STEP.format(loss=loss))
    if config.l1:
        scale = _OPTIMIZERS[type(config.optimizer)].scale.format(**_settings(config.optimizer))
        lines.append(f"""\
with torch.no_grad():  # the proximal step of L1: towards 0, and no further
    W, rate = model.weight, optimizer.param_groups[0]["lr"]
    limit = {config.l1!r} * {scale}
    W -= torch.clamp(W, -limit, limit)""")
    if factor_text(config.schedule, LIBRARY):
        if isinstance(config.optimizer, Newton):
            lines.append(
                "optimizer.step()  # the layer has no gradients now: this only counts for the schedule"
            )
        lines.append("schedule.step()")
    return lines
