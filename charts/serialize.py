"""A figure as it is sent to the browser."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
from plotly.basedatatypes import BaseFigure

from charts.figure import Figure
from charts.style import single


class Serialized(BaseFigure):  # type: ignore[misc]
    """Stands for a figure where Streamlit's own chart asks for one: the constructor of the parent would check everything."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self._sent = sent

    def to_dict(self) -> Mapping[str, Any]:
        """Return data and layout as Plotly's JSON wants them."""
        return self._sent


def serialized(figure: Figure, *, for_projector: bool = False) -> dict[str, Any]:
    """Return data and layout as Plotly reads them in the browser.

    The template is written out, so that sizes can be enlarged; long arrays are packed, what is drawn in single precision where
    that has room.
    """
    sent = _written_out(figure)
    return enlarged(sent) if for_projector else sent


def enlarged(part: Any, place: str = "") -> Any:
    """Return a written-out figure with letters of 18 pixels and lines of 3, its margins and height to match."""
    if isinstance(part, list | tuple):
        return [enlarged(entry, place) for entry in part]
    if not isinstance(part, Mapping):
        return part
    return {
        name: _apart(value)
        if name == "domain" and place.startswith("xaxis")
        else _scaled(value, _factor(name, place))
        if _factor(name, place) != 1
        else enlarged(value, name)
        for name, value in part.items()
    }


LETTERS = 1.5
"""From 12 pixels to 18."""
LINES = 1.7
"""From 1.8 pixels to 3."""
TALLER = 1.25
GAP = 2.0
"""Times as wide: half a screen is narrower than a page, and the letters are larger."""
SHORT = 40
"""An array of more numbers is packed."""
PLACES = ("x", "y", "z")
"""What is drawn; numbers that hovering shows stand in ``customdata``, or are written there with a few digits."""


def _factor(name: str, place: str) -> float:
    """Return by how much the number ``name`` of the part ``place`` of a figure grows for the projector."""
    if place.endswith("font") and name == "size":
        return LETTERS
    if place == "margin" or name in ("standoff", "ticklabelstandoff", "yshift", "xshift", "ax", "ay"):
        return LETTERS
    if name == "width" and place == "line":
        return LINES
    if name == "size" and place == "marker":
        return 1.3
    return TALLER if name == "height" else 1.0


def _apart(ends: list[float]) -> list[float]:
    """Return where one of two plots side by side begins and ends: between them stand the larger letters of an axis."""
    return [end if end in (0, 1) else 0.5 + GAP * (end - 0.5) for end in ends]


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, list):
        return [_scaled(entry, factor) for entry in value]
    if isinstance(value, np.ndarray):
        return factor * value
    return value * factor if isinstance(value, int | float) and not isinstance(value, bool) else value


def _written_out(figure: Figure) -> dict[str, Any]:
    layout = dict(figure.settings)
    defaults = dict(layout.pop("template", {}).get("layout", {}))
    annotation = defaults.pop("annotationdefaults", {})
    axes = {name: defaults.pop(name, {}) for name in ("xaxis", "yaxis")}
    merged = _merge(defaults, layout)
    for name in {*axes, *(name for name in layout if name[:5] in axes)}:
        merged[name] = _merge(axes[name[:5]], layout.get(name, {}))
    if "annotations" in layout:
        merged["annotations"] = [_merge(annotation, note) for note in layout["annotations"]]
    return {"data": _packed(figure.traces), "layout": merged}


def _merge(defaults: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings, and the defaults of those that are not set."""
    both = {
        name: value for name, value in settings.items() if name in defaults and isinstance(value, Mapping)
    }
    return {**defaults, **settings, **{name: _merge(defaults[name], value) for name, value in both.items()}}


def _pack(value: np.ndarray) -> dict[str, str]:
    """Return a long array of numbers as Plotly reads it packed; it knows no whole numbers of eight bytes."""
    if value.dtype.kind == "i":
        value = value.astype(
            np.promote_types(np.min_scalar_type(value.min()), np.min_scalar_type(value.max()))
        )
    packed = {"dtype": value.dtype.str[1:], "bdata": base64.b64encode(value.tobytes()).decode()}
    return packed | ({"shape": ", ".join(map(str, value.shape))} if value.ndim > 1 else {})


def _packed(value: Any, name: str = "") -> Any:
    """Return a part of a figure with its long arrays packed, places in single precision."""
    if isinstance(value, Mapping):
        return {name: _packed(part, name) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(part) if isinstance(part, Mapping) else part for part in value]
    if isinstance(value, np.ndarray) and value.size > SHORT and value.dtype.kind in "fi":
        return _pack(single(value) if name in PLACES and value.dtype.kind == "f" else value)
    return value
