"""From the bytes of a table to its cells: quotation marks, the line of every row, and what stands against it."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from locales import _
from softmax_core.datasets.dataset import MAX_CLASSES, MIN_CLASSES
from softmax_core.numbers_text import is_infinite, read_number, readings
from ui import escape
from ui.widgets.tables import beginning, decode, with_line_feeds

MAX_BYTES = 5 * 2**20
MAX_ROWS = 5000
MAX_COLUMNS = 1000
MOST_CELLS = 10_000_000  # with those of empty lines: a file of commas and line ends would fill the memory
FORMULA = r"=+\-@＝＋－＠"
"""What begins a formula for a spreadsheet. Writers put an apostrophe before it, as spreadsheets do for text; `read_rows` takes it off."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

NOTHING = frozenset({"", "na", "n/a", "nan", "null", "-", "--", "?", ".", "#n/a", "缺失"})
NO_NUMBER = NOTHING | {"none", "无"}  # as a class these two can mean "none of it"


class TableError(ValueError):
    """A table that cannot be used as it is.

    Parameters
    ----------
    code : str
        A key of `sentences`, or of those of a lesson.
    fields : object
        The fields of that sentence. `row` is the line of the text, counted from 1 as an editor does, names included;
        `column` is the name of a column.

    Examples
    --------
    >>> error = TableError("ragged", row=3, received=2, expected=4)
    >>> error.code, error.fields["row"], str(error)
    ('ragged', 3, 'ragged: row=3, received=2, expected=4')
    """

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(f"{code}: " + ", ".join(f"{name}={value}" for name, value in fields.items()))
        self.code = code
        self.fields = fields


def choose_file(key: str, on_change: Callable[[], None] | None = None) -> Any:
    """Show where a table is chosen as a file; return it, or None."""
    return st.file_uploader(
        _("A CSV file"), type=["csv", "tsv", "txt"], key=key, max_upload_size=MAX_BYTES // 2**20, on_change=on_change
    )  # fmt: skip


def chosen_file(key: str) -> UploadedFile | None:
    """Return the file that a control holds, or None. For callbacks, to which Streamlit also hands files that are gone."""
    file = st.session_state.get(key)
    return file if isinstance(file, UploadedFile) else None


def as_text(source: bytes | str) -> tuple[str, str | None]:
    """Decode a file or a paste. Return the encoding too where it was guessed.

    Raises
    ------
    TableError
        ``too_large``, ``encoding`` or ``not_text``.
    """
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise TableError("too_large", size=size, limit=MAX_BYTES)
    try:
        text, encoding = decode(source) if isinstance(source, bytes) else (source, None)
    except UnicodeDecodeError as error:
        place, data = error.start, error.object
        row, begin = data.count(b"\n", 0, place) + 1, data.rfind(b"\n", 0, place) + 1
        byte = f"0x{data[place]:02X}"
        raise TableError("encoding", byte=byte, place=place, row=row, column=place - begin + 1) from error
    text = with_line_feeds(text)
    control = CONTROL.search(text)
    if control is not None:
        row = text.count("\n", 0, control.start()) + 1
        raise TableError("not_text", character=f"U+{ord(control.group()):04X}", row=row)
    return text, encoding


def read_rows(source: bytes | str) -> tuple[pd.DataFrame, list[str], str, str | None]:
    """Return all cells of a table as text, the notes at its top, its separator, and its encoding where that was guessed.

    The index holds the line of the text on which each row begins, counted from 1. The first row may hold names.

    Raises
    ------
    TableError
        As `as_text` and `read_cells`, or ``not_a_table``.
    """
    text, encoding = as_text(source)
    lines = text.split("\n")
    notes, top, separator, lengths = beginning(lines)
    if top == len(lines):
        raise TableError("empty")
    if lengths[0] < 2:
        raise TableError("not_a_table", row=top + 1)
    frame = read_cells("\n".join(lines[top:]), separator, top, max(lengths))
    if frame.shape[1] < 2:  # beside the first column there were separators only
        raise TableError("not_a_table", row=int(frame.index[0]))
    if "'" in text:
        frame = frame.replace(rf"^'(?='*[{FORMULA}])", "", regex=True)
    return frame, notes, separator, encoding


