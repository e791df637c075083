"""SoftmaxRegression beside scikit-learn: the same answers, and at home in its tools."""

from __future__ import annotations

import subprocess
import sys
import warnings
from contextlib import nullcontext

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone, is_classifier
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError, UnsetMetadataPassedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from softmax_core.datasets import DataSpec, make
from softmax_core.estimator import SoftmaxRegression
from softmax_core.optimizers import GradientDescent, Nesterov

IRIS = load_iris()


def oracle(**settings: object) -> LogisticRegression:
    """LogisticRegression driven to its optimum."""
    return LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=1000, **settings)


@pytest.mark.parametrize("K", [2, 3, 10])
@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_same_probabilities_as_scikit_learn(K: int, C: float, fit_intercept: bool) -> None:
    data = make(DataSpec("blobs", n=300, n_classes=K, noise=2.0))
    ours = SoftmaxRegression(C, fit_intercept=fit_intercept).fit(data.X, data.y)
    theirs = oracle(C=C, fit_intercept=fit_intercept).fit(data.X, data.y)
    assert_allclose(ours.predict_proba(data.X), theirs.predict_proba(data.X), atol=1e-6)
    assert_allclose(ours.predict_log_proba(data.X), theirs.predict_log_proba(data.X), atol=1e-5)
    assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)
    assert ours.coef_.shape == theirs.coef_.shape
    assert ours.intercept_.shape == theirs.intercept_.shape
    scores, expected = ours.decision_function(data.X), theirs.decision_function(data.X)
    assert scores.shape == expected.shape
    if K > 2:  # scikit-learn leaves the intercepts' common part to chance
        scores, expected = (z - z.mean(axis=1, keepdims=True) for z in (scores, expected))
    assert_allclose(scores, expected, atol=1e-5)
    assert_array_equal(ours.predict(data.X), theirs.predict(data.X))
    assert ours.score(data.X, data.y) == theirs.score(data.X, data.y)


@pytest.mark.parametrize("C", [1.0, 10.0])
def test_four_measurements_and_many_pixels(C: float) -> None:
    digits = load_digits()
    pixels = digits.data[:400, 16:48] / 16.0
    for X, y in ((IRIS.data, IRIS.target), (pixels, digits.target[:400])):
        ours, theirs = SoftmaxRegression(C).fit(X, y), oracle(C=C).fit(X, y)
        assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-6)


def test_without_penalty() -> None:
    data = make(DataSpec("blobs", n=200, n_classes=3, noise=2.5))
    ours = SoftmaxRegression(np.inf).fit(data.X, data.y)
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000).fit(data.X, data.y)
    assert_allclose(ours.predict_proba(data.X), theirs.predict_proba(data.X), atol=1e-6)
    assert not ours.at_infinity_
    apart = make(DataSpec("blobs", n=60, noise=0.1))
    with pytest.warns(ConvergenceWarning, match="larger weights are always better"):
        model = SoftmaxRegression(np.inf).fit(apart.X, apart.y)
    assert model.at_infinity_
    P = model.predict_proba(apart.X)[np.arange(60), apart.y]
    assert model.loss_curve_[-1] == pytest.approx(-np.log(P).mean(), rel=1e-9)
    far = data.X[:, 0] + 1e7
    with pytest.warns(ConvergenceWarning, match="rounding blurs the logits: centre them"):
        SoftmaxRegression(np.inf).fit(np.column_stack([far, far**2]), data.y)


@pytest.mark.parametrize("K", [2, 4])
@pytest.mark.parametrize("class_weight", [None, "balanced", {0: 3.0, 1: 0.5}])
@pytest.mark.parametrize("weighted", [False, True])
def test_weights(K: int, class_weight: object, weighted: bool) -> None:
    data = make(DataSpec("imbalanced_blobs", n=150, n_classes=K, noise=2.0))
    weights = np.random.default_rng(0).uniform(0, 3, 150) if weighted else None
    ours = SoftmaxRegression(class_weight=class_weight).fit(data.X, data.y, weights)
    theirs = oracle(class_weight=class_weight).fit(data.X, data.y, weights)
    assert_allclose(ours.predict_proba(data.X), theirs.predict_proba(data.X), atol=1e-6)
    assert ours.score(data.X, data.y, weights) == pytest.approx(theirs.score(data.X, data.y, weights))


