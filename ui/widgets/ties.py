"""What stands beside an accuracy that is counted where the model has not decided anything yet."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from locales import _


def all_tie(theta: npt.ArrayLike) -> bool:
    """Whether every class has the same logit for every input, as before the first step from zero weights.

    Parameters
    ----------
    theta
        W with b as its last row, (d + 1, K).
    """
    rows = np.asarray(theta)
    return bool((rows == rows[:, :1]).all())


def counted_as() -> str:
    """Return how the accuracy and the confusion matrix count a tie: as `argmax` does, like scikit-learn."""
    return _("A tie counts as the first class here.")