def read_cells(body: str, separator: str, skipped: int, width: int) -> pd.DataFrame:
    """Return the cells as text, without empty rows and trailing separators; the index holds lines of the file.

    `skipped` lines stand before; of the first rows the longest has `width` cells.

    Raises
    ------
    TableError
        ``empty``, ``quotes``, ``ragged``, ``too_many_columns`` or ``too_many_rows``.
    """
    lines = body.split("\n")
    if '"' not in body:  # a row of separators may be longer than the others
        lines = [line if line.strip(f"{separator} ") else "" for line in lines]
    else:  # so may one of empty quotation marks; as the first row it would let pandas cut the others
        for i in itertools.takewhile(lambda i: _is_blank(lines[i], separator), range(len(lines))):
            lines[i] = ""
    body = "\n".join(lines)
    # An empty row of hundreds of thousands of cells is no row for us, but pandas makes columns of it for gigabytes.
    widest = 1 + max(line.count(separator) for line in lines)
    width = widest if widest > 5 * MAX_COLUMNS else width  # separators within quotation marks are counted too
    if width > MAX_COLUMNS:
        raise TableError("too_many_columns", received=width, limit=MAX_COLUMNS)
    if width * len(lines) > MOST_CELLS:
        raise TableError("too_many_rows", received=len(lines), limit=MAX_ROWS)
    try:
        frame = pd.read_csv(
            io.StringIO(body), sep=separator, header=None, names=range(width), index_col=False, dtype=object,
            na_filter=False, skip_blank_lines=False, skipinitialspace=True,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        raise _parser_error(str(error), body, separator, skipped) from error
    frame.index = skipped + 1 + np.arange(len(frame))
    if '"' in body:  # only cells in quotation marks hold line breaks
        breaks = sum(frame[name].str.count("\n").to_numpy() for name in frame)
        frame.index += np.cumsum([0, *breaks[:-1]])
    frame = frame.apply(lambda column: column.str.strip())
    filled = (frame != "").to_numpy()
    rows = np.flatnonzero(filled.any(axis=1)).tolist()
    # How many cells each row has up to the last one that is not empty:
    ends = np.where(filled, np.arange(1, width + 1), 0).max(axis=1)
    starts = [*(frame.index - skipped - 1), len(lines)]

    def length(i: int) -> int:
        """How many cells row i has, the empty ones included."""
        text = "\n".join(lines[starts[i] : starts[i + 1]])
        return len(next(csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True), []))

    if not rows:
        raise TableError("empty")
    expected = int(ends[rows[0]])
    if int(ends[rows].max()) > expected:  # the first row ends in an empty cell, or is too short
        expected = length(rows[0])
    for i in rows:
        if ends[i] != expected:
            received = length(i)
            if received < expected or ends[i] > expected:
                raise TableError("ragged", row=int(frame.index[i]), received=received, expected=expected)
    return frame.iloc[rows, :expected]


def _is_blank(line: str, separator: str) -> bool:
    """Whether all cells of a line are empty, with quotation marks or without."""
    return all(cell.strip() in ("", '""') for cell in line.split(separator))


def _parser_error(message: str, body: str, separator: str, skipped: int) -> TableError:
    """Turn what pandas says of a row that is too long, or of quotation marks without an end, into a `TableError`."""
    long = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    reader = csv.reader(io.StringIO(body), delimiter=separator, skipinitialspace=True)
    begin = last = 1
    expected = 0
    for record, cells in enumerate(reader, 1):
        expected = expected or len(cells)
        if long and record == int(long[2]):
            return TableError("ragged", row=skipped + begin, received=int(long[3]), expected=expected)
        last, begin = begin, reader.line_num + 1
    return TableError("quotes", row=skipped + last)


def kind_of_first_line(frame: pd.DataFrame) -> tuple[str, bool]:
    """Say whether the first row holds "names", a "point" or "counts", and whether that is in doubt.

    Names are words, or whole numbers beside a word (``0, 1, label`` or ``country, 2019, 2020``), or 0, 1, 2, ...
    Counts are the first line of scikit-learn's files: the number of rows, the number of columns, then words.
    """
    first, rest = list(frame.iloc[0]), frame.iloc[1:]
    numbers = [read_number(cell) for cell in first]
    if not any(number is not None for number in numbers) and not any(map(is_infinite, first)):
        return "names", False
    words = [
        i for i, number in enumerate(numbers)
        if number is None and first[i].lower() not in NO_NUMBER and is_numeric(rest[frame.columns[i]])
    ]  # fmt: skip
    whole = [number for number in numbers if number is not None]
    if not whole or not all(number >= 0.0 and number.is_integer() for number in whole):
        return "point", False
    if words and numbers[0] == len(rest) and len(whole) >= 2:
        return "counts", False
    if words or (len(first) > 2 and whole == [*range(len(first))]):
        return "names", True
    texts = [i for i, number in enumerate(numbers) if number is None and first[i].lower() not in NOTHING]
    columns = [rest[frame.columns[i]] for i in texts]
    if not texts or any(first[i] in set(cells) for i, cells in zip(texts, columns, strict=True)):
        return "point", False
    if not all(cells.nunique() < len(cells) for cells in columns):
        return "point", False
    # The words stand in no other row, and words below repeat: names if the numbers count the columns or rise by one.
    counts = all(number is None or number == i for i, number in enumerate(numbers))
    below = [rest[frame.columns[i]] for i, number in enumerate(numbers) if number is not None]
    measured = all(any(not (read_number(cell) or 0.0).is_integer() for cell in cells) for cells in below)
    ascending = len(whole) > 1 and whole == [whole[0] + i for i in range(len(whole))]
    return "names" if counts or (ascending and measured) else "point", True


