"""The frame in a real browser: cold links, the menu, languages, and state in the address bar."""

import re
from urllib.parse import urlencode, urlsplit

import pytest
from lesson import fits_the_screen
from playwright.sync_api import Page, expect
from traffic import Traffic
from waits import query, query_has, query_is, quiet

from ui.frame import frame

SAMPLE = "tests/browser/sample/app.py"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    from server import Server

    server = Server(tmp_path_factory.mktemp("sample") / "log.txt", SAMPLE)
    yield server.url
    server.stop()
    assert not server.complaints()


def _values(page: Page, *expected: str) -> None:
    expect(page.get_by_text(re.compile("^VALUES"))).to_have_text(" ".join(["VALUES", *expected]))


def test_a_cold_deep_link_keeps_the_values_it_brings(sample, page):
    # The first test here that asks for the sample: nobody has visited its server.
    page.goto(f"{sample}/training?training_classes=5&training_data=second")
    _values(page, "training", "5", "0.5", "second", "second", "300", "0.1", "False", "(1.0, 2.0)")
    expect(page.get_by_role("link", name="Softmax")).to_be_visible()
    query_is(page, {"training_classes": "5", "training_data": "second"})


def test_a_cold_deep_link_shows_frame_page_and_query(fresh_server, page):
    server = fresh_server()
    asked = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).path))
    for stem in ("training", "softmax"):  # the server's first visitor, and one that is new to a warm server
        page.goto(f"{server.url}/{stem}?lang=zh")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("link", name="首页")).to_be_visible()
        expect(page.get_by_role("radio", name="简体中文")).to_be_checked()
        expect(page.get_by_test_id("stSkipToContent")).to_have_text(
            "跳到正文"
        )  # Streamlit knows English alone
        assert urlsplit(page.url).path.strip("/") == stem
        query_has(page, {"lang": "zh"})
        # Training plays on arrival and writes its step; without settings it begins with borders that have to turn.
        assert set(query(page)) <= {"lang", "training_stage_step", "training_start", "training_start_seed"}
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        assert f"/{stem}/_stcore/health" not in asked  # the page knows its server, nobody waits for a search


