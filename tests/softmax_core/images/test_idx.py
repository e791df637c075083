"""IDX: written here by hand with struct, read by the code under test; every way in which a file can be wrong."""

from __future__ import annotations

import gzip
import io
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from softmax_core.images.files import read_idx
from softmax_core.images.image_set import SENTENCES, FileError

# code, struct's letter, NumPy's type
TYPES = [
    (0x08, "B", "u1"),
    (0x09, "b", "i1"),
    (0x0B, "h", "i2"),
    (0x0C, "i", "i4"),
    (0x0D, "f", "f4"),
    (0x0E, "d", "f8"),
]


def written(code: int, letter: str, shape: tuple[int, ...], numbers: list) -> bytes:
    head = struct.pack(f">BBBB{len(shape)}I", 0, 0, code, len(shape), *shape)
    return head + struct.pack(f">{len(numbers)}{letter}", *numbers)


def fault(source: object, **options: int) -> FileError:
    with pytest.raises(FileError) as caught:
        read_idx(source, **options)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(("code", "letter", "dtype"), TYPES)
@pytest.mark.parametrize("zipped", [False, True])
def test_every_type_from_bytes_path_and_file(code, letter, dtype, zipped, tmp_path):
    numbers = [0, 1, 100, 7, 5, 3] if letter == "B" else [0, 1, -100, 7, -5, 3]
    content = written(code, letter, (2, 3), numbers)
    content = gzip.compress(content) if zipped else content
    path = tmp_path / "no-suffix"
    path.write_bytes(content)
    with path.open("rb") as file:
        arrays = [
            read_idx(source)
            for source in (content, memoryview(content), path, str(path), file, io.BytesIO(content))
        ]
        assert not file.closed
    for array in arrays:
        assert_array_equal(array, np.array(numbers).reshape(2, 3))
        assert array.dtype == np.dtype(dtype)
        assert array.dtype.isnative


def test_floats_keep_their_bits():
    values = [1.5, -0.0, 1e-45, 3.4028234663852886e38, float("inf"), float("nan")]
    array = read_idx(written(0x0D, "f", (6,), values))
    assert array.tobytes() == np.array(values, np.float32).tobytes()


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5))
@settings(deadline=None)
def test_any_number_of_axes(shape):
    count = int(np.prod(shape))
    array = read_idx(written(0x0C, "i", tuple(shape), list(range(count))))
    assert_array_equal(array, np.arange(count).reshape(shape))


@given(st.integers(0, 15 + 60))
@settings(deadline=None)
def test_every_cut_is_noticed(length):
    whole = written(0x08, "B", (3, 4, 5), list(range(60)))
    assert fault(whole[:length]).reason in ("idx_short", "idx_header")


@given(st.integers(0, 200))
@settings(deadline=None)
def test_every_cut_of_a_gzip_is_noticed(length):
    whole = gzip.compress(
        written(0x08, "B", (40, 5), np.random.default_rng(0).integers(0, 256, 200).tolist())
    )
    assert fault(whole[: min(length, len(whole) - 1)]).reason in (
        "gzip",
        "idx_header",
        "idx_magic",
        "idx_short",
    )


def test_what_is_wrong_is_said_in_one_sentence():
    good = written(0x08, "B", (2, 2), [1, 2, 3, 4])
    assert "received 89 50" in str(fault(b"\x89P" + b"zz"))
    assert "0x0a" in str(fault(b"\0\0\x0a\x01"))
    assert fault(b"\0\0\x08\0").reason == "idx_axes"
    assert "2 × 2 need 4 bytes, received 3" in str(fault(good[:-1]))
    assert fault(good + b"\0").reason == "idx_long"
    assert fault(gzip.compress(good) + b"rubbish").reason == "gzip"
    assert fault("/nowhere/at/all").reason == "missing"
    broken = bytearray(gzip.compress(good))
    broken[-6] ^= 1  # the checksum
    assert fault(bytes(broken)).reason == "gzip"
    for sentence in SENTENCES.values():
        assert sentence.endswith((".", "?"))


def packed(content: bytes) -> bytes:
    """Return a gzip file without the time in it: the same bytes in every process, as names of tests must be."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (packed(packed(bytes(20))), "another gzip file"),
        (b"PK\x03\x04 and so on", "zip archive"),
        (packed(b"images/" + bytes(250) + b"ustar" + bytes(300)), "tar archive"),
        (b"BZh91AY", "bzip2 archive"),
        (packed(b"PK\x03\x04 and so on"), "zip archive"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "Excel file"),
        (b"\x89PNG\r\n", "PNG file"),
        (b"\x93NUMPY\x01", "NumPy file"),
        (b"\n<!DOCTYPE html><html>", "web page"),
        (packed(b"<html><body>404"), "web page"),
    ],
)
def test_what_is_wrapped_is_named(content, says):
    assert says in str(fault(content))


def test_a_header_that_promises_much_reserves_nothing():
    tracemalloc.start()
    error = fault(struct.pack(">BBBB3I", 0, 0, 0x0E, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.reason == "too_large"
    assert peak < 2**20


def test_no_image_times_anything_is_nothing():
    array = read_idx(struct.pack(">BBBB2I", 0, 0, 0x08, 2, 0, 28))
    assert array.shape == (0, 28)
    # NumPy itself refuses this shape, whatever the product is.
    assert fault(struct.pack(">BBBB3I", 0, 0, 0x0E, 3, 0, 2**32 - 1, 2**32 - 1)).reason == "too_large"


@pytest.mark.parametrize("ratio", [1, 1000])
def test_a_bomb_is_stopped_while_it_is_unpacked(ratio):
    """20 MB of zeros behind a header that asks for 100 bytes, or for as much as is allowed and then more."""
    zeros = bytes(20 * 2**20)
    wanted = 100 if ratio == 1 else 2**20
    bomb = gzip.compress(struct.pack(">BBBBI", 0, 0, 8, 1, wanted) + zeros)
    tracemalloc.start()
    error = fault(bomb, limit=2**20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.reason == "idx_long"
    assert peak < 4 * 2**20


def test_too_large_without_a_bomb():
    content = written(0x08, "B", (2000,), [0] * 2000)
    assert fault(content, limit=1999).reason == "too_large"
    assert read_idx(content, limit=2000).shape == (2000,)
