"""IDX, the file format of MNIST: a typed array of any number of axes.

Two zero bytes, a type code, the number of axes, one big-endian 32-bit length per axis, then the
numbers, big-endian, last axis fastest. Source: http://yann.lecun.com/exdb/mnist/.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from softmax_core.images.file_errors import FileError
from softmax_core.images.unpack import DEFAULT_LIMIT, Source, Unpacked, unpacked

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
    softmax_core.images.file_errors.FileError: Unpacked, the file is larger than the limit of 256 MB.
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
