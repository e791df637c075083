"""The opening of Home: a run that plays at once, what the problem is, and the path with the reader's progress."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from charts.style import CLASS_COLORS
from instruments.lesson_map import ShortRun, Step, TaskLink, lesson_map
from locales import _
from softmax_core.datasets import DataSpec, make
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, train
from ui.frame import frame, language, sharing
from ui.widgets.challenges import Challenges

KEY = "home_map"
STEPS, FRAMES = 150, 60
DATA = DataSpec("blobs", n=60, n_classes=3, noise=0.9, seed=0)
# From random weights, so that the borders have to turn; the rate is small, so that one can follow them.
CONFIG = TrainConfig(GradientDescent(0.08), steps=STEPS, start="random", start_scale=0.9, seed=4)


@cache
def short_run() -> dict[str, Any]:
    """Return what the browser plays: trained once per process; the first steps are the slowest, there most happens."""
    data = make(DATA)
    run = train(data, CONFIG)
    shown = np.unique(np.round(STEPS * np.linspace(0, 1, FRAMES) ** 2).astype(int))
    right = np.rint(run.accuracy[shown] * len(data.y)).astype(int)
    return ShortRun(data.X, data.y, shown, run.W[shown], run.b[shown], right).message()


def path(challenges: Iterable[Challenges]) -> list[Step]:
    """Return the lessons in their order, each with the challenges of its table, addresses in the reader's language."""
    of_lesson = {entry.lesson: entry for entry in challenges}

    def step(lesson: frame.Lesson) -> Step:
        entry = of_lesson.get(lesson.stem)
        tasks = [
            TaskLink(task.code, task.question, _address(lesson.stem, entry.address(task.code)))
            for task in entry.table()
        ] if entry else []  # fmt: skip
        return Step(lesson.stem, lesson.title, lesson.question, _address(lesson.stem), tuple(tasks))

    return [step(lesson) for lesson in frame.path()]


def opening(challenges: Iterable[Challenges]) -> None:
    """Show it; a click on a lesson or a challenge opens that in the same session."""
    challenges = list(challenges)
    opened = lesson_map(
        key=KEY, run=short_run(), words=_words(), path=path(challenges),
        names=[_("cat"), _("dog"), _("bird")], colors=CLASS_COLORS[: DATA.n_classes],
        labels=_labels(),
    )  # fmt: skip
    if opened is not None:
        query = {
            name: value
            for entry in challenges if entry.lesson == opened.stem and opened.code
            for name, value in entry.address(opened.code).items()
        }  # fmt: skip
        frame.go_to(opened.stem, query)


def _address(stem: str, query: dict[str, str] | None = None) -> str:
    return sharing.relative(stem, {"lang": language.current()} | (query or {}))


def _words() -> list[str]:
    return [
        _("Is it a cat, a dog or a bird? The question is **which one**, not how many: classes are names and have no order."),
        _("A model answers with **one score for each class**. The higher the score, the more speaks for that class."),
        _("Scores are not probabilities: they can be negative, and they do not sum to 1. **Softmax** makes probabilities out of them, and training improves the scores."),
    ]  # fmt: skip


def _labels() -> dict[str, str]:
    return {
        "heading": _("The path"),
        "run": _("Sixty made-up animals: cats, dogs and birds. The borders between the coloured regions move while the model learns."),
        "dots": _("Each dot is one made-up animal, placed by two measurements."),
        "readout": _("step {step} · {right} of {n} right"),
        "play": _("Play"),
        "pause": _("Pause"),
        "start": _("Start: {lesson}"),
        "go_on": _("Go on: {lesson}"),
        "count": _("{done} of {all} solved"),
        "solved": _("solved"),
        "unsolved": _("not solved yet"),
    }  # fmt: skip
