"""Figures of losses: the numbers that go in are the numbers that are drawn."""

import numpy as np
import pytest

from charts import style
from charts.losses import WRONG_BELOW, lines, loss_curves, walk_lines
from tests.charts.read import HOSTILE, texts, traces

X = np.array([0.1, 0.5, 0.9])
CURVES = {"one": [3.0, 2.0, 1.0], "other": [0.5, 0.25, 0.0]}
SLOPES = {"one": [-0.9, -0.4, -0.1], "other": [-0.1, -0.1, 0.0]}


def of(found: list, which: str) -> list:
    return [trace for trace in found if trace.meta["of"] == which]


def test_curves_and_points_are_the_given_numbers() -> None:
    fig = loss_curves(X, CURVES, SLOPES, 0.5, {"one": (2.0, -0.4), "other": (0.25, -0.1)}, "p")
    for which, given, points in (("loss", CURVES, [2.0, 0.25]), ("slope", SLOPES, [-0.4, -0.1])):
        curves, (point,) = of(traces(fig, "curve"), which), of(traces(fig, "point"), which)
        assert [list(trace.y) for trace in curves] == list(given.values())
        assert (list(point.x), list(point.y)) == ([0.5, 0.5], points)
        assert [list(told) for told in point.customdata] == [["one", points[0]], ["other", points[1]]]
        assert [trace.line.color for trace in curves] == list(point.marker.color)
        assert len({trace.line.dash for trace in curves}) == 2, "colour is not the only difference"


def test_losses_stand_beside_their_slopes() -> None:
    fig = loss_curves(X, CURVES, SLOPES, 0.5, {"one": (2.0, -0.4)}, "p of <b>, the largest y")
    assert {(trace.xaxis, trace.yaxis) for trace in of(list(fig.data), "loss")} == {(None, None)}
    assert {(trace.xaxis, trace.yaxis) for trace in of(list(fig.data), "slope")} == {("x2", "y2")}
    assert fig.layout.xaxis.domain[1] < fig.layout.xaxis2.domain[0]
    assert fig.layout.yaxis2.anchor == "x2"
    assert fig.layout.xaxis2.range == fig.layout.xaxis.range
    titles = {axis.title.text for axis in (fig.layout.xaxis, fig.layout.xaxis2)}
    assert titles == {"p of &#60;b&#62;, the largest y"}, "it says whose p it is, and a name is data"


def test_the_key_says_which_line_is_which() -> None:
    (key,) = [
        note for note in loss_curves(X, CURVES, SLOPES, 0.5, {}, "p").layout.annotations if note.name == "key"
    ]
    for i, label in enumerate(CURVES):
        assert style.series_line(i, False)["color"] in key.text
        assert label in key.text


def test_confidently_wrong_is_marked_below_its_bound() -> None:
    fig = loss_curves(X, CURVES, SLOPES, 0.5, {}, "p")
    areas = [shape for shape in fig.layout.shapes if shape.name == "wrong"]
    assert [(area.xref, area.x0, area.x1) for area in areas] == [
        ("x", 0, WRONG_BELOW),
        ("x2", 0, WRONG_BELOW),
    ]
    (note,) = [note for note in fig.layout.annotations if note.name == "wrong"]
    assert note.x == WRONG_BELOW


def test_a_point_above_the_axis_stands_at_its_top_and_says_its_value() -> None:
    fig = loss_curves(X, CURVES, SLOPES, 0.0, {"one": (60.0, -1.0), "other": (np.inf, np.nan)}, "p", top=6.0)
    (point,) = of(traces(fig, "point"), "loss")
    assert (list(point.y), [list(told) for told in point.customdata]) == ([6.0], [["one", 60.0]])
    assert list(of(traces(fig, "point"), "slope")[0].y) == [-1.0]
    assert fig.layout.yaxis.range[1] == pytest.approx(6.12)


def test_walk_lines_hold_the_path_and_its_targets() -> None:
    P = np.array([[0.2, 0.8], [0.5, 0.5], [0.7, 0.3]])
    fig = walk_lines(P, [0.9, 0.1], ["a", "b"])
    assert np.array([trace.y for trace in traces(fig, "walk")]).T.tolist() == P.tolist()
    assert [set(trace.y) for trace in traces(fig, "target")] == [{0.9}, {0.1}]
    assert list(traces(fig, "walk")[0].x) == [0, 1, 2]


def test_lines_leave_a_gap_where_there_is_no_number() -> None:
    fig = lines([0, 1, 2], {"right": [1, 2, 3], "wrong": [1, np.nan, np.inf]}, "step", "loss", x_now=1)
    right, wrong = traces(fig, "curve")
    assert list(right.y) == [1, 2, 3]
    assert np.isnan(wrong.y).tolist() == [False, True, True]
    assert [shape.x0 for shape in fig.layout.shapes] == [1]
    assert not lines([0, 1], {"a": [1, 2]}, "x", "y", x_now=5).layout.shapes


def test_names_are_data() -> None:
    for fig in (
        walk_lines([[0.3, 0.3, 0.4]], [1, 0, 0], HOSTILE),
        loss_curves(
            X,
            *[{name: (1, 2, 3) for name in HOSTILE}] * 2,
            0.5,
            dict.fromkeys(HOSTILE, (1.0, 1.0)),
            HOSTILE[0],
        ),
        lines(X, {name: (1, 2, 3) for name in HOSTILE}, "x", "y"),
    ):
        for text in texts(fig):
            assert not any(bad in text for bad in HOSTILE)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="one must have 3 numbers, got 2"):
        loss_curves(X, {"one": [1, 2]}, SLOPES, 0.5, {}, "p")
    with pytest.raises(ValueError, match=r"got 1\.5"):
        loss_curves(X, CURVES, SLOPES, 1.5, {}, "p")
    with pytest.raises(ValueError, match=r"\(S \+ 1, 2\), got \(2, 3\)"):
        walk_lines(np.ones((2, 3)) / 3, [0.5, 0.5], ["a", "b"])
    with pytest.raises(ValueError, match="expected 2 names, got 1"):
        walk_lines([[0.5, 0.5]], [0.5, 0.5], ["a"])
    with pytest.raises(ValueError, match="a must have 2 numbers, got 3"):
        lines([0, 1], {"a": [1, 2, 3]}, "x", "y")
