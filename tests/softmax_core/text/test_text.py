"""Tokens, vocabulary, sparse features and training on texts, against scikit-learn and against whole arrays."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import softmax_core.text
from softmax_core.datasets import held_back
from softmax_core.objective import Objective
from softmax_core.text import (
    Corpus,
    TextConfig,
    learning_sizes,
    sentiment,
    share_right,
    tokenise,
    train_on_texts,
    try_out,
)
from softmax_core.text.model import SparseObjective
from softmax_core.text.sparse import Sparse
from softmax_core.text.vocabulary import vocabulary
from tests.softmax_core.text.token_cases import CASES

FOLDER = Path(softmax_core.text.__file__).parent
WORDS = [f"word{i}" for i in range(60)]


def dense(A: Sparse) -> np.ndarray:
    return A.dot(np.eye(A.shape[1]))


def made_up(n: int = 90, K: int = 3, seed: int = 0) -> Corpus:
    """Sentences in which every class prefers words of its own."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % K
    preference = np.full((K, len(WORDS)), 1.0)
    for k in range(K):
        preference[k, k * 8 : (k + 1) * 8] = 6.0
    texts = [
        " ".join(rng.choice(WORDS, rng.integers(3, 9), p=preference[k] / preference[k].sum())) for k in y
    ]
    return Corpus("made up", tuple(texts), y, held_back(y, 0.3), tuple("abcdefghij"[:K]))


@pytest.mark.parametrize("text", CASES)
def test_tokens(text: str) -> None:
    assert tokenise(text) == CASES[text]


def test_a_long_text_takes_no_time() -> None:
    for text in (
        "a" * 100_000,
        "'" * 100_000,
        "a'" * 50_000,
        "好" * 100_000,
        "🙂" * 100_000,
        "\u0300" * 100_000,
    ):
        tokenise(text)
    assert len(tokenise("好" * 100_000)) == 99_999


@pytest.mark.parametrize("min_texts", [1, 3])
@pytest.mark.parametrize("most", [10, 20_000])
def test_vocabulary_and_features_are_those_of_scikit_learn(min_texts: int, most: int) -> None:
    corpus = made_up()
    train = [corpus.texts[i] for i in corpus.train]
    tokens = list(map(tokenise, corpus.texts))
    words = vocabulary(map(tokenise, train), min_texts, most)
    assert list(words.words) == sorted(words.words)
    counter = CountVectorizer(tokenizer=tokenise, token_pattern=None, vocabulary=words.words)
    assert_array_equal(dense(words.counts(tokens)), counter.fit_transform(corpus.texts).toarray())
    weigher = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, vocabulary=words.words).fit(train)
    assert_allclose(
        dense(words.features(tokens, "tf_idf")), weigher.transform(corpus.texts).toarray(), atol=1e-15
    )
    if most > len(WORDS):
        own = TfidfVectorizer(tokenizer=tokenise, token_pattern=None, min_df=min_texts).fit(train)
        assert own.get_feature_names_out().tolist() == list(words.words)


def test_more_words_than_the_limit_lose_the_rarest() -> None:
    words = vocabulary([["b", "a", "c"], ["c", "a"], ["d"]], most=2)
    assert words.words == ("a", "c")
    assert words.n_frequent == 4
    assert vocabulary([["b", "a", "c"], ["c", "a"]], min_texts=2).n_frequent == 2
    assert words.text_counts.tolist() == [2, 2]
    assert vocabulary([["b"], ["a"]], most=1).words == ("a",)  # among equals the first
    assert vocabulary([]).words == ()


