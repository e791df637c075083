"""Questions about logits and probabilities."""

from __future__ import annotations

import math

import numpy as np

from locales import _
from softmax_core.functional import softmax
from ui.practice.questions.base import Kind, Question
from ui.practice.questions.words import animals, board, listed, number, pick, plain, tenths

# The largest z whose e^z each format still holds: the log of its largest number.
LARGEST = {
    name: float(np.log(np.finfo(name).max, dtype=np.float64)) for name in ("float16", "float32", "float64")
}
_EXPONENTS = (
    (5.0, 9.0, 10.0, 11.0),
    (12.0, 20.0, 50.0, 88.0),
    (89.0, 100.0, 400.0, 709.0),
    (710.0, 800.0, 1000.0),
)


def shift(rng: np.random.Generator) -> Question:
    """Which class wins after the same number was added to every logit."""
    z = tenths(rng, -4, 4, 3)
    c = pick(rng, [-10, -7, -5, 5, 7, 10])
    names = animals()
    winner = int(z.argmax())
    p = softmax(z)
    return Question(
        text=_("The logits are {logits}. The number {c} is added to each of them. Which class is the most probable afterwards?").format(
            logits=listed(names, z), c=plain(c)
        ),
        options=(*names, _("All are equally probable")),
        answer=winner,
        traps=((3, _("They would be if all logits were equal. Here their differences stay what they were.")),),
        solution=(
            r"$$\frac{e^{z_j+c}}{\sum_k e^{z_k+c}} = \frac{e^c\,e^{z_j}}{e^c\sum_k e^{z_k}} = \frac{e^{z_j}}{\sum_k e^{z_k}}$$",
            _("The constant cancels. Before and after, the probabilities are {probabilities}: {winner} wins.").format(
                probabilities=", ".join(f"{name} {number(float(v))}" for name, v in zip(names, p, strict=True)), winner=names[winner]
            ),
        ),
        link=board(z, winner, shift=c),
        given={"z": z.tolist(), "c": c},
    )  # fmt: skip


def gap(rng: np.random.Generator) -> Question:
    """The probability of the first of two classes after its lead was doubled."""
    p = pick(rng, [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85])
    lead = math.log(p / (1 - p))
    twice = p**2 / (p**2 + (1 - p) ** 2)
    cat, dog, _bird = animals()
    return Question(
        text=_("There are two classes, and {first} has the probability {p}. Now the lead of its logit over {second} is doubled. What is its probability then?").format(
            first=cat, second=dog, p=plain(p)
        ),
        answer=twice,
        traps=((2 * p, _("A probability is at most 1: doubling the lead does not double p.")), (p, _("Only a shift of both logits leaves p as it is. Here the difference changed.")), (p * p, _("That squares p but does not divide by the new sum."))),
        solution=(
            rf"$$z_1 - z_2 = \log\frac{{{plain(p)}}}{{{plain(1 - p)}}} = {number(lead, 4)}, \qquad 2\,(z_1 - z_2) = {number(2 * lead, 4)}$$",
            _("Doubling a difference of logits squares the ratio of the probabilities:"),
            rf"$$p = \frac{{{plain(p)}^2}}{{{plain(p)}^2 + {plain(1 - p)}^2}} = \frac{{1}}{{1+e^{{-{number(2 * lead, 4)}}}}} = {number(twice, 4)}$$",
        ),
        link=board((2 * lead, 0), panel="sigmoid"),
        given={"p": p},
    )  # fmt: skip


def ratio(rng: np.random.Generator) -> Question:
    """How many times as likely one class is as another."""
    z = tenths(rng, -2, 3, 3)
    names = animals()
    high, low = int(z.argmax()), int(z.argmin())
    lead = float(z[high] - z[low])
    return Question(
        text=_("The logits are {logits}. How many times as probable is {first} as {second}?").format(
            logits=listed(names, z), first=names[high], second=names[low]
        ),
        answer=math.exp(lead),
        traps=((lead, _("That is the difference of the logits; the ratio of the probabilities is e to that power.")), (float(z[high] / z[low]) if z[low] else 0.0, _("Logits are compared by their difference, not by their ratio."))),
        solution=(
            _("The sum below the fraction is the same for both, so it cancels:"),
            rf"$$\frac{{p_1}}{{p_2}} = \frac{{e^{{z_1}}}}{{e^{{z_2}}}} = e^{{z_1 - z_2}} = e^{{{plain(lead)}}} = {number(math.exp(lead))}$$",
        ),
        link=board(z, high),
        given={"z": z.tolist()},
    )  # fmt: skip


def temperature(rng: np.random.Generator) -> Question:
    """A probability at another temperature."""
    z = tenths(rng, -2, 3, 3)
    t = pick(rng, [0.5, 2.0, 4.0])
    k = int(rng.integers(3))
    names = animals()
    p = softmax(z, temperature=t)
    powers = z / t
    e = np.exp(powers)
    terms = " + ".join(f"e^{{{plain(float(v))}}}" for v in powers)
    return Question(
        text=_("The logits are {logits}. At the temperature T = {t}, what is the probability of {name}?").format(
            logits=listed(names, z), t=plain(t), name=names[k]
        ),
        answer=float(p[k]),
        traps=(
            (float(softmax(z)[k]), _("That is the probability at T = 1.")),
            (float(softmax(z * t)[k]), _("The logits are divided by T, not multiplied.")),
            (float(softmax(z)[k]) / t, _("T divides the logits, not the probability.")),
        ),
        solution=(
            rf"$$p = \frac{{e^{{z_j/T}}}}{{\sum_k e^{{z_k/T}}}} = \frac{{e^{{{plain(float(powers[k]))}}}}}{{{terms}}} = \frac{{{number(float(e[k]))}}}{{{number(float(e.sum()))}}} = {number(float(p[k]), 4)}$$",
            _("A temperature below 1 makes the winner surer, one above 1 brings the classes closer together."),
        ),
        link=board(z, k, t=t),
        given={"z": z.tolist(), "t": t, "k": k},
    )  # fmt: skip


def formats(rng: np.random.Generator) -> Question:
    """Which number formats can hold e^z."""
    fits = int(rng.integers(4))
    z = pick(rng, _EXPONENTS[fits])
    return Question(
        text=_("The naive formula of softmax computes $e^z$ first. In which number formats does that fit for z = {z}?").format(z=plain(z)),
        options=("float16, float32, float64", "float32, float64", _("float64 only"), _("in none of the three")),
        answer=fits,
        solution=(
            _("A format overflows where z is above the logarithm of its largest number:"),
            rf"$$\log 65504 = {number(LARGEST['float16'], 2)} \qquad \log 3.4\cdot 10^{{38}} = {number(LARGEST['float32'], 2)} \qquad \log 1.8\cdot 10^{{308}} = {number(LARGEST['float64'], 2)}$$",
            _("z = {z} is compared with these three. After the largest logit is subtracted, every power is at most 0, and softmax works in all of them.").format(z=plain(z)),
        ),
        link=board((z, z - 1, 0), panel="precision", softmax_dtype=("float16", "float16", "float32", "float64")[fits]),
        given={"z": z},
    )  # fmt: skip


KINDS = (
    Kind("shift", lambda: _("A shift"), shift),
    Kind("gap", lambda: _("Twice the lead"), gap),
    Kind("ratio", lambda: _("How many times"), ratio),
    Kind("temperature", lambda: _("Temperature"), temperature),
    Kind("formats", lambda: _("Overflow"), formats),
)
