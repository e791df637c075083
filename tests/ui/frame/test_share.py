"""What Share answers: links, what they leave out and hold, how they are packed, and QR codes."""

import html
import random
import re
import zlib
from base64 import urlsafe_b64encode
from types import SimpleNamespace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import numpy as np
import pytest
import zxingcpp
from starlette.requests import Request
from starlette.responses import Response

from ui.frame import network, packing, share, sharing
from ui.frame.network import Host, for_others
from ui.frame.share import Ask, answered, shared_link

PAGE = "http://lab.test/training"
LONG = {f"training_{i}": "".join(random.Random(i).choices("0123456789._", k=150)) for i in range(20)}


def _query(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))


def _all(link: str) -> dict[str, list[str]]:
    query = parse_qs(urlsplit(link).query, keep_blank_values=True)
    return query | (packing.unpack(query.pop("q")[0]) if "q" in query else {})


@pytest.mark.parametrize(
    ("address", "choice", "expected"),
    [
        ("?training_rate=20", {}, {"v": "1", "training_rate": "20"}),
        ("?lang=zh&training_rate=20", {}, {"v": "1", "training_rate": "20"}),
        ("?lang=zh", {"lang": "en"}, {"v": "1", "lang": "en"}),
        ("", {"theme": "light"}, {"v": "1", "embed_options": "light_theme"}),
        ("?embed=true&embed_options=dark_theme&v=1", {}, {"v": "1"}),
        ("?view=present&present=softmax%7Closs&training_rate=2", {}, {"v": "1", "training_rate": "2"}),
        ("?present=softmax%7Closs", {}, {"v": "1", "present": "softmax|loss"}),  # a list that is being edited
        ("?training_stage_step=9", {}, {"v": "1", "training_stage_step": "9"}),
        (
            "?training_stage_step=9&training_stage_speed=slow",
            {"at_step": False},
            {"v": "1", "training_stage_speed": "slow"},
        ),
        ("?training_race_step=9", {"at_step": False}, {"v": "1"}),
        ("?softmax_board_names=a%26b~%E7%8C%AB", {}, {"v": "1", "softmax_board_names": "a&b~猫"}),
        ("#place", {}, {"v": "1"}),
    ],
)
def test_a_link_holds_the_state_and_what_was_chosen(address, choice, expected):
    assert _query(shared_link(Ask(1, PAGE + address, **choice), {})) == expected


def test_a_long_state_is_packed_under_2000_characters_and_says_the_same():
    state = {"training_stage_plan": "7.rate_0.5*" * 250, "training_rate": "20", "training_note": "é & 猫"}
    link = shared_link(Ask(1, f"{PAGE}?{packing.as_query(state)}", lang="zh", theme="dark"), {})
    assert len(link) < 2000
    # Language and theme stay outside: they are read before anything is unpacked.
    assert set(_query(link)) == {"v", "q", "lang", "embed_options"}
    assert _all(link) == {name: [text] for name, text in state.items()} | {
        "v": ["1"], "lang": ["zh"], "embed_options": ["dark_theme"],
    }  # fmt: skip


def test_what_is_offered_goes_with_the_link_and_private_points_only_if_they_are_asked_for():
    offers = {
        "training_edits": sharing.Offer(lambda: "a1_0.5_1", "", "too many edits"),
        "training_own": sharing.Offer(lambda: "a,b,c\n1,2,x\n", "With my 1 points", "too many points"),
    }
    first = answered(Ask(1, PAGE), offers, Host())
    assert first["own"] == "With my 1 points"
    assert _query(first["link"]) == {"v": "1", "training_edits": "a1_0.5_1"}
    second = answered(Ask(1, PAGE, own=True), offers, Host())
    assert _query(second["link"])["training_own"] == "a,b,c\n1,2,x\n"
    assert not first["notes"]
    assert not second["notes"]


def _in_file(file: str) -> str:
    (link,) = re.findall('<a href="([^"]*)">', file)
    return html.unescape(link)


def test_above_the_limit_the_link_goes_without_and_a_file_holds_all():
    drawn = "".join(random.Random(0).choices("0123456789", k=9000))
    offers = {"training_edits": sharing.Offer(lambda: drawn, "", "too many edits")}
    answer = answered(Ask(1, f"{PAGE}?training_rate=20", lang="zh", theme="dark"), offers, Host())
    assert ["The file holds it all" in note for note in answer["notes"]] == [True]
    assert _all(answer["link"]).keys() == {"v", "lang", "training_rate", "embed_options"}
    whole = _in_file(answer["file"])
    assert _all(whole) == _all(answer["link"]) | {"training_edits": [drawn]}
    assert whole.startswith(PAGE)


