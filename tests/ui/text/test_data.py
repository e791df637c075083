"""A learner's table of texts: read, refused with row and column, written and read again."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.text import sentiment
from ui.text.data import as_csv, read_corpus
from ui.widgets.cells import TableError, sentence, sentences


def test_the_columns_are_found_by_their_names_or_by_what_they_hold() -> None:
    rows = [("so very good", "+"), ("so very bad", "-"), ("good again", "+"), ("bad again", "-")]
    named = "n,label,text\n" + "".join(f"{i},{label},{text}\n" for i, (text, label) in enumerate(rows))
    nameless = "".join(f"{text}\t{label}\n" for text, label in rows)
    other_names = "Review;Mood\n" + "".join(f"{text};{label}\n" for text, label in rows)
    for source in (named, nameless, other_names.encode("utf-16")):
        corpus = read_corpus(source)
        assert corpus.texts == tuple(text for text, _label in rows)
        assert [corpus.class_names[k] for k in corpus.y] == [label for _text, label in rows]
        assert corpus.class_names == ("+", "-")
        assert corpus.is_test.sum() == 2  # of two texts of a class one is for training


def test_markup_and_lines_are_data() -> None:
    corpus = read_corpus('text,label\n"<b>bold</b>,\nso",<i>\n"=1+1",b\n')
    assert corpus.texts == ("<b>bold</b>,\nso", "=1+1")
    assert corpus.class_names == ("<i>", "b")


@pytest.mark.parametrize(
    ("source", "code", "fields"),
    [
        ("text,label\na,1\n,2\nc,1\n", "missing", {"row": 3, "column": "text", "count": 1}),
        ("text,label\na,1\nb,\nc,\n", "missing", {"row": 3, "column": "label", "count": 2}),
        ("text,label\na,1\nb,1\n", "few_classes", {"column": "label", "count": 1}),
        (
            "text,label\n" + "".join(f"a{i},{i}\n" for i in range(11)),
            "many_classes",
            {"column": "label", "count": 11},
        ),
        ("text,label\na,1,x\n", "ragged", {"row": 2}),
        ("text,label\n", "no_rows", {}),
        ("text,label\n" + "a,1\nb,2\n" * 10_001, "too_many_rows", {"received": 20_002, "limit": 20_000}),
        ("only one column\n", "not_a_table", {"row": 1}),
        ("\nso good,\nso bad,\n", "not_a_table", {"row": 2}),
        ("", "empty", {}),
        (b"a" * (5 * 2**20 + 1), "too_large", {}),
        ('text,label\n"a,1\n', "quotes", {}),
    ],
)
def test_faults_name_row_and_column(source: str | bytes, code: str, fields: dict[str, object]) -> None:
    with pytest.raises(TableError) as caught:
        read_corpus(source)
    assert caught.value.code == code
    assert caught.value.fields.items() >= fields.items()
    assert code in sentences()
    assert sentence(caught.value)


def test_what_is_written_is_read_again() -> None:
    for code in ("en", "zh"):
        corpus = sentiment(code)
        again = read_corpus(as_csv(corpus))
        assert (again.texts, again.class_names) == (corpus.texts, corpus.class_names)
        np.testing.assert_array_equal(again.y, corpus.y)
        np.testing.assert_array_equal(again.is_test, corpus.is_test)
        assert read_corpus(as_csv(again)).name == again.name


def test_an_apostrophe_before_a_formula_is_written_and_read_again() -> None:
    source = "text,label\n=1+1,'+\n'=x,+\n''=y,-\n'''@z,''-\n'tis,+\n"
    corpus = read_corpus(source)
    assert corpus.texts == ("=1+1", "=x", "'=y", "''@z", "'tis")
    assert corpus.class_names == ("'-", "+", "-")
    again = read_corpus(as_csv(corpus))
    assert (again.texts, again.class_names, again.name) == (corpus.texts, corpus.class_names, corpus.name)


def test_whatever_is_not_for_testing_is_for_training() -> None:
    text = "text,label,split\na b,x,train\nc d,x,Test\ne f,y,val\ng h,y,train\n"
    assert read_corpus(text).is_test.tolist() == [False, True, False, False]


def test_a_split_that_leaves_a_class_without_training_is_not_taken() -> None:
    text = "text,label,split\na b,x,train\nc d,x,test\ne f,y,test\ng h,y,test\n"
    assert read_corpus(text).is_test.tolist() != [False, True, True, True]
    assert read_corpus(text.replace("e f,y,test", "e f,y,train")).is_test.tolist() == [
        False,
        True,
        False,
        True,
    ]
