"""The teacher's guide and the learner's path: every link opens a page that has all its parameters, in the state it names."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from ui.frame import frame

ROOT = Path(__file__).parents[2]
GUIDES = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("teaching", "learning", "teaching.zh", "learning.zh")}  # fmt: skip


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", text)


def without_language(address: str) -> str:
    return address.replace("lang=zh&", "").removesuffix("?lang=zh")


ADDRESSES = sorted({without_language(link) for text in GUIDES.values() for link in links(text) if link.startswith("/")})  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_link_of_the_guides_opens_what_it_names(address):
    stem, query = urlsplit(address).path[1:], dict(parse_qsl(urlsplit(address).query))
    app = AppTest.from_file(str(frame.path_of(stem)), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    link = app.session_state["_link"]
    assert not link.notes, "a challenge, a panel or a value that the page does not have"
    assert set(query) <= set(link.consulted), "a parameter that the page does not have"
    for key, value in query.items():
        if key in link.published:  # what an instrument holds is written by the instrument
            assert link.published[key] == value or link.published[key] is None


def test_both_languages_have_the_same_links_and_each_leads_to_its_own():
    for name in ("teaching", "learning"):
        english, chinese = links(GUIDES[name]), links(GUIDES[f"{name}.zh"])
        assert [link for link in english if link.startswith("/")] == [
            without_language(link) for link in chinese if link.startswith("/")
        ]
        assert all("lang=zh" in link for link in chinese if link.startswith("/"))
    for text in GUIDES.values():
        assert all(link.startswith("/") or (ROOT / "docs" / link).is_file() for link in links(text))


def test_three_plans_of_45_minutes_and_two_of_ten():
    for name in ("teaching", "teaching.zh"):
        plans = GUIDES[name].split("\n## ")[1:]
        minutes = [sum(int(m) for m in re.findall(r"^\| (\d+) \|", plan, re.MULTILINE)) for plan in plans]
        assert minutes == [45, 45, 45, 10, 10]
