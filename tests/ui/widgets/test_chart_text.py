"""The text alternative of a chart: what it shows, by the numbers that are in it."""

import numpy as np

from charts.diagnostics import confusion_heatmap
from charts.figure import Figure
from ui.widgets.show import alternative


def test_lines_points_bars_and_cells_are_told() -> None:
    figure = Figure({})
    figure.add_scatter(x=[0, 1, 2], y=[1.0986, 0.5, np.nan], name="training", meta={"kind": "line"})
    figure.add_scatter(x=[0, 5], y=[2, 2], meta={"kind": "level"})
    figure.add_scatter(x=[60], y=[0.337], meta={"kind": "playhead", "label": "training"})
    assert alternative(figure, "Loss") == "Loss: training from 1.099 to 0.500; training 0.337 at 60."
    bars = Figure({})
    bars.add_bar(x=[0, 1], y=[0.2, 0.8])
    bars.update_layout(xaxis={"tickvals": [0, 1], "ticktext": ["cat", "d&#111;g"]})
    assert alternative(bars, "p") == "p: largest at dog: 0.800."
    lying = Figure({})
    lying.add_bar(x=[0.2, 0.8], y=["cat", "<b>dog</b>"], orientation="h", name="p")
    assert alternative(lying, "p") == "p: p largest at dog: 0.800."
    cells = Figure({})
    cells.add_heatmap(z=[[0.1, -2], [3, 0]])
    assert alternative(cells, "J") == "J: from −2.000 to 3.000."


def test_what_says_nothing_leaves_the_name_alone() -> None:
    gaps = Figure({})
    assert alternative(gaps, "Nothing") == "Nothing"
    gaps.add_bar(x=["a"], y=[np.nan])
    assert alternative(gaps, "Gaps") == "Gaps"
    words = Figure({})
    words.add_scatter(x=["a", "b"], y=["low", "high"], meta={"kind": "line"})
    words.add_scatter(x=[0, 1], y=None, meta={"kind": "line"})
    words.add_scatter(x=[0, 1], y=[1.0], meta={"kind": "line"})
    words.add_heatmap(z=[[np.nan, np.inf]])
    words.add_heatmap(z=[["a"]])
    assert alternative(words, "Words") == "Words"


def test_a_long_chart_is_told_in_four_parts() -> None:
    lines = Figure({})
    for k in range(10):
        lines.add_scatter(x=[0, 1], y=[k, k + 1], name=f"class {k}", meta={"kind": "line"})
    assert alternative(lines, "z").count(" from ") == 4


def test_a_confusion_matrix_is_told_by_its_counts_and_not_by_its_tints() -> None:
    figure = confusion_heatmap([[69, 4, 7], [4, 71, 5], [1, 0, 9]], ["a", "b", "c"])
    assert alternative(figure, "Confusion matrix") == "Confusion matrix: 149 right, 21 wrong."
