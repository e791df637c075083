"""The playlist of a presentation: what it takes from a teacher's text, and the address that holds it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from ui.frame import present

TEXT = """
http://localhost:8501/softmax?softmax_panel=triangle&view=present&lang=zh
  loss?loss_step=8
https://lab.example.org/app/training/?training_rate=20

http://localhost:8501/
"""
LINKS = ["softmax?softmax_panel=triangle&lang=zh", "loss?loss_step=8", "training?training_rate=20", "home"]


def test_links_are_read_line_by_line_without_the_name_of_the_machine() -> None:
    assert present.playlist(TEXT) == (LINKS, [])


@pytest.mark.parametrize(
    "line",
    [
        "javascript:alert(1)",
        "https://example.org/elsewhere",
        "http://[broken",
        "../etc/passwd",
        "word",
    ],
)
def test_what_is_no_link_of_the_app_is_refused_and_the_rest_kept(line: str) -> None:
    assert present.playlist(f"softmax\n{line}\nloss") == (["softmax", "loss"], [line])


def test_the_address_holds_the_whole_list() -> None:
    query = parse_qs(urlsplit(present.address(LINKS)).query)
    assert query["view"] == ["present"]
    assert present.from_address(query["present"][0]).splitlines() == LINKS


@pytest.mark.parametrize("text", ["", "nowhere", "softmax|nowhere", "|||"])
def test_a_damaged_list_in_an_address_is_no_list(text: str) -> None:
    with pytest.raises(ValueError):
        present.from_address(text)
