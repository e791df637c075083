"""What a learner's files hold: IDX, or a CSV of pixels in any of the dialects that spreadsheets and pandas write."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from softmax_core.images.files import (
    DEFAULT_LIMIT,
    HEAD,
    Content,
    PixelTable,
    Source,
    other_format,
    read_idx,
    unpacked,
)
from softmax_core.images.image_set import FileError

SEPARATORS = ",;\t"
_LINES = 2000
_LONGEST_LINE = 40 * 64 * 64  # a line beyond the largest picture is no line of pixels
_COUNTED = 10  # from so many columns on, a line 0, 1, 2 ... is a line of names and no picture


def read_files(files: Mapping[str, Source], limit: int = DEFAULT_LIMIT) -> dict[str, Content]:
    """Read what a user chose; what a file is says its content, not its name.

    Raises
    ------
    FileError
        If a file cannot be read; `FileError.file` names it where there are several.
    """
    contents: dict[str, Content] = {}
    for name, source in files.items():
        try:
            contents[name] = _read(name, source, limit)
        except FileError as error:
            error.blame(name, files)
            raise
    return contents


def _read(name: str, source: Source, limit: int) -> Content:
    with unpacked(source, limit + HEAD) as stream:
        file = io.BufferedReader(stream)
        head = file.peek(HEAD)[:HEAD]
        if (fault := other_format(head)) is not None:
            raise fault
        called_csv = name.lower().removesuffix(".gz").endswith((".csv", ".tsv", ".txt"))
        if not head.startswith(b"\0\0") and (called_csv or _looks_like_text(head)):
            return read_csv(file, limit)
        return read_idx(file, limit)


def _looks_like_text(head: bytes) -> bool:
    return bool(head) and (_encoding(head) != "utf-8-sig" or all(b >= 32 or b in b"\t\n\r" for b in head))


def _encoding(head: bytes) -> str:
    """Tell UTF-16 by its mark, or by the zero bytes between the digits."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if len(head) > 1 and 0 in head[:2]:
        return "utf-16-le" if head[1] == 0 else "utf-16-be"
    return "utf-8-sig"


def read_csv(source: Source, limit: int = DEFAULT_LIMIT) -> PixelTable:
    """Read a CSV with one image per line.

    Parameters
    ----------
    source : path, bytes or binary file object
        UTF-8 or UTF-16, gzipped or not; separated by comma, semicolon or tab, with or without quotes, a line of names
        and Excel's line ``sep=;``. ``5.0`` is 5, and so is ``5,0`` where the comma separates nothing.
    limit : int
        The most bytes of text, unpacked.

    Raises
    ------
    FileError
        If a line has too many or too few values, a value is no number from 0 to 255, or there is nothing.

    Examples
    --------
    >>> table = read_csv(b"a;b;label;c;d\\n0;255;7.0;255;0\\n1;2;3;4;5\\n")
    >>> table.names, table.values[:, 2]
    (('a', 'b', 'label', 'c', 'd'), array([7, 3], dtype=uint8))
    """
    parts: list[npt.NDArray[Any]] = []
    places: list[npt.NDArray[Any]] = []
    with unpacked(source, limit) as stream:
        file = io.BufferedReader(stream)
        # The numbers are ASCII. Only names may hold other letters, and what they are does not matter.
        lines = io.TextIOWrapper(file, encoding=_encoding(file.peek(2)), errors="surrogateescape")
        try:
            first, number = _next_line(lines, 0)
            separator = max(SEPARATORS, key=first.count)
            if first.strip().strip('"').lower().startswith("sep="):
                separator = first.strip().strip('"')[4:5] or separator
                first, number = _next_line(lines, number)
            cells = _cells(first, separator)
            names = tuple(cells) if _is_head(cells) else ()
            width = len(cells) or None
            pending = [] if names else [first]
            number += bool(names)
            while pending := pending + list(islice(iter(lambda: lines.readline(_LONGEST_LINE), ""), _LINES)):
                values, filled = _table(pending, number, separator, width)
                parts.append(values)
                places.append(filled)
                number, pending = number + len(pending), []
        except UnicodeError as error:  # half a character of UTF-16
            raise FileError("csv_text") from error
    if not any(part.size for part in parts):
        raise FileError("csv_empty")
    return PixelTable(np.concatenate([part for part in parts if part.size]), names, np.concatenate(places))


def _next_line(lines: io.TextIOWrapper, number: int) -> tuple[str, int]:
    """Return the next line that is not empty, and its number; an empty text at the end of the file."""
    while line := lines.readline(_LONGEST_LINE):
        number += 1
        if line.strip():
            return line, number
    return "", number + 1


def _cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line; separators at its end separate nothing."""
    text = line.rstrip("\r\n")
    try:
        cells = [cell.strip() for cell in next(csv.reader([text], delimiter=separator), [])]
    except csv.Error:  # a cell of more than 131,072 characters
        cells = text.split(separator)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_head(cells: Sequence[str]) -> bool:
    """Whether a line holds names: something that is no number, or the numbers of the columns."""
    if any(cell and _number(cell) is None for cell in cells):
        return True
    values = [_number(cell) for cell in cells]
    return len(cells) >= _COUNTED and any(values == list(range(k, k + len(cells))) for k in (0, 1))


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def _table(
    lines: Sequence[str], first: int, separator: str, width: int | None
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Turn some lines into numbers and their line numbers; on a fault go through them again to name the line."""
    filled = [(line, number) for number, line in enumerate(lines, first) if line.strip()]
    if not filled:
        return np.empty((0, width or 0), np.uint8), np.empty(0, np.int64)
    text = "".join(line for line, _number in filled)
    decimal = "," if separator != "," and "," in text else "."
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=separator, header=None, decimal=decimal, skipinitialspace=True
        )
        while frame.shape[1] > (width or 1) and frame.iloc[:, -1].isna().all():
            frame = frame.iloc[:, :-1]
        numeric = all(dtype.kind in "iuf" for dtype in frame.dtypes)
        values = frame.to_numpy(np.float32) if numeric and frame.shape[1] == width else None
    except ValueError:  # pandas: ParserError
        values = None
    if values is None or not (values >= 0).all() or values.max() > 255:
        raise _fault(filled, separator, width)
    whole = (values == np.floor(values)).all()
    numbers = np.array([number for _line, number in filled])
    return values.astype(np.uint8) if whole else values, numbers


def _fault(filled: Sequence[tuple[str, int]], separator: str, width: int | None) -> FileError:
    """Name the first line that is wrong."""
    for line, number in filled:
        cells = _cells(line, separator)
        if len(cells) != width:
            return FileError("csv_row", line=number, received=len(cells), wanted=width)
        for cell in cells:
            value = _number(cell)
            if any("\udc80" <= letter <= "\udcff" for letter in cell):
                return FileError("csv_text")
            if value is None or not 0 <= value <= 255:
                return FileError("csv_number", line=number)
    return FileError("csv_number", line=filled[0][1])
