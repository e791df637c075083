import numpy as np
import pytest

from charts.precision import precision_bars
from tests.charts.read import HOSTILE, numbers, only, texts, traces

NAMES = [f"class {j}" for j in range(10)]


def naive(z):
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(z)
        return e / e.sum()


def test_an_overflow_in_float16_is_hatched_and_not_a_zero():
    z = np.array([12, 0, -3], dtype=np.float16)  # e^12 > 65504
    fig = precision_bars(naive(z), [1.0, 6e-6, 0.0], NAMES[:3])
    assert np.isnan(only(fig, "naive").y[0])
    hatched = only(fig, "nan")
    assert list(hatched.x) == [0]
    assert list(hatched.text) == ["NaN"]
    assert hatched.marker.pattern.shape == "/"
    assert only(fig, "naive").text[0] == ""
    assert list(only(fig, "stable").text) == ["1", "<0.001", "0"]


def test_zero_over_zero_hatches_all():
    fig = precision_bars([np.nan] * 10, np.full(10, 0.1), NAMES)
    assert list(only(fig, "nan").x) == list(range(10))
    assert only(fig, "nan").meta["row"] == "naive"
    assert set(only(fig, "stable").text) == {".10"}
    np.testing.assert_array_equal(numbers(only(fig, "stable").y), np.full(10, 0.1))


def test_without_nan_nothing_is_hatched_and_both_rows_share_one_scale():
    fig = precision_bars([0.5, 0.5], [0.5, 0.5], NAMES[:2])
    assert not traces(fig, "nan")
    assert fig.layout.yaxis.range == fig.layout.yaxis2.range
    assert fig.layout.template.layout.paper_bgcolor == "rgba(0,0,0,0)"


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="2 and 1"):
        precision_bars([0.5, 0.5], [1.0], NAMES[:2])


def test_hostile_names_stay_text():
    for text in texts(precision_bars([np.nan, 0, 1], [0, 0, 1], HOSTILE)):
        assert "<a" not in text
        assert "$" not in text
        assert "%{y}" not in text
