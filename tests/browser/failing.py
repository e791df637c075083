"""The app with two faults in it: ``python -m tests.browser.failing run app.py``. A page fails, and a part of another."""

import sys
from typing import Any

from ui.glossary import glossary
from ui.loss import panels

SECRET = "made by a test, and nothing for a visitor"


def fail(*_what: Any) -> None:
    raise RuntimeError(SECRET)


if __name__ == "__main__":
    glossary.entries = fail
    panels.likelihood = fail
    from streamlit.web.cli import main

    sys.exit(main())