@pytest.mark.parametrize("text", ["", "é" * 20_000])
def test_what_is_too_much_for_a_file_says_what_to_do_and_the_link_goes_without(text):
    offers = {
        "training_own": sharing.Offer(lambda: text, "", "send the table"),
        "training_other": sharing.Offer(lambda: None, "", "never said"),
    }
    answer = answered(Ask(1, f"{PAGE}?training_rate=20"), offers, Host())
    assert answer["notes"] == ["send the table"]
    assert answer["file"] is None
    assert _query(answer["link"]) == {"v": "1", "training_rate": "20"}


def test_an_address_that_cannot_be_packed_short_enough_is_shared_with_a_warning_and_as_a_file():
    answer = answered(Ask(1, f"{PAGE}?{packing.as_query(LONG)}"), {}, Host())
    assert len(answer["link"]) > 2000
    assert f"{len(answer['link'])}" in answer["notes"][0]
    assert answer["size"] == 0  # a code of so many modules is not read from a screen
    assert _all(answer["link"]) == {name: [text] for name, text in LONG.items()} | {"v": ["1"]}
    assert _in_file(answer["file"]) == answer["link"]


def test_a_link_that_is_short_enough_needs_no_file():
    assert answered(Ask(1, PAGE), {}, Host())["file"] is None


def test_the_code_for_another_page_frames_the_same_state():
    answer = answered(Ask(1, f"{PAGE}?training_note=%22%3E&training_rate=20"), {}, Host())
    (source,) = re.findall(r'src="([^"]*)"', answer["code"])
    assert _query(source.replace("&amp;", "&")) == _query(answer["link"]) | {"embed": "true"}
    assert answer["code"].count("<") == 2


def _matrix(path: str, size: int) -> list[list[int]]:
    grid = [[0] * size for _ in range(size)]
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
        assert width == back
        for column in range(int(x), int(x) + int(width)):
            grid[int(y)][column] = 1
    return grid


@pytest.mark.parametrize("length", [0, 120, 1900])
@pytest.mark.parametrize("letters", ["0123456789", "é猫 &~"], ids=["digits", "escaped"])
def test_a_camera_reads_the_link_in_the_qr_code_with_its_white_rim(length, letters):
    text = "".join(random.Random(length).choices(letters, k=length))
    address = f"{PAGE}?{packing.as_query({'training_note': text})}"
    answer = answered(Ask(1, address), {}, Host())
    grid = np.array(_matrix(answer["path"], answer["size"]), dtype=np.uint8)
    assert not grid[[0, 1, 2, 3, -4, -3, -2, -1]].any()
    assert not grid[:, [0, 1, 2, 3, -4, -3, -2, -1]].any()
    (code,) = zxingcpp.read_barcodes(np.kron(255 * (1 - grid), np.ones((3, 3), dtype=np.uint8)))
    assert code.text == answer["link"]
    assert len(answer["link"]) <= 2000


def test_the_step_is_offered_where_the_address_has_one():
    assert answered(Ask(1, f"{PAGE}?training_stage_step=57"), {}, Host())["step"] == "57"
    assert answered(Ask(1, PAGE), {}, Host())["step"] is None


# --- hosts


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_localhost_is_replaced_by_the_address_in_the_network(host, monkeypatch):
    monkeypatch.setattr(network, "network_address", lambda: "192.168.1.20")
    found = for_others(host, None, None)
    assert found.name == "192.168.1.20"
    assert "192.168.1.20" in found.why
    address = f"http://{'[::1]' if host == '::1' else host}:8501/loss"
    assert shared_link(Ask(1, address), {}, found.name) == "http://192.168.1.20:8501/loss?v=1"
    assert shared_link(Ask(1, address, network=False), {}, found.name) == f"{address}?v=1"
    assert answered(Ask(1, address), {}, found)["notes"] == [found.why]
    assert answered(Ask(1, address, network=False), {}, found)["notes"] == []


def test_a_server_that_listens_to_this_computer_only_says_so():
    found = for_others("localhost", "127.0.0.1", None)
    assert found.name == ""
    assert "--server.address=0.0.0.0" in found.why
    answer = answered(Ask(1, "http://localhost:8501/loss"), {}, found)
    assert answer["link"] == "http://localhost:8501/loss?v=1"
    assert answer["notes"] == [found.why]


def test_a_server_that_listens_at_one_address_is_reached_there_and_one_with_a_name_by_its_name():
    assert for_others("localhost", "10.0.0.7", None).name == "10.0.0.7"
    assert for_others("lab.test", None, None) == Host()
    assert shared_link(Ask(1, "http://localhost/loss"), {}, "2001:db8::7") == "http://[2001:db8::7]/loss?v=1"


