"""Questions about surprise: bits, entropy, divergence."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from locales import _
from softmax_core.huffman import huffman
from ui.practice.questions.base import Question
from ui.practice.questions.words import (
    both_distributions,
    distribution,
    listed,
    number,
    pick,
    plain,
    row,
    series,
)

ORDERS = tuple(itertools.permutations(range(3)))
_NAMES = "ABC"
_LETTERS = "ABCDE"


def entropy(p: Sequence[float]) -> float:
    """Return ``H(p) = -sum p log p`` in nats, for probabilities above 0."""
    return -math.fsum(v * math.log(v) for v in p)


def divergence(p: Sequence[float], q: Sequence[float]) -> float:
    """Return ``KL(p || q) = sum p log(p / q)`` in nats, for probabilities above 0."""
    return math.fsum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


def bits(rng: np.random.Generator) -> Question:
    """The surprisal of a probability that is a power of two."""
    k = int(rng.integers(1, 9))
    return Question(
        text=_("An event with the probability 1/{n} happens. How many bits is its surprisal?").format(n=2**k),
        answer=k,
        traps=((k * math.log(2), _("That is the surprisal in nats. A bit is the natural logarithm of 2, about 0.693 nats.")), (2**k, _("That is the number of equally probable cases. One bit halves it."))),
        solution=(
            rf"$$-\log_2 \frac{{1}}{{{2**k}}} = \log_2 2^{{{k}}} = {k}$$",
            _("In nats it is {nats}: the same surprise in a smaller unit.").format(nats=number(k * math.log(2))),
        ),
        link=both_distributions((2.0**-k, 1 - 2.0**-k), (0.5, 0.5), "surprise"),
        given={"k": k},
    )  # fmt: skip


def ordering(rng: np.random.Generator) -> Question:
    """Three distributions by their entropy."""
    while True:
        rows = [distribution(rng, 4) for _draw in range(3)]
        values = [entropy(p.tolist()) for p in rows]
        steps = np.diff(sorted(values))
        if steps.min() > 0.12:
            break
    order = tuple(int(i) for i in np.argsort(values)[::-1])
    lines = "\n".join(f"- {name} = {row(p)}" for name, p in zip(_NAMES, rows, strict=True))
    terms = r" \qquad ".join(f"H({name}) = {number(v)}" for name, v in zip(_NAMES, values, strict=True))
    return Question(
        text=_("Which order is right, from the largest entropy to the smallest?") + f"\n\n{lines}",
        options=tuple(" > ".join(_NAMES[i] for i in o) for o in ORDERS),
        answer=ORDERS.index(order),
        traps=((ORDERS.index(order[::-1]), _("The other way round: the flatter a distribution, the larger its entropy.")),),
        solution=(
            _("The flatter, the larger: four equal shares would have log 4 = 1.386, a certain outcome has 0."),
            f"$${terms}$$",
        ),
        link=both_distributions(rows[order[0]], rows[order[-1]], "entropy"),
        given={"rows": [p.tolist() for p in rows], "values": values},
    )  # fmt: skip


def asymmetry(rng: np.random.Generator) -> Question:
    """Which of the two divergences is larger."""
    p = pick(rng, [0.05, 0.1, 0.2, 0.8, 0.9])
    q = round(1 - p, 2) if rng.integers(4) == 0 else pick(rng, [v for v in (0.4, 0.5, 0.6) if v + p != 1])
    P, Q = (p, round(1 - p, 2)), (q, round(1 - q, 2))
    if rng.integers(2):
        P, Q = Q, P
    there, back = divergence(P, Q), divergence(Q, P)
    same = math.isclose(there, back, abs_tol=1e-9)
    answer = 2 if same else int(back > there)
    return Question(
        text=_("P = {P} and Q = {Q}. Which divergence is larger?").format(P=row(P), Q=row(Q)),
        options=("KL(P ‖ Q)", "KL(Q ‖ P)", _("They are equal")),
        answer=answer,
        traps=() if same else ((2, _("A divergence is not a distance: each weighs the logarithms with its own first distribution.")),),
        solution=(
            rf"$$\mathrm{{KL}}(P\,\|\,Q) = {plain(P[0])}\log\tfrac{{{plain(P[0])}}}{{{plain(Q[0])}}} + {plain(P[1])}\log\tfrac{{{plain(P[1])}}}{{{plain(Q[1])}}} = {number(there, 4)}$$",
            rf"$$\mathrm{{KL}}(Q\,\|\,P) = {plain(Q[0])}\log\tfrac{{{plain(Q[0])}}}{{{plain(P[0])}}} + {plain(Q[1])}\log\tfrac{{{plain(Q[1])}}}{{{plain(P[1])}}} = {number(back, 4)}$$",
            _("Here Q is P with its two shares swapped, which is why both agree; in general they do not.") if same else _("In general the two differ: KL is not symmetric."),
        ),
        link=both_distributions(P, Q, "kl"),
        given={"P": P, "Q": Q},
    )  # fmt: skip


def code_length(rng: np.random.Generator) -> Question:
    """The mean length of the words of a Huffman code."""
    p = distribution(rng, int(rng.integers(4, 6)))
    code = huffman(p)
    words = [word or "" for word in code.words]
    mean = code.average_length
    fixed = math.ceil(math.log2(len(p)))
    letters = _LETTERS[: len(p)]
    terms = " + ".join(rf"{plain(float(v))}\cdot {len(word)}" for v, word in zip(p, words, strict=True))
    return Question(
        text=_("Symbols come with the probabilities {probabilities}. How long is a word of their Huffman code on average, in bits?").format(
            probabilities=listed(letters, p)
        ),
        answer=mean,
        traps=(
            (entropy(p.tolist()) / math.log(2), _("That is the entropy. A code of whole bits is at least as long.")),
            (fixed, _("Words of equal length would be that long. Frequent symbols get shorter ones.")),
            (sum(map(len, words)) / len(words), _("That is the mean over the words. Frequent ones count more: weigh each with its probability.")),
        ),
        solution=(
            _("Join the two rarest again and again, until one node is left. The words become {words}.").format(
                words=series(f"{letter} {word}" for letter, word in zip(letters, words, strict=True))
            ),
            rf"$${terms} = {plain(round(mean, 6))}$$",
        ),
        link=both_distributions(p, p, "code"),
        given={"p": p.tolist()},
    )  # fmt: skip
