"""The challenges of Training: each truth by other means, each goal set up so that it is not reached yet, and reachable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.special as sp
from streamlit.testing.v1 import AppTest

from instruments.challenges import CardState
from instruments.training_stage import sketch
from instruments.training_stage.edits import Erase
from softmax_core.datasets import DataSpec, make, split
from softmax_core.features import Cubic
from softmax_core.optimizers import GradientDescent
from softmax_core.training import Segment, TrainConfig
from tests.ui.training.waiting import settled
from ui.training import challenges
from ui.training.challenges import CHALLENGES, Seen, only_the_bias_is_wrong
from ui.training.data import source_of
from ui.training.edits import edited
from ui.training.run import trained
from ui.training.stage import stage_labels
from ui.widgets.challenges import Attempt, Choice, Goal, Prediction

PAGE = str(Path(__file__).parents[3] / "pages" / "training.py")
TASKS = {task.code: task for task in CHALLENGES.table()}


def descend(X: Any, y: Any, K: int, rate: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Losses (steps + 1,) and weights of gradient descent from zeros, written out."""
    A, Y = np.column_stack([X, np.ones(len(X))]), np.eye(K)[y]
    theta, losses, sizes = np.zeros((3, K)), [], []
    for _ in range(steps + 1):
        Z = A @ theta
        losses.append(float((sp.logsumexp(Z, axis=1) - (Z * Y).sum(axis=1)).mean()))
        sizes.append(float(np.linalg.norm(theta)))
        last = theta
        theta = theta - rate * A.T @ (sp.softmax(Z, axis=1) - Y) / len(X)
    return np.array([losses, sizes]), last


def learned(spec: DataSpec) -> Any:
    return split(make(spec), 0.2)[0]


def truth(code: str) -> int:
    task = TASKS[code]
    assert isinstance(task, Prediction)
    assert isinstance(task.answer, Choice)
    right = int(task.truth())  # type: ignore[call-overload]
    assert 0 <= right < len(task.answer.options)
    return right


def test_a_rate_of_20_goes_up_and_down() -> None:
    data = learned(DataSpec(n=300, noise=1.2))
    (losses, _), _ = descend(data.X, data.y, 3, 20.0, 300)
    assert losses[1] > losses[0]
    assert np.diff(losses).min() < 0 < np.diff(losses).max()
    assert np.isfinite(losses).all()
    assert truth("rate") == 1
    assert (np.diff(descend(data.X, data.y, 3, 0.1, 300)[0][0]) < 0).all(), "with 0.1 it falls"


def test_the_weights_of_separable_clouds_grow_on() -> None:
    data = learned(DataSpec(n=300, noise=0.3))
    (_losses, sizes), _ = descend(data.X, data.y, 3, 1.0, 1000)
    assert (np.diff(sizes) > 0).all()
    np.testing.assert_allclose(challenges._norms_apart()[[100, 1000]], sizes[[100, 1000]], rtol=1e-6)
    _, theta = descend(data.X, data.y, 3, 1.0, 1)
    right = (np.column_stack([data.X, np.ones(len(data.X))]) @ theta).argmax(axis=1) == data.y
    assert right.all(), "the question says that all points are right after one step"
    assert truth("growth") == 1


def test_the_new_point_beside_the_three() -> None:
    X, y = np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 1.0]]), np.arange(3)
    (losses, _), theta = descend(X, y, 3, 0.1, 1000)
    p = sp.softmax(np.array([1.5, 1.5, 1.0]) @ theta)
    np.testing.assert_allclose(challenges._at_new_point(), p, rtol=1e-9)
    assert truth("new_point") == p.argmax()
    assert challenges._three_points_loss() == pytest.approx(losses[-1], rel=1e-9)
    assert f"{losses[-1]:.4f}" == "0.0845"


# --- goals


def goal(code: str) -> Goal:
    task = TASKS[code]
    assert isinstance(task, Goal)
    return task


def seen(spec: DataSpec, step: int, *, erased: bool = False, test: float = 0.2, **config: Any) -> Seen:
    source = source_of(spec, test)
    points = edited(source, [])
    if erased:
        points = edited(source, [Erase((int(np.linalg.norm(source.data.X, axis=1).argmax()),))])
    weights = config.pop("weights", None)
    full = replace(TrainConfig(GradientDescent(0.1), steps=300), **config)
    return Seen(trained(points, (Segment(0, full, weights),)), step)


TWO = DataSpec(n=300, n_classes=2, noise=0.8)


