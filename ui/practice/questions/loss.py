"""Questions about the loss and its gradient with respect to the logits."""

from __future__ import annotations

import math

import numpy as np

from locales import _
from ui.practice.questions.base import Kind, Question
from ui.practice.questions.words import animals, board_of, distribution, listed, number, pick, plain


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
            (-value, _("The sign: the gradient is p − y, what p has too much. Descent then goes against it.")),
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


KINDS = (
    Kind("loss", lambda: _("Loss from p"), loss),
    Kind("from_loss", lambda: _("p from the loss"), from_loss),
    Kind("gradient", lambda: _("Gradient"), gradient),
)
