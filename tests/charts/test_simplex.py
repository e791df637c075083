import numpy as np
import pytest

from charts import style
from charts.simplex import simplex
from tests.charts.read import HOSTILE, numbers, only, texts, traces

NAMES = ["cat", "chicken", "dog"]


def corners(fig):
    return np.array([[t.x[0], t.y[0]] for t in traces(fig, "corner")])


def barycentric(fig, x, y):
    """Solve for the weights of the corners: the way back, by linear algebra alone."""
    A = np.vstack([corners(fig).T, np.ones(3)])
    return np.linalg.solve(A, np.array([x, y, 1.0]))


@pytest.mark.parametrize("p", [(0.6, 0.3, 0.1), (1, 0, 0), (1 / 3, 1 / 3, 1 / 3), (1e-300, 0.5, 0.5)])
def test_the_point_stands_where_its_weights_say(p):
    fig = simplex(p, None, NAMES)
    mark = only(fig, "point")
    np.testing.assert_allclose(barycentric(fig, mark.x[0], mark.y[0]), p, atol=1e-12)
    np.testing.assert_array_equal(numbers(mark.customdata)[0], p)
    assert not traces(fig, "target")


def test_corners_are_an_equilateral_triangle_of_classes_at_equal_scales():
    fig = simplex((0.2, 0.3, 0.5), 0, NAMES)
    c = corners(fig)
    sides = [np.linalg.norm(c[i] - c[i - 1]) for i in range(3)]
    np.testing.assert_allclose(sides, sides[0])
    assert fig.layout.yaxis.scaleanchor == "x"
    assert fig.layout.yaxis.scaleratio == 1
    for j, trace in enumerate(traces(fig, "corner")):
        assert trace.marker.color == style.CLASS_COLORS[j]
        assert trace.marker.symbol == style.CLASS_MARKERS[j]
        assert trace.text[0] == NAMES[j]


@pytest.mark.parametrize(
    ("target", "y"), [(0, (1, 0, 0)), (2, (0, 0, 1)), (np.int64(1), (0, 1, 0)), ((0.9, 0.05, 0.05),) * 2]
)
def test_the_target_and_the_line_to_it(target, y):
    p = (0.2, 0.3, 0.5)
    fig = simplex(p, target, NAMES)
    mark, gap = only(fig, "target"), only(fig, "gap")
    np.testing.assert_allclose(barycentric(fig, mark.x[0], mark.y[0]), y, atol=1e-12)
    np.testing.assert_allclose(barycentric(fig, gap.x[0], gap.y[0]), p, atol=1e-12)
    np.testing.assert_allclose(barycentric(fig, gap.x[1], gap.y[1]), y, atol=1e-12)


def test_level_lines_hold_one_probability_constant():
    fig = simplex((0.2, 0.3, 0.5), None, NAMES)
    for j, trace in enumerate(traces(fig, "level")):
        x, y = numbers(trace.x), numbers(trace.y)
        at = [barycentric(fig, *xy)[j] for xy in zip(x, y, strict=True) if not np.isnan(xy).any()]
        np.testing.assert_allclose(at, np.repeat([0.2, 0.4, 0.6, 0.8], 2), atol=1e-12)


def test_each_tinted_part_is_where_its_class_wins():
    fig = simplex((0.2, 0.3, 0.5), None, NAMES)
    for j, trace in enumerate(traces(fig, "region")):
        for x, y in zip(trace.x, trace.y, strict=True):
            weights = barycentric(fig, x, y)
            assert weights[j] >= weights.max() - 1e-12


def test_the_trail_of_a_descent():
    path = np.array([[1 / 3, 1 / 3, 1 / 3], [0.5, 0.25, 0.25], [0.8, 0.1, 0.1]])
    fig = simplex(path[-1], 0, NAMES, path=path)
    trail = only(fig, "path")
    np.testing.assert_allclose(barycentric(fig, trail.x[1], trail.y[1]), path[1], atol=1e-12)
    with pytest.raises(ValueError, match=r"\(3,\)"):
        simplex(path[-1], 0, NAMES, path=path[0])


@pytest.mark.parametrize(
    ("p", "target", "said"),
    [
        ((0.5, 0.5), None, "p must"),
        ((0.5, 0.6, -0.1), None, "p must"),
        ((0.5, 0.6, 0.1), None, "p must"),
        ((np.nan, 0.5, 0.5), None, "nan"),
        ((0.2, 0.3, 0.5), 3, "got 3"),
        ((0.2, 0.3, 0.5), -1, "got -1"),
        ((0.2, 0.3, 0.5), (1, 1, 0), "target"),
    ],
)
def test_bad_input_is_named(p, target, said):
    with pytest.raises(ValueError, match=said):
        simplex(p, target, NAMES)


def test_hostile_names_stay_text():
    for text in texts(simplex((0.2, 0.3, 0.5), 1, HOSTILE)):
        assert "<a" not in text
        assert "$" not in text
        assert "%{y}" not in text


@pytest.mark.parametrize("dark", [False, True])
def test_themes(dark):
    fig = simplex((0.2, 0.3, 0.5), 1, NAMES, dark)
    assert fig.layout.template == style.figure(dark).layout.template
    assert fig.checked() == simplex((0.2, 0.3, 0.5), 1, NAMES, dark).checked()
