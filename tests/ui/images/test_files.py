"""Files as people have them: dialects of CSV, where the labels stand, what is full ink, which file is for testing."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from softmax_core.images import ImageData, from_contents
from softmax_core.images.image_set import FileError
from ui.images.files import read_csv, read_files

RNG = np.random.default_rng(0)


def some(n: int = 60, side: int = 8, most: int = 255, classes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    pixels = RNG.integers(0, most + 1, (n, side, side), dtype=np.uint8)
    pixels[0, 1, 1] = most
    return pixels, (np.arange(n) % classes).astype(np.uint8)


def csv(pixels: np.ndarray, labels: np.ndarray, head: str = "", last: bool = False) -> bytes:
    rows = [
        [*image.ravel(), label] if last else [label, *image.ravel()]
        for image, label in zip(pixels, labels, strict=True)
    ]
    return (head + "\n".join(",".join(map(str, row)) for row in rows) + "\n").encode()


def names(count: int, *labels: str, last: bool = False) -> str:
    pixels = [f"pixel{i}" for i in range(count)]
    return ",".join([*pixels, *labels] if last else [*labels, *pixels]) + "\n"


def data_of(*contents: bytes) -> ImageData:
    return from_contents(read_files({f"{i}.csv": content for i, content in enumerate(contents)}))


def both(data: ImageData) -> tuple[np.ndarray, np.ndarray]:
    """The images as they stood in the file: a fifth of them was held back by a permutation."""
    pixels = np.concatenate([data.train.pixels, data.test.pixels])
    labels = np.concatenate([data.train.labels, data.test.labels])
    place = np.argsort(np.random.default_rng(0).permutation(len(labels)))
    return pixels[place], labels[place]


def codes(data: ImageData) -> list[str]:
    return [code for code, _values in data.remarks]


def fault(call, *arguments: object) -> FileError:
    with pytest.raises(FileError) as caught:
        call(*arguments)
    return caught.value


# --- dialects


@pytest.mark.parametrize("zipped", [False, True])
def test_csv_with_and_without_a_line_of_names(zipped):
    pixels, labels = some(4100, 4)  # more than one portion of lines
    head = names(16, "Label", last=True).replace("\n", "\r\n")
    for content in (
        csv(pixels, labels),
        csv(pixels, labels, head, last=True),
        b"\xef\xbb\xbf" + csv(pixels, labels),
    ):
        data = data_of(gzip.compress(content) if zipped else content)
        assert data.split == "held_back"
        assert_array_equal(both(data)[0], pixels)
        assert_array_equal(both(data)[1], labels)


def semicolon(text: str) -> bytes:
    return text.replace(",", ";").encode()


def quoted(text: str) -> bytes:
    return "\n".join('"' + line.replace(",", '","') + '"' for line in text.splitlines()).encode()


def of_floats(text: str, point: str = ".") -> str:
    head, *rows = text.splitlines()
    return "\n".join([head, *(",".join(f"{cell}{point}0" for cell in row.split(",")) for row in rows)])


DIALECTS = {
    "comma": str.encode,
    "semicolon": semicolon,
    "tab": lambda text: text.replace(",", "\t").encode(),
    "quotes": quoted,
    "quotes and semicolon": lambda text: quoted(text).replace(b",", b";"),
    "a hint of Excel": lambda text: b"sep=;\n" + semicolon(text),
    "a byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-be"),
    "5.0 is 5": lambda text: of_floats(text).encode(),
    "5,0 is 5": lambda text: of_floats(text.replace(",", ";").replace(";", ","), "~").replace(",", ";").replace("~", ",").encode(),
    "separators at the end": lambda text: text.replace("\n", ",\n").encode(),
    "empty lines": lambda text: text.replace("\n", "\r\n\r\n").encode(),
    "names in windows-1252": lambda text: text.replace("pixel", "größe").encode("cp1252"),
    "names in GB18030": lambda text: text.replace("pixel", "像素").encode("gb18030"),
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialects(dialect):
    pixels, labels = some()
    text = csv(pixels, labels, names(64, "label")).decode()
    data = data_of(DIALECTS[dialect](text))
    assert_array_equal(both(data)[0], pixels)
    assert_array_equal(both(data)[1], labels)


def test_pixels_between_0_and_1_are_full_ink_at_1():
    pixels, labels = some()
    rows = [f"{label}," + ",".join(f"{v / 255:.6f}" for v in image.ravel()) for image, label in zip(pixels, labels, strict=True)]  # fmt: skip
    data = data_of("\n".join(rows).encode())
    assert (data.train.white, len(data.train)) == (1, 48)
    np.testing.assert_allclose(both(data)[0], pixels / 255, atol=1e-6)


# --- what the values tell


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("most", [1, 15, 16, 255])
def test_the_column_of_the_labels_and_full_ink_are_told_by_the_values(last, most):
    pixels, labels = some(most=most)
    if most < 10:  # a corner is mostly paper, and so no label
        pixels[:, 0, 0] = pixels[:, -1, -1] = np.arange(60) % 7 == 0
    data = data_of(csv(pixels, labels, last=last))
    assert_array_equal(both(data)[0], pixels)
    assert_array_equal(both(data)[1], labels)
    assert data.remarks == (("label_last" if last else "label_first", {}), ("white", {"white": most}))


def test_a_name_tells_the_column_wherever_it_stands():
    pixels, labels = some(n=50, most=16)
    data = data_of(csv(pixels, labels, names(64, "target", last=True), last=True))
    assert (len(data.train) + len(data.test), data.train.size, data.n_classes) == (50, (8, 8), 10)
    assert_array_equal(both(data)[1], labels)
    assert data.remarks == (("label_named", {"name": "target"}), ("white", {"white": 16}))


def test_an_index_and_a_line_of_numbers_are_no_pixels():
    pixels, labels = some()
    rows = csv(pixels, labels).decode().splitlines()
    indexed = [f"{i},{row}" for i, row in enumerate(rows)]
    data = data_of("\n".join([names(64, "", "label").rstrip(), *indexed]).encode())
    assert_array_equal(both(data)[0], pixels)
    assert codes(data) == ["index", "label_named", "white"]
    assert codes(data_of("\n".join(indexed).encode())) == ["index", "label_second", "white"]
    numbered = data_of("\n".join([",".join(map(str, range(65))), *rows]).encode())
    assert len(numbered.train) + len(numbered.test) == 60


def test_no_column_of_labels():
    pixels, labels = some()
    without = b"\n".join(row.split(b",", 1)[1] for row in csv(pixels, labels).splitlines())
    assert "64 columns of pixels, a picture of 8 by 8, and no column of labels" in str(
        fault(data_of, without)
    )
    numbered = b"\n".join(b"%d,%s" % (i, row) for i, row in enumerate(without.splitlines()))
    assert fault(data_of, numbered).reason == "csv_no_label"


# --- two CSVs


def test_two_csvs_are_for_training_and_testing_by_name():
    pixels, labels = some(100)
    head = names(64, "label")
    train, test = csv(pixels[:60], labels[:60], head), csv(pixels[60:], labels[60:], head)
    for files in (
        {"mnist_train.csv": train, "mnist_test.csv": test},
        {"mnist_test.csv": test, "mnist_train.csv": train},
        {"held_out.csv": test, "train.csv": train},
    ):
        data = from_contents(read_files(files))
        assert (len(data.train), len(data.test), data.split) == (60, 40, "given")
        assert_array_equal(data.test.pixels, pixels[60:])
        assert codes(data)[0] == "test_by_name"
    larger = from_contents(read_files({"mnist_train.csv": test, "mnist_test.csv": train}))
    assert (len(larger.train), len(larger.test)) == (40, 60)


def test_two_csvs_without_such_names_are_told_apart_by_size_or_asked_about():
    pixels, labels = some(100)
    part = lambda *rows: csv(pixels[slice(*rows)], labels[slice(*rows)])  # noqa: E731
    data = from_contents(read_files({"a.csv": part(60, 100), "b.csv": part(0, 60)}))
    assert (len(data.train), len(data.test), codes(data)[0]) == (60, 40, "test_by_size")
    contents = read_files({"a.csv": part(0, 50), "b.csv": part(50, 100)})
    assert fault(from_contents, contents).reason == "which_test"
    assert_array_equal(from_contents(contents, "a.csv").test.pixels, pixels[:50])
    assert_array_equal(from_contents(contents, "b.csv").test.pixels, pixels[50:])


def test_the_file_at_fault_is_named_where_there_are_several():
    pixels, labels = some()
    good = csv(pixels, labels)
    without = b"\n".join(row.split(b",", 1)[1] for row in good.splitlines())
    error = fault(from_contents, read_files({"train.csv": good, "test.csv": without}))
    assert (error.reason, error.file) == ("csv_no_label", "test.csv")
    error = fault(read_files, {"a.csv": good, "b.csv": good + b"x"})
    assert (error.reason, error.file) == ("csv_row", "b.csv")
    assert fault(data_of, without).file is None
    small, few = some(side=4)
    assert fault(data_of, good, csv(small, few)).reason == "csv_widths"


# --- what is wrong


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "csv_empty"), (b"\n\n", "csv_empty"), (b"label,a,b,c,d\n", "csv_empty"),
        (b"1,0,0,0,0\n1,0,0,0\n", "csv_row"), (b"1,0,0,0,0\n1,0,0,0,256\n", "csv_number"),
        (b"1,0,0,0,0\n1,0,0,0,-1\n", "csv_number"), (b"1,0,0,0,0\n1,0,0,0,2.5\n", "csv_number"),
        (b"1,0,0,,0\n1,0,0,,0\n", "csv_number"), (b"1,0,0,0,0\n1,0,0,,0\n", "csv_number"),
        (b"1,0,0,0,0\n1,0,0,0,x\n", "csv_number"), (b"1,0,0,0,0\n1,0,0,0,0x10\n", "csv_number"),
        (b"1,0,0,0,0\n1,0,0,0,0,0\n", "csv_row"), (b"1,0,0,0,0\n1.5,0,0,0,0\n", "csv_number"),
        (b"1,0,0,0\n", "csv_square"), (b"1,0,0,0,0\n\xff\xfe,0,0,0,0", "csv_text"), (b"11,0,0,0,0\n", "label_range"),
        (b"1,0,0,0,0\n".decode().encode("utf-16")[:-1], "csv_text"),
    ],
)  # fmt: skip
def test_what_a_csv_can_get_wrong(content, expected):
    error = fault(data_of, content)
    assert error.reason == expected
    if expected in ("csv_row", "csv_number"):
        assert ("Line 1 " if content.startswith(b"1,0,0,,") else "Line 2 ") in str(error)


def test_a_csv_bomb_is_stopped():
    bomb = gzip.compress(b"1,0,0,0,0\n" * 200_000)
    assert fault(read_csv, bomb, 2**20).reason == "too_large"
    one_line = gzip.compress(b"1," + b"0" * (8 * 2**20))
    fault(data_of, one_line)


def test_what_a_file_is_says_its_content_not_its_name():
    pixels, labels = some()
    head = bytes([0, 0, 8, 1]) + (60).to_bytes(4, "big")
    contents = read_files({"labels.csv": head + labels.tobytes(), "pixels": csv(pixels, labels)})
    assert_array_equal(contents["labels.csv"], labels)
    assert len(contents["pixels"].values) == 60


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(gzip.compress(b"1,0,0,0,0\n", mtime=0), mtime=0), "another gzip file"),
        (b"PK\x03\x04 and so on", "zip archive"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\x89PNG\r\n\x1a\n", "PNG file"),
    ],
)
@pytest.mark.parametrize("name", ["mnist.csv", "train-images-idx3-ubyte"])
def test_what_is_wrapped_is_named_whatever_it_is_called(content, says, name):
    assert says in str(fault(read_files, {name: content}))