def test_text_labels() -> None:
    names = IRIS.target_names[IRIS.target]
    ours, theirs = SoftmaxRegression().fit(IRIS.data, names), oracle().fit(IRIS.data, names)
    assert_array_equal(ours.classes_, theirs.classes_)
    assert_array_equal(ours.predict(IRIS.data), theirs.predict(IRIS.data))
    assert ours.predict(IRIS.data).dtype.kind == "U"
    assert ours.n_features_in_ == 4


def test_scikit_learn_checks_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks warn about what they skip
        results = check_estimator(SoftmaxRegression(), on_fail=None)
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert not failed
    assert sum(r["status"] == "passed" for r in results) > 40


def test_in_the_tools_of_scikit_learn() -> None:
    pipeline = make_pipeline(StandardScaler(), PolynomialFeatures(2), SoftmaxRegression(C=3.0))
    reference = make_pipeline(StandardScaler(), PolynomialFeatures(2), oracle(C=3.0))
    X, y = IRIS.data, IRIS.target
    assert_allclose(cross_val_score(pipeline, X, y), cross_val_score(reference, X, y))
    grid = {"softmaxregression__C": [0.01, 1.0, 100.0]}
    search = GridSearchCV(pipeline, grid, scoring="neg_log_loss").fit(X, y)
    same = GridSearchCV(reference, {"logisticregression__C": [0.01, 1.0, 100.0]}, scoring="neg_log_loss")
    assert_allclose(
        search.cv_results_["mean_test_score"], same.fit(X, y).cv_results_["mean_test_score"], atol=1e-6
    )
    assert is_classifier(SoftmaxRegression())
    weighted = Pipeline([("model", SoftmaxRegression())]).fit(X, y, model__sample_weight=np.ones(150))
    assert weighted.score(X, y) > 0.9


def test_parameters() -> None:
    model = SoftmaxRegression(C=2.0, optimizer=Nesterov(0.3), class_weight={0: 1.0})
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert copy.optimizer == Nesterov(0.3)
    assert (
        clone(
            model.set_params(C=0.1, optimizer=Nesterov(0.01), tol=1e-3).fit(IRIS.data, IRIS.target)
        ).__sklearn_is_fitted__()
        is False
    )
    assert model.set_params(C=5.0, max_iter=7) is model
    assert (model.C, model.max_iter) == (5.0, 7)
    assert repr(SoftmaxRegression(C=2.0, max_iter=7)) == "SoftmaxRegression(C=2.0, max_iter=7)"
    with pytest.raises(ValueError, match="Invalid parameter 'c' for estimator SoftmaxRegression"):
        model.set_params(c=1.0)


def test_loss_curve_falls_to_the_loss() -> None:
    data = make(DataSpec("blobs", n=100, noise=2.0))
    model = SoftmaxRegression(C=0.5).fit(data.X, data.y)
    assert_allclose(model.loss_curve_[0], np.log(3))
    assert (np.diff(model.loss_curve_) <= 1e-15).all()
    assert model.n_iter_ == len(model.loss_curve_) - 1
    P = model.predict_proba(data.X)[np.arange(100), data.y]
    assert_allclose(model.loss_curve_[-1], -np.log(P).mean() + (model.coef_**2).sum() / (2 * 0.5 * 100))
    two = make(DataSpec("blobs", n=100, n_classes=2, noise=2.0))
    model.fit(two.X, two.y)
    P = model.predict_proba(two.X)[np.arange(100), two.y]
    assert_allclose(model.loss_curve_[-1], -np.log(P).mean() + (model.coef_**2).sum() / (2 * 0.5 * 100))


