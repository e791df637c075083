"""A figure of Plotly's as plain dictionaries.

Plotly checks every property of a figure when it is set, which takes it ten to twenty milliseconds a figure: more than all the
rest of a page. Here nothing is checked. The tests check every figure that they make, through :meth:`Figure.checked`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partialmethod
from typing import Any, Self

import plotly.graph_objects as go


class Figure:
    """The part of ``plotly.graph_objects.Figure`` that the charts use, under the same names.

    ``a_b=1`` stands for ``a={"b": 1}``, as there.

    Attributes
    ----------
    traces
        What Plotly's JSON has under "data".
    settings
        What it has under "layout".
    """

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self.traces: list[dict[str, Any]] = []
        self.settings: dict[str, Any] = dict(layout)

    def _add(self, kind: str, **trace: Any) -> Self:
        self.traces.append({"type": kind, **_nested(trace)})
        return self

    add_scatter = partialmethod(_add, "scatter")
    add_scatter3d = partialmethod(_add, "scatter3d")
    add_bar = partialmethod(_add, "bar")
    add_heatmap = partialmethod(_add, "heatmap")
    add_contour = partialmethod(_add, "contour")
    add_surface = partialmethod(_add, "surface")

    def add_shape(self, **shape: Any) -> Self:
        """Draw a shape over the plot, or below it."""
        self.settings["shapes"] = [*self.settings.get("shapes", ()), _nested(shape)]
        return self

    def add_annotation(self, **note: Any) -> Self:
        """Write a text into the plot."""
        self.settings["annotations"] = [*self.settings.get("annotations", ()), _nested(note)]
        return self

    def update_layout(self, **settings: Any) -> Self:
        """Change what is named; the rest of a nested setting stays."""
        self.settings = _updated(self.settings, _nested(settings))
        return self

    def update_traces(self, **settings: Any) -> Self:
        """Change all traces."""
        self.traces = [_updated(trace, _nested(settings)) for trace in self.traces]
        return self

    def update_xaxes(self, **settings: Any) -> Self:
        """Change all axes across."""
        self._update_axes("xaxis", settings)
        return self

    def update_yaxes(self, **settings: Any) -> Self:
        """Change all axes upwards."""
        self._update_axes("yaxis", settings)
        return self

    def _update_axes(self, kind: str, settings: Mapping[str, Any]) -> None:
        changes = _nested(settings)
        for name in {kind: None} | dict.fromkeys(name for name in self.settings if name.startswith(kind)):
            self.settings[name] = _updated(self.settings.get(name, {}), changes)

    def to_dict(self) -> dict[str, Any]:
        """Return what Plotly's JSON says of it."""
        return {"data": self.traces, "layout": self.settings}

    def checked(self) -> go.Figure:
        """Return it as Plotly's own figure, which checks everything: slow, for tests."""
        return go.Figure(self.to_dict())

    @property
    def data(self) -> Any:
        """The traces of `checked`."""
        return self.checked().data

    @property
    def layout(self) -> Any:
        """The layout of `checked`."""
        return self.checked().layout


def _nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings such as ``title_text`` in the mappings that they stand for."""
    if not any("_" in name for name in settings):
        return dict(settings)
    nested: dict[str, Any] = {}
    for name, value in settings.items():
        for part in reversed(name.split("_")):
            value = {part: value}
        nested = _updated(nested, value)
    return nested


def _updated(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    after = dict(before)
    for name, value in changes.items():
        old = after.get(name)
        after[name] = (
            _updated(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
        )
    return after
