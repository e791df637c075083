"""Sets of images: what ships, what files give, what is refused; drawing; contributions."""

from __future__ import annotations

import gzip
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.ndimage import center_of_mass
from sklearn.datasets import load_digits

from softmax_core.images import Images, digits, from_contents, from_idx, split_images
from softmax_core.images.digits import FILE
from softmax_core.images.files import PixelTable, read_idx
from softmax_core.images.image_set import FileError
from softmax_core.images.strokes import PadFormat, draw, pad_format
from softmax_core.images.views import (
    class_counts,
    contributions,
    mean_images,
    model_logits,
    pixel_histogram,
)

RNG = np.random.default_rng(0)


def idx(array: np.ndarray, code: int = 8) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, code, array.ndim, *array.shape) + array.tobytes()


def some(n: int = 20, side: int = 6) -> tuple[np.ndarray, np.ndarray]:
    return RNG.integers(0, 256, (n, side, side), dtype=np.uint8), (np.arange(n) % 3).astype(np.uint8)


def reason(call, *arguments: object) -> str:
    with pytest.raises(FileError) as caught:
        call(*arguments)
    return caught.value.reason


# --- the digits


def test_the_shipped_digits_are_those_of_scikit_learn():
    ours, theirs = digits(), load_digits()
    with np.load(FILE, allow_pickle=False) as stored:
        assert_array_equal(stored["pixels"], theirs.images)
        assert_array_equal(stored["labels"], theirs.target)
        assert "CC BY 4.0" in str(stored["note"])
    assert FILE.stat().st_size <= 100_000
    assert len(ours.train) + len(ours.test) == 1797
    joined = np.concatenate([ours.train.pixels, ours.test.pixels])
    order = np.random.default_rng(0).permutation(1797)
    assert_array_equal(joined, theirs.images[order])
    assert ours.train.features([0]).max() == 1.0
    assert "CC BY 4.0" in ours.source


def test_the_script_makes_the_shipped_file_again(tmp_path):
    import runpy
    import sys

    script = Path(__file__).parents[3] / "tools" / "make_digits.py"
    target, before = tmp_path / "again.npz", sys.argv
    sys.argv = [str(script), str(target)]
    try:
        runpy.run_path(str(script), run_name="__main__")
    finally:
        sys.argv = before
    with np.load(target, allow_pickle=False) as again, np.load(FILE, allow_pickle=False) as shipped:
        for name in ("pixels", "labels", "note"):
            assert_array_equal(again[name], shipped[name])


# --- files


def test_pairs_of_idx_files():
    pixels, labels = some()
    images = from_idx(idx(pixels), gzip.compress(idx(labels)))
    assert_array_equal(images.pixels, pixels)
    assert_array_equal(images.labels, labels)
    assert not images.pixels.flags.writeable
    assert_allclose(images.features([3, 1]), pixels[[3, 1]].reshape(2, 36) / 255, rtol=1e-6)


def test_what_two_idx_files_can_get_wrong():
    pixels, labels = some()
    assert reason(from_idx, idx(pixels), idx(labels[:-1])) == "count"
    assert reason(from_idx, idx(labels), idx(labels)) == "not_images"
    assert reason(from_idx, idx(pixels.astype(">i4"), 0x0C), idx(labels)) == "not_images"
    assert reason(from_idx, idx(pixels), idx(pixels)) == "label_shape"
    assert reason(from_idx, idx(pixels), idx(np.full(20, 10, np.uint8))) == "label_range"
    assert reason(from_idx, idx(pixels), idx(np.full(20, -1, ">i4"), 0x0C)) == "label_range"
    assert reason(from_idx, idx(np.zeros((2, 65, 65), np.uint8)), idx(labels[:2])) == "image_size"


def test_a_set_of_images_checks_what_it_is_made_of():
    pixels, labels = some(20)
    assert reason(Images, pixels.reshape(20, 36), labels) == "not_images"
    assert reason(Images, pixels.astype(np.float64), labels) == "not_images"
    assert reason(Images, pixels, labels.astype(int) - 1) == "label_range"
    with pytest.raises(FileError) as caught:
        Images(pixels, labels + 9)
    assert caught.value.values["label"] == 10, "the first label that is too large"


