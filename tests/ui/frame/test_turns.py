"""Script runs one after the other."""

import threading
import time
from collections.abc import Callable

import pytest

from ui.frame import turns
from ui.frame.turns import FairLock


class Runs:
    """Runs in threads of their own, each of which writes down when it has its turn, and then waits to be let go."""

    def __init__(self) -> None:
        self.turns, self.seen = FairLock(), list[str]()
        self.lets_go = {name: threading.Event() for name in "abcd"}
        self.threads: list[threading.Thread] = []

    def begin(
        self, name: str, waits: threading.Event | None = None, patient: Callable[[], bool] = lambda: False
    ) -> None:
        """Start a run, and come back when it has its turn or stands in the queue."""

        def run() -> None:
            with self.turns.taken(patient):
                self.seen.append(name)
                if waits is not None:
                    with self.turns.lent():
                        waits.wait(10)
                    self.seen.append(f"{name} again")
                self.lets_go[name].wait(10)

        before = self.count()
        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()
        self.until(lambda: self.count() > before)

    def count(self) -> int:
        return len(self.seen) + len(self.turns._waiting) + len(self.turns._patient)

    def until(self, is_so) -> None:
        deadline = time.monotonic() + 10
        while not is_so():
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def end(self) -> None:
        for event in self.lets_go.values():
            event.set()
        for thread in self.threads:
            thread.join(10)
        assert not self.turns._busy
        assert not self.turns._waiting
        assert not self.turns._patient


def test_runs_have_their_turns_in_the_order_in_which_they_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 60)
    runs = Runs()
    for name in "abcd":
        runs.begin(name)
    for n, name in enumerate("abcd", 1):
        runs.until(lambda: len(runs.seen) == n)  # noqa: B023 - called at once
        assert runs.seen == list("abcd"[:n])
        runs.lets_go[name].set()
    runs.end()


def test_who_waits_for_something_lets_others_and_comes_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 60)
    runs, ready = Runs(), threading.Event()
    runs.begin("a", waits=ready)
    runs.begin("b")
    runs.begin("c")
    assert runs.seen == ["a", "b"], "b has the turn that a has lent"
    ready.set()
    runs.until(lambda: len(runs.turns._waiting) == 2)
    runs.lets_go["b"].set()
    runs.until(lambda: len(runs.seen) == 3)
    assert runs.seen[-1] == "a again", "before c, which had not begun"
    runs.end()
    assert runs.seen[-1] == "c"


def test_nobody_is_kept_by_a_run_that_computes_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.05)
    runs = Runs()
    runs.begin("a")
    runs.begin("b")
    runs.until(lambda: runs.seen == ["a", "b"])
    monkeypatch.setattr(turns, "LONGEST", 60)
    runs.lets_go["b"].set()  # which had no turn, and gives none back
    runs.begin("c")
    assert runs.seen == ["a", "b"]
    runs.end()
    assert runs.seen == ["a", "b", "c"]


def test_who_is_patient_lets_all_others_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 60)
    runs = Runs()
    for name in "abcd":
        runs.begin(name, patient=lambda name=name: name == "b")
    runs.end()
    assert runs.seen == list("acdb")


def test_who_is_patient_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.05)
    runs = Runs()
    runs.begin("a")
    runs.begin("b", patient=lambda: True)
    runs.until(lambda: runs.seen == ["a", "b"])
    runs.end()


def test_who_is_patient_no_longer_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 60)
    runs, moving = Runs(), [True]
    runs.begin("a")
    runs.begin("b", patient=lambda: moving[0])
    runs.begin("c")
    moving[0] = False
    runs.until(lambda: runs.seen == ["a", "b"])
    runs.end()
    assert runs.seen == list("abc")


def test_whoever_has_no_turn_lends_none_and_errors_give_it_back() -> None:
    free = FairLock()
    with free.lent():
        pass
    for _time in range(2):
        with pytest.raises(ZeroDivisionError), free.taken():
            1 / 0  # noqa: B018 - it raises
    assert not free._busy
