import numpy as np
import pytest
from scipy import special

from charts.curves import sigmoid_curve
from tests.charts.read import HOSTILE, numbers, texts, traces

NAMES = [f"class {j}" for j in range(10)]


@pytest.mark.parametrize(
    ("z", "temperature", "names", "said"),
    [
        ([np.nan, 0], 1, 2, "nan"),
        ([np.inf, 0], 1, 2, "inf"),
        ([], 1, 0, r"\(0,\)"),
        ([[1.0, 2.0]], 1, 2, r"\(1, 2\)"),
        ([1, 2], 0, 2, "got 0"),
        ([1, 2], np.nan, 2, "got nan"),
        ([1, 2], 1, 3, "got 3"),
    ],
)
def test_bad_input_is_named(z, temperature, names, said):
    with pytest.raises(ValueError, match=said):
        sigmoid_curve(z, NAMES[:names], temperature=temperature)


@pytest.mark.parametrize("temperature", [0.05, 1.0, 20.0])
@pytest.mark.parametrize("z", [(1.0, 0.2), (-7.0, 30.0), (1000.0, -1000.0)])
def test_sigmoid_is_the_softmax_of_two(z, temperature):
    fig = sigmoid_curve(z, NAMES[:2], temperature=temperature)
    first, second = traces(fig, "curve")
    x = numbers(first.x)
    np.testing.assert_allclose(numbers(first.y), special.expit(x / temperature), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(numbers(second.y), special.expit(-x / temperature), rtol=1e-12, atol=1e-300)
    wanted = special.softmax(np.array(z) / temperature)
    np.testing.assert_allclose([t.y[0] for t in traces(fig, "point")], wanted, rtol=1e-9, atol=1e-300)
    low, high = fig.layout.xaxis.range
    assert low < z[0] - z[1] < high


def test_sigmoid_of_a_difference_that_overflows():
    fig = sigmoid_curve([1e308, -1e308], NAMES[:2])
    assert [t.y[0] for t in traces(fig, "point")] == [1.0, 0.0]
    for trace in fig.data:
        assert np.isfinite(numbers(trace.x)).all()
        assert np.isfinite(numbers(trace.y)).all()


def test_sigmoid_needs_two_classes():
    with pytest.raises(ValueError, match="got 3"):
        sigmoid_curve([1, 2, 3], NAMES[:3])


def test_sigmoid_legend_says_the_formula_with_its_temperature():
    assert "/ 2)" in sigmoid_curve([1, 2], NAMES[:2], temperature=2.0).data[2].name
    assert "/" not in sigmoid_curve([1, 2], ["a", "b"]).data[2].name.replace("</sub>", "")


@pytest.mark.parametrize("dark", [False, True])
def test_same_input_same_figure(dark):
    assert (
        sigmoid_curve([1, 2.0], NAMES[:2], dark).checked()
        == sigmoid_curve([1, 2.0], NAMES[:2], dark).checked()
    )
    assert sigmoid_curve([1, 2.0], NAMES[:2], dark) != sigmoid_curve([1, 2.0], NAMES[:2], not dark)


def test_hostile_names_stay_text():
    for text in texts(sigmoid_curve([1, 2], HOSTILE[:2])):
        assert "<a" not in text
        assert "$" not in text
        assert text.count("%{y}") == 0
