"""MNIST and Fashion-MNIST: where their files are looked for, and how they are fetched where they are missing.

No Streamlit here. A download is checked against the sums of the originals; files in a folder that somebody named
are taken as they are.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pooch
import requests
import urllib3

from softmax_core.images import ImageData, from_idx, split_images
from softmax_core.images.image_set import FileError
from softmax_core.progress import Watch
from ui.widgets.jobs import Job

TRAIN = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
TEST = ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
PARTS = TRAIN + TEST
DIGIT_NAMES = tuple("0123456789")


@dataclass(frozen=True)
class Offer:
    """A data set that can be fetched.

    Parameters
    ----------
    name
        ``"mnist"`` or ``"fashion"``.
    folders
        Names of a subfolder that may hold its files; the first is used in the cache.
    mirrors
        Addresses that the names of the files are appended to, tried in this order.
    md5
        Of the gzipped files, in the order of `PARTS`.
    size
        Of all four together, in bytes.
    """

    name: str
    folders: tuple[str, ...]
    mirrors: tuple[str, ...]
    md5: tuple[str, str, str, str]
    size: int
    class_names: tuple[str, ...]
    source: str


OFFERS: Mapping[str, Offer] = {
    "mnist": Offer(
        "mnist",
        ("mnist", "MNIST"),
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
        (
            "f68b3c2dcbeaaa9fbdd348bbdeb94873", "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3", "ec29112dd5afa0611ce80d1b7f02629c",
        ),
        11_594_722,
        DIGIT_NAMES,
        "Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits",
    ),
    "fashion": Offer(
        "fashion",
        ("fashion-mnist", "fashion", "FashionMNIST"),
        (
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        ),
        (
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
        ),
        30_878_645,
        (
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        "H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST (2017), arXiv:1708.07747, MIT licence",
    ),
}  # fmt: skip

FOLDER_VARIABLE = "SOFTMAX_LAB_DATA"
CONNECT_SECONDS, SILENT_SECONDS = 10.0, 20.0
LARGEST_FILE = 64 * 2**20
_PIECE = 2**16

Files = dict[str, Path]
Advance = Callable[[int, int], None]
"""Told (bytes received, bytes expected, 0 where the server does not say); raises to end the download."""


class DownloadError(Exception):
    """A download that did not succeed; ``reason`` says why, ``values`` with what."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(f"{reason}: {values}")
        self.reason = reason
        self.values = values


def cache_folder() -> Path:
    """Return the folder for downloads: the usual place for caches of this user."""
    return Path(pooch.os_cache("softmax-lab"))


def find(name: str) -> Files:
    """Return the files of a set that are here: all four, or the two for testing, or none.

    The named folder comes before the cache, but four files anywhere come before two.
    """
    best: Files = {}
    for folder in _places(OFFERS[name]):
        files = {part: path for part in PARTS if (path := _file(folder, part)) is not None}
        complete = {
            part: files[part] for part in (PARTS if files.keys() == set(PARTS) else TEST) if part in files
        }
        if len(complete) > len(best) and len(complete) in (2, 4):
            best = complete
    return best


def _places(offer: Offer) -> list[Path]:
    places = []
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    if named:
        folder = Path(os.path.expanduser(named))  # the method of a path raises for a user that nobody knows
        places += [folder / name for name in offer.folders]
        # Both sets have files of the same names: lying bare in the folder they are told apart by its name.
        if ("fashion" in folder.name.lower()) == (offer.name == "fashion"):
            places.append(folder)
    return [*places, cache_folder() / offer.folders[0]]


def _file(folder: Path, part: str) -> Path | None:
    dotted = part.replace("-idx", ".idx")
    for name in (f"{part}.gz", part, f"{dotted}.gz", dotted):
        try:
            if (folder / name).is_file():
                return folder / name
        except OSError:  # a folder that cannot be read counts as empty
            continue
    return None


def load(name: str) -> ImageData:
    """Read a set from the files that `find` finds.

    Raises
    ------
    FileError
        If there are none, or they cannot be used.
    """
    offer, files = OFFERS[name], find(name)
    if not files:
        raise FileError("missing", name=TEST[0])
    test = from_idx(files[TEST[0]], files[TEST[1]])
    if len(files) == len(PARTS):
        train = from_idx(files[TRAIN[0]], files[TRAIN[1]])
        return ImageData(name, train, test, offer.class_names, offer.source, "given")
    return ImageData(name, *split_images(test), offer.class_names, offer.source, "test_only")


