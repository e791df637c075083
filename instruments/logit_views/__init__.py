"""Drawings of the logits on a board, each with a dot to drag: the curves of p over one logit, and the triangle.

A drawing holds no state. It hears every frame of its board in the browser, and asks that board to move; Python only says
which drawing to show.
"""

from __future__ import annotations

from collections.abc import Mapping

from instruments.shared.bundle import component


def mount(key: str, *, board: str, view: str, labels: Mapping[str, str]) -> None:
    """Show a drawing of the board with the key ``board``.

    Parameters
    ----------
    view
        "curves" or "triangle".
    labels
        The texts in the reader's language.
    """
    data = {"revision": 0, "board": board, "view": view, "labels": dict(labels)}
    component("logit_views")(key=key, data=data)
