"""What a malicious client sends in the place of an instrument: it can open the page and send anything.

`TARGETS` holds, for each instrument that sends something, where it stands and a good message. `spoilt` makes others out of it, and
`Client` sends them as a browser does: as text, through Streamlit's own reader and our callbacks, into a session of a real page.
"""

from __future__ import annotations

import copy
import json
import math
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from streamlit import config
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from instruments.shared import bundle
from tests.hostile.corpus import INJECTIONS
from tests.hostile.links import opened


@dataclass(frozen=True)
class Target:
    """An instrument on a page; ``state`` is the name of what it sends, ``good`` a message that it could have sent."""

    page: str
    key: str
    good: Any
    state: str = "state"
    query: str = ""


def _board(**fields: Any) -> dict[str, Any]:
    return {"revision": 0, "resting": True, **fields}


LOGITS = _board(logits=[1.0, 2.0, 0.5], target=1, temperature=2.0, shift=0.0, names=["", "cat", ""], soft=[], smoothing=0.0, step=4)  # fmt: skip
NAME = "kept.36b5aca2d8d7ad2f72e0ae05"
TARGETS: dict[str, list[Target]] = {
    "challenges": [
        Target("softmax", "softmax_challenge", _board(open="thousand", guess=[1.0], shown=True, starts=1, solved=["thousand"])),
        Target("training", "training_challenge", _board(open="", guess=[0.5, 1.0], shown=True, starts=3, solved=[])),
        Target("images", "images_challenge", _board(open="draw", guess=[], shown=False, starts=1, solved=["draw"])),
    ],
    "chart": [Target("images", "images_confusion", {"x": 1, "y": 2}, "clicked", "images_panel=mistakes&images_challenge_open=draw")],
    "distribution_board": [Target("information", "information_board", _board(p=[0.5, 0.5], q=[0.25, 0.75], unit="nats"))],
    "grey_picture": [
        Target("linear_layer", "linear_layer_pad", _board(x=[0.0, 0.5, 1.0, 0.2], W=[0.5] * 12, b=[0.0, 1.0, -1.0], target=2))
    ],
    "forgetting": [Target("home", "", True, "forget")],
    "keeper": [
        Target("training", "", {"number": "1", "found": {"training_own": [NAME, "x,y,class"]}}, "found", f"training_data=own&training_own={NAME}"),
        Target("training", "", {"names": [NAME]}, "taken", f"training_data=own&training_own={NAME}"),
    ],
    "kept_text": [Target("home", "home_list", "softmax|loss", "found")],
    "lesson_map": [Target("home", "", {"stem": "softmax", "code": ""}, "open")],
    "live_slider": [Target("training", "training_rate_live", {"value": 1.0, "number": 1})],
    "logit_board": [Target("softmax", "softmax_board", LOGITS), Target("slips", "slips_board", LOGITS)],
    "loss_curve": [Target("loss", "loss_board", LOGITS | {"sketch": [1.0] * 5})],
    "message_stream": [Target("information", "", _board(count=3, seed=4), query="information_panel=code")],
    "minibatch": [Target("linear_layer", "linear_layer", _board(n=4, seed=3, row=2, column=1), query="linear_layer_panel=batch")],
    "picture_choice": [Target("training", "", {"value": "moons", "number": 1}, query="training_panel=settings")],
    "pixel_pad": [Target("images", "images_pad", _board(drawing="", centred=True, why=3))],
    "practice_sheet": [Target("practice", "practice", _board(seed=5, question=2, view="one", key=False, answers=["a:1", "b:2"]))],
    "race": [Target("training", "training_race", {"step": 5}, query="training_mode=race")],
    "share": [
        Target(
            "softmax", "lab_share",
            {"number": 1, "address": "http://lab.test/softmax?softmax_board_z=1~2", "lang": "en", "theme": "dark", "at_step": True, "own": True, "network": True},
            "ask",
        )
    ],
    "step_buttons": [Target("loss", "", {"value": 2, "number": 1})],
    "text_board": [Target("text", "text_board", _board(text="so good", target=2, out=[1]))],
    "training_stage": [
        Target("training", "training_stage", {"step": 5, "revision": ""}),
        Target("training", "training_stage", {"id": "1", "step": 5, "rows": [[0.5, -0.5, 0.0]] * 3}, "hand"),
        Target(
            "training", "training_stage",
            {"base": "", "list": [{"number": 1, "drag": 1, "kind": "add", "label": 1, "places": [0.5, 0.5]}, {"number": 2, "drag": 0, "kind": "erase", "points": [0, 3]}]},
            "edits",
        ),
        Target("training", "training_stage", {"round": 1, "line": [-1.0, 0.0, 1.0, 0.5]}, "sketch"),
        Target("training", "training_stage", {"number": 1, "point": 3, "phase": "all"}, "story"),
        Target("hidden_layer", "hidden_layer_stage", {"number": 1, "point": 3, "phase": "pull"}, "story"),
    ],
    "weight_templates": [Target("images", "images_templates", {"revision": "0", "epoch": 0})],
}  # fmt: skip
SILENT = {"glossary", "logit_views"}
"""Instruments that send nothing."""

