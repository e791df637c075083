"""Links that nobody of ours made: a share of what `python -m bench.hostile links` reads and opens."""

import json
import random
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import links

SEED = 11


@pytest.fixture(scope="module")
def table() -> list[links.Reading]:
    return links.table(whole=False)


def test_every_parameter_of_a_known_link_is_in_the_table(table: list[links.Reading]) -> None:
    names = {name for reading in table for name in reading.names}
    known = {
        name
        for entry in json.loads(links.KNOWN.read_text(encoding="utf-8"))
        for name, _text in parse_qsl(urlsplit(entry["link"]).query)
    }
    unread = {
        "v",
        "q",
        "lang",
        "softmax_dtype",
    }  # the last is read where its panel is not covered by a question
    assert known - names - unread == set()


@settings(max_examples=100)
@given(rng=st.randoms(use_true_random=False))
def test_whatever_a_link_says_is_read_as_a_legal_value(
    table: list[links.Reading], rng: random.Random
) -> None:
    page, query = links.make(rng, table)
    with links.address() as address:
        assert address.opened(page, query, table) == "", f"/{page}?{query[:2000]}"


def test_whatever_a_link_says_its_page_opens(table: list[links.Reading]) -> None:
    rng = random.Random(SEED)
    for _attempt in range(8):
        page, query = links.make(rng, table)
        app = links.opened(page, query)
        assert not app.exception, f"/{page}?{query[:2000]}"


@pytest.mark.parametrize("page", ["training", "linear_layer", "softmax", "loss", "images"])
def test_what_a_closed_panel_leaves_in_the_link_belongs_to_its_page(
    page: str, table: list[links.Reading]
) -> None:
    names = {
        name for reading in table if reading.page == page for name in reading.names if name.startswith(page)
    }
    assert names - set(links.opened(page, "").session_state["_link"].consulted) == set()


@pytest.mark.parametrize("at", ["10000000000", "99999999", "20001", "-1", "1_0", "٣", "1" * 5000])
def test_a_link_cannot_ask_for_a_run_of_any_length(at: str) -> None:
    app = links.opened("training", f"training_stage_plan=0~{at}!rate=0.5")
    assert not app.exception
    assert len(app.session_state["_link"].notes) == 1
    assert app.session_state["training"].mounted.run.trajectory.steps == 300
