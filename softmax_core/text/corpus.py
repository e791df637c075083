"""Labelled texts: the two corpora that ship (see ORIGIN.md), and how texts are held back for testing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from softmax_core.text.tokens import tokenise
from softmax_core.text.vocabulary import Tokens
from softmax_core.validation import IntArray

CLASSES = ("negative", "neutral", "positive")
SHIPPED = ("en", "zh")
"""The names of the corpora that ship, which are codes of languages."""


@dataclass(frozen=True, eq=False)
class Corpus:
    """Texts with labels, some of them held back for testing.

    Parameters
    ----------
    name : str
        Another one for other texts, labels or another split.
    texts : tuple of str, length n
    y : ndarray of int, shape (n,)
    is_test : ndarray of bool, shape (n,)
    class_names : tuple of str, length K
    """

    name: str
    texts: tuple[str, ...]
    y: IntArray
    is_test: npt.NDArray[np.bool_]
    class_names: tuple[str, ...]

    @property
    def ships(self) -> bool:
        """Whether it is one of the two that come with the project."""
        return self.name in SHIPPED

    @property
    def n_classes(self) -> int:
        """The number of classes K."""
        return len(self.class_names)

    @cached_property
    def train(self) -> IntArray:
        """The places of the texts to train on, in an order that mixes the classes: any beginning of it is a sample."""
        places = np.flatnonzero(~self.is_test)
        return np.random.default_rng(0).permutation(places)

    @cached_property
    def test(self) -> IntArray:
        """The places of the texts that are held back."""
        return np.flatnonzero(self.is_test)

    def tokens(self, places: IntArray) -> Iterator[Tokens]:
        """Return the tokens of these texts, one after the other: all at once they would take ten times their letters."""
        return (tokenise(self.texts[i]) for i in places)


@cache
def sentiment(code: str) -> Corpus:
    """Return the sentences in English ("en") or Chinese ("zh"), labelled negative, neutral or positive.

    Examples
    --------
    >>> corpus = sentiment("en")
    >>> corpus.class_names, len(corpus.texts) >= 300
    (('negative', 'neutral', 'positive'), True)
    """
    path = Path(__file__).with_name(f"sentiment_{code}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Corpus(
        code,
        tuple(row["text"] for row in rows),
        np.array([CLASSES.index(row["label"]) for row in rows]),
        np.array([row["split"] == "test" for row in rows]),
        CLASSES,
    )
