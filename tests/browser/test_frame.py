"""The frame in a real browser: cold links, the menu, languages, and state in the address bar."""

import re
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect
from server import Server
from traffic import Traffic
from waits import query, query_has, query_is, quiet

from ui.frame import frame

SAMPLE = "tests/browser/sample/app.py"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("sample") / "log.txt", SAMPLE)
    yield server.url
    server.stop()
    assert not server.complaints()


def _values(page: Page, *expected: str) -> None:
    expect(page.get_by_text(re.compile("^VALUES"))).to_have_text(" ".join(["VALUES", *expected]))


def test_a_cold_link_shows_the_page_in_the_browser_s_language_and_moves_little(fresh_server, new_page):
    server = fresh_server()  # nobody has visited it, and the browser has none of its files
    page = new_page(locale="zh-CN")
    traffic = Traffic(page)
    encodings = {}
    page.on(
        "response",
        lambda answer: encodings.update({urlsplit(answer.url).path: answer.headers.get("content-encoding")}),
    )
    page.goto(
        f"{server.url}/training?training_stage_step=9"
    )  # with a place in the link it does not play on arrival
    expect(page.get_by_role("heading", level=1)).to_have_text("训练")
    expect(page.get_by_role("link", name="首页")).to_be_visible()
    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()
    expect(page.get_by_test_id("stSkipToContent")).to_have_text("跳到正文")  # Streamlit knows English alone
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("[data-instrument=training-stage]")).to_have_attribute("data-step", "9")
    quiet(page)
    assert query(page) == {"training_stage_step": "9"}, "the language is not written into the link"
    assert "/training/_stcore/health" not in encodings  # the page knows its server, nobody waits for a search
    assert 0.5e6 < traffic.bytes <= 2.9e6
    scripts = {
        re.sub(r".*/js/(\w+)\..*", r"\1", path): encoding
        for path, encoding in encodings.items()
        if "/js/" in path
    }
    assert scripts["index"] == scripts["protobuf"] == scripts["BidiComponent"] == "gzip"


