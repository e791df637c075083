"""A learner's own images as a text that the browser keeps, and back: the files that they could have come in."""

from __future__ import annotations

import base64
import gzip

import numpy as np
import numpy.typing as npt

from softmax_core.images import ImageData, from_contents
from ui.frame import kept
from ui.images.files import read_files

_FILES = ("train-images", "train-labels", "test-images", "test-labels")
MOST_BYTES = 20_000_000
"""Of pixels: more are not even packed, which takes a second."""


def as_text(data: ImageData) -> str | None:
    """Return the images as four IDX files, packed, one a line; None where they are too many, or pixels are no bytes.

    Examples
    --------
    >>> from softmax_core.images import digits
    >>> len(as_text(digits()).split("\\n"))
    4
    """
    parts = (data.train, data.test)
    if (
        any(part.pixels.dtype != np.uint8 for part in parts)
        or sum(part.pixels.nbytes for part in parts) > MOST_BYTES
    ):
        return None
    text = "\n".join(_packed(array) for part in parts for array in (part.pixels, part.labels))
    return text if len(text) <= kept.LONGEST else None


def _packed(array: npt.NDArray[np.uint8]) -> str:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(length.to_bytes(4, "big") for length in array.shape)
    return base64.b64encode(gzip.compress(head + array.tobytes(), 6, mtime=0)).decode()


def from_text(text: str) -> ImageData:
    """Read what `as_text` wrote, by the rules of an upload.

    Raises
    ------
    ValueError
        If it is no such text; a `FileError` where its files are not what they should be.
    """
    lines = text.split("\n")
    if len(lines) != len(_FILES):
        raise ValueError(f"{len(_FILES)} files, got {len(lines)}")
    files = {name: base64.b64decode(line, validate=True) for name, line in zip(_FILES, lines, strict=True)}
    return from_contents(read_files(files, MOST_BYTES))
