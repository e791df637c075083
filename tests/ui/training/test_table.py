"""Tables from outside: what is read, what is refused and in which words, and the way back."""

from __future__ import annotations

import doctest
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from softmax_core.datasets import DATASETS, Dataset, DataSpec, from_points, make
from softmax_core.training import TrainConfig, train
from ui.training import table as table_module
from ui.training.table import classes_of, in_order, read_table, write_points
from ui.training.upload import sentences
from ui.widgets import cells, tables
from ui.widgets.cells import MAX_BYTES, MAX_ROWS, TableError

GOOD = "width,height,kind\n1,2,dog\n3.5,-4e-1,cat\n5,6,dog\n"


def again(data: Dataset) -> Dataset:
    table = read_table(write_points(data).encode())
    x, y, label = table.columns
    return table.dataset(x, y, label)


def fault(call: object, *arguments: object, **settings: object) -> TableError:
    with pytest.raises(TableError) as caught:
        call(*arguments, **settings)
    assert sentences()[caught.value.code].format(**caught.value.fields)
    return caught.value


@pytest.mark.parametrize("separator", list(",;\t"))
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator: str, ending: str) -> None:
    table = read_table(GOOD.replace(",", separator).replace("\n", ending))
    assert table.columns == ("width", "height", "kind")
    assert table.numeric_columns == ("width", "height")
    assert table.label_columns[0] == "kind"
    assert list(table.frame.index) == [2, 3, 4]
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
    assert read_table(text.encode(encoding)).frame.equals(read_table(text).frame)
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
    assert [data.class_names[k] for k in data.y] == frame["c, d"].str.replace("\n", " ").tolist()


def test_a_clipboard_without_names_and_decimal_commas() -> None:
    table = read_table("1\t2\ta\n3\t4\tb\n\n")
    assert table.columns == ("column 1", "column 2", "column 3")
    assert len(table.frame) == 2
    comma = read_table("x;y;k\n1,5;-2,25;a\n1.5;2e3;b\n")
    assert_array_equal(comma.dataset("x", "y", "k").X, [[1.5, -2.25], [1.5, 2000.0]])


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        ("#,len,wid,kind\n1,2.5,3,a\n2,3.1,4,b\n", ("#", "len", "wid", "kind"), [2, 3]),
        ("#len,wid,kind\n2,3.5,a\n3,4.5,b\n", ("#len", "wid", "kind"), [2, 3]),
        ("# of petals;wid;kind\n2;3,5;a\n3;4,5;b\n", ("# of petals", "wid", "kind"), [2, 3]),
        ("# a note, no names\n#len,wid,kind\n2,3.5,a\n3,4.5,b\n", ("#len", "wid", "kind"), [3, 4]),
        ("# one, two, three\nlen,wid,kind\n2,3.5,a\n3,4.5,b\n", ("len", "wid", "kind"), [3, 4]),
        ("# made, today\n2,3.5,a\n3,4.5,b\n", ("column 1", "column 2", "column 3"), [2, 3]),
        ('# classes: ["b", "a", "c"]\n2,3.5,a\n3,4.5,b\n', ("column 1", "column 2", "column 3"), [2, 3]),
    ],
)
def test_names_that_begin_with_a_number_sign(text: str, columns: tuple[str, ...], rows: list[int]) -> None:
    table = read_table(text)
    assert table.columns == columns
    assert list(table.frame.index) == rows
    assert table.classes == (("b", "a", "c") if "classes" in text else ())


def test_names_of_columns_are_different() -> None:
    assert read_table("x,x,,x\n1,2,3,4\n").columns == ("x", "x (2)", "column 3", "x (3)")