def test_a_page_runs_as_a_server_of_its_own(fresh_server, page):
    server = fresh_server("pages/softmax.py")
    page.goto(f"{server.url}/?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("Softmax")
    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()


def _switch_shows(page: Page, name: str) -> None:
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    # One is chosen in every group: of the languages only this one.
    expect(page.get_by_role("radio", checked=True)).to_have_count(page.get_by_role("radiogroup").count())


def test_the_menu_leads_to_a_lesson_in_the_language_chosen(server, page):
    page.goto(server.url)
    links = page.get_by_test_id("stTopNavLink")
    expect(links).to_have_count(len(frame.lessons()))
    _switch_shows(page, "English")
    page.get_by_role("radio", name="简体中文").click()
    expect(page.get_by_role("link", name="首页")).to_be_visible()
    query_has(page, {"lang": "zh"})
    heading = page.get_by_role("heading", level=1)
    for stem, title in (("loss", "损失"), ("glossary", "术语表")):
        page.locator(f"[data-testid=stTopNavLink][href$='/{stem}']").click()
        expect(heading).to_have_text(title)
        quiet(page, 200)
        _switch_shows(page, "简体中文")
        assert urlsplit(page.url).path == f"/{stem}"
        query_has(page, {"lang": "zh"})


def test_values_and_language_survive_another_page_each_other_and_a_reload(sample, page):
    # Nobody has visited the sample's server; a chat has appended something to the link.
    appended = "from=singlemessage&isappinstalled=0&fbclid=x&utm_source=chat"
    page.goto(f"{sample}/training?lang=zh&training_classes=7&training_noise=0.2&{appended}")
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    expect(page.locator(".lab-notes")).to_have_count(0)
    page.get_by_role("link", name="Softmax").click()
    _values(page, "softmax", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    query_is(page, {"lang": "zh"})
    page.go_back()
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    page.go_forward()
    _values(page, "softmax", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    page.get_by_role("link", name="训练").click()
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    state = {"training_classes": "7", "training_noise": "0.2"}
    query_is(page, state | {"lang": "zh"})
    # Half of the controls stand in a fragment.
    entries = page.evaluate("history.length")
    page.get_by_text("Hard").click()
    page.get_by_role("radio", name="训练").click()
    page.get_by_role("slider", name="Classes").press("ArrowLeft")
    state |= {"training_classes": "6", "training_hard": "true", "training_data": "second"}
    query_is(page, state | {"lang": "zh"})
    assert page.evaluate("history.length") == entries, "changing a value is no step for the Back button"
    page.get_by_role("radio", name="English").click()
    query_is(page, state | {"lang": "en"})
    expect(page.get_by_role("heading", level=1)).to_have_text("Training")
    _values(page, "training", "6", "0.2", "second", "second", "300", "0.1", "True", "(1.0, 2.0)")
    page.reload()
    _values(page, "training", "6", "0.2", "second", "second", "300", "0.1", "True", "(1.0, 2.0)")
    page.get_by_role("radio", name="Home").click()
    del state["training_data"]
    query_is(page, state | {"lang": "en"})


HOSTILE = "<script>alert(1)</script>"
MARKUP = "$\\href{javascript:alert(1)}{x}$ **b** <img src=x onerror=alert(1)> www.example.com :red[x]"


def test_a_hostile_link_gives_the_defaults_and_a_note(sample, page):
    parameters = {
        "training_rate": HOSTILE, "training_data": HOSTILE, HOSTILE: HOSTILE, "lang": HOSTILE,
        "training_row": MARKUP, MARKUP: "1",
        "training_noise": "nan", "training_samples": "inf", "training_hard": "", "training_way": "",
        "training_classes": "9" * 10_000, "x" * 5000: "y" * 5000,
    }  # fmt: skip
    page.goto(f"{sample}/training?{urlencode(parameters)}")
    _values(page, "training", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    notes = page.locator(".lab-notes")
    expect(notes).to_be_visible()
    assert notes.locator("li *").count() == 0, "the link's text must stay text"
    assert len(notes.inner_text()) < 200 + 200 * notes.locator("li").count()
    query_is(page, {})
    page.get_by_role("button", name="Dismiss").click()
    expect(notes).to_have_count(0)


# In one moment: perhaps a panel of the page, then a link, and another panel of the page that is being left.
IMPATIENT = """([page, before]) => {
  const panels = [...document.querySelectorAll("[class*=_panel] [role=radio][aria-checked=false]")];
  const link = [...document.querySelectorAll("a[href]")].find((a) => a.pathname.endsWith(page));
  if (before) panels[0].click();
  setTimeout(() => link.click(), 50);
  setTimeout(() => panels[1].click(), 100);
}"""


def test_a_link_leads_to_its_page_whatever_is_pressed_before_and_after_it(
    page: Page, fresh_server: Callable[..., Server]
) -> None:
    """On a server that is late Streamlit alone shows the page that was left again, or takes everything off the page."""
    server = fresh_server(module="bench.support.late")
    page.goto(f"{server.url}/softmax")
    for stem, title, instrument, before in (
        ("/loss", "Loss", "loss-curve", True),
        ("/information", "Information", "distribution-board", False),
    ):
        # Quiet is a page, too, that has not begun to arrive.
        expect(page.locator("[class*=_panel] [role=radio]").nth(1)).to_be_visible()
        quiet(page)
        page.evaluate(IMPATIENT, [stem, before])
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        expect(page.locator(f"[data-instrument={instrument}]").first).to_be_visible()
        quiet(page)
        expect(page).to_have_url(re.compile(f"{server.url}{stem}"))
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def test_another_page_begins_at_its_top_although_the_one_before_was_not_taken_off(
    page: Page, server: Server
) -> None:
    """In two of six visits Streamlit put the new page in the place of the old one, as far down as that had been scrolled."""
    page.goto(f"{server.url}/glossary")
    quiet(page)
    place = page.evaluate("""() => {
      const main = document.querySelector(".stMain");
      main.scrollTo({ top: 300, behavior: "instant" });
      const before = main.scrollTop;
      history.pushState(history.state, "", "training");
      document.body.append(document.createElement("i")); // as any part of the new page
      return new Promise((done) => requestAnimationFrame(() => done([before, main.scrollTop])));
    }""")
    assert place == [300, 0]
