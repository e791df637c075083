"""Tables of points as people have them: CSV or TSV, pasted or uploaded, read with care and written back.

``read_table`` reads the text, ``Table.dataset`` picks two columns and a label, ``write_points`` writes
points so that reading them gives the same bits.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import numpy as np

from softmax_core.datasets.dataset import MAX_CLASSES, MIN_CLASSES, Dataset
from softmax_core.table_cells import NOTE_OF_CLASSES, in_order, kind_of, number_in
from softmax_core.table_errors import TableError
from softmax_core.table_text import as_text, rows_of
from softmax_core.table_writing import write_points

__all__ = ["MAX_ROWS", "Table", "TableError", "read_table", "write_points"]

MAX_ROWS = 5000


@dataclass(frozen=True)
class Table:
    """A table of text cells.

    Parameters
    ----------
    columns : tuple of str
        Their names, all different.
    rows : tuple of tuple of str
    lines : tuple of int
        The line of the text on which each row begins, counted from 1.
    separator : str
        Tab, comma or semicolon. With a semicolon a comma may be the decimal sign.
    classes : tuple of str
        The order of the classes where the text says so (see `write_points`), else empty.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    separator: str
    classes: tuple[str, ...] = ()

    @property
    def numeric_columns(self) -> tuple[str, ...]:
        """The columns in which more than half of the cells that are not missing are numbers."""
        chosen = []
        for i, name in enumerate(self.columns):
            kinds = Counter(kind_of(number_in(row[i], self.separator)) for row in self.rows)
            if kinds["number"] > kinds["not_a_number"]:
                chosen.append(name)
        return tuple(chosen)

    @property
    def label_columns(self) -> tuple[str, ...]:
        """The columns that could be labels: 2 .. 10 different values; those of text first."""
        able = []
        for i, name in enumerate(self.columns):
            values = {row[i] for row in self.rows} - {""}
            if MIN_CLASSES <= len(values) <= MAX_CLASSES:
                able.append(name)
        numeric = set(self.numeric_columns)
        return tuple(sorted(able, key=lambda name: name in numeric))

    def dataset(
        self,
        x_column: str,
        y_column: str,
        label_column: str,
        standardise: bool = False,
        *,
        drop: bool = False,
    ) -> Dataset:
        """Make a data set of two columns and a label.

        Parameters
        ----------
        x_column, y_column : str
            Two different columns of numbers, across and up.
        label_column : str
            The column of the classes. Their order is that of numbers if all are numbers, else that of
            words with the numbers in them counted as numbers ("class 2" before "class 10").
        standardise : bool
            Whether to shift and scale both inputs to mean 0 and standard deviation 1.
        drop : bool
            Whether to leave out rows with a missing, infinite or unreadable value.

        Raises
        ------
        TableError
            ``no_such_column``, ``same_column``; ``missing``, ``infinite`` or ``not_a_number`` for the
            first such cell; ``few_classes``, ``many_classes``.

        Examples
        --------
        >>> table = read_table("a,b,kind\\n1,2,dog\\n3,,cat\\n5,6,cat\\n")
        >>> table.dataset("a", "b", "kind")
        Traceback (most recent call last):
            ...
        softmax_core.table_errors.TableError: Line 3, column b: the value is missing (rows to drop: 1).
        >>> table.dataset("a", "b", "kind", drop=True).class_names
        ('cat', 'dog')
        """
        places = [self._place(name) for name in (x_column, y_column, label_column)]
        if x_column == y_column:
            raise TableError("same_column", column=x_column)
        kept = [row for row, fault in zip(self.rows, self._faults(places), strict=True) if fault is None]
        if len(kept) < len(self.rows) and not drop:
            raise self._first_fault(places, len(self.rows) - len(kept))
        names = self._class_names(label_column, [row[places[2]] for row in kept])
        X = np.array([[number_in(row[i], self.separator) for i in places[:2]] for row in kept], dtype=float)
        if standardise:
            with np.errstate(all="ignore"):
                deviation = X.std(axis=0)
                X = (X - X.mean(axis=0)) / np.where(deviation > 0.0, deviation, 1.0)
        y = [names.index(row[places[2]]) for row in kept]
        return Dataset(X, np.array(y), len(names), (x_column, y_column), names, "a table")

    def usable(self, x_column: str, y_column: str, label_column: str) -> tuple[bool, ...]:
        r"""Return for every row whether `dataset` can use it.

        Examples
        --------
        >>> read_table("a,b,kind\n1,2,dog\n3,,cat\n5,6,cat\n").usable("a", "b", "kind")
        (True, False, True)
        """
        places = [self._place(name) for name in (x_column, y_column, label_column)]
        return tuple(fault is None for fault in self._faults(places))

    def _place(self, name: str) -> int:
        if name not in self.columns:
            raise TableError("no_such_column", column=name, columns=", ".join(self.columns))
        return self.columns.index(name)

    def _faults(self, places: list[int]) -> list[tuple[str, int] | None]:
        """Return for every row what is wrong first, and in which column, or None."""
        faults: list[tuple[str, int] | None] = []
        for row in self.rows:
            kinds = [(kind_of(number_in(row[i], self.separator)), i) for i in places[:2]]
            kinds.append(("number" if row[places[2]] else "missing", places[2]))
            faults.append(next((found for found in kinds if found[0] != "number"), None))
        return faults

    def _first_fault(self, places: list[int], count: int) -> TableError:
        for row, line, fault in zip(self.rows, self.lines, self._faults(places), strict=True):
            if fault is not None:
                code, i = fault
                return TableError(code, row=line, column=self.columns[i], value=row[i], count=count)
        raise AssertionError("called without a fault")

    def _class_names(self, column: str, labels: list[str]) -> tuple[str, ...]:
        found = set(labels)
        if self.classes and found <= set(self.classes):
            return self.classes
        if len(found) < MIN_CLASSES:
            raise TableError("few_classes", column=column, count=len(found), least=MIN_CLASSES)
        if len(found) > MAX_CLASSES:
            raise TableError("many_classes", column=column, count=len(found), most=MAX_CLASSES)
        return in_order(found)