@pytest.mark.parametrize("batch_size", [None, 20])
def test_an_optimiser_comes_near_the_same_weights(batch_size: int | None) -> None:
    data = make(DataSpec("blobs", n=100, noise=2.0))
    best = SoftmaxRegression(C=0.1).fit(data.X, data.y)
    model = SoftmaxRegression(C=0.1, optimizer=Nesterov(0.02), batch_size=batch_size, max_iter=600, tol=1e-12)
    with pytest.warns(ConvergenceWarning) if batch_size else nullcontext():  # the batches never come to rest
        model.fit(data.X, data.y)
    assert_allclose(
        model.predict_proba(data.X), best.predict_proba(data.X), atol=0.05 if batch_size else 1e-4
    )
    again = clone(model)
    with pytest.warns(ConvergenceWarning) if batch_size else nullcontext():
        again.fit(data.X, data.y)
    assert_array_equal(again.coef_, model.coef_)


def test_partial_fit_learns_from_a_stream() -> None:
    data = make(DataSpec("blobs", n=1200, noise=1.5))
    names = np.array(["a", "b", "c"])[data.y]
    model = SoftmaxRegression(C=np.inf, optimizer=GradientDescent(0.3))
    for first in range(0, 1200, 20):
        part = slice(first, first + 20)
        model.partial_fit(data.X[part], names[part], classes=["c", "a", "b"])
    best = SoftmaxRegression(C=np.inf).fit(data.X, names)
    assert model.score(data.X, names) > best.score(data.X, names) - 0.02
    assert_array_equal(model.classes_, ["a", "b", "c"])
    assert len(model.loss_curve_) == 60
    by_hand = SoftmaxRegression(C=np.inf, optimizer=GradientDescent(0.3)).partial_fit(
        [[2.0]], ["a"], ["a", "b", "c"]
    )
    # G = (1/3 - 1, 1/3, 1/3), so W = -0.3 * 2 * G.
    assert_allclose(by_hand.coef_, [[0.4], [-0.2], [-0.2]], atol=1e-15)
    two = SoftmaxRegression(C=np.inf).partial_fit([[2.0]], [1], [0, 1]).partial_fit([[2.0]], [1])
    assert two.coef_.shape == (1, 1)


@pytest.mark.parametrize(
    "model",
    [SoftmaxRegression(max_iter=2), SoftmaxRegression(optimizer=Nesterov(0.01), max_iter=2)],
    ids=["newton", "optimizer"],
)
def test_an_early_end_is_said(model: SoftmaxRegression) -> None:
    with pytest.warns(ConvergenceWarning, match="max_iter=2 .* ended before"):
        model.fit(IRIS.data, IRIS.target)
    P = model.predict_proba(IRIS.data)[np.arange(150), IRIS.target]
    assert model.loss_curve_[-1] == pytest.approx(-np.log(P).mean() + (model.coef_**2).sum() / 300, rel=1e-9)


@pytest.mark.parametrize("batch_size", [None, 20])
def test_divergence_keeps_the_last_finite_weights(batch_size: int | None) -> None:
    model = SoftmaxRegression(C=0.01, optimizer=GradientDescent(5.0), batch_size=batch_size, max_iter=2000)
    with pytest.warns(ConvergenceWarning, match="overflowed in epoch .* smaller learning rate"):
        model.fit(IRIS.data, IRIS.target)
    assert np.isfinite(model.coef_).all()
    assert np.isfinite(model.loss_curve_).all()
    assert_allclose(model.predict_proba(IRIS.data).sum(axis=1), 1.0)
    P = model.predict_log_proba(IRIS.data)[np.arange(150), IRIS.target]
    penalty = (model.coef_**2).sum() / (2 * 0.01 * 150)
    assert model.loss_curve_[-1] == pytest.approx(-P.mean() + penalty, rel=1e-9)


def test_divergence_in_a_stream_keeps_the_last_finite_weights() -> None:
    model = SoftmaxRegression(C=1e-3, optimizer=GradientDescent(1e3))
    for _ in range(40):
        model.partial_fit(IRIS.data, IRIS.target, [0, 1, 2])
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
        for _ in range(60):
            model.partial_fit(IRIS.data, IRIS.target, [0, 1, 2])
    with pytest.warns(ConvergenceWarning, match="overflowed in step 101"):
        model.partial_fit(IRIS.data, IRIS.target, [0, 1, 2])
    assert np.isfinite(model.coef_).all()
    assert np.isfinite(model.loss_curve_).all()


