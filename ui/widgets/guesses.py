"""What a learner predicted, as the instruments lay it over what happens."""

from __future__ import annotations

from typing import Any

from locales import _
from ui.widgets.show import number


def said(value: float, decimals: int = 2) -> str:
    """Return the note for a number that was predicted."""
    return _("your guess: {value}").format(value=number(value, decimals))


def was() -> str:
    """Return what stands below a number that a reveal has changed; the browser fills ``z`` in."""
    return _("was {z}")


def way(k: int, start: float, sign: int) -> dict[str, Any]:
    """Return the note for a direction: from where class ``k`` was, up (1) or down (-1), or that it stays (0)."""
    return {"k": k, "from": start, "way": sign, "text": pointing(sign)}


def pointing(sign: int) -> str:
    """Return the words of `way`: an arrow to the right is up."""
    guess = _("your guess")
    return {1: f"{guess} →", 0: f"= {guess}", -1: f"← {guess}"}[sign]


def rising(sign: int) -> str:
    """Return the words for a direction where there is no track: up, that it stays, or down."""
    return f"{'↓=↑'[sign + 1]} {_('your guess')}"
