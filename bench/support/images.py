"""A data set as large as MNIST, made up."""

from pathlib import Path

import numpy as np

N = 60_000


def write_large_set(folder: Path) -> None:
    """Write 60,000 random images as MNIST's four files."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name, n in (("train", N), ("t10k", 10_000)):
        images, labels = (
            rng.integers(0, 256, (n, 28, 28), dtype=np.uint8),
            rng.integers(0, 10, n).astype(np.uint8),
        )
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            head = bytes([0, 0, 8, array.ndim]) + b"".join(
                length.to_bytes(4, "big") for length in array.shape
            )
            (folder / f"{name}-{kind}-ubyte").write_bytes(head + array.tobytes())
