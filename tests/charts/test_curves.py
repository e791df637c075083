import numpy as np
import pytest
from scipy import special

from charts.curves import sigmoid_curve, softmax_curves
from tests.charts.read import HOSTILE, numbers, only, texts, traces

NAMES = [f"class {j}" for j in range(10)]


def moved(z, k, value):
    z = np.array(z, dtype=float)
    z[k] = value
    return z


@pytest.mark.parametrize("n_classes", range(2, 11))
@pytest.mark.parametrize("temperature", [0.05, 1.0, 20.0])
def test_curves_are_softmax_with_one_logit_moved(n_classes, temperature):
    z = np.random.default_rng(n_classes).normal(0, 3, n_classes)
    k = n_classes // 2
    fig = softmax_curves(z, k, temperature, NAMES[:n_classes])
    curves = traces(fig, "curve")
    assert len(curves) == n_classes
    x = numbers(curves[0].x)
    wanted = special.softmax([moved(z, k, value) / temperature for value in x], axis=1)
    np.testing.assert_allclose(np.transpose([numbers(c.y) for c in curves]), wanted, rtol=1e-9, atol=1e-300)
    points = traces(fig, "point")
    np.testing.assert_allclose([p.y[0] for p in points], special.softmax(z / temperature), rtol=1e-12)
    assert {p.x[0] for p in points} == {z[k]}


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("k", [0, 2])
def test_tangents_have_the_slope_of_finite_differences(temperature, k):
    z, h = np.array([1.0, -0.5, 0.3, 2.0]), 1e-6
    fig = softmax_curves(z, k, temperature, NAMES[:4])
    ahead, behind = (special.softmax(moved(z, k, z[k] + s) / temperature) for s in (h, -h))
    slopes = (ahead - behind) / (2 * h)
    p = special.softmax(z / temperature)
    tangents = only(fig, "tangents")
    assert np.isnan(numbers(tangents.x)[3::4]).all()
    for j, point in enumerate(traces(fig, "point")):
        x, y = (numbers(axis)[4 * j : 4 * j + 3] for axis in (tangents.x, tangents.y))
        assert (y[2] - y[0]) / (x[2] - x[0]) == pytest.approx(slopes[j], abs=1e-8)
        assert point.customdata[0] == pytest.approx(slopes[j], abs=1e-8)
        assert (x[1], y[1]) == pytest.approx((z[k], p[j]))


def test_a_steep_tangent_stays_in_the_plot():
    fig = softmax_curves([0.0, 0.0], 0, 0.01, NAMES[:2])
    y = numbers(only(fig, "tangents").y)
    assert 0.3 < np.nanmin(y) < np.nanmax(y) < 0.7


def test_a_step_at_low_temperature_is_drawn_with_points_on_it():
    y = numbers(traces(softmax_curves([3.0, 1.2345, -4.0], 0, 0.05, NAMES[:3]), "curve")[0].y)
    assert ((y > 0.01) & (y < 0.99)).sum() > 40


def test_the_window_stands_still_inside_the_span_and_follows_outside():
    assert softmax_curves([3.0, 0], 0, 1, NAMES[:2]).layout.xaxis.range == (-10, 10)
    assert softmax_curves([-9.0, 0], 0, 1, NAMES[:2]).layout.xaxis.range == (-10, 10)
    assert softmax_curves([1000.0, 0], 0, 1, NAMES[:2]).layout.xaxis.range == (990, 1010)


def test_the_moving_class_is_painted_first_and_larger_and_the_legend_keeps_the_order():
    fig = softmax_curves([0.0, 0, 0], 1, 1, NAMES[:3])
    painted = [t for t in fig.data if t.meta["kind"] == "point"]
    assert [t.meta["class"] for t in painted] == [1, 0, 2]
    assert [t.legendrank for t in painted] == [2, 1, 3]
    assert painted[0].marker.size > painted[1].marker.size


EXTREME = [
    ([1000.0, 0.0], 0, [1.0, 0.0]),
    ([-1000.0, 0.0], 0, [0.0, 1.0]),
    ([1e308, 1e308], 0, [0.5, 0.5]),
    ([1e308, -1e308], 1, [1.0, 0.0]),
    ([-1e308, 1e308, 1e308], 0, [0.0, 0.5, 0.5]),
    ([1e308, 1e308 * (1 - 1e-15)], 1, [1.0, 0.0]),
]


@pytest.mark.parametrize(("z", "k", "p"), EXTREME)
@pytest.mark.parametrize("temperature", [0.05, 1.0, 20.0])
def test_extreme_logits_give_numbers(z, k, p, temperature):
    fig = softmax_curves(z, k, temperature, NAMES[: len(z)])
    assert [t.y[0] for t in traces(fig, "point")] == pytest.approx(p, abs=1e-20)  # e^(-1000 / 20) is 2e-22
    for trace in fig.data:
        # The gaps between the tangents are the only places without a number.
        drawn = np.arange(numbers(trace.x).size) % 4 != 3 if trace.meta["kind"] == "tangents" else slice(None)
        assert np.isfinite(numbers(trace.x)[drawn]).all()
        assert np.isfinite(numbers(trace.y)[drawn]).all()
        assert np.abs(numbers(trace.x)[drawn]).max() < 1e304  # beyond, Plotly draws nothing
    low, high = fig.layout.xaxis.range
    assert high - low == 20


def test_far_out_the_axis_counts_from_the_current_logit_and_the_curve_still_bends():
    fig = softmax_curves([1e308, 1e308, 0.0], 0, 1.0, NAMES[:3])
    curve = traces(fig, "curve")[0]
    np.testing.assert_allclose(numbers(curve.y), special.expit(numbers(curve.x)), rtol=1e-12)
    assert "1e+308" in fig.layout.xaxis.title.text


@pytest.mark.parametrize(
    ("z", "k", "temperature", "names", "said"),
    [
        ([np.nan, 0], 0, 1, 2, "nan"),
        ([np.inf, 0], 0, 1, 2, "inf"),
        ([], 0, 1, 0, r"\(0,\)"),
        ([[1.0, 2.0]], 0, 1, 2, r"\(1, 2\)"),
        ([1, 2], 2, 1, 2, "got 2"),
        ([1, 2], -1, 1, 2, "got -1"),
        ([1, 2], 0, 0, 2, "got 0"),
        ([1, 2], 0, np.nan, 2, "got nan"),
        ([1, 2], 0, 1, 3, "got 3"),
    ],
)
def test_bad_input_is_named(z, k, temperature, names, said):
    with pytest.raises(ValueError, match=said):
        softmax_curves(z, k, temperature, NAMES[:names])


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
    assert softmax_curves([1, 2.0], 0, 1, NAMES[:2], dark) == softmax_curves([1, 2.0], 0, 1, NAMES[:2], dark)
    assert softmax_curves([1, 2.0], 0, 1, NAMES[:2], dark) != softmax_curves(
        [1, 2.0], 0, 1, NAMES[:2], not dark
    )


def test_hostile_names_stay_text():
    for fig in (softmax_curves([1, 2, 3], 0, 1, HOSTILE), sigmoid_curve([1, 2], HOSTILE[:2])):
        for text in texts(fig):
            assert "<a" not in text
            assert "$" not in text
            assert text.count("%{y}") == 0
    point = traces(softmax_curves([1, 2, 3], 0, 1, HOSTILE), "point")[1]
    assert point.name == "&#37;&#123;y&#125;"
    assert point.hovertemplate.count("%{") == 2
    assert only(softmax_curves([1.0], 0, 1, ["one"]), "point").y[0] == 1.0
