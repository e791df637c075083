"""What is wrong with a user's file, in the reader's language."""

from __future__ import annotations

from locales import _
from softmax_core.images.image_set import FileError
from ui.images.downloads import DownloadError


def sentence(error: FileError) -> str:
    """Translate a fault by its reason."""
    texts = {
        "missing": _("The file {name} cannot be read."),
        "gzip": _("The gzip data is damaged: it cannot be unpacked to its end."),
        "too_large": _("Unpacked, the file is larger than the limit of {limit} MB."),
        "idx_magic": _("This is no IDX file: it must begin with two zero bytes, received {head}."),
        "idx_type": _("The IDX type code {code} is unknown; the known ones are 0x08, 0x09, 0x0b to 0x0e."),
        "idx_axes": _("An IDX file has 1 to 64 axes, received {axes}."),
        "idx_header": _("The file ends within its header, after {received} bytes."),
        "idx_short": _(
            "The file is cut off: the dimensions {shape} need {wanted} bytes, received {received}."
        ),
        "idx_long": _("The dimensions {shape} need {wanted} bytes, but the file goes on after them."),
        "not_images": _(
            "Images are bytes of shape (n, height, width); this file holds {dtype} of shape {shape}."
        ),
        "image_size": _("Images are 2 to 64 pixels high and wide, received {height} by {width}."),
        "no_images": _("There are labels but no images."),
        "no_labels": _("There are images but no labels for them."),
        "many_files": _(
            "{count} files of images do not fit together: one to train on and one to test on at most."
        ),
        "count": _("The number of images and the number of labels differ: {images} and {labels}."),
        "few": _("Training and testing need at least 10 images, received {count}."),
        "label_range": _("A label is a whole number from 0 to 9, received {label}."),
        "one_class": _("All images carry the same label, {label}: there is nothing to tell apart."),
        "sizes": _("The images to train on are {train}, those to test on {test}: the sizes must be equal."),
        "csv_empty": _("The CSV holds no row with numbers."),
        "csv_row": _("Line {line} of the CSV has {received} values, the lines before it have {wanted}."),
        "csv_number": _("Line {line} of the CSV holds something that is no whole number from 0 to 255."),
        "csv_square": _(
            "A row of the CSV is a label and the pixels of a square picture; {pixels} is no square."
        ),
        "csv_text": _("The CSV is no UTF-8 text."),
    }
    return texts[error.reason].format(**error.values)


def download_sentence(error: DownloadError) -> str:
    """Say why a download failed, and that it can be tried again."""
    texts = {
        "status": _("The server answered {status} for {url}."),
        "slow": _("The server was silent or too slow for more than {seconds} seconds: {url}."),
        "unreachable": _("The server cannot be reached: {url}."),
        "cut": _("The connection broke off: {url}."),
        "checksum": _("What arrived is not the file that was expected, its checksum differs: {url}."),
        "disk": _("The folder {folder} cannot be written to."),
    }
    reason = texts[error.reason].format(**error.values)
    return f"{reason} {_('Nothing was kept of it; try again, or upload the files yourself.')}"
