"""Somebody who presses and moves whatever is there: random actions on a page, each with a value that the page offers.

A page that was opened by the link it made itself must show no note: what it writes it reads.
"""

from __future__ import annotations

import json
import random
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from tests.hostile import messages
from tests.hostile.links import opened
from ui.frame import packing

SLOW_BUTTONS = ("images_download",)
"""They ask other servers."""


class Hand:
    """A session on one page; each `act` does one thing and returns what it was."""

    def __init__(self, rng: random.Random, page: str) -> None:
        self._rng = rng
        self.page = page
        self.app: AppTest = opened(page, "")
        self._sent: dict[str, WidgetState] = {}

    def act(self) -> str:
        """Do one thing that a reader can do: use a widget, an instrument, or the page's own link."""
        kind = self._rng.random()
        if kind < 0.06:
            return self._follow_the_link()
        if kind < 0.45 and (boards := self._boards()):
            return self._use_a_board(boards)
        return self._use_a_widget()

    def faults(self) -> str:
        """Return what the page shows as an exception."""
        return "; ".join(f"{one.message} {one.stack_trace[-2:]}" for one in self.app.exception)

    def _follow_the_link(self) -> str:
        held = {
            name: text for name, text in self.app.session_state["_link"].published.items() if text is not None
        }
        query = packing.as_query(held)
        self.app, self._sent = opened(self.page, query), {}
        notes = self.app.session_state["_link"].notes
        assert not notes, f"/{self.page}?{query}: {notes}"
        return f"link {query}"

    def _boards(self) -> list[tuple[str, messages.Target]]:
        """Return the id of each instrument on the page with a message that it could send."""
        shown = {one.proto.id: one.proto.component_name for one in self.app.get("bidi_component")}
        return [
            (place, target)
            for place, name in shown.items()
            for target in messages.TARGETS.get(name.removeprefix("softmax_lab_"), [])
            if place.endswith(f"-{target.key}") and target.key
        ]

    def _use_a_board(self, boards: list[tuple[str, messages.Target]]) -> str:
        place, target = self._rng.choice(boards)
        good = _varied(self._rng, target.good)
        slot = f"{target.key}_slot"
        if isinstance(good, dict) and slot in self.app.session_state:
            good["revision"] = self.app.session_state[slot].revision
        text = json.dumps({target.state: good})
        self._sent[place] = WidgetState(id=place, json_value=text)
        self._run()
        return f"{target.key} {text[:200]}"

    def _run(self) -> None:
        """Run the page with what was sent; a widget that is not touched keeps its value. A press is sent once."""
        states = WidgetStates()
        present = {one.proto.id for one in self.app.get("bidi_component")} | {
            widget.id for widget in self._widgets()
        }
        for place, state in self._sent.items():
            if place in present:
                states.widgets.append(state)
        self._sent = {
            place: state
            for place, state in self._sent.items()
            if state.WhichOneof("value") != "trigger_value"
        }
        self.app._run(states)

    def _widgets(self) -> list[Any]:
        app = self.app
        return [
            *app.slider, *app.select_slider, *app.number_input, *app.selectbox, *app.radio, *app.toggle, *app.checkbox, *app.button,
            *app.get("button_group"), *app.text_area, *app.text_input,
        ]  # fmt: skip

    def _use_a_widget(self) -> str:
        usable = [
            widget for widget in self._widgets()
            if not getattr(widget, "disabled", False) and not (widget.key or "").startswith(SLOW_BUTTONS)
        ]  # fmt: skip
        if not usable:
            return "nothing to do"
        widget = self._rng.choice(usable)
        self._sent[widget.id] = state = WidgetState(id=widget.id)
        self._touch(widget, state)
        self._run()
        return f"{widget.type} {widget.key}: {str(state)[-60:]!r}"

    def _touch(self, widget: Any, state: WidgetState) -> None:
        """Set what the browser would send after a click on the widget or a drag of it."""
        rng, proto = self._rng, widget.proto
        if widget.type == "button":
            state.trigger_value = True
        elif widget.type in ("toggle", "checkbox"):
            state.bool_value = rng.random() < 0.5
        elif widget.type in ("text_area", "text_input"):
            state.string_value = rng.choice(
                ["", "1", "x1\tx2\tc\n1\t2\ta\n3\t4\tb\n", "softmax", "=1+1", "<b>"]
            )
        elif widget.type == "button_group":
            state.string_array_value.data.append(rng.choice(proto.options).content)
        elif widget.type in ("selectbox", "radio"):
            state.string_value = rng.choice(proto.options)
        elif widget.type == "select_slider":
            state.string_array_value.data.append(rng.choice(proto.options))
        elif widget.type == "slider":
            count = round((proto.max - proto.min) / proto.step)
            state.double_array_value.data.append(proto.min + rng.randint(0, count) * proto.step)
        else:
            state.double_value = rng.uniform(proto.min, proto.max)


def _varied(rng: random.Random, value: Any) -> Any:
    """Return a message of the same form with other numbers, most of them legal."""
    if isinstance(value, dict):
        return {name: _varied(rng, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_varied(rng, part) for part in value]
    if isinstance(value, bool) or rng.random() < 0.5:
        return value
    if isinstance(value, int):
        return max(0, value + rng.randint(-2, 2))
    return round(value + rng.uniform(-1, 1), 3) if isinstance(value, float) else value
