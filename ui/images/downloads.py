"""MNIST and Fashion-MNIST: where their files are looked for, and how they are fetched where they are missing.

No Streamlit here. A download is checked against the sums of the originals; files in a folder that somebody named
are taken as they are.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pooch
import requests
import urllib3

from softmax_core.images import ImageData, Images, from_idx, hold_back
from softmax_core.images.image_set import FileError
from ui.images.offers import OFFERS, PARTS, TEST, TRAIN, Offer

FOLDER_VARIABLE = "SOFTMAX_LAB_DATA"
CONNECT_SECONDS, SILENT_SECONDS = 10.0, 20.0
LARGEST_FILE = 64 * 2**20
_PIECE = 2**16

Found = dict[str, Path]
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


def find(name: str) -> Found:
    """Return the files of a set that are here: all four, or the two for testing, or none.

    The named folder comes before the cache, but four files anywhere come before two.
    """
    best: Found = {}
    for folder in _places(OFFERS[name]):
        found = {part: path for part in PARTS if (path := _file(folder, part)) is not None}
        complete = {
            part: found[part] for part in (PARTS if found.keys() == set(PARTS) else TEST) if part in found
        }
        if len(complete) > len(best) and len(complete) in (2, 4):
            best = complete
    return best


def _places(offer: Offer) -> list[Path]:
    places = []
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    if named:
        folder = Path(named).expanduser()
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
        except OSError:  # a folder that may not be looked into holds nothing for us
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
    return _parted(offer, test)


def _parted(offer: Offer, images: Images) -> ImageData:
    train, test = hold_back(images)
    return ImageData(offer.name, train, test, offer.class_names, offer.source, "test_only")


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
            if failure is None:
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
            # A server that drips would never be silent for long enough.
            if (elapsed := time.monotonic() - began) > 3 * silent_seconds and count < 1000 * elapsed:
                raise requests.Timeout(f"{count} bytes in {elapsed:.0f} s")
            file.write(part)
            arrived(count)