@pytest.mark.parametrize(
    ("source", "code", "fields"),
    [
        ("", "empty", {}),
        (b"\xef\xbb\xbf\r\n  \n", "empty", {}),
        ("# only a note\n", "empty", {}),
        ("one column\n1\n2\n", "not_a_table", {"row": 1}),
        ("a,\nb,\nc,\n", "not_a_table", {"row": 1}),
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


def test_limits_are_included() -> None:
    assert len(read_table("a,b\n" + "1,2\n" * MAX_ROWS).frame) == MAX_ROWS
    long = "a,b,c\n1,2," + "x" * 100_000 + "\n"
    assert len(read_table(long).frame.iloc[0, 2]) == 100_000


def test_what_cannot_be_a_data_set() -> None:
    table = read_table("x,y,k,one\n1,2,a,z\n3,,b,z\n5,inf,b,z\n7,8,,z\n9,ten,a,z\n11,12,b,z\n13,14,a,z\n")
    error = fault(table.dataset, "x", "y", "k")
    assert error.code == "missing"
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


@pytest.mark.parametrize("module", [table_module, cells, tables])
def test_examples(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


TEXT = st.text(st.characters(codec="utf-8"), max_size=6)


@settings(deadline=None, derandomize=True)
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


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (",", "empty"), ("\t;", "empty"), ("# note\n,,\n;\n", "empty"), ('"",""\n', "not_a_table"),
        ('"a\nb",1,"c\nd",2\n3,4\n', "ragged"), ("sep=,\nword\n", "not_a_table"),
        ("x,y,k\n,,,,,,\n1,2,a\n,,,,,,,\n3,4,b\n", None), ("x,y,k\n1,2," + "a" * 200_000 + "\n3,,b\n", None),
    ],
)  # fmt: skip
def test_odd_tables(source: str, code: str | None) -> None:
    if code is None:
        assert read_table(source).columns == ("x", "y", "k")
    else:
        assert fault(read_table, source).code == code


PIECES = ["#x,", *",;\t|\"\n 0123-−.#é类ab'", "1,5", "1.234", "NA", "inf", "sep=;", "\r\n", "\u2028"]


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_texts_that_are_nearly_tables(text: str, encoding: str) -> None:
    for source in (text, text.encode(encoding)):
        try:
            table = read_table(source)
            table.dataset(*table.numeric_columns[:2], table.columns[-1], drop=True, decimal=",")
        except TableError:
            pass


@settings(deadline=None, derandomize=True)
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


def points_of(source: bytes | str, **settings: object) -> Dataset:
    """The data set of the first two columns of numbers and the last column that can be a label."""
    table = read_table(source)
    x, y = [name for name in table.numeric_columns if name != table.index_column][:2]
    label = [name for name in table.label_columns if name not in (x, y)][-1]
    return table.dataset(x, y, label, **settings)


@pytest.mark.parametrize(
    ("text", "names", "classes"),
    [
        ("Länge;Größe;Art\r\n1,5;2,0;weiß\r\n2,5;1,0;grün\r\n", ("Länge", "Größe", "Art"), ("grün", "weiß")),
        ("largeur;hauteur;espèce\r\n1,5;2,0;épicéa\r\n2,5;1,0;chêne\r\n", ("largeur", "hauteur", "espèce"), ("chêne", "épicéa")),
    ],
)  # fmt: skip
def test_western_windows(text: str, names: tuple[str, ...], classes: tuple[str, ...]) -> None:
    table = read_table(text.encode("cp1252"))
    assert (table.columns, table.encoding) == (names, "Windows-1252")
    data = table.dataset(*names)
    assert data.class_names == classes
    assert_array_equal(data.X, [[1.5, 2.0], [2.5, 1.0]])


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\nx;y;kind\r\n1,5;2;a\r\n3;4,5;b\r\n2;1;a\r\n",
        '"sep=,"\r\nx,y,kind\r\n1.5,2,a\r\n3,4.5,b\r\n2,1,a\r\n',
        "sep=\t\nx\ty\tkind\n1.5\t2\ta\n3\t4.5\tb\n2\t1\ta\n",
        "SEP=|\nx|y|kind\n1.5|2|a\n3|4.5|b\n2|1|a\n",
    ],
)
def test_a_line_that_names_the_separator(text: str) -> None:
    table = read_table(text)
    assert table.columns == ("x", "y", "kind")
    assert list(table.frame.index) == [3, 4, 5]
    assert_array_equal(table.dataset("x", "y", "kind").X, [[1.5, 2], [3, 4.5], [2, 1]])


