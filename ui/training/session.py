"""What a session remembers of the Training page: one `Session`, returned by `session`.

The values of widgets are not in it: Streamlit keeps them under their keys. The playhead and the look of a stage are
kept by its instrument.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from instruments.training_stage import Goto, Hand, StageView
from instruments.training_stage.edits import Gesture
from softmax_core.datasets import Dataset
from softmax_core.features import FittedMap
from softmax_core.geometry import Box
from softmax_core.training import Segment, TrainConfig, Trajectory
from softmax_core.validation import Float64Array
from ui.frame.run_cache import session_value
from ui.training.lessons import lesson
from ui.training.points import Points, Source, UploadedData
from ui.training.settings import Settings
from ui.training.table import Table
from ui.widgets.jobs import Job

RACE = "training_race"
"""The key of the race, and what its parameters in the link begin with; `lessons.stage_key` is that of the stage."""


Segments = tuple[Segment[TrainConfig], ...]
Plan = tuple[Segment[Settings], ...]
Changes = tuple[Segment[Mapping[str, str]], ...]
"""A plan in a link: of each segment the settings that differ from the present ones, as texts, and weights in one row."""


@dataclass(frozen=True, eq=False)
class Run:
    """A trajectory with the points it was trained on and what the stage needs of it.

    Parameters
    ----------
    points, segments
        What was asked for.
    trajectory
        The steps of the training.
    features
        The fitted feature map.
    test_loss, test_accuracy
        (S + 1,) on the test points; None where nothing is held back.
    stable_rate
        2 / curvature at the start; infinite for a network, whose curvature is not looked at.
    message
        What the training stage takes, by the names of its parameters.
    revision
        Runs of the same revision have the same numbers.
    overdue
        Whether it was ended because it took too long.
    """

    points: Points
    segments: Segments
    trajectory: Trajectory
    features: FittedMap
    test_loss: Float64Array | None
    test_accuracy: Float64Array | None
    stable_rate: float
    message: Mapping[str, Any]
    revision: str
    overdue: bool = False

    @property
    def data(self) -> Dataset:
        """The data set before any edit: what the classes and the features are called."""
        return self.points.source.data

    @property
    def train(self) -> Dataset:
        """The points that the model learns from."""
        return self.points.train

    @property
    def test(self) -> Dataset:
        """The points that are held back; may be empty."""
        return self.points.test

    @property
    def is_test(self) -> npt.NDArray[np.bool_]:
        """True for test points, in the order of the stage."""
        return self.points.is_test

    @property
    def box(self) -> Box:
        """What the stage shows of the plane."""
        return self.points.box


@dataclass(frozen=True, eq=False)
class Mounted:
    """What is mounted on the stage: a run, the run before it as a ghost, and how they are drawn.

    ``prediction`` is what the learner has predicted for the probe. ``asks`` is whether Python wants to hear of the playhead as soon as another run is on the stage; ``sketch`` is the line
    over the plane, as the stage takes it.
    """

    run: Run
    ghost: Run | None
    view: StageView
    focus: int | None
    edits: Mapping[str, Any]
    asks: bool = False
    sketch: Mapping[str, Any] | None = None
    prediction: Mapping[str, Any] | None = None

    @property
    def revision(self) -> str:
        """Changes with each of the two runs."""
        return f"{self.run.revision}-{None if self.ghost is None else self.ghost.revision}"

    def looks_like(self, other: Mounted) -> bool:
        """Whether both show the same runs in the same way."""
        one, another = ((it.revision, it.view, it.focus, it.sketch) for it in (self, other))
        return one == another


@dataclass(frozen=True)
class History:
    """The gestures on one data set, and those that were undone. ``drag`` is the number of the drag of the last one."""

    done: tuple[Gesture, ...] = ()
    undone: tuple[Gesture, ...] = ()
    drag: int = 0


@dataclass
class EditMemory:
    """The edits of points: a history for each data set, the number of the last message applied, the edits of the link.

    ``session`` tells messages to this session from those to one that was lost.
    """

    histories: dict[str, History] = field(default_factory=dict)
    applied: int = 0
    from_link: tuple[Gesture, ...] | None = None
    refused: str = ""
    session: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass
class PlanMemory:
    """The plan of the run and the plan before the last change, as its ghost.

    ``data`` and ``settings`` are those of the plan, ``hand`` is the id of the last weights set by hand, and ``links`` holds
    the plans of the link until the settings are known. ``past`` and ``future`` are the plans to which undo and redo
    of weights set by hand lead.
    """

    data: str = ""
    settings: Settings = field(default_factory=dict)
    plan: Plan = ()
    ghost: Plan | None = None
    hand: str = ""
    past: tuple[Plan, ...] = ()
    future: tuple[Plan, ...] = ()
    links: dict[str, Changes] = field(default_factory=dict)


@dataclass
class Session:
    """What a session remembers of the page.

    Parameters
    ----------
    source
        The data set of the last run of the page: it stays while own data are not usable.
    uploaded
        The last usable data set that the learner brought.
    written
        (name of the data set, its text): what the browser keeps of the data that the learner brought.
    table
        (text or file, whether its first line holds names, the table): what was read last.
    runs
        Runs that only this session can ask for: on its own points, and stopped ones.
    job
        The training at work.
    edits, plan, mounted
        The edits of points, the plan of the run, and what the stage shows.
    goto
        (number, step, whether it plays from there, the probe): a new number sends the playhead to that step and the probe
        to its place, ``""`` for none; see `ui.training.stage.go_to`. A probe of None stays.
    wanted
        (step, whether to play, the probe) for the next run that is on the stage; None where the playhead stays.
    turns
        How often the stage has opened another panel.
    unedited
        Whether the edits of the points that are chosen next are to be forgotten.
    saved_hand
        Weights of a saved run, to be put in place by the first run with its settings.
    saved_message
        Kind (``"error"``, ``"success"`` or nothing) and sentence on the last saved run that was brought back.
    """

    source: Source | None = None
    uploaded: UploadedData | None = None
    written: tuple[str, str] | None = None
    table: tuple[str | bytes, bool | None, Table] | None = None
    runs: OrderedDict[str, Run] = field(default_factory=OrderedDict)
    job: Job[Run] | None = None
    edits: EditMemory = field(default_factory=EditMemory)
    plan: PlanMemory = field(default_factory=PlanMemory)
    mounted: Mounted | None = None
    goto: Goto = (0, 0, False, None)
    wanted: tuple[int, bool, str | None] | None = None
    turns: int = 0
    unedited: bool = False
    saved_hand: Hand | None = None
    saved_message: tuple[str, str] = ("", "")


def session() -> Session:
    """Return what this session remembers of the lesson."""
    return session_value(lesson(), Session)
