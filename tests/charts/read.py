"""Reading numbers out of figures."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

HOSTILE = ('<a href="javascript:alert(1)">x</a>', "%{y}", "$x$")


def traces(fig: go.Figure, kind: str) -> list[Any]:
    """All traces of one kind, in the order of their classes where they have one."""
    found = [trace for trace in fig.data if (trace.meta or {}).get("kind") == kind]
    return sorted(found, key=lambda trace: trace.meta.get("class", 0))


def only(fig: go.Figure, kind: str) -> Any:
    """The one trace of a kind."""
    (trace,) = traces(fig, kind)
    return trace


def numbers(values: Any) -> np.ndarray:
    return np.asarray(values, dtype=np.float64)


def texts(fig: go.Figure) -> list[str]:
    """Every string of a figure that Plotly might read as markup or as a template."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for value in node.values():
                walk(value)
        elif isinstance(node, (list, tuple)):
            for value in node:
                walk(value)
        elif isinstance(node, np.ndarray) and node.dtype.kind in "UO":
            walk(node.tolist())
        elif isinstance(node, str):
            found.append(node)

    layout = fig.layout.to_plotly_json()
    layout.pop("template")
    walk([[trace.to_plotly_json() for trace in fig.data], layout])
    return found


def luminance(color: str) -> float:
    """WCAG 2.2 relative luminance, written again here."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
