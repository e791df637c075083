"""The page names the method that searched the optimum, and says where rounding blurs it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.datasets import DataSpec, make
from softmax_core.features import Cubic
from softmax_core.optimum.minimise import find_optimum
from softmax_core.training import TrainConfig, objective_of
from ui.training.optimum import OptimumSearch, method_name
from ui.training.panels.curves import _sentence

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
