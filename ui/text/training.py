"""Training on the Text page: its settings, the model that belongs to them, and trials of other settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import streamlit as st

from locales import _
from softmax_core.progress import Watch, unwatched
from softmax_core.text import (
    Corpus,
    TextConfig,
    TextModel,
    share_right,
    train_on_texts,
    try_out,
)
from softmax_core.validation import Float64Array
from ui.widgets import controls
from ui.widgets.show import rate_text
from ui.widgets.waiting import worked_out

T = TypeVar("T")
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
    if weighting == "tf_idf":
        st.caption(_("Rare words count more; then the row of each sentence is scaled to length 1."))
    left, right = st.columns(2, gap="small")
    with left:
        l2 = controls.select_slider("text_l2", _("L2 penalty"), PENALTIES, STANDARD.l2, format_func=rate_text)
    with right:
        smoothing = controls.select_slider(
            "text_smoothing", _("Label smoothing"), SMOOTHINGS, STANDARD.smoothing, format_func=rate_text
        )
    rare = controls.slider("text_rare", _("Drop words in fewer sentences than"), 1, 5, STANDARD.min_texts, 1)
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

    @property
    def is_standard(self) -> bool:
        """Whether it is the model that everybody meets first, on sentences that ship."""
        return self.corpus.ships and self.config == STANDARD

    @cached_property
    def top_words(self) -> npt.NDArray[np.intp]:
        """The places of the words with the largest weights of each class, beside those of the others, (`TOP_WORDS`, K)."""
        W = self.model.W  # what all classes share moves no probability
        return np.argsort(W.mean(axis=1, keepdims=True) - W, axis=0, kind="stable")[:TOP_WORDS]


def trained(corpus: Corpus, config: TextConfig) -> Trained:
    """Return the model with these settings; raises `ui.widgets.jobs.Pending` while it is trained."""

    def work(watch: Watch) -> Trained:
        model = train_on_texts(corpus, config, watch=watch)
        P = model.probabilities(corpus.tokens(corpus.test))
        shares = [share_right(model, corpus, part) for part in (corpus.train, corpus.test)]
        return Trained(corpus, config, model, P, *shares)

    return _result("model", corpus, repr(config), work)


def tried_out(what: str, corpus: Corpus, trials: Sequence[tuple[TextConfig, int]]) -> Float64Array:
    """Return what `try_out` says of trials; raises as `trained`. The last ones of each ``what`` are kept."""
    return _result(what, corpus, repr(trials), lambda watch: try_out(corpus, trials, watch))


def forget(what: str) -> None:
    """Forget trials that were stopped, so that they are tried out to their end when they are asked for again."""
    st.session_state.pop(f"_text_{what}", None)


def _result(what: str, corpus: Corpus, name: str, work: Callable[[Watch], T]) -> T:
    """Return what is worked out once for all readers of a corpus that ships, and in a job for the learner's own."""
    if corpus.ships:
        result: T = _shared(corpus.name, name, work)
        return result
    return worked_out(f"_text_{what}", f"{corpus.name} {name}", work, LONGEST)


@st.cache_resource(max_entries=64, show_spinner=False)
def _shared(corpus: str, name: str, _work: Callable[[Watch], T]) -> T:
    return _work(unwatched)
