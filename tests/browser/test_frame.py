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


def test_a_cold_deep_link_keeps_the_values_it_brings_and_not_what_a_chat_appended(sample, page):
    # The first test here that asks for the sample: nobody has visited its server.
    appended = "from=singlemessage&isappinstalled=0&fbclid=x&utm_source=chat"
    page.goto(f"{sample}/training?training_classes=5&training_data=second&{appended}")
    _values(page, "training", "5", "0.5", "second", "second", "300", "0.1", "False", "(1.0, 2.0)")
    expect(page.get_by_role("link", name="Softmax")).to_be_visible()
    query_is(page, {"training_classes": "5", "training_data": "second"})
    expect(page.locator(".lab-notes")).to_have_count(0)


def test_a_cold_deep_link_shows_frame_page_and_query_and_moves_little(fresh_server, page):
    server = fresh_server()  # the browser has none of its files
    traffic = Traffic(page)
    encodings = {}
    page.on(
        "response",
        lambda answer: encodings.update({urlsplit(answer.url).path: answer.headers.get("content-encoding")}),
    )
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
        assert (
            f"/{stem}/_stcore/health" not in encodings
        )  # the page knows its server, nobody waits for a search
        if stem == "training":
            expect(page.locator("[data-instrument=training-stage]")).to_be_visible()
            quiet(page)
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


def test_the_menu_leads_to_every_lesson_in_the_language_chosen_below_110_pixels_of_title_and_language(
    server, page
):
    page.goto(server.url)
    links = page.get_by_test_id("stTopNavLink")
    expect(links).to_have_count(len(frame.lessons()))
    title = None
    for index, lesson in enumerate(frame.lessons()):
        links.nth(index).click()
        page.wait_for_url(f"{server.url}/{'' if lesson.stem == 'home' else lesson.stem}**")
        heading = page.get_by_role("heading", level=1)
        if title is not None:
            expect(heading).not_to_have_text(title)
        expect(heading).to_be_visible()
        quiet(page, 200)
        title = heading.inner_text()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        _switch_shows(page, "English" if index < 2 else "简体中文")
        if index == 1:  # none was chosen until here: the browser's own
            page.get_by_role("radio", name="简体中文").click()
            expect(page.get_by_role("link", name="首页")).to_be_visible()
        elif index > 1:
            query_has(page, {"lang": "zh"})
        head = page.locator(".st-key-lab_head")
        box = head.bounding_box()
        assert box["y"] + box["height"] <= 110, f"{title}: menu, title and language take 110 pixels"
        first = head.locator("xpath=following::*[@data-testid='stElementContainer'][1]").first.bounding_box()
        assert first["y"] <= 125, f"{title}: what the page is about begins right below"


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


def test_values_and_language_survive_a_visit_to_another_page_and_values_another_language(sample, page):
    page.goto(f"{sample}/training?lang=zh&training_classes=7&training_noise=0.2")
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    page.get_by_role("link", name="Softmax").click()
    _values(page, "softmax", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    query_is(page, {"lang": "zh"})
    page.get_by_role("link", name="训练").click()
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    state = {"training_classes": "7", "training_noise": "0.2"}
    query_is(page, state | {"lang": "zh"})
    page.go_back()
    _values(page, "softmax", "3", "0.5", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    page.go_forward()
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "False", "(1.0, 2.0)")
    page.get_by_text("Hard").click()
    page.get_by_role("radio", name="训练").click()
    state |= {"training_hard": "true", "training_data": "second"}
    query_is(page, state | {"lang": "zh"})
    page.get_by_role("radio", name="English").click()
    query_is(page, state | {"lang": "en"})
    expect(page.get_by_role("heading", level=1)).to_have_text("Training")
    _values(page, "training", "7", "0.2", "second", "second", "300", "0.1", "True", "(1.0, 2.0)")
    page.get_by_role("radio", name="Home").click()
    del state["training_data"]
    query_is(page, state | {"lang": "en"})
    page.get_by_role("radio", name="简体中文").click()
    query_is(page, state | {"lang": "zh"})
    expect(page.get_by_role("heading", level=1)).to_have_text("训练")
    _values(page, "training", "7", "0.2", "first", "second", "300", "0.1", "True", "(1.0, 2.0)")


def test_the_browser_s_language_is_used_but_not_written_into_the_link(sample, new_page):
    page = new_page(locale="zh-CN")
    page.goto(f"{sample}/training")
    expect(page.get_by_role("heading", level=1)).to_have_text("训练")
    query_is(page, {})


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


def test_a_number_out_of_range_gives_the_nearest(sample, page):
    page.goto(
        f"{sample}/training?training_samples=1e308&training_noise=-1&training_rate=1e308&training_row=3"
    )
    _values(page, "training", "3", "0.0", "first", "second", "1000", "10.0", "False", "(3.0,)")
    query_is(
        page, {"training_samples": "1000", "training_noise": "0", "training_rate": "10", "training_row": "3"}
    )


def test_on_a_phone_home_fits_in_both_languages_and_the_menu_closes_behind_a_choice(server, new_page):
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(f"{server.url}/?lang=zh")
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
