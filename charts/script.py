"""Plotly's own script, which the browser draws with."""

from functools import cache
from hashlib import sha256

from plotly.offline import get_plotlyjs


@cache
def script() -> tuple[str, bytes]:
    """Return its address below that of the app, which changes with its content, and the script."""
    text = get_plotlyjs().encode()
    return f"charts/plotly.{sha256(text).hexdigest()[:12]}.js", text
