"""Work in a thread: watched, stopped, and asked for; turns go round."""

import threading
import time
from contextlib import nullcontext

import pytest

from softmax_core.progress import Watch
from tests.limits import until
from ui.widgets import jobs
from ui.widgets.jobs import FairPool, Job, Reader


def counted(gate: threading.Event, steps: int = 1000):
    """Work that waits for the gate after its first step and says how far it came."""

    def work(watch: Watch) -> int:
        for done in range(1, steps + 1):
            if not watch(done, steps):
                return done
            if done == 1:
                assert gate.wait(20)
        return steps

    return work


def test_work_is_watched_and_ends() -> None:
    gate = threading.Event()
    job = Job("a", counted(gate))
    assert not job.finished(0.05)
    gate.set()
    assert job.finished(20)
    assert (job.result(), job.done, job.steps, job.stopped) == (1000, 1000, 1000, False)


def test_stopped_work_keeps_what_is_done() -> None:
    gate = threading.Event()
    job = Job("a", counted(gate))
    job.stop()
    gate.set()
    assert job.finished(20)
    assert job.result() == 2
    assert job.stopped


def test_what_goes_wrong_reaches_the_one_who_asks() -> None:
    def work(watch: Watch) -> int:
        raise ValueError("no such rate")

    job = Job("a", work)
    assert job.finished(20)
    with pytest.raises(ValueError, match="no such rate"):
        job.result()


def test_turns_go_round():
    """Two workers that always want the one place get it alternately."""
    turns, order = FairPool(1), []
    asks = {"a": threading.Event(), "b": threading.Event()}

    def work(name: str, other: str) -> None:
        for _ in range(20):
            asks[name].set()
            with turns.take():
                asks[name].clear()
                order.append(name)
                assert asks[other].wait(20)
                time.sleep(0.002)  # the other one has said that it asks: now it also waits
        asks[name].set()

    workers = [threading.Thread(target=work, args=names) for names in ("ab", "ba")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(order) == 40
    assert "".join(order[2:-2]).count("aa") + "".join(order[2:-2]).count("bb") <= 2


def test_a_turn_is_given_back_after_an_error():
    turns = FairPool(1)
    with pytest.raises(RuntimeError), turns.take():
        raise RuntimeError
    with turns.take():
        pass


def test_readers_have_turns_one_after_the_other(monkeypatch):
    """One reader has many pieces of work before another comes with one, and does not keep it waiting."""
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    pool, gate, order = FairPool(1), threading.Event(), []

    def first(watch: Watch) -> None:
        assert gate.wait(20)

    def noted(name: str):
        return lambda watch: order.append(name)

    begun = [Job("first", first, Reader("many"), pool=pool)]
    begun += [Job("many", noted("many"), Reader("many"), pool=pool) for _ in range(10)]
    until(lambda: len(pool._waiting) == 10)
    begun.append(Job("one", noted("one"), Reader("one"), pool=pool))
    until(lambda: len(pool._waiting) == 11)
    gate.set()
    assert all(job.finished(20) for job in begun)
    assert order == ["one"] + 10 * ["many"]


def test_long_work_lets_others_go_first(monkeypatch):
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    pool, asked, ended = FairPool(1), threading.Event(), []

    def long(watch: Watch) -> None:
        assert asked.wait(20)
        for done in range(100):
            watch(done, 100)
        ended.append("long")

    work = Job("long", long, Reader("a"), pool=pool)
    short = Job("short", lambda watch: ended.append("short"), Reader("b"), pool=pool)
    until(lambda: len(pool._waiting) == 1)
    asked.set()
    assert work.finished(20)
    assert short.finished(20)
    assert ended == ["short", "long"]


def test_so_many_work_at_once_and_no_more():
    pool, together, most = FairPool(2), [], []

    def work(watch: Watch) -> None:
        together.append(1)
        most.append(len(together))
        time.sleep(0.005)
        together.pop()

    begun = [Job("a", work, Reader(str(i % 3)), pool=pool) for i in range(12)]
    assert all(job.finished(20) for job in begun)
    assert max(most) == 2


@pytest.mark.parametrize("waiting", [True, False])
def test_work_ends_when_its_reader_leaves(monkeypatch, waiting):
    """Whether it is at work, or still waits for its turn."""
    monkeypatch.setattr(jobs, "SLICE", 0.01)
    gone, pool = threading.Event(), FairPool(1)

    def forever(watch: Watch) -> int:
        done = 0
        while watch(done, 0):
            done += 1
        return done

    with pool.take("another") if waiting else nullcontext():
        job = Job("a", forever, Reader("one", lambda: not gone.is_set()), pool=pool)
        if not waiting:
            until(lambda: job.done > 3)
        gone.set()
        assert job.finished(20)
    assert (job.left, job.stopped, job.cut) == (True, False, True)
    assert (job.result() > 0) is not waiting


def test_work_that_takes_too_long_is_ended_and_waiting_does_not_count(monkeypatch):
    monkeypatch.setattr(jobs, "SLICE", 0.01)
    pool = FairPool(1)

    def busy(watch: Watch) -> None:
        while watch(0, 0):
            time.sleep(0.001)

    with pool.take("another"):
        job = Job("a", busy, Reader("one"), longest=0.1, pool=pool)
        assert not job.finished(0.3)
    assert job.finished(20)
    assert (job.overdue, job.left) == (True, False)
