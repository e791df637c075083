"""The glossary in a browser: a search as one types, by names of both languages, and a link that leads to its entry."""

import re

from playwright.sync_api import Page, expect
from server import Server
from waits import query

from ui.glossary.pictures import PICTURES
from ui.glossary.terms import topics

COUNT = sum(len(terms) for _title, terms in topics())


def test_a_search_filters_as_one_types_and_a_link_shows_what_it_hides(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/glossary")
    glossary = page.locator("[data-instrument=glossary]")
    expect(glossary).to_have_attribute("data-shown", str(COUNT))
    expect(glossary.locator("svg")).to_have_count(len(PICTURES))  # the core terms have pictures
    field = page.get_by_label("Search")
    expect(field).to_be_visible()  # keys go nowhere while the page is hidden
    page.evaluate("() => { window.requests = 0; new PerformanceObserver(l => { window.requests += l.getEntries().length; }).observe({ type: 'resource' }); }")  # fmt: skip
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
    # What is searched for is data.
    for text in ("<img src=x onerror=alert(1)>", "(.*"):
        field.fill(text)
        expect(glossary).to_have_attribute("data-shown", "0")
        expect(glossary.locator("img")).to_have_count(0)
    field.fill("cross")
    expect(glossary.locator("#term-nan")).to_be_hidden()
    page.evaluate("location.hash = 'term-nan'")
    expect(glossary.locator("#term-nan")).to_be_in_viewport()
    expect(field).to_have_value("")
