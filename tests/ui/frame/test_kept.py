"""What the reader's browser keeps: named in the address, asked for before the page is shown, and believed only by its name."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from instruments.keeper import read_answer
from ui.frame import kept, run_cache, share

ROW = """
import streamlit as st
from ui.frame import kept
def row(text):
    return tuple(float(part) for part in text.split(","))
value = sharing.read("softmax_z", row, (1.0, 2.0), "logits", longest=20)
st.text(repr(value))
text = ",".join(str(x) for x in st.session_state.get("z", value))
sharing.publish("softmax_z", kept.in_address("softmax_z", text, 20))
"""
LONG = ",".join("0.123456" for _ in range(100))


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A session without a page."""
    state: dict[str, Any] = {}
    streamlit = SimpleNamespace(session_state=state, container=lambda **_options: nullcontext())
    for module in (kept, run_cache):
        monkeypatch.setattr(module, "st", streamlit)
    return state


def test_a_name_is_told_from_a_text() -> None:
    assert kept.is_name(kept.name_of(LONG))
    assert kept.name_of("\ud800") != kept.name_of("\ud801")  # a browser can send half a character
    for text in ("", "kept.", "kept.0", f"{kept.name_of('a')}0", "kept.0123456789ABCDEF01234567", LONG):
        assert not kept.is_name(text)


def test_a_page_waits_for_what_its_address_names(lesson: Any) -> None:
    name = kept.name_of(LONG)
    app = lesson(ROW, softmax_z=name)
    assert not app.text
    assert app.session_state["_kept"].asked == {"softmax_z": name}
    app.session_state["_kept"].found["softmax_z", name] = LONG
    app.session_state["_kept"].asked.clear()
    app.run()
    assert app.text[-1].value.count("0.123456") == 100
    assert app.session_state["_kept"].things == {"softmax_z": (name, LONG)}
    assert not app.session_state["_kept"].found  # read once


def test_a_short_text_stands_in_the_address_and_nothing_is_asked_or_kept(lesson: Any) -> None:
    app = lesson(ROW, softmax_z="3,4")
    assert app.text[-1].value == "(3.0, 4.0)"
    assert app.session_state["_link"].published["softmax_z"] == "3.0,4.0"
    assert not app.session_state["_kept"].things
    # A text that has grown is named, one that is short again is not kept any more.
    app.session_state["z"] = (0.123456,) * 100
    app.run()
    assert kept.is_name(app.session_state["_link"].published["softmax_z"])
    app.session_state["z"] = (1.0,)
    app.run()
    assert app.session_state["_link"].published["softmax_z"] == "1.0"
    assert not app.session_state["_kept"].things


def test_what_this_browser_does_not_have_is_said(lesson: Any) -> None:
    app = lesson(ROW, softmax_z=kept.name_of(LONG))
    app.session_state["_kept"].asked.clear()
    app.run()
    assert app.text[-1].value == "(1.0, 2.0)"
    assert "The link only names logits" in app.session_state["_link"].notes[0]


@pytest.mark.usefixtures("memory")
def test_an_answer_is_the_text_of_its_name_or_nothing() -> None:
    name = kept.name_of(LONG)
    for given in (
        {},
        {"z": (name, "1,2")},
        {"z": (kept.name_of("1,2"), "1,2")},
        {"other": (name, LONG)},
        {"z": (name, "")},
    ):
        kept.begin({"z": name, "plain": "5"})
        assert kept.waits()
        kept._take(given)
        assert not kept.waits()
        assert kept.text_of("z", name) is None
    kept.begin({"z": name})
    kept._take({"z": (name, LONG)})
    assert kept.text_of("z", name) == LONG
    assert kept.text_of("z", "5") == "5"
    assert kept.text_of("z", name) is None  # given away


def test_the_newest_is_asked_for_once_and_nobody_waits_for_it(memory: dict[str, Any]) -> None:
    assert kept.newest("z") is None
    assert not kept.waits()
    kept._take({"z": (kept.name_of(LONG), LONG)})
    assert kept.newest("z") == LONG
    assert not memory["_kept"].asked


