"""A run as a script with PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from softmax_core.datasets.dataset import Dataset
from softmax_core.export.numpy_script import Rows, feature_lines, lifted_features, start_lines
from softmax_core.export.parts import points_text, share_text, target_lines
from softmax_core.optimizers import Newton, Optimizer
from softmax_core.schedules import Constant, CosineDecay, InverseTime, Schedule, StepDecay
from softmax_core.training import TrainConfig, fit_features


def torch_script(data: Dataset, config: TrainConfig, start: Rows | None = None) -> str:
    """Return a script that trains a linear layer with PyTorch as a config says and prints the last loss.

    Parameters
    ----------
    data, config, start
        As for `softmax_core.export.numpy_script.numpy_script`.

    Returns
    -------
    str
        Python. It needs PyTorch and NumPy. Minibatches come in another random order than on the page.

    Raises
    ------
    ValueError
        If the class weights do not fit the data, or the script has no words for the optimiser, the
        schedule or the features.

    Examples
    --------
    >>> from softmax_core.datasets import DataSpec, make
    >>> script = torch_script(make(DataSpec("three_points")), TrainConfig(steps=1000))
    >>> "for step in range(1000):" in script.splitlines()
    True
    """
    fitted = fit_features(data, config)
    lifted = lifted_features(fitted)
    whole = config.batch_size is None or config.batch_size >= data.y.size
    rule = _words(config.optimizer, _RULES)
    lines = [
        points_text(data), "", *feature_lines(fitted), *target_lines(data, config),
        f"shares = {share_text(data, config)}" if config.class_weights else "shares = np.full(len(y), 1 / len(y))",
        *start_lines(data, config, fitted, start), "",
        "A, Y, shares = (torch.tensor(part) for part in (features, Y, shares))",
        "W = torch.tensor(theta[:-1], requires_grad=True)",
        "b = torch.tensor(theta[-1], requires_grad=True)", "",
        *_loss_lines(config), f"optimizer = torch.optim.{rule}", *_schedule_lines(config.schedule),
        "", *_loop_lines(config, whole),
        "with torch.no_grad():",
        '    print(f"loss {' + f'loss_of(slice(None)).item(){_l1_text(config)}' + '!r}")',
    ]  # fmt: skip
    head = '"""Softmax regression with PyTorch; the points and the settings are those of Softmax Lab."""'
    before = f"\n\n\n{lifted}\n" if lifted else ""
    return f"{head}\n\nimport numpy as np\nimport torch{before}\n\n" + "\n".join(lines) + "\n"


def _loss_lines(config: TrainConfig) -> list[str]:
    penalty = f" + {config.l2!r} / 2 * (W**2).sum()" if config.l2 else ""
    return [
        "def loss_of(chosen):",
        "    part = shares[chosen] * len(shares) / len(A[chosen])",
        "    losses = -(Y[chosen] * torch.log_softmax(A[chosen] @ W + b, dim=1)).sum(dim=1)",
        f"    return (part * losses).sum(){penalty}", "", "",
    ]  # fmt: skip


def _l1_text(config: TrainConfig) -> str:
    return f" + {config.l1!r} * W.abs().sum().item()" if config.l1 else ""


_RULES = {
    "GradientDescent": "SGD([W, b], lr={learning_rate})",
    "Momentum": "SGD([W, b], lr={learning_rate}, momentum={momentum})",
    "Nesterov": "SGD([W, b], lr={learning_rate}, momentum={momentum}, nesterov={is_moving})",
    "AdaGrad": "Adagrad([W, b], lr={learning_rate}, eps={epsilon})",
    "RMSProp": "RMSprop([W, b], lr={learning_rate}, alpha={decay}, eps={epsilon})",
    "Adam": "Adam([W, b], lr={learning_rate}, betas=({beta1}, {beta2}), eps={epsilon})",
    # PyTorch has no Newton; its steps are taken below, and only the rate is kept here.
    "Newton": "SGD([W, b], lr={learning_rate})",
}
# How far a step goes per unit of gradient, which is what the proximal step of L1 shrinks by.
_REACHES = {
    "GradientDescent": "rate",
    "Momentum": "rate / (1 - {momentum})",
    "Nesterov": "rate / (1 - {momentum})",
    "AdaGrad": 'rate / (optimizer.state[W]["sum"].sqrt() + {epsilon})',
    "RMSProp": 'rate / (optimizer.state[W]["square_avg"].sqrt() + {epsilon})',
    "Adam": 'rate / ((optimizer.state[W]["exp_avg_sq"] / (1 - {beta2} ** (step + 1))).sqrt() + {epsilon})',
}


def _words(rule: Optimizer, table: dict[str, str]) -> str:
    name, settings = type(rule).__name__, asdict(rule)
    if name not in table:
        raise ValueError(f"PyTorch has no counterpart of {rule!r} with these settings")
    moving = bool(settings.get("momentum"))
    return table[name].format(**settings, is_moving=moving)


def _schedule_lines(schedule: Schedule) -> list[str]:
    if isinstance(schedule, Constant):
        return []
    factors: dict[type[Schedule], Callable[[Any], str]] = {
        StepDecay: lambda s: f"{s.drop!r} ** (t // {s.every})",
        CosineDecay: lambda s: f"{s.floor!r} + (1 - {s.floor!r}) * (1 + np.cos(np.pi * min(t, {s.over}) / {s.over})) / 2",
        InverseTime: lambda s: f"1 / (1 + {s.decay!r} * t)",
    }  # fmt: skip
    if type(schedule) not in factors:
        raise ValueError(f"the PyTorch script does not know the schedule {schedule!r}")
    factor = factors[type(schedule)](schedule)
    return [f"schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: {factor})"]


def _loop_lines(config: TrainConfig, whole: bool) -> list[str]:
    lines = [f"for step in range({config.steps}):"]
    if whole:
        lines.append("    chosen = slice(None)")
    else:
        lines = [
            f"torch.manual_seed({config.seed})",
            "order, at = torch.randperm(len(A)), 0",
            *lines,
            "    if at >= len(A):",
            "        order, at = torch.randperm(len(A)), 0",
            f"    chosen, at = order[at : at + {config.batch_size}], at + {config.batch_size}",
        ]
    if type(config.optimizer) is Newton:
        lines += _newton_lines(config.optimizer)
    else:
        lines += ["    optimizer.zero_grad()", "    loss_of(chosen).backward()", "    optimizer.step()"]
    if config.l1:
        lines += [
            "    with torch.no_grad():  # the proximal step of L1: towards 0, and no further",
            '        rate = optimizer.param_groups[0]["lr"]',
            f"        reach = {config.l1!r} * torch.as_tensor({_words(config.optimizer, _REACHES)}, dtype=torch.float64)",
            "        W -= torch.maximum(torch.minimum(W, reach), -reach)",
        ]
    if not isinstance(config.schedule, Constant):
        lines.append("    schedule.step()")
    return lines


def _newton_lines(rule: Newton) -> list[str]:
    damping = f" + {rule.damping!r} * torch.eye(len(slopes))" if rule.damping else ""
    return [
        "    slopes = torch.autograd.grad(loss_of(chosen), [W, b], create_graph=True)",
        "    slopes = torch.cat([part.ravel() for part in slopes])",
        "    rows = [torch.autograd.grad(slope, [W, b], retain_graph=True) for slope in slopes]",
        "    H = torch.stack([torch.cat([part.ravel() for part in row]) for row in rows])",
        "    # The same vector for all classes changes nothing: H has no inverse, but a pseudo-inverse.",
        f"    move = torch.linalg.pinv(H{damping}, rtol=1e-12, hermitian=True) @ slopes.detach()",
        '    length = optimizer.param_groups[0]["lr"]',
        "    with torch.no_grad():  # the step is halved until the loss falls enough",
        "        before, promise = loss_of(chosen).item(), (slopes @ move).item()",
        "        W_before, b_before = W.clone(), b.clone()",
        "        while True:",
        "            W.copy_(W_before - length * move[: W.numel()].reshape(W.shape))",
        "            b.copy_(b_before - length * move[W.numel() :])",
        "            if length == 0 or loss_of(chosen).item() <= before - 1e-4 * length * promise:",
        "                break",
        "            length = length / 2 if length > 2e-9 else 0",
        "    optimizer.step()  # W and b have no gradient here: it only counts for the schedule",
    ]
