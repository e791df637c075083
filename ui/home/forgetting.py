"""What this browser keeps of a reader, and how to forget it."""

from __future__ import annotations

from instruments.forgetting import forgetting
from locales import _
from ui.frame import frame, kept, sharing

KEY = "home_forgetting"


def offer() -> None:
    """Show it at the end of Home."""
    forgetting(
        key=KEY, on_forget=_forget,
        labels={
            "kept": _("This browser keeps what you solve, answer, draw and bring, so that you can go on later."),
            "ask": _("Forget what this browser keeps"),
            "asked": _("Forget all of it? It cannot be brought back."),
            "yes": _("Forget it all"),
            "no": _("Keep it"),
            "blocked": kept.nothing(),
            "forgotten": _("Forgotten: this browser keeps nothing of you any more."),
        },
    )  # fmt: skip


def _forget() -> None:
    """Let this visit forget it too, or it would come back with the next lesson."""
    kept.forget()
    sharing.forget([lesson.stem for lesson in frame.lessons() if lesson.stem != "home"])