@pytest.mark.parametrize(
    "labels",
    [
        ["a", float("nan")],
        np.array(["a", float("nan")], dtype=object),
        np.array(["a", None], dtype=object),
        np.array([0, pd.NA], dtype=object),
        pd.Series(["a", pd.NA], dtype="string"),
        pd.Series([1, None], dtype="Int64"),
        pd.Series(["a", None], dtype="category"),
        np.array(["2020-01-01", "NaT"], dtype="datetime64[D]"),
        [0.0, float("nan")],
    ],
    ids=lambda labels: f"{type(labels).__name__} {getattr(labels, 'dtype', '')}",
)
def test_a_missing_label_is_named(labels: object) -> None:
    with pytest.raises(ValueError, match="Input y contains NaN"):
        SoftmaxRegression().fit([[0.0], [1.0]], labels)
    with pytest.raises(ValueError, match="Input y contains NaN"):
        SoftmaxRegression().partial_fit([[0.0], [1.0]], labels, ["a", "b"])


def test_a_missing_number_is_named() -> None:
    frame = pd.DataFrame({"x": pd.array([1, None], dtype="Int64")})
    with pytest.raises(ValueError, match="Input X contains NaN"):
        SoftmaxRegression().fit(frame, [0, 1])
    with pytest.raises(ValueError, match="Input X contains NaN: a number is missing"):
        SoftmaxRegression().fit(np.array([[0.5], [None]], dtype=object), [0, 1])
    with pytest.raises(ValueError, match="all numbers or all text, received int and str"):
        SoftmaxRegression().fit([[0.0], [1.0]], np.array([0, "a"], dtype=object))


def test_labels_that_are_no_column_of_labels_are_named() -> None:
    for y, message in (
        ([0j, 1j], "Complex data not supported, received dtype complex128"),
        ([[0, 1], [1, 0]], r"y should be a 1d array, got an array of shape \(2, 2\) instead"),
    ):
        with pytest.raises(ValueError, match=message):
            SoftmaxRegression().fit([[0.0], [1.0]], y)


def test_one_weight_for_all_samples() -> None:
    # The penalty counts against the sum over the samples: every sample twice is C twice.
    X, y = IRIS.data, IRIS.target
    twice = SoftmaxRegression(C=1.0).fit(X, y, sample_weight=2.0)
    assert_allclose(twice.coef_, SoftmaxRegression(C=2.0).fit(X, y).coef_, rtol=1e-6, atol=1e-9)


def test_partial_fit_asks_for_what_it_wants() -> None:
    asked = SoftmaxRegression().set_partial_fit_request(classes=True, sample_weight="w")
    wishes = asked.get_metadata_routing().partial_fit.requests
    assert wishes == {"classes": True, "sample_weight": "w"}


def test_metadata_routing_brings_the_weights() -> None:
    X, y, weights = IRIS.data, IRIS.target, np.random.default_rng(0).uniform(0.1, 5.0, 150)
    expected = SoftmaxRegression().fit(StandardScaler().fit_transform(X), y, weights)
    with config_context(enable_metadata_routing=True):
        model = SoftmaxRegression().set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        pipeline = make_pipeline(scaler, model).fit(X, y, sample_weight=weights)
        assert_allclose(pipeline[-1].coef_, expected.coef_)
        search = GridSearchCV(clone(pipeline), {"softmaxregression__C": [1.0]}).fit(
            X, y, sample_weight=weights
        )
        assert_allclose(search.best_estimator_[-1].coef_, expected.coef_)
        with pytest.raises(UnsetMetadataPassedError):
            make_pipeline(scaler, SoftmaxRegression()).fit(X, y, sample_weight=weights)
        named = SoftmaxRegression().set_fit_request(sample_weight="w").set_score_request(sample_weight="w")
        assert len(cross_validate(named, X, y, params={"w": weights})["test_score"]) == 5


