"""Drawn strokes as an image of the data set's kind: scaled and centred as MNIST did it.

The browser does the same in instruments/pixel_pad/strokes.js; a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from softmax_core.validation import finite_number, whole_number

Point = tuple[float, float]
Strokes = Sequence[Sequence[Point]]

SMALLEST_EXTENT = 0.15  # of the pad; without it a dot would be enlarged to a blot


@dataclass(frozen=True)
class PadFormat:
    """How large an image is and how much of it a drawing fills, all in pixels.

    Parameters
    ----------
    height, width : int
        Of the image.
    box : float
        Side of the square into which the ink is fitted; MNIST: 20 of 28.
    radius : float
        Half the width of the pen.
    by_mass : bool
        Whether the centre of mass comes to the middle of the image, as in MNIST, or that of the box.
    """

    height: int
    width: int
    box: float
    radius: float
    by_mass: bool = True

    def __post_init__(self) -> None:
        for name in ("height", "width"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), 2))
        for name in ("box", "radius"):
            object.__setattr__(self, name, finite_number(name, getattr(self, name), 0.0, above=True))
        if self.box <= 2 * self.radius:
            raise ValueError(f"box must be above twice the radius, received {self.box} and {self.radius}")


def pad_format(height: int, width: int) -> PadFormat:
    """Return the format of a data set's images by their size.

    From 16 pixels on it is MNIST's: the ink in 20 of 28 pixels, the pen as wide as an average pen there.
    Smaller images are as the 8 x 8 digits are: every one of them touches the top and the bottom.

    Examples
    --------
    >>> pad_format(28, 28)
    PadFormat(height=28, width=28, box=20.0, radius=1.3, by_mass=True)
    """
    side = min(height, width)
    if side >= 16:
        return PadFormat(height, width, side * 20.0 / 28, side * 1.3 / 28)
    return PadFormat(height, width, float(side), side * 0.75 / 8, by_mass=False)


def draw(strokes: Strokes, form: PadFormat, centred: bool = True) -> npt.NDArray[np.float64]:
    """Turn strokes into an image with values between 0 (paper) and 1 (ink).

    Parameters
    ----------
    strokes : sequence of sequences of (x, y)
        Points on the pad, x to the right and y down, the pad being 1 wide and 1 high. A stroke of one
        point is a dot.
    form : PadFormat
    centred : bool
        As MNIST's makers did: scale the drawing, its shape kept, so that its ink just fits the box;
        then shift it so that its centre of mass is the middle of the image. Without: as drawn.

    Returns
    -------
    ndarray of float64, shape (height, width)
        A pixel is ``clip(radius + 1/2 - distance, 0, 1)`` with the distance of its centre to the
        nearest stroke: the pen's edge is one pixel soft.

    Notes
    -----
    MNIST: "size normalized to fit in a 20x20 pixel box while preserving their aspect ratio ... centered
    in a 28x28 image by computing the center of mass of the pixels" (Y. LeCun). There a bitmap was
    scaled, and its pen with it; here the pen keeps its width.

    Examples
    --------
    The same stroke in a corner and in the middle, large and small, is the same image:

    >>> form = pad_format(28, 28)
    >>> big, small = draw([[(0.1, 0.1), (0.1, 0.9)]], form), draw([[(0.7, 0.2), (0.7, 0.4)]], form)
    >>> bool(np.allclose(big, small)), int((big.max(axis=1) > 0.5).sum())
    (True, 20)
    """
    placed = [np.asarray(stroke, dtype=np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not placed:
        return np.zeros((form.height, form.width))
    if not centred:
        return _ink([stroke * (form.width, form.height) for stroke in placed], form)
    points = np.concatenate(placed)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = (form.box - 2 * form.radius) / max(float((high - low).max()), SMALLEST_EXTENT)
    middle = np.array([form.width / 2, form.height / 2])
    placed = [(stroke - (low + high) / 2) * scale + middle for stroke in placed]
    image = _ink(placed, form)
    if not form.by_mass:
        return image
    ys, xs = np.mgrid[: form.height, : form.width] + 0.5
    total = image.sum()
    shift = middle - np.array([(image * xs).sum(), (image * ys).sum()]) / total
    return _ink([stroke + shift for stroke in placed], form)


def _ink(strokes: Sequence[npt.NDArray[np.float64]], form: PadFormat) -> npt.NDArray[np.float64]:
    """Draw strokes given in pixels."""
    image = np.zeros((form.height, form.width))
    pen_edge = form.radius + 0.5
    for stroke in strokes:
        # A stroke of one point is a segment from it to itself.
        for start, end in pairwise(stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)):
            low, high = np.minimum(start, end) - pen_edge, np.maximum(start, end) + pen_edge
            x0, y0 = (max(0, math.floor(v)) for v in low)
            x1, y1 = min(form.width, math.ceil(high[0])), min(form.height, math.ceil(high[1]))
            if x0 >= x1 or y0 >= y1:
                continue
            ys, xs = np.mgrid[y0:y1, x0:x1] + 0.5
            part = image[y0:y1, x0:x1]
            np.maximum(part, np.clip(pen_edge - _distance(xs, ys, start, end), 0.0, 1.0), out=part)
    return image


def _distance(
    xs: npt.NDArray[np.float64], ys: npt.NDArray[np.float64], start: npt.NDArray[np.float64],
    end: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Return the distance of points to a segment, which may be a single point."""
    dx, dy = end - start
    square = dx * dx + dy * dy
    along = np.clip(((xs - start[0]) * dx + (ys - start[1]) * dy) / square, 0.0, 1.0) if square else 0.0
    distance: npt.NDArray[np.float64] = np.hypot(xs - start[0] - along * dx, ys - start[1] - along * dy)
    return distance
