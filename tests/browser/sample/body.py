"""One of every control, half of them in a fragment, and their values as text."""

from pathlib import Path

import streamlit as st

from locales import _
from ui.frame import frame, sharing
from ui.widgets import controls

frame.ROOT = Path(__file__).parent
_of_the_app = frame.lessons
frame.lessons = lambda: [lesson for lesson in _of_the_app() if frame.path_of(lesson.stem).is_file()]


def show(stem: str) -> None:
    """The body of a sample lesson."""
    frame.open_page(stem)
    controls.slider(f"{stem}_classes", "Classes", 2, 10, 3, 1)
    controls.slider(f"{stem}_noise", "Noise", 0.0, 1.0, 0.5, 0.1)
    row = sharing.read(f"{stem}_row", _row, (1.0, 2.0), "Row")
    _panel(stem, row)
    frame.close_page()


@sharing.fragment
def _panel(stem: str, row: tuple[float, ...]) -> None:
    names = {"first": _("Home"), "second": _("Training")}
    data = controls.segmented(f"{stem}_data", "Data", names, "first")
    way = controls.choice(f"{stem}_way", "Way", names, "second")
    samples = controls.number(f"{stem}_samples", "Samples", 10, 1000, 300, 10)
    rate = controls.select_slider(f"{stem}_rate", "Rate", [0.01, 0.1, 1.0, 10.0], 0.1)
    hard = controls.toggle(f"{stem}_hard", "Hard")
    outer = [st.session_state[f"{stem}_{name}"] for name in ("classes", "noise")]
    st.text(" ".join(["VALUES", stem, *map(str, [*outer, data, way, samples, rate, hard, row])]))


def _row(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))
