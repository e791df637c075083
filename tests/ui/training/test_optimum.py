"""The page names the method that searched the optimum, says where rounding blurs it, and a search can be stopped."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import DataSpec, make
from softmax_core.features import Cubic
from softmax_core.optimum.minimise import Optimum, find_optimum, minimise
from softmax_core.training import TrainConfig, objective_of
from ui.training import optimum
from ui.training.optimum import OptimumSearch, method_name
from ui.training.panels.curves import _sentence
from ui.widgets import jobs

DATA = make(DataSpec("blobs", n=60, noise=2.0))


@pytest.mark.parametrize(
    ("l1", "copies", "name"),
    [(0.0, 1, "Newton's method"), (0.05, 1, "Newton's method"), (0.05, 100, "FISTA")],
)
def test_the_method_is_named(l1: float, copies: int, name: str) -> None:
    X = np.tile(DATA.X, (1, copies))  # FISTA for more than 400 parameters
    assert method_name(find_optimum(X, DATA.y, l1=l1)) == name


def test_an_optimum_that_rounding_blurs_is_not_called_reached() -> None:
    far = replace(DATA, X=DATA.X + np.array([1e5, 0.0]))
    search = OptimumSearch(objective_of(far, TrainConfig(features=Cubic(standardise=False))))
    assert "rounding blurs every score" in _sentence(search, 1.0, 3)


class Hard:
    """Stands for `minimise`: so many iterations of 20 ms."""

    def __init__(self, iterations: int = 1_000_000) -> None:
        self.iterations = iterations

    def __call__(self, objective, *, watch) -> Optimum:
        for done in range(self.iterations):
            if not watch(done, 0):
                break
            time.sleep(0.02)
        return minimise(objective)


@pytest.fixture
def hard(monkeypatch: pytest.MonkeyPatch) -> Hard:
    work = Hard()
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    monkeypatch.setattr(optimum, "minimise", work)
    return work


def a_search() -> OptimumSearch:
    return OptimumSearch(objective_of(DATA, TrainConfig()))


def ended(search: OptimumSearch) -> bool:
    """Whether the work ends soon."""
    return search._job.finished(20)


def as_reader(monkeypatch: pytest.MonkeyPatch, name: str, gone: threading.Event | None = None) -> None:
    is_here = (lambda: not gone.is_set()) if gone else (lambda: True)
    monkeypatch.setattr(optimum, "reader", lambda: jobs.Reader(name, is_here))


def test_stop_ends_a_search_and_it_can_be_begun_again(hard, monkeypatch) -> None:
    as_reader(monkeypatch, "one")
    search = a_search()
    assert not search.is_over
    assert not search._job.finished(0.1)
    assert search.done > 0
    search.stop()
    assert ended(search)
    assert (search.is_ready(), search.is_stopped, search.is_over) == (False, True, True)
    hard.iterations = 2
    search.again()
    assert not search.is_stopped
    assert search.optimum.converged
    assert search.is_ready()


def test_a_search_goes_on_for_those_who_did_not_stop_it(hard, monkeypatch) -> None:
    search = a_search()
    for name in ("one", "two"):
        as_reader(monkeypatch, name)
        assert not search.is_over
    search.stop()
    assert not search._job.finished(0.1)
    as_reader(monkeypatch, "one")
    assert not search.is_stopped
    search.stop()
    assert ended(search)


def test_a_search_ends_when_its_reader_leaves_and_begins_anew_for_another(hard, monkeypatch) -> None:
    gone = threading.Event()
    as_reader(monkeypatch, "one", gone)
    search = a_search()
    assert not search.is_over
    gone.set()
    assert ended(search)
    hard.iterations = 2
    as_reader(monkeypatch, "two")
    assert not search.is_stopped
    assert search.optimum.converged


def test_a_search_that_no_page_shows_ends_soon(hard, monkeypatch) -> None:
    monkeypatch.setattr(optimum, "GLANCE", 0.05)
    search = a_search()
    assert not search.is_ready()
    assert ended(search)


def test_a_search_that_takes_too_long_is_ended_for_everybody(hard, monkeypatch) -> None:
    monkeypatch.setattr(optimum, "LONGEST", 0.1)
    search = a_search()
    assert not search.is_ready(watched=True)
    assert ended(search)
    assert (search.is_ready(), search.is_overdue, search.is_over) == (False, True, True)


def searched() -> None:
    """A page with a search."""
    import streamlit as st

    from ui.training.optimum import found_or_shown

    if found_or_shown(st.session_state["search"], "here"):
        st.write("found")


def test_the_page_says_how_far_a_search_is_and_stops_it(hard, monkeypatch) -> None:
    monkeypatch.setattr(optimum, "LONG", 0.0)
    app = AppTest.from_function(searched, default_timeout=60)
    app.session_state["search"] = search = a_search()
    app.run()
    assert "iteration" in app.caption[0].value
    assert "60 seconds" in app.button[0].help
    app.button[0].click().run()
    assert app.caption[0].value == "The search for the optimum was stopped."
    assert ended(search)
    hard.iterations = 2
    app.button[0].click().run()
    assert ended(search)
    app.run()
    assert app.markdown[0].value == "found"


def test_the_page_says_that_a_search_took_too_long(hard, monkeypatch) -> None:
    monkeypatch.setattr(optimum, "LONGEST", 0.1)
    app = AppTest.from_function(searched, default_timeout=60)
    app.session_state["search"] = search = a_search()
    search.is_ready(watched=True)
    assert ended(search)
    app.run()
    assert "The optimum was not found" in app.caption[0].value
    assert not app.button
