import numpy as np
import pytest

from charts.layers import parameter_bars, plane_of_greys, timing_lines
from tests.charts.read import HOSTILE, numbers, only, texts, traces

LEFT = [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]
RIGHT = [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]


def test_regions_are_the_polygons_closed_and_the_point_is_where_it_is():
    fig = plane_of_greys([LEFT, RIGHT, np.empty((0, 2))], [0.25, 0.75], ["a", "b", "c"], ["u", "v"])
    first, second, empty = traces(fig, "region")
    np.testing.assert_array_equal(numbers(first.x), [0, 0.5, 0.5, 0, 0])
    np.testing.assert_array_equal(numbers(second.y), [0, 0, 1, 1, 0])
    assert len(empty.x) == 0
    assert first.fillcolor != second.fillcolor
    point = only(fig, "point")
    assert (point.x[0], point.y[0]) == (0.25, 0.75)
    assert fig.layout.xaxis.title.text == "u"


def test_bars_hold_the_counts_and_one_stands_out():
    fig = parameter_bars({1: 192, 2: 104, 4: 112}, 2)
    bars = only(fig, "count")
    assert list(bars.x) == ["1", "2", "4"]
    assert list(bars.y) == [192, 104, 112]
    assert bars.marker.color[0] == bars.marker.color[2] != bars.marker.color[1]
    assert list(bars.text) == ["192", "104", "112"]


def test_times_are_in_microseconds_on_two_log_axes():
    fig = timing_lines([1, 10], {"loop": [1e-6, 2e-5], "product": [1e-6, 3e-6]})
    loop, product = traces(fig, "time")
    np.testing.assert_allclose(numbers(loop.y), [1, 20])
    np.testing.assert_allclose(numbers(product.y), [1, 3])
    assert fig.layout.xaxis.type == fig.layout.yaxis.type == "log"
    assert loop.line.dash != product.line.dash


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="got 3"):
        parameter_bars({1: 4, 2: 5}, 3)
    with pytest.raises(ValueError, match="expected 2 times of 'a', got 1"):
        timing_lines([1, 2], {"a": [1e-6]})
    with pytest.raises(ValueError, match=r"got 0\.0"):
        timing_lines([1], {"a": [0.0]})
    with pytest.raises(ValueError, match="got 3"):
        plane_of_greys([LEFT], [0, 0, 0], ["a"], ["u", "v"])
    with pytest.raises(ValueError, match="expected 1 names, got 2"):
        plane_of_greys([LEFT], [0, 0], ["a", "b"], ["u", "v"])


def test_hostile_names_stay_text():
    figures = [
        plane_of_greys([LEFT, RIGHT, LEFT], [0, 0], HOSTILE, HOSTILE[:2]),
        timing_lines([1], {name: [1e-6] for name in HOSTILE}),
    ]
    for fig in figures:
        for trace in fig.traces:
            trace["meta"] = {}  # not drawn
        for text in texts(fig):
            assert "<a" not in text
            assert "$" not in text
            assert "%{y}" not in text or "µs" in text or ":.2f" in text
