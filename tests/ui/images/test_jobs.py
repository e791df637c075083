"""Training in the background: stopped, continued, several at once."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from softmax_core.images import ImageData, Images, digits
from softmax_core.optimizers import GradientDescent, Momentum
from softmax_core.training import EpochConfig, first_epoch, train_epochs
from ui.images.downloads import DownloadError
from ui.images.jobs import Fetching, Training, Turns
from ui.images.offers import OFFERS

CONFIG = EpochConfig(Momentum(0.1, 0.9), batch_size=64)


def until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.005)


def finished(job):
    until(lambda: not job.progress().running)
    return job.progress()


def large() -> ImageData:
    """Enough that an epoch takes a while."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (20_000, 28, 28), dtype=np.uint8)
    labels = rng.integers(0, 10, 20_000).astype(np.uint8)
    return ImageData(
        "own", Images(pixels, labels), Images(pixels[:100], labels[:100]), tuple("0123456789"), "made up"
    )


def test_a_training_ends_at_its_target_with_one_entry_per_epoch():
    job = Training(digits())
    assert job.progress().done == 0
    job.go(CONFIG, 4)
    done = finished(job)
    assert [epoch.number for epoch in done.history] == [0, 1, 2, 3, 4]
    assert done.history[4].test_accuracy > 0.85
    assert (done.target, done.overflowed, done.running) == (4, False, False)


def test_stopping_keeps_the_epochs_and_continuing_gives_the_run_that_was_not_stopped():
    job = Training(large())
    config = EpochConfig(Momentum(0.01), batch_size=64)
    job.go(config, 5)
    until(lambda: job.progress().done >= 1 and job.progress().part > 0)
    job.stop()
    stopped = job.progress()
    assert not stopped.running
    assert 1 <= stopped.done < 5
    job.go(config, stopped.done + 1)
    continued = finished(job)
    assert continued.done == stopped.done + 1
    start = first_epoch(job.data.train, job.data.test, 10)
    run = train_epochs(job.data.train, job.data.test, config, start)
    whole = [next(run) for _ in range(continued.done)][-1]
    np.testing.assert_array_equal(continued.history[-1].theta, whole.theta)


def test_time_left_is_told_after_the_first_epoch():
    job = Training(large())
    job.go(EpochConfig(batch_size=32), 4)
    assert job.progress().seconds_left is None or job.progress().done
    until(lambda: job.progress().done >= 1)
    if (now := job.progress()).running:
        assert now.seconds_left is not None
        assert 0 <= now.seconds_left < 60
    job.stop()


def test_a_second_go_while_running_changes_nothing():
    job = Training(large())
    job.go(EpochConfig(batch_size=32), 3)
    job.go(EpochConfig(batch_size=1), 100)
    assert job.progress().target == 3
    job.stop()


def test_an_overflow_keeps_the_last_finite_epoch():
    job = Training(digits())
    job.go(EpochConfig(GradientDescent(1.0), l2=60.0), 300)  # rate * l2 = 60: every step turns W into -59 W
    done = finished(job)
    assert done.overflowed
    assert np.isfinite(done.history[-1].theta).all()
    assert done.done < 300


def test_nobody_there_ends_it():
    asked = []

    def alive() -> bool:
        asked.append(1)
        return len(asked) < 3

    job = Training(digits(), alive)
    job.go(CONFIG, 1000)
    assert finished(job).done == 2


def test_several_train_at_once_and_all_arrive():
    jobs = [Training(digits()) for _ in range(5)]
    for job in jobs:
        job.go(CONFIG, 10)
    assert [finished(job).done for job in jobs] == [10] * 5


def test_turns_go_round():
    """Two workers that always want the one place get it alternately."""
    turns, order, barrier = Turns(1), [], threading.Barrier(2)

    def work(name: str) -> None:
        barrier.wait()
        for _ in range(20):
            with turns.take():
                order.append(name)
                time.sleep(0.002)

    workers = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert "".join(order[2:-2]).count("aa") + "".join(order[2:-2]).count("bb") <= 2


def test_a_turn_is_given_back_after_an_error():
    turns = Turns(1)
    with pytest.raises(RuntimeError), turns.take():
        raise RuntimeError
    with turns.take():
        pass


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
