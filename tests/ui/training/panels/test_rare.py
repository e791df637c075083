"""What the panels of Training say where a run has no step, a search no end, or an optimum no place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import DataSpec
from softmax_core.optimizers import GradientDescent, Newton, Optimizer, Slots
from softmax_core.training import Segment, Stop, TrainConfig
from ui.training import challenges, export, plan
from ui.training.data import source_of
from ui.training.edits import edited
from ui.training.optimum import optimum_search
from ui.training.panels import breakdown, curves, diagnostics, landscape, weights
from ui.training.run import trained
from ui.training.session import Run
from ui.widgets.challenges import Attempt

BLOBS = edited(source_of(DataSpec(n=60, noise=2.0), 0.2), [])


def run_of(optimizer: Optimizer | None = None, **config: Any) -> Run:
    full = TrainConfig(optimizer or GradientDescent(0.5), **{"steps": 20} | config)
    return trained(BLOBS, (Segment(0, full),))


def told(part: Any, *arguments: Any, **settings: Any) -> str:
    """Run a panel by itself; return what it says."""

    def page(part, arguments):  # type: ignore[no-untyped-def]
        from ui.frame import frame

        frame.open_page("training")
        part(*arguments)
        frame.close_page()

    app = AppTest.from_function(page, kwargs={"part": part, "arguments": arguments}, default_timeout=60)
    for key, value in settings.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception, app.exception
    said = [element.value for kind in (app.markdown, app.caption, app.info, app.latex) for element in kind]
    tables = [e.proto.body for e in app.get("html") if "<table>" in e.proto.body]
    return "\n".join([*said, *tables])


@dataclass(frozen=True)
class Halving(Optimizer):
    """A rule without a learning rate."""

    def step(self, theta: np.ndarray, grad: np.ndarray, slots: Slots, t: int) -> tuple[np.ndarray, Slots]:
        return theta - 0.5 * grad, slots


# --- one step


def test_the_update_of_a_rule_without_a_rate_names_no_rate() -> None:
    said = told(breakdown.breakdown, run_of(Halving()), 3, 0, training_phase="move")
    assert "The new weights, as the optimiser computed them:" in said
    assert "plain gradient descent" not in said
    assert "The loss goes from" in said
    plain = told(breakdown.breakdown, run_of(), 3, 0, training_phase="move")
    assert "This is plain gradient descent" in plain
    assert r"- 0.5\,\frac" in plain


@pytest.mark.parametrize("phase", ["move", "swing"])
def test_a_run_that_ends_before_its_first_step_has_no_update(phase: str) -> None:
    run = run_of(stop=Stop(gradient_norm=100.0))
    assert run.trajectory.steps == 0
    said = told(breakdown.breakdown, run, 0, 0, training_phase=phase)
    assert "<table>" not in said
    assert "The loss goes from" not in said


def test_a_number_with_four_digits_or_none() -> None:
    said = [weights.significant(x) for x in (0.012345, 123.456, 123456.0, float("inf"))]
    assert said == ["0.01235", "123.5", "123456", "∞"]


# --- the optimum


def test_the_distance_to_the_optimum_is_drawn_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of()
    best = optimum_search(run, 5).optimum.loss
    drawn: dict[str, Any] = {}
    monkeypatch.setattr(curves, "chart", lambda figure, key, **_rest: drawn.update({key: figure}))
    monkeypatch.setattr(curves, "PATIENCE", 20)
    said = told(curves.curves, run, 5, training_gap=True)
    assert "**Loss − optimum**" in said
    line = next(trace for trace in drawn["training_loss"].traces if len(trace["y"]) == 21)
    np.testing.assert_allclose(np.asarray(line["y"], dtype=float), run.trajectory.loss - best, rtol=1e-6)


def test_a_search_that_ended_before_the_minimum_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of()
    found = optimum_search(run).optimum
    search = SimpleNamespace(optimum=replace(found, converged=False, iterations=100))
    assert "has not come to an end in 100 iterations" in curves._sentence(search, 1.0, 3)  # type: ignore[arg-type]
    assert "was found by Newton's method" in curves._sentence(SimpleNamespace(optimum=found), 1.0, 3)  # type: ignore[arg-type]
    monkeypatch.setattr(export, "optimum_search", lambda _run: search)
    assert "ended before the minimum" in export.promise("sklearn", (), run)


@pytest.mark.parametrize(
    ("ready", "separable", "at_infinity", "said", "unsaid"),
    [
        (True, True, True, "**the optimum lies at infinity**", "have the norm"),
        (True, False, False, "have the norm", "infinity"),
        (True, False, True, "Norm of W and b", "optimum"),
        (False, False, False, "search is shown", "have the norm"),
    ],
)
def test_the_norms_are_compared_with_those_at_the_optimum(
    monkeypatch: pytest.MonkeyPatch, ready: bool, separable: bool, at_infinity: bool, said: str, unsaid: str
) -> None:
    run = run_of()
    best = replace(optimum_search(run).optimum, at_infinity=at_infinity)
    monkeypatch.setattr(
        diagnostics, "optimum_search", lambda _run: SimpleNamespace(optimum=best, separable=separable)
    )
    monkeypatch.setattr(
        diagnostics,
        "found_or_shown",
        lambda *_search: ready or (bool(st.caption("search is shown")) and False),
    )
    text = told(diagnostics._norms, run, 5, run.train)
    assert said in text
    assert unsaid not in text


# --- the landscape


def test_a_step_between_those_that_are_drawn_is_put_into_the_path() -> None:
    run = run_of(steps=300)
    objective = optimum_search(run).objective
    ground = landscape._ground(run.revision, "", None, -1, run, objective)
    assert len(ground.steps) == 80
    for step in (0, 1, 300):
        theta = run.trajectory.thetas[step]
        view, _rise = landscape._view(objective, ground, theta, step, ("a", "b"))
        at = list(view.steps).index(step)
        assert len(view.steps) == (81 if step == 1 else 80)
        np.testing.assert_allclose(view.path[at], ground.plane.coordinates(theta))
        assert view.heights[at] == pytest.approx(objective.loss(ground.plane.at(*view.path[at])))
        assert (np.diff(view.steps) > 0).all()


def test_where_all_is_flat_no_ellipse_is_drawn_and_none_is_told() -> None:
    assert landscape._around(np.zeros((2, 2)), np.ones(2)) == (None, 0.0)
    around, rise = landscape._around(np.diag([1.0, 4.0]), np.ones(2))
    assert around is not None
    assert rise > 0
    ground = SimpleNamespace(share=0.93)
    assert "ellipse" in landscape._words(ground, True, rise, True)  # type: ignore[arg-type]
    for flat in ((0.0, True), (rise, False)):
        said = landscape._words(ground, True, *flat)  # type: ignore[arg-type]
        assert "ellipse" not in said
        assert "93.00 % of the movement" in said


def test_the_rate_at_the_optimum_is_named_when_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of()
    rate = optimum_search(run, 3).stable_rate_text
    for found in (True, False):
        monkeypatch.setattr(landscape, "found_or_shown", lambda *_search, found=found: found)
        assert (f"At the optimum it stands at {rate}." in told(landscape._stable, run, 3)) is found


# --- challenges


def test_what_a_run_can_do_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    make = challenges._run
    monkeypatch.setattr(challenges, "_run", lambda spec, _rate, _steps: make(spec, 1e307, 20))
    assert challenges._of_rate_20() == 2, "beyond all bounds"
    monkeypatch.setattr(challenges, "_run", lambda spec, _rate, _steps: make(spec, 0.1, 20))
    assert challenges._of_rate_20() == 0, "it only falls"
    for sizes, answer in (([1.0, 2, 2, 2], 0), ([1.0, 2, 3, 4], 1), ([1.0, 4, 3, 2], 2)):
        monkeypatch.setattr(challenges, "_norms_apart", lambda sizes=sizes: np.array(sizes))
        assert challenges._of_growth() == answer


def test_the_norm_is_shown_once_the_question_about_it_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of()
    task = next(task for task in challenges.CHALLENGES.table() if task.code == "growth")
    norm = np.linalg.norm(run.trajectory.thetas[7])
    for shown in (True, False):
        monkeypatch.setattr(challenges.CHALLENGES, "now", lambda shown=shown: Attempt(task, shown=shown))
        said = told(challenges.exhibit, run, 7)
        assert (f"**Norm of W and b**: {norm:.4f}" in said) is shown


# --- comparison, rules without a rate in the export


def test_nothing_is_compared_once_the_run_before_is_forgotten() -> None:
    run = run_of()
    assert "before (dashed)" not in told(plan.compare, run, run, 3)


def test_a_script_for_sklearn_waits_for_the_optimum_with_its_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(Newton())
    optimum_search(run).optimum  # noqa: B018 - waits for it
    for found in (True, False):
        monkeypatch.setattr(export, "found_or_shown", lambda *_search, found=found: found)
        said = told(export._code, (Segment(0, {}),), run, 3, training_code="sklearn")
        assert ("scikit-learn looks for the optimum" in said) is found
