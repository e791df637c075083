"""Grey pictures, and one product against a loop."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special
from numpy.testing import assert_allclose, assert_array_equal

from softmax_core.layers import BIASES, TYPICAL, WEIGHTS, grey_pictures, logits_by_loop, time_both


def test_the_hand_made_weights_know_the_typical_pictures() -> None:
    P = scipy.special.softmax(TYPICAL @ WEIGHTS + BIASES, axis=1)
    assert_array_equal(P.argmax(axis=1), [0, 1, 2])
    assert P.max(axis=1).min() > 0.85


def test_pictures_are_greys_with_two_decimals_and_the_seed_decides() -> None:
    X, y = grey_pictures(400, 3)
    assert X.min() >= 0
    assert X.max() <= 1
    assert_array_equal(X, np.round(X, 2))
    assert set(y) == {0, 1, 2}
    again, labels = grey_pictures(40, 3)
    assert_array_equal(again, X[:40])
    assert_array_equal(labels, y[:40])
    assert (grey_pictures(40, 4)[0] != again).any()


def test_noise_is_what_it_says() -> None:
    X, y = grey_pictures(4000, 0, noise=0.05)
    middle = (TYPICAL[y] > 0.15) & (TYPICAL[y] < 0.85)  # far enough from the ends not to be clipped
    assert (X - TYPICAL[y])[middle].std() == pytest.approx(0.05, rel=0.05)


def test_the_loop_agrees_with_the_product() -> None:
    rng = np.random.default_rng(0)
    X, W, b = rng.standard_normal((7, 5)), rng.standard_normal((5, 3)), rng.standard_normal(3)
    assert_allclose(logits_by_loop(X, W, b), np.einsum("nd,dk->nk", X, W) + b, rtol=1e-12)


def test_times_are_measured_and_a_long_loop_takes_longer() -> None:
    timing = time_both([1, 2048], 16, 10)
    assert timing.sizes == (1, 2048)
    assert min(*timing.loop, *timing.product) > 0
    assert timing.loop[1] > 5 * timing.loop[0]
    assert timing.loop[1] > timing.product[1]
    assert timing.difference < 1e-10


def test_errors_name_what_came() -> None:
    with pytest.raises(ValueError, match="received 0"):
        grey_pictures(0, 0)
    with pytest.raises(ValueError, match="received -1"):
        grey_pictures(1, -1)
    with pytest.raises(ValueError, match="received nan"):
        grey_pictures(1, 0, float("nan"))
    with pytest.raises(ValueError, match="at least one size, received"):
        time_both([], 1, 1)
    with pytest.raises(ValueError, match="received 0"):
        time_both([0], 1, 1)
    with pytest.raises(ValueError, match=r"b must have shape \(1,\), received \(2,\)"):
        logits_by_loop([[1]], [[1]], [1, 2])