def test_a_page_runs_as_a_server_of_its_own(fresh_server, page):
    server = fresh_server("pages/softmax.py")
    page.goto(f"{server.url}/?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("Softmax")
    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()


def test_a_first_visit_to_training_moves_little(fresh_server, page):
    server = fresh_server()  # the browser has none of its files
    traffic = Traffic(page)
    encodings = {}
    page.on(
        "response",
        lambda answer: encodings.update({urlsplit(answer.url).path: answer.headers.get("content-encoding")}),
    )
    page.goto(f"{server.url}/training")
    expect(page.locator("[data-instrument=training-stage]")).to_be_visible()
    quiet(page)
    assert 0.5e6 < traffic.bytes <= 2.9e6
    scripts = {
        re.sub(r".*/js/(\w+)\..*", r"\1", path): encoding
        for path, encoding in encodings.items()
        if "/js/" in path
    }
    assert scripts["index"] == scripts["protobuf"] == scripts["BidiComponent"] == "gzip"


def _switch_shows(page: Page, name: str) -> None:
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    # One is chosen in every group: of the languages only this one.
    expect(page.get_by_role("radio", checked=True)).to_have_count(page.get_by_role("radiogroup").count())


def test_the_menu_leads_to_every_lesson_below_110_pixels_of_title_and_language(server, page):
    page.goto(f"{server.url}/?lang=zh")
    links = page.get_by_test_id("stTopNavLink")
    expect(links).to_have_count(len(frame.lessons()))
    title = None
    for index, lesson in enumerate(frame.lessons()):
        links.nth(index).click()
        page.wait_for_url(f"{server.url}/{'' if lesson.stem == 'home' else lesson.stem}?**")
        heading = page.get_by_role("heading", level=1)
        if title is not None:
            expect(heading).not_to_have_text(title)
        expect(heading).to_be_visible()
        quiet(page, 200)
        title = heading.inner_text()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        _switch_shows(page, "简体中文")
        head = page.locator(".st-key-lab_head")
        box = head.bounding_box()
        assert box["y"] + box["height"] <= 110, f"{title}: menu, title and language take 110 pixels"
        first = head.locator("xpath=following::*[@data-testid='stElementContainer'][1]").first.bounding_box()
        assert first["y"] <= 125, f"{title}: what the page is about begins right below"


def test_a_language_chosen_on_one_page_is_shown_on_the_next(server, page):
    page.goto(server.url)
    for index in (0, 1):  # none is chosen yet: the browser's own
        page.get_by_test_id("stTopNavLink").nth(index).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(("Softmax Lab", "Softmax")[index])
        quiet(page)
        _switch_shows(page, "English")
    page.get_by_role("radio", name="简体中文").click()
    expect(page.get_by_role("link", name="首页")).to_be_visible()
    page.get_by_test_id("stTopNavLink").nth(2).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Softmax")
    quiet(page)
    expect(page.get_by_role("link", name="首页")).to_be_visible()
    expect(page.get_by_role("radio", name="简体中文")).to_be_checked()
    query_is(page, {"lang": "zh"})


def test_changes_reach_the_address_and_a_reload_restores_them(sample, page):
    page.goto(f"{sample}/training")
    _values(page, "training", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    entries = page.evaluate("history.length")
    page.get_by_role("slider", name="Classes").press("ArrowRight")
    query_is(page, {"training_classes": "4"})
    page.get_by_role("radio", name="Training").click()
    query_is(page, {"training_classes": "4", "training_data": "second"})
    page.get_by_text("Hard").click()
    state = {"training_classes": "4", "training_data": "second", "training_hard": "true"}
    query_is(page, state)
    assert page.evaluate("history.length") == entries, "changing a value is no step for the Back button"
    page.reload()
    _values(page, "training", "4", "0.5", "second", "second", "300", "0.1", "True", "(1.0, 2.0)")
    page.get_by_role("slider", name="Classes").press("ArrowLeft")
    query_is(page, {key: value for key, value in state.items() if key != "training_classes"})


def test_the_language_switch_keeps_the_page_and_every_value(sample, page):
    page.goto(f"{sample}/training?training_classes=7&training_data=second")
    _values(page, "training", "7", "0.5", "second", "second", "300", "0.1", "False", "(1.0, 2.0)")
    page.get_by_text("Hard").click()
    page.get_by_role("radio", name="简体中文").click()
    state = {"training_classes": "7", "training_data": "second", "training_hard": "true"}
    query_is(page, state | {"lang": "zh"})
    expect(page.get_by_role("heading", level=1)).to_have_text("训练")
    _values(page, "training", "7", "0.5", "second", "second", "300", "0.1", "True", "(1.0, 2.0)")
    page.get_by_role("radio", name="首页").click()
    _values(page, "training", "7", "0.5", "first", "second", "300", "0.1", "True", "(1.0, 2.0)")
    page.get_by_role("radio", name="English").click()
    query_is(page, {"training_classes": "7", "training_hard": "true", "lang": "en"})
    _values(page, "training", "7", "0.5", "first", "second", "300", "0.1", "True", "(1.0, 2.0)")


def test_values_and_language_survive_a_visit_to_another_page(sample, page):
    page.goto(f"{sample}/training?lang=zh&training_classes=7&training_noise=0.2")
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    page.get_by_role("link", name="Softmax").click()
    _values(page, "softmax", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    query_is(page, {"lang": "zh"})
    page.get_by_role("link", name="训练").click()
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    query_is(page, {"lang": "zh", "training_classes": "7", "training_noise": "0.2"})
    page.go_back()
    _values(page, "softmax", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")


def test_the_browser_s_language_is_used_but_not_written_into_the_link(sample, new_page):
    page = new_page(locale="zh-CN")
    page.goto(f"{sample}/training")
    expect(page.get_by_role("heading", level=1)).to_have_text("训练")
    query_is(page, {})


HOSTILE = "<script>alert(1)</script>"
MARKUP = "$\\href{javascript:alert(1)}{x}$ **b** <img src=x onerror=alert(1)> www.example.com :red[x]"


@pytest.mark.parametrize(
    "parameters",
    [
        {
            "training_rate": HOSTILE, "training_data": HOSTILE, HOSTILE: HOSTILE, "lang": HOSTILE,
            "training_row": MARKUP, MARKUP: "1",
            "training_noise": "nan", "training_samples": "inf", "training_hard": "", "training_way": "",
        },
        {"training_classes": "9" * 10_000, "x" * 5000: "y" * 5000},
    ],
    ids=["scripts, markup and no numbers", "long value and long name"],
)  # fmt: skip
def test_a_hostile_link_gives_the_defaults_and_a_note(sample, page, parameters):
    page.goto(f"{sample}/training?{urlencode(parameters)}")
    _values(page, "training", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    notes = page.locator(".lab-notes")
    expect(notes).to_be_visible()
    assert notes.locator("li *").count() == 0, "the link's text must stay text"
    assert len(notes.inner_text()) < 200 + 200 * notes.locator("li").count()
    query_is(page, {})
    page.get_by_role("button", name="Dismiss").click()
    expect(notes).to_have_count(0)


def test_a_number_out_of_range_gives_the_nearest(sample, page):
    page.goto(
        f"{sample}/training?training_samples=1e308&training_noise=-1&training_rate=1e308&training_row=3"
    )
    _values(page, "training", "3", "0.0", "first", "second", "1000", "10.0", "False", "(3.0,)")
    query_is(
        page, {"training_samples": "1000", "training_noise": "0", "training_rate": "10", "training_row": "3"}
    )


def test_nothing_scrolls_sideways_on_a_phone(server, new_page):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    for path in ("", "softmax", "training"):
        page.goto(f"{server.url}/{path}?lang=zh")
        for name, html in (("简体中文", "zh-CN"), ("English", "en")):
            page.get_by_role("radio", name=name).click()
            expect(page.locator("html")).to_have_attribute("lang", html)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            quiet(page, 200)
            fits_the_screen(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").nth(2).click()
    expect(page).to_have_url(re.compile("/loss"))
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()


def test_what_a_chat_appends_to_a_link_leaves_the_address(sample, page):
    page.goto(
        f"{sample}/training?training_classes=5&from=singlemessage&isappinstalled=0&fbclid=x&utm_source=chat"
    )
    _values(page, "training", "5", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    query_is(page, {"training_classes": "5"})
    expect(page.locator(".lab-notes")).to_have_count(0)
