"""The numbers of the error about what a model is tested on, against scikit-learn."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from softmax_core.text import TextConfig, sentiment, tokenise
from ui.slips.text import SIZES, accuracies


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_training_set_praises_whatever_was_learned(code):
    corpus, shares = sentiment(code), accuracies(code)
    texts = np.array(corpus.texts)
    for n, (train, test) in zip(SIZES, shares, strict=True):
        seen = corpus.train[:n]
        counter = CountVectorizer(tokenizer=tokenise, token_pattern=None)
        model = LogisticRegression(C=1 / (TextConfig().l2 * n), tol=1e-8, max_iter=10_000)
        X = counter.fit_transform(texts[seen])
        model.fit(X, corpus.y[seen])
        assert train == model.score(X, corpus.y[seen])
        assert test == model.score(counter.transform(texts[corpus.test]), corpus.y[corpus.test])
    assert (shares[:, 0] > 0.98).all()
    assert shares[0, 1] < 0.5