@pytest.mark.parametrize("seed", range(5))
def test_products_are_those_of_the_whole_array(seed: int) -> None:
    rng = np.random.default_rng(seed)
    whole = rng.normal(size=(7, 5)) * (rng.random((7, 5)) < 0.4)
    whole[[0, 3, 6]] = 0.0  # empty rows, the first and the last among them
    whole[:, 2] = 0.0
    A = Sparse(*np.nonzero(whole), whole[whole != 0], whole.shape)
    W, R = rng.normal(size=(5, 3)), rng.normal(size=(7, 3))
    assert_array_equal(dense(A), whole)
    assert_allclose(A.dot(W), whole @ W, atol=1e-14)
    assert_allclose(A.T.dot(R), whole.T @ R, atol=1e-14)
    assert_array_equal(dense(A.with_ones()), np.hstack([whole, np.ones((7, 1))]))
    nothing = np.array([], int)
    empty = Sparse(nothing, nothing, np.array([]), (0, 5))
    assert (empty.dot(W).shape, empty.T.dot(np.empty((0, 3))).shape) == ((0, 3), (5, 3))


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_sparse_loss_is_the_loss(smoothing: float) -> None:
    corpus, K = made_up(), 3
    words = vocabulary(corpus.tokens(corpus.train))
    A = words.features(corpus.tokens(corpus.train), "tf_idf")
    y = corpus.y[corpus.train]
    Y = (1 - smoothing) * np.eye(K)[y] + smoothing / K
    ours = SparseObjective(A.with_ones(), Y, y, smoothing, None, 0.01)
    whole = Objective(dense(A.with_ones()), Y, y, smoothing, None, 0.01)
    theta = np.random.default_rng(1).normal(size=(len(words.words) + 1, K))
    for mine, known in zip(
        ours.loss_and_probabilities(theta), whole.loss_and_probabilities(theta), strict=True
    ):
        assert_allclose(mine, known, rtol=1e-12, atol=1e-14)
    assert_allclose(ours.gradient(theta), whole.gradient(theta), atol=1e-15)


@pytest.mark.parametrize("weighting", ["counts", "tf_idf"])
@pytest.mark.parametrize("l2", [1e-5, 0.01])
def test_the_optimum_is_that_of_scikit_learn(weighting: str, l2: float) -> None:
    corpus = made_up()
    model = train_on_texts(corpus, TextConfig(weighting, l2))
    assert model.converged
    A = dense(model.vocabulary.features(corpus.tokens(corpus.train), weighting))
    other = LogisticRegression(C=1 / (l2 * len(A)), tol=1e-10, max_iter=10_000).fit(A, corpus.y[corpus.train])
    B = dense(model.vocabulary.features(corpus.tokens(corpus.test), weighting))
    assert_allclose(
        model.probabilities(corpus.tokens(corpus.test)),
        other.predict_proba(B),
        atol=2e-4 if l2 < 1e-3 else 1e-5,
    )
    assert share_right(model, corpus, corpus.test) == other.score(B, corpus.y[corpus.test])


def test_smoothing_keeps_the_probabilities_away_from_one() -> None:
    corpus = made_up()
    top = [
        train_on_texts(corpus, TextConfig(l2=1e-5, smoothing=smoothing))
        .probabilities(corpus.tokens(corpus.train))
        .max()
        for smoothing in (0.0, 0.3)
    ]
    assert top[0] > 0.99 > top[1]


def test_a_text_is_the_sum_of_its_words() -> None:
    corpus = made_up()
    for weighting in ("counts", "tf_idf"):
        model = train_on_texts(corpus, TextConfig(weighting))
        tokens = ["word3", "unknown", "word3", "word9"]
        places, norm = [model.vocabulary.places[word] for word in ("word3", "word9")], 1.0
        x = np.array([2.0, 1.0])
        if weighting == "tf_idf":
            x *= model.vocabulary.idf[places]
            norm = np.linalg.norm(x)
        assert_allclose(model.logits([tokens])[0], x / norm @ model.W[places] + model.b, atol=1e-13)
        for unknown in ([], ["nothing"]):
            assert_allclose(model.logits([unknown])[0], model.b)


def test_the_words_come_from_the_texts_for_training_alone() -> None:
    corpus = Corpus(
        "", ("good", "bad", "secret"), np.array([1, 0, 1]), np.array([False, False, True]), ("-", "+")
    )
    assert train_on_texts(corpus, TextConfig()).vocabulary.words == ("bad", "good")