def test_minus_signs_of_typesetters() -> None:
    data = points_of("x,y,kind\n−1.5,2,a\n3,−4,b\n–2,2,a\n−０.５,1,b\n")
    assert_array_equal(data.X, [[-1.5, 2], [3, -4], [-2, 2], [-0.5, 1]])


def test_missing_classes_are_no_class() -> None:
    table = read_table(
        "kind,w,h,sex\nA,38.7,187,male\nA,NA,NA,NA\nG,46.9,219,NA\nG,47.1,222,.\nG,48,220,female\n"
    )
    assert [(fault.code, fault.row, fault.column) for fault in table.faults("w", "h", "sex")] == [
        ("missing", 3, "w"), ("missing", 4, "sex"), ("missing", 5, "sex"),
    ]  # fmt: skip
    data = table.dataset("w", "h", "sex", drop=True)
    assert (data.class_names, data.y.tolist()) == (("female", "male"), [1, 0])


def test_none_can_be_a_class_and_so_can_minus_beside_plus() -> None:
    assert points_of("x,y,k\n1,2,none\n3,4,mild\n").class_names == ("mild", "none")
    assert points_of("x,y,k\n1,2,无\n3,4,重\n").class_names == ("无", "重")
    assert points_of("x,y,k\n1,2,+\n3,4,-\n").class_names == ("+", "-")
    assert fault(points_of, "x,y,k\n1,2,a\n3,4,-\n5,6,b\n").code == "missing"


def test_numbers_as_names_of_columns() -> None:
    table = read_table("0,1,label\n-0.5,1.25,0\n1.5,0.5,1\n0.25,-0.5,2\n")
    assert (table.columns, table.first_line, table.names_in_doubt) == (("0", "1", "label"), "names", True)
    data = table.dataset("0", "1", "label")
    assert (data.y.tolist(), data.class_names) == ([0, 1, 2], ("0", "1", "2"))
    assert read_table("0,1,2\n-0.5,1.25,0\n1.5,0.5,1\n").columns == ("0", "1", "2")


@pytest.mark.parametrize(
    ("text", "kind", "in_doubt"),
    [
        ("0,1,label\n-0.5,1.25,a\n1.5,0.5,b\n0.5,0.5,b\n", "names", True),
        ("0,1,label\n5,1,a\n1,5,b\n2,2,b\n", "names", True),
        ("country,2019,2020,kind\nDE,1.5,2.5,a\nFR,1.7,2.1,b\nDE,1.9,2.2,b\n", "names", True),
        ("1,2,a\n3,4,b\n5,6,b\n", "point", True),
        ("1,2,a\n3,4,b\n5,6,a\n", "point", False),
        ("1.5,2,a\n3,4,b\n5,6,b\n", "point", False),
        ("1,2,NA\n3,4,b\n5,6,b\n", "point", False),
    ],
)
def test_a_first_line_with_numbers(text: str, kind: str, in_doubt: bool) -> None:
    table = read_table(text)
    assert (table.first_line, table.names_in_doubt) == (kind, in_doubt)
    assert len(table.frame) == 3 + (kind == "point") - (text.startswith(("1,2", "1.5")))
    other = read_table(text, has_names=kind != "names")
    assert (other.first_line == kind) is not in_doubt


def test_a_first_line_that_counts_is_no_point() -> None:
    table = read_table("4,2,low,mid,high\n-0.5,1.5,1,0,0\n1.5,0.5,1,0,1\n0.5,-0.5,1,1,2\n2,2,1,1,0\n")
    assert (table.first_line, len(table.frame)) == ("counts", 4)
    data = table.dataset("column 1", "column 2", "column 5")
    assert (data.X[0].tolist(), data.n_classes) == ([-0.5, 1.5], 3)


def test_a_slip_in_the_first_point_is_no_line_of_names() -> None:
    table = read_table("1.5,two,a\n3,4,b\n5,6,a\n")
    assert table.first_line == "point"
    error = fault(table.dataset, "column 1", "column 2", "column 3")
    assert (error.code, error.fields["row"], error.fields["value"]) == ("not_a_number", 1, "two")


