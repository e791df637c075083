"""Every figure that a chart makes in a test is checked against Plotly's schema when the test ends."""

from collections.abc import Iterator

import pytest

from charts import style
from charts.figure import Figure


@pytest.fixture(autouse=True)
def checked_figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Figures are not checked when they are made, because it takes milliseconds at every drag: it is made up for here."""
    made: list[Figure] = []
    original = style.figure

    def noted(*args: bool, **options: int) -> Figure:
        made.append(original(*args, **options))
        return made[-1]

    monkeypatch.setattr(style, "figure", noted)
    yield
    for fig in made:
        fig.checked()
