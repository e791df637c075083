"""What the panels of the Text page say, beside what scikit-learn makes of the same sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from softmax_core.text import sentiment, tokenise
from ui.text import panels
from ui.text.training import PENALTIES, STANDARD, trained

BENCHMARKS = Path(__file__).parents[3] / "docs" / "benchmarks.md"
SAME = (
    "scikit-learn's LogisticRegression on the same features finds the same optimum and so the same accuracy."
)
KINDS = {"counts": CountVectorizer, "tf_idf": TfidfVectorizer}


@pytest.mark.parametrize(("code", "weighting"), panels.SCIKIT_LEARN)
@pytest.mark.parametrize("rare", range(1, 6))
def test_the_accuracy_is_that_of_scikit_learn(code: str, weighting: str, rare: int) -> None:
    """The page says so, whatever the penalty and the words dropped; with the number at the standard settings."""
    corpus = sentiment(code)
    texts = [[corpus.texts[i] for i in part] for part in (corpus.train, corpus.test)]
    counter = KINDS[weighting](tokenizer=tokenise, token_pattern=None, min_df=rare)
    A, B = counter.fit_transform(texts[0]), counter.transform(texts[1])
    for l2 in PENALTIES:
        run = trained(corpus, replace(STANDARD, weighting=weighting, l2=l2, min_texts=rare))
        other = LogisticRegression(C=1 / (l2 * A.shape[0]), tol=1e-8, max_iter=10_000)
        share = other.fit(A, corpus.y[corpus.train]).score(B, corpus.y[corpus.test])
        assert run.test_accuracy == share
        if (l2, rare) == (STANDARD.l2, STANDARD.min_texts):
            assert round(share, 4) == panels.SCIKIT_LEARN[code, weighting]
            shown = f"{100 * share:.1f} %"
            assert panels._of_scikit_learn(run) == (
                f"scikit-learn's LogisticRegression on the same features: **{shown}**. It finds the same optimum."
            )
            assert f"**{shown}**" in panels.share_right_of(run)
            assert shown in BENCHMARKS.read_text(encoding="utf-8")
        else:
            assert panels._of_scikit_learn(run) == SAME


def test_nothing_is_said_of_scikit_learn_where_nobody_has_compared() -> None:
    run = trained(sentiment("en"), replace(STANDARD, smoothing=0.1))
    assert panels._of_scikit_learn(run) == ""
    run = trained(sentiment("en"), STANDARD)
    assert panels._of_scikit_learn(replace(run, corpus=replace(run.corpus, name="own"))) == ""


def test_the_weight_that_surprises_comes_from_such_sentences() -> None:
    code, word, sentence = panels.SURPRISE
    corpus = sentiment(code)
    labels = {corpus.class_names[corpus.y[i]] for i in corpus.train if word in tokenise(corpus.texts[i])}
    assert labels == {"negative"}
    assert sentence in [corpus.texts[i] for i in corpus.train]
    run = trained(corpus, STANDARD)
    assert run.model.vocabulary.places[word] in run.top_words[:, 0]
    told: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panels.st, "caption", told.append)
        patch.setattr(panels, "table", lambda *_table: None)
        panels.words(run)
        panels.words(trained(sentiment("zh"), STANDARD))
    assert ["I did not enjoy a single scene." in text for text in told] == [True, False]
    assert all("only in which sentences it stood" in text for text in told)
