"""Questions about the linear layer: logits, shapes, boundaries, weights, accuracy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from locales import _
from softmax_core.layers import BIASES, WEIGHTS, grey_pictures, parameter_count
from softmax_core.metrics import accuracy as share_of_right
from softmax_core.regression import predict_proba
from ui.practice.questions.base import Link, Question
from ui.practice.questions.words import as_printed, codes, inner, number, pick, plain, row, series, tenths
from ui.widgets.grey_picture import species

_PAD = "linear_layer_pad"
_SIZES = [8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0, 96.0, 128.0]


def pictured(x: npt.ArrayLike, W: npt.ArrayLike, b: npt.ArrayLike, target: int = 0, **more: str) -> Link:
    """Return the link to the Linear layer lesson with this picture and these weights."""
    parameters = {f"{_PAD}_{name}": codes(np.ravel(part)) for name, part in (("x", x), ("w", W), ("b", b))}
    return Link("linear_layer", parameters | {f"{_PAD}_target": str(target)} | more)


def logit(rng: np.random.Generator) -> Question:
    """One logit of one picture."""
    x = rng.integers(0, 5, 4) / 4
    w = rng.integers(-4, 5, 4) / 2
    b = float(tenths(rng, -1, 1, 1)[0])
    value = float(x @ w) + b
    k = int(rng.integers(3))
    W, biases = np.zeros((4, 3)), np.zeros(3)
    W[:, k], biases[k] = w, b
    sum_text = " + ".join(rf"{plain(float(u))}\cdot {inner(float(v))}" for u, v in zip(x, w, strict=True))
    return Question(
        text=_("A picture has the pixels x = {x}. The weights of {name} are w = {w} and its bias is {b}. What is its logit?").format(
            x=row(x), w=row(w), b=plain(b), name=species()[k]
        ),
        answer=value,
        traps=((value - b, _("The bias is still to be added.")), (float(w.sum()) + b, _("Each weight is multiplied by its pixel first."))) if b and float(x @ w) != float(w.sum()) else (),
        solution=(rf"$$z = \sum_i x_i w_i + b = {sum_text} + {inner(float(b))} = {number(value)}$$",),
        link=pictured(x, W, biases, k),
        given={"x": x.tolist(), "w": w.tolist(), "b": b},
    )  # fmt: skip


def shape(rng: np.random.Generator) -> Question:
    """The shape of one of the matrices of a minibatch."""
    n = int(rng.integers(5, 9))
    shapes = ((n, 4), (4, 3), (n, 3), (3, n), (3, 4))
    asked = [("X", 0), ("W", 1), ("Z = X W + b", 2), ("P = softmax(Z)", 2), ("∂L/∂W", 1)][
        int(rng.integers(5))
    ]
    return Question(
        text=_("A minibatch has {n} pictures of 4 pixels each, and there are 3 classes. Each row is a picture. Which shape does {name} have?").format(n=n, name=f"**{asked[0]}**"),
        options=tuple(f"{rows} × {columns}" for rows, columns in shapes),
        answer=asked[1],
        solution=(
            rf"$$\underset{{{n}\times 4}}{{X}}\;\underset{{4\times 3}}{{W}} + \underset{{1\times 3}}{{b}} = \underset{{{n}\times 3}}{{Z}}$$",
            _("The inner 4 is summed over and disappears; the row b is added to each of the {n} rows. Softmax works row by row and keeps the shape, and a gradient has the shape of what it is the gradient of.").format(n=n),
        ),
        link=Link("linear_layer", {"linear_layer_panel": "batch", "linear_layer_n": str(n)}),
        given={"n": n, "asked": asked[0]},
    )  # fmt: skip


def boundary(rng: np.random.Generator) -> Question:
    """A point on the boundary of two classes."""
    w1, w2 = rng.integers(-4, 5, 2), rng.integers(-4, 5, 2)
    while w1[1] == w2[1] or w1[0] == w2[0]:
        w1, w2 = rng.integers(-4, 5, 2), rng.integers(-4, 5, 2)
    at, up = tenths(rng, 0.1, 0.9, 2)
    gap = w1 - w2
    b2 = float(tenths(rng, -1, 1, 1)[0])
    b1 = round(b2 - float(gap[0] * at + gap[1] * up), 2)
    beta = round(b1 - b2, 2)
    W, b = np.zeros((4, 3)), np.array([b1, b2, -20.0])
    W[:2, 0], W[:2, 1] = w1, w2
    return Question(
        text=_("Two classes have the weights w₁ = {w1} and w₂ = {w2} and the biases {b1} and {b2}. A point with $x_1$ = {x1} lies on their boundary. What is its $x_2$?").format(
            w1=row(w1.tolist()), w2=row(w2.tolist()), b1=plain(b1), b2=plain(b2), x1=plain(float(at))
        ),
        answer=float(up),
        traps=((-float(up), _("A sign was lost when the terms were moved to the other side.")), (-float(gap[0] * at) / float(gap[1]), _("The biases move the boundary too."))),
        solution=(
            _("On the boundary both logits are equal, so their difference is 0:"),
            rf"$$(w_1-w_2)\cdot x + (b_1-b_2) = {plain(float(gap[0]))}\,x_1 + {inner(float(gap[1]))}\,x_2 + {inner(float(beta))} = 0$$",
            rf"$$x_2 = -\frac{{{plain(float(gap[0]))}\cdot {plain(float(at))} + {inner(float(beta))}}}{{{plain(float(gap[1]))}}} = {plain(float(up))}$$",
        ),
        link=pictured((at, up, 0, 0), W, b, linear_layer_panel="boundary"),
        given={"w1": w1.tolist(), "w2": w2.tolist(), "b1": b1, "b2": b2, "x1": float(at)},
    )  # fmt: skip


def parameters(rng: np.random.Generator) -> Question:
    """How many weights a layer has, dense or as a sum of Kronecker products."""
    d, q = int(pick(rng, _SIZES)), int(pick(rng, _SIZES))
    n = int(pick(rng, [v for v in (1, 2, 4, 8) if d % v == 0 and q % v == 0]))
    link = Link("linear_layer", {
        "linear_layer_panel": "cost", "linear_layer_d": str(d), "linear_layer_q": str(q), "linear_layer_terms": str(n),
    })  # fmt: skip
    given = {"d": d, "q": q, "n": n}
    if n == 1:
        return Question(
            text=_("A linear layer has {d} inputs and {q} outputs. How many parameters does it have, biases included?").format(d=d, q=q),
            answer=d * q + q, whole=True, link=link, given=given,
            traps=((d * q, _("The biases are missing: one for each output.")), (d * q + d, _("There is one bias for each output, not for each input."))),
            solution=(rf"$$d\,q + q = {d}\cdot {q} + {q} = {d * q + q}$$",),
        )  # fmt: skip
    count = parameter_count(d, q, n)
    return Question(
        text=_("(Optional) A layer with {d} inputs and {q} outputs has as its weights the sum of {n} Kronecker products A ⊗ S, with A of {n} × {n} and S of {rows} × {columns}. How many weights is that, biases not counted?").format(
            d=d, q=q, n=n, rows=d // n, columns=q // n
        ),
        answer=count, whole=True, link=link, given=given,
        traps=((d * q, _("That is the dense layer.")), (d * q // n, _("The matrices A are missing."))),
        solution=(
            rf"$$n\left(n^2 + \frac{{d}}{{n}}\cdot\frac{{q}}{{n}}\right) = n^3 + \frac{{d\,q}}{{n}} = {n**3} + {d * q // n} = {count}$$",
            _("The dense layer would have {dense}.").format(dense=d * q),
        ),
    )  # fmt: skip


def accuracy(rng: np.random.Generator) -> Question:
    """The accuracy of eight predictions."""
    while True:
        seed = int(rng.integers(10_000))
        X, y = grey_pictures(8, seed)
        P = predict_proba(X, WEIGHTS, BIASES)
        best = np.sort(P, axis=1)
        if (best[:, 2] - best[:, 1]).min() > 0.02 and 0 < share_of_right(P, y) < 1:
            break
    P = as_printed(P)  # what the reader adds up and compares; gaps above 0.02 keep their order
    names = species()
    share = share_of_right(P, y)
    rows = tuple((str(i + 1), *(f"{float(p):.2f}" for p in P[i]), names[y[i]]) for i in range(8))
    right = [str(i + 1) for i in range(8) if int(P[i].argmax()) == y[i]]
    return Question(
        text=_("The model gives these probabilities to eight pictures. What is its accuracy? Write it as a share such as 0.5, or as 50 %."),
        table=((_("picture"), *(f"p {name}" for name in names), _("true class")), rows),
        answer=share,
        traps=(
            (1 - share, _("That is the share of mistakes.")),
            (100 * share, _("As a share it lies between 0 and 1; with a % sign it would be right.")),
            (len(right), _("So many are right; the accuracy divides them by the number of pictures.")),
        ),
        solution=(
            _("The prediction is the class with the largest probability. It is right for the pictures {right}.").format(right=series(right)),
            rf"$$\frac{{{len(right)}}}{{8}} = {plain(share)}$$",
        ),
        link=Link("linear_layer", {"linear_layer_panel": "batch", "linear_layer_n": "8", "linear_layer_batch_seed": str(seed)}),
        given={"seed": seed, "P": P.tolist(), "y": y.tolist()},
    )  # fmt: skip
