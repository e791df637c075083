"""Tables of points: names, numbers and classes checked cell by cell, and written back.

`read_table` makes a `Table` of text cells out of bytes or a paste. `Table.dataset` makes points of two columns and a
class, or says which rows cannot be used and why. `write_points` writes points so that reading them gives the same bits.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from softmax_core.datasets import Dataset
from softmax_core.datasets.dataset import MAX_CLASSES, MIN_CLASSES
from softmax_core.numbers_text import (
    COMMA,
    DOT,
    UNCLEAR,
    decimal_mark,
    is_infinite,
    plain_form,
    read_number,
    readings,
)
from ui.widgets.cells import (
    CONTROL,
    MAX_ROWS,
    NO_NUMBER,
    NOTHING,
    TableError,
    check_classes,
    check_rows,
    different_names,
    is_numeric,
    kind_of_first_line,
    no_formula,
    read_rows,
)

NOTE_OF_CLASSES = "# classes: "  # begins a line that holds the names of the classes in order
PART = "part"  # the column that says which points are for training and which for testing
SIDES = ("train", "test")

_LONG = 400  # digits: Python refuses to read thousands of them
_MANY = 500  # a column with more different values is no column of classes


@dataclass(frozen=True)
class Fault:
    """Why a row is no point: ``code`` is "missing", "not_a_number", "infinite" or "two_readings"."""

    code: str
    row: int
    column: str
    value: str


Checked = tuple[npt.NDArray[np.float64], list[Fault | None]]
"""The two numbers of every row of a table, and its first fault."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table of text cells.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text cells without outer blanks. The index holds the line of the text on which each row begins, counted from 1.
    separator : str
    names_in_doubt : bool
        Whether the first line could be names or no names; then `read_table` can be told which.
    first_line : str
        What it was read as: "names", "point" or "counts" (of rows and columns, as scikit-learn writes them).
    nameless_first : bool
        Whether the first column alone has no name, as pandas and R write the numbers of rows.
    classes : tuple of str
        The order of the classes where the text says so (see `write_points`), else empty.
    encoding : str or None
        The encoding of the file where it had to be guessed.
    """

    frame: pd.DataFrame
    separator: str = ","
    names_in_doubt: bool = False
    first_line: str = "names"
    nameless_first: bool = False
    classes: tuple[str, ...] = ()
    encoding: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, all different."""
        return tuple(self.frame.columns)

    @cached_property
    def numeric_columns(self) -> tuple[str, ...]:
        """The columns in which more than half of the cells that are not missing are numbers."""
        return tuple(name for name in self.columns if is_numeric(self.frame[name]))

    @cached_property
    def label_columns(self) -> tuple[str, ...]:
        """The columns that could be labels: 2 .. 10 different values; those of text first."""
        numeric = set(self.numeric_columns)
        able = [name for name in self.columns if MIN_CLASSES <= len(self._classes(name)) <= MAX_CLASSES]
        return tuple(sorted(able, key=lambda name: name in numeric))

    @cached_property
    def index_column(self) -> str | None:
        """The first column where it numbers the rows: without a name below names, or counting from 0 or 1."""
        first = self.columns[0]
        if self.nameless_first:
            return first
        if len(set(self.numeric_columns) - {first, self.part_column}) < 2 or len(self.frame) < 3:
            return None
        numbers = [read_number(cell) for cell in self.frame[first]]
        rows = [*range(len(numbers) + 1)]
        return first if numbers in (rows[:-1], rows[1:]) else None

    @cached_property
    def part_column(self) -> str | None:
        """The column that says which points are for training and which for testing, if there is one."""
        for name in reversed(self.columns):
            values = set(self.frame[name])
            if (name == PART or name.startswith(f"{PART} (")) and "train" in values and values <= set(SIDES):
                return name
        return None

    def faults(self, x: str, y: str, label: str, decimal: str | None = None) -> list[Fault]:
        r"""Return what is wrong first with each row that is no point.

        Examples
        --------
        >>> read_table("a,b,kind\n1,2,dog\n3,,cat\n5,6,cat\n").faults("a", "b", "kind")
        [Fault(code='missing', row=3, column='b', value='')]
        """
        return [fault for fault in self._checked(x, y, label, decimal)[1] if fault is not None]

    def dataset(
        self, x: str, y: str, label: str, *, drop: bool = False, decimal: str | None = None
    ) -> Dataset:
        r"""Make a data set of two columns and a label.

        Parameters
        ----------
        x, y : str
            Two different columns of numbers, across and up.
        label : str
            The column of the classes. Their order is that of numbers if all are numbers, else that of words with the
            numbers in them counted as numbers ("class 2" before "class 10"). If all are numbers, 1 and 1.0 are one class.
        drop : bool
            Whether to leave out rows with a missing, infinite or unreadable value.
        decimal : str, optional
            The decimal mark, a dot or a comma, of columns whose numbers can be read in two ways.

        Raises
        ------
        TableError
            ``no_such_column``, ``same_column``; the first of `faults`; ``few_classes``, ``many_classes``.

        Examples
        --------
        >>> table = read_table("a,b,kind\n1,2,dog\n3,,cat\n5,6,cat\n")
        >>> table.dataset("a", "b", "kind")
        Traceback (most recent call last):
            ...
        ui.widgets.cells.TableError: missing: row=3, column=b, value=, count=1
        >>> table.dataset("a", "b", "kind", drop=True).class_names
        ('cat', 'dog')
        """
        X, checked = self._checked(x, y, label, decimal)
        faults = self.faults(x, y, label, decimal)
        unclear = [fault for fault in faults if fault.code == "two_readings"]
        if unclear or (faults and not drop):
            raise _error([*unclear, *faults][0], len(faults))
        usable = [fault is None for fault in checked]
        classes = self._classes(label)
        of_rows = [classes[cell] for cell in self.frame[label][usable]]
        names = tuple(dict.fromkeys(classes.values()))
        if not self._is_noted(label):
            names = tuple(name for name in names if name in of_rows)
        check_classes(label, len(names))
        y_of_rows = np.array([names.index(name) for name in of_rows])
        return Dataset(X[usable], y_of_rows, len(names), (x, y), names, "a table")

    def sides(self, x: str, y: str, label: str, decimal: str | None = None) -> npt.NDArray[np.bool_] | None:
        """Return for every row of `dataset` whether it is for testing; None where the table does not say."""
        if self.part_column is None:
            return None
        usable = [fault is None for fault in self._checked(x, y, label, decimal)[1]]
        return np.array(self.frame[self.part_column] == "test")[usable]

    @cached_property
    def _known(self) -> dict[tuple[str, str, str, str | None], Checked]:
        return {}  # and no cache of a method, which would hold the table that holds it

    def _checked(self, x: str, y: str, label: str, decimal: str | None) -> Checked:
        """As `_check`: a run of the page asks several times about the same columns."""
        asked = (x, y, label, decimal)
        if asked not in self._known:
            self._known[asked] = self._check(*asked)
        return self._known[asked]

    def _check(self, x: str, y: str, label: str, decimal: str | None) -> Checked:
        """Return the two numbers of every row, and its first fault."""
        for name in (x, y, label):
            if name not in self.columns:
                raise TableError("no_such_column", column=name, columns=", ".join(self.columns))
        if x == y:
            raise TableError("same_column", column=x)
        X = np.full((len(self.frame), 2), math.nan)
        faults: list[Fault | None] = [None] * len(self.frame)
        for i, name in enumerate((x, y)):
            mark = self._mark(name, decimal)
            for j, (line, cell) in enumerate(self.frame[name].items()):
                number, code = _number_in(cell, mark)
                if number is not None:
                    X[j, i] = number
                elif faults[j] is None:
                    faults[j] = Fault(code, int(line), name, cell)
        classes = self._classes(label)
        for j, (line, cell) in enumerate(self.frame[label].items()):
            if cell not in classes and faults[j] is None:
                faults[j] = Fault("missing", int(line), label, cell)
        return X, faults

    def _mark(self, column: str, decimal: str | None) -> str:
        """Return the decimal mark of a column; where it is unclear, that of the other columns or the separator decide."""
        cells = self.frame[column]
        mark = decimal_mark(cells)
        others = [self.frame[name] for name in self.numeric_columns if name != column]
        other_marks = {decimal_mark(other) for other in others}
        if mark == UNCLEAR:
            comma = COMMA in other_marks or self.separator == ";"
            dot = DOT in other_marks and any(DOT in cell for other in others for cell in other)
            return decimal or (UNCLEAR if comma == dot else COMMA if comma else DOT)
        if mark == DOT and COMMA in other_marks and any(DOT in cell for cell in cells):
            fits_comma = all(comma is not None or dot is None for dot, comma in map(readings, cells))
            return (decimal or UNCLEAR) if fits_comma else DOT
        return mark

    def _is_noted(self, column: str) -> bool:
        named = {cell for cell in self.frame[column] if cell.lower() not in NOTHING}
        return bool(self.classes) and named <= set(self.classes)

    def _classes(self, column: str) -> dict[str, str]:
        """As `classes_of`, but in the order of a note at the top of the file."""
        if self._is_noted(column):
            return {name: name for name in self.classes}
        return classes_of(self.frame[column])


