"""The text board as the lesson uses it: with the words of a model, in the reader's language, restored from the URL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from charts.style import CLASS_COLORS
from instruments.shared.values import packed
from instruments.text_board import MOST_LETTERS, TextState, boards
from locales import _, joined
from softmax_core.text import Corpus, TextModel, tokenise
from softmax_core.validation import Float64Array
from ui.frame import sharing
from ui.text.data import about_pairs, class_names
from ui.text.training import STANDARD, Trained
from ui.widgets.boards import Part, state_from_link

KEY, _OF = "text_board", "_text_board_of"
PARAMETERS = [f"{KEY}_{name}" for name in ("text", "target", "out")]
MOST_EXAMPLES = 40
EXAMPLES = {"en": "The room was lovely, but the breakfast was awful.", "zh": "味道不错，服务很差。"}


def standard(corpus: Corpus) -> TextState:
    """Return what the board shows first: a sentence for this page, or the first that was held back."""
    if corpus.name in EXAMPLES:
        return TextState(EXAMPLES[corpus.name])
    text, k = examples(corpus)[0]
    return TextState(text.rstrip(), k)


def examples(corpus: Corpus) -> list[tuple[str, int]]:
    """Return sentences with their classes, of those that were held back where there are any."""
    places = corpus.test if len(corpus.test) else corpus.train
    return [(corpus.texts[i][:MOST_LETTERS], int(corpus.y[i])) for i in places[:MOST_EXAMPLES]]


def from_link(corpus: Corpus) -> TextState:
    """Return the board that the link describes; each part that cannot be read falls back with a note."""
    parts = {
        "text": Part("text", lambda text: "" if text == " " else text, _("sentence"), longest=MOST_LETTERS),
        "target": Part("target", int, _("true class"), on_paper=None),
        "out": Part(
            "out",
            lambda text: tuple(map(int, text.split("~"))),
            _("words left out"),
            longest=2000,
            on_paper=None,
        ),
    }
    return state_from_link(boards, KEY, standard(corpus), parts)


def put(code: str, text: str) -> None:
    """Show a sentence before the model that everybody meets first, from the next run on (for challenges)."""
    values = {
        "corpus": code, "weighting": STANDARD.weighting, "l2": STANDARD.l2, "smoothing": STANDARD.smoothing,
        "rare": STANDARD.min_texts,
    }  # fmt: skip
    st.session_state.update({f"text_{name}": value for name, value in values.items()})
    st.session_state[_OF] = code
    boards.put(KEY, TextState(text))


def board(
    run: Trained, chosen: Corpus, covered: Sequence[str], prediction: Mapping[str, Any] | None
) -> TextState:
    """Mount the board and return what it shows; without the numbers of ``covered`` sentences.

    The page may still show another corpus than the ``chosen`` one, while that is trained or its file is missing.
    """
    corpus, model = run.corpus, run.model
    _follow(corpus, has_come=not corpus.ships and corpus.name == chosen.name)
    return boards.mount(
        KEY, from_link(corpus), standard(corpus), words=model.vocabulary.words,
        weights=packed(model.W, "<f8"), bias=model.b.tolist(),
        idf=packed(model.vocabulary.idf, "<f8") if model.weighting == "tf_idf" else None,
        names=class_names(corpus), colors=CLASS_COLORS, covered=covered, prediction=prediction,
        examples=examples(corpus), labels=_labels(corpus),
    )  # fmt: skip


def _follow(corpus: Corpus, has_come: bool) -> None:
    """Show a sentence of the corpus where the learner has just chosen it, and what a link says once its own texts have come."""
    code = st.session_state["text_corpus"]
    if sharing.brings(*PARAMETERS):
        st.session_state[_OF] = code
    of = st.session_state.setdefault(_OF, corpus.name)
    if of == code == "own":
        if has_come:
            sharing.read_again(*PARAMETERS)
            st.session_state[_OF] = corpus.name
    elif of != corpus.name:
        boards.put(KEY, standard(corpus))
        st.session_state[_OF] = corpus.name


def probabilities(model: TextModel, state: TextState) -> Float64Array:
    """Return the probabilities that the board shows."""
    tokens = tokenise(state.text)
    words = list(dict.fromkeys(tokens))
    left = {words[i] for i in state.out if i < len(words)}
    return np.asarray(model.probabilities([[token for token in tokens if token not in left]])[0])


def _labels(corpus: Corpus) -> dict[str, str]:
    return {
        "board": _("Text board"),
        "sentence": _("The sentence"),
        "placeholder": _("Type a sentence"),
        "words": _("The words of the sentence: a click leaves one out"),
        "table": _("The classes and what the words add to their logits"),
        "class": _("class"),
        "adds": _("what each word adds to z"),
        "bias": _("bias"),
        "another": _("Another sentence"),
        "reset": _("Reset"),
        "choose": _("Make {name} the true class"),
        "loss": _("Loss if the truth is {name}:"),
        "cut": _("That was too long: only the first {count} characters are read."),
        "word": _("{word}: {amounts}"),
        "left_out": _("{word} is left out. A click brings it back."),
        "unknown": _("{word} is not in the vocabulary, so it adds nothing."),
        "empty": _("No words: the biases alone decide."),
        "all_unknown": _("The model knows none of these words: the biases alone decide."),
        "some_unknown": _("Words that the model does not know ({count}) have a dashed rim and add nothing."),
        "hint": joined(
            _("Press a word to leave it out, or point at it to see what it adds. The hatched piece is the bias; the marks above and below show the sum, z."),
            about_pairs(corpus),
        ),
        "leads": _("The largest p: {name}, {p}."),
    }  # fmt: skip
