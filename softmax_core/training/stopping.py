"""When to stop a run before its last step, and the record of why it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from softmax_core.checks import finite_number, whole_number
from softmax_core.validation import Float64Array

StopCode = Literal["step_limit", "validation_loss", "gradient_norm", "asked"]


@dataclass(frozen=True)
class Stop:
    """Early stopping. Both rules may be on; the one that fires first ends the run.

    Parameters
    ----------
    patience : int, optional
        Stop when the validation loss (plain mean cross-entropy, without penalties, weights or
        smoothing) has not fallen below its least value so far for this many steps, at least 1.
    min_gain : float
        By how much (nats) it must fall to count, at least 0.
    gradient_norm : float, optional
        Stop when the Euclidean norm of the gradient of the whole training loss is at most this, > 0.
        It is the full gradient for minibatches too, because one batch can be flat by chance; with L1
        the shortest subgradient, which is 0 at the optimum.

    Raises
    ------
    ValueError
        If a value is out of range; the message holds it.

    Examples
    --------
    >>> Stop(patience=0)
    Traceback (most recent call last):
        ...
    ValueError: patience must be a whole number of at least 1, received 0
    """

    patience: int | None = None
    min_gain: float = 0.0
    gradient_norm: float | None = None

    def __post_init__(self) -> None:
        if self.patience is not None:
            object.__setattr__(self, "patience", whole_number("patience", self.patience, 1))
        object.__setattr__(self, "min_gain", finite_number("min_gain", self.min_gain, 0.0))
        if self.gradient_norm is not None:
            norm = finite_number("gradient_norm", self.gradient_norm, 0.0, above=True)
            object.__setattr__(self, "gradient_norm", norm)


@dataclass(frozen=True)
class Stopped:
    """Why and where a run ended.

    Parameters
    ----------
    code : str
        ``"step_limit"``: all steps were done; ``"validation_loss"``, ``"gradient_norm"``: a rule of
        `Stop` fired; ``"asked"``: `watch` said no.
    step : int
        The last step of the run.
    best : int, optional
        The step with the least validation loss, where that was looked at.
    """

    code: StopCode
    step: int
    best: int | None = None


class Watcher:
    """Applies a `Stop` to the steps of a run as they come; what it says does not depend on their blocks.

    Examples
    --------
    >>> watcher = Watcher(Stop(patience=2))
    >>> watcher.look(0, np.array([1.0, 0.5]), None), watcher.look(2, np.array([0.6, 0.7, 0.1]), None)
    (None, Stopped(code='validation_loss', step=3, best=1))
    """

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._least = np.inf
        self.best: int | None = None

    def look(self, first: int, validation: Float64Array | None, norms: Float64Array | None) -> Stopped | None:
        """Look at the steps first, first + 1, ...: their validation losses and gradient norms."""
        count = len(validation) if validation is not None else len(norms) if norms is not None else 0
        patience, limit = self._stop.patience, self._stop.gradient_norm
        for i in range(count):
            if validation is not None and patience is not None:
                if validation[i] < self._least - (self._stop.min_gain if self.best is not None else 0.0):
                    self._least, self.best = float(validation[i]), first + i
                if first + i - (self.best or 0) >= patience:
                    return Stopped("validation_loss", first + i, self.best)
            if norms is not None and limit is not None and norms[i] <= limit:
                return Stopped("gradient_norm", first + i, self.best)
        return None