def test_the_bias_alone() -> None:
    reached = goal("bias").reached
    wrong = only_the_bias_is_wrong()
    assert not reached(seen(TWO, 0, weights=wrong))
    good = (*wrong[:-1], (0.0, 0.0))
    assert reached(seen(TWO, 0, weights=good))
    assert "W" in reached(seen(TWO, 300, weights=wrong)), "training moves W as well"
    assert not reached(seen(replace(TWO, noise=0.1), 0, weights=good)), "other points"
    data = make(TWO)
    Z = np.column_stack([data.X, np.ones(300)]) @ np.array(wrong)
    assert (sp.logsumexp(Z, axis=1) - Z[np.arange(300), data.y]).mean() > 0.6


def test_the_moons_need_other_features() -> None:
    reached = goal("moons").reached
    spec = DataSpec("moons", n=300, n_classes=2, noise=0.3)
    assert not any(reached(seen(spec, step)) for step in (0, 100, 299))
    assert reached(seen(spec, 300)) == "this run ends with the loss 0.2376. Choose other features."
    assert not reached(replace(seen(spec, 300), told=False)), "the stage may still show the run before"
    assert reached(seen(spec, 300, features=Cubic(standardise=True))) is True
    assert not reached(seen(replace(spec, noise=0.1), 300, features=Cubic(standardise=True)))


def test_the_outlier_goes() -> None:
    reached = goal("outlier").reached
    spec = DataSpec("outlier", n=60, n_classes=2, noise=0.3)
    assert not any(reached(seen(spec, step, test=0.0)) for step in (0, 100, 300))
    assert reached(seen(spec, 300, test=0.0, erased=True))


# --- what sets the page up

WILD = {
    "training_data": "moons", "training_classes": "4", "training_n": "77", "training_noise": "2.1", "training_seed": "5",
    "training_label_noise": "20", "training_balance": "0.4", "training_test": "35", "training_features": "sine",
    "training_frequency": "3", "training_optimizer": "adam", "training_rate": "3", "training_beta1": "0.5",
    "training_batch": "8", "training_schedule": "cosine", "training_l2": "0.3", "training_l1": "0.1",
    "training_smoothing": "0.2", "training_weights": "balanced", "training_start": "random", "training_steps": "50",
    "training_patience": "10", "training_stage_step": "17", "training_stage_plan": "0~20!rate=0.5", "training_panel": "weights",
}  # fmt: skip


