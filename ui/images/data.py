"""The choice of a set of images: what ships, what lies in a folder, what can be fetched, what a learner brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from locales import _, joined, translated
from softmax_core.images import ImageData, digits, from_contents
from softmax_core.images.files import Content
from softmax_core.images.image_set import SENTENCES, FileError
from ui.images import own
from ui.images.downloads import FOLDER_VARIABLE, OFFERS, DownloadError, Fetching, find, load
from ui.images.files import read_files
from ui.widgets import controls
from ui.widgets.own import Own, load_own, say_in_link, store_own

_LAST, _UPLOAD = "_images_last", "_images_upload"
PARAMETER = "images_own"


@dataclass
class _Upload:
    """What lies in the uploader: its files, what they hold, and why they cannot be used or what is asked of them."""

    chosen: tuple[str, ...]
    contents: Mapping[str, Content]
    fault: FileError | None = None
    question: FileError | None = None
    test: str | None = None


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
    return controls.segmented("images_data", _("Images"), set_names(), "digits", label_visible=False)


def set_names() -> dict[str, str]:
    """Return the names of the sets by their codes."""
    return {"digits": _("Digits 8 × 8"), "mnist": "MNIST", "fashion": "Fashion-MNIST", "own": _("Your own")}


def data_of(name: str) -> ImageData:
    """Return the chosen set, with what there is to say of it; the one before it where it is not there yet."""
    instead = _(
        "Your own images are not in the link. Send their files too: the page of the link asks for them."
    )
    say_in_link(PARAMETER, name == "own", instead)
    if name == "own":
        _upload()
        data = _own()
    else:
        data = digits() if name == "digits" else _found(name)
    if data is None:
        data = st.session_state.get(_LAST) or digits()
        st.caption(_("Until then the page shows {name}.").format(name=set_names()[data.name]))
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
    texts = {
        "given": _("{train} images to train on, {test} to test on, {size} pixels."),
        "held_back": _("{train} images to train on, {test} held back for testing, {size} pixels."),
        "test_only": _("Only the test files were found: they are split, {train} images to train on and {test} to test on, {size} pixels."),
    }  # fmt: skip
    remarks = [_remark(code, values) for code, values in data.remarks]
    st.caption(joined(texts[data.split].format(size=size, **counts), *remarks))


def _remark(code: str, values: Mapping[str, object]) -> str:
    """Say what was told by the values of a learner's files."""
    texts = {
        "index": _("The first column only counts the rows and is left out."),
        "label_named": _("The column {name} holds the labels."),
        "label_first": _("The first column holds the labels; its values say so."),
        "label_second": _("The second column holds the labels; its values say so."),
        "label_last": _("The last column holds the labels; its values say so."),
        "label_table": _(
            "The labels are a table of eight columns, as in QMNIST; its first column is the digit."
        ),
        "test_by_name": _("The file {name} is for testing, as the names say."),
        "test_by_size": _("The file {name} is for testing, because it is the smaller one."),
        "white": _("Pixel values run from 0 for paper to {white} for full ink."),
    }
    return texts[code].format(**_shown(values))


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
        _("IDX files of images and labels (.gz or not), or one or two CSVs: in each row a label and the pixels of a square picture"),
        accept_multiple_files=True, key="images_files", max_upload_size=200,
    )  # fmt: skip
    chosen = tuple(file.file_id for file in files)
    upload: _Upload = st.session_state.setdefault(_UPLOAD, _Upload((), {}))
    if chosen != upload.chosen:
        upload = st.session_state[_UPLOAD] = _Upload(chosen, {})
        if files:
            try:
                upload.contents = read_files(_by_name(files))
            except FileError as error:
                upload.fault = error
            else:
                _join(upload)
    if upload.question is not None:
        answer = st.radio(
            sentence(upload.question), list(upload.contents), index=None, format_func=_as_code,
            key="images_test_file", horizontal=True,
        )  # fmt: skip
        if answer is not None and answer != upload.test:
            upload.test = answer
            _join(upload)
    if upload.fault is not None:
        st.error(sentence(upload.fault))


def _own() -> ImageData | None:
    """Return the images that the learner brought, now or in an earlier visit; the browser keeps them from now on."""
    brought = load_own(PARAMETER, own.from_text, _("own images"))
    if brought is None:
        return None
    if brought.text is None:
        st.caption(
            _("These images are too many for this browser to keep. After a reload, choose their files again.")
        )
    data: ImageData = brought.data
    return data


def _join(upload: _Upload) -> None:
    """Make a data set of what was uploaded, or remember what stands against it."""
    upload.fault = None
    try:
        data = from_contents(upload.contents, upload.test)
        store_own(PARAMETER, Own(data, own.as_text(data)))
    except FileError as error:
        if error.reason == "which_test":
            upload.question = error
        else:
            upload.fault = error
    else:
        if upload.question is None:  # only for an answer they are needed again
            upload.contents = {}


def _by_name(files: Sequence[Any]) -> dict[str, Any]:
    """Return files by their names; of two with the same name the second gets a number."""
    named: dict[str, Any] = {}
    for file in files:
        name, count = file.name, 1
        while name in named:
            count += 1
            name = f"{count} {file.name}"
        named[name] = file
    return named


def _shown(values: Mapping[str, object]) -> dict[str, object]:
    """Return values as they stand in a sentence: texts of the learner's are shown letter by letter."""
    return {
        key: _as_code(str(value)) if key in ("name", "first", "second") else value
        for key, value in values.items()
    }


def _as_code(text: str) -> str:
    short = " ".join(text.replace("`", "'").split())
    return f"`{short if len(short) <= 60 else short[:60] + '…'}`"


def sentence(error: FileError) -> str:
    """Translate a fault by its reason."""
    text = translated(SENTENCES[error.reason]).format(**_shown(error.values))
    return text if error.file is None else f"{_as_code(error.file)}: {text}"


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
    return joined(reason, _("Nothing was kept of it; try again, or upload the files yourself."))
