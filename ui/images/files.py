"""What a learner's files hold: IDX, or a CSV of pixels in any of the dialects that spreadsheets and pandas write."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

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
from softmax_core.images.image_set import LARGEST_SIDE, FileError
from softmax_core.numbers_text import read_number
from ui.widgets.tables import beginning, unicode_form, with_line_feeds

MOST_COLUMNS = LARGEST_SIDE**2 + 2  # with a label and the number of the row
MOST_ROWS = 300_000  # more than any set of handwritten digits has
_LINES = 2000  # at a time
_TOP = 2**21  # bytes that tell the separator
_TALLEST = 1000  # lines of a row, where cells in quotation marks hold line breaks
_COUNTED = 10  # from so many columns on, a line 0, 1, 2 ... is a line of names and no picture


def read_files(files: Mapping[str, Source], limit: int = DEFAULT_LIMIT) -> dict[str, Content]:
    """Read what a user chose; what a file is says its content, not its name.

    Raises
    ------
    FileError
        If a file cannot be read, or all together hold more than ``limit`` bytes; `FileError.file` names the one at fault
        where there are several.
    """
    contents: dict[str, Content] = {}
    size = 0
    for name, source in files.items():
        try:
            contents[name] = content = _read(name, source, limit)
            size += (content.values if isinstance(content, PixelTable) else content).nbytes
            if size > limit:
                raise FileError("too_large", limit=limit // 2**20)
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
    return bool(head) and (0 in head[:2] or all(b >= 32 or b in b"\t\n\r" for b in head))


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
    with unpacked(source, limit) as stream:
        data = io.BufferedReader(stream).read()
    encoding = unicode_form(data[:HEAD])
    lines = with_line_feeds(data[:_TOP].decode(encoding, "replace")).split("\n")
    if len(data) > _TOP:
        lines.pop()
    _notes, top, separator, lengths = beginning(lines)
    if top == len(lines):
        raise FileError("csv_empty")
    if not lengths[0]:  # quotation marks that do not fit, or a cell of millions of characters
        raise FileError("csv_number", line=top + 1)
    if max(lengths) > MOST_COLUMNS:
        raise FileError("csv_wide", received=max(lengths), most=MOST_COLUMNS)
    cells = [cell.strip() for cell in next(csv.reader([lines[top]], delimiter=separator), [])]
    while cells and not cells[-1]:  # separators at the end separate nothing
        cells.pop()
    if not cells:  # quotation marks around nothing
        raise FileError("csv_number", line=top + 1)
    names = tuple(cells) if _is_head(cells) else ()
    top += bool(names)
    following = (f"{line}\n" for line in lines[top : top + _TALLEST])
    first = len(next(csv.reader(following, delimiter=separator, skipinitialspace=True), []))
    if first > max(lengths):  # by a first row that is longer pandas would cut the others
        raise FileError("csv_row", line=top + 1, received=first, wanted=max(lengths))
    # The numbers are ASCII. Only names may hold other letters, and a wrong reading of them does no harm.
    pieces = _pieces(
        io.BytesIO(data), skiprows=top, names=range(max(lengths)), sep=separator, encoding=encoding,
        decimal="," if separator != "," and any("," in line for line in lines[top:]) else ".",
    )  # fmt: skip
    parts = [(_numbers(rows, len(cells)), rows.index) for rows in pieces if not rows.empty]
    if not parts:
        raise FileError("csv_empty")
    values, places = (np.concatenate(part) for part in zip(*parts, strict=True))
    return PixelTable(values, names, places)


def _pieces(data: IO[bytes], *, skiprows: int, names: range, **options: Any) -> Iterator[pd.DataFrame]:
    """Return some rows at a time; the index holds their lines in the file."""
    try:
        for rows in pd.read_csv(
            data, skiprows=skiprows, names=names, header=None, index_col=False, skipinitialspace=True,
            skip_blank_lines=False, chunksize=_LINES, **options,
        ):  # fmt: skip
            rows.index += skiprows + 1
            if rows.index.stop - skiprows > MOST_ROWS + 1:
                raise FileError("csv_long", most=f"{MOST_ROWS:,}")
            yield rows.dropna(how="all")
    except pd.errors.EmptyDataError:
        return
    except UnicodeError as error:
        raise FileError("csv_text") from error
    except pd.errors.ParserError as error:
        row = re.search(r"in line (\d+), saw (\d+)", str(error))
        if row is None:  # quotation marks without an end
            raise FileError("csv_number", line=skiprows + 1) from error
        raise FileError("csv_row", line=int(row[1]), received=int(row[2]), wanted=len(names)) from error


def _numbers(rows: pd.DataFrame, width: int) -> npt.NDArray[Any]:
    """Return the pixels and labels of some rows: uint8, or float32 where there are fractions."""
    is_numeric = all(dtype.kind in "iuf" for dtype in rows.dtypes[:width])
    with np.errstate(over="ignore"):  # 1e300 becomes infinite, which is refused below
        values: npt.NDArray[Any] | None = rows.iloc[:, :width].to_numpy(np.float32) if is_numeric else None
    if (
        values is None
        or not ((values >= 0) & (values <= 255)).all()
        or rows.iloc[:, width:].notna().any(axis=None)
    ):
        raise _fault(rows, width)
    return values.astype(np.uint8) if (values == np.floor(values)).all() else values


def _fault(rows: pd.DataFrame, width: int) -> FileError:
    """Name the first row that is wrong."""
    lengths = (rows.notna() * np.arange(1, rows.shape[1] + 1)).max(axis=1)
    # As text: pandas raises an error for whole numbers of hundreds of digits.
    numbers = rows.iloc[:, :width].apply(lambda column: pd.to_numeric(column.astype(str), errors="coerce"))
    wrong = (lengths != width) | ~((numbers >= 0) & (numbers <= 255)).all(axis=1)
    line = rows.index[wrong.argmax()]
    if lengths[line] != width:
        return FileError("csv_row", line=line, received=lengths[line], wanted=width)
    return FileError("csv_number", line=line)


def _is_head(cells: Sequence[str]) -> bool:
    """Whether a line holds names: something that is no number, or the numbers of the columns."""
    if any(cell and read_number(cell) is None for cell in cells):
        return True
    values = [read_number(cell) for cell in cells]
    return len(cells) >= _COUNTED and any(values == list(range(k, k + len(cells))) for k in (0, 1))
