"""How long a rerun of another page takes while several visitors train: ``python -m bench.visitors``.

At a real server, on 60,000 made-up images of 28 x 28. They are sessions without a browser
(bench/support/session.py).
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from server import Server

from bench.support.images import write_large_set
from bench.support.session import Session

POLLED_EVERY = 0.5  # as pages/images.py does while a training runs; here the whole page, there a part of it
QUERY = "images_data=mnist&images_epochs=50&images_batch=64&images_panel=curves"


def visitors(trainers: int, reruns: int) -> None:
    """Time reruns of the Softmax page, each of a reader of its own, while others train on 60,000 images."""
    folder = Path(tempfile.mkdtemp())
    write_large_set(folder / "mnist")
    os.environ["SOFTMAX_LAB_DATA"] = str(folder)
    server = Server(folder / "log.txt")
    try:
        # The data is read once per process, before anything is timed.
        Session(server.url, "images", QUERY).close()
        for count in (0, trainers):
            _visit(server.url, count, reruns)
    finally:
        server.stop()
        shutil.rmtree(folder)


def _visit(url: str, count: int, reruns: int) -> None:
    """Print one line: `count` train, one reads."""
    others = [Session(url, "images", QUERY) for _ in range(count)]
    for other in others:
        other.press("images_train")
    over = threading.Event()

    def follow(other: Session) -> None:
        while not over.wait(POLLED_EVERY):
            other.rerun()

    followers = [threading.Thread(target=follow, args=(other,)) for other in others]
    for follower in followers:
        follower.start()
    reader, times = Session(url, "softmax"), []
    for _ in range(reruns):
        times.append(1e3 * reader.rerun().seconds)
        time.sleep(0.1)
    over.set()
    for follower in followers:
        follower.join()
    training = sum(other.has("images_stop") for other in others)
    times.sort()
    print(
        f"{count} train ({training} still do at the end): {reruns} reruns of /softmax, median "
        f"{statistics.median(times):.0f} ms, p95 {times[int(0.95 * (reruns - 1))]:.0f} ms, max {times[-1]:.0f} ms "
        "(goal: p95 at most 300)"
    )
    for other in others:
        if other.has("images_stop"):
            other.press("images_stop")
        other.close()


def main() -> None:
    """Measure with nobody and with some who train."""
    parser = argparse.ArgumentParser(description="Time reruns of a page while others train.")
    parser.add_argument("--trainers", type=int, default=4)
    parser.add_argument("--reruns", type=int, default=60)
    options = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {load:.2f} before the run")
    visitors(options.trainers, options.reruns)


if __name__ == "__main__":
    main()
