"""Tables from outside: what is read, what is refused and in which words, and the way back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core.datasets import DATASETS, Dataset, DataSpec, from_points, make
from softmax_core.table import MAX_ROWS, in_order, read_table, write_points
from softmax_core.table_errors import SENTENCES, TableError
from softmax_core.table_text import MAX_BYTES
from softmax_core.training.loop import TrainConfig, train

GOOD = "width,height,kind\n1,2,dog\n3.5,-4e-1,cat\n5,6,dog\n"


def again(data: Dataset) -> Dataset:
    table = read_table(write_points(data).encode())
    x, y, label = table.columns
    return table.dataset(x, y, label)


def fault(call: object, *arguments: object, **settings: object) -> TableError:
    with pytest.raises(TableError) as caught:
        call(*arguments, **settings)
    assert str(caught.value) == SENTENCES[caught.value.code].format(**caught.value.fields)
    return caught.value


@pytest.mark.parametrize("separator", list(",;\t"))
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator: str, ending: str) -> None:
    table = read_table(GOOD.replace(",", separator).replace("\n", ending))
    assert table.columns == ("width", "height", "kind")
    assert table.numeric_columns == ("width", "height")
    assert table.label_columns[0] == "kind"
    assert table.lines == (2, 3, 4)
    data = table.dataset("height", "width", "kind")
    assert_array_equal(data.X, [[2, 1], [-0.4, 3.5], [6, 5]])
    assert_array_equal(data.y, [1, 0, 1])
    assert data.class_names == ("cat", "dog")
    assert data.feature_names == ("height", "width")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_encodings(encoding: str) -> None:
    text = "width,height,类别\n1,2,狗\n3,4,猫\n5,6,狗\n"
    assert read_table(text.encode(encoding)) == read_table(text)
    assert read_table(text.encode(encoding)).columns[2] == "类别"


def test_reads_what_pandas_writes() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        rng.standard_normal((50, 2)) * 10.0 ** rng.integers(-9, 9, (50, 2)), columns=["a", "b"]
    )
    frame["c, d"] = rng.choice(['say "hi"', "two\nlines", "plain"], 50)
    text = frame.to_csv(index=False)
    data = read_table(text).dataset("a", "b", "c, d")
    assert_array_equal(data.X, frame[["a", "b"]].to_numpy())
    assert [data.class_names[k] for k in data.y] == frame["c, d"].tolist()


def test_a_clipboard_without_names_and_decimal_commas() -> None:
    table = read_table("1\t2\ta\n3\t4\tb\n\n")
    assert table.columns == ("column 1", "column 2", "column 3")
    assert len(table.rows) == 2
    comma = read_table("x;y;k\n1,5;-2,25;a\n1.5;2e3;b\n")
    assert_array_equal(comma.dataset("x", "y", "k").X, [[1.5, -2.25], [1.5, 2000.0]])


def test_names_of_columns_are_different() -> None:
    assert read_table("x,x,,x\n1,2,3,4\n").columns == ("x", "x (2)", "column 3", "x (3)")


def test_standardised() -> None:
    data = read_table(GOOD).dataset("width", "height", "kind", standardise=True)
    assert_allclose(data.X.mean(axis=0), 0, atol=1e-15)
    assert_allclose(data.X.std(axis=0), 1)
    flat = read_table("x,y,k\n1,5,a\n2,5,b\n").dataset("x", "y", "k", standardise=True)
    assert_array_equal(flat.X[:, 1], 0)


@pytest.mark.parametrize(
    ("source", "code", "fields"),
    [
        ("", "empty", {}),
        (b"\xef\xbb\xbf\r\n  \n", "empty", {}),
        ("# only a note\n", "empty", {}),
        ("one column\n1\n2\n", "not_a_table", {"row": 1}),
        ("# note\n\nHello there. This is prose\n", "not_a_table", {"row": 3}),
        ("a,b\n1,2\n\n3\n", "ragged", {"row": 4, "received": 1, "expected": 2}),
        ('a,b\n1,2\n3,"4\n5,6\n', "quotes", {"row": 3}),
        ("a,b,c\n", "no_rows", {}),
        ("a,b,c\nx,y,z\n", "no_numeric_column", {"columns": "a, b, c"}),
        ("a,b,c\n1,y,z\n2,u,v\n", "one_numeric_column", {"column": "a"}),
        (b"a,b\n1,\x00\n", "not_text", {"character": "U+0000", "row": 2}),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_text", {"character": "U+001A"}),
        (b"a,b\n1,2\xff\n", "encoding", {"byte": "0xFF", "place": 7}),
        (b"\xff\xfea,", "not_a_table", {"row": 1}),
        (b"x" * (MAX_BYTES + 1), "too_large", {"size": MAX_BYTES + 1, "limit": MAX_BYTES}),
        ("字" * (MAX_BYTES // 2), "too_large", {"limit": MAX_BYTES}),
        ("a,b\n" + "1,2\n" * (MAX_ROWS + 1), "too_many_rows", {"received": MAX_ROWS + 1, "limit": MAX_ROWS}),
    ],
)
def test_what_cannot_be_read(source: bytes | str, code: str, fields: dict) -> None:
    error = fault(read_table, source)
    assert error.code == code
    assert fields.items() <= error.fields.items()
    assert not error.can_drop


def test_limits_are_included() -> None:
    assert len(read_table("a,b\n" + "1,2\n" * MAX_ROWS).rows) == MAX_ROWS
    long = "a,b,c\n1,2," + "x" * 100_000 + "\n"
    assert len(read_table(long).rows[0][2]) == 100_000


def test_what_cannot_be_a_data_set() -> None:
    table = read_table("x,y,k,one\n1,2,a,z\n3,,b,z\n5,inf,b,z\n7,8,,z\n9,ten,a,z\n11,12,b,z\n13,14,a,z\n")
    error = fault(table.dataset, "x", "y", "k")
    assert (error.code, error.can_drop) == ("missing", True)
    assert error.fields == {"row": 3, "column": "y", "value": "", "count": 4}
    data = table.dataset("x", "y", "k", drop=True)
    assert_array_equal(data.X, [[1, 2], [11, 12], [13, 14]])
    for rows, code, row, column in (
        ("1,inf,a\n2,3,b", "infinite", 2, "y"),
        ("1,-1e999,a\n2,3,b", "infinite", 2, "y"),
        ("1,2,a\n2,3,", "missing", 3, "k"),
        ("1,2,a\n2,3,b\nthree,3,b", "not_a_number", 4, "x"),
        ("1,2,a\n2,3,b\n1_000,3,b", "not_a_number", 4, "x"),
    ):
        error = fault(read_table("x,y,k\n" + rows + "\n").dataset, "x", "y", "k")
        assert (error.code, error.fields["row"], error.fields["column"]) == (code, row, column)
        assert error.fields["count"] == 1
    assert fault(table.dataset, "x", "x", "k").code == "same_column"
    assert fault(table.dataset, "x", "q", "k").fields == {"column": "q", "columns": "x, y, k, one"}
    assert fault(table.dataset, "x", "y", "one", drop=True).fields == {
        "column": "one",
        "count": 1,
        "least": 2,
    }
    many = read_table("x,y,k\n" + "".join(f"{i},{i},{i}\n" for i in range(11)))
    assert fault(many.dataset, "x", "y", "k").fields == {"column": "k", "count": 11, "most": 10}
    assert fault(table.dataset, "x", "y", "k", drop=False).code == "missing"


@pytest.mark.parametrize(
    "cell", ["", "NA", "N/A", "n/a", "NaN", "null", "None", "-", "--", "?", ".", "#N/A", "缺失", "无", "  "]
)
def test_cells_that_mean_nothing_is_there(cell: str) -> None:
    table = read_table(f"x,y,k\n1,2,a\n{cell},4,b\n5,6,b\n")
    assert table.numeric_columns[:2] == ("x", "y")
    assert fault(table.dataset, "x", "y", "k").code == "missing"


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_the_way_back_is_exact(name: str) -> None:
    data = make(DataSpec(name, n=40, n_classes=2 if name == "overlap" else 10))
    back = again(data)
    assert_array_equal(back.X.view(np.int64), data.X.view(np.int64))
    assert_array_equal(back.y, data.y)
    assert (back.class_names, back.feature_names) == (data.class_names, data.feature_names)
    config = TrainConfig(steps=20)
    assert_array_equal(train(back, config).W, train(data, config).W)


TEXT = st.text(st.characters(codec="utf-8"), max_size=6)


@given(
    st.lists(
        st.tuples(*[st.floats(allow_nan=False, allow_infinity=False)] * 2, st.integers(0, 9)), min_size=1
    ),
    st.lists(TEXT, min_size=10, max_size=10),
    st.tuples(TEXT, TEXT),
)
def test_any_points_come_back(points: list, names: list[str], features: tuple[str, str]) -> None:
    X, y = np.array([p[:2] for p in points]), np.array([p[2] for p in points])
    data = from_points(X, y, tuple(names), features)
    back = again(data)
    assert_array_equal(back.X.view(np.int64), X.view(np.int64))
    assert_array_equal(back.y, y)
    assert back.n_classes == 10


@given(st.binary(max_size=60) | st.text(max_size=60))
def test_nothing_else_than_a_table_error_comes_out(source: bytes | str) -> None:
    try:
        table = read_table(source)
        table.dataset(*table.numeric_columns[:2], table.columns[0], drop=True)
    except TableError:
        pass


def test_order_of_labels() -> None:
    assert in_order({"2", "10", "1.5"}) == ("1.5", "2", "10")
    assert in_order({"b2", "b10", "a"}) == ("a", "b2", "b10")
    assert in_order({"x", "", "3"}) == ("", "3", "x")
    assert read_table("x,y,k\n1,2,10\n3,4,9\n").dataset("x", "y", "k").class_names == ("9", "10")


def test_a_note_of_classes_that_does_not_fit_is_ignored() -> None:
    for note in ('["a"]', '["a", "a"]', "[1, 2]", "nonsense", '["c", "d"]', '{"a": 1}', '["a", ""]'):
        table = read_table(f"# classes: {note}\nx,y,k\n1,2,b\n3,4,a\n")
        assert table.dataset("x", "y", "k").class_names == ("a", "b")
    table = read_table('# classes: ["b", "a", "c"]\nx,y,k\n1,2,b\n3,4,a\n')
    assert table.dataset("x", "y", "k").class_names == ("b", "a", "c")
