"""Figures of information against SciPy, read out of the figures."""

import numpy as np
import pytest
import scipy.stats as stats

from charts.information import divergence_terms, entropy_curve, mixture_curve, surprisal_curve
from tests.charts.read import HOSTILE, numbers, only, texts, traces

P = np.array([0.5, 0.25, 0.25])
Q = np.array([0.2, 0.2, 0.6])
NAMES = ["a", "b", "c"]


def test_the_surprisal_curve_passes_through_its_points() -> None:
    fig = surprisal_curve(P, NAMES, 2, "bits")
    curve = only(fig, "curve")
    np.testing.assert_allclose(numbers(curve.y), -np.log2(numbers(curve.x)), atol=1e-12)
    assert [(t.x[0], t.y[0]) for t in traces(fig, "point")] == [(0.5, 1.0), (0.25, 2.0), (0.25, 2.0)]


def test_a_symbol_that_never_comes_has_no_point() -> None:
    fig = surprisal_curve([0.0, 1.0], ["a", "b"], None, "nats")
    assert [t.meta["class"] for t in traces(fig, "point")] == [1]


@pytest.mark.parametrize("k", [0, 2])
def test_the_entropy_curve_keeps_the_proportions_of_the_others(k: int) -> None:
    fig = entropy_curve(P, k, NAMES, 2, "bits")
    curve = only(fig, "curve")
    x, y = numbers(curve.x), numbers(curve.y)
    others = np.delete(P, k) / np.delete(P, k).sum()
    wanted = [stats.entropy([s, *((1 - s) * others)], base=2) for s in x]
    np.testing.assert_allclose(y, wanted, atol=1e-12)
    assert only(fig, "point").y[0] == pytest.approx(1.5)
    assert only(fig, "limit").y[0] == pytest.approx(np.log2(3))
    assert y.max() <= only(fig, "limit").y[0] + 1e-12


def test_a_certain_symbol_gives_to_the_others_equally() -> None:
    fig = entropy_curve([1.0, 0.0, 0.0], 0, NAMES, None, "nats")
    curve = only(fig, "curve")
    assert numbers(curve.y)[0] == pytest.approx(np.log(2))
    assert numbers(curve.y)[-1] == 0


def test_the_mixture_curve_starts_at_its_floor_and_rises() -> None:
    fig = mixture_curve(P, Q, 2, "bits")
    y = numbers(only(fig, "curve").y)
    assert y[0] == pytest.approx(stats.entropy(P, base=2))
    assert y[-1] == pytest.approx(-(P * np.log2(Q)).sum())
    assert (np.diff(y) >= -1e-12).all()
    assert only(fig, "floor").y[0] == pytest.approx(1.5)
    assert only(fig, "point").y[0] == pytest.approx(y[-1])


def test_a_flat_mixture_curve_does_not_show_its_rounding() -> None:
    fig = mixture_curve([0.1] * 10, [0.1] * 10, 2, "bits")
    low, high = fig.layout.yaxis.range
    assert high - low > 0.2
    assert low < np.log2(10) < high


def test_an_infinite_cross_entropy_has_no_point() -> None:
    fig = mixture_curve([0.5, 0.5], [1.0, 0.0], 2, "bits")
    assert not traces(fig, "point")
    assert np.isnan(numbers(only(fig, "curve").y)[-1])


def test_the_terms_add_up_to_the_divergences() -> None:
    fig = divergence_terms(P, Q, NAMES, 1 / np.log(2), "bits")
    assert numbers(only(fig, "forward").y).sum() == pytest.approx(stats.entropy(P, Q, base=2))
    assert numbers(only(fig, "backward").y).sum() == pytest.approx(stats.entropy(Q, P, base=2))


def test_an_infinite_term_says_so_where_it_stands() -> None:
    fig = divergence_terms([0.5, 0.5, 0.0], [1.0, 0.0, 0.0], NAMES, 1.0, "nats")
    notes = [note for note in fig.layout.annotations if note.name != "key"]
    assert [(round(note.x), note.text, note.name) for note in notes] == [(1, "∞", "forward")]


def test_names_are_data() -> None:
    for fig in (
        surprisal_curve(P, HOSTILE, 2, "bits"),
        entropy_curve(P, 0, HOSTILE, 2, "bits"),
        divergence_terms(P, Q, HOSTILE, 1.0, "nats"),
    ):
        for text in texts(fig):
            assert not any(bad in text for bad in HOSTILE)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"k must be in 0\.\.2, got -1"):
        entropy_curve(P, -1, NAMES, 2, "bits")
    for figure in (
        lambda: mixture_curve(P, [0.5, 0.5], 2, "bits"),
        lambda: divergence_terms(P, [0.5, 0.5], NAMES, 1, "bits"),
    ):
        with pytest.raises(ValueError, match="one length, got 3 and 2"):
            figure()
    with pytest.raises(ValueError, match="expected 3 names"):
        surprisal_curve(P, ["a"], 2, "bits")
