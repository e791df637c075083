"""Downloads against a server on the loopback: whole and checked, or no file at all."""

import gzip
import hashlib
import socket
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from softmax_core.images.image_set import FileError
from tests.limits import until
from ui.images import downloads as images_files
from ui.images.downloads import OFFERS, PARTS, TEST, DownloadError, Fetching, download, find, load


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype(np.uint8).tobytes()


def files(n_train: int = 30, n_test: int = 20) -> dict[str, bytes]:
    rng = np.random.default_rng(0)
    made = {}
    for part, n in zip(PARTS, (n_train, n_train, n_test, n_test), strict=True):
        array = rng.integers(0, 256, (n, 28, 28)) if "images" in part else np.arange(n) % 10
        made[f"{part}.gz"] = gzip.compress(idx(array))
    return made


class Handler(BaseHTTPRequestHandler):
    """Serves `files`; `faults` maps a name to how it goes wrong, once for each time it stands there."""

    files: dict[str, bytes]
    faults: dict[str, list[str]]
    asked: list[str]

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        self.asked.append(self.path)
        faults = self.faults.get(name, [])
        fault = faults.pop(0) if faults else ""
        body = self.files[name]
        if fault == "404":
            self.send_error(404)
            return
        if fault == "other":
            body = body[:-1] + bytes([body[-1] ^ 1])
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "cut":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault == "silent":
            self.wfile.write(body[:10])
            self.wfile.flush()
            time.sleep(3)
        elif fault == "drip":
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.1)
        else:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """The client hangs up in some of these tests: no news."""


@pytest.fixture
def web():
    server = Quiet(("127.0.0.1", 0), Handler)
    Handler.files, Handler.faults, Handler.asked = files(), {}, []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def offer(web):
    sums = tuple(hashlib.md5(Handler.files[f"{part}.gz"]).hexdigest() for part in PARTS)
    return replace(OFFERS["mnist"], mirrors=(web,), md5=sums, size=sum(map(len, Handler.files.values())))


def ignore(done: int, total: int) -> None:
    pass