def test_partial_fit_names_what_came() -> None:
    X, y = [[0.0], [1.0]], ["a", "b"]
    for call, message in (
        (lambda: SoftmaxRegression().partial_fit(X, y), "classes must be passed on the first call"),
        (lambda: SoftmaxRegression().partial_fit(X, y, ["a"]), "at least 2 classes, received"),
        (lambda: SoftmaxRegression().partial_fit(X, y, ["b", "c"]), "labels must lie in .*received .*'a'"),
        (lambda: SoftmaxRegression().fit(X, y).partial_fit(X, y, ["a", "c"]), "classes must stay"),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_fit_names_what_came() -> None:
    X, y = [[0.0], [1.0]], ["a", "b"]
    for settings_, arguments, message in (
        ({"C": 0.0}, (X, y), "C must be a finite number above 0, received 0.0"),
        ({"class_weight": "even"}, (X, y), "class_weight must be .*received 'even'"),
        ({"class_weight": {"z": 1.0}}, (X, y), "class_weight must name classes"),
        ({"class_weight": {"a": -1.0}}, (X, y), "class_weight must be finite and at least 0"),
        ({}, (X, ["a", "a"]), "at least 2 classes, received 1 class"),
        ({}, (X, [0.5, 1.5]), "Unknown label type: continuous, received 0.5"),
        ({}, (X, y, [1.0]), r"sample_weight.shape == \(1,\), expected \(2,\)"),
        ({}, (X, y, [-1.0, 1.0]), "sample_weight must be .*received -1"),
        ({}, (X, y, [0.0, 0.0]), "above 0, received only zeros"),
        ({"max_iter": -1}, (X, y), "received -1"),
    ):
        with pytest.raises(ValueError, match=message):
            SoftmaxRegression(**settings_).fit(*arguments)
    with pytest.raises(NotFittedError, match="is not fitted yet"):
        SoftmaxRegression().predict(X)


def test_data_frames_keep_their_names() -> None:
    frame = pd.DataFrame(IRIS.data, columns=["a", "b", "c", "d"])
    model = SoftmaxRegression().fit(frame, IRIS.target)
    assert_array_equal(model.feature_names_in_, ["a", "b", "c", "d"])
    assert_array_equal(model.predict(frame), model.predict(IRIS.data))
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame.rename(columns={"a": "z"}))
    assert not hasattr(model.fit(IRIS.data, IRIS.target), "feature_names_in_")


@given(st.integers(0, 1000), st.integers(2, 5), st.floats(0.01, 100.0))
@settings(max_examples=25)
def test_laws(seed: int, K: int, C: float) -> None:
    data = make(DataSpec("blobs", n=40, n_classes=K, noise=2.0, seed=seed))
    P = SoftmaxRegression(C).fit(data.X, data.y).predict_proba(data.X)
    assert_allclose(P.sum(axis=1), 1.0)
    twice = SoftmaxRegression(C / 2).fit(np.repeat(data.X, 2, 0), np.repeat(data.y, 2))
    assert_allclose(twice.predict_proba(data.X), P, atol=1e-6)
    moved = SoftmaxRegression(C).fit(data.X + 7.0, data.y)  # the intercept is not penalised
    assert_allclose(moved.predict_proba(data.X + 7.0), P, atol=1e-6)


def test_scikit_learn_is_not_needed() -> None:
    code = (
        "import sys; sys.modules['sklearn'] = None; from softmax_core.estimator import *; "
        "m = SoftmaxRegression()\n"
        "try: m.predict([[1.0]])\n"
        "except ValueError as error: print(type(error).__module__)\n"
        "print(m.fit([[0.0], [1.0]], [0, 1]).predict([[5.0]]), 'scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["softmax_core.estimator", "[1] False"]


def test_without_scikit_learn_the_warning_is_a_class_of_this_package() -> None:
    code = (
        "import sys, warnings; sys.modules['sklearn'] = None; warnings.simplefilter('error')\n"
        "from softmax_core.estimator import SoftmaxRegression\n"
        "try: SoftmaxRegression(max_iter=1).fit([[0.0], [1.0], [3.0]], ['a', 'b', 'c'])\n"
        "except UserWarning as warning: print(type(warning).__module__, type(warning).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "softmax_core.estimator ConvergenceWarning"
