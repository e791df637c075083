"""Our figure of dictionaries against Plotly's own: the same calls say the same."""

import base64
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from charts.figure import Figure
from charts.serialize import serialized


def _draw(fig: Any) -> None:
    fig.update_layout(yaxis2={}, xaxis2={}, margin={"l": 1, "t": 2}, title_text="a")
    fig.add_scatter(x=[1, 2], y=[3, 4], line={"width": 2}, marker_size=5, meta={"kind": "line"})
    fig.add_bar(x=[1], y=[2], name="b", xaxis="x2", yaxis="y2")
    fig.update_traces(name="all", marker={"color": "red"})
    fig.update_xaxes(title_text="steps", range=[0, 1], title_font_size=3)
    fig.update_yaxes(title={"text": "loss"}).update_yaxes(title_standoff=4)
    fig.add_shape(type="line", x0=0, x1=1, y0=0, y1=1, line_width=2)
    fig.add_shape(type="rect", x0=0, x1=1, y0=0, y1=1)
    fig.add_annotation(x=0, y=1, text="here", font={"size": 3})
    fig.update_layout(margin={"t": 9}, xaxis={"domain": [0, 0.4]}, showlegend=False)


def test_the_same_calls_give_the_same_figure() -> None:
    ours, theirs = Figure({"height": 70}), go.Figure(layout={"height": 70})
    _draw(ours)
    _draw(theirs)
    assert ours.checked() == theirs


def test_a_setting_that_plotly_does_not_know_is_found_by_the_check() -> None:
    fig = Figure({})
    fig.add_scatter(x=[1], y=[2], colour="red")
    with pytest.raises(ValueError, match="colour"):
        fig.checked()


def test_figures_share_nothing_that_one_of_them_changes() -> None:
    layout = {"xaxis": {"title": {"text": "before"}}}
    first, second = Figure(layout), Figure(layout)
    first.update_xaxes(title_text="after")
    assert second.settings == {"xaxis": {"title": {"text": "before"}}}


def _unpacked(part: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(part["bdata"]), f"<{part['dtype']}")


def test_long_arrays_travel_packed() -> None:
    fig = Figure({})
    x, z = np.linspace(0, 1, 60), np.eye(8)
    fig.add_contour(x=x, z=z, y=np.array([1.0, 2.0]), customdata=1e300 * z)
    (packed,) = serialized(fig)["data"]
    assert packed["y"].tolist() == [1.0, 2.0]
    assert packed["z"]["shape"] == "8, 8"
    np.testing.assert_allclose(_unpacked(packed["x"]), x, rtol=1e-7)
    assert (_unpacked(packed["z"]) == z.ravel()).all()
    assert [packed[name]["dtype"] for name in ("x", "z", "customdata")] == ["f4", "f4", "f8"]


@pytest.mark.parametrize(("last", "dtype"), [(200, "u1"), (300, "u2"), (70_000, "u4")])
def test_whole_numbers_travel_in_the_fewest_bytes(last: int, dtype: str) -> None:
    steps = np.arange(last + 1)
    (trace,) = serialized(Figure({}).add_scatter(x=steps))["data"]
    assert trace["x"]["dtype"] == dtype
    assert (_unpacked(trace["x"]) == steps).all()


def test_numbers_without_room_in_single_precision_keep_all_bits() -> None:
    y = np.full(60, 5e-324)
    (trace,) = serialized(Figure({}).add_scatter(y=y))["data"]
    assert (_unpacked(trace["y"]) == y).all()
