"""Bytes from a path, from memory or from an open file, gzipped or not, and never more than was agreed."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from typing import IO, Any

from softmax_core.images.file_errors import FileError

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
