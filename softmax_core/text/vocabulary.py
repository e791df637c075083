"""The bag of words: which words count, how often each stands in a text, and tf-idf.

A text is a sequence of tokens (`tokenise`), and its row of features has an entry for each word of the vocabulary. Words that
are not in the vocabulary are dropped.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from softmax_core.text.sparse import Sparse
from softmax_core.validation import Float64Array, IntArray

MOST_WORDS = 5000
"""All words of a model go to the browser: with ten classes these are half a megabyte."""
WEIGHTINGS = ("counts", "tf_idf")

Tokens = Sequence[str]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words that count.

    Parameters
    ----------
    words : tuple of str, length m
        In the order of their characters.
    text_counts : ndarray of int, shape (m,)
        In how many of the texts each word stands (its document frequency).
    n_texts : int
        How many texts there were.
    n_frequent : int
        How many words stand in enough texts; more than m where only the most frequent count.
    """

    words: tuple[str, ...]
    text_counts: IntArray
    n_texts: int
    n_frequent: int

    @cached_property
    def places(self) -> dict[str, int]:
        """The column of each word."""
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def idf(self) -> Float64Array:
        """The inverse document frequency, ``log((1 + n) / (1 + text_count)) + 1``, shape (m,).

        As if one more text held every word once (``smooth_idf`` of scikit-learn's TfidfVectorizer).
        """
        values: Float64Array = np.log((1.0 + self.n_texts) / (1.0 + self.text_counts)) + 1.0
        return values

    def features(self, texts: Iterable[Tokens], weighting: str) -> Sparse:
        """Return the features of texts, one row each: "counts" or "tf_idf"."""
        counts = self.counts(texts)
        if weighting == "counts":
            return counts
        weighted = counts.data * self.idf[counts.columns]
        norms = np.sqrt(np.bincount(counts.rows, weighted**2))
        return replace(counts, data=weighted / norms[counts.rows])

    def counts(self, texts: Iterable[Tokens]) -> Sparse:
        """Return how often each word stands in each text, shape (n, m).

        Examples
        --------
        >>> vocabulary([["good", "food"], ["bad", "food"]]).counts([["good", "good", "wine"]]).dot(np.eye(3))
        array([[0., 0., 2.]])
        """
        places, columns, values, lengths = self.places, array("q"), array("d"), array("q")
        for tokens in texts:
            row = Counter(places[token] for token in tokens if token in places)
            columns.extend(row)
            values.extend(row.values())
            lengths.append(len(row))
        n = len(lengths)
        rows = np.repeat(np.arange(n), lengths)
        return Sparse(rows, np.array(columns), np.array(values), (n, len(self.words)))


def vocabulary(texts: Iterable[Tokens], min_texts: int = 1, most: int = MOST_WORDS) -> Vocabulary:
    """Return the words of texts.

    Parameters
    ----------
    texts : iterable of sequences of str
    min_texts : int
        A word counts if it stands in so many texts, at least 1.
    most : int
        Of more words those in the most texts count; among equals the first in the order of characters.

    Examples
    --------
    >>> vocabulary([["good", "food"], ["bad", "food", "food"]], min_texts=2).words
    ('food',)
    """
    seen: Counter[str] = Counter()
    n = 0
    for tokens in texts:
        seen.update(set(tokens))
        n += 1
    frequent = [word for word, count in seen.items() if count >= min_texts]
    words = tuple(sorted(sorted(frequent, key=lambda word: (-seen[word], word))[:most]))
    return Vocabulary(words, np.array([seen[word] for word in words], dtype=np.int64), n, len(frequent))
