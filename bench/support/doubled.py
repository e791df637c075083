"""Streamlit with every text of ours twice as long: ``python -m bench.support.doubled run app.py``. For bench.monkey and its test.

A language that needs twice the room must break nothing; there is none here, so each sentence is said twice.
"""

import sys

import locales
from locales import Sentence

_plain, _plain_both = locales._, locales.both


def _doubled(message: str) -> str:
    text = _plain(message)
    return Sentence(f"{text} {text}") if "{}" not in text else text


def _both_doubled(message: str) -> dict[str, str]:
    return {code: Sentence(f"{text} {text}") for code, text in _plain_both(message).items()}


if __name__ == "__main__":
    # Before anything of the app is imported, as every module takes `_` for itself.
    locales._, locales.both = _doubled, _both_doubled
    from streamlit.web.cli import main

    sys.exit(main())
