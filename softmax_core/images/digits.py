"""The digits that ship with the app: 8 by 8 pixels, small enough to train within a second."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from softmax_core.images.image_set import N_, ImageData, Images, split_images

FILE = Path(__file__).with_name("digits.npz")
WHITE = 16.0
SOURCE = N_(
    "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998), UCI Machine Learning "
    "Repository, doi:10.24432/C50P49, CC BY 4.0; the 1,797 images of scikit-learn's copy"
)


@cache
def digits() -> ImageData:
    """Return 1,797 handwritten digits of 43 writers, 8 x 8 pixels of 0 .. 16.

    Each pixel counts the inked points of a 4 x 4 block of a scanned 32 x 32 bitmap. Parted by
    `split_images`: 1,438 to train on, 359 to test on.

    Examples
    --------
    >>> data = digits()
    >>> len(data.train), len(data.test), data.train.size, int(data.train.pixels.max())
    (1438, 359, (8, 8), 16)
    """
    with np.load(FILE, allow_pickle=False) as stored:
        images = Images(stored["pixels"], stored["labels"], WHITE)
    train, test = split_images(images)
    return ImageData("digits", train, test, tuple("0123456789"), SOURCE, "held_back")
