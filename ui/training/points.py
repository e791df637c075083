"""The points of the Training page: a data set, and the points that learn and that test after edits."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from instruments.training_stage.packed import view_box
from softmax_core.datasets import Dataset
from softmax_core.geometry import Box


def digest(*parts: object) -> str:
    """Return a short name that is the same for the same parts."""
    return blake2b("\n".join(map(str, parts)).encode(), digest_size=8).hexdigest()


MARGIN = 0.08  # of the size of the points, on each side
LEAST_SHARE = (
    0.4  # of an axis that points should take up; where equal units leave them less, each axis has its own
)


def box_of_axes(X: npt.NDArray[np.float64]) -> Box:
    """Return (x from, x to, y from, y to) around points whose two columns may have units of their own.

    Where equal units on both axes would leave the points a sliver (height in m, weight in kg), each axis is as long as its
    column; else the units stay equal.
    """
    box = view_box(X)
    low, high = X.min(axis=0), X.max(axis=0)
    size = high - low
    shares = size / (box[1] - box[0], box[3] - box[2])
    if min(shares) >= LEAST_SHARE or not size.all():
        return box
    low, high = low - MARGIN * size, high + MARGIN * size
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])


@dataclass(frozen=True, eq=False)
class Source:
    """A data set before any edit.

    Parameters
    ----------
    name
        Two sources of the same name have the same points for training and for testing, and the same frame.
    data
        n samples of two features.
    is_test
        (n,) true for the points that are held back.
    shared
        False for uploaded data: no other session may get them.
    frame
        What the stage shows of the plane where that does not follow from these points alone.
    """

    name: str
    data: Dataset
    is_test: npt.NDArray[np.bool_]
    shared: bool = True
    frame: Box | None = None

    @property
    def box(self) -> Box:
        """What the stage shows of the plane: it stays while points are edited."""
        return self.frame or view_box(self.data.X)


@dataclass(frozen=True, eq=False)
class UploadedData:
    """A data set that the learner brought; ``is_test`` is None where the table does not say which points test."""

    name: str
    data: Dataset
    is_test: npt.NDArray[np.bool_] | None


@dataclass(frozen=True, eq=False)
class Points:
    """What a run learns from and is tested on.

    ``ids`` (n,) number the training points, then the test points; ``next_id`` is for the next point that is added.
    """

    name: str
    source: Source
    train: Dataset
    test: Dataset
    ids: npt.NDArray[np.int32]
    next_id: int
    shared: bool

    @property
    def box(self) -> Box:
        """What the stage shows of the plane."""
        return self.source.box

    @property
    def X(self) -> npt.NDArray[np.float64]:
        """All places, training points first."""
        return np.vstack([self.train.X, self.test.X])

    @property
    def y(self) -> npt.NDArray[np.int64]:
        """All classes, training points first."""
        return np.concatenate([self.train.y, self.test.y])

    @property
    def is_test(self) -> npt.NDArray[np.bool_]:
        """True for test points."""
        return np.arange(len(self.ids)) >= self.train.y.size
