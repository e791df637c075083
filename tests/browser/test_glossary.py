"""The glossary in a browser: a search as one types, in both languages, and a link that leads to its entry."""

import re

from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query

from ui.glossary.pictures import PICTURES
from ui.glossary.terms import topics

COUNT = sum(len(terms) for _title, terms in topics())


def opened(page: Page, server: Server, tail: str = "") -> Locator:
    page.goto(f"{server.url}/glossary{tail}")
    glossary = page.locator("[data-instrument=glossary]")
    expect(glossary).to_have_attribute("data-shown", str(COUNT))
    expect(glossary.locator("input[type=search]")).to_be_visible()  # keys go nowhere while the page is hidden
    return glossary


def test_a_search_filters_as_one_types_by_names_symbols_and_codes(page: Page, server: Server) -> None:
    glossary = opened(page, server)
    reruns = page.evaluate("() => { window.requests = 0; new PerformanceObserver(l => { window.requests += l.getEntries().length; }).observe({ type: 'resource' }); return 0; }")  # fmt: skip
    assert reruns == 0
    field = page.get_by_label("Search")
    for text, code in (
        ("Cross-ENTROPY", "cross_entropy"),
        ("交叉熵", "cross_entropy"),
        ("⊗", "kronecker"),
        ("one hot", "one_hot"),
        ("ＮａＮ", "nan"),
        ("log_sum_exp", "log_sum_exp"),
    ):
        field.press_sequentially(text)
        expect(glossary).to_have_attribute("data-shown", re.compile("^[1-5]$"))
        expect(glossary.locator(f"#term-{code}")).to_be_visible()
        field.fill("")
        expect(glossary).to_have_attribute("data-shown", str(COUNT))
    assert page.evaluate("window.requests") == 0
    assert query(page) == {}


def test_what_is_searched_for_is_data(page: Page, server: Server) -> None:
    glossary = opened(page, server, "?lang=zh")
    page.get_by_label("搜索").fill("<img src=x onerror=alert(1)>")
    expect(page.get_by_text("没有哪个术语")).to_be_visible()
    expect(glossary.locator("img")).to_have_count(0)
    page.get_by_label("搜索").fill("(.*")
    expect(glossary).to_have_attribute("data-shown", "0")


def test_pictures_follow_the_theme_and_a_link_shows_what_the_search_hides(page: Page, server: Server) -> None:
    glossary = opened(page, server)
    expect(glossary.locator("svg")).to_have_count(len(PICTURES))  # the core terms have pictures
    entry = glossary.locator("#term-softmax")
    color = "node => [getComputedStyle(node.querySelector('.thin')).stroke, getComputedStyle(node).color]"
    stroke, text = entry.evaluate(color)
    assert stroke == text
    page.get_by_label("Search").fill("cross")
    expect(glossary.locator("#term-nan")).to_be_hidden()
    page.evaluate("location.hash = 'term-nan'")
    expect(glossary.locator("#term-nan")).to_be_in_viewport()
    expect(page.get_by_label("Search")).to_have_value("")
