"""The challenges of the Text page: each answer against an independent calculation, each goal in and out of reach, in both languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from instruments.text_board import TextState
from softmax_core.text import sentiment, tokenise
from ui.frame import language
from ui.text.board import EXAMPLES
from ui.text.challenges import CHALLENGES, HARSH, NEGATIVE, SWAPPED, UNKNOWN, Seen
from ui.text.training import STANDARD, trained

SURE = {"en": "Wonderful, excellent, beautiful!", "zh": "不错，特别，真好。"}
DECIDES = {"en": 6, "zh": 5}  # the place of the word whose loss changes the winner


@pytest.fixture(params=["en", "zh"])
def code(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, speak) -> str:
    monkeypatch.setattr(language, "current", lambda: request.param)
    speak(request.param)
    return request.param


@pytest.fixture
def oracle(code: str):
    """Scikit-learn's pipeline on the same sentences: from a sentence to probabilities, and the model's accuracy."""
    corpus = sentiment(code)
    texts = np.array(corpus.texts)
    counter = CountVectorizer(tokenizer=tokenise, token_pattern=None).fit(texts[~corpus.is_test])
    X, y = counter.transform(texts[~corpus.is_test]), corpus.y[~corpus.is_test]
    model = LogisticRegression(C=1 / (STANDARD.l2 * len(y)), tol=1e-8, max_iter=10_000).fit(X, y)
    accuracy = model.score(counter.transform(texts[corpus.is_test]), corpus.y[corpus.is_test])
    return lambda text: model.predict_proba(counter.transform([text]))[0], accuracy


def tasks() -> dict:
    return {task.code: task for task in CHALLENGES.table()}


def seen(code: str, text: str, out: tuple[int, ...] = (), **settings: float) -> Seen:
    return Seen(TextState(text, 0, out), trained(sentiment(code), replace(STANDARD, **settings)))


def test_the_answers_are_those_of_scikit_learn(code: str, oracle) -> None:
    probabilities, accuracy = oracle
    before, after = (probabilities(text)[NEGATIVE] for text in SWAPPED[code])
    assert abs(before - after) < 1e-12
    assert tasks()["order"].truth() == 1
    p = probabilities(UNKNOWN[code])
    assert np.ptp(p) > 0.1
    assert tasks()["unknown"].truth() == 1 + p.argmax()
    assert tasks()["accuracy"].truth() == pytest.approx(100 * accuracy)


def test_two_sentences_with_the_same_words_mean_different_things(code: str) -> None:
    before, after = SWAPPED[code]
    assert before != after
    assert sorted(tokenise(before)) == sorted(tokenise(after))


def test_one_word_changes_the_winner(code: str, oracle) -> None:
    goal, text = tasks()["flip"], EXAMPLES[code]
    assert goal.reached(seen(code, text)) is False
    assert "**" in str(goal.reached(seen(code, text, (0,)))), "which class still wins"
    assert goal.reached(seen(code, text, (DECIDES[code],))) is True
    left = list(dict.fromkeys(tokenise(text)))[DECIDES[code]]
    rest = "，".join(word for word in tokenise(text) if word != left)
    assert oracle[0](rest).argmax() != oracle[0](text).argmax()
    assert isinstance(goal.reached(seen(code, text, (0, DECIDES[code]))), str)
    assert isinstance(goal.reached(seen(code, "good")), str)
    assert isinstance(goal.reached(seen(code, text, (DECIDES[code],), l2=0.01)), str)


def test_three_words_are_enough(code: str) -> None:
    goal = tasks()["sure"]
    assert not goal.reached(seen(code, UNKNOWN[code]))
    assert goal.reached(seen(code, SURE[code]))
    assert isinstance(goal.reached(seen(code, f"{SURE[code]} ok ok")), str)
    assert not goal.reached(seen(code, SURE[code], l2=0.01)), "another model"


def test_smoothing_or_a_penalty_humbles(code: str) -> None:
    goal = tasks()["humble"]
    assert not goal.reached(seen(code, HARSH[code]))
    assert goal.reached(seen(code, HARSH[code], smoothing=0.3)) is True
    assert goal.reached(seen(code, HARSH[code], l2=0.1)) is True
    assert isinstance(goal.reached(seen(code, SURE[code], l2=0.1)), str)
    humble = seen(code, HARSH[code], l2=0.1)
    other_label = Seen(replace(humble.state, target=2), humble.run)
    assert goal.reached(other_label) is True, "the class that is taken for true changes no p"
    own = replace(humble.run, corpus=replace(humble.run.corpus, name="own"))
    assert isinstance(goal.reached(Seen(humble.state, own)), str), "another corpus"
    if code == "en":
        assert isinstance(goal.reached(seen(code, HARSH[code], l2=1.0)), str)


def test_the_sentence_of_the_page_is_a_state(code: str) -> None:
    for text in (*SWAPPED[code], UNKNOWN[code], HARSH[code], EXAMPLES[code]):
        assert TextState(text).text == text