# --- what is sent by others


GOOD = {
    "number": 1, "address": PAGE, "lang": "", "theme": "", "at_step": True, "own": False, "network": True,
}  # fmt: skip


@pytest.mark.parametrize(
    "part",
    [
        {"address": "javascript:alert(1)"},
        {"address": "http://lab.test/" + "a" * 20_000},
        {"lang": "<b>"},
        {"theme": "pink"},
        {"number": None},
    ],
)
def test_a_forged_question_is_refused(part):
    assert share.read(GOOD) == Ask(1, PAGE)
    with pytest.raises(ValueError):
        share.read(GOOD | part)


@pytest.mark.parametrize("name", GOOD)
def test_a_question_with_a_part_missing_is_refused(name):
    with pytest.raises(ValueError):
        share.read({key: value for key, value in GOOD.items() if key != name})


def _packed(query: bytes) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return urlsafe_b64encode(deflate.compress(query) + deflate.flush()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "abc",
        _packed(b"a=1")[:-3],
        _packed(b"a=" + b"1" * 10_000_000),
        _packed(b"\xff=1"),
        _packed(b"no pair"),
    ],
)
def test_a_packed_part_that_is_damaged_or_too_large_is_refused(text):
    with pytest.raises(ValueError):
        packing.unpack(text)


def test_a_damaged_link_opens_with_a_sentence_and_the_rest_of_its_settings(lesson):
    code = "import streamlit as st\nst.text(sharing.read('softmax_z', float, 0.0, 'z'))"
    app = lesson(code, q="abc", softmax_z="3", v="1")
    assert app.text[0].value == "3.0"
    assert "damaged" in app.session_state["_link"].notes[0]


def test_a_packed_link_gives_its_settings_and_the_address_gets_them_once(lesson):
    code = "import streamlit as st\nst.text(sharing.read('softmax_z', float, 0.0, 'z'))\ncontrols.slider('softmax_k', 'K', 2, 10, 3, 1)"
    q = packing.pack({"softmax_z": "3", "softmax_k": "5", "softmax_no": "1"})
    app = lesson(code, q=q, v="1")
    assert app.text[0].value == "3.0"
    assert app.slider[0].value == 5
    assert ["softmax_no" in note for note in app.session_state["_link"].notes] == [True]
    script = [element.proto.body for element in app.get("html") if "replaceState" in element.proto.body][-1]
    assert '"unpacked": {"visit": 1, "values": {"softmax_z": "3", "softmax_k": "5"}}' in script
    assert '"v": null' in script
    assert '"q": null' in script


@pytest.mark.parametrize(
    ("version", "notes"), [("1", 0), ("2", 1), ("0", 1), ("<b>", 1), ("", 1), ("9" * 5000, 1)]
)
def test_a_link_of_another_version_says_so_and_never_breaks(lesson, version, notes):
    app = lesson("", v=version)
    assert len(app.session_state["_link"].notes) == notes
    assert ["newer version" in note for note in app.session_state["_link"].notes] == [version == "2"] * notes


def test_the_code_for_paper_is_an_svg_of_its_own_and_takes_no_long_text() -> None:
    def answered_to(text: str) -> Response:
        query = urlencode({"text": text}).encode()
        return share.code_for_paper(Request({"type": "http", "query_string": query}))

    answer = answered_to("http://lab.test/loss?x=<script>")
    assert answer.media_type == "image/svg+xml"
    picture = bytes(answer.body).decode()
    assert share.qr_path("http://lab.test/loss?x=<script>")[0] in picture
    assert "script" not in picture
    for text in ("", "x" * (share.LONGEST_LINK + 1), f"{PAGE}?{packing.as_query(LONG)}"):
        assert answered_to(text).status_code == 400
    # An address that is too long for a code is packed into it.
    state = {"training_stage_plan": "7.rate_0.5*" * 250}
    address = f"{PAGE}?{packing.as_query(state)}"
    assert share.qr_path(shared_link(Ask(1, address), {}))[0] in bytes(answered_to(address).body).decode()


def test_an_embedded_page_links_to_the_whole_and_has_no_dialog(monkeypatch):
    shown = []
    monkeypatch.setattr(share, "component", lambda name: lambda key, data: shown.append((key, data["whole"])))
    monkeypatch.setattr(share, "_button", lambda: shown.append("dialog"))
    for embedded, expected in ((True, [(f"{share.KEY}_whole", "Open the whole page")]), (False, ["dialog"])):
        monkeypatch.setattr(share.st, "context", SimpleNamespace(is_embedded=embedded))
        share.button()
        share.whole_page()
        assert shown == expected
        shown.clear()