def page(path: str) -> None:
    """The page, after what a click on its card asks for."""
    import runpy

    import streamlit as st

    from ui.training import plan
    from ui.training.challenges import CHALLENGES

    code, action = st.session_state.pop("wish", ("", ""))
    for task in CHALLENGES.table():
        if task.code == code:
            getattr(task, action)()
    plans_from_link = plan.plans_from_link
    if "only_the_stage" in st.session_state:  # as a rerun of the fragment
        plan.plans_from_link = lambda: None
    try:
        runpy.run_path(path)
    finally:
        plan.plans_from_link = plans_from_link


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(page, kwargs={"path": PAGE}, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    return settled(app)


def explored() -> AppTest:
    app = opened(**WILD)
    assert (
        type(app.session_state["training"].mounted.run.trajectory.config_at(0).optimizer).__name__ == "Adam"
    )
    return app


def after(app: AppTest, code: str, action: str) -> Any:
    app.session_state["wish"] = (code, action)
    settled(app)
    assert not app.session_state["_link"].notes
    return app.session_state["training"].mounted.run


def test_what_is_promised_holds_after_any_exploring() -> None:
    app = explored()
    run = after(app, "new_point", "reveal")
    assert f"{run.trajectory.loss[-1]:.4f}" == "0.0845"
    assert app.session_state["training"].goto[1:] == (1000, False, "1.5~1.5"), "the end, with the probe"
    run = after(app, "rate", "reveal")
    assert app.session_state["training"].goto[1:] == (0, True, ""), "it plays from step 0"
    data = learned(DataSpec(n=300, noise=1.2))
    np.testing.assert_allclose(
        run.trajectory.loss[:50], descend(data.X, data.y, 3, 20.0, 49)[0][0], rtol=1e-6
    )
    run = after(app, "growth", "reveal")
    data = learned(DataSpec(n=300, noise=0.3))
    np.testing.assert_allclose(run.trajectory.loss, descend(data.X, data.y, 3, 1.0, 1000)[0][0], rtol=1e-6)


@pytest.mark.parametrize("code", TASKS)
def test_a_challenge_is_the_same_after_any_exploring_as_in_a_fresh_session(code: str) -> None:
    app = explored()
    names = ["before", "reveal"] if isinstance(TASKS[code], Prediction) else ["before"]
    for action in names:
        fresh = opened()
        one, other = after(app, code, action), after(fresh, code, action)
        np.testing.assert_array_equal(one.trajectory.thetas, other.trajectory.thetas)
        np.testing.assert_array_equal(one.points.X, other.points.X)
        at_the_end = (code, action) == ("new_point", "reveal")
        assert app.session_state["training"].goto[1] == (1000 if at_the_end else 0)
        if isinstance(TASKS[code], Goal):
            assert not goal(code).reached(Seen(one, 0))


def test_edits_of_the_same_points_do_not_spoil_a_challenge() -> None:
    app = opened()
    before = after(app, "outlier", "before")
    base = app.session_state["training"].mounted.edits["base"]
    app.session_state["training_stage"] = {
        "edits": {"base": base, "list": [{"number": 1, "drag": 0, "kind": "erase", "points": [0]}]}
    }
    settled(app)
    assert goal("outlier").reached(Seen(app.session_state["training"].mounted.run, 300))
    again = after(app, "outlier", "before")
    np.testing.assert_array_equal(again.points.X, before.points.X)


def test_the_class_that_was_predicted_is_marked_at_the_new_point(monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = Attempt(TASKS["new_point"], (2.0,), shown=True)
    monkeypatch.setattr(challenges.CHALLENGES, "now", lambda: attempt)
    assert challenges.at_probe() == {"k": 2, "at": (1.5, 1.5), "text": "your guess"}
    for other in (Attempt(TASKS["new_point"], (2.0,)), Attempt(TASKS["rate"], (2.0,), shown=True)):
        monkeypatch.setattr(challenges.CHALLENGES, "now", lambda other=other: other)
        assert challenges.at_probe() is None


@pytest.mark.parametrize("code", TASKS)
def test_a_link_to_a_challenge_sets_everything_up(code: str) -> None:
    app = AppTest.from_file(PAGE, default_timeout=120)
    app.query_params["training_challenge_open"] = code
    app.query_params["training_all"] = "true"  # how the page looks stays, and keeps nothing from being set up
    settled(app)
    assert not app.session_state["_link"].notes
    assert app.session_state["training_all"] is True
    run = app.session_state["training"].mounted.run
    task = TASKS[code]
    if isinstance(task, Goal):
        assert not task.reached(Seen(run, 0))
    assert app.session_state["training_challenge_slot"].state.open == code


def test_the_stage_takes_a_sketch_while_the_border_is_asked_for_and_shows_it_with_the_answer() -> None:
    app = opened()
    assert app.session_state["training"].mounted.sketch is None
    app.session_state["wish"] = ("border", "before")
    app.session_state["training_challenge_slot"].state = CardState(open="border", starts=4)
    settled(app)
    assert app.session_state["training"].mounted.sketch == sketch.drawing(4)
    line = (-1.0, -2.0, 1.0, 2.0)
    for guess, shown in {line: sketch.drawn(line), (): None, (1.0, 2.0): None}.items():
        app.session_state["training_challenge_slot"].state = CardState("border", guess, True, 4)
        settled(app)
        assert app.session_state["training"].mounted.sketch == shown
    # Over other points it would say nothing.
    app.session_state["training_challenge_slot"].state = CardState("border", line, True, 4)
    app.session_state["training_noise"] = 1.5
    settled(app)
    assert app.session_state["training"].mounted.sketch is None


def test_a_goal_waits_until_the_stage_shows_the_run() -> None:
    """Python knows the playhead of the run before, while the stage plays the first steps of the new one."""
    app = opened()
    app.session_state["wish"] = ("moons", "before")
    app.session_state["training_challenge_slot"].state = CardState(open="moons")
    settled(app)
    app.session_state["training_stage"] = {"state": {"step": 300, "revision": "that of the run before"}}
    app.session_state["training_features"] = "cubic"
    settled(app)
    mounted = app.session_state["training"].mounted
    assert mounted.asks
    assert mounted.run.trajectory.loss[300] < 0.15
    assert (
        "training_challenge_done" not in app.session_state or not app.session_state["training_challenge_done"]
    )
    app.session_state["training_stage"] = {"state": {"step": 300, "revision": mounted.revision}}
    settled(app)
    assert app.session_state["training_challenge_done"] == ["moons"]


def test_a_click_on_the_card_brings_weights_as_a_link_does() -> None:
    """The stage runs alone after a click: the part of the page that reads a link does not."""
    app = opened()
    app.session_state["only_the_stage"] = True
    run = after(app, "bias", "before")
    np.testing.assert_array_equal(run.trajectory.thetas[0], np.array(only_the_bias_is_wrong()))


def test_the_line_below_the_stage_does_not_say_whether_the_weights_go_on_growing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for shown in (False, True):
        monkeypatch.setattr(
            challenges.CHALLENGES, "now", lambda shown=shown: Attempt(TASKS["growth"], shown=shown)
        )
        assert bool(stage_labels()["why_rests"]) is shown