def read_table(source: bytes | str) -> Table:
    r"""Read a table of comma-, semicolon- or tab-separated values.

    Parameters
    ----------
    source : bytes or str
        A file (UTF-8, UTF-16 or GB18030) of at most 5 MB, or text that was pasted. The first row holds
        the names, unless one of its cells is a number.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        If there is no table in it, it has no two columns of numbers, or it is too long; see
        `softmax_core.table_errors.SENTENCES`.

    Examples
    --------
    What a spreadsheet puts on the clipboard:

    >>> table = read_table("1.5\t2\tyes\n3\t4\tno\n")
    >>> table.columns, table.numeric_columns, table.label_columns
    (('column 1', 'column 2', 'column 3'), ('column 1', 'column 2'), ('column 3', 'column 1', 'column 2'))
    >>> read_table("a,b\n1,2,3\n")
    Traceback (most recent call last):
        ...
    softmax_core.table_errors.TableError: Line 2 has 3 cells, the lines before it have 2.
    """
    notes, rows, separator = rows_of(as_text(source))
    names = [f"column {i + 1}" for i in range(len(rows[0][1]))]
    if not any(kind_of(number_in(cell, separator)) in ("number", "infinite") for cell in rows[0][1]):
        names, rows = _different(rows[0][1]), rows[1:]
    if not rows:
        raise TableError("no_rows")
    if len(rows) > MAX_ROWS:
        raise TableError("too_many_rows", received=len(rows), limit=MAX_ROWS)
    table = Table(
        tuple(names),
        tuple(tuple(cells) for _, cells in rows),
        tuple(line for line, _ in rows),
        separator,
        _noted_classes(notes),
    )
    numeric = table.numeric_columns
    if not numeric:
        raise TableError("no_numeric_column", columns=", ".join(table.columns))
    if len(numeric) == 1:
        raise TableError("one_numeric_column", column=numeric[0])
    return table


def _different(names: list[str]) -> list[str]:
    """Give every column a name of its own."""
    result: list[str] = []
    for i, name in enumerate(names):
        wanted = plain = name or f"column {i + 1}"
        count = 1
        while wanted in result:
            count += 1
            wanted = f"{plain} ({count})"
        result.append(wanted)
    return result


def _noted_classes(notes: list[str]) -> tuple[str, ...]:
    """Return the classes named in a note, if they are names of 2 .. 10 classes."""
    for note in notes:
        if note.startswith(NOTE_OF_CLASSES):
            try:
                names = json.loads(note.removeprefix(NOTE_OF_CLASSES))
            except ValueError:
                return ()
            is_list = isinstance(names, list) and all(isinstance(name, str) and name for name in names)
            if is_list and MIN_CLASSES <= len(set(names)) == len(names) <= MAX_CLASSES:
                return tuple(names)
    return ()
