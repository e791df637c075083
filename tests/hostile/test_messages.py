"""A malicious client: whatever it sends in the place of an instrument, its page goes on. `bench.hostile messages` sends more."""

import json
import random
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from instruments.shared import bundle
from tests.hostile import forged, links, messages
from tests.hostile.messages import Client, Target
from tests.limits import at_most

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """`Client` has the instruments served."""
    monkeypatch.setattr(bundle, "_is_served", False)


TARGETS = [
    pytest.param(name, target, id=f"{name} {target.page} {target.state}")
    for name, targets in messages.TARGETS.items()
    for target in targets
]


def test_every_instrument_is_in_the_table() -> None:
    """A new instrument needs its line in `messages.TARGETS`, with each name under which it sends something."""
    folders = {path.parent.name for path in (ROOT / "instruments").glob("*/index.js")}
    assert set(messages.TARGETS) | messages.SILENT == folders
    names: set[str] = set()
    for folder in ("instruments", "ui", "pages"):
        for path in (ROOT / folder).rglob("*.py"):
            names |= set(re.findall(r"\bon_(\w+)_change=", path.read_text(encoding="utf-8")))
    assert {target.state for targets in messages.TARGETS.values() for target in targets} == names


@pytest.mark.parametrize(("name", "target"), TARGETS)
def test_a_page_goes_on_whatever_is_sent(name: str, target: Target) -> None:
    rng = random.Random(f"{name} {target.state}")
    client = Client(target.page, target.query)
    place = client.id_of(name, target.key)
    assert client.send(place, json.dumps({target.state: target.good})) == ""
    if target.key.endswith("_board"):  # the message is one that counts
        state = asdict(client.app.session_state[f"{target.key}_slot"].state)
        assert {part: list(state[part]) for part in target.good if isinstance(target.good[part], list)} == {
            part: value for part, value in target.good.items() if isinstance(value, list)
        }
    for _message in range(2):
        text = messages.spoilt(rng, target)
        with at_most(2, text[:1000]):
            assert client.send(place, text) == "", text[:1000]


@pytest.mark.parametrize("large", messages.LARGE, ids=lambda large: f"{len(large)} of {large[0]}")
def test_a_page_goes_on_whatever_megabytes_are_sent(large: object) -> None:
    client = Client("softmax")
    place = client.id_of("logit_board", "softmax_board")
    for part in ("names", "revision"):
        text = json.dumps({"state": messages.LOGITS | {part: large}})
        assert len(text) > 2_000_000
        with at_most(2, part):
            assert client.send(place, text) == ""


HALF_A_CHARACTER = messages.LOGITS | {"names": ["", "cat", "\ud800"]}
FOUND = [
    ("logit_board", Target("slips", "slips_board", HALF_A_CHARACTER), "slips_board_slot"),
    ("kept_text", Target("home", "home_list", "softmax|\ud800", "found"), None),
    ("training_stage", Target("training", "training_stage", {"number": 1, "point": True, "phase": "all"}, "story"), None),
    (
        "training_stage",
        Target("training", "training_stage", {"id": "1", "step": 10**9, "rows": [[0.5, -0.5, 0.0]] * 3}, "hand"), None,
    ),
    (  # a network takes no weights by hand
        "training_stage",
        Target("hidden_layer", "hidden_layer_stage", {"id": "1", "step": 3, "rows": [[0.5, -0.5]] * 3}, "hand", "hidden_layer_units=4"), None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "target", "slot"), FOUND, ids=range(len(FOUND)))
def test_what_was_found_changes_nothing(name: str, target: Target, slot: str | None) -> None:
    client = Client(target.page, target.query)
    assert client.send(client.id_of(name, target.key), json.dumps({target.state: target.good})) == ""
    if slot is not None:
        assert client.app.session_state[slot].state.names == ("", "", "")
    if target.page in ("training", "hidden_layer"):
        state = client.app.session_state[target.page]
        assert state.mounted.run.trajectory.steps == {"training": 300, "hidden_layer": 500}[target.page]
        assert len(state.plan.plan) == 1


@pytest.mark.parametrize(
    ("page", "query"), forged.PAGES[::2], ids=[f"{page} {query}" for page, query in forged.PAGES[::2]]
)
def test_a_page_goes_on_whatever_is_sent_in_the_place_of_a_control(page: str, query: str) -> None:
    rng, app, is_broken = random.Random(f"{page} {query} 2"), links.opened(page, query), False
    for _message in range(3):
        app = links.opened(page, query) if is_broken else app
        with at_most(2, page):
            told, fault, is_broken = forged.send(app, rng)
            assert fault == "", told


@pytest.mark.parametrize(
    ("page", "query", "key"),
    [("home", "", "present_1"), ("training", "training_data=own&training_panel=settings", "training_paste")],
)
def test_what_is_no_text_in_a_field_for_texts_is_no_text(page: str, query: str, key: str) -> None:
    app = links.opened(page, query)
    states = app._tree.get_widget_states()
    (field,) = [one for one in app.text_area if one.key == key]
    others = [one for one in states.widgets if one.id != field.id]
    app._run(forged.WidgetStates(widgets=[*others, forged.WidgetState(id=field.id, json_value="[]")]))
    assert not app.exception


@pytest.mark.parametrize(
    ("page", "query", "key"),
    [
        ("training", "training_panel=takeaway&training_form=run", "training_saved"),
        ("training", "training_data=own&training_panel=settings", "training_file"),
        ("text", "text_corpus=own", "text_file"),
        ("images", "images_data=own", "images_files"),
    ],
)
def test_a_file_that_the_server_no_longer_has_is_no_file(page: str, query: str, key: str) -> None:
    """As from a forger; and from a browser that chose another file before the answer about this one came."""
    app = links.opened(page, query)
    (chooser,) = [one for one in app.get("file_uploader") if one.key == key]
    others = [one for one in app._tree.get_widget_states().widgets if one.id != chooser.proto.id]
    state = forged.WidgetState(id=chooser.proto.id)
    state.file_uploader_state_value.uploaded_file_info.add(file_id="x", name="x.csv", size=1)
    app._run(forged.WidgetStates(widgets=[*others, state]))
    assert not app.exception
    assert not app.error
