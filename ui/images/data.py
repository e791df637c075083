"""The choice of a set of images: what ships, what lies in a folder, what can be fetched, what a learner brings."""

from __future__ import annotations

import streamlit as st

from locales import _
from softmax_core.images import ImageData, digits, from_files
from softmax_core.images.image_set import FileError
from ui.images import file_faults
from ui.images.downloads import FOLDER_VARIABLE, find, load
from ui.images.jobs import Fetching
from ui.images.offers import OFFERS
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
            st.error(f"`{files[0]}`: {file_faults.sentence(error)}")
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
        st.error(file_faults.download_sentence(job.error), icon=":material/cloud_off:")
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
        st.error(file_faults.sentence(fault))
