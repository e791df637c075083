"""Texts: held-out accuracy beside scikit-learn's LogisticRegression, time and memory of the widest corpus: ``python -m bench.text``.

Both find the optimum of the same loss on the same features (L2 of ours is 1 / (C * n) of theirs), so the accuracies are to be
equal; the times are medians of runs in turns. Memory is what Python and NumPy took at most, by tracemalloc.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
import warnings

import numpy as np
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from bench.support.rounds import in_turns
from bench.support.texts import TEXTS, widest
from softmax_core.text import Corpus, TextConfig, sentiment, share_right, train_on_texts
from softmax_core.text.vocabulary import WEIGHTINGS

ROUNDS = 9


def compare(corpus: Corpus, weighting: str, rounds: int = ROUNDS) -> None:
    """Print one line: accuracies and the time of the search for the optimum, ours with cutting and counting."""
    config = TextConfig(weighting, most_words=20_000)
    model = train_on_texts(corpus, config)
    train, test = (
        model.vocabulary.features(corpus.tokens(part), weighting) for part in (corpus.train, corpus.test)
    )
    A, B = (scipy.sparse.coo_array((s.data, (s.rows, s.columns)), s.shape).tocsr() for s in (train, test))
    other = LogisticRegression(C=1 / (config.l2 * len(train)), tol=1e-8, max_iter=10_000)

    def fit_theirs() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            other.fit(A, corpus.y[corpus.train])

    contestants = {"ours": lambda: train_on_texts(corpus, config), "theirs": fit_theirs}
    ours, theirs = (1000 * statistics.median(times) for times in in_turns(contestants, rounds).values())
    gap = np.abs(model.probabilities(corpus.tokens(corpus.test)) - other.predict_proba(B)).max()
    print(
        f"{corpus.name:6}{weighting:8}{len(corpus.train):7}{len(model.vocabulary.words):7}"
        f"{share_right(model, corpus, corpus.test):10.4f}{other.score(B, corpus.y[corpus.test]):10.4f}{gap:10.1e}"
        f"{ours:9.1f}{theirs:9.1f}"
    )


def main() -> None:
    """Print both tables."""
    print(f"{'':14}{'texts':>7}{'words':>7}{'ours':>10}{'sklearn':>10}{'gap of p':>10}{'ms':>9}{'ms':>9}")
    for code in ("en", "zh"):
        for weighting in WEIGHTINGS:
            compare(sentiment(code), weighting)
    corpus = widest()
    size = sum(len(text) + 8 for text in corpus.texts) / 2**20
    tracemalloc.start()
    began = time.perf_counter()
    model = train_on_texts(corpus, TextConfig("counts", 1e-5))
    seconds = time.perf_counter() - began
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"\n{TEXTS} texts of {size:.1f} MB, {len(model.vocabulary.words)} words, 10 classes: {peak / 1e6:.0f} MB at most, {seconds:.1f} s (traced)"
    )
    compare(corpus, "counts", 1)


if __name__ == "__main__":
    main()
