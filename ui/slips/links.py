"""The titles of the slips, and the line in a lesson that links to them."""

from __future__ import annotations

import streamlit as st

from locales import _, once
from ui.frame import language, sharing
from ui.slips.registry import SLIPS


@once
def titles() -> dict[str, str]:
    """Return the titles of the errors by code, in the reader's language."""
    return {code: slip.title() for code, slip in SLIPS.items()}


def address(slip: str) -> str:
    """Return the address of a slip with its switch on, relative to the app."""
    return sharing.relative("slips", {"lang": language.current(), "slips_panel": slip, "slips_error": "true"})


def read_older(chosen: str | None) -> None:
    """Read links from the time when every slip had a switch of its own; that of the chosen slip counts."""
    for slip in sorted(SLIPS, key=lambda slip: slip == chosen):
        sharing.moved(f"slips_{slip}", {text: {"slips_error": text} for text in ("true", "false")})


def slip_link(*slips: str) -> None:
    """Show the line that leads to slips. KeyError for a code that :func:`titles` does not have."""
    links = " · ".join(f"[{titles()[slip]}]({address(slip)})" for slip in slips)
    st.caption(_("Common textbook errors: {links}").format(links=links))
