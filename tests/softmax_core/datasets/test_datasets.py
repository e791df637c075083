"""Data sets: shapes, seeds, the real iris, and a fair split."""

from __future__ import annotations

import dataclasses
import math

import hypothesis
import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from softmax_core.datasets import DATASETS, Dataset, DataSpec, Source, from_points, held_back, make, split
from softmax_core.features import Cubic, Linear, Quadratic, RadialBasis
from softmax_core.seeds import streams


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_every_data_set_is_well_formed(name: str) -> None:
    data, again = make(DataSpec(name)), make(DataSpec(name))
    assert data.X.shape == (len(data.y), len(data.feature_names))
    assert set(data.y.tolist()) == set(range(data.n_classes))
    assert len(data.class_names) == data.n_classes
    assert len(data.source) > 5
    assert_array_equal(data.X, again.X)
    assert_array_equal(data.y, again.y)
    for array in (data.X, data.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert set(DATASETS[name].uses) <= {field.name for field in dataclasses.fields(DataSpec)}


OTHER = {"n": 301, "n_classes": 4, "noise": 0.5, "seed": 1, "features": (0, 1)}
OTHER |= {"label_noise": 0.1, "balance": 0.5}
RANDOM = sorted(name for name, source in DATASETS.items() if "seed" in source.uses)


@pytest.mark.parametrize("field", sorted(OTHER))
def test_uses_names_what_is_used(field: str) -> None:
    for name, source in DATASETS.items():
        data, changed = (
            make(DataSpec(name)),
            make(dataclasses.replace(DataSpec(name), **{field: OTHER[field]})),
        )
        is_same = data.X.shape == changed.X.shape and bool((data.X == changed.X).all())
        is_same &= data.y.shape == changed.y.shape and bool((data.y == changed.y).all())
        assert is_same == (field not in source.uses), name


def test_a_data_set_may_have_settings_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def ladder(spec: DataSpec, rng: np.random.Generator, *, rung: float = 2.0) -> Dataset:
        return from_points([[0.0, 0.0], [rung, 0.0]], [0, 1])

    monkeypatch.setitem(DATASETS, "ladder", Source(ladder, ()))
    assert DATASETS["ladder"].options == {"rung": 2.0}
    assert make(DataSpec("ladder")).X[1, 0] == 2.0
    assert make(DataSpec("ladder", options=(("rung", 3.0),))).X[1, 0] == 3.0
    for options, message in (
        ((("n", 3.0),), "an option of ladder must be one of rung, received 'n'"),
        ((("rung", math.nan),), "rung must be a finite number .*received nan"),
    ):
        with pytest.raises(ValueError, match=message):
            DataSpec("ladder", options=options)


@pytest.mark.parametrize("name", RANDOM)
@hypothesis.settings(max_examples=25)
@given(st.integers(2, 10), st.integers(0, 200), st.integers(0, 100), st.floats(0.01, 1.0))
def test_every_generator_keeps_its_promises(name: str, K: int, more: int, seed: int, balance: float) -> None:
    spec = DataSpec(name, n=K + more, n_classes=K, seed=seed, balance=balance)
    data = make(spec)
    assert data.X.shape == (K + more, 2)
    assert data.n_classes == (K if "n_classes" in DATASETS[name].uses else 2)
    counts = np.bincount(data.y, minlength=data.n_classes)
    assert counts.min() >= 1
    assert (np.diff(counts) <= 0).all()
    loud = make(dataclasses.replace(spec, label_noise=0.3))
    assert_array_equal(loud.X, data.X)
    assert (loud.y != data.y).sum() == round(0.3 * len(data.y))
    louder = make(dataclasses.replace(spec, label_noise=0.6))
    changed = loud.y != data.y
    assert_array_equal(louder.y[changed], loud.y[changed])


@pytest.mark.parametrize("balance", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("name", RANDOM)
def test_balance_is_the_ratio_of_last_to_first(name: str, balance: float) -> None:
    data = make(DataSpec(name, n=5000, n_classes=4, balance=balance))
    counts = np.bincount(data.y)
    expected = balance / 20 if name == "imbalanced_blobs" else balance
    assert_allclose(counts[-1] / counts[0], expected, rtol=0.06)
    ratios = counts[1:] / counts[:-1]
    assert_allclose(ratios, ratios.mean(), rtol=0.06)


@pytest.mark.parametrize(
    ("name", "kind", "linear", "curved"),
    [
        ("circles", Quadratic, 0.7, 0.96),
        ("gaussian_quantiles", Quadratic, 0.7, 0.96),
        ("xor", Quadratic, 0.7, 0.96),
        ("moons", Cubic, 0.93, 0.95),
        ("spirals", lambda standardise: RadialBasis(10, standardise=standardise), 0.8, 0.95),
        ("stripes", Cubic, 0.8, 0.96),
    ],
)
def test_what_a_line_cannot_do_a_curve_can(name: str, kind: type, linear: float, curved: float) -> None:
    data = make(DataSpec(name, n=600, n_classes=2, noise=0.05))
    for features, low, high in ((Linear(), 0.4, linear), (kind(standardise=True), curved, 1.0)):
        X = features.fit(data.X).transform(data.X)
        score = LogisticRegression(C=1e4, max_iter=5000).fit(X, data.y).score(X, data.y)
        assert low <= score <= high, (features, score)


def test_the_outlier_is_far_and_the_overlap_as_large_as_it_says() -> None:
    far = make(DataSpec("outlier", n=100))
    radius = np.sort(np.linalg.norm(far.X, axis=1))
    assert radius[-1] > 2 * radius[-2]
    data = make(DataSpec("overlap", n=100_000, noise=0.8))
    wrong = (data.X[:, 0] > 0) != (data.y == 1)
    assert_allclose(wrong.mean(), scipy.stats.norm.cdf(-0.75 / 0.8), atol=0.005)


def test_points_become_a_data_set() -> None:
    data = from_points([[0, 1], [2, 3]], [0, 0])
    assert (data.n_classes, data.class_names) == (2, ("class 0", "class 1"))
    named = from_points([[0, 1]], [1], ("a", "b", "c"), ("width", "height"), "drawn")
    assert (named.n_classes, named.feature_names, named.source) == (3, ("width", "height"), "drawn")
    assert from_points(np.empty((0, 2)), []).X.shape == (0, 2)
    for X, y, message in (
        ([[0, np.nan]], [0], "X must be finite, received nan"),
        ([[0, 1]], [0, 1], r"y must have shape \(1,\), received \(2,\)"),
        ([[0, 1]], [-1], "received -1"),
    ):
        with pytest.raises(ValueError, match=message):
            from_points(X, y)


@given(st.integers(2, 10), st.integers(0, 200), st.integers(0, 100))
def test_blobs_have_balanced_classes(K: int, more: int, seed: int) -> None:
    data = make(DataSpec("blobs", n=K + more, n_classes=K, seed=seed))
    counts = np.bincount(data.y, minlength=K)
    assert counts.min() >= 1
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("K", range(2, 11))
def test_blob_centres_are_apart_and_noise_is_their_deviation(K: int) -> None:
    still = make(DataSpec("blobs", n=K, n_classes=K, noise=0.0))
    gaps = np.linalg.norm(still.X[:, None] - still.X[None], axis=-1)[~np.eye(K, dtype=bool)]
    assert gaps.min() >= 3.0 - 1e-9
    data = make(DataSpec("blobs", n=5000 * K, n_classes=K, noise=0.8))
    for k in range(K):
        assert_allclose(data.X[data.y == k].std(axis=0), 0.8, rtol=0.05)


@pytest.mark.parametrize("features", [(2, 3), (3, 2), (0, 1), (1, 3)])
def test_iris_is_fishers(features: tuple[int, int]) -> None:
    data, oracle = make(DataSpec("iris", features=features)), load_iris()
    assert_array_equal(data.X, oracle.data[:, features])
    assert_array_equal(data.y, oracle.target)
    assert data.class_names == tuple(oracle.target_names)
    assert data.feature_names == tuple(oracle.feature_names[c] for c in features)
    assert "Fisher" in data.source
    assert "1936" in data.source


def test_iris_has_the_two_flowers_that_uci_got_wrong() -> None:
    sepal, petal = make(DataSpec("iris", features=(0, 1))).X, make(DataSpec("iris", features=(2, 3))).X
    assert_array_equal(np.hstack([sepal, petal])[34], [4.9, 3.1, 1.5, 0.2])
    assert_array_equal(np.hstack([sepal, petal])[37], [4.9, 3.6, 1.4, 0.1])


def test_spec_names_what_came() -> None:
    for settings, message in (
        ({"name": "moons?"}, "name must be one of .*received 'moons\\?'"),
        ({"n": 2}, "n must be a whole number in 3..100000, received 2"),
        ({"n": 100_001}, "received 100001"),
        ({"n": 10.0}, "received 10.0"),
        ({"n_classes": 1}, "n_classes must be a whole number in 2..10, received 1"),
        ({"n_classes": 11}, "received 11"),
        ({"noise": -0.1}, "noise must be a finite number of at least 0, received -0.1"),
        ({"noise": float("nan")}, "received nan"),
        ({"label_noise": 1.1}, "label_noise must be at most 1, received 1.1"),
        ({"label_noise": -0.1}, "received -0.1"),
        ({"balance": 0.0}, "balance must be a finite number above 0, received 0.0"),
        ({"balance": 2}, "balance must be at most 1, received 2"),
        ({"seed": -1}, "seed must be a whole number of at least 0, received -1"),
        ({"features": (1, 1)}, r"two different columns, received \(1, 1\)"),
        ({"features": (0, 4)}, "received 4"),
        ({"features": (0,)}, r"received \(0,\)"),
        ({"features": 3}, "two different columns, received 3"),
    ):
        with pytest.raises(ValueError, match=message):
            DataSpec(**settings)


def test_equal_specs_have_one_repr() -> None:
    spec = DataSpec(n=np.int64(50), noise=1, features=[np.int64(0), 2])
    assert repr(spec) == repr(DataSpec(n=50, noise=1.0, features=(0, 2)))
    assert hash(spec) == hash(DataSpec(n=50, noise=1.0, features=(0, 2)))


def test_dataset_names_what_came() -> None:
    good = {"X": [[1.0], [2.0]], "y": [0, 1], "n_classes": 2}
    good |= {"feature_names": ("x",), "class_names": ("a", "b"), "source": "made up"}
    Dataset(**good)
    for change, message in (
        ({"X": [[1.0], [np.inf]]}, "X must be finite, received inf"),
        ({"X": [[1.0, 2.0]]}, r"received \(1, 2\)"),
        ({"y": [0, 2]}, "received 2"),
        ({"y": [0]}, r"y must have shape \(2,\), received \(1,\)"),
        ({"class_names": ("a",)}, "class_names must have length 2, received 1"),
    ):
        with pytest.raises(ValueError, match=message):
            Dataset(**(good | change))


@given(st.floats(0, 0.99), st.integers(0, 1000), st.integers(2, 10), st.integers(10, 120))
def test_split_is_a_fair_partition(fraction: float, seed: int, K: int, n: int) -> None:
    data = make(DataSpec("blobs", n=n, n_classes=K))
    train, test = split(data, fraction, seed)
    rows = sorted(map(tuple, np.vstack([train.X, test.X]).tolist()))
    assert rows == sorted(map(tuple, data.X.tolist()))
    for k in range(K):
        size, spared = int((data.y == k).sum()), int((test.y == k).sum())
        assert size - spared >= 1
        assert abs(spared - fraction * size) <= 0.5 or size - spared == 1
    assert_array_equal(split(data, fraction, seed)[1].X, test.X)


def test_split_edges() -> None:
    data = make(DataSpec("iris"))
    train, test = split(data, 0.0)
    assert (len(train.y), len(test.y)) == (150, 0)
    assert test.X.shape == (0, 2)
    assert_array_equal(train.X, data.X)
    first, second = split(data, 0.3, 0)[1], split(data, 0.3, 1)[1]
    assert len(first.y) == len(second.y) == 45
    assert (first.X != second.X).any()
    for fraction in (1.0, -0.1, float("nan"), "0.5"):
        with pytest.raises(ValueError, match=r"test_fraction must be .*received"):
            split(data, fraction)
    with pytest.raises(ValueError, match=r"seed must be .*received -1"):
        split(data, 0.5, -1)


def test_streams_are_independent_and_repeatable() -> None:
    draws = [stream.random(4).tolist() for stream in streams(3)]
    assert len({tuple(d) for d in draws}) == len(draws)
    assert draws == [stream.random(4).tolist() for stream in streams(3)]
    children = np.random.SeedSequence(3).spawn(3)
    assert draws[0] == np.random.default_rng(children[0]).random(4).tolist()
    assert draws[2] == np.random.default_rng(children[2]).random(4).tolist()


@pytest.mark.parametrize("balance", [1.0, 0.3])
@pytest.mark.parametrize("name", RANDOM)
@hypothesis.settings(max_examples=20)
@given(st.integers(2, 6), st.integers(0, 80), st.integers(1, 400), st.integers(0, 50))
def test_more_points_keep_the_others(
    name: str, balance: float, K: int, few: int, more: int, seed: int
) -> None:
    spec = DataSpec(name, n=K + few, n_classes=K, seed=seed, balance=balance)
    small, large = make(spec), make(dataclasses.replace(spec, n=spec.n + more))
    assert_array_equal(large.X[: spec.n], small.X)
    assert_array_equal(large.y[: spec.n], small.y)


@pytest.mark.parametrize("name", ["circles", "moons"])
def test_one_more_class_leaves_the_others_where_they_are(name: str) -> None:
    for K in range(2, 10):
        few, more = (
            make(DataSpec(name, n=20 * K, n_classes=K)),
            make(DataSpec(name, n=20 * K + 20, n_classes=K + 1)),
        )
        for k in range(K):
            assert_array_equal(few.X[few.y == k], more.X[more.y == k])


def test_one_more_class_does_not_turn_the_clouds() -> None:
    # Round a circle the places have to move, but the first cloud stays on its ray, and each keeps its shape.
    for K in range(2, 10):
        clouds = [make(DataSpec(n=40 * (K + more), n_classes=K + more, noise=0.3)) for more in (0, 1)]
        still = [make(DataSpec(n=K + more, n_classes=K + more, noise=0.0)).X for more in (0, 1)]
        rays = [np.arctan2(*centres[0][::-1]) for centres in still]
        assert rays[0] == pytest.approx(rays[1])
        for k in range(K):
            shapes = [data.X[data.y == k] - centres[k] for data, centres in zip(clouds, still, strict=True)]
            assert_allclose(shapes[0], shapes[1], atol=1e-12)


@given(st.integers(20, 300), st.integers(1, 30))
def test_a_few_more_points_leave_most_of_the_test_part(n: int, more: int) -> None:
    small, large = (held_back(make(DataSpec(n=size)).y, 0.2) for size in (n, n + more))
    changed = int((small != large[:n]).sum())
    assert changed <= 2 + more


def test_gaussian_quantiles_are_cut_from_one_normal_cloud() -> None:
    X = make(DataSpec("gaussian_quantiles", n=20_000, n_classes=4, noise=0.0)).X
    for column in X.T:
        assert scipy.stats.kstest(column / 3.0, "norm").pvalue > 1e-3
