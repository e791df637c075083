"""The four schedules: constant, in steps, along a cosine, inverse in time."""

from __future__ import annotations

import math
from dataclasses import dataclass

from softmax_core.schedules.base import Schedule
from softmax_core.validation import finite_number, whole_number


@dataclass(frozen=True)
class Constant(Schedule):
    """The learning rate stays.

    Examples
    --------
    >>> Constant().factor(1000)
    1.0
    """

    def factor(self, t: int) -> float:
        """Return 1."""
        return 1.0


@dataclass(frozen=True)
class StepDecay(Schedule):
    """Every so many steps the rate is multiplied: ``factor = drop ** floor((t - 1) / every)``.

    Parameters
    ----------
    every : int
        Steps between two drops, at least 1.
    drop : float
        In (0, 1].

    Examples
    --------
    >>> [StepDecay(every=2, drop=0.5).factor(t) for t in (1, 2, 3, 5)]
    [1.0, 1.0, 0.5, 0.25]
    """

    every: int = 100
    drop: float = 0.5

    def __post_init__(self) -> None:
        object.__setattr__(self, "every", whole_number("every", self.every, 1))
        object.__setattr__(self, "drop", finite_number("drop", self.drop, 0.0, 1.0, above=True))

    def factor(self, t: int) -> float:
        """Return the factor for step `t`."""
        return float(self.drop ** ((t - 1) // self.every))


@dataclass(frozen=True)
class CosineDecay(Schedule):
    """Half a cosine from 1 down to a floor, which then stays.

    ``factor = floor + (1 - floor) * (1 + cos(pi * min(t - 1, over) / over)) / 2``

    Parameters
    ----------
    over : int
        Steps until the floor is reached, at least 1.
    floor : float
        In [0, 1].

    Notes
    -----
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2017), equation 5,
    without a restart.

    Examples
    --------
    >>> [round(CosineDecay(over=4).factor(t), 4) for t in (1, 3, 5, 6)]
    [1.0, 0.5, 0.0, 0.0]
    """

    over: int = 300
    floor: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "over", whole_number("over", self.over, 1))
        object.__setattr__(self, "floor", finite_number("floor", self.floor, 0.0, 1.0))

    def factor(self, t: int) -> float:
        """Return the factor for step `t`."""
        done = min(t - 1, self.over) / self.over
        return self.floor + (1.0 - self.floor) * 0.5 * (1.0 + math.cos(math.pi * done))


@dataclass(frozen=True)
class InverseTime(Schedule):
    """``factor = 1 / (1 + decay * (t - 1))``: small enough in the end for minibatches to converge.

    The rates sum to infinity and their squares do not: the condition of Robbins and Monro, "A
    stochastic approximation method", Ann. Math. Statist. 22 (1951).

    Parameters
    ----------
    decay : float
        Per step, > 0: after 1 / decay steps the rate is halved.

    Examples
    --------
    >>> InverseTime(0.01).factor(101)
    0.5
    """

    decay: float = 0.01

    def __post_init__(self) -> None:
        object.__setattr__(self, "decay", finite_number("decay", self.decay, 0.0, above=True))

    def factor(self, t: int) -> float:
        """Return the factor for step `t`."""
        return 1.0 / (1.0 + self.decay * (t - 1))
