"""What is sent of a figure: all that it shows, in the form that Plotly need not draw twice."""

import json

import numpy as np
import plotly.io as pio

from charts import style
from charts.light import LightFigure


def sent() -> dict:
    fig = style.figure(dark=True)
    fig.add_scatter(x=np.array([1.0, 2.0]), y=np.array([np.nan, np.inf]), meta={"kind": "curve"}, name="a")
    fig.add_annotation(x=1, y=1, text="here", font={"color": "#123456"})
    fig.update_xaxes(title_text="step")
    fig.update_layout(margin={"l": 58}, yaxis2={"overlaying": "y"})
    return json.loads(pio.to_json(LightFigure(fig).to_dict(), validate=False))


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
    assert "meta" not in trace


def test_plotly_is_told_that_equal_lists_are_the_same_data() -> None:
    assert sent()["layout"]["datarevision"] == 0
