"""A set of images: bytes with labels, converted batch by batch; and what can be wrong with a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

N_ = str  # marks a text for translation, as gettext does

SENTENCES = {
    "missing": N_("The file {name} cannot be read."),
    "gzip": N_("The gzip data is damaged: it cannot be unpacked to its end."),
    "too_large": N_("Unpacked, the file is larger than the limit of {limit} MB."),
    "unfolds": N_("The packed file unfolds to more than {ratio} times its size: that is no set of images."),
    "idx_magic": N_("This is not an IDX file: it must begin with two zero bytes, received {head}."),
    "gzip_in_gzip": N_("Inside the gzip file there is another gzip file: unpack it once and choose what comes out."),
    "archive": N_("This is a {kind} archive: unpack it and choose the files in it."),
    "html": N_("This is a web page (HTML), not the data: something went wrong when the file was downloaded."),
    "other_format": N_("This is a {kind} file; images are read from IDX files and from CSVs."),
    "idx_type": N_("The IDX type code {code} is unknown; the known ones are 0x08, 0x09, 0x0b to 0x0e."),
    "idx_axes": N_("An IDX file has 1 to 64 axes, received {axes}."),
    "idx_header": N_("The file ends within its header, after {received} bytes."),
    "idx_short": N_("The file is cut off: the dimensions {shape} need {wanted} bytes, received {received}."),
    "idx_long": N_("The dimensions {shape} need {wanted} bytes, but the file goes on after them."),
    "not_images": N_("Images are bytes of shape (n, height, width); this file holds {dtype} of shape {shape}."),
    "label_shape": N_("Labels are whole numbers of shape (n,); this file holds {dtype} of shape {shape}."),
    "image_size": N_("Images are 2 to 64 pixels high and wide, received {height} by {width}."),
    "no_images": N_("There are labels but no images."),
    "no_labels": N_("There are images but no labels for them."),
    "many_files": N_("{count} files of images do not fit together: one to train on and one to test on at most."),
    "many_labels": N_("{count} files of labels do not fit to one file of images."),
    "mixed": N_("IDX files and CSVs do not go together: choose one kind."),
    "which_test": N_("Two CSVs of the same length, {first} and {second}: which one is for testing?"),
    "count": N_("The number of images and the number of labels differ: {images} and {labels}."),
    "few": N_("Training and testing need at least 10 images, received {count}."),
    "label_range": N_("A label is a whole number from 0 to 9, received {label}."),
    "one_class": N_("All images carry the same label, {label}: there is nothing to tell apart."),
    "sizes": N_("The images to train on are {train}, those to test on {test}: the sizes must be equal."),
    "csv_empty": N_("The CSV holds no row with numbers."),
    "csv_row": N_("Line {line} of the CSV: the number of values is {received}, but {wanted} in the lines before it."),
    "csv_number": N_("Line {line} of the CSV holds something that is not a whole number from 0 to 255."),
    "csv_square": N_("A row of the CSV is a label and the pixels of a square picture; {pixels} is not a square number."),
    "csv_no_label": N_("The CSV has {columns} columns of pixels, a picture of {side} by {side}, and no column of labels."),
    "csv_widths": N_("The two CSVs have {first} and {second} columns: the numbers must be equal."),
    "csv_wide": N_("A row of the CSV has {received} values; a label and 64 × 64 pixels are {most}."),
    "csv_long": N_("The CSV has more than {most} rows; so many are read at most."),
    "csv_text": N_("The CSV is not text in UTF-8 or UTF-16."),
}  # fmt: skip


class FileError(ValueError):
    """A file that cannot be used.

    Parameters
    ----------
    reason : str
        A key of `SENTENCES`; a page translates the sentence by it.
    values : object
        What the sentence's places are filled with.

    Attributes
    ----------
    file : str or None
        The file at fault, where there are several.

    Examples
    --------
    >>> error = FileError("count", images=3, labels=2)
    >>> error.reason, str(error)
    ('count', 'The number of images and the number of labels differ: 3 and 2.')
    """

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(SENTENCES[reason].format(**values))
        self.reason = reason
        self.values = values
        self.file: str | None = None

    def blame(self, name: str, names: Collection[str]) -> FileError:
        """Remember which of several files is at fault, and return the error; a single file needs no name."""
        if len(names) > 1:
            self.file = name
        return self


Pixels = npt.NDArray[Any]
Labels = npt.NDArray[np.uint8]

SMALLEST_SIDE, LARGEST_SIDE = 2, 64
MOST_CLASSES = 10
FEWEST_IMAGES = 10
TEST_SHARE = 0.2

Split = Literal["given", "test_only", "held_back"]
Remark = tuple[str, Mapping[str, object]]
"""A code and its values: what `files.from_contents` inferred from the values of a file, for the page to say."""


@dataclass(frozen=True, eq=False)
class Images:
    """Images with their labels. The arrays are read-only and shared, not copied.

    Parameters
    ----------
    pixels : ndarray, shape (n, height, width)
        uint8, 0 for paper; or float32, already between 0 and 1 (then `white` is 1).
    labels : ndarray of uint8, shape (n,)
        Classes 0 .. 9.
    white : float
        The pixel value that becomes 1: 255 for MNIST, 16 for the digits.

    Raises
    ------
    FileError
        If the shapes or types do not fit: what a user's file can get wrong.

    Examples
    --------
    >>> Images(np.zeros((3, 8, 8), np.uint8), np.zeros(2, np.uint8))
    Traceback (most recent call last):
        ...
    softmax_core.images.image_set.FileError: The number of images and the number of labels differ: 3 and 2.
    """

    pixels: Pixels
    labels: Labels
    white: float = 255.0

    def __post_init__(self) -> None:
        pixels, labels = self.pixels, self.labels
        if pixels.ndim != 3 or pixels.dtype not in (np.uint8, np.float32):
            raise FileError("not_images", dtype=pixels.dtype, shape=pixels.shape)
        height, width = pixels.shape[1:]
        if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (height, width)):
            raise FileError("image_size", height=height, width=width)
        if labels.shape != pixels.shape[:1]:
            raise FileError("count", images=len(pixels), labels=labels.size)
        bad = (labels < 0) | (labels >= MOST_CLASSES)
        if bad.any():
            raise FileError("label_range", label=labels[bad][0])
        object.__setattr__(self, "labels", labels.astype(np.uint8, copy=False))
        for name in ("pixels", "labels"):
            view = getattr(self, name).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.pixels.shape[1], self.pixels.shape[2]

    @property
    def rows(self) -> Pixels:
        """The pixels as a matrix (n, d): one image per row, read line by line."""
        return self.pixels.reshape(len(self), -1)

    @property
    def scale(self) -> np.float32:
        """What a pixel is multiplied by to lie between 0 and 1."""
        return np.float32(1.0 / self.white)

    def features(self, which: slice | npt.NDArray[Any] | list[int]) -> npt.NDArray[np.float32]:
        """Return the chosen images as the model sees them: float32 rows between 0 and 1.

        Examples
        --------
        >>> Images(np.full((1, 2, 2), 128, np.uint8), np.zeros(1, np.uint8), white=256).features([0])
        array([[0.5, 0.5, 0.5, 0.5]], dtype=float32)
        """
        chosen: npt.NDArray[np.float32] = self.rows[which].astype(np.float32)
        chosen *= self.scale
        return chosen

    def take(self, which: npt.ArrayLike) -> Images:
        """Return the chosen images, copied."""
        chosen = np.asarray(which, dtype=np.int64)
        return replace(self, pixels=self.pixels[chosen], labels=self.labels[chosen])


@dataclass(frozen=True, eq=False)
class ImageData:
    """A part to train on and a part to test on.

    Parameters
    ----------
    name : str
        ``"digits"``, ``"mnist"``, ``"fashion"`` or ``"own"``.
    train, test : Images
    class_names : tuple of str
        One per class; K is their number.
    source : str
        Where the images come from.
    split : {"given", "test_only", "held_back"}
        Whether the files held both parts, or the test files alone, which were parted, or one part, of which
        some was held back.
    remarks : tuple of (code, values)
        What was inferred from the values of a user's files; see `softmax_core.images.files.from_contents`.
    """

    name: str
    train: Images
    test: Images
    class_names: tuple[str, ...]
    source: str
    split: Split = "given"
    remarks: tuple[Remark, ...] = ()

    def __post_init__(self) -> None:
        if self.train.size != self.test.size:
            train, test = (f"{part.size[0]} × {part.size[1]}" for part in (self.train, self.test))
            raise FileError("sizes", train=train, test=test)

    @property
    def n_classes(self) -> int:
        """The number of classes K."""
        return len(self.class_names)


def split_images(images: Images) -> tuple[Images, Images]:
    """Part a set by a fixed random permutation: the first four fifths to train on, the rest to test on.

    Returns
    -------
    train, test : Images
        10,000 images give 8,000 and 2,000; the same ones each time.

    Raises
    ------
    FileError
        If there are fewer than 10 images.

    Examples
    --------
    >>> images = Images(np.zeros((10, 2, 2), np.uint8), np.arange(10, dtype=np.uint8))
    >>> split_images(images)[1].labels.tolist()
    [8, 1]
    """
    if len(images) < FEWEST_IMAGES:
        raise FileError("few", count=len(images))
    order = np.random.default_rng(0).permutation(len(images))  # the measured accuracies depend on this seed
    n_train = len(images) - round(TEST_SHARE * len(images))
    return images.take(order[:n_train]), images.take(order[n_train:])
