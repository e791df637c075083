import numpy as np
import pytest

from charts import images, style
from tests.charts.read import HOSTILE, contrast, numbers, only, texts, traces

NAMES = ["cat", "dog", "bird"]
COUNTS = np.array([[8, 2, 0], [1, 9, 0], [3, 0, 7]])


def test_curves_count_epochs_and_zoom_in_on_what_happens():
    loss, accuracy = images.epoch_curves(
        {"train": [2.3, 0.5, 0.4], "test": [2.3, 0.6, 0.5]},
        {"train": [0.1, 0.8, 0.9], "test": [0.1, 0.7, 0.8]},
        2,
    )
    np.testing.assert_array_equal(numbers(traces(loss, "line")[1].y), [2.3, 0.6, 0.5])
    np.testing.assert_array_equal(numbers(traces(accuracy, "line")[0].y), [0.1, 0.8, 0.9])
    assert [figure.layout.xaxis.title.text for figure in (loss, accuracy)] == ["epoch", "epoch"]
    assert accuracy.layout.yaxis.range[0] == 0.5
    assert [trace.x[0] for trace in traces(loss, "playhead")] == [2, 2]


@pytest.mark.parametrize("shares", [[0.1], [0.1, 0.4, 0.6]])
def test_the_accuracy_axis_starts_at_zero_where_numbers_are_there(shares):
    _, accuracy = images.epoch_curves({"train": [1.0] * len(shares)}, {"train": shares}, 0)
    assert accuracy.layout.yaxis.range[0] < 0.1


def test_class_balance_has_a_bar_per_class_and_part():
    fig = images.class_balance({"train": [5, 0, 7], "test": [1, 2, 3]}, NAMES)
    bars = traces(fig, "count")
    np.testing.assert_array_equal(numbers(bars[0].y), [5, 0, 7])
    np.testing.assert_array_equal(numbers(bars[1].y), [1, 2, 3])
    assert list(fig.layout.xaxis.ticktext) == NAMES
    with pytest.raises(ValueError, match="expected 2 names, got 3"):
        images.class_balance({"train": [5, 0]}, NAMES)


def test_brightness_bars_stand_between_their_edges():
    fig = images.brightness([0, 0.25, 1], [10, 3])
    bar = only(fig, "brightness")
    np.testing.assert_allclose(numbers(bar.x), [0.125, 0.625])
    np.testing.assert_array_equal(numbers(bar.y), [10, 3])
    assert fig.layout.yaxis.type == "log"
    with pytest.raises(ValueError, match="expected 3 edges, got 2"):
        images.brightness([0, 1], [1, 2])


@pytest.mark.parametrize("dark", [False, True])
def test_confusion_cells_hold_shares_and_receive_clicks(dark):
    fig = images.confusion(COUNTS, NAMES, (2, 0), dark)
    cells, points = only(fig, "cells"), only(fig, "numbers")
    off = ~np.eye(3, dtype=bool)
    np.testing.assert_allclose(np.diag(numbers(cells.z)), -np.diag(COUNTS) / 10)
    np.testing.assert_allclose(numbers(cells.z)[off] ** 2, COUNTS[off] / 10)
    assert (np.sign(numbers(cells.z)) == np.where(np.eye(3), -1, np.sign(COUNTS))).all()
    assert [list(map(int, pair)) for pair in numbers(points.customdata)] == [
        [i, j] for i in range(3) for j in range(3)
    ]
    for x, y, (i, j), text in zip(points.x, points.y, numbers(points.customdata), points.text, strict=True):
        assert (x, y) == (j, i), "columns are predictions"
        assert text == (str(COUNTS[int(i), int(j)]) if COUNTS[int(i), int(j)] else "")
    assert fig.layout.yaxis.range[0] > fig.layout.yaxis.range[1], "row 0 on top, as in a matrix"
    (frame,) = [shape for shape in fig.layout.shapes if shape.name == "chosen"]
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (-0.5, 0.5, 1.5, 2.5)
    for color, value in zip(points.textfont.color, numbers(cells.z).ravel(), strict=True):
        assert contrast(color, style.diverging_color(value, 1, dark)) >= 4.5


def test_confusion_of_an_empty_class_and_of_no_matrix():
    fig = images.confusion([[0, 0], [1, 1]], NAMES[:2])
    assert np.isfinite(numbers(only(fig, "cells").z)).all()
    with pytest.raises(ValueError, match=r"square matrix, got shape \(2, 3\)"):
        images.confusion([[1, 2, 3], [4, 5, 6]], NAMES)


def test_contributions_keep_their_place_and_scale():
    values = np.arange(6) - 2.5
    fig = images.contribution_picture(values, (2, 3), 4.0)
    cells = only(fig, "contributions")
    np.testing.assert_array_equal(numbers(cells.z).reshape(2, 3), values.reshape(2, 3))
    assert (cells.zmin, cells.zmax) == (-4.0, 4.0)
    assert fig.layout.yaxis.range[0] > fig.layout.yaxis.range[1]
    assert only(images.contribution_picture(np.zeros(4), (2, 2), 0.0), "contributions").zmax > 0


def test_rates_start_at_zero():
    fig = images.rate_bars({"read": 2000.0, "train": 500.0})
    assert list(only(fig, "rate").x) == [2000.0, 500.0]
    assert fig.layout.xaxis.rangemode == "tozero"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_are_data(hostile):
    names = [hostile, "b", "c"]
    for fig in (
        images.class_balance({hostile: [1, 2, 3]}, names), images.confusion(COUNTS, names),
        images.rate_bars({hostile: 1.0}),
    ):  # fmt: skip
        assert not [text for text in texts(fig) if hostile in text]
