"""The points of the Training page: a data set, what the hand did to it, and who learns and who tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from instruments.training_stage.edits import (
    MOST_MARKS,
    MOST_POINTS,
    Add,
    Erase,
    Gesture,
    Move,
    Place,
    as_text,
)
from instruments.training_stage.packed import view_box
from locales import _
from softmax_core.datasets import Dataset

Box = tuple[float, float, float, float]


def digest(*parts: object) -> str:
    """Return a short name for what is described by texts."""
    return blake2b("\n".join(map(str, parts)).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, eq=False)
class Source:
    """A data set before any edit.

    Parameters
    ----------
    name
        Names the numbers: the same name, the same points on the same sides.
    data
        n samples of two features.
    in_test
        (n,) true for the points that are held back.
    shared
        Whether others may be shown the same: uploaded data are their owner's alone.
    """

    name: str
    data: Dataset
    in_test: npt.NDArray[np.bool_]
    shared: bool = True

    @property
    def box(self) -> Box:
        """What the stage shows: it stays while points are edited."""
        return view_box(self.data.X)


@dataclass(frozen=True, eq=False)
class Points:
    """What a run learns from and is tested on. ``ids`` (n,) number the training points, then the test points."""

    name: str
    source: Source
    train: Dataset
    test: Dataset
    ids: npt.NDArray[np.int32]
    following: int
    box: Box
    shared: bool

    @property
    def X(self) -> npt.NDArray[np.float64]:
        """All places, training points first."""
        return np.vstack([self.train.X, self.test.X])

    @property
    def y(self) -> npt.NDArray[np.int64]:
        """All classes, training points first."""
        return np.concatenate([self.train.y, self.test.y])

    @property
    def held(self) -> npt.NDArray[np.bool_]:
        """True for test points."""
        return np.arange(len(self.ids)) >= self.train.y.size


@dataclass
class Replay:
    """Gestures carried out one after the other; each is refused whole where it does not fit."""

    source: Source
    added: list[tuple[Place, int]] = field(default_factory=list)
    moved: dict[int, Place] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    marks: int = 0

    def __post_init__(self) -> None:
        self.first = self.source.data.y.size
        self.box = self.source.box
        self.learners = self.first - int(self.source.in_test.sum())

    def do(self, gesture: Gesture) -> None:
        """Carry one gesture out.

        Raises
        ------
        ValueError
            If it does not fit, with a sentence for the learner; nothing has changed then.
        """
        if self.marks + gesture.marks > MOST_MARKS:
            raise ValueError(_("No more than {n} edits are kept.").format(n=MOST_MARKS))
        if isinstance(gesture, Add):
            self._add(gesture)
        elif isinstance(gesture, Move):
            self._known([gesture.point])
            self._inside([gesture.place])
            self.moved[gesture.point] = gesture.place
        elif isinstance(gesture, Erase):
            self._erase(gesture)
        else:
            self.added, self.moved, self.gone = [], {}, set()
            self.__post_init__()
        self.marks += gesture.marks

    def _add(self, gesture: Add) -> None:
        if gesture.label >= self.source.data.n_classes:
            raise ValueError(_("There is no class {k}.").format(k=gesture.label))
        if self.first + len(self.added) - len(self.gone) + len(gesture.places) > MOST_POINTS:
            raise ValueError(_("The stage holds no more than {n} points.").format(n=MOST_POINTS))
        self._inside(gesture.places)
        self.added += [(place, gesture.label) for place in gesture.places]
        self.learners += len(gesture.places)

    def _erase(self, gesture: Erase) -> None:
        self._known(gesture.points)
        learning = sum(not self._tests(point) for point in gesture.points)
        if learning >= self.learners:
            raise ValueError(_("At least one training point has to stay."))
        self.gone.update(gesture.points)
        self.learners -= learning

    def _tests(self, point: int) -> bool:
        return point < self.first and bool(self.source.in_test[point])

    def _known(self, points: Sequence[int]) -> None:
        for point in points:
            if point >= self.first + len(self.added) or point in self.gone:
                raise ValueError(_("There is no point {i}.").format(i=point))

    def _inside(self, places: Sequence[Place]) -> None:
        x0, x1, y0, y1 = self.box
        slack = 1e-6 * (x1 - x0)
        for x, y in places:
            if not (x0 - slack <= x <= x1 + slack and y0 - slack <= y <= y1 + slack):
                raise ValueError(_("A point has to lie on the stage."))

    def points(self, name: str) -> Points:
        """Return what the gestures have made of the source."""
        base = self.source.data
        added = np.array([place for place, _label in self.added]).reshape(-1, 2)
        X = np.vstack([base.X, added])
        for point, place in self.moved.items():
            X[point] = place
        y = np.concatenate([base.y, np.array([label for _place, label in self.added], dtype=base.y.dtype)])
        testing = np.concatenate([self.source.in_test, np.zeros(len(added), dtype=bool)])
        alive = np.ones(y.size, dtype=bool)
        alive[list(self.gone)] = False
        sides = [np.flatnonzero(alive & ~testing), np.flatnonzero(alive & testing)]
        parts = [
            Dataset(X[side], y[side], base.n_classes, base.feature_names, base.class_names, base.source)
            for side in sides
        ]
        return Points(
            name=name, source=self.source, train=parts[0], test=parts[1],
            ids=np.concatenate(sides).astype(np.int32), following=y.size, box=self.box,
            shared=self.source.shared and not (self.added or self.moved or self.gone),
        )  # fmt: skip


def edited(source: Source, gestures: Sequence[Gesture]) -> Points:
    """Return the points after gestures.

    Raises
    ------
    ValueError
        If one does not fit; with a sentence for the learner.
    """
    replay = Replay(source)
    for gesture in gestures:
        replay.do(gesture)
    name = source.name if not gestures else digest(source.name, as_text(gestures))
    return replay.points(name)