def different_names(names: list[str]) -> list[str]:
    """Number the names that are empty or stand twice."""
    different: dict[str, int] = {}
    for i, name in enumerate(names, 1):
        plain = name or f"column {i}"
        choices = itertools.chain([plain], (f"{plain} ({k})" for k in itertools.count(2)))
        different[next(choice for choice in choices if choice not in different)] = i
    return list(different)


def is_numeric(cells: pd.Series) -> bool:
    """Whether more than half of the cells that are not missing are numbers."""
    surplus = 0
    for cell, count in Counter(cells).items():
        if cell.lower() not in NO_NUMBER and not is_infinite(cell):
            surplus += -count if readings(cell) == (None, None) else count
    return surplus > 0


def check_rows(rows: pd.DataFrame, most: int) -> None:
    """Raise ``no_rows`` or ``too_many_rows`` where there are none below the names, or more than ``most``."""
    if rows.empty:
        raise TableError("no_rows")
    if len(rows) > most:
        raise TableError("too_many_rows", received=len(rows), limit=most)


def check_classes(column: str, count: int) -> None:
    """Raise ``few_classes`` or ``many_classes`` where a column of labels holds not 2 to 10 classes."""
    if count < MIN_CLASSES:
        raise TableError("few_classes", column=column, count=count, least=MIN_CLASSES)
    if count > MAX_CLASSES:
        raise TableError("many_classes", column=column, count=count, most=MAX_CLASSES)


def no_formula(cell: str) -> str:
    """Return a cell, without outer blanks, that no spreadsheet runs; numbers such as -1 stay what they are.

    Examples
    --------
    >>> [no_formula(cell) for cell in ("=1+1", "-1", "+", "'+", "cat")]
    ["'=1+1", '-1', '+', "''+", 'cat']
    """
    cell = cell.strip()
    is_formula = (
        re.match(rf"'+[{FORMULA}]|[{FORMULA}].", cell) and read_number(cell) is None and not is_infinite(cell)
    )
    return f"'{cell}" if is_formula else cell


def sentence(error: TableError, texts: Mapping[str, str] | None = None) -> str:
    """Return what a page says of an error, with names and cells escaped; ``texts`` are the lesson's, by their codes."""
    fields = {name: escape.markdown(value) for name, value in error.fields.items()}
    return (texts or sentences())[error.code].format(**fields)


def sentences() -> dict[str, str]:
    """Return the sentence for each code of `TableError` that any table can bring."""
    return {
        "missing": _("Line {row}, column {column}: the value is missing. Rows that cannot be used: {count}."),
        "too_large": _("The table is {size} bytes long; at most {limit} are read."),
        "encoding": _("Line {row}, place {column}: the byte {byte} belongs to no text in UTF-8, UTF-16, GB18030 or Windows-1252."),
        "not_text": _("Line {row}: the character {character} belongs to no table. Is this a text file?"),
        "empty": _("There is nothing in the table."),
        "not_a_table": _("Line {row} does not belong to a table with columns separated by tab, comma, semicolon or |."),
        "quotes": _("The quotation marks from line {row} on do not match."),
        "ragged": _("Line {row}: the number of cells is {received}, but {expected} in the lines before it."),
        "no_rows": _("The table has a line of names but no rows."),
        "too_many_rows": _("The table has {received} rows; at most {limit} are read."),
        "too_many_columns": _("The table has {received} columns; at most {limit} are read."),
        "few_classes": _("Column {column} holds {count} class; at least {least} are needed."),
        "many_classes": _("Column {column} holds {count} different values; at most {most} classes are possible."),
    }  # fmt: skip
