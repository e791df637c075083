"""The titles of the slips, and the line in a lesson that links to them."""

from __future__ import annotations

import streamlit as st

from locales import _, once
from ui.frame import language, sharing

CODES = (
    "sign", "minus", "epsilon", "mean", "l2", "number", "twice", "sigmoid", "axis", "seen", "far", "ovr", "unique", "training_set",
)  # fmt: skip
"""The errors, in the order of their page: what the link calls them."""


@once
def titles() -> dict[str, str]:
    """Return the titles of `CODES`, in the reader's language."""
    return {
        "sign": _("A lost sign"), "minus": _("The minus and stability"), "epsilon": _("ε inside the log"),
        "mean": _("Mean loss, summed gradient"), "l2": _("L2 as a factor"), "number": _("Class numbers"),
        "twice": _("Softmax twice"), "sigmoid": _("A sigmoid after softmax"), "axis": _("The wrong axis"),
        "seen": _("An ε out of sight"), "far": _("Sure, far from the data"), "ovr": _("One-vs-rest"),
        "unique": _("A weight read alone"), "training_set": _("Tested on the training set"),
    }  # fmt: skip


def address(slip: str) -> str:
    """Return the address of a slip with its switch on, relative to the app."""
    return sharing.relative("slips", {"lang": language.current(), "slips_panel": slip, "slips_error": "true"})


def read_older(chosen: str | None) -> None:
    """Read links from the time when every slip had a switch of its own; that of the chosen slip counts."""
    for slip in sorted(CODES, key=lambda slip: slip == chosen):
        sharing.moved(f"slips_{slip}", {text: {"slips_error": text} for text in ("true", "false")})


def slip_link(*slips: str) -> None:
    """Show the line that leads to slips. KeyError for a code that :func:`titles` does not have."""
    links = " · ".join(f"[{titles()[slip]}]({address(slip)})" for slip in slips)
    st.caption(_("Common textbook errors: {links}").format(links=links))
