"""What is too much for a link travels as a file, and the file opens the same state: on every page that can hold so much."""

import html
import json
import random
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from ui.frame import frame, packing, share

CHANCE = random.Random(1)


def _numbers(count: int, between: str = "_") -> str:
    return between.join(f"{round(CHANCE.uniform(-1, 1), 4):g}" for _ in range(count))


def _changes(steps: tuple[int, ...]) -> str:
    return "~".join(["0", *(f"{step}!rate={step / 200:g}!w={_numbers(9)}" for step in steps)])


STATES = {
    "images": {"images_pad_drawing": ".".join("".join(CHANCE.choices("ABCdef019-_", k=600)) for _ in range(8))},
    "training": {
        "training_rate": "0.5",
        "training_edits": "*".join(f"a{i % 3}_{_numbers(40)}" for i in range(20)),
        "training_stage_plan": _changes((20, 40, 60)),
        "training_stage_ghost": _changes((30, 50, 70)),
    },
    "own points": {
        "training_data": "own",
        "training_own": "across,up,kind\n" + "".join(f"{_numbers(2, ',')},{'甲乙'[i % 2]}\n" for i in range(500)),
    },
    "home": {"present": "|".join(f"loss?loss_board_z={_numbers(5, '~')}" for _ in range(170))},
}  # fmt: skip


def _opened(stem: str, query: str) -> AppTest:
    app = AppTest.from_file(str(frame.path_of(stem)), default_timeout=120)
    for key, value in parse_qsl(query):
        app.query_params[key] = value
    return app.run()


def _shared(app: AppTest, stem: str, query: str) -> dict[str, Any]:
    """What the dialog is answered, with what the reader may keep to themselves."""
    ask = {
        "number": 1, "address": f"http://lab.test/{stem}?{query}", "lang": "", "theme": "", "at_step": True, "own": True, "network": True,
    }  # fmt: skip
    app.session_state[share.KEY] = {"ask": ask}
    app.run()
    assert not app.exception, app.exception
    (component,) = (one for one in app.get("bidi_component") if one.proto.component_name.endswith("_share"))
    answer: dict[str, Any] = json.loads(component.proto.bytes)["answer"]
    return answer


@pytest.mark.parametrize("name", STATES)
def test_a_file_opens_the_state_that_it_was_saved_in(name: str) -> None:
    state, stem = STATES[name], "training" if name == "own points" else name
    app = _opened(stem, f"v=1&{packing.PARAMETER}={packing.pack(state)}")
    assert app.session_state["_link"].notes == []
    # The address of the moment holds what is short enough for one.
    address = {key: text for key, text in app.session_state["_link"].published.items() if text is not None}
    answer = _shared(app, stem, packing.as_query(address))
    (link,) = re.findall('<a href="([^"]*)">', answer["file"])
    assert len(answer["link"]) < len(html.unescape(link))
    again = _opened(stem, urlsplit(html.unescape(link)).query)
    assert again.session_state["_link"].notes == []
    if name == "own points":
        before, after = (one.session_state["training"].source for one in (app, again))
        for side in (0, 1):  # the file has the training points first
            for part in ("X", "y"):
                kept = [getattr(source.data, part)[source.is_test == side] for source in (before, after)]
                assert (kept[0] == kept[1]).all()
        assert after.data.class_names == before.data.class_names
    else:
        assert again.session_state["_link"].raw == {key: [text] for key, text in state.items()}