def read_table(source: bytes | str, has_names: bool | None = None) -> Table:
    r"""Read a table of values separated by comma, semicolon, tab or ``|``.

    Parameters
    ----------
    source : bytes or str
        A file (UTF-8, UTF-16, GB18030 or Windows-1252) of at most 5 MB, or text that was pasted.
    has_names : bool, optional
        Whether the first line holds the names of the columns. Only heeded where the line leaves it in doubt.

    Raises
    ------
    TableError
        If it is no table, has no two columns of numbers, or is too long; `ui.training.upload.sentences` lists the codes.

    Examples
    --------
    What a spreadsheet puts on the clipboard:

    >>> table = read_table("1.5\t2\tyes\n3\t4\tno\n")
    >>> table.columns, table.numeric_columns, table.label_columns
    (('column 1', 'column 2', 'column 3'), ('column 1', 'column 2'), ('column 3', 'column 1', 'column 2'))
    >>> read_table("a,b\n1,2,3\n")
    Traceback (most recent call last):
        ...
    ui.widgets.cells.TableError: ragged: row=2, received=3, expected=2
    """
    frame, notes, separator, encoding = read_rows(source)
    first = list(frame.iloc[0])
    kind, in_doubt = kind_of_first_line(frame)
    if in_doubt and has_names is not None:
        kind = "names" if has_names else "point"
    names = different_names([*map(one_line, first)] if kind == "names" else [""] * len(first))
    if kind != "point":
        frame = frame.iloc[1:]
    check_rows(frame, MAX_ROWS)
    table = Table(
        frame.set_axis(names, axis="columns"),
        separator,
        in_doubt,
        kind,
        kind == "names" and not first[0] and all(first[1:]),
        _noted_classes(notes),
        encoding,
    )
    numeric = table.numeric_columns
    if not numeric:
        raise TableError("no_numeric_column", columns=", ".join(table.columns))
    if len(numeric) == 1:
        raise TableError("one_numeric_column", column=numeric[0])
    return table


