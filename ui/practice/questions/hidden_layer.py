"""Questions about a network with a hidden layer: one pass forwards, one step backwards."""

from __future__ import annotations

import numpy as np

from locales import _
from ui.practice.questions.base import Link, Question
from ui.practice.questions.words import as_printed, inner, number, pick, plain, row, tenths


def forward(rng: np.random.Generator) -> Question:
    """The logit that two ReLU units make of a point; one of them rests."""
    x = rng.choice([-3, -2, -1, 1, 2, 3], 2, replace=False).astype(float)
    W = rng.choice([-2.0, -1.0, 1.0, 2.0], (2, 2))
    b = rng.choice([-1.0, 0.0, 1.0], 2)
    for j, side in enumerate(rng.permutation([1.0, -1.0])):
        W[:, j] *= 1.0 if side * (x @ W[:, j] + b[j]) > 0 else -1.0
        if side * (x @ W[:, j] + b[j]) <= 0:
            b[j] = side * (1 + abs(x @ W[:, j]))
    v, c = tenths(rng, 0.5, 2, 2) * rng.choice([-1.0, 1.0], 2), float(tenths(rng, 0.1, 1, 1)[0])
    z = x @ W + b
    a = np.maximum(z, 0.0)
    value = float(a @ v + c)
    units = [
        rf"z_{j + 1} = {plain(x[0])}\cdot {inner(W[0, j])} + {inner(x[1])}\cdot {inner(W[1, j])} + {inner(b[j])} = {plain(z[j])}, \quad a_{j + 1} = \max(0, {plain(z[j])}) = {plain(a[j])}"
        for j in range(2)
    ]
    return Question(
        text=_("A network has two hidden ReLU units. Unit 1 has the weights {w1} and the bias {b1}, unit 2 has {w2} and {b2}. A class takes its score from them with the weights {v} and the bias {c}. Which logit does the class get at x = {x}?").format(
            w1=row(W[:, 0]), b1=plain(b[0]), w2=row(W[:, 1]), b2=plain(b[1]), v=row(v), c=plain(c), x=row(x)
        ),
        answer=value,
        traps=(
            (float(z @ v + c), _("ReLU makes a negative z to 0: that unit rests.")),
            (float(a @ v), _("The bias of the class is missing.")),
            (float(a.sum()), _("Those are the activations. Each is still to be multiplied by its weight to the class.")),
        ),
        solution=(
            *(f"$${unit}$$" for unit in units),
            rf"$$z = {plain(a[0])}\cdot {inner(v[0])} + {plain(a[1])}\cdot {inner(v[1])} + {inner(c)} = {number(value, 4)}$$",
        ),
        link=Link("hidden_layer", {"hidden_layer_activation": "relu", "hidden_layer_units": "2", "hidden_layer_panel": "story"}),
        given={"x": x.tolist(), "W": W.tolist(), "b": b.tolist(), "v": v.tolist(), "c": c},
    )  # fmt: skip


def backward(rng: np.random.Generator) -> Question:
    """The gradient that comes back to the z of a tanh unit."""
    p = as_printed(rng.dirichlet([2.0, 2.0, 2.0]))
    y = int(rng.integers(3))
    w = tenths(rng, 0.2, 3, 3) * rng.choice([-1.0, 1.0], 3)
    a = pick(rng, [-0.9, -0.8, -0.6, -0.5, 0.5, 0.6, 0.8, 0.9])
    dz = p - np.eye(3)[y]
    da, slope = float(dz @ w), 1 - a * a
    value = da * slope
    terms = " + ".join(
        rf"{inner(round(float(d), 2))}\cdot {inner(float(v))}" for d, v in zip(dz, w, strict=True)
    )
    return Question(
        text=_("At a point of class {label} (of 0, 1, 2) a network says p = {p}. A hidden tanh unit has the activation a = {a} there, and the weights {w} to the three classes. What is the gradient dz of the loss of this point by the z of the unit?").format(
            label=y, p=row(p), a=plain(a), w=row(w)
        ),
        answer=value,
        traps=(
            (da, _("That is da. On its way to z it is multiplied by the slope of tanh, 1 − a².")),
            (-value, _("The gradient of the scores is p − y, not y − p.")),
            (da * a * (1 - a), _("a (1 − a) is the slope of the sigmoid. That of tanh is 1 − a².")),
            (float(p @ w) * slope, _("The gradient of the scores is p − y: subtract 1 from the p of the true class.")),
        ),
        solution=(
            _("From the scores, p − y, back through the weights:"),
            rf"$$da = {terms} = {number(da, 4)}$$",
            _("And through tanh, whose slope is 1 − a²:"),
            rf"$$dz = {number(da, 4)}\cdot (1 - {inner(a)}^2) = {number(value, 4)}$$",
        ),
        link=Link("hidden_layer", {"hidden_layer_classes": "3", "hidden_layer_panel": "story", "hidden_layer_way": "backward"}),
        given={"p": p.tolist(), "y": y, "w": w.tolist(), "a": a},
    )  # fmt: skip
