"""Plotly's own scripts, which the browser draws with.

What lies in the plane needs a third of Plotly: `plotly-cartesian.min.js`, as it is published, of the same version. A surface needs the
whole, which comes with the package. CONTRIBUTING says how the part is renewed.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from plotly.offline import get_plotlyjs

from charts.figure import Figure

PART = Path(__file__).with_name("plotly-cartesian.min.js")
IN_SPACE = frozenset({"scatter3d", "surface"})
"""The traces that the part does not know."""


@cache
def scripts() -> tuple[tuple[str, bytes], tuple[str, bytes]]:
    """Return the part and the whole, each with its address below that of the app, which changes with its content."""
    part, whole = (
        (f"charts/{name}.{sha256(script).hexdigest()[:12]}.js", script)
        for name, script in (("cartesian", PART.read_bytes()), ("plotly", get_plotlyjs().encode()))
    )
    return part, whole


def address_for(figure: Figure) -> str:
    """Return the address of the script that draws a figure."""
    return scripts()[any(trace["type"] in IN_SPACE for trace in figure.traces)][0]
