"""Questions about logits and probabilities."""

from __future__ import annotations

import math

import numpy as np

from locales import _
from softmax_core.functional import softmax
from ui.practice.questions.base import Question
from ui.practice.questions.words import (
    animals,
    board,
    digits,
    distribution,
    listed,
    number,
    pick,
    plain,
    quotient,
    row,
    series,
    tenths,
)

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
    """A probability after the same number was added to every logit."""
    z = tenths(rng, -4, 4, 3)
    c = pick(rng, [-10, -7, -5, 5, 7, 10])
    k = int(rng.integers(3))
    names = animals()
    p = softmax(z)
    moved = np.exp(z + c * (np.arange(3) == k))
    return Question(
        text=_("The logits are {logits}. The number {c} is added to each of them. What is the probability of {name} afterwards?").format(
            logits=listed(names, z), c=plain(c), name=names[k]
        ),
        answer=float(p[k]),
        traps=(
            (1 / 3, _("They would be equal if all logits were equal. Here their differences stay what they were.")),
            (float(moved[k] / moved.sum()), _("Here only the logit of {name} was moved. The number is added to all of them.").format(name=names[k])),
        ),
        solution=(
            r"$$\frac{e^{z_j+c}}{\sum_k e^{z_k+c}} = \frac{e^c\,e^{z_j}}{e^c\sum_k e^{z_k}} = \frac{e^{z_j}}{\sum_k e^{z_k}}$$",
            _("The constant cancels. Before and after, the probabilities are {probabilities}.").format(
                probabilities=series(f"{name} {number(float(v), 4)}" for name, v in zip(names, p, strict=True))
            ),
        ),
        link=board(z, k, shift=c),
        given={"z": z.tolist(), "c": c, "k": k},
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
    p1, p2, z1, z2 = (rf"{letter}_{{\mathrm{{{names[k]}}}}}" for letter in "pz" for k in (high, low))
    return Question(
        text=_("The logits are {logits}. How many times more probable than {second} is {first} ({ratio})?").format(
            logits=listed(names, z), first=names[high], second=names[low], ratio=rf"$p_{{\mathrm{{{names[high]}}}}} / p_{{\mathrm{{{names[low]}}}}}$"
        ),
        answer=math.exp(lead),
        traps=((lead, _("That is the difference of the logits; the ratio of the probabilities is e to that power.")), (float(z[high] / z[low]) if z[low] else 0.0, _("Logits are compared by their difference, not by their ratio."))),
        solution=(
            _("The sum below the fraction is the same for both, so it cancels:"),
            rf"$$\frac{{{p1}}}{{{p2}}} = \frac{{e^{{{z1}}}}}{{e^{{{z2}}}}} = e^{{{z1} - {z2}}} = e^{{{plain(lead)}}} = {number(math.exp(lead))}$$",
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
            rf"$$p = \frac{{e^{{z_j/T}}}}{{\sum_k e^{{z_k/T}}}} = \frac{{e^{{{plain(float(powers[k]))}}}}}{{{terms}}} = {quotient(float(e[k]), float(e.sum()))}$$",
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
        options=(_(", ").join(LARGEST), _(", ").join([*LARGEST][1:]), _("float64 only"), _("in none of the three")),
        answer=fits,
        solution=(
            _("A format overflows where z is above the logarithm of its largest number:"),
            rf"$$\log 65504 = {number(LARGEST['float16'], 2)} \qquad \log 3.4\cdot 10^{{38}} = {number(LARGEST['float32'], 2)} \qquad \log 1.8\cdot 10^{{308}} = {number(LARGEST['float64'], 2)}$$",
            _("z = {z} is compared with these three. After the largest logit is subtracted, every exponent is at most 0, and softmax works in all of them.").format(z=plain(z)),
        ),
        link=board((z, z - 1, 0), panel="precision", softmax_dtype=("float16", "float16", "float32", "float64")[fits]),
        given={"z": z},
    )  # fmt: skip


def sigmoid(rng: np.random.Generator) -> Question:
    """The probability of the first of two classes."""
    z = tenths(rng, -3, 3, 2)
    lead = float(z[0] - z[1])
    p = 1 / (1 + math.exp(-lead))
    names = animals()[:2]
    return Question(
        text=_("There are two classes, with the logits {logits}. What is the probability of {name}?").format(logits=listed(names, z), name=names[0]),
        answer=p,
        traps=(
            (1 - p, _("That is the other class: mind the order of the difference.")),
            (1 / (1 + math.exp(-float(z[0]))), _("That is σ of one logit alone. What counts is its lead over the other.")),
            (math.exp(lead), _("That is the ratio of the two probabilities. Divided by one more than itself it is p.")),
        ),
        solution=(
            _("Divide the fraction of softmax by its numerator: only the difference of the logits is left."),
            rf"$$p_1 = \frac{{e^{{z_1}}}}{{e^{{z_1}} + e^{{z_2}}}} = \frac{{1}}{{1 + e^{{-(z_1 - z_2)}}}} = \sigma({plain(lead)}) = {number(p, 4)}$$",
            _("This is the logistic function: softmax of two classes is logistic regression."),
        ),
        link=board(z, panel="sigmoid"),
        given={"z": z.tolist()},
    )  # fmt: skip


def log_sum_exp(rng: np.random.Generator) -> Question:
    """How far the log-sum-exp lies above the largest logit."""
    base = pick(rng, [0, 50, 100, 1000])
    z = np.round(base + tenths(rng, -3, 0, 3), 1)
    top = float(z.max())
    powers = np.exp(z - top)
    above = math.log(float(powers.sum()))
    terms = " + ".join(f"e^{{{plain(round(float(v - top), 1))}}}" for v in z)
    return Question(
        text=_("The logits are {logits}. How far does log Σ $e^z$ lie above the largest of them?").format(logits=row(z)),
        answer=above,
        traps=(
            (0, _("It would be 0 if the others were infinitely far below. Here they add something.")),
            (math.log(3), _("It would be log 3 if all three were equal.")),
            (float(powers.sum()), _("That is the sum of the exponentials. Its logarithm is still to be taken.")),
            (top + above, _("That is log Σ e^z itself. Subtract the largest logit.")),
        ),
        solution=(
            _("Take e to the largest logit out of the sum. No exponent is above 0 then, and nothing overflows:"),
            rf"$$\log \sum_k e^{{z_k}} = {plain(top)} + \log({terms}) = {plain(top)} + \log {digits(float(powers.sum()))}$$",
            rf"$$\log {digits(float(powers.sum()))} = {number(above, 4)}$$",
        ),
        link=board(z, panel="precision"),
        given={"z": z.tolist()},
    )  # fmt: skip


def jacobian(rng: np.random.Generator) -> Question:
    """One entry of the Jacobian of softmax."""
    p = distribution(rng, 3)
    i, j = int(rng.integers(3)), int(rng.integers(3))
    names = animals()
    one, other = float(p[i]), float(p[j])
    value = one * ((i == j) - other)
    wrong_place = -one * one if i == j else one * (1 - one)
    return Question(
        text=_("The model says {probabilities}. The logit of {moved} grows a little. How fast does the probability of {asked} change, per unit of that logit?").format(
            probabilities=listed(names, p), moved=names[j], asked=names[i]
        ),
        answer=value,
        traps=(
            (-value, _("The sign: a class gains from its own logit and loses from every other one.")),
            (wrong_place, _("That is the rule for another class's logit: here it is its own.") if i == j else _("That is the rule for its own logit: here it is another class's.")),
            (one - (i == j), _("That is p − y, the derivative of the loss. Asked for is that of a probability.")),
        ),
        solution=(
            rf"$$\frac{{\partial p_i}}{{\partial z_j}} = p_i\,([i = j] - p_j) = {plain(one)}\cdot ({int(i == j)} - {plain(other)}) = {number(value, 4)}$$",
            _("Each column of this table sums to 0: what one class gains, the others lose."),
        ),
        link=board([math.log(v) for v in p], j, panel="jacobian"),
        given={"p": p.tolist(), "i": i, "j": j},
    )  # fmt: skip
