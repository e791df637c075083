"""What the page says of a run whose accuracy falls while its loss does."""

import numpy as np
import pytest
import streamlit as st

from softmax_core.datasets import DataSpec
from softmax_core.optimizers import GradientDescent
from softmax_core.training import Segment, TrainConfig
from ui.training import remarks
from ui.training.data import source_of
from ui.training.edits import edited
from ui.training.run import trained


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
