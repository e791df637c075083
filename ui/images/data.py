"""The choice of a set of images: what ships, what lies in a folder, what can be fetched, what a learner brings."""

from __future__ import annotations

import streamlit as st

from locales import _
from softmax_core.images import ImageData, digits, from_files
from softmax_core.images.image_set import FileError
from ui.images.downloads import FOLDER_VARIABLE, OFFERS, DownloadError, Fetching, find, load
from ui.widgets import controls

_OWN, _FAULT, _LAST, _SEEN = "_images_own", "_images_fault", "_images_last", "_images_seen"


# One copy per process, for all visitors: 55 MB for a set of 70,000 images.
@st.cache_resource(max_entries=4, show_spinner=False)
def _shared(name: str, files: tuple[str, ...]) -> ImageData:
    return load(name)


@st.cache_resource(show_spinner=False)
def _fetching(name: str) -> Fetching:
    return Fetching(OFFERS[name])


def is_fetching() -> bool:
    """Whether the set that this reader chose is on its way."""
    name = str(st.session_state.get("images_data"))
    return name in OFFERS and bool(_fetching(name).running)


def choose_name() -> str:
    """Show the choice of sets; return the code of the chosen one."""
    return controls.segmented("images_data", _("Images"), _options(), "digits", label_visible=False)


def _options() -> dict[str, str]:
    return {"digits": _("Digits 8 × 8"), "mnist": "MNIST", "fashion": "Fashion-MNIST", "own": _("Your own")}


def data_of(name: str) -> ImageData:
    """Return the chosen set, with what there is to say of it; the one before it where it is not there yet."""
    if name == "own":
        _upload()
        data: ImageData | None = st.session_state.get(_OWN)
    else:
        data = digits() if name == "digits" else _found(name)
    if data is None:
        data = st.session_state.get(_LAST) or digits()
        st.caption(_("Until then the page shows {name}.").format(name=_options()[data.name]))
    elif data.split != "test_only":
        _say_split(data)
    st.session_state[_LAST] = data
    return data


def class_names(data: ImageData) -> list[str]:
    """Return the names of the classes in the reader's language; digits are their own names."""
    if data.name != "fashion":
        return list(data.class_names)
    return [
        _("T-shirt"), _("Trousers"), _("Pullover"), _("Dress"), _("Coat"),
        _("Sandal"), _("Shirt"), _("Sneaker"), _("Bag"), _("Ankle boot"),
    ]  # fmt: skip


def _say_split(data: ImageData) -> None:
    counts = {"train": f"{len(data.train):,}", "test": f"{len(data.test):,}"}
    size = " × ".join(map(str, data.train.size))
    says = {
        "given": _("{train} images to train on, {test} to test on, {size} pixels."),
        "held_back": _("{train} images to train on, {test} held back for testing, {size} pixels."),
        "test_only": _("Only the test files were found: they are split, {train} images to train on and {test} to test on, {size} pixels."),
    }  # fmt: skip
    st.caption(says[data.split].format(size=size, **counts))


def _found(name: str) -> ImageData | None:
    """Return a set whose files are here, and offer the download where some are missing."""
    files = tuple(sorted(map(str, find(name).values())))
    data = None
    if files:
        try:
            data = _shared(name, files)
        except FileError as error:
            st.error(f"`{files[0]}`: {sentence(error)}")
    if data is None or data.split != "given":
        _offer(name, data)
    return data


def _offer(name: str, part: ImageData | None) -> None:
    job, megabytes = _fetching(name), round(OFFERS[name].size / 1e6)
    if job.running:
        share = min(1.0, job.received / job.expected)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(
                share, _("{done:.1f} of {all:.1f} MB").format(done=job.received / 1e6, all=job.expected / 1e6)
            )
            st.button(_("Cancel"), key="images_cancel", on_click=job.cancel)
        return
    if job.error is not None:
        st.error(download_sentence(job.error), icon=":material/cloud_off:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if part is None:
            st.markdown(
                _(
                    "These images are not on this computer. Put their four files into the folder that {variable} names, upload them under “Your own”, or download them."
                ).format(variable=f"`{FOLDER_VARIABLE}`")
            )
        else:
            _say_split(part)
        label = _("Download {size} MB") if part is None else _("Download all ({size} MB)")
        st.button(
            label.format(size=megabytes),
            key="images_download",
            on_click=job.go,
            icon=":material/download:",
            type="secondary" if part is None else "tertiary",
        )


def _upload() -> None:
    """Take files; where they cannot be used say why, and keep what was there before."""
    files = st.file_uploader(
        _("IDX files of images and labels (.gz or not), or one CSV: label, then the pixels of a square picture"),
        accept_multiple_files=True, key="images_files", max_upload_size=200,
    )  # fmt: skip
    chosen = tuple(file.file_id for file in files)
    if chosen != st.session_state.get(_SEEN, ()):
        st.session_state[_SEEN] = chosen
        st.session_state[_FAULT] = None
        if files:
            try:
                st.session_state[_OWN] = from_files({file.name: file for file in files})
            except FileError as error:
                st.session_state[_FAULT] = error
    if (fault := st.session_state.get(_FAULT)) is not None:
        st.error(sentence(fault))


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
