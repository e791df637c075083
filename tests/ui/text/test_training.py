"""Models of the Text page: in the background where they take longer than a moment, and stopped."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from softmax_core.datasets import held_back
from softmax_core.text import Corpus, sentiment
from ui.text import training
from ui.text.training import STANDARD
from ui.widgets import waiting
from ui.widgets.jobs import Pending


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    kept: dict[str, object] = {}
    monkeypatch.setattr(waiting, "st", SimpleNamespace(session_state=kept))
    return kept


def own(n: int, words: int) -> Corpus:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 4, n)
    names = [f"w{i}" for i in range(words)]
    texts = tuple(" ".join(names[i] for i in rng.integers(0, words, 30)) for _text in range(n))
    return Corpus(f"own {n}", texts, y, held_back(y, 0.3), tuple("abcd"))


def test_a_long_training_goes_on_and_can_be_stopped(session: dict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    corpus, config = own(3000, 4500), replace(STANDARD, l2=1e-7)
    with pytest.raises(Pending) as pending:
        training.trained(corpus, config)
    job = pending.value.job
    deadline = time.monotonic() + 60
    while job.done < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    job.stop()
    assert job.finished(60)
    run = training.trained(corpus, config)
    assert not run.model.converged
    assert run.P.shape == (len(corpus.test), 4)
    with pytest.raises(Pending):  # other settings are other work
        training.trained(corpus, replace(config, l2=1e-6))


def test_what_ships_is_trained_once_for_all(session: dict) -> None:
    corpus = sentiment("en")
    run = training.trained(corpus, STANDARD)
    assert training.trained(corpus, replace(STANDARD)) is run
    assert not session
    n = len(corpus.train)
    rows = training.tried_out("sizes", corpus, [(STANDARD, n // 2), (STANDARD, n)])
    assert len(rows) == 2
    assert rows[-1, 1] == run.test_accuracy
    trials = [(replace(STANDARD, l2=l2), n) for l2 in training.PENALTIES]
    rows = training.tried_out("penalties", corpus, trials)
    assert rows[training.PENALTIES.index(STANDARD.l2), 1] == run.test_accuracy
    assert (np.diff(rows[:, 2]) < 0).all()  # a larger penalty makes less sure
    W = run.model.W - run.model.W.mean(axis=1, keepdims=True)
    for k in range(3):
        assert W[run.top_words[0, k], k] == W[:, k].max()
