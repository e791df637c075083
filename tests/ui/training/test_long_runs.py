"""A long training on the page: it goes on without it, is stopped, and is asked for again."""

import inspect
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import DataSpec, held_back, make
from softmax_core.objective import ClassifierLoss, Objective
from softmax_core.optimizers import GradientDescent
from softmax_core.training import Segment, Stop, TrainConfig, loss_of
from ui.training import run as training_run
from ui.training.edits import edited
from ui.training.optimum import OptimumSearch
from ui.training.points import Source
from ui.training.session import Run
from ui.widgets import jobs, waiting
from ui.widgets.jobs import POOL
from ui.widgets.waiting import show_progress

ROOT = Path(__file__).parents[3]


def asked() -> None:
    """A page that asks for one run, and says what it got."""
    import streamlit as st

    from softmax_core.datasets import DataSpec, held_back, make
    from softmax_core.features import Cubic
    from softmax_core.optimizers import Newton
    from softmax_core.training import Segment, TrainConfig
    from ui.training import run as training_run
    from ui.training.edits import edited
    from ui.training.points import Source
    from ui.widgets.jobs import Pending

    data = make(DataSpec("blobs", n=100, n_classes=10))
    points = edited(Source("ten blobs", data, held_back(data.y, 0.2)), ())
    legs = (Segment(0, TrainConfig(Newton(st.session_state["rate"]), steps=300, features=Cubic())),)
    try:
        run = training_run.run_of(points, legs)
    except Pending as pending:
        st.session_state["job"] = pending.job
        st.session_state.pop("run", None)
    else:
        st.session_state["run"] = run
        if st.session_state.get("forget"):
            training_run.forget_stopped(run)


def page(rate: float) -> AppTest:
    app = AppTest.from_function(asked, default_timeout=60)
    app.session_state["rate"] = rate
    return app.run()


def test_a_page_goes_on_without_a_long_run_and_finds_it_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_run, "PATIENCE", 0.001)
    app = page(0.11)
    assert not app.exception
    assert "run" not in app.session_state
    job = app.session_state["job"]
    assert job.finished(60)
    app.run()
    assert app.session_state["run"].trajectory.steps == 300
    assert (job.done, job.steps) == (300, 300)
    # Everybody else finds it at once.
    assert page(0.11).session_state["run"] is app.session_state["run"]


def test_a_stopped_run_is_kept_by_the_one_who_stopped_it_and_can_be_finished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training_run, "PATIENCE", 0.001)
    app = page(0.12)
    app.session_state["job"].stop()
    assert app.session_state["job"].finished(60)
    app.run()
    cut = app.session_state["run"]
    assert cut.trajectory.stopped.code == "asked"
    assert 0 < cut.trajectory.steps < 300
    app.run()
    assert app.session_state["run"] is cut
    assert "run" not in page(0.12).session_state  # another reader's is on its way to the end

    app.session_state["forget"] = True
    app.run()
    app.session_state["forget"] = False
    app.run()
    assert app.session_state["job"].finished(60)
    app.run()
    whole = app.session_state["run"]
    assert whole.trajectory.steps == 300
    assert whole.revision != cut.revision
    assert (whole.trajectory.loss[: cut.trajectory.steps + 1] == cut.trajectory.loss).all()


