"""From files to images: pairs of IDX files, or a CSV of pixels."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.images.file_errors import FileError
from softmax_core.images.idx import read_idx
from softmax_core.images.image_set import (
    FEWEST_IMAGES,
    MOST_CLASSES,
    ImageData,
    Images,
    Labels,
    Pixels,
    hold_back,
)
from softmax_core.images.unpack import DEFAULT_LIMIT, Source, unpacked

LABEL_COLUMNS = ("label", "class", "target", "digit", "y")
_LINES = 2000
_LONGEST_LINE = 40 * 64 * 64  # a line beyond the largest picture is no line of pixels


def from_idx(images: Source, labels: Source, limit: int = DEFAULT_LIMIT) -> Images:
    """Read one part of a data set from its two IDX files.

    Raises
    ------
    FileError
        If a file cannot be read, holds something else, or the two do not fit.
    """
    return Images(*_pair(read_idx(images, limit), read_idx(labels, limit)))


def from_csv(source: Source, limit: int = DEFAULT_LIMIT) -> Images:
    """Read a CSV with one image per line: a label and the pixels, 0 to 255, line by line from the top.

    Parameters
    ----------
    source : path, bytes or binary file object
        UTF-8 text, gzipped or not. With a line of names the label is the column called label,
        class, target, digit or y; else, and without such a line, it is the first column.
    limit : int
        The most bytes of text, unpacked.

    Raises
    ------
    FileError
        If a line has too many or too few values, a value is no whole number from 0 to 255, the
        pixels make no square, or there is nothing.

    Examples
    --------
    >>> images = from_csv(b"a,b,label,c,d\\n0,255,7,255,0\\n1,2,3,4,5\\n")
    >>> images.labels, images.pixels[0].tolist()
    (array([7, 3], dtype=uint8), [[0, 255], [255, 0]])
    """
    parts: list[npt.NDArray[np.uint8]] = []
    with unpacked(source, limit) as stream:
        lines = io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8-sig")
        try:
            first = lines.readline(_LONGEST_LINE)
            named = any(cell.strip() and not _is_number(cell) for cell in first.split(","))
            column = _label_column(first) if named else 0
            number = 2 if named else 1
            pending = [] if named else [first]
            while pending := pending + list(islice(iter(lambda: lines.readline(_LONGEST_LINE), ""), _LINES)):
                parts.append(_table(pending, number, parts[0].shape[1] if parts else None))
                number, pending = number + len(pending), []
        except UnicodeDecodeError as error:
            raise FileError("csv_text") from error
    filled = [part for part in parts if part.size]
    if not filled:
        raise FileError("csv_empty")
    table = np.concatenate(filled)
    side = math.isqrt(table.shape[1] - 1)
    if side * side != table.shape[1] - 1 or column >= table.shape[1]:
        raise FileError("csv_square", pixels=table.shape[1] - 1)
    pixels = np.delete(table, column, axis=1).reshape(-1, side, side)
    return Images(pixels, np.ascontiguousarray(table[:, column]))


def from_files(files: Mapping[str, Source], limit: int = DEFAULT_LIMIT) -> ImageData:
    """Make a data set of what a user chose: IDX files of images and of labels, or one CSV.

    What a file is says its content, not its name. Only where there are two sets of images does the
    name count: the one with "test" or "t10k" in it is tested on, and so are its labels.

    Parameters
    ----------
    files : mapping of name to path, bytes or binary file object

    Raises
    ------
    FileError
        If a file cannot be read or the files do not belong together.
    """
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, source in files.items():
        if _looks_like_csv(name):
            return _in_two_parts(from_csv(source, limit))
        arrays[name] = read_idx(source, limit)
    pictures = [name for name, array in arrays.items() if array.ndim != 1]
    lists = [name for name, array in arrays.items() if array.ndim == 1]
    if not pictures:
        raise FileError("no_images")
    if not lists:
        raise FileError("no_labels")
    if len(pictures) == len(lists) == 1:
        return _in_two_parts(Images(*_pair(arrays[pictures[0]], arrays[lists[0]])))
    if len(pictures) != 2 or len({_is_test(name) for name in pictures}) != 2:
        raise FileError("many_files", count=len(pictures))
    parts = []
    for test in (False, True):
        own_lists = [name for name in lists if _is_test(name) == test]
        if len(own_lists) != 1:
            raise FileError("no_labels")
        picture = next(name for name in pictures if _is_test(name) == test)
        parts.append(Images(*_pair(arrays[picture], arrays[own_lists[0]])))
    return data_from(parts[0], parts[1])


def data_from(train: Images, test: Images) -> ImageData:
    """Join the two parts of a user's set; its classes are called by their numbers."""
    for part in (train, test):
        if len(part) < 1:
            raise FileError("few", count=len(part))
    labels = np.union1d(train.labels, test.labels)
    if labels.size < 2:
        raise FileError("one_class", label=labels[0])
    names = tuple(str(k) for k in range(int(labels.max()) + 1))
    return ImageData("own", train, test, names, "uploaded")


def _in_two_parts(images: Images) -> ImageData:
    """Hold a fifth back of a set that came as one."""
    if len(images) < FEWEST_IMAGES:
        raise FileError("few", count=len(images))
    whole = data_from(*hold_back(images))
    return ImageData(whole.name, whole.train, whole.test, whole.class_names, whole.source, "held_back")


def _pair(pixels: Pixels, labels: npt.NDArray[Any]) -> tuple[Pixels, Labels]:
    """Check what two IDX files hold, before the labels become bytes."""
    if pixels.ndim != 3 or pixels.dtype != np.uint8:
        raise FileError("not_images", dtype=pixels.dtype, shape=pixels.shape)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise FileError("no_labels")
    bad = (labels < 0) | (labels >= MOST_CLASSES)
    if bad.any():
        raise FileError("label_range", label=labels[bad][0])
    return pixels, labels.astype(np.uint8, copy=False)


def _is_test(name: str) -> bool:
    return "t10k" in name.lower() or "test" in name.lower()


def _looks_like_csv(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith((".csv", ".txt"))


def _label_column(names: str) -> int:
    cells = [cell.strip().strip('"').lower() for cell in names.split(",")]
    return next((cells.index(name) for name in LABEL_COLUMNS if name in cells), 0)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _table(lines: Sequence[str], first: int, width: int | None) -> npt.NDArray[np.uint8]:
    """Turn some lines into bytes; on a fault go through them again to name the line."""
    kept = [line for line in lines if line.strip()]
    if not kept:
        return np.empty((0, width or 0), np.uint8)
    try:
        table = np.loadtxt(kept, dtype=np.int64, delimiter=",", comments=None, ndmin=2)
    except ValueError:
        table = None
    if table is None or (width and table.shape[1] != width) or table.min() < 0 or table.max() > 255:
        raise _fault(lines, first, width)
    return table.astype(np.uint8)


def _fault(lines: Sequence[str], first: int, width: int | None) -> FileError:
    """Name the first line that is wrong."""
    for number, line in enumerate(lines, first):
        if not line.strip():
            continue
        cells = line.split(",")
        width = width or len(cells)
        if len(cells) != width:
            return FileError("csv_row", line=number, received=len(cells), wanted=width)
        for cell in cells:
            digits = cell.strip()
            if not (digits.isascii() and digits.isdigit() and int(digits[:5]) <= 255):
                return FileError("csv_number", line=number)
    return FileError("csv_number", line=first)
