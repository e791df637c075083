"""The row of buttons that chooses what stands beside an instrument."""

from bench.support.session import Session


def panels(session: Session, page: str) -> list[str]:
    """Return what can be chosen; nothing on a page without panels."""
    key = panel_key(session, page)
    return (
        [option.content for option in session.talk.widgets[key].element.button_group.options] if key else []
    )


def panel_key(session: Session, page: str) -> str:
    """Return the key of the row, "" without one; Training and Hidden layer count its versions."""
    return next(
        (
            key
            for key, widget in session.talk.widgets.items()
            if key.startswith(f"{page}_panel") and widget.element.WhichOneof("type") == "button_group"
        ),
        "",
    )
