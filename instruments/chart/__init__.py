"""A chart of Plotly's that is changed where it stands.

Streamlit's own makes a new chart whenever a number changes, draws that twice, and forgets how far the reader had zoomed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from instruments.shared import bundle
from instruments.shared.values import is_whole


def chart(
    *, key: str, figure: Mapping[str, Any], config: Mapping[str, Any], plotly: str, name: str,
    on_click: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """Mount a chart.

    Parameters
    ----------
    key
        The key of the component.
    figure
        "data" and "layout" of Plotly's JSON; the layout has a height.
    config
        Plotly's configuration.
    plotly
        The address below that of the app of the script of Plotly's that draws the figure: the same one as long as the chart is there.
    name
        The text alternative.
    on_click
        Called after a click on a point; :func:`read_cell` reads the state ``clicked`` of the component then.
    """
    data = {
        "figure": figure,
        "config": config,
        "plotly": plotly,
        "name": name,
        "clicks": on_click is not None,
    }
    bundle.component("chart", isolated=False)(key=key, data=data, on_clicked_change=on_click or _unheard)


def read_cell(sent: object, count: int) -> tuple[int, int] | None:
    """Return row and column of the cell of a ``count`` x ``count`` matrix that was clicked; None where it is no cell."""
    if not isinstance(sent, Mapping):
        return None
    row, column = sent.get("y"), sent.get("x")
    if not (is_whole(row) and is_whole(column) and 0 <= row < count and 0 <= column < count):
        return None
    return row, column


def _unheard() -> None:
    """Nobody asks about clicks on this chart."""
