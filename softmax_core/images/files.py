"""From files to sets of images: unpacking, IDX, tables of pixels, and which files belong together.

IDX is the format of MNIST: two zero bytes, a type code, the number of axes, one big-endian 32-bit length per axis,
then the numbers, big-endian, last axis fastest. Source: http://yann.lecun.com/exdb/mnist/.
"""

from __future__ import annotations

import gzip
import io
import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from softmax_core.images.image_set import (
    MOST_CLASSES,
    SMALLEST_SIDE,
    FileError,
    ImageData,
    Images,
    Labels,
    Pixels,
    Remark,
    Split,
    split_images,
)

Source = str | PathLike[str] | bytes | bytearray | memoryview | IO[bytes]

DEFAULT_LIMIT = 256 * 2**20
MOST_RATIO = 100  # of a packed file: pixels are packed to a tenth, a bomb to a thousandth
FREE = 16 * 2**20  # bytes that any packed file may unfold to
GZIP_MAGIC = b"\x1f\x8b"
HEAD = 512  # bytes that tell what a file is
ARCHIVES = {
    b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
}  # fmt: skip
FORMATS = {
    b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"%PDF": "PDF", b"\x93NUMPY": "NumPy",
    b"\x89HDF": "HDF5", b"PAR1": "Parquet", b"\xd0\xcf\x11\xe0": "Excel",
}  # fmt: skip
TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_AXES = 64  # of a NumPy array
_PIECE = 2**18
LABEL_COLUMNS = ("label", "labels", "class", "target", "digit", "y")
WHITES = (1, 15, 16, 255)
QMNIST_COLUMNS = 8


def other_format(head: bytes) -> FileError | None:
    """Name a file that is neither IDX nor text by its first bytes, unpacked; None where nothing is recognised.

    Examples
    --------
    >>> other_format(b"PK\\x03\\x04 ...").values
    {'kind': 'zip'}
    >>> other_format(b"5,0,0,128") is None
    True
    """
    if head.startswith(GZIP_MAGIC):
        return FileError("gzip_in_gzip")
    if head.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in head:
        return FileError("other_format", kind="Excel")
    for magic, kind in ARCHIVES.items():
        if head.startswith(magic):
            return FileError("archive", kind=kind)
    if head[257:262] == b"ustar":
        return FileError("archive", kind="tar")
    for magic, kind in FORMATS.items():
        if head.startswith(magic):
            return FileError("other_format", kind=kind)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head")):
        return FileError("html")
    return None


class Unpacked(io.RawIOBase):
    """A stream that refuses to give more than `limit` bytes, and raises one error for all damage.

    gzip is unpacked as it is read and never further than asked, so a bomb of any ratio costs no more
    than the limit; beyond `FREE` bytes it may give `MOST_RATIO` for each that was read, ``packed`` counts those.
    """

    def __init__(
        self, stream: IO[bytes] | gzip.GzipFile, limit: int, packed: Callable[[], int] | None = None
    ) -> None:
        self._stream = stream
        self._limit = limit
        self._packed = packed
        self._given = 0

    def readable(self) -> bool:
        """Return True: the stream can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` as far as the stream goes; `FileError` where it is damaged or too long."""
        view = memoryview(buffer).cast("B")
        try:
            part = self._stream.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileError("gzip") from error
        self._given += len(part)
        if self._given > self._limit:
            raise FileError("too_large", limit=self._limit // 2**20)
        if self._packed is not None and self._given > FREE + MOST_RATIO * self._packed():
            raise FileError("unfolds", ratio=MOST_RATIO)
        view[: len(part)] = part
        return len(part)


@contextmanager
def unpacked(source: Source, limit: int = DEFAULT_LIMIT) -> Iterator[Unpacked]:
    """Open a source for reading, through gzip where its first two bytes say so.

    Parameters
    ----------
    source : path, bytes or binary file object
        A file object is read from where it stands and is left open.
    limit : int
        The most bytes to give, unpacked.

    Raises
    ------
    FileError
        If the path cannot be read, at once; while reading, if the gzip data is damaged or there are
        more than `limit` bytes, or far more than were packed.

    Examples
    --------
    >>> with unpacked(gzip.compress(b"twelve bytes")) as stream:
    ...     stream.read(6)
    b'twelve'
    """
    file: Any
    if isinstance(source, (bytes, bytearray, memoryview)):
        file = io.BytesIO(source)
    elif isinstance(source, (str, PathLike)):
        try:
            file = open(source, "rb")  # noqa: SIM115 (closed below, where the reader is done)
        except OSError as error:
            raise FileError("missing", name=str(source)) from error
    else:
        file = source
    stream = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)
    try:
        is_packed = stream.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC)
        if is_packed:
            yield Unpacked(gzip.GzipFile(fileobj=stream), limit, stream.tell if stream.seekable() else None)
        else:
            yield Unpacked(stream, limit)
    finally:
        if stream is not file:
            stream.detach()  # else it would close the file when it is deleted
        if file is not source:
            file.close()


