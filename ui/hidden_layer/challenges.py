"""The challenges of the lesson on the hidden layer."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from locales import _
from softmax_core.datasets import DataSpec, make
from softmax_core.features import Linear
from softmax_core.network import loss_and_gradient
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, Trajectory, train
from ui.training.challenges import Seen, put
from ui.widgets.challenges import Challenges, Choice, Goal, Prediction, Task
from ui.widgets.show import number, percent

NOISE = 0.2
STEPS = 500
N = 300
SOME = 4
ENOUGH = (1, 2, 3, 8)  # units to choose from
CLOSED = 0.99  # accuracy from which the circles count as learned
MANY_RIGHT = 0.9  # accuracy above which XOR counts as learned
SPIRALS_RIGHT = 0.95


@lru_cache(maxsize=16)
def run_on(name: str, units: int, place: str = "last", start: str = "xavier") -> Trajectory:
    """Return the run of the standard settings: what the stage shows for these."""
    config = TrainConfig(
        GradientDescent(1.0), steps=STEPS, hidden=units, start=start, features=Linear(standardise=True),
        activation="softmax" if place == "hidden" else "tanh",
        output="softmax_sigmoid" if place == "twice" else "softmax",
    )  # fmt: skip
    return train(make(DataSpec(name, n=N, n_classes=2, noise=NOISE)), config)


def _of_straight() -> int:
    """0 where about half of XOR is right without hidden units, 1 where three quarters, 2 where nearly all."""
    return int(np.digitize(run_on("xor", 0).accuracy[-1], (0.625, 0.9)))


def _of_enough() -> int:
    """Return which of the choices is the first with all circles learned."""
    return next(i for i, units in enumerate(ENOUGH) if run_on("circles", units).accuracy[-1] > CLOSED)


def _of_hidden_softmax() -> int:
    """0 where three units behind a softmax learn the circles, 1 where about one point in ten stays wrong, 2 where half do."""
    share = run_on("circles", 3, "hidden").accuracy[-1]
    return 0 if share > CLOSED else 1 if share > 0.8 else 2


def lowest_with_sigmoid() -> float:
    """Return the loss of a model that is right and entirely sure, with a sigmoid after its softmax."""
    sure = [(1e3 * np.eye(2), np.zeros(2))]
    return loss_and_gradient(np.eye(2), [0, 1], sure, output="softmax_sigmoid")[0]


LOWEST = (0.0, 0.31, 0.69)


def _of_lowest() -> int:
    return int(np.abs(np.array(LOWEST) - lowest_with_sigmoid()).argmin())


def _is_learned(seen: Seen, name: str, least: float) -> bool | str:
    if not seen.is_on(name, n=N, n_classes=2, noise=NOISE):
        return False
    if seen.accuracy > least or not seen.has_ended:
        return seen.accuracy > least
    return _("this run ends with {accuracy} right. Change a setting.").format(accuracy=percent(seen.accuracy))


def _of_zeros() -> int:
    """0 where no weight of a run from zeros ever moves, 1 where all units stay alike, 2 where they part."""
    (W, _b), (V, _c) = run_on("xor", SOME, start="zeros").layers_at(STEPS)
    if not np.concatenate([W, V.T]).any():
        return 0
    return 1 if np.ptp(W, axis=1).max() == 0 else 2


# --- the table


def _table() -> list[Task]:
    return [
        Prediction(
            "straight",
            _("XOR: each class has two opposite corners. **Without** hidden units the model is plain softmax regression. How many points does it get right when it is trained?"),
            Choice((_("about half of them"), _("about three quarters"), _("nearly all"))),
            truth=_of_straight,
            explanation=_(
                "Its border is one straight line, and no line parts these corners. Some lines get a few more points right, but training lowers the loss, and that is lowest where the model stays unsure everywhere."
            ),
            before=lambda: put(units=0),
            reveal=lambda: put(play=True, units=0),
        ),
        Goal(
            "xor",
            _("One hidden unit is one more straight line. Get more than **90 %** of XOR right: choose how many **Hidden units**, then press **Play**."),
            reached=lambda seen: _is_learned(seen, "xor", MANY_RIGHT),
            hint=_("One or two units are not enough. Try three or four."),
            explanation=_("Each unit says on which side of its line a point lies. The last layer puts these half-planes together, and they can have corners."),
            before=lambda: put(units=1), about="units",
        ),
        Prediction(
            "enough",
            _("One class inside, the other around it. What is the smallest number of hidden units with which the border closes?"),
            Choice(tuple(map(str, ENOUGH))),
            truth=_of_enough,
            explanation=lambda guess, truth: _(
                "With two units {two} are right, with three {three}: three lines are the fewest that can go round, a triangle with round corners."
            ).format(two=percent(run_on("circles", 2).accuracy[-1]), three=percent(run_on("circles", 3).accuracy[-1])),
            before=lambda: put(data="circles", units=1),
            reveal=lambda: put(play=True, data="circles", units=ENOUGH[_of_enough()]),
        ),
        Prediction(
            "zeros",
            _("Training goes back through the network: a weight moves by what comes in, times how wrong the place is that it leads to. Suppose **all weights begin at 0**, in both layers. What happens to them?"),
            Choice((_("they never move"), _("they move, but all units stay alike"), _("they move as usual, only later"))),
            truth=_of_zeros,
            explanation=_(
                "Every unit says *a* = tanh 0 = 0, so nothing comes in to the last layer and its weights stay. And how wrong a unit is, *da*, reaches it through those weights, which are 0. So no weight of either layer moves. This is why the weights of a network begin at random."
            ),
            before=lambda: put(units=SOME),
            reveal=lambda: put(play=True, units=SOME, start="zeros"),
        ),
        Prediction(
            "softmax",
            _("Three units learn these circles. Their activation is tanh, a number from −1 to 1. Now the hidden layer gets **softmax** in place of tanh: the three activations must sum to 1. What happens?"),
            Choice((_("all points are right, as before"), _("about one point in ten stays wrong"), _("half of the points stay wrong"))),
            truth=_of_hidden_softmax,
            explanation=lambda guess, truth: _(
                "{right} are right. Who knows two of the activations knows the third: three units do the work of two. Softmax belongs to the end, where the outputs should be one distribution."
            ).format(right=percent(run_on("circles", 3, "hidden").accuracy[-1])),
            before=lambda: put(data="circles", units=3),
            reveal=lambda: put(play=True, data="circles", units=3, place="hidden"),
            about="units",
        ),
        Prediction(
            "sigmoid",
            _("Somebody puts a **sigmoid after the softmax**: σ(*p*) = 1/(1 + *e*⁻ᵖ). The loss is −log of that. Suppose the network were right on every point and entirely sure, *p* = 1. What is the loss then?"),
            Choice(tuple(number(loss, 2 if loss else 0) for loss in LOWEST)),
            truth=_of_lowest,
            explanation=lambda guess, truth: _(
                "The largest output is sigmoid(1) = 0.7311, and −log 0.7311 = {lowest}. A real run stays above it. The outputs do not sum to 1 any more, so they are no probabilities."
            ).format(lowest=number(lowest_with_sigmoid(), 4)),
            before=lambda: put(data="circles", units=4),
            reveal=lambda: put(play=True, data="circles", units=4, place="twice"),
        ),
        Goal(
            "spirals",
            _("Two arms, wound around each other. Get more than **95 %** right: choose **Hidden units** and **Activation**, then press **Play**."),
            reached=lambda seen: _is_learned(seen, "spirals", SPIRALS_RIGHT),
            hint=_("The border must bend several times: take four units or more, with tanh or ReLU. Another seed starts from other lines."),
            explanation=_("More units mean more lines, so the border can bend more often."),
            before=lambda: put(data="spirals", units=1), about="units",
        ),
    ]  # fmt: skip


CHALLENGES = Challenges(
    "hidden_layer", _table, instrument=("hidden_layer_",), looks=("hidden_layer_all", "hidden_layer_panel")
)

TOOLS = {
    "xor": frozenset({"units"}), "enough": frozenset({"units"}), "zeros": frozenset({"start"}), "softmax": frozenset({"units", "place"}),
    "sigmoid": frozenset({"place"}), "spirals": frozenset({"units", "activation", "start_seed"}),
}  # fmt: skip
"""The settings that stand below the card: of a goal at once, of a prediction when its answer has been shown."""
