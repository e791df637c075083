"""Every figure that a chart makes in a test is checked against Plotly's schema when the test ends."""

from collections.abc import Iterator

import plotly.graph_objects as go
import pytest

from charts import style


@pytest.fixture(autouse=True)
def checked_figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Charts leave the check of their layout out, because it takes milliseconds at every drag: it is made up for here."""
    made: list[go.Figure] = []
    original = style.figure

    def noted(*args: bool, **options: int) -> go.Figure:
        made.append(original(*args, **options))
        return made[-1]

    monkeypatch.setattr(style, "figure", noted)
    yield
    for fig in made:
        go.Figure(fig.to_dict())
