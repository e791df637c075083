"""What the page says of a run whose accuracy falls while its loss does."""

from dataclasses import replace

import numpy as np
import pytest
import streamlit as st

from softmax_core.datasets import DataSpec
from softmax_core.optimizers import GradientDescent
from softmax_core.training import Segment, Stop, TrainConfig
from ui.training import remarks
from ui.training.data import source_of
from ui.training.edits import edited
from ui.training.run import LONGEST, trained
from ui.training.session import Run


def test_a_falling_accuracy_is_explained_only_where_it_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(st, "caption", said.append)
    points = edited(source_of(DataSpec(n=300, noise=1.2), 0.2), [])
    run = trained(points, (Segment(0, TrainConfig(GradientDescent(0.1), steps=300)),))
    path = run.trajectory
    best = np.maximum.accumulate(path.accuracy)
    assert (np.diff(path.loss) < 0).all()
    fallen, most = np.flatnonzero(path.accuracy < best), np.flatnonzero(path.accuracy == best)
    assert fallen.size
    for step in most:
        remarks.fewer_right(run, int(step))
    assert not said
    step = int(fallen[-1])
    remarks.fewer_right(run, step)
    first = int(path.accuracy[:step].argmax())
    assert f"Since step {first} the loss has fallen" in said[0]
    assert f"from {100 * best[step]:.1f} % to {100 * path.accuracy[step]:.1f} %." in said[0].replace(
        "\u00a0", " "
    )


# --- why a run ended, and whether its rate was too large


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    for name in ("info", "warning"):
        monkeypatch.setattr(st, name, texts.append)
    monkeypatch.setattr(st, "button", lambda label, **_rest: texts.append(label))
    return texts


def ended(**config: object) -> Run:
    points = edited(source_of(DataSpec(n=60, noise=1.2), 0.2), [])
    rate = config.pop("rate", 0.1)
    full = TrainConfig(GradientDescent(rate), **{"steps": 300} | config)  # type: ignore[arg-type]
    return trained(points, (Segment(0, full),))


def test_why_a_run_ended_is_said(said: list[str]) -> None:
    remarks.ending(ended())
    assert said == [], "it came to its end"
    flat = ended(stop=Stop(gradient_norm=0.2))
    remarks.ending(flat)
    step = flat.trajectory.steps
    assert 0 < step < 300
    assert said == [f"Stopped at step {step}: the gradient is as short as you asked."]
    patient = ended(rate=5.0, stop=Stop(patience=5))
    remarks.ending(patient)
    assert f"Stopped at step {patient.trajectory.steps}: the test loss was best at step" in said[1]


def test_a_run_that_was_cut_says_by_whom(said: list[str]) -> None:
    points = edited(source_of(DataSpec(n=60), 0.2), [])
    cut = trained(points, (Segment(0, TrainConfig(steps=10_000)),), watch=lambda done, steps: False)
    assert cut.trajectory.stopped.code == "asked"
    step = cut.trajectory.steps
    remarks.ending(cut)
    assert said == [f"Stopped at step {step} by you: what was done is kept.", "Compute the whole run"]
    remarks.ending(replace(cut, overdue=True))
    assert said[2].startswith(f"Stopped at step {step}: a run may take {LONGEST} seconds of computing")
    assert len(said) == 3, "nothing is offered that would be cut again"


def test_numbers_that_overflow_are_named_with_their_step(said: list[str]) -> None:
    run = ended(rate=1e308, steps=20)
    lost = run.trajectory.divergence.step
    remarks.too_large(run)
    assert said[0] == f"The numbers overflowed at step {lost}: the run is shown up to there."