@pytest.mark.parametrize("hidden", [0, 8])
@pytest.mark.parametrize("stop", [None, Stop(patience=2000)])
def test_little_is_left_to_do_after_a_stop(
    monkeypatch: pytest.MonkeyPatch, hidden: int, stop: Stop | None
) -> None:
    """Losses on all points and on the test points belong to the steps that are done, and to those before a change."""
    asked, judged = 0, []
    losses = ClassifierLoss.losses_and_accuracies

    def counted(on: ClassifierLoss, thetas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        judged.append(len(thetas) if asked > 1 else 0)
        return losses(on, thetas)

    def watch(done: int, steps: int) -> bool:
        nonlocal asked
        asked += done >= 1024
        return asked < 2

    monkeypatch.setattr(ClassifierLoss, "losses_and_accuracies", counted)
    data = make(DataSpec("blobs", n=60))
    points = edited(Source("sixty", data, held_back(data.y, 0.2)), ())
    start = "zeros" if hidden == 0 else "he"
    config = TrainConfig(GradientDescent(0.1), steps=4000, hidden=hidden, start=start, stop=stop)
    run = training_run.trained(points, (Segment(0, config), Segment(1500, config)), watch)
    assert run.trajectory.stopped is not None
    assert run.trajectory.stopped.code == "asked"
    assert sum(judged) <= 4
    assert stop is None or run.trajectory.steps == 1500, "asked while early stopping looked back"
    asked = 0
    on_test = loss_of(points.test, config, run.features)
    expected = on_test.losses_and_accuracies(run.trajectory.thetas)
    np.testing.assert_array_equal((run.test_loss, run.test_accuracy), expected)


def test_work_that_nobody_waits_for_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_run, "PATIENCE", 0.001)
    app = page(0.13)
    first = app.session_state["job"]
    app.session_state["rate"] = 0.14
    app.run()
    assert first.stopped
    assert app.session_state["job"] is not first


def test_a_run_that_takes_too_long_is_kept_as_far_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_run, "PATIENCE", 0.001)
    monkeypatch.setattr(training_run, "LONGEST", 0.0)
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    app = page(0.15)
    assert app.session_state["job"].finished(60)
    app.run()
    cut = app.session_state["run"]
    assert cut.overdue
    assert 0 < cut.trajectory.steps < 300


def test_a_run_whose_reader_was_away_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_run, "PATIENCE", 0.001)
    monkeypatch.setattr(jobs, "SLICE", 0.0)
    monkeypatch.setattr(waiting, "reader", lambda: jobs.Reader("a", lambda: False))
    app = page(0.16)
    first = app.session_state["job"]
    assert first.finished(60)
    assert first.left
    monkeypatch.setattr(waiting, "reader", lambda: jobs.NOBODY)
    app.run()
    assert app.session_state["job"] is not first
    assert app.session_state["job"].finished(60)
    app.run()
    assert app.session_state["run"].trajectory.steps == 300


def test_the_settings_of_a_panel_wait_for_a_long_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The panel is not there yet: what the link says of it is neither unknown nor lost."""
    monkeypatch.setattr(training_run, "PATIENCE", 0.0)
    app = AppTest.from_file(ROOT / "pages" / "training.py", default_timeout=60)
    link = {
        "training_n": "133",
        "training_steps": "500",
        "training_panel": "landscape",
        "training_plane": "two",
    }
    for name, text in link.items():
        app.query_params[name] = text
    app.run()
    assert app.session_state["training"].job is not None
    assert "training_plane" not in app.session_state
    assert not app.session_state["_link"].notes
    assert app.session_state["training"].job.finished(60)
    app.run()
    assert app.session_state["training_plane"] == "two"
    assert app.session_state["_link"].published.items() >= link.items()


def test_one_hard_search_does_not_keep_the_optimum_of_others_waiting() -> None:
    search = OptimumSearch(
        Objective(np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]), l2=0.1)
    )
    with POOL.take():  # as a hard search does
        assert search.is_ready(20)
    assert search.optimum.converged


def test_a_session_keeps_its_last_six_runs_on_points_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(training_run, "PATIENCE", 60)
    data = make(DataSpec(n=30))
    points = edited(Source("own", data, held_back(data.y, 0.2), shared=False), ())

    def run(rate: float) -> Run:
        return training_run.run_of(points, (Segment(0, TrainConfig(GradientDescent(rate), steps=5)),))

    first, second = run(1.0), run(2.0)
    assert run(1.0) is first, "asked for again, it is younger than the second"
    others = [run(float(rate)) for rate in range(3, 8)]
    assert [run(float(rate)) for rate in range(3, 8)] == others
    assert run(1.0) is first
    assert run(2.0) is not second


def test_the_page_runs_again_when_a_training_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    class AgainError(Exception):
        pass

    def rerun(scope: str) -> None:
        raise AgainError(scope)

    monkeypatch.setattr(st, "rerun", rerun)
    job = jobs.Job("a", lambda watch: watch(1, 1))
    assert job.finished(20)
    with pytest.raises(AgainError, match="app"):
        inspect.unwrap(show_progress)(job, "training", 60)
