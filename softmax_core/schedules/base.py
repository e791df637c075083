"""What a schedule is: how the learning rate changes over a run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule(ABC):
    """A factor on the learning rate for every step.

    A schedule has a time scale of its own and does not depend on the length of the run. Were it stretched over
    the run, one step more would change all steps before it.
    """

    @abstractmethod
    def factor(self, t: int) -> float:
        """Return the factor for step `t`, counted from 1; it is 1 for the first step."""
