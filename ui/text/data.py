"""The choice of a corpus: the two that ship, or a table of texts and labels that the learner brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from locales import _, among
from softmax_core.datasets.dataset import MAX_CLASSES, MIN_CLASSES, held_back
from softmax_core.text import SHIPPED, Corpus, sentiment
from ui.frame import kept, sharing
from ui.widgets import controls
from ui.widgets.cells import (
    TableError,
    check_classes,
    check_rows,
    choose_file,
    chosen_file,
    no_formula,
    read_rows,
    sentence,
)
from ui.widgets.own import Own, load_own, say_in_link, store_own

MOST_ROWS = 20_000
TEST_SHARE = 0.3
PARAMETER = "text_own"
_FILE, _FAULT, _LAST = "text_file", "_text_fault", "_text_last"


def choose() -> Corpus:
    """Show the choice; return the chosen corpus, or the one before it while there is none."""
    # A reader begins with sentences in their language; a link that says anything of the page is about English ones, if it names no others.
    here = among(SHIPPED)
    if not sharing.brings_any(("text_",)):
        st.session_state.setdefault("text_corpus", here)
    names = {"en": _("English sentences"), "zh": _("Chinese sentences"), "own": _("Your own")}
    code = controls.segmented("text_corpus", _("Sentences"), names, "en", label_visible=False)
    sharing.publish("text_corpus", None if code == here == "en" else code, (_("Sentences"), names[code]))
    instead = _("Your own texts are not in the link. Send their file too: the page of the link asks for it.")
    say_in_link(PARAMETER, code == "own", instead)
    before: Corpus = st.session_state.get(_LAST) or sentiment(here)
    corpus = st.session_state[_LAST] = (_own() or before) if code == "own" else sentiment(code)
    return corpus


def _own() -> Corpus | None:
    kept.promise(
        _("Only this browser keeps them."),
        before=_("A column with texts and one with labels, 2 to 10 classes, at most 20,000 rows."),
    )
    file = choose_file(_FILE, _take)
    fault: TableError | None = st.session_state.get(_FAULT) if file else None
    if fault:
        st.error(sentence(fault))
    own = load_own(PARAMETER, read_corpus, _("own texts"))
    if fault or own is None:
        st.caption(_("The board keeps the sentences that it shows."))
    if own is not None and own.text is None:
        st.caption(
            _("These texts are too many for this browser to keep. After a reload, choose their file again.")
        )
    return None if own is None else own.data


def _take() -> None:
    """Read the file that was just chosen; what was brought before stays where it cannot be used."""
    file, st.session_state[_FAULT] = chosen_file(_FILE), None
    if file is not None:
        try:
            corpus = read_corpus(file.getvalue())
        except TableError as error:
            st.session_state[_FAULT] = error
        else:
            text = as_csv(corpus)
            store_own(PARAMETER, Own(corpus, text if len(text) <= kept.LONGEST else None))


def read_corpus(source: bytes | str) -> Corpus:
    r"""Read a table of texts and labels, and of what is for testing where a column ``split`` says "train" or "test".

    The columns are those called ``text`` and ``label``; else the longest cells are the texts, and the first other column
    with 2 to 10 different values holds the labels. A column called ``split`` says ``test`` of the texts to hold back, all
    others are for training; where it holds back none, or all of a class, 30 % of every class are held back.

    Raises
    ------
    TableError
        As `read_rows`; ``no_rows``, ``too_many_rows``, ``missing``, ``few_classes``, ``many_classes``.

    Examples
    --------
    >>> corpus = read_corpus("text,label\nso good,+\nso bad,-\n")
    >>> corpus.texts, corpus.class_names, corpus.y.tolist()
    (('so good', 'so bad'), ('+', '-'), [0, 1])
    """
    frame = read_rows(source)[0]
    head = [cell.lower() for cell in frame.iloc[0]]
    has_names = {"text", "label"} <= set(head)
    if has_names:
        text, label = head.index("text"), head.index("label")
    else:
        text = int(np.argmax([frame[at].str.len().sum() for at in frame]))
        others = [at for at in frame if at != text]
        fits = (at for at in others if MIN_CLASSES <= frame[at].iloc[1:].nunique() <= MAX_CLASSES)
        label = next(fits, others[0])
        has_names = frame[label].iloc[0] not in set(frame[label].iloc[1:])
    name = {at: frame[at].iloc[0] if has_names else str(at + 1) for at in frame}
    rows = frame.iloc[1:] if has_names else frame
    check_rows(rows, MOST_ROWS)
    missing = rows[[text, label]] == ""
    is_bad = missing.any(axis=1)
    if is_bad.any():
        row = is_bad.idxmax()
        column = name[missing.loc[row].idxmax()]
        raise TableError("missing", row=int(row), column=column, value="", count=int(is_bad.sum()))
    classes = tuple(sorted(set(rows[label])))
    check_classes(name[label], len(classes))
    texts, y = tuple(rows[text]), np.array([classes.index(one) for one in rows[label]])
    sides = rows[head.index("split")].tolist() if has_names and "split" in head else []
    is_test = np.array([side.strip().lower() == "test" for side in sides], dtype=bool)
    if not is_test.any() or len(set(y[~is_test])) < len(classes):  # each class needs a text for training
        is_test = held_back(y, TEST_SHARE)
    name_of_all = kept.name_of("\0".join((*texts, *rows[label], str(is_test.tolist()))))
    return Corpus(name_of_all, texts, y, is_test, classes)


def as_csv(corpus: Corpus) -> str:
    """Write a corpus as a table that `read_corpus` reads."""
    texts = [no_formula(text) for text in corpus.texts]
    labels = [no_formula(corpus.class_names[k]) for k in corpus.y]
    sides = np.where(corpus.is_test, "test", "train")
    table = pd.DataFrame({"text": texts, "label": labels, "split": sides}, dtype=object)
    return str(table.to_csv(index=False, lineterminator="\n"))


def class_names(corpus: Corpus) -> list[str]:
    """Return the names of the classes, those of the sentences that ship in the reader's language."""
    if not corpus.ships:
        return list(corpus.class_names)
    return [_("negative"), _("neutral"), _("positive")]


def about_pairs(corpus: Corpus) -> str:
    """Return what a word is in the Chinese sentences; "" for other corpora."""
    told = _("Each pair of neighbouring characters counts as a word, even across two words.")
    return told if corpus.name == "zh" else ""
