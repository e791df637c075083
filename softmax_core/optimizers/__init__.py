"""Optimisers: one file each, and one line in the table below."""

from __future__ import annotations

from softmax_core.optimizers.adagrad import AdaGrad
from softmax_core.optimizers.adam import Adam
from softmax_core.optimizers.base import Optimizer, Slots, Stepped
from softmax_core.optimizers.gradient_descent import GradientDescent
from softmax_core.optimizers.momentum import Momentum
from softmax_core.optimizers.nesterov import Nesterov
from softmax_core.optimizers.newton import Newton
from softmax_core.optimizers.rmsprop import RMSProp

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "gradient_descent": GradientDescent,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "newton": Newton,
}

__all__ = [
    "OPTIMIZERS",
    "AdaGrad",
    "Adam",
    "GradientDescent",
    "Momentum",
    "Nesterov",
    "Newton",
    "Optimizer",
    "RMSProp",
    "Slots",
    "Stepped",
]