def test_a_column_of_many_different_numbers_is_taken_as_it_is_written() -> None:
    """It is no column of classes, and to compare so many numbers would take long."""
    few = classes_of(["1", "1.0", "2"])
    assert few == {"1": "1", "1.0": "1", "2": "2"}
    many = [str(i) for i in range(600)]
    assert classes_of([*many, "1.0"]) == {label: label for label in sorted([*many, "1.0"])}


def test_the_same_number_is_the_same_class() -> None:
    data = points_of(
        "x,y,k\n1,2,1\n3,4,1.0\n5,6,0\n7,8,0.0\n9,9,1,0\n".replace(",", ";").replace("1;0\n", "1,0\n")
    )
    assert (data.class_names, data.y.tolist()) == (("0", "1"), [1, 1, 0, 0, 1])
    assert points_of("x,y,k\n1,2,01\n3,4,1\n").class_names == ("01", "1")


@pytest.mark.parametrize(
    "text",
    [
        "x,y,kind,\n1,2,a,\n3,4,b,\n",
        "x,y,kind\n1,2,a,\n3,4,b,\n",
        "x,y,kind,,\n1,2,a\n3,4,b\n",
        "x,y,kind\n1,2,a,,\n3,4,b\n,,,,\n",
    ],
)
def test_trailing_separators_are_no_column(text: str) -> None:
    table = read_table(text)
    assert table.columns == ("x", "y", "kind")
    assert_array_equal(table.dataset("x", "y", "kind").X, [[1, 2], [3, 4]])


def test_a_missing_last_cell_is_missing_and_not_a_short_row() -> None:
    table = read_table("x,y,kind\n1,2,a\n3,4,\n5,6,b\n")
    assert fault(table.dataset, "x", "y", "kind").fields["row"] == 3
    assert fault(read_table, "x,y,kind\n1,2,a\n3,4\n").fields == {"row": 3, "received": 2, "expected": 3}
    late = "x,y,kind\n" + "1,2,a\n" * 30 + '"3\n",4,b\n5,6,b,7\n'
    assert fault(read_table, late).fields == {"row": 34, "received": 4, "expected": 3}


@pytest.mark.parametrize(
    ("text", "index"),
    [
        (",x,y,k\n4,1.5,2,a\n9,3,4,b\n", "column 1"),
        ("id,x,y,k\n0,1.5,2,a\n1,3,4,b\n2,3,5,a\n", "id"),
        ("id,x,y,k\n1,1.5,2,a\n2,3,4,b\n3,3,5,a\n", "id"),
        ("1,1.5,2,a\n2,3,4,b\n3,3,5,a\n", "column 1"),
        ("x,y,k\n1,2,a\n2,3,b\n3,4,a\n", None),
        ("id,x,y,k\n1,1.5,2,a\n3,3,4,b\n2,3,5,a\n", None),
    ],
)
def test_a_column_that_numbers_the_rows(text: str, index: str | None) -> None:
    table = read_table(text)
    assert table.index_column == index
    if index is not None:
        assert index in table.columns


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("x;y;k\n1.234,5;2;a\n2,5;3;b\n", [1234.5, 2.5]),
        ('x,y,k\n"1,234",2,a\n"2,345.5",3,b\n', [1234, 2345.5]),
        ('x,y,k\n"1,234",2,a\n"2,345,678",3,b\n', [1234, 2345678]),
        ("x\ty\tk\n1,234\t2\ta\n0,5\t3\tb\n", [1.234, 0.5]),
        ("x\ty\tk\n1,234\t2,5\ta\n2,345\t3\tb\n", [1.234, 2.345]),
        ("x\ty\tk\n1,234\t2.5\ta\n2,345\t3\tb\n", [1234, 2345]),
        ("x;y;k\n1,234;2;a\n2,345;3;b\n", [1.234, 2.345]),
        ("x,y,k\n1.234,2,a\n2.345,3,b\n", [1.234, 2.345]),
        ("x;y;k\n1 234,5;2;a\n2'345;3;b\n", [1234.5, 2345]),
    ],
)
def test_decimal_marks_and_thousands(text: str, x: list[float]) -> None:
    assert_array_equal(points_of(text).X[:, 0], x)


