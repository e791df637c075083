from dataclasses import replace

import numpy as np
import pytest

from charts import style
from charts.landscape import Landscape, landscape_contour, landscape_surface, stable_rate_chart
from tests.charts.read import HOSTILE, numbers, only, texts, traces

A, B = np.linspace(-1, 1, 5), np.linspace(0, 2, 3)
VIEW = Landscape(
    A, B, loss=3 + A**2 + B[:, None] ** 2, path=[[-1, 0], [0, 1], [1, 2]], heights=[4.0, 4.0, 8.0],
    steps=[0, 10, 20], playhead=1, ellipse=[[0, 1], [1, 0], [0, 1]], titles=("left", "right"),
)  # fmt: skip
DRAW = [landscape_contour, landscape_surface]


def test_a_contour_holds_every_loss_and_a_bowl_gets_lines_at_equal_distances():
    drawn = only(landscape_contour(VIEW), "loss")
    np.testing.assert_array_equal(numbers(drawn.customdata), VIEW.loss)
    np.testing.assert_allclose(numbers(drawn.z)[0], np.abs(A))  # the root of a parabola is a cone
    assert "%{customdata" in drawn.hovertemplate


def test_a_surface_has_the_losses_for_its_height():
    fig = landscape_surface(VIEW)
    drawn, path = only(fig, "loss"), only(fig, "path")
    np.testing.assert_array_equal(numbers(drawn.z), VIEW.loss)
    lift = numbers(path.z) - VIEW.heights
    assert (lift > 0).all()
    assert (lift < 0.02 * np.ptp(VIEW.loss)).all()
    assert numbers(only(fig, "playhead").z)[0] == path.z[1]


@pytest.mark.parametrize("draw", DRAW)
def test_path_and_playhead(draw):
    fig = draw(VIEW)
    np.testing.assert_array_equal(numbers(only(fig, "path").x), [-1, 0, 1])
    playhead = only(fig, "playhead")
    assert (playhead.x[0], playhead.y[0]) == (0, 1)


def test_the_ellipse_is_left_out_where_there_is_none():
    assert len(traces(landscape_contour(VIEW), "ellipse")) == 1
    assert not traces(landscape_contour(replace(VIEW, ellipse=None)), "ellipse")


@pytest.mark.parametrize("draw", DRAW)
@pytest.mark.parametrize("dark", [False, True])
def test_themes_and_determinism(draw, dark):
    fig = draw(VIEW, dark)
    assert fig.layout.template == style.figure(dark).layout.template
    assert fig.checked().to_json() == draw(VIEW, dark).checked().to_json()
    assert fig != draw(VIEW, not dark)


@pytest.mark.parametrize("draw", DRAW)
def test_a_flat_landscape_can_be_drawn(draw):
    assert draw(replace(VIEW, loss=np.ones((3, 5)))).data


@pytest.mark.parametrize("draw", DRAW)
def test_titles_are_data(draw):
    for text in texts(draw(replace(VIEW, titles=HOSTILE[::2]))):
        assert "<a" not in text
        assert "$" not in text


@pytest.mark.parametrize(
    ("change", "word"),
    [({"loss": np.ones((5, 3))}, "(5, 3)"), ({"loss": np.full((3, 5), np.inf)}, "inf"), ({"playhead": 3}, "3"),
     ({"path": [1, 2, 3]}, "(3,)")],
)  # fmt: skip
@pytest.mark.parametrize("draw", DRAW)
def test_bad_input_is_named(draw, change, word):
    with pytest.raises(ValueError) as error:
        draw(replace(VIEW, **change))
    assert word in str(error.value)


def test_the_stable_rate_and_the_rate_that_was_used():
    fig = stable_rate_chart([0, 5, 20], [1.5, 7.0, np.inf], 0.1, 5)
    line = only(fig, "line")
    np.testing.assert_array_equal(numbers(line.y), [1.5, 7.0, np.nan])
    np.testing.assert_array_equal(numbers(only(fig, "rate").y), [0.1, 0.1])
    (shape,) = fig.layout.shapes
    assert (shape.name, shape.x0) == ("playhead", 5)
    low, high = fig.layout.yaxis.range
    assert 10**low < 0.1
    assert 10**high > 7
    assert len([tick for tick in fig.layout.yaxis.tickvals if 10**low <= tick <= 10**high]) >= 2
    assert not traces(stable_rate_chart([0], [1.0], None, 0), "rate")
    with pytest.raises(ValueError, match=r"\(2,\)"):
        stable_rate_chart([0, 1], [1.0], None, 0)
