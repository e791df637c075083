"""What the controls of the Training page ask for: points, features, settings and the number of steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from softmax_core.features import FeatureMap
from softmax_core.training import Segment, TrainConfig
from ui.training import edits as training_edits
from ui.training.controls import choose_training
from ui.training.data import choose_data
from ui.training.features import choose_features
from ui.training.plan import Plan, legs_of
from ui.training.points import Points, Source
from ui.training.remarks import within_limits
from ui.training.run import Run, run, shape_of, with_features
from ui.training.settings import Settings

Train = Callable[[Plan], Run]


@dataclass(frozen=True)
class Setup:
    """The present wishes.

    Parameters
    ----------
    shape
        (features, classes): what weights must fit.
    beside_rate
        The place beside the learning rate, where the largest stable one is named.
    """

    source: Source
    points: Points
    features: FeatureMap
    settings: Settings
    steps: int
    shape: tuple[int, int]
    beside_rate: DeltaGenerator

    def legs(self, plan: Plan) -> tuple[Segment[TrainConfig], ...]:
        """Return a plan as the mathematics takes it."""
        return with_features(legs_of(plan, self.steps), self.features)

    def train(self, plan: Plan) -> Run:
        """Run a plan on the points; raises `ui.widgets.jobs.Pending` while it is not there yet."""
        return run(self.points, self.legs(plan))


def choose_setup(stage: str) -> Setup:
    """Show the controls of the points and the model; edits that were made on the stage are obeyed."""
    source = choose_data()
    features = choose_features()
    points = training_edits.follow(stage, source)
    settings, steps, beside_rate = choose_training(bool(points.test.y.size))
    shape = shape_of(points, features)
    steps = within_limits(steps, shape)
    return Setup(source, points, features, settings, steps, shape, beside_rate)
