"""Runs a few lines of page code by themselves, with a query string, through AppTest."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

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
