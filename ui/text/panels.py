"""The panels of the Text page: the words of each class, mistakes, the learning curve, and what L2 and smoothing do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from charts.diagnostics import class_accuracy_bars, confusion_heatmap
from charts.figure import Figure
from charts.runs import accuracy_chart
from locales import _, joined
from softmax_core.metrics import accuracy_per_class, confident_mistakes, confusion_matrix
from softmax_core.text import TextConfig, learning_sizes
from softmax_core.validation import Float64Array
from ui import escape
from ui.slips.links import slip_link
from ui.text import training
from ui.text.data import about_pairs, class_names
from ui.text.training import Trained
from ui.widgets.show import chart, class_mark, is_dark, number, percent, rate_text, table

MOST_MISTAKES, LOW = 8, 250
SCIKIT_LEARN = {
    ("en", "counts"): 0.7593,
    ("en", "tf_idf"): 0.7407,
    ("zh", "counts"): 0.7500,
    ("zh", "tf_idf"): 0.7778,
}
"""The accuracy of its LogisticRegression on the test sentences, by corpus and features, at the standard settings."""
SURPRISE = ("en", "enjoy", "I did not enjoy a single scene.")
"""A corpus, a word in it with a weight that surprises, and a sentence that says why."""


def words(run: Trained) -> None:
    """The words with the largest weights of each class."""
    names, model = class_names(run.corpus), run.model
    known = model.vocabulary.words
    W = model.W - model.W.mean(axis=1, keepdims=True)
    rows = [
        [
            str(rank),
            *(f"{escape.html(known[i])} <small>{number(W[i, k], 2)}</small>" for k, i in enumerate(row)),
        ]
        for rank, row in enumerate(run.top_words, 1)
    ]
    table(["", *(class_mark(k, name) for k, name in enumerate(names))], rows)
    told = [
        _("The words with the largest weights. Words in the vocabulary: {all}, from {texts} training sentences.").format(
            all=f"{len(known):,}", texts=f"{model.vocabulary.n_texts:,}"
        )
    ]  # fmt: skip
    if model.vocabulary.n_frequent > len(known):
        told.append(
            _("Of {found} words the {most} that stand in the most sentences count.").format(
                found=f"{model.vocabulary.n_frequent:,}", most=f"{len(known):,}"
            )
        )
    told.append(_("The model does not know what a word means, only in which sentences it stood."))
    code, word, sentence = SURPRISE
    if run.corpus.name == code and word in known:
        told.append(_("“{word}”, for instance, stood in “{sentence}”").format(word=word, sentence=sentence))
    st.caption(joined(*told, about_pairs(run.corpus)))


def share_right_of(run: Trained) -> str:
    """Return the sentence that stands below the settings too."""
    if not len(run.corpus.test):
        return _("No sentence is held back for testing: each class has only one.")
    share, count = percent(run.test_accuracy), f"{len(run.corpus.test):,}"
    return _("Right on the test sentences: **{share}** of {count}.").format(share=share, count=count)


def accuracy(run: Trained) -> None:
    """Accuracy, confusion matrix, and the surest mistakes on the sentences that were held back."""
    corpus, P = run.corpus, run.P
    names, y = class_names(corpus), corpus.y[corpus.test]
    text = share_right_of(run)
    if not len(y):
        st.markdown(text)
        return
    guess = P.argmax(axis=1)
    counts = confusion_matrix(y, guess, corpus.n_classes)
    told = [text, _("On the training sentences: {train}. Guessing gives {guess}.").format(
        train=percent(run.train_accuracy), guess=percent(1 / corpus.n_classes)
    )]  # fmt: skip
    told.append(_of_scikit_learn(run))
    if not run.model.converged:
        told.append(_("The training was stopped before its end."))
    st.markdown(joined(*told))
    left, right = st.columns(2)
    with left:
        figure = confusion_heatmap(counts, names, is_dark()).update_layout(height=LOW)
        chart(figure, key="text_confusion", alt=_("Confusion matrix of the test sentences"))
    with right:
        bars = class_accuracy_bars(accuracy_per_class(counts), counts.sum(axis=1), names, is_dark())
        chart(bars.update_layout(height=LOW), key="text_classes", alt=_("Accuracy per class"))
    slip_link("training_set")
    rows = [
        [escape.html(corpus.texts[corpus.test[i]][:200]), class_mark(int(y[i]), names[y[i]]),
         f"{class_mark(int(guess[i]), names[guess[i]])} {percent(P[i, guess[i]])}"]
        for i in confident_mistakes(P, y)[:MOST_MISTAKES]
    ]  # fmt: skip
    table([_("The surest mistakes"), _("true"), _("predicted")], rows)


def _of_scikit_learn(run: Trained) -> str:
    """Return what scikit-learn makes of the same sentences; "" where nobody has compared."""
    corpus, config = run.corpus, run.config
    share = SCIKIT_LEARN.get((corpus.name, config.weighting))
    if share is None or config.smoothing:  # which scikit-learn does not have
        return ""
    if replace(config, weighting=training.STANDARD.weighting) == training.STANDARD:
        told = _(
            "scikit-learn's LogisticRegression on the same features: **{share}**. It finds the same optimum."
        )
        return told.format(share=percent(share))
    return _(
        "scikit-learn's LogisticRegression on the same features finds the same optimum and so the same accuracy."
    )


def curve(run: Trained) -> None:
    """Accuracy by the number of sentences to train on."""
    sizes = learning_sizes(run.corpus)
    rows = _tried_out("sizes", run, [(run.config, n) for n in sizes])
    if not len(rows):
        return
    series = {_("training"): rows[:, 0], _("test"): rows[:, 1]}
    figure = _over([f"{n:,}" for n in sizes[: len(rows)]], _("training sentences"), series)
    chart(figure, key="text_curve", alt=_("Accuracy by the number of training sentences"))
    st.caption(
        _(
            "Each point is a model of its own, trained on the first so many sentences. More sentences bring more words to know."
        )
    )


def penalties(run: Trained) -> None:
    """Accuracy and mean confidence by the L2 penalty, with the smoothing as it is set."""
    n = len(run.corpus.train)
    trials = [(replace(run.config, l2=l2), n) for l2 in training.PENALTIES]
    rows = _tried_out("penalties", run, trials)
    if not len(rows):
        return
    series = {_("training accuracy"): rows[:, 0], _("test accuracy"): rows[:, 1], _("mean of the largest p"): rows[:, 2]}  # fmt: skip
    names = [rate_text(l2) for l2 in training.PENALTIES[: len(rows)]]
    now = training.PENALTIES.index(run.config.l2)
    figure = _over(names, _("L2 penalty"), series, now if now < len(rows) else None)
    chart(figure, key="text_penalties", alt=_("Accuracy by the L2 penalty"))
    st.caption(
        _("L2 pulls all weights towards 0, and so every p towards 1/K. Label smoothing (now {eps}) asks for a little less than certainty: each target is 1 − ε + ε/K, and ε/K for the others.").format(
            eps=rate_text(run.config.smoothing)
        )
    )  # fmt: skip


def _tried_out(what: str, run: Trained, trials: list[tuple[TextConfig, int]]) -> Float64Array:
    """Return what trials say; where the reader has stopped them, those that were done, and a way to do all."""
    rows = training.tried_out(what, run.corpus, trials)
    if len(rows) < len(trials):
        st.caption(_("Stopped: {n} of {all} points are there.").format(n=len(rows), all=len(trials)))
        st.button(_("Compute all"), key="text_again", on_click=training.forget, args=(what,))
    return rows


def _over(
    places: list[str], title: str, series: Mapping[str, Float64Array], mark: int | None = None
) -> Figure:
    """Return the chart of shares at equally spaced places with names of their own."""
    figure = accuracy_chart(series, mark, is_dark())
    figure.update_xaxes(tickmode="array", tickvals=list(range(len(places))), ticktext=places, title_text=title, unifiedhovertitle={"text": f"{title} %{{x}}"})  # fmt: skip
    return figure.update_layout(height=LOW)
