"""Questions about one step of training."""

from __future__ import annotations

import numpy as np

from locales import _
from softmax_core.datasets import DataSpec, make
from softmax_core.layers import BIASES, TYPICAL, WEIGHTS
from softmax_core.regression import predict_proba
from ui.practice.questions.base import Link, Question
from ui.practice.questions.layer import pictured
from ui.practice.questions.words import animals, inner, number, pick, plain, row, series, tenths
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
    points = series(row(x) for x in data.X)
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
            black if answer == 2 else _("The pixel is not black (x > 0), so the sign of p − y decides: the true class is below 1 and gains, every other one is above 0 and loses."),
        ),
        link=pictured(x, WEIGHTS, BIASES, y),
        given={"x": x.tolist(), "y": y, "k": k, "i": i},
    )  # fmt: skip


def steps_per_epoch(rng: np.random.Generator) -> Question:
    """How many steps some epochs take."""
    n = int(rng.integers(10, 100)) * 10
    batch = int(pick(rng, [8, 16, 32, 64]))
    epochs = int(rng.integers(2, 11))
    each = -(-n // batch)
    return Question(
        text=_("There are {n} training points, and a minibatch has {batch} of them. The last one of an epoch may be smaller. How many steps are {epochs} epochs?").format(
            n=n, batch=batch, epochs=epochs
        ),
        answer=each * epochs, whole=True,
        traps=(
            (n // batch * epochs, _("The rest of an epoch is a minibatch too, a smaller one.")),
            (n * epochs, _("A step looks at a minibatch, not at a single point.")),
            (each, _("That is one epoch.")),
            (batch * epochs, _("An epoch is one pass over all points: divide their number by the size of a minibatch.")),
        ),
        solution=(
            _("One epoch takes {n} / {batch} steps, rounded up: {each}.").format(n=n, batch=batch, each=each),
            rf"$${epochs}\cdot {each} = {each * epochs}$$",
        ),
        link=Link("training", {"training_n": str(n), "training_test": "0", "training_batch": str(batch)}),
        given={"n": n, "batch": batch, "epochs": epochs},
    )  # fmt: skip


def confusion(rng: np.random.Generator) -> Question:
    """The share of one class that was recognised."""
    names = animals()
    counts = rng.integers(1, 8, (3, 3)) + np.diag(rng.integers(5, 20, 3))
    k = int(rng.integers(3))
    right, row_sum, column_sum = int(counts[k, k]), int(counts[k].sum()), int(counts[:, k].sum())
    share = right / row_sum
    rows = tuple((name, *map(str, line)) for name, line in zip(names, counts.tolist(), strict=True))
    return Question(
        text=_("A confusion matrix: rows are the true classes, columns the predicted ones. Which share of the true {name} pictures was recognised?").format(name=names[k]),
        table=((_("true class"), *(_("predicted {name}").format(name=name) for name in names)), rows),
        answer=share,
        traps=(
            (right / column_sum, _("That divides by the column: how many of those called {name} really are.").format(name=names[k])),
            (right / int(counts.sum()), _("That divides by all pictures. Only the row of {name} counts.").format(name=names[k])),
            (1 - share, _("That is the share that was missed.")),
            (int(np.trace(counts)) / int(counts.sum()), _("That is the accuracy over all classes.")),
            (right, _("That is how many were recognised. The share divides them by the sum of their row.")),
        ),
        solution=(
            _("What is right stands on the diagonal, and all true {name} pictures stand in its row:").format(name=names[k]),
            rf"$$\frac{{{right}}}{{{' + '.join(map(str, counts[k].tolist()))}}} = \frac{{{right}}}{{{row_sum}}} = {number(share, 4)}$$",
        ),
        link=Link("training", {"training_data": "iris", "training_panel": "diagnostics"}),
        given={"counts": counts.tolist(), "k": k},
    )  # fmt: skip


def penalty(rng: np.random.Generator) -> Question:
    """The loss with an L2 penalty."""
    W = tenths(rng, -2, 2, 4)
    b = tenths(rng, 1, 2, 2)
    fit = float(rng.integers(2, 9)) / 10
    strength = pick(rng, [0.03, 0.1, 0.3, 1.0])
    squares, squares_of_b = float(W @ W), float(b @ b)
    value = fit + strength / 2 * squares
    terms = " + ".join(f"{inner(float(w))}^2" for w in W)
    return Question(
        text=_("The mean cross-entropy is {fit}. The weights are {weights}, the biases {biases}, and the L2 penalty has λ = {strength}. What is the loss?").format(
            fit=plain(fit), weights=row(W), biases=row(b), strength=plain(strength)
        ),
        answer=value,
        traps=(
            (fit + strength * squares, _("The penalty is half of λ times the sum of the squares.")),
            (value + strength / 2 * squares_of_b, _("Biases are not penalised.")),
            (strength / 2 * squares, _("That is the penalty alone. The cross-entropy is still to be added.")),
            (fit + strength / 2 * float(np.abs(W).sum()), _("L2 adds squares, not absolute values.")),
        ),
        solution=(
            rf"$$L = {plain(fit)} + \frac{{\lambda}}{{2}} \sum w^2 = {plain(fit)} + \frac{{{plain(strength)}}}{{2}}\left({terms}\right) = {number(value, 4)}$$",
            _("Its gradient has λ times w in it: every step pulls each weight a little towards 0."),
        ),
        link=Link("training", {"training_l2": plain(strength), "training_panel": "weights"}),
        given={"W": W.tolist(), "b": b.tolist(), "fit": fit, "strength": strength},
    )  # fmt: skip


def rate(rng: np.random.Generator) -> Question:
    """What a step does with a given learning rate and curvature."""
    eta = pick(rng, [0.1, 0.2, 0.5, 1.0, 2.0])
    product = pick(rng, [0.3, 0.5, 0.8, 1.2, 1.5, 1.8, 2.2, 2.5, 3.0])
    curvature = product / eta
    answer = 0 if product < 1 else 1 if product < 2 else 2
    factor = 1 - product
    too_long = _("That would need a learning rate above 2 / curvature = {limit}.").format(
        limit=number(2 / curvature)
    )
    too_short = _("That would need a learning rate below 1 / curvature = {limit}.").format(
        limit=number(1 / curvature)
    )
    between = _("That would need a learning rate between 1 / curvature and 2 / curvature.")
    remarks = (too_short, between, too_long)
    return Question(
        text=_("Along one direction the loss is a parabola with the curvature {curvature}. The learning rate is {rate}. What does a step of gradient descent do?").format(
            curvature=plain(curvature), rate=plain(eta)
        ),
        options=(_("It comes closer and stays on its side"), _("It crosses the valley and lands lower"), _("It crosses the valley and lands higher")),
        answer=answer,
        traps=tuple((i, remark) for i, remark in enumerate(remarks) if i != answer),
        solution=(
            _("A parabola with the curvature h has the slope h · w. One step multiplies the distance w from the valley by a factor:"),
            rf"$$w - \eta\,h\,w = (1 - \eta\,h)\,w = (1 - {plain(product)})\,w = {plain(factor)}\,w$$",
            _("A negative factor crosses the valley. A size above 1 lands higher: the limit is η = 2 / h = {limit}.").format(limit=number(2 / curvature)),
        ),
        link=Link("training", {"training_data": "three_points", "training_rate": plain(eta), "training_panel": "landscape"}),
        given={"curvature": curvature, "eta": eta},
    )  # fmt: skip
