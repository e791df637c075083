"""Training on the Text page: its settings, the model that belongs to them, and trials of other settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from locales import _
from softmax_core.text import (
    Corpus,
    TextConfig,
    TextModel,
    learning_sizes,
    share_right,
    train_on_texts,
    try_out,
)
from softmax_core.training import Watch
from softmax_core.validation import Float64Array
from ui.widgets import controls
from ui.widgets.show import rate_text
from ui.widgets.waiting import worked_out

PENALTIES = [0.0001, 0.001, 0.01, 0.1, 1.0]
SMOOTHINGS = [0.0, 0.05, 0.1, 0.2, 0.3]
LONGEST = 300
"""Seconds of a processor that a training may take."""
STANDARD = TextConfig()
TOP_WORDS = 8


def settings() -> TextConfig:
    """Show the settings; return those chosen."""
    weightings = {"counts": _("word counts"), "tf_idf": "tf-idf"}
    weighting = controls.segmented("text_weighting", _("Features"), weightings, STANDARD.weighting)
    left, right = st.columns(2, gap="small")
    with left:
        l2 = controls.select_slider("text_l2", _("L2 penalty"), PENALTIES, STANDARD.l2, format_func=rate_text)
    with right:
        smoothing = controls.select_slider(
            "text_smoothing", _("Label smoothing"), SMOOTHINGS, 0.0, format_func=rate_text
        )
    rare = controls.slider("text_rare", _("Drop words in fewer sentences than"), 1, 5, 1, 1)
    return TextConfig(weighting, l2, smoothing, rare)


@dataclass(frozen=True, eq=False)
class Trained:
    """A model, its accuracies, and its probabilities (n, K) for the test sentences."""

    corpus: Corpus
    config: TextConfig
    model: TextModel
    P: Float64Array
    train_accuracy: float
    test_accuracy: float

    @cached_property
    def top_words(self) -> npt.NDArray[np.intp]:
        """The places of the words with the largest weights of each class, beside those of the others, (`TOP_WORDS`, K)."""
        W = self.model.W  # what all classes share moves no probability
        return np.argsort(W.mean(axis=1, keepdims=True) - W, axis=0, kind="stable")[:TOP_WORDS]


def trained(corpus: Corpus, config: TextConfig) -> Trained:
    """Return the model with these settings; raises `ui.widgets.jobs.Pending` while it is trained."""
    result: Trained = _result("model", corpus, config, lambda watch: _train(corpus, config, watch))
    return result


def _train(corpus: Corpus, config: TextConfig, watch: Watch) -> Trained:
    model = train_on_texts(corpus, config, watch=watch)
    shares = [share_right(model, corpus, part) for part in (corpus.train, corpus.test)]
    return Trained(
        corpus, config, model, model.probabilities(corpus.tokens(corpus.test)), shares[0], shares[1]
    )


def by_sizes(corpus: Corpus, config: TextConfig) -> tuple[list[int], Float64Array]:
    """Return numbers of sentences, and for each what `try_out` says of a training on so many; raises as `model_of`."""
    sizes = learning_sizes(corpus)
    return sizes, _trials("sizes", corpus, config, [(config, n) for n in sizes])


def by_penalties(corpus: Corpus, config: TextConfig) -> Float64Array:
    """Return for each of `PENALTIES` what `try_out` says of it; raises as `model_of`."""
    trials = [(replace(config, l2=l2), len(corpus.train)) for l2 in PENALTIES]
    return _trials("penalties", corpus, replace(config, l2=STANDARD.l2), trials)


def _trials(
    what: str, corpus: Corpus, config: TextConfig, trials: Sequence[tuple[TextConfig, int]]
) -> Float64Array:
    rows: Float64Array = _result(what, corpus, config, lambda watch: try_out(corpus, trials, watch))
    return rows


def _result(what: str, corpus: Corpus, config: TextConfig, work: Callable[[Watch], Any]) -> Any:
    """Return what is worked out once for all readers of a corpus that ships, and in a job for the learner's own."""
    if corpus.name in ("en", "zh"):
        return _shared(what, corpus.name, repr(config), work)
    return worked_out(f"_text_{what}", f"{corpus.name} {config}", work, LONGEST)


@st.cache_resource(max_entries=64, show_spinner=False)
def _shared(what: str, corpus: str, config: str, _work: Callable[[Watch], Any]) -> Any:
    return _work(lambda _done, _steps: True)
