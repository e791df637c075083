"""Damaged and hostile files: a share of what `python -m bench.hostile files` reads, and what it found."""

import gc
import gzip
import random
import struct
import tracemalloc
import weakref

import numpy as np
import pytest

from softmax_core.images.image_set import FileError
from tests.hostile import files
from tests.limits import at_most
from ui.images.files import MOST_ROWS, read_csv, read_files
from ui.training import saved
from ui.training.table import read_table
from ui.widgets import cells
from ui.widgets.cells import TableError

MB = 2**20


@pytest.mark.parametrize("name", list(files.KINDS))
def test_a_spoilt_file_gives_data_or_a_sentence(name: str) -> None:
    rng = random.Random(5)
    for _attempt in range(15):
        spoilt = files.spoilt(rng, files.KINDS[name])
        with at_most(2, {key: (data[:200], len(data)) for key, data in spoilt.items()}):
            files.KINDS[name].read(spoilt)


@pytest.mark.parametrize("name", list(files.KINDS))
def test_a_good_file_gives_data(name: str) -> None:
    assert files.KINDS[name].read(files.KINDS[name].good()) == ""


IDX = bytes([0, 0, 8, 3]) + struct.pack(">III", 10**6, 15, 15)


def test_what_is_too_large_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(*_args: object, **_how: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr(cells, "decode", parsed)
    monkeypatch.setattr(cells, "with_line_feeds", parsed)
    with pytest.raises(TableError, match="too_large"):
        read_table(b"1" * (cells.MAX_BYTES + 1))
    with pytest.raises(TableError, match="too_large"):
        read_table("1" * (cells.MAX_BYTES + 1))
    monkeypatch.setattr(saved.json, "loads", parsed)
    with pytest.raises(saved.UnusableFileError, match="larger than 1 MB"):
        saved.from_json(b"1" * (saved.LARGEST_FILE + 1))


BOMBS = {
    "pixels.csv": b"0,1\n" * (30 * MB // 4),
    "wide.csv": (b"0," * 20_000 + b"0\n") * 700,
    "empty.csv": b"\n" * (30 * MB),
    "images": IDX + bytes(30 * MB),
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_bomb_is_not_unfolded(name: str) -> None:
    packed = gzip.compress(BOMBS[name], 9)
    assert len(packed) < MB / 10
    tracemalloc.start()
    try:
        with pytest.raises(FileError) as told:
            read_files({name: packed})
        assert tracemalloc.get_traced_memory()[1] < (250 if name == "images" else 40) * MB
    finally:
        tracemalloc.stop()
    assert told.value.reason == "unfolds"


def test_a_packed_file_that_is_mostly_paper_is_no_bomb() -> None:
    data = bytes([0, 0, 8, 3]) + struct.pack(">III", 20_000, 28, 28) + bytes(20_000 * 28 * 28)
    assert len(gzip.compress(data)) * 100 < len(data)  # it unfolds a thousandfold, but stays small
    assert read_files({"images": gzip.compress(data)})["images"].shape == (20_000, 28, 28)


def test_pictures_are_not_wider_than_any_picture_and_not_more_than_any_set() -> None:
    with pytest.raises(FileError, match="5001 values; a label and 64 × 64 pixels are 4098"):
        read_csv(b"0," * 5000 + b"0\n")
    with pytest.raises(FileError, match="more than 300,000 rows"):
        read_csv(b"0,1,2,3,4\r" * (MOST_ROWS + 2001))


def test_all_files_together_stay_within_the_limit() -> None:
    one = bytes([0, 0, 8, 1]) + struct.pack(">I", 600_000) + bytes(600_000)
    assert len(read_files({"a": one}, limit=MB)) == 1
    with pytest.raises(FileError) as told:
        read_files({"a": one, "b": one}, limit=MB)
    assert (told.value.reason, told.value.file) == ("too_large", "b")


@pytest.mark.parametrize("text", [b'"";""\n1;2\n', b"1,2,3,4," + b"9" * 400 + b"\na,1,2,3,4\n"])
def test_cells_of_quotation_marks_or_of_hundreds_of_digits_are_no_pixels(text: bytes) -> None:
    with pytest.raises(FileError):
        read_csv(text)


def test_no_value_is_cut_off_by_a_longer_first_row() -> None:
    with pytest.raises(FileError) as told:
        read_csv(b'1;2;3;4;5\n1;"2;3\n')
    assert told.value.reason in ("csv_row", "csv_number")
    blank = '""\t""\t""\t""\n'
    table = read_table(f"{blank}a\tb\tc\n1\t2\tx\n3\t4\ty\n")
    assert table.columns == ("a", "b", "c")
    with pytest.raises(TableError) as error:
        read_table(f"{blank}a\tb\tc\n1\t2\tx\t9\n3\t4\ty\n")
    assert error.value.code == "ragged"


def test_a_class_of_thousands_of_digits_is_a_name() -> None:
    long = "7" * 5000
    data = read_table(f"a,b,kind\n1,2,{long}\n3,4,5\n5,6,{long}\n").dataset("a", "b", "kind")
    assert data.class_names == ("5", long)
    assert np.bincount(data.y).tolist() == [1, 2]


def test_a_table_goes_when_nobody_holds_it() -> None:
    """The server collects no circles after each run: a table in one would keep its megabytes for long."""
    table = read_table(files.KINDS["points"].good()["points.csv"])
    table.dataset("height", "weight", "kind")
    seen = weakref.ref(table)
    gc.disable()
    try:
        del table
        assert seen() is None
    finally:
        gc.enable()


def test_an_empty_row_of_many_cells_that_ends_in_a_line_break_takes_no_time() -> None:
    text = b'"",' * 700_000 + b'"\n"\n"\n"\nheight,weight,kind\n1,2,a\n3,4,b\n'
    with at_most(2), pytest.raises(TableError, match="too_many_columns"):
        read_table(text)
