"""Links that were shared: what they opened they open for good. CONTRIBUTING says how this list grows."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.training.waiting import settled
from ui.frame import frame, sharing
from ui.training.settings import settings_table

FILES = sorted(Path(__file__).parent.glob("links_v*.json"))
LINKS = [
    pytest.param(entry, id=f"{file.stem} {urlsplit(entry['link']).path}")
    for file in FILES
    for entry in json.loads(file.read_text(encoding="utf-8"))
]


def _opened(link: str) -> AppTest:
    parts = urlsplit(link)
    app = AppTest.from_file(str(frame.path_of(parts.path.strip("/"))), default_timeout=120)
    for key, value in parse_qsl(parts.query):
        app.query_params[key] = value
    stem = parts.path.strip("/")
    return settled(app, stem) if stem in ("training", "hidden_layer") else app.run()


def _shown(app: AppTest) -> dict[str, Any]:
    """What the instruments of the page are told to show, by their folders."""
    shown = {}
    for element in app.get("bidi_component"):
        data = json.loads(element.proto.bytes)
        name = element.proto.component_name.removeprefix("softmax_lab_")
        parts = (data[part] for part in ("state", "view", "value") if not isinstance(data.get(part, ""), str))
        shown.setdefault(name, next(parts, {}))
    return shown


@pytest.mark.parametrize("entry", LINKS)
def test_a_shared_link_opens_what_it_was_shared_for(entry):
    app = _opened(entry["link"])
    assert not app.exception, app.exception
    link = app.session_state["_link"]
    assert link.notes == []
    assert {key: text for key, text in link.published.items() if text is not None} == entry["address"]
    shown = _shown(app)
    for name, state in entry["instruments"].items():
        now = shown[name]
        assert (now if not isinstance(state, dict) else {part: now[part] for part in state}) == state, name
    if "points" in entry:
        data = app.session_state["training"].source.data
        assert [data.y.size, *data.feature_names, *data.class_names] == entry["points"]


def test_every_version_has_its_links_and_each_page_is_among_them():
    assert [file.stem for file in FILES] == [f"links_v{n}" for n in range(1, sharing.VERSION + 1)]
    for file in FILES:
        links = [urlsplit(entry["link"]) for entry in json.loads(file.read_text(encoding="utf-8"))]
        assert {link.path.strip("/") for link in links} == {lesson.stem for lesson in frame.lessons()}
        version = file.stem.removeprefix("links_v")
        assert {dict(parse_qsl(link.query))["v"] for link in links} == {version}


ROOT = Path(__file__).parents[2]
CONTROLS = re.compile(r'controls\.\w+\(\s*"([a-z_0-9]+)"')
PANELS = {"images", "information", "linear_layer", "loss", "slips", "softmax", "training"}


@pytest.mark.parametrize("page", sorted(PANELS))
def test_no_setting_of_a_page_is_unknown_to_it_although_its_panel_is_not_open(page):
    """The address goes on naming it, so a reload must not drop it. The texts are bad, so that no panel opens."""
    texts = [
        file.read_text(encoding="utf-8") for file in (*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py"))
    ]
    names = {name for text in texts for name in CONTROLS.findall(text) if name.startswith(f"{page}_")}
    assert names
    if page == "training":
        names |= {
            f"training_{before}{name}" for name in settings_table() for before in ("", "lane2_", "lane4_")
        }
    link = _opened(f"/{page}?" + "&".join(f"{name}=~" for name in names)).session_state["_link"]
    assert names <= link.consulted.keys()
    assert not any("settings that this page does not have" in note for note in link.notes)
