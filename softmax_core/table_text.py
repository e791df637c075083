"""From bytes to rows of cells: encoding, separator, quotation marks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from softmax_core.table_errors import TableError

MAX_BYTES = 5 * 2**20
SEPARATORS = "\t,;"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

Row = tuple[int, list[str]]
"""The line on which a row begins, counted from 1, and its cells without outer blanks."""


def as_text(source: bytes | str) -> str:
    r"""Decode a file or a paste: UTF-8, UTF-16 or GB18030, whichever fits.

    A byte order mark decides. Without one UTF-8 is tried first, because text in another encoding
    hardly ever happens to be valid UTF-8, and GB18030 (with GBK and GB2312 in it) second.

    Raises
    ------
    TableError
        ``too_large``, ``encoding`` or ``not_text``.

    Examples
    --------
    >>> as_text("类别".encode("gb18030")), as_text("类别".encode("utf-16")), as_text("类别".encode())
    ('类别', '类别', '类别')
    """
    size = len(source) if isinstance(source, bytes) else len(source.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise TableError("too_large", size=size, limit=MAX_BYTES)
    text = source.removeprefix("\ufeff") if isinstance(source, str) else _decoded(source)
    found = CONTROL.search(text)
    if found is not None:
        row = text.count("\n", 0, found.start()) + 1
        raise TableError("not_text", character=f"U+{ord(found.group()):04X}", row=row)
    return text


def _decoded(data: bytes) -> str:
    guesses = [encoding for mark, encoding in MARKS if data.startswith(mark)]
    if not guesses:
        guesses = ["utf-8", "gb18030"]
        zeros = [data[first::2].count(0) * 4 > len(data) for first in (0, 1)]  # of every second byte
        if any(zeros):
            guesses = ["utf-16-be" if zeros[0] else "utf-16-le"]
    problem: UnicodeDecodeError | None = None
    for encoding in guesses:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            problem = problem or error
    assert problem is not None
    place = problem.start
    raise TableError("encoding", byte=f"0x{data[place]:02X}" if place < len(data) else "", place=place)


def rows_of(text: str) -> tuple[list[str], list[Row], str]:
    r"""Split text into notes (lines that begin with #, at the top), rows, and the separator found.

    The separator is the one that cuts the first rows into equally many cells, at least two; of several,
    the one with the most. Empty lines are left out.

    Raises
    ------
    TableError
        ``empty``, ``not_a_table``, ``quotes`` or ``ragged``.

    Examples
    --------
    >>> rows_of("# a note\nx;y\n1,5;2\n")
    (['# a note'], [(2, ['x', 'y']), (3, ['1,5', '2'])], ';')
    """
    lines = text.splitlines(keepends=True)
    top = 0
    while top < len(lines) and (lines[top].startswith("#") or not lines[top].strip()):
        top += 1
    notes = [line.strip() for line in lines[:top] if line.strip()]
    if top == len(lines):
        raise TableError("empty")
    body = "".join(lines[top:])
    separator = max(SEPARATORS, key=lambda one: (_regular(body, one), -SEPARATORS.index(one)))
    rows = list(_parsed(body, separator, top))
    expected = len(rows[0][1])
    if expected < 2:
        raise TableError("not_a_table", row=rows[0][0])
    for row, cells in rows:
        if len(cells) != expected:
            raise TableError("ragged", row=row, received=len(cells), expected=expected)
    return notes, rows, separator


def _regular(body: str, separator: str) -> tuple[bool, int]:
    """Say how well a separator fits the first rows: whether all are equally long, and how long."""
    lengths: list[int] = []
    try:
        for _row, cells in _parsed(body, separator, 0):
            lengths.append(len(cells))
            if len(lengths) == 20:
                break
    except TableError:
        return False, lengths[0] if lengths else 0
    return len(set(lengths)) == 1 and lengths[0] > 1, lengths[0]


def _parsed(body: str, separator: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    begin = skipped + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begin, [cell.strip() for cell in cells]
            begin = skipped + reader.line_num + 1
    except csv.Error as error:
        raise TableError("quotes", row=begin) from error
