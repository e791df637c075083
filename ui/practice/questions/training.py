"""Questions about one step of training."""

from __future__ import annotations

import numpy as np

from locales import _
from softmax_core.datasets import DataSpec, make
from softmax_core.layers import BIASES, TYPICAL, WEIGHTS
from softmax_core.regression import predict_proba
from ui.practice.questions.base import Kind, Link, Question
from ui.practice.questions.layer import pictured
from ui.practice.questions.words import number, pick, plain, row
from ui.widgets.grey_picture import pixel_names, species

_RATES = [0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0]


def step(rng: np.random.Generator) -> Question:
    """A weight of the three-point example after its first step."""
    data = make(DataSpec("three_points"))
    rate = pick(rng, _RATES)
    i, k = int(rng.integers(2)), int(rng.integers(3))
    column = data.X[:, i]
    residual = 1 / 3 - (data.y == k)
    slope = float(column @ residual) / 3
    value = -rate * slope
    points = ", ".join(row(x) for x in data.X)
    terms = " + ".join(
        rf"{plain(float(x))}\cdot({'1/3 - 1' if label == k else '1/3'})"
        for x, label in zip(column, data.y, strict=True)
    )
    return Question(
        text=_("Three points {points} belong to the classes 0, 1, 2. All weights and biases start at 0. What is the weight from feature $x_{{{feature}}}$ to class {label} after one full-batch step with the learning rate {rate}?").format(
            points=points, feature=i + 1, label=k, rate=plain(rate)
        ),
        answer=value,
        traps=(
            (-value, _("The sign: descent goes against the gradient.")),
            (3 * value, _("The loss is a mean: the gradient is divided by the number of points, here 3.")),
            (slope, _("That is the gradient. The step is −rate times it.")),
        ),
        solution=(
            _("With zero weights every class has p = 1/3 at every point. Each point adds its feature times p − y:"),
            rf"$$\frac{{\partial L}}{{\partial w}} = \frac{{1}}{{3}}\left({terms}\right) = {number(slope, 4)}$$",
            rf"$$w = 0 - {plain(rate)}\cdot({number(slope, 4)}) = {number(value, 4)}$$",
        ),
        link=Link("training", {
            "training_data": "three_points", "training_rate": plain(rate), "training_steps": "10",
            "training_stage_step": "1", "training_panel": "weights",
        }),
        given={"rate": rate, "i": i, "k": k},
    )  # fmt: skip


def sign(rng: np.random.Generator) -> Question:
    """Which way one weight goes in one step on one picture."""
    y, k, i = (int(rng.integers(n)) for n in (3, 3, 4))
    x = TYPICAL[y].copy()
    x[i] = 0.0 if rng.integers(3) == 0 else x[i]
    p = float(predict_proba(x[None], WEIGHTS, BIASES)[0, k])
    names, places = species(), pixel_names()
    change = -(p - (k == y)) * float(x[i])
    answer = 2 if change == 0 else int(change < 0)
    black = _("This pixel is black: x = 0, and the gradient of its weight is (p − y) · 0.")
    wrong_way = _("Descent goes against the gradient (p − y) · x.")
    traps = (
        ((0, black), (1, black))
        if answer == 2
        else ((1 - answer, wrong_way), (2, _("It would stay only if x or p − y were 0.")))
    )
    return Question(
        text=_("The picture x = {x} shows a {true}, and the model is not yet certain of it. It learns from this picture alone. What happens to the weight from the pixel {place} to {name} in the next step of descent?").format(
            x=row(x), true=names[y], place=places[i], name=names[k]
        ),
        options=(_("It goes up"), _("It goes down"), _("It stays")),
        answer=answer,
        traps=traps,
        solution=(
            rf"$$\frac{{\partial L}}{{\partial w}} = (p - y)\,x = ({number(p)} - {int(k == y)})\cdot {plain(float(x[i]))} = {number(-change, 4)}$$",
            black if answer == 2 else _("The pixel is bright, so the sign of p − y decides: the true class is below 1 and gains, every other one is above 0 and loses."),
        ),
        link=pictured(x, WEIGHTS, BIASES, y),
        given={"x": x.tolist(), "y": y, "k": k, "i": i},
    )  # fmt: skip


KINDS = (
    Kind("step", lambda: _("One step"), step),
    Kind("sign", lambda: _("Which way"), sign),
)