VALUES = [
    None, True, "", "x", "\ud800", "\0", "9" * 5000, -1, 0, 1.5, 2**31, 2**53, 2**64, -(2**64), 10**300, math.nan, math.inf, -math.inf, 1e308, -1e308,
    5e-324, [], {}, [[]], [None], [{}], [math.nan], [1e308, 1e308, -1e308], ["\ud800"], [0.1] * 11, ["a" * 30] * 3, {"": None}, {"a": {"a": {}}},
    [0.0] * 20_000, ["x"] * 20_000, "x" * 100_000, *INJECTIONS[:12],
]  # fmt: skip
DEEP = [
    opening * depth + "1" + closing * depth
    for depth in (200, 600, 850, 10_000)
    for opening, closing in (("[", "]"), ('{"a":', "}"))
]
RAW = ["", "{", "null", "[]", "1e999", '"x"', *DEEP, '{"state":' + DEEP[0] + "}", "{}" * 3, "\0"]
LARGE = ["x" * 10_000_000, [1.0] * 500_000, ["a"] * 500_000]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a message, from the whole to its parts."""
    yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _places(part, (*path, name))
    elif isinstance(value, list):
        for i, part in enumerate(value[:3]):
            yield from _places(part, (*path, i))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.copy(value)
    changed[path[0]] = _with(value[path[0]], path[1:], new)
    return changed


def spoilt(rng: random.Random, target: Target) -> str:
    """Return the text of a message that is none, or hardly one."""
    if rng.random() < 0.1:
        return rng.choice(RAW)
    message, kind = target.good, rng.random()
    if kind < 0.1 and isinstance(message, dict):
        message = {name: part for name, part in message.items() if rng.random() < 0.5}
    elif kind < 0.15 and isinstance(message, dict):
        message = message | {rng.choice(["__class__", "a" * 50, "\ud800", "revision "]): rng.choice(VALUES)}
    else:
        places = [*_places(message)]
        for _place in range(rng.choice([1, 1, 1, 2])):
            path = rng.choice(places)
            try:
                message = _with(message, path, rng.choice(VALUES if kind < 0.97 else LARGE))
            except (KeyError, IndexError, TypeError):  # its place is gone
                continue
    text = json.dumps({target.state: message})
    return text.replace('"x"', rng.choice(DEEP), 1) if kind > 0.95 else text


@dataclass
class Client:
    """A session on a page, and what was sent last by each instrument."""

    page: str
    query: str = ""
    sent: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        config.set_option(
            "client.showErrorDetails", "full"
        )  # visitors see none, and here they tell whose fault it is
        bundle.served()  # charts are instruments where the server answers for Plotly's script
        self.app: AppTest = opened(self.page, self.query)

    def id_of(self, instrument: str, key: str = "") -> str:
        """Return the id of an instrument on the page: the one with the key, or the first of its kind."""
        for _again in range(60):  # a training that takes longer than a moment has no stage yet
            for element in self.app.get("bidi_component"):
                if element.proto.component_name == f"softmax_lab_{instrument}" and element.proto.id.endswith(f"-{key}" if key else ""):  # fmt: skip
                    return str(element.proto.id)
            time.sleep(0.2)
            self.app.run()
        raise LookupError(f"no {instrument} {key} on {self.page}?{self.query}")

    def send(self, id_: str, text: str) -> str:
        """Send the text of a message as the browser does; return what the page shows as an exception.

        A text that Streamlit cannot read as JSON, or that is nested too deep for Python's reader, never comes to us: it
        breaks the session of whoever sent it, which is begun anew here.
        """
        self.sent[id_] = text
        states: WidgetStates = self.app._tree.get_widget_states()
        for one, its_text in self.sent.items():
            states.widgets.append(WidgetState(id=one, json_value=its_text))
        self.app._run(states)
        faults = [f"{one.message} {one.stack_trace[-3:]}" for one in self.app.exception]
        if faults and all(re.search(r"json.(decoder|__init__)\.py[^/]*$", fault) for fault in faults):
            self.sent.clear()
            self.__post_init__()
            return ""
        return "; ".join(faults)
