"""Runs a few lines of page code by themselves, with a query string, through AppTest."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from charts.figure import Figure
from ui.widgets import show

OPEN = "from ui.frame import frame, sharing\nfrom ui.widgets import controls\nframe.open_page('softmax')\n"
CLOSE = "\nframe.close_page()\n"


@pytest.fixture
def lesson() -> Callable[..., AppTest]:
    """`lesson(code, key=value, ...)` returns the AppTest after its first run."""

    def run(code: str, **query: str | list[str]) -> AppTest:
        app = AppTest.from_string(OPEN + code + CLOSE, default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return run


@pytest.fixture(autouse=True)
def every_chart_says_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever panel a test opens: the text alternative of each of its charts is more than a name."""
    silent: list[str] = []
    told = show.alternative

    def told_or_noted(figure: Figure, name: str) -> Any:
        said = told(figure, name)
        if said == name:
            silent.append(name)
        return said

    monkeypatch.setattr(show, "alternative", told_or_noted)
    yield
    assert silent == []