@pytest.mark.parametrize("text", ["x\ty\tk\n1,234\t2\ta\n2,345\t3\tb\n", "x;y;k\n1.234;2,5;a\n2.345;3;b\n"])
def test_two_readings_are_named_until_one_is_chosen(text: str) -> None:
    table = read_table(text)
    error = fault(table.dataset, "x", "y", "k", drop=True)
    assert error.code == "two_readings"
    assert (error.fields["grouped"], error.fields["decimal"]) == ("1234", "1.234")
    by_comma = table.dataset("x", "y", "k", decimal=",").X[0, 0]
    by_dot = table.dataset("x", "y", "k", decimal=".").X[0, 0]
    assert (by_comma, by_dot) == ((1.234, 1234) if "1,234" in text else (1234, 1.234))


def test_no_numbers_in_cells() -> None:
    for cell in ("0x10", "1_000", "1e", "1.2.3", "12,34,5"):
        table = read_table(f"x\ty\tk\n{cell}\t1\ta\n2\t2\tb\n3\t3\ta\n4\t4\tb\n")
        assert fault(table.dataset, "x", "y", "k").code == "not_a_number", cell


def test_large_values_load() -> None:
    rng = np.random.default_rng(0)
    X = np.column_stack([1.7e9 + np.sort(rng.uniform(0, 3600, 30)).round(1), rng.normal(20, 1, 30).round(2)])
    data = from_points(X, rng.integers(0, 2, 30), ("open", "shut"), ("unix_time", "temp"))
    assert_array_equal(again(data).X, X)
    years = read_table("year,price,kind\n2020,90128,b\n2011,362944,c\n1995,77595,a\n")
    assert_array_equal(years.dataset("year", "price", "kind").X[0], [2020, 90128])


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("#good", "bad"), ("#good", "bad")),
        (("red\nwine", "white \r\n\u2028wine"), ("red wine", "white wine")),
        (("", "cat", "a\0"), ("class 0", "cat", "class 2")),
        (("a\nb", "a b", " a b "), ("a b", "a b (2)", "a b (3)")),
    ],
)
def test_one_odd_name_renames_no_other(names: tuple[str, ...], expected: tuple[str, ...]) -> None:
    X = [[0, 1], [2, 3], [4, 5]][: len(names)]
    assert again(from_points(X, range(len(names)), names)).class_names == expected


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        (("#len", "wid"), ("#len", "wid")),
        (("# of petals", "width\n(cm)"), ("# of petals", "width (cm)")),
        (("#", "2"), ("#", "x2")),
    ],
)
@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a")])
def test_odd_names_of_columns_come_back(
    names: tuple[str, ...], features: tuple[str, str], expected: tuple[str, str]
) -> None:
    data = again(from_points([[0, 1], [2, 3], [4, 5]], [0, 1, 2], names, features))
    assert (data.feature_names, data.class_names) == (expected, names)


def test_line_breaks_within_cells_are_spaces() -> None:
    table = read_table('len,"wid\n(cm)",kind\n2,3.5,"red\nwine"\n3,4.5,red wine\n4,4,"x\n\ny"\n')
    assert table.columns == ("len", "wid (cm)", "kind")
    data = table.dataset(*table.columns)
    assert (data.class_names, data.y.tolist()) == (("red wine", "x y"), [0, 0, 1])


def test_names_that_mean_missing_come_back() -> None:
    data = from_points([[0, 1], [2, 3], [4, 5]], [0, 1, 2], ("NA", "?", "1.0"))
    assert again(data).class_names == ("NA", "?", "1.0")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("a," * 1000 + "\n", "too_many_columns"),
        ("a,b\n" + "\n" * 5_000_000, "too_many_rows"),
        ("a," * 998 + "a\n" + "1\n" * 30_000, "too_many_rows"),
        ("# classes: " + "[" * 100_000 + "\na,b\n1,2\n", None),
        ("a,\ud800\n1,2\n", "not_text"),
    ],
)
def test_hostile_tables_are_refused_early(source: str, code: str | None) -> None:
    if code is None:
        assert read_table(source).columns == ("a", "b")
    else:
        assert fault(read_table, source).code == code