def test_uploads_are_told_apart_by_their_content():
    pixels, labels = some(20)
    data = from_contents({"what": labels, "ever": pixels})
    assert (len(data.train), len(data.test), data.split, data.n_classes) == (16, 4, "held_back", 3)
    more, more_labels = some(5)
    data = from_contents({
        "a-train": pixels, "l-train": labels, "t10k-images": more, "test.labels": more_labels,
    })  # fmt: skip
    assert (len(data.train), len(data.test), data.split) == (20, 5, "given")
    assert_array_equal(data.test.pixels, more)


def test_uploads_that_do_not_fit():
    pixels, labels = some(20)
    assert reason(from_contents, {"a": pixels}) == "no_labels"
    assert reason(from_contents, {"a": labels}) == "no_images"
    assert reason(from_contents, {"a": pixels, "b": pixels, "c": labels}) == "many_files"
    assert reason(from_contents, {"a": pixels, "b-test": pixels, "c": labels}) == "no_labels"
    assert reason(from_contents, {"a": pixels[:9], "b": labels[:9]}) == "few"
    empty = {"a-test": pixels[:0], "b-test": labels[:0]}
    assert reason(from_contents, {"a": pixels, "b": labels, **empty}) == "few", "nothing to test with"
    assert reason(from_contents, {"a": pixels, "b": np.ones(20, np.uint8)}) == "one_class"
    larger = np.zeros((20, 7, 7), np.uint8)
    pair = {"a": pixels, "b": labels, "a-test": larger, "b-test": labels}
    assert reason(from_contents, pair) == "sizes"
    assert reason(from_contents, {"a": pixels, "b": labels, "c": labels}) == "many_labels"
    assert reason(from_contents, {"a": pixels, "b": labels, "c": np.zeros((2, 2, 2, 2))}) == "not_images"
    table = PixelTable(np.zeros((20, 5), np.uint8), (), np.arange(20))
    assert reason(from_contents, {"a": pixels, "b": table}) == "mixed"
    assert reason(from_contents, {"a": table, "b": table, "c": table}) == "many_files"


@pytest.mark.parametrize(("brightest", "white"), [(1, 1), (7, 15), (15, 15), (16, 16), (17, 255), (255, 255)])
def test_the_level_of_full_ink_is_told_by_the_brightest_pixel(brightest, white):
    pixels, labels = np.zeros((20, 4, 4), np.uint8), np.arange(20, dtype=np.uint8) % 2
    pixels[3, 1, 1] = brightest
    data = from_contents({"a": pixels, "b": labels})
    assert (data.train.white, data.test.white) == (white, white)
    assert ("white", {"white": white}) in data.remarks


def test_labels_of_qmnist_are_read_and_said():
    pixels, labels = some(20)
    table = RNG.integers(0, 2**20, (20, 8)).astype(">i4")
    table[:, 0] = labels
    data = from_contents({"images": pixels, "labels": read_idx(idx(table, 0x0C))})
    assert_array_equal(np.sort(np.concatenate([data.train.labels, data.test.labels])), np.sort(labels))
    assert ("label_table", {}) in data.remarks
    assert_array_equal(from_idx(idx(pixels), idx(table, 0x0C)).labels, labels)


@pytest.mark.parametrize(
    ("labels", "named"),
    [
        (np.zeros((20, 10), np.uint8), "uint8 of shape 20 × 10"),
        (np.zeros((20, 8), np.uint8), "uint8 of shape 20 × 8"),
        (np.zeros(20, np.float32), "float32 of shape 20"),
    ],
)
def test_labels_of_another_shape_or_type_are_named(labels, named):
    pixels, _labels = some(20)
    with pytest.raises(FileError, match=named) as caught:
        from_contents({"images": pixels, "labels": labels})
    assert caught.value.reason == "label_shape"


def test_an_image_set_takes_no_copy():
    pixels, labels = some()
    assert np.shares_memory(Images(pixels, labels).rows, pixels)


def test_split_images_is_the_permutation_of_the_readme():
    pixels, labels = np.zeros((10_000, 2, 2), np.uint8), np.zeros(10_000, np.uint8)
    pixels[:, 0, 0] = np.arange(10_000) % 256
    train, test = split_images(Images(pixels, labels))
    order = np.random.default_rng(0).permutation(10_000)
    assert_array_equal(train.pixels, pixels[order[:8000]])
    assert_array_equal(test.pixels, pixels[order[8000:]])