def download(
    offer: Offer, advance: Advance, folder: Path | None = None, silent_seconds: float = SILENT_SECONDS
) -> None:
    """Fetch the files of a set that the cache does not hold yet, each whole and checked or not at all.

    Parameters
    ----------
    advance
        Called while bytes arrive, with the count over all four files. What it raises ends the download;
        the file under way is removed, those that are complete stay.
    folder
        Where to put them; the cache unless a test says otherwise.
    silent_seconds
        How long a server may send nothing.

    Raises
    ------
    DownloadError
        If no mirror has a file that passes its check; of the last one.
    """
    pooch.get_logger().setLevel("WARNING")
    target = folder or cache_folder() / offer.folders[0]
    done = 0
    for part, md5 in zip(PARTS, offer.md5, strict=True):
        before = done

        def arrived(count: int, before: int = before) -> None:
            nonlocal done
            done = before + count
            advance(done, offer.size)

        failure: DownloadError | None = None
        for mirror in offer.mirrors:
            failure = _fetch(f"{mirror}{part}.gz", md5, target, arrived, silent_seconds)
            if failure is None or failure.reason == "disk":  # another mirror makes no room
                break
        if failure is not None:
            raise failure
        done = before + (target / f"{part}.gz").stat().st_size
        advance(done, offer.size)


def _fetch(
    url: str, md5: str, target: Path, arrived: Callable[[int], None], silent_seconds: float
) -> DownloadError | None:
    """Fetch one file through pooch, which writes to a temporary name, checks the sum, then renames."""

    def stream(address: str, output: str, _pooch: Any) -> None:
        _stream(address, output, arrived, silent_seconds)

    try:
        pooch.retrieve(url, f"md5:{md5}", url.rpartition("/")[2], target, downloader=stream)
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        return DownloadError("status", url=url, status=status)
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        return DownloadError("slow", url=url, seconds=f"{silent_seconds:g}")
    except requests.ConnectionError:
        return DownloadError("unreachable", url=url)
    except (requests.RequestException, urllib3.exceptions.HTTPError):
        return DownloadError("cut", url=url)
    except ValueError:  # pooch: the sum of what arrived is another
        return DownloadError("checksum", url=url)
    except OSError:
        return DownloadError("disk", folder=str(target))
    return None


def _stream(url: str, output: str, arrived: Callable[[int], None], silent_seconds: float) -> None:
    """Copy what a server sends to a file, as it arrives: pooch's own loop waits for whole blocks."""
    timeout = (CONNECT_SECONDS, silent_seconds)
    headers = {"Accept-Encoding": "identity"}  # the sum is that of the gzipped file
    with (
        requests.get(url, stream=True, timeout=timeout, headers=headers) as answer,
        open(output, "wb") as file,
    ):
        answer.raise_for_status()
        count, began = 0, time.monotonic()
        while part := answer.raw.read1(_PIECE):
            count += len(part)
            if count > LARGEST_FILE:
                raise requests.RequestException(f"more than {LARGEST_FILE} bytes")
            # A server that sends a byte now and then is never silent for so long.
            if (elapsed := time.monotonic() - began) > 3 * silent_seconds and count < 1000 * elapsed:
                raise requests.Timeout(f"{count} bytes in {elapsed:.0f} s")
            file.write(part)
            arrived(count)


class Cancelled(BaseException):
    """Ends a download; no Exception, so that no handler takes it for a fault of the server."""


class Fetching:
    """A download in the background, one per data set and process, shared by all readers who wait for it."""

    def __init__(self, offer: Offer, fetch: Callable[..., None] = download) -> None:
        self._offer = offer
        self._fetch = fetch
        self._lock = threading.Lock()
        self._job: Job[None] | None = None

    @property
    def running(self) -> bool:
        """Whether bytes are on their way, and nobody has given up."""
        return self._job is not None and not self._job.stopped and not self._job.finished()

    @property
    def received(self) -> int:
        """The bytes that have arrived."""
        return self._job.done if self._job is not None else 0

    @property
    def expected(self) -> int:
        """The bytes of all files together."""
        steps = self._job.steps if self._job is not None else 0
        return max(self.received, steps or self._offer.size)

    @property
    def finished(self) -> bool:
        """Whether all files have arrived."""
        job = self._job
        return job is not None and not job.stopped and job.finished() and self.error is None

    @property
    def error(self) -> DownloadError | None:
        """Why the last download did not succeed; None where it did, or goes on, or was given up."""
        job = self._job
        if job is None or job.stopped or not job.finished():
            return None
        try:
            job.result()
        except DownloadError as failure:
            return failure
        except BaseException:
            self._job = None  # an error in our code is raised once, and the download can be tried again
            raise
        return None

    def go(self) -> None:
        """Begin, or begin again after a failure; nothing where it is under way."""
        with self._lock:
            if not self.running:
                # A new job each time: a thread that was told to stop is never used again.
                self._job = Job("download", self._work, pool=None)

    def cancel(self) -> None:
        """Give up at once; the thread ends when the server next says something, and removes the file under way."""
        if self._job is not None:
            self._job.stop()

    def _work(self, watch: Watch) -> None:
        def advance(done: int, expected: int) -> None:
            if not watch(done, expected):
                raise Cancelled

        self._fetch(self._offer, advance)
