"""One sentence about what the reader's browser keeps, and a button that forgets it all; it asks once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from instruments.shared.bundle import component


def forgetting(*, key: str, labels: Mapping[str, str], on_forget: Callable[[], None]) -> None:
    """Mount it.

    Parameters
    ----------
    key
        The key of the component.
    labels
        ``kept``, ``asked`` and ``forgotten``: the sentence before, while it asks, and after; ``blocked``: in a browser that keeps nothing; ``ask``, ``yes``, ``no``: the buttons.
    on_forget
        Called before the script runs when the browser has forgotten everything.
    """
    component("forgetting")(key=key, data={"labels": dict(labels)}, on_forget_change=on_forget)
