"""From files to sets of images: unpacking, IDX, tables of pixels, and which files belong together.

IDX is the format of MNIST: two zero bytes, a type code, the number of axes, one big-endian 32-bit length per axis,
then the numbers, big-endian, last axis fastest. Source: http://yann.lecun.com/exdb/mnist/.
"""

from __future__ import annotations

import gzip
import io
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from os import PathLike
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from softmax_core.images.image_set import (
    FEWEST_IMAGES,
    MOST_CLASSES,
    FileError,
    ImageData,
    Images,
    Labels,
    Pixels,
    hold_back,
)

Source = str | PathLike[str] | bytes | bytearray | memoryview | IO[bytes]

DEFAULT_LIMIT = 256 * 2**20
GZIP_MAGIC = b"\x1f\x8b"


class Unpacked(io.RawIOBase):
    """A stream that refuses to give more than `limit` bytes, and calls damage by one name.

    gzip is unpacked as it is read and never further than asked, so a bomb of any ratio costs no more
    than the limit.
    """

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._given = 0

    def readable(self) -> bool:
        """Say yes: this is a stream to read from."""
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
        more than `limit` bytes.

    Examples
    --------
    >>> with unpacked(gzip.compress(b"twelve bytes")) as stream:
    ...     stream.read(6)
    b'twelve'
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        file: IO[bytes] = io.BytesIO(source)
        mine = True
    elif isinstance(source, (str, PathLike)):
        try:
            file, mine = open(source, "rb"), True  # noqa: SIM115 (closed below, where the reader is done)
        except OSError as error:
            raise FileError("missing", name=str(source)) from error
    else:
        file, mine = source, False
    try:
        head = file.read(len(GZIP_MAGIC))
        joined = io.BufferedReader(_Rejoined(head, file))
        yield Unpacked(gzip.GzipFile(fileobj=joined) if head == GZIP_MAGIC else joined, limit)
    finally:
        if mine:
            file.close()


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were read already; works where seeking back does not, as in a pipe."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        part = self._head[: len(view)] or self._rest.read(len(view))
        self._head = self._head[len(view) :]
        view[: len(part)] = part
        return len(part)


TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_AXES = 64  # of a NumPy array
_PIECE = 2**18


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

    A header of 8 bytes can ask for 4 GB; it is not believed:

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
        raise FileError("idx_magic", head=magic[:2].hex(" "))
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
