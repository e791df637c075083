"""Work in a thread: watched, stopped, and asked for; turns go round."""

import threading
import time

import pytest

from softmax_core.training import Watch
from ui.widgets.jobs import Job, Turns


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
    turns, order = Turns(1), []
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
    turns = Turns(1)
    with pytest.raises(RuntimeError), turns.take():
        raise RuntimeError
    with turns.take():
        pass
