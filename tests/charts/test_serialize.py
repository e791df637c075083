"""What is sent of a figure: all that it shows, as plain JSON."""

import json
from typing import Any

import numpy as np
import orjson
import pytest

from charts import style
from charts.serialize import serialized


def read(figure: dict[str, Any]) -> dict[str, Any]:
    """Return a figure as the browser reads it."""
    return json.loads(orjson.dumps(figure, option=orjson.OPT_SERIALIZE_NUMPY))


def sent() -> dict:
    fig = style.figure(dark=True)
    fig.add_scatter(x=np.array([1.0, 2.0]), y=np.array([np.nan, np.inf]), meta={"kind": "curve"}, name="a")
    fig.add_annotation(x=1, y=1, text="here", font={"color": "#123456"})
    fig.update_xaxes(title_text="step")
    fig.update_layout(margin={"l": 58}, yaxis2={"overlaying": "y"})
    return read(serialized(fig))


def test_the_template_is_written_out_and_what_the_figure_says_itself_wins() -> None:
    layout, wanted = sent()["layout"], style.figure(True).layout.template.layout
    assert "template" not in layout
    assert layout["font"] == wanted.font.to_plotly_json()
    assert layout["margin"] == wanted.margin.to_plotly_json() | {"l": 58}
    assert layout["xaxis"]["title"] == {"standoff": 6, "font": {"size": 14}, "text": "step"}
    assert layout["yaxis2"]["gridcolor"] == layout["yaxis"]["gridcolor"] == wanted.yaxis.gridcolor
    assert layout["yaxis2"]["overlaying"] == "y"
    assert "overlaying" not in layout["yaxis"]
    (note,) = layout["annotations"]
    assert (note["showarrow"], note["font"]) == (False, {"color": "#123456", "size": 12})


def test_numbers_go_as_lists_with_a_gap_where_there_is_none() -> None:
    (trace,) = sent()["data"]
    assert (trace["x"], trace["y"], trace["name"]) == ([1.0, 2.0], [None, None], "a")


def test_single_numbers_of_numpy_are_plain_ones() -> None:
    fig = style.figure(dark=False)
    fig.add_scatter(x=[np.float64(1.5), np.int64(2), np.float32("nan")], y=[1, 2, 3])
    fig.add_shape(type="line", x0=np.float64("inf"), x1=np.int64(3), y0=0, y1=1)
    sent = read(serialized(fig))
    assert sent["data"][0]["x"] == [1.5, 2, None]
    assert (sent["layout"]["shapes"][0]["x0"], sent["layout"]["shapes"][0]["x1"]) == (None, 3)


def test_for_the_projector_letters_have_18_pixels_and_lines_3() -> None:
    fig = style.figure(dark=False)
    fig.add_scatter(x=[1.0, 2.0], y=[0.5, 0.25], line={"width": 1.8}, marker={"size": [10, 20]})
    fig.add_annotation(x=1, y=1, text="here")
    plain, large = (serialized(fig, for_projector=on) for on in (False, True))
    axis = large["layout"]["xaxis"]
    assert (axis["tickfont"]["size"], axis["title"]["font"]["size"]) == (18, 21)
    assert large["layout"]["annotations"][0]["font"]["size"] == 18
    (line,) = large["data"]
    assert line["line"]["width"] == pytest.approx(3.06)
    assert line["marker"]["size"] == [13, 26]
    assert large["layout"]["margin"]["l"] == 1.5 * plain["layout"]["margin"]["l"]
    assert large["layout"]["height"] == 1.25 * plain["layout"]["height"]
    # The numbers themselves, and what is no size, stay as they are.
    assert (line["x"], line["y"]) == ([1.0, 2.0], [0.5, 0.25])


def test_for_the_projector_plots_side_by_side_stand_further_apart() -> None:
    fig = style.figure(dark=False)
    fig.add_scatter(x=[1.0, 2.0], y=[0.5, 0.25])
    fig.update_layout(xaxis={"domain": [0, 0.44]}, xaxis2={"domain": [0.56, 1]}, yaxis={"domain": [0.25, 1]})
    plain, large = (serialized(fig, for_projector=on)["layout"] for on in (False, True))
    assert (plain["xaxis"]["domain"], plain["xaxis2"]["domain"]) == ([0, 0.44], [0.56, 1])
    assert large["xaxis"]["domain"] == pytest.approx([0, 0.38])
    assert large["xaxis2"]["domain"] == pytest.approx([0.62, 1])
    assert large["yaxis"]["domain"] == [0.25, 1]  # below one another there is room


def test_sizes_in_an_array_are_enlarged_for_the_projector() -> None:
    fig = style.figure(dark=False)
    fig.add_scatter(x=[1.0, 2.0], y=[0.5, 0.25], marker={"size": np.array([10.0, 20.0])})
    (line,) = serialized(fig, for_projector=True)["data"]
    assert line["marker"]["size"].tolist() == [13, 26]