def test_all_four_files_arrive_with_progress(offer, tmp_path, monkeypatch):
    seen: list[int] = []
    download(offer, lambda done, total: seen.append(done), tmp_path / "mnist")
    assert {path.name: path.read_bytes() for path in (tmp_path / "mnist").iterdir()} == Handler.files
    assert seen == sorted(seen)
    assert seen[-1] == offer.size
    monkeypatch.setenv("SOFTMAX_LAB_DATA", str(tmp_path))
    data = load("mnist")
    assert (len(data.train), len(data.test), data.split) == (30, 20, "given")
    Handler.asked.clear()
    download(offer, ignore, tmp_path / "mnist")
    assert Handler.asked == [], "what is here and right is not fetched again"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("404", "status"), ("other", "checksum"), ("cut", "cut"), ("silent", "slow"), ("drip", "slow")],
)
def test_a_failed_download_leaves_no_file_and_can_be_repeated(offer, tmp_path, fault, reason):
    first = f"{PARTS[0]}.gz"
    Handler.faults = {first: [fault]}
    with pytest.raises(DownloadError) as failure:
        download(offer, ignore, tmp_path, silent_seconds=0.4 if reason == "slow" else 20)
    assert failure.value.reason == reason
    assert list(tmp_path.iterdir()) == []
    download(offer, ignore, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(Handler.files)


def test_a_fault_in_a_later_file_keeps_the_earlier_ones_only(offer, tmp_path):
    Handler.faults = {f"{PARTS[2]}.gz": ["other"]}
    with pytest.raises(DownloadError):
        download(offer, ignore, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{part}.gz" for part in PARTS[:2]}
    Handler.asked.clear()
    download(offer, ignore, tmp_path)
    assert [path.strip("/") for path in Handler.asked] == [f"{part}.gz" for part in PARTS[2:]]


def test_the_second_mirror_steps_in(offer, web, tmp_path):
    Handler.faults = {f"{PARTS[0]}.gz": ["404"]}
    download(replace(offer, mirrors=(web, f"{web}again/")), ignore, tmp_path)
    assert Handler.asked[:2] == [f"/{PARTS[0]}.gz", f"/again/{PARTS[0]}.gz"]
    assert len(list(tmp_path.iterdir())) == 4


def test_nobody_listens(offer, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(DownloadError) as failure:
        download(replace(offer, mirrors=(f"http://127.0.0.1:{port}/",)), ignore, tmp_path)
    assert failure.value.reason == "unreachable"
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_download_leaves_no_file(offer, tmp_path):
    class Enough(BaseException):
        pass

    def interrupt(done: int, total: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        download(offer, interrupt, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_fetched_again(offer, tmp_path):
    (tmp_path / f"{PARTS[0]}.gz").write_bytes(b"half")
    download(offer, ignore, tmp_path)
    assert (tmp_path / f"{PARTS[0]}.gz").read_bytes() == Handler.files[f"{PARTS[0]}.gz"]


def test_a_folder_that_cannot_be_written(offer, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DownloadError) as failure:
        download(offer, ignore, tmp_path / "file" / "mnist")
    assert failure.value.reason == "disk"


def test_a_disk_that_is_full(offer, tmp_path, monkeypatch):
    """What has arrived is taken away again, and nobody is asked for a second time what finds no room."""

    def full(path, mode):
        return open(path if "r" in mode else "/dev/full", mode, buffering=0)

    monkeypatch.setattr(images_files, "open", full, raising=False)
    again = replace(offer, mirrors=(*offer.mirrors, f"{offer.mirrors[0]}again/"))
    with pytest.raises(DownloadError) as failure:
        download(again, ignore, tmp_path)
    assert failure.value.reason == "disk"
    assert failure.value.values == {"folder": str(tmp_path)}
    assert list(tmp_path.iterdir()) == []
    assert [path.rsplit("/", 1)[1] for path in Handler.asked] == [f"{PARTS[0]}.gz"]


def test_a_name_that_nobody_knows(offer, tmp_path, monkeypatch):
    def unknown(*_arguments, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(DownloadError) as failure:
        download(replace(offer, mirrors=("http://images.invalid/",)), ignore, tmp_path)
    assert failure.value.reason == "unreachable"
    assert failure.value.values == {"url": f"http://images.invalid/{PARTS[0]}.gz"}


@pytest.mark.parametrize("named", ["~nobody-of-this-name/data", "/dev/null/data", "x" * 5000, "/proc/1/root"])
def test_a_named_folder_that_cannot_be(named, tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTMAX_LAB_DATA", named)
    monkeypatch.setattr(images_files, "cache_folder", lambda: tmp_path)
    assert find("mnist") == {}


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A folder that SOFTMAX_LAB_DATA names, and a cache, both empty."""
    named, cache = tmp_path / "named", tmp_path / "cache"
    monkeypatch.setenv("SOFTMAX_LAB_DATA", str(named))
    monkeypatch.setattr(images_files, "cache_folder", lambda: cache)
    return named, cache


def put(folder, names, unzip=False):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        if name.removesuffix(".gz") in names:
            (folder / (name.removesuffix(".gz") if unzip else name)).write_bytes(
                gzip.decompress(content) if unzip else content
            )


def test_nothing_is_found_where_nothing_is(places):
    assert find("mnist") == find("fashion") == {}
    with pytest.raises(FileError):
        load("mnist")


def test_the_test_files_alone_are_parted(places):
    put(places[0] / "mnist", TEST, unzip=True)
    data = load("mnist")
    assert (len(data.train), len(data.test), data.split) == (16, 4, "test_only")
    order = np.random.default_rng(0).permutation(20)
    whole = np.frombuffer(gzip.decompress(files()[f"{TEST[0]}.gz"])[16:], np.uint8).reshape(20, 28, 28)
    np.testing.assert_array_equal(data.train.pixels, whole[order[:16]])
    np.testing.assert_array_equal(data.test.pixels, whole[order[16:]])


def test_half_a_pair_is_nothing(places):
    put(places[0], TEST[:1])
    assert find("mnist") == {}


def test_the_named_folder_comes_first_but_all_four_before_two(places):
    named, cache = places
    put(named, TEST)
    put(cache / "mnist", PARTS)
    assert {path.parent for path in find("mnist").values()} == {cache / "mnist"}
    put(named, PARTS)
    assert {path.parent for path in find("mnist").values()} == {named}


def test_bare_files_belong_to_one_of_the_two_sets(places, monkeypatch):
    named, _ = places
    put(named, PARTS)
    assert find("mnist")
    assert not find("fashion")
    put(named.parent / "my-Fashion-data", PARTS)
    monkeypatch.setenv("SOFTMAX_LAB_DATA", str(named.parent / "my-Fashion-data"))
    assert find("fashion")
    assert not find("mnist")


def test_the_sums_are_those_of_the_originals():
    assert OFFERS["mnist"].md5[2] == "9fb629c4189551a2d022fa330f9573f3"
    assert OFFERS["fashion"].md5[0] == "8d4fb7e6c68d591d4c3dfef9ec88bf0d"
    assert len({md5 for offer in OFFERS.values() for md5 in offer.md5}) == 8


# --- in the background


def test_a_download_reports_what_arrived_and_can_be_cancelled_and_repeated():
    step, calls = threading.Event(), []

    def fetch(offer, advance):
        calls.append(offer.name)
        for done in range(1, 100):
            advance(done, 200)
            step.wait(0.02)

    job = Fetching(OFFERS["mnist"], fetch)
    job.go()
    until(lambda: job.received > 3)
    job.go()
    job.cancel()
    assert not job.running, "whoever gives up does not wait for a silent server"
    assert (calls, job.finished, job.error) == (["mnist"], False, None)
    step.set()
    job.go()
    until(lambda: job.finished)
    assert (job.received, job.expected, calls) == (99, 200, ["mnist", "mnist"])


def test_a_failed_download_says_why():
    def fetch(offer, advance):
        raise DownloadError("status", url="u", status=404)

    job = Fetching(replace(OFFERS["mnist"]), fetch)
    job.go()
    until(lambda: not job.running)
    assert job.error is not None
    assert job.error.reason == "status"
    assert not job.finished


def test_a_fault_of_ours_is_raised_once_and_the_download_can_be_repeated():
    faults = [ZeroDivisionError()]

    def fetch(offer, advance):
        if faults:
            raise faults.pop()

    job = Fetching(OFFERS["mnist"], fetch)
    job.go()
    until(lambda: not job.running)
    with pytest.raises(ZeroDivisionError):
        _ = job.error
    assert job.error is None
    job.go()
    until(lambda: job.finished)
