"""What can be wrong with a file of data: a code for the program, a sentence for the reader."""

from __future__ import annotations

SENTENCES = {
    "missing": "The file {name} cannot be read.",
    "gzip": "The gzip data is damaged: it cannot be unpacked to its end.",
    "too_large": "Unpacked, the file is larger than the limit of {limit} MB.",
    "idx_magic": "This is no IDX file: it must begin with two zero bytes, received {head}.",
    "idx_type": "The IDX type code {code} is unknown; the known ones are 0x08, 0x09, 0x0b to 0x0e.",
    "idx_axes": "An IDX file has 1 to 64 axes, received {axes}.",
    "idx_header": "The file ends within its header, after {received} bytes.",
    "idx_short": "The file is cut off: the dimensions {shape} need {wanted} bytes, received {received}.",
    "idx_long": "The dimensions {shape} need {wanted} bytes, but the file goes on after them.",
    "not_images": "Images are bytes of shape (n, height, width); this file holds {dtype} of shape {shape}.",
    "image_size": "Images are 2 to 64 pixels high and wide, received {height} by {width}.",
    "no_images": "There are labels but no images.",
    "no_labels": "There are images but no labels for them.",
    "many_files": "{count} files of images do not fit together: one to train on and one to test on at most.",
    "count": "The number of images and the number of labels differ: {images} and {labels}.",
    "few": "Training and testing need at least 10 images, received {count}.",
    "label_range": "A label is a whole number from 0 to 9, received {label}.",
    "one_class": "All images carry the same label, {label}: there is nothing to tell apart.",
    "sizes": "The images to train on are {train}, those to test on {test}: the sizes must be equal.",
    "csv_empty": "The CSV holds no row with numbers.",
    "csv_row": "Line {line} of the CSV has {received} values, the lines before it have {wanted}.",
    "csv_number": "Line {line} of the CSV holds something that is no whole number from 0 to 255.",
    "csv_square": "A row of the CSV is a label and the pixels of a square picture; {pixels} is no square.",
    "csv_text": "The CSV is no UTF-8 text.",
}


class FileError(ValueError):
    """A file that cannot be used.

    Parameters
    ----------
    reason : str
        A key of `SENTENCES`; whoever shows the error in another language translates by it.
    values : object
        What the sentence's places are filled with.

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