@pytest.mark.skipif(not os.environ.get("SOFTMAX_LAB_DATA"), reason="SOFTMAX_LAB_DATA names no folder")
def test_the_real_test_set_of_mnist():
    from ui.images.downloads import find, load

    if not find("mnist"):
        pytest.skip("no MNIST in SOFTMAX_LAB_DATA")
    data = load("mnist")
    assert data.train.size == (28, 28)
    assert_array_equal(np.unique(data.test.labels), np.arange(10))


# --- looking


def test_counts_means_and_histogram():
    pixels, labels = some(300)
    images = Images(pixels, labels)
    assert_array_equal(class_counts(images, 4), [100, 100, 100, 0])
    means = mean_images(images, 4)
    assert_allclose(means[1], (pixels[labels == 1] / 255).mean(axis=0))
    assert np.isnan(means[3]).all()
    edges, counts = pixel_histogram(images, 16)
    assert counts.sum() == pixels.size
    assert_allclose(counts, np.histogram(pixels / np.float32(255), edges)[0])


def test_contributions_add_up_to_the_logits():
    pixels, labels = some(5)
    theta = RNG.normal(size=(37, 3)).astype(np.float32)
    Z = model_logits(Images(pixels, labels), theta)
    for i in range(5):
        parts = contributions(pixels[i].ravel() / 255, theta[:-1])
        assert_allclose(parts.sum(axis=0) + theta[-1], Z[i], rtol=1e-4, atol=1e-4)
    with pytest.raises(ValueError, match=r"received \(3,\), \(2, 2\)"):
        contributions(np.zeros(3), np.zeros((2, 2)))


# --- drawing

SEVEN = [[(0.27, 0.17), (0.74, 0.17), (0.45, 0.87)]]
MNIST = pad_format(28, 28)


def test_a_drawing_is_scaled_and_centred_as_mnist_did():
    image = draw(SEVEN, MNIST)
    rows, columns = np.flatnonzero(image.max(axis=1) > 0.5), np.flatnonzero(image.max(axis=0) > 0.5)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (20, 21)
    assert_allclose(center_of_mass(image), (13.5, 13.5), atol=0.05)
    assert image.min() == 0
    assert image.max() == 1


@pytest.mark.parametrize(("scale", "x", "y"), [(0.3, 0.0, 0.0), (0.5, 0.4, 0.1), (1.0, 0.0, 0.1)])
def test_place_and_size_of_a_drawing_change_nothing(scale, x, y):
    moved = [[(scale * u + x, scale * v + y) for u, v in stroke] for stroke in SEVEN]
    assert_allclose(draw(moved, MNIST), draw(SEVEN, MNIST), atol=1e-9)
    assert np.abs(draw(moved, MNIST, centred=False) - draw(SEVEN, MNIST, centred=False)).max() > 0.5


def test_a_pixel_is_its_distance_to_the_stroke():
    form = PadFormat(9, 9, 8.0, 1.0)
    image = draw([[(0.5, 0.5)]], form, centred=False)  # a dot in the middle of the middle pixel
    ys, xs = np.mgrid[:9, :9]
    assert_allclose(image, np.clip(1.5 - np.hypot(ys - 4, xs - 4), 0, 1))
    line = draw([[(0.0, 0.5), (1.0, 0.5)]], form, centred=False)
    assert_allclose(line, np.clip(1.5 - np.abs(ys - 4), 0, 1))


def test_ink_beside_the_pad_is_cut_off():
    inside = draw([[(0.5, 0.5)]], MNIST, centred=False)
    for beside in ((-0.3, 0.5), (1.3, 0.5), (0.5, -0.3), (0.5, 1.3)):
        assert_array_equal(draw([[(0.5, 0.5)], [beside]], MNIST, centred=False), inside)


def test_nothing_drawn_is_paper_and_a_dot_is_no_blot():
    assert_array_equal(draw([], MNIST), np.zeros((28, 28)))
    assert_array_equal(draw([[]], MNIST), np.zeros((28, 28)))
    assert 4 < draw([[(0.9, 0.1)]], MNIST).sum() < 10


def test_small_images_are_filled_from_top_to_bottom():
    image = draw(SEVEN, pad_format(8, 8))
    assert (image.max(axis=1) > 0.3).all()


def test_bad_formats_are_named():
    with pytest.raises(ValueError, match="box must be above twice the radius, received 2"):
        PadFormat(8, 8, 2.0, 1.0)
    with pytest.raises(ValueError, match=r"height must be .* received 0"):
        PadFormat(0, 8, 7.0, 1.0)
