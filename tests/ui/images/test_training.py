"""Training in the background: stopped, continued, several at once."""

import threading
import time

import numpy as np
import pytest

from softmax_core.images import ImageData, Images, digits
from softmax_core.optimizers import GradientDescent, Momentum
from softmax_core.training import EpochConfig, first_epoch, train_epochs
from tests.limits import until
from ui.images import training
from ui.images.runs import STANDARD, Part
from ui.images.training import Model, Training, standard_history, summary
from ui.widgets.jobs import Reader

CONFIG = EpochConfig(Momentum(0.1, 0.9), batch_size=64)


def go(job, config, target):
    """Train until so many epochs are done."""
    job.follow((Part(config, target - job.progress().done),) if job.progress().done < target else ())


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
    go(job, CONFIG, 4)
    done = finished(job)
    assert [epoch.number for epoch in done.history] == [0, 1, 2, 3, 4]
    assert done.history[4].test_accuracy > 0.85
    assert (done.target, done.overflowed, done.running) == (4, False, False)


def test_stopping_keeps_the_epochs_and_continuing_gives_the_run_that_was_not_stopped():
    job = Training(large())
    config = EpochConfig(Momentum(0.01), batch_size=64)
    go(job, config, 5)
    until(lambda: job.progress().done >= 1 and job.progress().part > 0)
    job.stop()
    stopped = job.progress()
    assert not stopped.running
    assert 1 <= stopped.done < 5
    go(job, config, stopped.done + 1)
    continued = finished(job)
    assert continued.done == stopped.done + 1
    start = first_epoch(job.data.train, job.data.test, 10)
    run = train_epochs(job.data.train, job.data.test, config, start)
    whole = [next(run) for _ in range(continued.done)][-1]
    np.testing.assert_array_equal(continued.history[-1].theta, whole.theta)


def test_time_left_is_told_after_the_first_epoch():
    job, target = Training(large()), 1000
    began = time.monotonic()
    go(job, EpochConfig(batch_size=32), target)
    first = job.progress()
    assert (first.seconds_left is None) == (first.done == 0)
    until(lambda: job.progress().done >= 1)
    now = job.progress()
    job.stop()
    assert now.seconds_left is not None
    assert 0 < now.seconds_left < target * (time.monotonic() - began)


def test_a_second_go_while_running_changes_nothing():
    job = Training(large())
    go(job, EpochConfig(batch_size=32), 3)
    go(job, EpochConfig(batch_size=1), 100)
    assert job.progress().target == 3
    job.stop()


def test_an_overflow_keeps_the_last_finite_epoch():
    job = Training(digits())
    go(job, EpochConfig(GradientDescent(1.0), l2=60.0), 300)  # rate * l2 = 60: every step turns W into -59 W
    done = finished(job)
    assert done.overflowed
    assert np.isfinite(done.history[-1].theta).all()
    assert done.done < 300


def test_nobody_there_ends_it():
    gone = threading.Event()
    job = Training(digits(), Reader("a", lambda: not gone.is_set()))
    go(job, CONFIG, 2000)
    until(lambda: job.progress().done >= 2)
    gone.set()
    assert 2 <= finished(job).done < 2000


def test_a_training_that_takes_too_long_ends_and_says_so(monkeypatch):
    monkeypatch.setattr(training, "LONGEST_TRAINING", 1.0)
    job = Training(digits())
    go(job, CONFIG, 2000)
    done = finished(job)
    assert done.overdue
    assert done.done < 2000
    go(job, CONFIG, done.done + 1)
    assert not finished(job).overdue


def test_several_train_at_once_and_all_arrive():
    jobs = [Training(digits()) for _ in range(5)]
    for job in jobs:
        go(job, CONFIG, 10)
    assert [finished(job).done for job in jobs] == [10] * 5


def test_what_goes_wrong_in_the_thread_is_raised_once_by_the_one_who_looks():
    def is_here() -> bool:
        raise ZeroDivisionError

    job = Training(digits(), Reader("a", is_here))
    go(job, CONFIG, 2000)
    with pytest.raises(ZeroDivisionError):
        finished(job)
    assert not job.progress().running


def test_what_is_said_of_an_epoch_waits_while_the_run_is_played_or_asked_about():
    history = standard_history()
    run = Model(digits(), Training(digits(), history=history, config=STANDARD.config).progress(), "1", 20)
    assert summary(run, history[7]).startswith("Epoch 7: **")
    assert not any(sign.isdigit() for sign in summary(run, history[7], played=True))
    assert summary(run, history[7], hidden=True).startswith("This model has trained 20 epochs.")
    assert "%" not in summary(run, history[7], hidden=True)
