"""Information against SciPy, high-precision sums, laws and limits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
import scipy.special as sp
import scipy.stats as stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose

from softmax_core.information import cross_entropy, entropy, kl_divergence, surprisal

INF = math.inf


def rows(seed: int = 0, n: int = 5, K: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.full(K, 0.4), size=n), rng.dirichlet(np.full(K, 0.7), size=n)


def distributions(K: int = 5) -> st.SearchStrategy[np.ndarray]:
    weights = hnp.arrays(np.float64, K, elements=st.floats(0, 1) | st.just(0.0))
    return weights.filter(lambda w: w.sum() > 1e-3).map(lambda w: w / w.sum())


@pytest.mark.parametrize("base", [None, 2, 10])
def test_against_scipy(base) -> None:
    P, Q = rows()
    assert_allclose(entropy(P, base), stats.entropy(P, base=base, axis=-1), rtol=1e-13)
    assert_allclose(kl_divergence(P, Q, base), stats.entropy(P, Q, base=base, axis=-1), rtol=1e-13)
    unit = 1 if base is None else math.log(base)
    assert_allclose(cross_entropy(P, Q, base), -sp.xlogy(P, Q).sum(-1) / unit, rtol=1e-13)
    assert_allclose(surprisal(P, base), -np.log(P) / unit, rtol=1e-13)


def test_numbers_everybody_knows() -> None:
    assert entropy(np.full(8, 1 / 8), base=2) == 3
    assert entropy([0.5, 0.25, 0.125, 0.125], base=2) == 1.75
    assert entropy([1.0, 0.0, 0.0]) == 0
    assert cross_entropy([0, 1, 0, 0], [0.3, 0.2, 0.4, 0.1]) == pytest.approx(1.6094379124341003, rel=1e-15)
    assert surprisal(1 / math.e) == pytest.approx(1, rel=1e-15)
    assert surprisal(1.0, base=2) == 0
    assert not np.signbit(surprisal(1.0)), "the surprisal of what is certain is 0 and not -0"


@given(distributions(), distributions())
def test_the_laws(P: np.ndarray, Q: np.ndarray) -> None:
    H, HPQ, KL = entropy(P), cross_entropy(P, Q), kl_divergence(P, Q)
    assert 0 <= H <= math.log(5) + 1e-12
    assert KL >= 0
    assert HPQ >= H - 1e-12
    if np.isinf(HPQ):
        assert KL == INF
        assert ((P > 0) & (Q == 0)).any()
    else:
        assert_allclose(H + KL, HPQ, atol=1e-12, rtol=1e-12)
    assert kl_divergence(P, P) == 0
    assert kl_divergence(P, Q, base=2) == pytest.approx(KL / math.log(2)) or KL == INF


@given(distributions())
def test_uniform_has_the_greatest_entropy(P: np.ndarray) -> None:
    uniform = np.full(5, 0.2)
    assert entropy(P) == pytest.approx(math.log(5) - kl_divergence(P, uniform), abs=1e-12)


def test_zeros_are_limits() -> None:
    assert cross_entropy([0.0, 1.0], [0.0, 1.0]) == 0
    assert kl_divergence([0.0, 1.0], [0.5, 0.5]) == pytest.approx(math.log(2), rel=1e-15)
    assert cross_entropy([0.5, 0.5], [0.0, 1.0]) == INF
    assert kl_divergence([0.5, 0.5], [0.0, 1.0], base=2) == INF
    assert surprisal(0.0) == INF
    assert not np.signbit(entropy([1.0, 0.0]))


def test_tiny_probabilities_neither_overflow_nor_vanish() -> None:
    tiny = 5e-324  # p / tiny is beyond the largest double
    expected = float(mpmath.mpf("0.5") * (mpmath.log("0.5") - mpmath.log(mpmath.mpf(tiny))))
    expected += float(mpmath.mpf("0.5") * mpmath.log("0.5"))
    assert kl_divergence([0.5, 0.5], [tiny, 1.0]) == pytest.approx(expected, rel=1e-14)
    assert entropy([tiny, 1.0]) == pytest.approx(tiny * 744.44, rel=0.01)


def test_nearly_equal_distributions_keep_their_digits() -> None:
    for step in (1e-3, 1e-5, 1e-7):
        P, Q = np.array([0.5, 0.5]), np.array([0.5 - step, 0.5 + step])
        with mpmath.workdps(60):
            p, q = [mpmath.mpf(x) for x in P], [mpmath.mpf(x) for x in Q]
            exact = float(sum(a * mpmath.log(a / b) for a, b in zip(p, q, strict=True)))
        assert kl_divergence(P, Q) == pytest.approx(exact, abs=2e-17, rel=1e-9)


def test_it_is_not_symmetric() -> None:
    assert kl_divergence([0.5, 0.5], [0.9, 0.1]) == pytest.approx(0.5108256237659907, rel=1e-14)
    assert kl_divergence([0.9, 0.1], [0.5, 0.5]) == pytest.approx(0.3680642071684971, rel=1e-14)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_in_is_dtype_out(dtype: type) -> None:
    P, Q = (np.round(A * 64) / 64 for A in rows(n=40))
    P[:, 0] += 1 - P.sum(-1)
    Q[:, 0] += 1 - Q.sum(-1)
    P, Q = np.abs(P).astype(dtype), np.abs(Q).astype(dtype)
    keep = (P.sum(-1) == 1) & (Q.sum(-1) == 1)
    P, Q = P[keep], Q[keep]
    assert len(P) > 20
    wide = P.astype(np.float64), Q.astype(np.float64)
    eps = float(np.finfo(dtype).eps)
    for result, expected in (
        (entropy(P), entropy(wide[0])),
        (cross_entropy(P, Q), cross_entropy(*wide)),
        (kl_divergence(P, Q), kl_divergence(*wide)),
        (surprisal(P), surprisal(wide[0])),
    ):
        assert result.dtype == dtype
        assert_allclose(result, expected, rtol=8 * eps, atol=8 * eps if dtype != np.float16 else eps)
    assert kl_divergence(P, Q.astype(np.float64)).dtype == np.float64
    assert entropy([1, 0]).dtype == np.float64


def test_axes_and_broadcasting() -> None:
    P, Q = rows(n=6)
    assert entropy(P.T, axis=0) == pytest.approx(entropy(P))
    assert cross_entropy(P.reshape(2, 3, 4), Q.reshape(2, 3, 4)).shape == (2, 3)
    assert kl_divergence(P.T, Q.T, axis=0) == pytest.approx(kl_divergence(P, Q))
    assert kl_divergence(P, Q[0]) == pytest.approx([kl_divergence(p, Q[0]) for p in P])
    assert entropy(np.empty((0, 3))).shape == (0,)


@pytest.mark.parametrize("function", [entropy, lambda p: cross_entropy(p, [0.5, 0.5]),
                                      lambda p: kl_divergence([0.5, 0.5], p)])  # fmt: skip
def test_what_is_no_distribution_is_named(function) -> None:
    for p, message in (
        ([0.5, 0.6], r"sum to 1, received a row with sum 1\.1"),
        ([[0.5, 0.5], [0.2, 0.2]], r"sum 0\.4"),
        ([1.5, -0.5], r"received -0\.5"),
        ([math.nan, 1.0], "received nan"),
        ([INF, 0.0], "sum inf"),
        ([], r"at least one class .* \(0,\)"),
        (1.0, r"shape \(\)"),
        (["a", "b"], "received dtype"),
        ([1j, 0], "received dtype"),
    ):
        with pytest.raises(ValueError, match=message):
            function(p)


def test_other_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"shapes \(2,\) and \(3,\)"):
        kl_divergence([0.5, 0.5], [0.5, 0.25, 0.25])
    with pytest.raises(ValueError, match=r"shapes \(2, 2\) and \(3, 2\)"):
        cross_entropy(np.full((2, 2), 0.5), np.full((3, 2), 0.5))
    for p in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match=f"received {p}"):
            surprisal([0.5, p])
    for base in (1, 0, -2, math.nan, INF, 0.5):
        for function in (surprisal, entropy):
            with pytest.raises(ValueError, match=f"base .* received {base}"):
                function([0.5, 0.5], base)
