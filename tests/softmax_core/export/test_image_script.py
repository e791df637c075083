"""The script from scratch: run beside its images, it must print what the training gives."""

import gzip
import re
import subprocess
import sys
from itertools import islice

import numpy as np
import pytest

from softmax_core.export import NoTemplateError
from softmax_core.export.image_script import image_script
from softmax_core.images import ImageData, Images, digits
from softmax_core.optimizers import Adam, GradientDescent, Momentum, Nesterov
from softmax_core.training import EpochConfig, first_epoch, train_epochs
from ui.images.story import images_file

CONFIGS = [
    EpochConfig(Momentum(0.1, 0.9), 256), EpochConfig(GradientDescent(0.5), 32, seed=3), EpochConfig(Adam(0.01), 64, 0.001),
]  # fmt: skip


def printed(text, folder):
    (folder / "script.py").write_text(text)
    run = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, check=True
    )
    return [float(share) for share in re.findall(r"([\d.]+)% of the test images right", run.stdout)]


def trained(data: ImageData, config, count):
    start = first_epoch(data.train, data.test, data.n_classes)
    return [
        100 * epoch.test_accuracy
        for epoch in islice(train_epochs(data.train, data.test, config, start), count)
    ]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: type(config.optimizer).__name__)
def test_the_script_ends_where_the_page_does(config, tmp_path):
    (tmp_path / "images.npz").write_bytes(images_file(digits()))
    shares = printed(image_script(config, 8, "npz"), tmp_path)
    assert len(shares) == 8
    # float64 against float32: at most one of 359 images on the border
    np.testing.assert_allclose(shares, trained(digits(), config, 8), atol=0.35)


def test_the_script_reads_the_four_files_of_mnist(tmp_path):
    rng = np.random.default_rng(0)
    parts = {}
    for name, n in (("train", 300), ("t10k", 100)):
        labels = np.arange(n) % 10
        pixels = rng.integers(0, 60, (n, 28, 28), dtype=np.uint8)
        pixels[np.arange(n), 2 * labels + 3] += 150
        parts[name] = Images(pixels, labels.astype(np.uint8))
        for kind, array in (("images-idx3", pixels), ("labels-idx1", labels.astype(np.uint8))):
            head = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
            (tmp_path / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + array.tobytes()))
    data = ImageData("mnist", parts["train"], parts["t10k"], tuple("0123456789"), "made up")
    config = EpochConfig(Momentum(0.01, 0.9), 64)
    np.testing.assert_allclose(
        printed(image_script(config, 3, "idx"), tmp_path), trained(data, config, 3), atol=1.01
    )


@pytest.mark.parametrize("config", CONFIGS)
def test_the_script_is_short(config):
    lines = [line for line in image_script(config, 8, "npz").splitlines() if line]
    assert len(lines) <= 32


def test_an_optimiser_without_a_text_is_refused():
    with pytest.raises(NoTemplateError):
        image_script(EpochConfig(Nesterov(0.1)), 1, "npz")