def read_idx(source: Source, limit: int = DEFAULT_LIMIT) -> npt.NDArray[Any]:
    """Read an IDX file, gzipped or not.

    Parameters
    ----------
    source : path, bytes or binary file object
    limit : int
        The most bytes that the numbers may take, unpacked. A header that asks for more is refused
        before anything is reserved for it, and no source is read further than its header says.

    Returns
    -------
    ndarray
        Of dtype uint8, int8, int16, int32, float32 or float64 in the machine's byte order.

    Raises
    ------
    FileError
        A ValueError with a `reason`: no IDX file, an unknown type, no axes, cut off within the
        header or the numbers, numbers left over, damaged gzip data, larger than `limit`, or a path
        that cannot be read.

    Examples
    --------
    >>> read_idx(bytes([0, 0, 0x0B, 2, 0, 0, 0, 1, 0, 0, 0, 2, 255, 254, 1, 0]))
    array([[ -2, 256]], dtype=int16)

    A header of 8 bytes that asks for 4 GB is refused:

    >>> read_idx(bytes([0, 0, 8, 1, 255, 255, 255, 255]))
    Traceback (most recent call last):
        ...
    softmax_core.images.image_set.FileError: Unpacked, the file is larger than the limit of 256 MB.
    """
    with unpacked(source, limit + 4 + 4 * MOST_AXES) as stream:
        dtype, shape = _header(stream)
        wanted = math.prod(shape) * dtype.itemsize
        # NumPy multiplies the other lengths even where one is 0.
        if math.prod(length or 1 for length in shape) * dtype.itemsize > limit:
            raise FileError("too_large", limit=limit // 2**20)
        numbers = np.empty(wanted, np.uint8)
        received = _fill(stream, numbers.data)
        if received < wanted:
            raise FileError("idx_short", shape=_times(shape), wanted=wanted, received=received)
        # Also makes gzip compare its checksum, which stands after the last byte.
        if stream.read(1):
            raise FileError("idx_long", shape=_times(shape), wanted=wanted)
    array = numbers.view(dtype).reshape(shape)
    return array.astype(dtype.newbyteorder("="), copy=False)


def _header(stream: Unpacked) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """Read the magic number and the lengths of the axes."""
    magic = _exactly(stream, 4, 0)
    if magic[:2] != b"\0\0":
        rest = bytearray(HEAD)
        head = magic + bytes(rest[: _fill(stream, memoryview(rest))])
        raise other_format(head) or FileError("idx_magic", head=magic[:2].hex(" "))
    if magic[2] not in TYPES:
        raise FileError("idx_type", code=f"0x{magic[2]:02x}")
    if not 1 <= magic[3] <= MOST_AXES:
        raise FileError("idx_axes", axes=magic[3])
    lengths = _exactly(stream, 4 * magic[3], 4)
    shape = tuple(int.from_bytes(lengths[i : i + 4], "big") for i in range(0, len(lengths), 4))
    return np.dtype(TYPES[magic[2]]), shape


def _exactly(stream: Unpacked, count: int, before: int) -> bytes:
    """Read `count` bytes of the header, `before` of which have been read already."""
    part = bytearray(count)
    received = _fill(stream, memoryview(part))
    if received < count:
        raise FileError("idx_header", received=before + received)
    return bytes(part)


def _fill(stream: Unpacked, target: memoryview) -> int:
    """Fill `target` piece by piece; return how many bytes there were."""
    done = 0
    while done < len(target):
        part = stream.readinto(target[done : done + _PIECE])
        if not part:
            break
        done += part
    return done


def _times(shape: tuple[int, ...]) -> str:
    """Write a shape as a reader does: 28 × 28."""
    return " × ".join(str(length) for length in shape)


@dataclass(frozen=True, eq=False)
class PixelTable:
    """The numbers of a CSV with one image a row: the pixels, line by line from the top, and a label before or after.

    Parameters
    ----------
    values : ndarray, shape (n, m)
        uint8, or float32 where there are fractions.
    names : tuple of str
        The names of the m columns; empty where the file has no line of names.
    lines : ndarray of int, shape (n,)
        The line of the file that each row stood in.
    """

    values: npt.NDArray[Any]
    names: tuple[str, ...]
    lines: npt.NDArray[Any]


Content = npt.NDArray[Any] | PixelTable
"""What a file holds: the array of an IDX file or the table of a CSV."""


def from_idx(images: Source, labels: Source) -> Images:
    """Read one part of a data set from its two IDX files.

    Raises
    ------
    FileError
        If a file cannot be read, holds something else, or the two do not fit.
    """
    return Images(*_pair(read_idx(images), read_idx(labels)))


def from_contents(contents: Mapping[str, Content], test: str | None = None) -> ImageData:
    """Make a data set of what a user's files hold: IDX arrays of images and of labels, or one or two tables.

    What a file is says its content, not its name. Only where there are two sets of images does the name count: the one
    with "test" or "t10k" in it is tested on, and so are its labels. Of two tables without such a name the smaller one
    is tested on. The remarks of the result say what was inferred from the values: the column of the labels, the level of
    full ink (1, 15, 16 or 255, the smallest that no pixel exceeds), and which table is for testing.

    Parameters
    ----------
    contents : mapping of a file's name to what it holds
    test : str, optional
        The name of the table to test on, where the user said so.

    Raises
    ------
    FileError
        If the files do not belong together; `FileError.file` names the one at fault, where it is one of several.
        Its reason is "which_test" where nothing tells two tables apart.
    """
    tables = {name: content for name, content in contents.items() if isinstance(content, PixelTable)}
    arrays = {name: content for name, content in contents.items() if not isinstance(content, PixelTable)}
    if tables and arrays:
        raise FileError("mixed")
    if tables:
        return _from_tables(tables, test)
    return _from_arrays(arrays)


def _from_tables(tables: Mapping[str, PixelTable], test: str | None) -> ImageData:
    """Read one table, or two: the first to train on, the second to test on."""
    if len(tables) > 2:
        raise FileError("many_files", count=len(tables))
    names = list(tables)
    layout = _layout(list(tables.values()), names)
    remarks: list[Remark] = []
    if len(names) == 2:
        by_name = [name for name in names if _is_test(name)] or [
            name for name in names if "train" not in name.lower()
        ]
        sizes = [len(tables[name].values) for name in names]
        if test in names:
            last = str(test)
        elif len(by_name) == 1:
            last = by_name[0]
            remarks.append(("test_by_name", {"name": last}))
        elif sizes[0] != sizes[1]:
            last = names[int(np.argmin(sizes))]
            remarks.append(("test_by_size", {"name": last}))
        else:
            raise FileError("which_test", first=names[0], second=names[1])
        names.sort(key=lambda name: name == last)
    remarks += layout.remarks
    parts = []
    for name in names:
        try:
            parts.append(_split_table(tables[name], layout))
        except FileError as error:
            error.blame(name, names)
            raise
    return _image_data(parts, remarks)


@dataclass(frozen=True)
class _Layout:
    """Which column holds the labels, which columns come before the pixels, and how that was inferred."""

    label: int
    left_out: tuple[int, ...]
    remarks: list[Remark]


def _layout(tables: Sequence[PixelTable], names: Sequence[str]) -> _Layout:
    """Recognise the columns by their names where they have any, else by their values.

    A column of labels holds whole numbers from 0 to 9, at least two different ones. Where the first and the last
    column both do, the one with the more even counts is taken: labels are about equally many, the pixel in a corner is
    mostly paper.
    """
    for name, table in zip(names, tables, strict=True):
        width = table.values.shape[1]
        side = math.isqrt(width)
        counts = _counts_rows(table.values[:, 0])
        if side > SMALLEST_SIDE and side * side == width:
            raise FileError("csv_no_label", columns=width, side=side).blame(name, names)
        if not (_is_square(width - 1) or (_is_square(width - 2) and counts)):
            raise FileError("csv_square", pixels=width - 1).blame(name, names)
        if width != tables[0].values.shape[1]:
            widths = [str(each.values.shape[1]) for each in tables]
            raise FileError("csv_widths", first=widths[0], second=widths[1])
    width = tables[0].values.shape[1]
    index = 0 if _is_square(width - 1) else 1
    remarks: list[Remark] = [("index", {})] if index else []
    left_out = tuple(range(index))
    heads = next(([name.lower() for name in table.names] for table in tables if table.names), [])
    for word in LABEL_COLUMNS:
        if word in heads:
            return _Layout(heads.index(word), left_out, [*remarks, ("label_named", {"name": word})])
    first, last = (np.concatenate([table.values[:, k] for table in tables]) for k in (index, width - 1))
    evenness = _evenness(first), _evenness(last)
    if not any(evenness) and not index and _counts_rows(first):
        raise FileError("csv_no_label", columns=width - 1, side=math.isqrt(width - 1))
    at_end = evenness[1] > evenness[0]
    code = "label_last" if at_end else "label_second" if index else "label_first"
    return _Layout(width - 1 if at_end else index, left_out, [*remarks, (code, {})])


def _split_table(table: PixelTable, layout: _Layout) -> tuple[Pixels, Labels]:
    """Part a table into pixels (n, side, side) and labels (n,)."""
    labels = table.values[:, layout.label]
    pixels = np.delete(table.values, [*layout.left_out, layout.label], axis=1)
    side = math.isqrt(pixels.shape[1])
    if pixels.dtype != np.uint8:
        broken = (pixels != np.floor(pixels)).any(axis=1) & (pixels.max() > 1)
        broken |= labels != np.floor(labels)
        broken |= (pixels < 0).any(axis=1) | (pixels > 255).any(axis=1)
        if broken.any():
            raise FileError("csv_number", line=table.lines[broken][0])
    return pixels.reshape(-1, side, side), _as_labels(labels)


def _is_square(count: int) -> bool:
    return count > 0 and math.isqrt(count) ** 2 == count


def _counts_rows(column: npt.NDArray[Any]) -> bool:
    """Whether a column only counts the rows, as the index that pandas writes does."""
    return len(column) > 1 and bool((np.diff(column.astype(np.float64)) == 1).all()) and column[0] in (0, 1)


def _evenness(column: npt.NDArray[Any]) -> float:
    """Return the entropy of a column's counts in nats; 0 for what cannot be labels."""
    if (column != np.floor(column)).any() or column.min() < 0 or column.max() >= MOST_CLASSES:
        return 0.0
    shares = np.bincount(column.astype(np.int64)) / len(column)
    filled = shares[shares > 0]
    return float(-(filled * np.log(filled)).sum())


def _from_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> ImageData:
    """Join IDX files of images and of labels."""
    pictures = [name for name, array in arrays.items() if array.ndim == 3]
    lists = [name for name, array in arrays.items() if array.ndim == 1 or _is_qmnist(array)]
    others = [name for name in arrays if name not in (*pictures, *lists)]
    if others:
        array = arrays[others[0]]
        code = "label_shape" if array.ndim < 3 and len(pictures) > len(lists) else "not_images"
        raise FileError(code, dtype=array.dtype, shape=_times(array.shape)).blame(others[0], list(arrays))
    if not pictures:
        raise FileError("no_images")
    if not lists:
        raise FileError("no_labels")
    remarks: list[Remark] = [("label_table", {})] if any(arrays[name].ndim == 2 for name in lists) else []
    if len(pictures) == len(lists) == 1:
        return _image_data([_pair(arrays[pictures[0]], arrays[lists[0]])], remarks)
    if len(pictures) == 1:
        raise FileError("many_labels", count=len(lists))
    if len(pictures) != 2 or len({_is_test(name) for name in pictures}) != 2:
        raise FileError("many_files", count=len(pictures))
    parts = []
    for test in (False, True):
        matching = [name for name in lists if _is_test(name) == test]
        if len(matching) != 1:
            raise FileError("no_labels" if not matching else "many_labels", count=len(matching))
        picture = next(name for name in pictures if _is_test(name) == test)
        parts.append(_pair(arrays[picture], arrays[matching[0]]))
    return _image_data(parts, remarks)


def _image_data(parts: Sequence[tuple[Pixels, Labels]], remarks: Sequence[Remark]) -> ImageData:
    """Make a data set of one part, a fifth of which becomes the test part, or of two; classes are named by their numbers."""
    brightest = max((float(pixels.max()) for pixels, _labels in parts if pixels.size), default=0.0)
    white = next(level for level in WHITES if brightest <= level)
    sets = [Images(pixels, labels, float(white)) for pixels, labels in parts]
    if len(sets) == 1:
        sets = list(split_images(sets[0]))
    for part in sets:
        if len(part) < 1:
            raise FileError("few", count=len(part))
    train, test = sets
    labels = np.union1d(train.labels, test.labels)
    if labels.size < 2:
        raise FileError("one_class", label=labels[0])
    names = tuple(str(k) for k in range(int(labels.max()) + 1))
    split: Split = "given" if len(parts) == 2 else "held_back"
    return ImageData("own", train, test, names, "uploaded", split, (*remarks, ("white", {"white": white})))


def _pair(pixels: Pixels, labels: npt.NDArray[Any]) -> tuple[Pixels, Labels]:
    """Check what two IDX files hold, before the labels become bytes."""
    if pixels.ndim != 3 or pixels.dtype != np.uint8:
        raise FileError("not_images", dtype=pixels.dtype, shape=_times(pixels.shape))
    if _is_qmnist(labels):
        labels = labels[:, 0]
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise FileError("label_shape", dtype=labels.dtype, shape=_times(labels.shape))
    return pixels, _as_labels(labels)


def _as_labels(labels: npt.NDArray[Any]) -> Labels:
    bad = (labels < 0) | (labels >= MOST_CLASSES)
    if bad.any():
        raise FileError("label_range", label=f"{labels[bad][0]:g}")
    return labels.astype(np.uint8)


def _is_qmnist(array: npt.NDArray[Any]) -> bool:
    """Whether this is the table of labels of QMNIST: int32 of shape (n, 8), the digit first, then writer and form."""
    return array.ndim == 2 and array.shape[1] == QMNIST_COLUMNS and array.dtype == np.int32


def _is_test(name: str) -> bool:
    return "t10k" in name.lower() or "test" in name.lower()
