"""A figure as it is sent to the browser during a drag, such that it is drawn once and not twice."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.basedatatypes import BaseFigure


class LightFigure(BaseFigure):  # type: ignore[misc]
    """Stands for a figure where Streamlit asks for one, and gives it in the form that is quickest to draw.

    Streamlit builds a chart anew whenever its numbers change and then hands Plotly an equal copy of it. Plotly
    draws that again from the beginning unless it can see that nothing differs, and it cannot see it in a
    template, in ``meta`` (which only our tests read) or in packed arrays, nor without a ``datarevision``. So the
    template is written out, ``meta`` left out, arrays are lists, and the revision is always the same one: other
    numbers make another chart anyway.
    """

    def __init__(self, figure: go.Figure) -> None:
        # Not the constructor of the parent: it would copy and check the figure a second time.
        self._sent = _written_out(figure)

    def to_dict(self) -> dict[str, Any]:
        """Return data and layout as Plotly's JSON wants them."""
        return self._sent


def _written_out(figure: go.Figure) -> dict[str, Any]:
    layout = figure.layout.to_plotly_json()
    defaults = dict(layout.pop("template", {}).get("layout", {}))
    annotation = defaults.pop("annotationdefaults", {})
    axes = {name: defaults.pop(name, {}) for name in ("xaxis", "yaxis")}
    merged = _merge(defaults, layout)
    for name in {*axes, *(name for name in layout if name[:5] in axes)}:
        merged[name] = _merge(axes[name[:5]], layout.get(name, {}))
    if "annotations" in layout:
        merged["annotations"] = [_merge(annotation, note) for note in layout["annotations"]]
    traces = [trace.to_plotly_json() for trace in figure.data]
    for trace in traces:
        trace.pop("meta", None)
    return {"data": _plain(traces), "layout": _plain(merged | {"datarevision": 0})}


def _merge(defaults: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings, and the defaults of those that are not set."""
    both = {
        name: value for name, value in settings.items() if name in defaults and isinstance(value, Mapping)
    }
    return {**defaults, **settings, **{name: _merge(defaults[name], value) for name, value in both.items()}}


def _plain(value: Any) -> Any:
    """Write arrays as lists, with null for what is not finite."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            return [_plain(part) for part in value.tolist()]
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