def _noted_classes(notes: list[str]) -> tuple[str, ...]:
    """Return the classes named in a note, if they are names of 2 .. 10 classes."""
    note = next((note for note in notes if note.startswith(NOTE_OF_CLASSES)), NOTE_OF_CLASSES)
    try:
        names = json.loads(note.removeprefix(NOTE_OF_CLASSES))
    except (ValueError, RecursionError):
        return ()
    is_list = isinstance(names, list) and all(isinstance(name, str) and name for name in names)
    return tuple(names) if is_list and MIN_CLASSES <= len(set(names)) == len(names) <= MAX_CLASSES else ()


def _number_in(cell: str, mark: str) -> tuple[float | None, str]:
    """Return the number in a cell, or None and what is wrong with it."""
    dot, comma = readings(cell)
    if mark == UNCLEAR and dot != comma and None not in (dot, comma):
        return None, "two_readings"
    number = dot if mark == DOT else comma if mark == COMMA else read_number(cell)
    if number is not None and math.isfinite(number):
        return number, "number"
    if plain_form(cell).lower() in NO_NUMBER:
        return None, "missing"
    return None, "infinite" if is_infinite(cell) else "not_a_number"


def _error(fault: Fault, count: int) -> TableError:
    both = {}
    if fault.code == "two_readings":
        grouped, decimal = sorted(readings(fault.value), key=lambda value: -abs(value or 0.0))
        both = {"grouped": f"{grouped:.15g}", "decimal": f"{decimal:.15g}"}
    return TableError(fault.code, row=fault.row, column=fault.column, value=fault.value, count=count, **both)


