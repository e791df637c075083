"""What an optimiser is: settings that never change, and a memory that is handed around."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from softmax_core.objective import ClassifierLoss
from softmax_core.validation import Float64Array, finite_number

Slots = tuple[Float64Array, ...]
Stepped = tuple[Float64Array, Slots]  # parameters and memory after a step


@dataclass(frozen=True)
class Optimizer(ABC):
    """A rule that turns parameters and their gradient into better parameters.

    The settings (learning rate and so on) are the fields of a frozen dataclass; what the rule
    stores between steps (a velocity, say) is a tuple of arrays, the slots, which `step` receives
    and returns. So an optimiser can be shared, compared, hashed and written into a URL, and a run
    can go on from any of its steps.

    A subclass is a frozen dataclass with `step`, and `init` if it has a memory, and one line in
    ``softmax_core/optimizers/__init__.py``. `proximal_scale` and `bind` are for the rules that can do more.

    Raises
    ------
    ValueError
        If a setting is out of range; the message holds it. A `learning_rate` is checked here, other settings by
        `check` in the ``__post_init__`` of the subclass.
    """

    whole_set: ClassVar[bool] = False
    """Whether the rule needs the whole training set at every step, so that minibatches make no sense."""

    needs_hessian: ClassVar[bool] = False
    """Whether the rule needs the Hessian, which is known for softmax regression only: no hidden layer."""

    def __post_init__(self) -> None:
        if hasattr(self, "learning_rate"):
            self.check("learning_rate")

    def check(self, *positive: str, fractions: tuple[str, ...] = ()) -> None:
        """Make fields plain floats: finite and above 0, or in [0, 1) for `fractions`."""
        for name in positive:
            object.__setattr__(self, name, finite_number(name, getattr(self, name), 0.0, above=True))
        for name in fractions:
            value = finite_number(name, getattr(self, name), 0.0, 1.0, below=True)
            object.__setattr__(self, name, value)

    def init(self, theta: Float64Array) -> Slots:
        """Return the memory before the first step: none, unless a subclass returns arrays."""
        return ()

    @abstractmethod
    def step(self, theta: Float64Array, grad: Float64Array, slots: Slots, t: int) -> Stepped:
        """Return the parameters and the memory after one step, leaving the arguments unchanged.

        Parameters
        ----------
        theta, grad : ndarray
            Parameters and the gradient of the loss there, of one shape.
        slots : tuple of ndarray
            The memory that `init` or the step before returned.
        t : int
            The number of this step, counted from 1.
        """

    def proximal_scale(self, slots: Slots, t: int) -> float | Float64Array | None:
        """Return how far a step goes per unit of a constant gradient, or None.

        The proximal step of L1 shrinks every weight by ``l1 * proximal_scale`` after the step, with the slots
        that the step returned. Only with this length do the two forces, gradient and shrinkage, balance
        at the minimum of the whole loss: a velocity that sums gradients needs a larger one than the
        learning rate. None means that the rule has no proximal step, and L1 is refused.
        """
        return None

    def bind(self, objective: ClassifierLoss) -> Optimizer:
        """Return the rule for one loss: itself, unless it needs more of the loss than its gradient."""
        return self