def test_of_too_many_words_those_in_the_most_texts_count() -> None:
    corpus = Corpus(
        "",
        ("good food", "bad food", "good bad room"),
        np.array([1, 0, 1]),
        np.zeros(3, dtype=bool),
        ("-", "+"),
    )
    assert train_on_texts(corpus, TextConfig(most_words=3)).vocabulary.words == ("bad", "food", "good")


def test_the_learning_curve_ends_at_the_whole() -> None:
    corpus = made_up()
    sizes = learning_sizes(corpus)
    assert sizes == [7, 15, 31, 63]
    rows = try_out(corpus, [(TextConfig(), n) for n in sizes])
    whole = train_on_texts(corpus, TextConfig())
    P = whole.probabilities(corpus.tokens(corpus.test))
    right = [share_right(whole, corpus, part) for part in (corpus.train, corpus.test)]
    assert_allclose(rows[-1], [*right, P.max(axis=1).mean()])
    assert rows[-1, 1] > rows[0, 1]


def test_a_training_can_be_stopped() -> None:
    corpus = made_up()
    told = []

    def watch(done: int, _steps: int) -> bool:
        told.append(done)
        return done < 2

    assert not train_on_texts(corpus, TextConfig(), watch=watch).converged
    assert told == [0, 1, 2]
    trials = [(TextConfig(), n) for n in (7, 15, 31)]
    assert len(try_out(corpus, trials, lambda done, _models: done < 2)) == 2


def test_a_wide_corpus_takes_little_memory() -> None:
    """A twentieth of 20,000 texts and 20,000 words stays under a twentieth of 200 MB; bench/text.py measures the whole."""
    rng = np.random.default_rng(0)
    names = [f"w{i}" for i in range(1000)]
    texts = tuple(" ".join(names[i] for i in rng.integers(0, 1000, 45)) for _text in range(1000))
    corpus = Corpus("", texts, rng.integers(0, 10, 1000), np.zeros(1000, bool), tuple("abcdefghij"))
    steps: list[int] = []

    def watch(done: int, _steps: int) -> bool:
        steps.append(done)
        return done < 14

    tracemalloc.start()
    train_on_texts(corpus, TextConfig(l2=1e-6), watch=watch)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert steps[-1] == 14  # the memory of L-BFGS is full
    assert peak < 10e6


def test_no_text_is_refused() -> None:
    corpus = made_up()
    none = np.array([], dtype=int)
    with pytest.raises(ValueError, match="text"):
        train_on_texts(corpus, TextConfig(), none)
    assert np.isnan(share_right(train_on_texts(corpus, TextConfig()), corpus, none)), "no accuracy, not 0 %"
    for wrong in (
        {"weighting": "bm25"},
        {"l2": 0.0},
        {"smoothing": 1.0},
        {"min_texts": 0},
        {"most_words": 0},
    ):
        with pytest.raises(ValueError):
            TextConfig(**wrong)


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_corpora_are_balanced_and_hold_nothing_twice(code: str) -> None:
    corpus = sentiment(code)
    assert corpus.class_names == ("negative", "neutral", "positive")
    counts = np.array([np.bincount(corpus.y[part], minlength=3) for part in (corpus.train, corpus.test)])
    assert counts.sum() == len(corpus.texts) >= 300
    assert (counts == counts[:, :1]).all()
    assert 0.25 < counts[1].sum() / counts.sum() < 0.35
    assert len({text.strip().lower() for text in corpus.texts}) == len(corpus.texts)
    assert all(text == text.strip() and tokenise(text) for text in corpus.texts)
    is_chinese = [any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in corpus.texts]
    assert all(is_chinese) if code == "zh" else not any(is_chinese)
    assert (FOLDER / "ORIGIN.md").read_text(encoding="utf-8").count("sentiment_") >= 2