def classes_of(cells: Iterable[str]) -> dict[str, str]:
    """Return the class of every cell that has one, the classes in order.

    If all are numbers, cells of the same value are one class, called by the shortest of them. ``-`` is a class where
    ``+`` is one. A line break in a name becomes a space.

    Examples
    --------
    >>> classes_of(["1.0", "1", "0", "NA"]), classes_of(["+", "-"]), classes_of(["b", "01", "1"])
    ({'0': '0', '1': '1', '1.0': '1'}, {'+': '+', '-': '-'}, {'01': '01', '1': '1', 'b': 'b'})
    """
    different = set(cells)
    labels = {cell for cell in different if cell.lower() not in NOTHING or (cell == "-" and "+" in different)}
    if len(labels) > _MANY:
        return {label: label for label in labels}
    numbers = _numbers(labels)
    if numbers is None or any(re.match(r"[+-]?0\d", label) for label in labels):  # 007 is no 7
        return {label: one_line(label) for label in in_order(labels)}
    names: dict[float, str] = {}
    for label in sorted(labels, key=lambda label: (len(label), label)):
        names.setdefault(numbers[label], label)
    return {label: names[numbers[label]] for label in in_order(labels)}


def _numbers(labels: Iterable[str]) -> dict[str, float] | None:
    """Return the value of each label; None where one is no finite number."""
    numbers = {label: number for label in labels if (number := read_number(label)) is not None}
    return numbers if numbers.keys() == set(labels) and all(map(math.isfinite, numbers.values())) else None


def in_order(labels: set[str]) -> tuple[str, ...]:
    """Sort labels as a reader expects: by value if all are numbers, else with their numbers as numbers.

    Examples
    --------
    >>> in_order({"10", "9", "-1"}), in_order({"class 10", "class 9"}), in_order({"b", "3"})
    (('-1', '9', '10'), ('class 9', 'class 10'), ('3', 'b'))
    """
    numbers = _numbers(labels)
    if numbers is not None:
        return tuple(sorted(labels, key=lambda label: (numbers[label], label)))

    def pieces(label: str) -> list[tuple[bool, int, str]]:
        parts = re.split(r"(\d+)", label)
        return [
            (False, int(part), "") if part.isdecimal() and len(part) < _LONG else (True, 0, part)
            for part in parts
        ]

    return tuple(sorted(labels, key=lambda label: (pieces(label), label)))


def write_points(data: Dataset, is_test: npt.NDArray[np.bool_] | None = None) -> str:
    r"""Write a data set as CSV that `read_table` reads back bit for bit.

    Numbers are written with as many digits as tell float64 numbers apart. A name that a table cannot hold (empty, or with a
    control character) is replaced by a numbered one, a name that stands twice is numbered, a line break becomes a space,
    and what a spreadsheet would take for a formula gets an apostrophe. Where the labels alone would not give the classes
    back (a class without points, an unusual order, a name that means "missing"), a first line beginning with # holds
    their names.

    Parameters
    ----------
    data : Dataset
    is_test : ndarray of bool, shape (n,), optional
        Which points are for testing: a last column says it.

    Examples
    --------
    >>> from softmax_core.datasets import from_points
    >>> print(write_points(from_points([[0.1, 1 / 3]], [1], ("no", "yes"))), end="")
    # classes: ["no", "yes"]
    x1,x2,class
    0.1,0.3333333333333333,yes
    """
    names = different_names(
        [name if _can_stand(name) else f"class {k}" for k, name in enumerate(map(one_line, data.class_names))]
    )
    features = [
        name if _can_stand(name) and read_number(name) is None and name.lower() not in NO_NUMBER and not is_infinite(name)
        else f"x{i + 1}"
        for i, name in enumerate(map(one_line, data.feature_names))
    ]  # fmt: skip
    frame = pd.DataFrame({i: list(map(repr, column)) for i, column in enumerate(data.X.T.tolist())})
    frame = frame.set_axis(map(no_formula, features), axis="columns")
    labels = [names[k] for k in data.y]
    frame.insert(len(features), "class", list(map(no_formula, labels)), allow_duplicates=True)
    if is_test is not None:
        frame.insert(len(features) + 1, PART, [SIDES[int(test)] for test in is_test], allow_duplicates=True)
    note = ""
    if list(classes_of(labels).items()) != [(name, name) for name in names]:
        note = NOTE_OF_CLASSES + json.dumps(names, ensure_ascii=False) + "\n"
    return note + str(frame.to_csv(index=False, lineterminator="\n"))


def one_line(name: str) -> str:
    r"""Return a name as one reads it: without line breaks and outer blanks.

    >>> one_line("width \n(cm)")
    'width (cm)'
    """
    return " ".join(filter(None, map(str.strip, name.splitlines())))


def _can_stand(name: str) -> bool:
    """Whether a name of one line comes back as it is when it is written into a cell and read."""
    return bool(name) and CONTROL.search(name) is None
