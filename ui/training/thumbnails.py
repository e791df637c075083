"""Small pictures of the data sets and of the feature maps, drawn from what they make."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from softmax_core.datasets import DATASETS, DataSpec, make
from softmax_core.features import FEATURE_MAPS
from softmax_core.geometry import grid_points
from ui.widgets.live import Picture

WIDTH, HEIGHT, EDGE = 33, 20, 2
POINTS = 36
COLUMNS, ROWS = 33, 20
SEEDS = {"linear": 1, "quadratic": 6, "cubic": 7, "radial": 4, "sine": 4}
"""Of the random weights: some show more of what a map can do than others."""


@cache
def of_data() -> Mapping[str, Picture]:
    """Return a picture for each data set: some of its points."""
    return {code: {"points": _points(code)} for code in DATASETS}


def _points(code: str) -> list[list[float]]:
    data = make(DataSpec(code, n=POINTS, n_classes=2 if code == "xor" else 3, noise=0.35))
    X, y = data.X, data.y
    if len(X) > POINTS:
        X, y = X[:: len(X) // POINTS], y[:: len(X) // POINTS]
    low, high = X.min(axis=0), X.max(axis=0)
    unit = max(float((high - low)[0]) / (WIDTH - 2 * EDGE), float((high - low)[1]) / (HEIGHT - 2 * EDGE))
    places = (X - (low + high) / 2) / unit * [1, -1] + [WIDTH / 2, HEIGHT / 2]
    return [[round(float(u), 1), round(float(v), 1), int(k)] for (u, v), k in zip(places, y, strict=True)]


@cache
def of_features() -> Mapping[str, Picture]:
    """Return a picture for each feature map: where one of two classes wins for some weights."""
    return {code: {"cells": _cells(code)} for code in FEATURE_MAPS}


def _cells(code: str) -> list[str]:
    places = grid_points((-1.65, 1.65, -1.0, 1.0), COLUMNS, ROWS)
    fitted = FEATURE_MAPS[code](standardise=True).fit(places)
    A = fitted.transform(places)
    score = A @ np.random.default_rng(SEEDS.get(code, 0)).standard_normal(A.shape[1])
    wins = (score > np.median(score)).astype(int).reshape(ROWS, COLUMNS)
    return ["".join(map(str, row)) for row in wins.tolist()]
