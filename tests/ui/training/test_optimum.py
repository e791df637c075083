"""The page names the method that searched the optimum."""

from __future__ import annotations

import numpy as np
import pytest

from softmax_core.datasets import DataSpec, make
from softmax_core.optimum.minimise import find_optimum
from ui.training.optimum import method_name

DATA = make(DataSpec("blobs", n=60, noise=2.0))


@pytest.mark.parametrize(
    ("l1", "copies", "name"),
    [(0.0, 1, "Newton's method"), (0.05, 1, "Newton's method"), (0.05, 100, "FISTA")],
)
def test_the_method_is_named(l1: float, copies: int, name: str) -> None:
    X = np.tile(DATA.X, (1, copies))  # FISTA for more than 400 parameters
    assert method_name(find_optimum(X, DATA.y, l1=l1)) == name
