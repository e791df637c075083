import numpy as np
import pytest

from charts import style
from charts.diagnostics import (
    class_accuracy_bars,
    confusion_heatmap,
    probability_bars,
    probability_surface,
    reliability_diagram,
)
from tests.charts.read import HOSTILE, contrast, numbers, only, texts, traces

COUNTS = np.array([[69, 4, 7], [4, 71, 5], [0, 0, 0]])
NAMES = ["a", "b", "c"]
EDGES = np.linspace(0, 1, 5)


def reliability(dark=False):
    nan = np.nan
    return reliability_diagram(EDGES, [0, 2, 0, 8], [nan, 0.4, nan, 0.9], [nan, 0.5, nan, 1.0], dark)


def surface(dark=False, names=("x1", "x2")):
    p = np.array([[0.0, 0.25], [0.5, 1.0]])
    return probability_surface(p, (0, 4, 10, 12), [[1, 11], [3, 11.5], [2, 10.5]], [0, 2, 2], 2, names, dark)


FIGURES = {
    "confusion": lambda dark: confusion_heatmap(COUNTS, NAMES, dark),
    "bars": lambda dark: class_accuracy_bars([0.8, 0.5, np.nan], [10, 4, 0], NAMES, dark),
    "reliability": reliability,
    "histogram": lambda dark: probability_bars(EDGES, [0, 1, 2, 3], [4, 3, 0, 0], dark),
    "surface": surface,
}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", FIGURES)
def test_themes_and_determinism(name, dark):
    fig = FIGURES[name](dark)
    assert fig.layout.template == style.figure(dark).layout.template
    assert fig.checked().to_json() == FIGURES[name](dark).checked().to_json()
    assert fig != FIGURES[name](not dark)


@pytest.mark.parametrize("dark", [False, True])
def test_confusion_shows_counts_and_shares_of_the_row(dark):
    fig = confusion_heatmap(COUNTS, NAMES, dark)
    cells, written = only(fig, "cells"), only(fig, "numbers")
    # Right answers have the other colour, and mistakes a stronger one, in their order.
    np.testing.assert_allclose(numbers(cells.z)[0], [-69 / 80, (4 / 80) ** 0.5, (7 / 80) ** 0.5])
    np.testing.assert_array_equal(numbers(cells.z)[2], 0)  # a class without points divides by nothing
    assert cells.customdata[0][2] == [7, "a", "c", f"{100 * 7 / COUNTS[0].sum():.1f} %"]
    assert list(written.text) == [str(v) for v in COUNTS.ravel()]
    assert fig.layout.yaxis.range == (2.5, -0.5)  # class 0 at the top
    assert list(cells.colorscale) == style.diverging(dark)
    for tint, ink in zip(numbers(cells.z).ravel(), written.textfont.color, strict=True):
        assert contrast(ink, style.diverging_color(tint, 1, dark)) >= 4.5


def test_bars_leave_out_a_class_without_points():
    trace = only(FIGURES["bars"](False), "bars")
    np.testing.assert_array_equal(numbers(trace.x), [0.8, 0.5, np.nan])
    assert list(trace.text) == ["80 %", "50 %", ""]
    assert [row[1] for row in trace.customdata] == [10, 4, 0]
    assert list(trace.marker.color) == [style.class_color(k) for k in range(3)]


def test_reliability_draws_the_bins_that_hold_points():
    fig = reliability()
    bars, sure = only(fig, "bars"), only(fig, "confidence")
    np.testing.assert_allclose(numbers(bars.x), [0.375, 0.875])
    np.testing.assert_allclose(numbers(bars.y), [0.5, 1.0])
    np.testing.assert_allclose(numbers(sure.y), [0.4, 0.9])
    np.testing.assert_array_equal(numbers(bars.customdata)[:, 0], [2, 8])
    np.testing.assert_array_equal(numbers(only(fig, "diagonal").y), [0, 1])


def test_the_histogram_stacks_right_and_wrong():
    fig = FIGURES["histogram"](False)
    assert fig.layout.barmode == "stack"
    np.testing.assert_array_equal(numbers(only(fig, "right").y), [0, 1, 2, 3])
    wrong = only(fig, "wrong")
    np.testing.assert_array_equal(numbers(wrong.y), [4, 3, 0, 0])
    assert wrong.marker.pattern.bgcolor  # with stripes alone the bar would be as good as invisible
    assert wrong.marker.pattern.shape


def test_the_surface_stands_upright_on_its_box():
    fig = surface()
    drawn = only(fig, "surface")
    np.testing.assert_array_equal(numbers(drawn.z), [[0.5, 1.0], [0.0, 0.25]])  # the lowest row first
    np.testing.assert_allclose(numbers(drawn.x), [1, 3])
    np.testing.assert_allclose(numbers(drawn.y), [10.5, 11.5])
    assert drawn.colorscale[1][1] == style.class_color(2)
    first, second = traces(fig, "points")
    assert (first.meta["class"], second.meta["class"]) == (0, 2)
    np.testing.assert_array_equal(numbers(second.x), [3, 2])
    assert second.marker.size > first.marker.size  # the class that is looked at stands out


def test_names_are_data():
    figures = [
        confusion_heatmap(np.eye(3, dtype=int), HOSTILE),
        class_accuracy_bars([1, 1, 1], [1, 1, 1], HOSTILE),
        surface(names=HOSTILE[:2]),
    ]
    for fig in figures:
        for text in texts(fig):
            assert "<a" not in text
            assert "$" not in text


@pytest.mark.parametrize(
    ("draw", "word"),
    [
        (lambda: confusion_heatmap([[1, 2]], NAMES), "(1, 2)"),
        (lambda: confusion_heatmap([[-1]], ["a"]), "-1"),
        (lambda: confusion_heatmap(COUNTS, ["a"]), "1"),
        (lambda: class_accuracy_bars([1.5], [1], ["a"]), "1.5"),
        (lambda: class_accuracy_bars([0.5], [1, 2], ["a"]), "(2,)"),
        (lambda: reliability_diagram(EDGES, [1], [1], [1]), "4 bins"),
        (lambda: probability_bars(EDGES, [1], [1]), "(1,)"),
        (lambda: probability_surface([[1.5]], (0, 1, 0, 1), [[0, 0]], [0], 0, ("x", "y")), "(1, 1)"),
    ],
)
def test_bad_input_is_named(draw, word):
    with pytest.raises(ValueError) as error:
        draw()
    assert word in str(error.value)
