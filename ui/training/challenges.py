"""The challenges of the Training page: questions before looking, and goals judged from the run at the playhead."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from charts.runs import loss_chart
from instruments.shared.session import message
from instruments.training_stage import current_step, sketch
from locales import _
from softmax_core.datasets import Dataset, DataSpec, make, split
from softmax_core.metrics import norms
from softmax_core.optimizers import GradientDescent
from softmax_core.regression import predict_proba
from softmax_core.training import TrainConfig, Trajectory, train
from softmax_core.validation import Float64Array
from ui.frame import sharing
from ui.training import border, plan
from ui.training.border import TWO_CLOUDS
from ui.training.lessons import named, stage_key
from ui.training.session import Run, session
from ui.training.settings import text_of_value
from ui.widgets.challenges import Challenges, Choice, Goal, Prediction, Sketch, Task
from ui.widgets.show import as_shown, chart, digits_of_sum, is_dark, number

PREFIX = "training_"
LOW_LOSS = 0.3  # of the goal about the bias
MOONS_LOSS = 0.15  # a straight border stays above 0.23 on these moons
NEW_POINT = (1.5, 1.5)
PROBE = "1.5~1.5"  # the same place in the link


@lru_cache(maxsize=8)
def _points(spec: DataSpec) -> Dataset:
    return make(spec)


@dataclass(frozen=True)
class Seen:
    """What a goal is judged by: the run, and the step at its playhead.

    ``told`` is whether the stage has said that this step of this run is the one it shows: of a new run it may play the
    first steps while Python still knows the playhead of the run before.
    """

    run: Run
    step: int
    told: bool = True

    @property
    def loss(self) -> float:
        """The training loss at the playhead; infinite until the stage shows this run."""
        return float(self.run.trajectory.loss[self.step]) if self.told else math.inf

    @property
    def accuracy(self) -> float:
        """The share of training points that are right at the playhead; 0 until the stage shows this run."""
        return float(self.run.trajectory.accuracy[self.step]) if self.told else 0.0

    @property
    def has_ended(self) -> bool:
        """Whether the playhead stands at the end of this run."""
        return self.told and self.step >= self.run.trajectory.steps

    def is_on(self, name: str, **fields: float) -> bool:
        """Whether the points come from this data set with these settings."""
        return bool(np.array_equal(self.run.data.X, _points(DataSpec(name, **fields)).X))  # type: ignore[arg-type]


def put(*, play: bool = False, step: int = 0, probe: str = "", **values: float | str) -> None:
    """Set up the page: these settings, everything else at its default, unedited points, the playhead at a step.

    ``probe`` is the place at which the model is asked, as the link writes it. Call it from a callback, or before the
    controls are shown.
    """
    if probe:
        values["stage_probe"] = probe
    texts = {named(name): text_of_value(value) for name, value in values.items()}
    looks = (named("all"), named("panel"))  # how the page looks, whatever is set up
    texts |= {key: text for key, text in sharing.published_values(named("")).items() if key in looks}
    texts |= sharing.brought(*looks)
    sharing.reopen(named(""), texts)
    # A click on the card runs the stage alone, not the part of the page that reads the plan of a link.
    changes = values.get("stage_plan")
    plan.forget_all({} if changes is None else {"plan": plan.changes_from(str(changes))})
    session().wanted = (step, play, probe)
    session().unedited = True


# --- what the predictions are about, computed


@lru_cache(maxsize=8)
def _run(spec: DataSpec, rate: float, steps: int, held: float = 0.2) -> Trajectory:
    return train(split(make(spec), held)[0], TrainConfig(GradientDescent(rate), steps=steps))


CLOUDS = DataSpec(n=300, noise=1.2)
THREE = DataSpec("three_points")
APART = DataSpec(n=300, noise=0.3)
MOONS = {"n": 300, "n_classes": 2, "noise": 0.3}
OUTLIER = {"n": 60, "n_classes": 2, "noise": 0.3}


def _of_rate_20() -> int:
    """0 where the loss only falls, 1 where it goes up and down, 2 where it leaves all bounds."""
    run = _run(CLOUDS, 20.0, 300)
    if run.divergence is not None or run.outcome == "diverged":
        return 2
    return 1 if run.rising_share > 0 else 0


def _norms_apart() -> Float64Array:
    path = _run(APART, 1.0, 1000)
    return norms(path.W, path.b)


def _of_growth() -> int:
    """0 where the weights stand still once all points are right, 1 where they go on growing, 2 where they shrink."""
    sizes = _norms_apart()
    change = np.diff(sizes[len(sizes) // 2 :])
    if np.allclose(change, 0.0, atol=1e-9):
        return 0
    return 1 if (change > 0).all() else 2


def _at_new_point() -> Float64Array:
    path = _run(THREE, 0.1, 1000, 0.0)
    p: Float64Array = predict_proba(np.array([NEW_POINT]), path.W[-1], path.b[-1])[0]
    return p


@lru_cache(maxsize=1)
def only_the_bias_is_wrong() -> tuple[tuple[float, ...], ...]:
    """Return weights of the two clouds as rows, b last: W as it is learned, to one decimal, and a bias that spoils it."""
    path = border.path()
    rows = tuple(tuple(round(float(w), 1) for w in row) for row in path.W[-1])
    return (*rows, (4.0, -4.0))


def _bias_is_right(seen: Seen) -> bool | str:
    start = np.array(only_the_bias_is_wrong()[:-1])
    W = seen.run.trajectory.W[seen.step]
    own = seen.is_on("blobs", n=TWO_CLOUDS.n, n_classes=2, noise=TWO_CLOUDS.noise)
    if not own or W.shape != start.shape or as_shown(seen.loss, 4) >= LOW_LOSS:
        return False
    return bool(np.allclose(W, start, atol=1e-4)) or _("*W* was changed too. Start again.")


def _moons_are_apart(seen: Seen) -> bool | str:
    if not seen.is_on("moons", **MOONS):
        return False
    if as_shown(seen.loss, 4) < MOONS_LOSS:
        return True
    if not seen.has_ended:
        return False
    return _("this run ends with the loss {loss}. Choose other features.").format(loss=number(seen.loss, 4))


def _put_bias(play: bool = False) -> None:
    weights = "_".join(f"{w:g}" for row in only_the_bias_is_wrong() for w in row)
    put(play=play, classes=2, noise=TWO_CLOUDS.noise, stage_plan=f"0!w={weights}")


# --- the table


def _table() -> list[Task]:
    return [
        Prediction(
            "rate",
            _("A step goes downhill, by learning rate × slope. With the rate 0.1 the loss falls. With **20** the first step is 200 times as long. What does the loss do?"),
            Choice(
                (_("it falls, only faster"), _("it goes up and down"), _("it grows without an end"))
            ),
            truth=_of_rate_20,
            explanation=_(
                "A step overshoots the lowest point and can land higher on the other side. From there the slope leads back, so the loss does not grow without an end."
            ),
            before=put,
            reveal=lambda: put(play=True, rate=20.0),
        ),
        Prediction(
            "border",
            _("Two clouds of the same size. Where will the border between the two classes be? Sketch it: drag the **two round handles** on the stage until the line lies there."),
            Sketch(verdict=border.verdict, drawn=_line),
            truth=border.learned,
            explanation=_(
                "The border is where both logits are equal. Logits are linear in *x*, so it is a straight line; points on both sides push it until their pulls balance."
            ),
            before=lambda: put(classes=2, noise=TWO_CLOUDS.noise),
            reveal=lambda: put(play=True, classes=2, noise=TWO_CLOUDS.noise),
        ),
        Prediction(
            "new_point",
            _(
                "Three points, 1000 steps. Then a new point comes: (1.5, 1.5). Which class is most probable there?"
            ),
            Choice(tuple(_("class {k}").format(k=k) for k in range(3))),
            truth=lambda: int(_at_new_point().argmax()),
            explanation=lambda guess, truth: _(
                "The probabilities at (1.5, 1.5) are {p}: all three are nearly equal. The loss ends at {loss}, but that is about the three points alone."
            ).format(
                p=_(", ").join(number(float(p), digits_of_sum(_at_new_point().tolist(), 1.0)) for p in _at_new_point()), loss=number(_three_points_loss(), 4)
            ),
            before=lambda: put(probe=PROBE, data="three_points", steps=1000),
            reveal=lambda: put(step=1000, probe=PROBE, data="three_points", steps=1000),
        ),
        Goal(
            "bias",
            _(
                "The slope of the border is right, its place is wrong. Take the tool **↗ Move weights by hand** of the stage, and bring the loss below **0.3** by moving a **bias** alone."
            ),
            reached=_bias_is_right,
            hint=_(
                "Drag the square on the border, or write other numbers for *b* into the table below the stage."
            ),
            explanation=_("*W* turns the border, *b* shifts it. You changed *b* alone."),
            before=_put_bias,
            about="tools",
        ),
        Goal(
            "moons",
            _("Two moons. Can the model bring the training loss below **0.15**? Choose its **Features**, then press **Play**."),
            reached=_moons_are_apart,
            hint=_("A straight border cannot follow the moons: theirs bends twice, as the curve of a cubic does. Choose **Cubic**, then press **Play**."),
            explanation=_(
                "The model is still linear, but in *x*₁³, *x*₁²*x*₂ and so on. In the plane of *x* that is a curve."
            ),
            before=lambda: put(data="moons", classes=2, noise=MOONS["noise"]),
        ),
        Prediction(
            "growth",
            _("These clouds lie far apart: after one step all points are right. Do the weights stop growing then?"),
            Choice(
                (
                    _("yes, when all points are right"),
                    _("no, they grow on and on"),
                    _("they shrink again"),
                )
            ),
            truth=_of_growth,
            explanation=lambda guess, truth: _(
                "A point that is right but unsure still pulls. After 100 steps the norm of the weights (their length) is {early}, after 1000 it is {late}. A penalty would hold it."
            ).format(early=number(float(_norms_apart()[100]), 2), late=number(float(_norms_apart()[-1]), 2)),
            before=lambda: put(noise=APART.noise, rate=1.0, steps=1000),
            reveal=lambda: put(play=True, noise=APART.noise, rate=1.0, steps=1000),
        ),
        Goal(
            "outlier",
            _("One point lies far out, on the wrong side. Move it, or erase it, with the tools of the stage. Press **Play** and bring the accuracy to **100 %**."),
            reached=lambda seen: (
                seen.is_on("outlier", **OUTLIER) and seen.accuracy == 1.0
            ),
            hint=_("Choose the eraser, the fourth tool, and click the far point. Then press Play."),
            explanation=_(
                "The size of a pull is proportional to |*x*|: one far mistake outweighs many near points. Of real data, erase a point only if you know that it is an error."
            ),
            before=lambda: put(data="outlier", n=60, classes=2, noise=OUTLIER["noise"], test=0),
            about="tools",
        ),
    ]  # fmt: skip


def _three_points_loss() -> float:
    return float(_run(THREE, 0.1, 1000, 0.0).loss[-1])


CHALLENGES = Challenges("training", _table, instrument=(PREFIX,), looks=("training_all", "training_panel"))

TOOLS = {
    "rate": frozenset({"rate"}), "border": frozenset({"noise"}), "moons": frozenset({"features"}),
    "growth": frozenset({"noise", "l2"}),
}  # fmt: skip
"""The settings that stand below the card: of a goal at once, of a prediction when its answer has been shown."""


def card_while_waiting(challenges: Challenges) -> None:
    """Show the card as before while what it asks about is still being computed."""
    last = session().mounted
    if last is not None:
        challenges.card(Seen(last.run, min(current_step(stage_key()), last.run.trajectory.steps), told=False))


def card(run: Run, step: int) -> None:
    """Show the card."""
    CHALLENGES.card(Seen(run, step, is_told()), sketch=_line_on(run))


def _line() -> sketch.Line | None:
    """Return the line that the learner has drawn on the stage by now."""
    last = session().mounted
    return None if last is None else _line_on(last.run)


def _line_on(run: Run) -> sketch.Line | None:
    attempt = CHALLENGES.now()
    if attempt.task.code != "border" or not border.is_about(run):
        return None
    return sketch.sketched(stage_key(), attempt.starts, run.box)


def exhibit(run: Run, step: int) -> None:
    """Show what the answer of the open challenge can be seen in, once it was given."""
    if has_exhibit():
        EXHIBITS[CHALLENGES.now().task.code](run, step)


def has_exhibit() -> bool:
    """Whether something stands beside the stage in which the answer can be seen."""
    attempt = CHALLENGES.now()
    return attempt.shown and attempt.task.code in EXHIBITS


def at_probe() -> dict[str, Any] | None:
    """Return the class that was predicted for the new point, as the stage lays it over its answer there."""
    attempt = CHALLENGES.now()
    if attempt.task.code != "new_point" or not attempt.prediction:
        return None
    return {"k": int(attempt.prediction[0]), "at": NEW_POINT, "text": _("your guess")}


def asks_for_border(run: Run) -> bool:
    """Whether the border on the stage is still to be sketched."""
    return CHALLENGES.now().hides("border") and border.is_about(run)


def asks_for_growth() -> bool:
    """Whether it is still asked what the weights do once the border is right."""
    return CHALLENGES.now().hides("growth")


def sketch_for_stage(run: Run) -> dict[str, Any] | None:
    """Return what the stage takes of the sketch that the open challenge asks for, or of the one that was the answer."""
    attempt = CHALLENGES.now()
    if asks_for_border(run):
        return sketch.drawing(attempt.starts)
    if attempt.task.code != "border" or not border.is_about(run):
        return None
    answer = border.usable(attempt.guess)
    return None if answer is None else sketch.drawn(answer)


def is_told() -> bool:
    """Whether the stage's last message about its playhead is about the run that is on it."""
    said, mounted = message(stage_key()), session().mounted
    return said is None or mounted is None or said.get("revision") == mounted.revision


def _norm_exhibit(run: Run, step: int) -> None:
    sizes = norms(run.trajectory.W, run.trajectory.b)
    title = _("Norm of W and b")
    st.markdown(f"**{title}**: {number(float(sizes[step]), 4)}")
    figure = loss_chart({title: sizes}, step, False, is_dark(), None, title=title)
    chart(figure.update_layout(height=170), key="training_growth", alt=title)


EXHIBITS: dict[str, Callable[[Run, int], None]] = {"growth": _norm_exhibit}
