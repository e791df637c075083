"""Questions about the loss and its gradient with respect to the logits."""

from __future__ import annotations

import math

import numpy as np

from locales import _
from ui.practice.questions.base import Question
from ui.practice.questions.words import (
    animals,
    board_of,
    digits,
    distribution,
    listed,
    number,
    pick,
    plain,
    soft_board,
)


def loss(rng: np.random.Generator) -> Question:
    """The cross-entropy of one sample."""
    p = distribution(rng, 3)
    k = int(rng.integers(3))
    names = animals()
    share = float(p[k])
    value = -math.log(share)
    return Question(
        text=_("The model says {probabilities}. The picture shows a {name}. What is the cross-entropy loss, in nats?").format(
            probabilities=listed(names, p), name=names[k]
        ),
        answer=value,
        traps=(
            (-value, _("The sign: the logarithm of a probability is negative, the loss is its opposite.")),
            (1 - share, _("That is how much probability is missing. The loss is −log p, not 1 − p.")),
            (-math.log10(share), _("That is the logarithm to base 10; nats use the natural one.")),
            (-math.log2(share), _("That is the loss in bits.")),
        ),
        solution=(
            _("The one-hot target is 0 everywhere but at the true class, so one term of the sum is left:"),
            rf"$$L = -\sum_j y_j \log p_j = -\log {plain(share)} = {number(value, 4)}$$",
        ),
        link=board_of(p, k),
        given={"p": p.tolist(), "k": k},
    )  # fmt: skip


def from_loss(rng: np.random.Generator) -> Question:
    """The probability behind a loss."""
    value = pick(rng, [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.2, 1.5, 2.0, 2.5])
    share = math.exp(-value)
    return Question(
        text=_("The loss of one sample is {loss} nats. Which probability did the model give to the true class?").format(loss=plain(value)),
        answer=share,
        traps=(
            (1 - value, _("The loss is a logarithm, not the missing probability, though the two are close where p is near 1.")),
            (1 - share, _("That is the probability of all the other classes together.")),
            (math.exp(value), _("A probability is at most 1: mind the sign.")),
        ),
        solution=(rf"$$L = -\log p \quad\Longrightarrow\quad p = e^{{-L}} = e^{{-{plain(value)}}} = {number(share, 4)}$$",),
        link=board_of((share, 1 - share)),
        given={"loss": value},
    )  # fmt: skip


def gradient(rng: np.random.Generator) -> Question:
    """One component of p - y."""
    p = distribution(rng, 3)
    true, asked = int(rng.integers(3)), int(rng.integers(3))
    names = animals()
    share, y = float(p[asked]), float(asked == true)
    value = share - y
    return Question(
        text=_("The model says {probabilities}. The true class is {true}. What is the derivative of the loss with respect to the logit of {asked}?").format(
            probabilities=listed(names, p), true=names[true], asked=names[asked]
        ),
        answer=value,
        traps=(
            (-value, _("The sign: the gradient is p − y, how far p lies above y. Descent then goes against it.")),
            ((share, _("For the true class y = 1 is still to be subtracted.")) if y else (share - 1, _("y = 1 stands at the true class only, and this is another one."))),
            (share * (1 - share), _("That is an entry of the Jacobian of softmax, which is not yet the gradient of the loss.")),
        ),
        solution=(
            rf"$$\frac{{\partial L}}{{\partial z_j}} = p_j - y_j = {plain(share)} - {plain(y)} = {number(value)}$$",
            _("It is negative at the true class and positive at all others: descent raises the true logit and lowers the rest."),
        ),
        link=board_of(p, true),
        given={"p": p.tolist(), "true": true, "asked": asked},
    )  # fmt: skip


def soft(rng: np.random.Generator) -> Question:
    """The cross-entropy of a soft target."""
    y, p = distribution(rng, 3), distribution(rng, 3)
    names = animals()
    value = -math.fsum(float(v) * math.log(u) for v, u in zip(y, p, strict=True))
    swapped = -math.fsum(float(v) * math.log(u) for v, u in zip(p, y, strict=True))
    own = -math.fsum(float(v) * math.log(v) for v in y)
    top = int(y.argmax())
    terms = " + ".join(rf"{plain(float(v))}\cdot {digits(-math.log(u))}" for v, u in zip(y, p, strict=True))
    return Question(
        text=_("The label is soft: y = {target}. The model says p = {probabilities}. What is the cross-entropy, in nats?").format(
            target=listed(names, y), probabilities=listed(names, p)
        ),
        answer=value,
        traps=(
            (-math.log(p[top]), _("That is the loss of a one-hot label. Here every class counts with its y.")),
            (swapped, _("y and p have changed places: the truth stands before the logarithm.")),
            (value - own, _("That is the divergence KL(y ‖ p). The cross-entropy is larger by the entropy of y.")),
            (own, _("That is the entropy of y: the least that the loss can be.")),
        ),
        solution=(
            rf"$$L = -\sum_j y_j \log p_j = {terms} = {number(value, 4)}$$",
            _("Even a perfect model would keep the entropy of y: {entropy}.").format(entropy=number(own, 4)),
        ),
        link=soft_board(p, y),
        given={"p": p.tolist(), "y": y.tolist()},
    )  # fmt: skip
