"""Softmax regression on words: training, one text taken apart, and accuracy by the number of texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from softmax_core.functional import softmax
from softmax_core.objective import Objective
from softmax_core.optimum.limited_memory import Product, descend
from softmax_core.progress import Watch, unwatched
from softmax_core.text.corpus import Corpus
from softmax_core.text.sparse import Sparse
from softmax_core.text.vocabulary import MOST_WORDS, WEIGHTINGS, Tokens, Vocabulary, vocabulary
from softmax_core.validation import Float64Array, IntArray, choice, finite_number, whole_number

TOLERANCE = 1e-12  # nats that the last steps promise
MOST_ITERATIONS = 500


@dataclass(frozen=True)
class TextConfig:
    """How a model is trained.

    Parameters
    ----------
    weighting : {"counts", "tf_idf"}
    l2 : float
        Penalty ``(l2 / 2) * sum(W ** 2)`` on the mean loss, above 0.
    smoothing : float
        Label smoothing: the target is ``(1 - smoothing) * one-hot + smoothing / K``, in [0, 1).
    min_texts : int
        A word counts if it stands in so many of the texts to train on.
    most_words : int
        Of more words those in the most texts count.
    """

    weighting: str = "counts"
    l2: float = 0.001
    smoothing: float = 0.0
    min_texts: int = 1
    most_words: int = MOST_WORDS

    def __post_init__(self) -> None:
        choice("weighting", self.weighting, WEIGHTINGS)
        finite_number("l2", self.l2, 0.0, above=True)
        finite_number("smoothing", self.smoothing, 0.0, 1.0, below=True)
        whole_number("min_texts", self.min_texts, 1)
        whole_number("most_words", self.most_words, 1)


@dataclass(frozen=True, eq=False)
class SparseObjective(Objective):
    """The loss on sparse features in the place of A; what needs more of them than two products is not for it."""

    A: Sparse  # type: ignore[assignment]

    @cached_property
    def _columns(self) -> tuple[Float64Array, Float64Array]:
        return np.empty((0, self.n)), np.ascontiguousarray(self.Y.T)

    def _logits_of_one(self, theta: Float64Array) -> Float64Array:
        return self.A.dot(theta).T

    def _weighted_sum(self, residuals: Float64Array) -> Float64Array:
        return self.A.T.dot((residuals * self.sample_shares).T)

    def preconditioner(self, P: Float64Array) -> Product:
        """Return the product with the inverse of a diagonal: that of ``A^T diag(w) A + l2``, w as in `limited_memory`."""
        curvature = (1.0 - np.einsum("kn,kn->n", P, P)) / max(1, len(P) - 1) * self.sample_shares
        diagonal = replace(self.A, data=self.A.data**2).T.dot(curvature[:, np.newaxis])
        diagonal[:-1] += self.l2
        diagonal += 1e-300
        return lambda gradient: gradient / diagonal


@dataclass(frozen=True, eq=False)
class TextModel:
    """A trained model.

    Parameters
    ----------
    vocabulary : Vocabulary
    weighting : {"counts", "tf_idf"}
    W, b : ndarray, shapes (m, K) and (K,)
    converged : bool
        Whether the search for the least loss ended by itself.
    """

    vocabulary: Vocabulary
    weighting: str
    W: Float64Array
    b: Float64Array
    converged: bool

    def logits(self, texts: Iterable[Tokens]) -> Float64Array:
        """Return the logits of texts given as tokens, shape (n, K)."""
        product: Float64Array = self.vocabulary.features(texts, self.weighting).dot(self.W) + self.b
        return product

    def probabilities(self, texts: Iterable[Tokens]) -> Float64Array:
        """Return the probabilities of texts given as tokens, shape (n, K)."""
        return np.asarray(softmax(self.logits(texts)), dtype=np.float64)


def train_on_texts(
    corpus: Corpus,
    config: TextConfig,
    places: IntArray | None = None,
    watch: Watch = unwatched,
) -> TextModel:
    """Find the weights with the least loss on texts of a corpus, by L-BFGS from zero weights.

    Parameters
    ----------
    corpus : Corpus
    config : TextConfig
    places : ndarray of int, optional
        Which texts; all that are for training if not given. The vocabulary comes from these alone.
    watch : callable
        Told how far the search is; False ends it.

    Raises
    ------
    ValueError
        If there is no text.

    Examples
    --------
    >>> labels = np.array([0, 1, 0])
    >>> reviews = Corpus("", ("bad", "good", "bad food"), labels, np.zeros(3, bool), ("-", "+"))
    >>> model = train_on_texts(reviews, TextConfig(l2=0.1))
    >>> model.vocabulary.words, model.probabilities([["good"]])[0].argmax()
    (('bad', 'food', 'good'), np.int64(1))
    """
    places = corpus.train if places is None else places
    if not len(places):
        raise ValueError("a mean needs at least one text, received none")
    words = vocabulary(corpus.tokens(places), config.min_texts, config.most_words)
    features = words.features(corpus.tokens(places), config.weighting)
    y, K, smoothing = corpus.y[places], corpus.n_classes, config.smoothing
    Y = (1.0 - smoothing) * np.eye(K)[y] + smoothing / K
    loss = SparseObjective(features.with_ones(), Y, y, smoothing, l2=config.l2)
    with np.errstate(all="ignore"):
        theta, _losses, converged = descend(
            loss, np.zeros(loss.shape), loss.preconditioner, MOST_ITERATIONS, TOLERANCE, watch
        )
    return TextModel(words, config.weighting, theta[:-1], theta[-1], converged)


def try_out(
    corpus: Corpus, trials: Sequence[tuple[TextConfig, int]], watch: Watch = unwatched
) -> Float64Array:
    """Train on the first texts of a corpus with each of some settings.

    Parameters
    ----------
    corpus : Corpus
    trials : sequence of (TextConfig, int)
        The settings, and on how many texts.
    watch : callable
        Told (trials done, trials); where it says False the rest is left out.

    Returns
    -------
    ndarray, shape (trials done, 3)
        The accuracy on the texts trained on and on the held-out ones, and the mean of the largest p on the latter.
    """
    rows: list[list[float]] = []
    for done, (config, n) in enumerate(trials):
        texts = corpus.train[:n]
        model = train_on_texts(corpus, config, texts, lambda *_, done=done: watch(done, len(trials)))
        if not watch(done, len(trials)):
            break
        P = model.probabilities(corpus.tokens(corpus.test))
        confidence = float(P.max(axis=1).mean()) if len(P) else float("nan")
        rows.append([*(share_right(model, corpus, part) for part in (texts, corpus.test)), confidence])
    return np.array(rows).reshape(-1, 3)


def learning_sizes(corpus: Corpus) -> list[int]:
    """Return at most eight numbers of texts to train on, each twice the one before, up to all.

    Examples
    --------
    >>> from softmax_core.text import sentiment
    >>> learning_sizes(sentiment("en"))
    [7, 15, 31, 63, 126, 252]
    """
    n = len(corpus.train)
    return [part for part in (n >> i for i in reversed(range(8))) if part >= 2 * corpus.n_classes] or [n]


def share_right(model: TextModel, corpus: Corpus, places: IntArray) -> float:
    """Return the accuracy on texts of a corpus; nan without texts."""
    if not len(places):
        return float("nan")
    return float((model.logits(corpus.tokens(places)).argmax(axis=1) == corpus.y[places]).mean())