def test_a_text_is_not_sent_again_once_the_browser_has_it(
    memory: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted: list[dict[str, Any]] = []
    monkeypatch.setattr(kept, "keeper", lambda **options: mounted.append(options))
    kept.mount("page")
    assert not mounted  # whoever keeps nothing has no such element
    name = kept.keep("z", LONG)
    kept.mount("page")
    assert mounted[-1]["keep"] == {"z": (name, LONG)}
    mounted[-1]["taken"]({"forged", name})
    kept.mount("page")
    assert mounted[-1]["keep"] == {"z": (name, None)}
    assert memory["_kept"].taken == {name}


def test_what_is_not_answered_is_asked_again(monkeypatch: pytest.MonkeyPatch, memory: dict[str, Any]) -> None:
    """An answer can be lost with the run that it came to."""
    mounted: list[dict[str, Any]] = []
    monkeypatch.setattr(kept, "keeper", lambda **options: mounted.append(options))
    assert kept.newest("z") is None
    for _ in range(2):
        kept.mount("page")
    first, second = mounted
    assert first["ask"] == second["ask"] == {"z": ""}
    assert first["number"] == second["number"]
    assert first["turn"] != second["turn"]
    first["found"]({"z": (kept.name_of(LONG), LONG)})
    kept.keep("z", LONG)
    for _ in range(2):
        kept.mount("page")
    assert mounted[-1]["turn"] == mounted[-2]["turn"] == second["turn"]  # nothing is asked any more
    assert not memory["_kept"].asked


@pytest.mark.usefixtures("memory")
def test_too_long_a_text_is_not_kept() -> None:
    assert kept.keep("z", "x" * (kept.LONGEST + 1)) is None
    assert kept.keep("z", "x" * kept.LONGEST) is not None
    texts = {f"{k}": f"{k}" * kept.LONGEST for k in range(3)}  # together more than a browser keeps
    names = {key: kept.name_of(text) for key, text in texts.items()}
    kept.begin(names)
    kept._take({key: (names[key], text) for key, text in texts.items()})
    assert kept.text_of("1", names["1"]) == texts["1"]
    assert kept.text_of("2", names["2"]) is None
    name = kept.name_of(long := "x" * (kept.LONGEST + 1))
    kept.begin({"z": name})
    kept._take({"z": (name, long)})
    assert kept.text_of("z", name) is None


@pytest.mark.parametrize(
    "forged",
    [None, 7, [], {}, {"number": "n"}, {"number": "n", "found": 5}, {"number": "n", "found": {"z": "x"}}, {"number": "n", "found": {"z": ["a", "b", "c"]}}, {"number": "m", "found": {}}],
)  # fmt: skip
def test_a_forged_answer_is_none(forged: Any) -> None:
    assert read_answer(forged, "n") is None
    assert read_answer({"number": "n", "found": {"z": ["a", "b"]}}, "n") == {"z": ("a", "b")}


def test_a_shared_link_holds_no_names() -> None:
    ask = share.Ask(1, f"http://lab.test/training?training_edits={kept.name_of(LONG)}&training_rate=20")
    assert share.shared_link(ask, {}) == "http://lab.test/training?v=1&training_rate=20"


def test_a_promise_stands_beside_what_is_said_where_nothing_is_kept(lesson: Any) -> None:
    app = lesson("from ui.frame import kept\nkept.promise('It is kept.', before='Two.', after='Share.')")
    assert app.caption[0].value == (
        f'Two. <span class="lab-keeps">It is kept.</span><span class="lab-keeps-not">{kept.nothing()}</span> Share.'
    )
    assert app.caption[0].allow_html


def test_no_blank_stands_between_the_sentences_of_a_chinese_promise(lesson: Any) -> None:
    app = lesson(
        "from ui.frame import kept\nkept.promise('保留。', before='两列。', after='分享。')", lang="zh"
    )
    assert app.caption[0].value.startswith('两列。<span class="lab-keeps">保留。</span><span')
    assert app.caption[0].value.endswith("</span>分享。")
