"""Edited points, own data and feature maps in Chromium, against softmax_core."""

import io
import re
from pathlib import Path

import numpy as np
from conftest import watch
from lesson import fits_the_screen
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader
from server import Server
from test_training_panels import saved
from test_training_stage import button, default_run, expect_step, opened, stage
from waits import query, quiet

from softmax_core.datasets import Dataset, DataSpec, make, split
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, train


def place(page: Page, across: float, down: float) -> tuple[float, float]:
    plane = stage(page).locator("canvas.plane")
    expect(plane).to_be_visible()
    box = plane.bounding_box()
    assert box is not None
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def expect_points(page: Page, count: int, edits: int | None = None) -> None:
    expect(stage(page)).to_have_attribute("data-points", str(count))
    expect(stage(page)).to_have_attribute("data-waiting", "0")
    if edits is not None:
        expect(stage(page)).to_have_attribute("data-edits", str(edits))


def from_link(page: Page) -> str:
    """The edits in the link, once the page is at rest: it follows every part of a drag."""
    quiet(page)
    return query(page).get("training_edits", "")


def loss(instrument: Locator) -> float:
    return float(instrument.get_attribute("data-loss") or "nan")


def choose_own_data(page: Page) -> None:
    page.get_by_role("radio", name="Settings", exact=True).click()
    page.get_by_role("radio", name="Own data").click()


def learned(points: list[list[float]], labels: list[int], step: int) -> float:
    """The loss at a step when these points join the training part of the default data."""
    part, _ = split(make(DataSpec("blobs", n=300, n_classes=3, noise=1.2)), 0.2, seed=0)
    more = Dataset(
        np.vstack([part.X, points]),
        np.r_[part.y, labels],
        3,
        part.feature_names,
        part.class_names,
        part.source,
    )
    return float(train(more, TrainConfig(GradientDescent(0.1), steps=300)).loss[step])


def test_an_added_point_is_learned_from_and_the_playhead_stays_or_plays_on(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "training_stage_step=40")
    button(page, "Add points").click()
    button(page, "class 2").click()
    page.mouse.click(*place(page, 0.85, 0.8))
    expect(instrument).to_have_attribute("data-points", "301")
    expect_points(page, 301, 1)
    expect_step(page, 40)
    page.wait_for_function("() => location.search.includes('training_edits=a2_')")
    x, y = map(float, from_link(page).split("_")[1:])
    assert loss(instrument) == learned([[x, y]], [2], 40)
    page.keyboard.press("Control+z")
    expect_points(page, 300, 0)
    assert loss(instrument) == default_run().loss[40]
    page.keyboard.press("Control+Shift+z")
    expect_points(page, 301, 1)
    assert loss(instrument) == learned([[x, y]], [2], 40)
    instrument.get_by_role("combobox", name="Speed").select_option("30")
    button(page, "Play").click()
    page.mouse.click(*place(page, 0.9, 0.9))
    expect_points(page, 302, 2)
    expect(instrument).to_have_attribute("data-playing", "true")
    button(page, "Pause").click()
    button(page, "Clear all edits").click()
    expect_points(page, 300)
    a_drag_sprays_on_the_stage_and_is_one_edit(page, instrument)


def a_drag_sprays_on_the_stage_and_is_one_edit(page: Page, instrument: Locator) -> None:
    edits = int(instrument.get_attribute("data-edits") or "")
    page.mouse.move(*place(page, 0.1, 0.9))
    page.mouse.down()
    (left, y), (right, _) = place(page, 0.1, 0.9), place(page, 0.58, 0.9)
    for i in range(10):
        page.mouse.move(left + (right - left) * i / 9, y)
        page.wait_for_timeout(50)
    page.mouse.up()
    expect(instrument).to_have_attribute("data-waiting", "0")
    expect(instrument).to_have_attribute("data-edits", str(edits + 1))
    count = int(instrument.get_attribute("data-points") or "")
    assert 303 < count <= 311
    # The link follows every part of the drag; it is the last one that holds all points.
    page.wait_for_function(
        "n => new URLSearchParams(location.search).get('training_edits')?.split('_').length === n",
        arg=1 + 2 * (count - 300),
    )
    button(page, "Undo").click()
    expect_points(page, 300, edits)

    # Beyond the edge no points are made.
    x, y = place(page, 0.97, 0.5)
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(8):
        page.mouse.move(x + 40 * i, y + 10 * (i % 3))
        page.wait_for_timeout(50)
    page.mouse.up()
    expect(instrument).to_have_attribute("data-edits", str(edits + 1))
    expect(instrument).to_have_attribute("data-waiting", "0")
    count = int(instrument.get_attribute("data-points") or "")
    assert 301 <= count <= 306
    text = from_link(page).split("*")[-1]
    assert max(len(number) for number in text.split("_")[1:]) <= 7


def test_a_point_is_dragged_and_erased_and_the_keyboard_does_all_of_it_too(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "training_data=three_points&training_stage_step=10")
    button(page, "Move a point").click()
    box = instrument.locator("canvas.plane").bounding_box()
    assert box is not None
    # (2, 3) is the highest of the three points: margin 8 % above it, in the middle of the stage.
    above = 0.08 / 1.16
    before = loss(instrument)
    page.mouse.move(*place(page, 0.5, above))
    page.mouse.down()
    (x0, y0), (x1, y1) = place(page, 0.5, above), place(page, 0.8, above + 0.3)
    for i in range(1, 11):
        page.mouse.move(x0 + (x1 - x0) * i / 10, y0 + (y1 - y0) * i / 10)
        page.wait_for_timeout(10)
    page.mouse.up()
    expect_points(page, 3, 1)
    page.wait_for_function("() => location.search.includes('training_edits=m1_')")
    x, y = map(float, from_link(page).split("_")[1:])
    assert (x, y) != (2.0, 3.0)
    expect_step(page, 10)
    data = make(DataSpec("three_points"))
    moved = Dataset([[1, 2], [x, y], [3, 1]], data.y, 3, ("x1", "x2"), data.class_names, "moved")
    assert loss(instrument) == train(moved, TrainConfig(GradientDescent(0.1), steps=300)).loss[10] != before
    link = page.evaluate("location.search")
    # Without a drag: a click picks the point up, the next one puts it down.
    page.mouse.click(*place(page, 0.8, above + 0.3))
    expect(instrument.get_by_role("status").filter(has_text="Picked up")).to_be_visible()
    page.mouse.click(*place(page, 0.6, above + 0.2))
    expect(instrument.get_by_role("status").filter(has_text="Put down")).to_be_visible()
    page.wait_for_function("before => location.search !== before", arg=link)
    assert 2 < float(from_link(page).split("_")[-2].split("*")[-1]) < x
    button(page, "Erase points").click()
    page.mouse.click(*place(page, 0.6, above + 0.2))
    expect_points(page, 2, 3)
    button(page, "Clear all edits").click()
    expect_points(page, 3)
    assert loss(instrument) == before
    the_keyboard_does_all_of_it(page, instrument)


def the_keyboard_does_all_of_it(page: Page, instrument: Locator) -> None:
    canvas = instrument.locator("canvas.plane")
    button(page, "Add points").press("Enter")
    canvas.focus()
    page.keyboard.press("1")
    for key in ("Shift+ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect_points(page, 4, 5)  # four edits were made before
    expect_step(page, 10)
    expect(instrument.get_by_role("status").first).to_contain_text("Added class 1")
    page.wait_for_function("() => location.search.includes('training_edits=a1_')")
    x0 = float(from_link(page).split("_")[1])
    button(page, "Move a point").press("Enter")
    canvas.focus()
    for key in ("Enter", "Shift+ArrowRight", "Space"):
        page.keyboard.press(key)
    expect_points(page, 4, 6)
    page.wait_for_function("() => location.search.includes('*m3_')")
    assert float(from_link(page).split("*m3_")[1].split("_")[0]) > x0
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    expect(instrument).to_have_attribute("data-waiting", "0")
    button(page, "Erase points").press("Enter")
    canvas.focus()
    page.keyboard.press("Enter")
    expect_points(page, 3)
    # Escape gives the keys back to the transport.
    page.keyboard.press("Escape")
    expect(instrument).to_have_attribute("data-tool", "inspect")
    # Points are looked at by keys, and what the card shows is told, once the stage has rested for the first time.
    expect(canvas).to_have_attribute("aria-label", re.compile("Step 10: "))
    for key in (".", ".", ",", ","):
        page.keyboard.press(key)
    expect(instrument.get_by_role("status").filter(has_text="Point 3 of 3, x1 ")).to_be_attached()
    expect(instrument.locator(".tip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(instrument.locator(".tip")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect_step(page, 11)
    expect(instrument.get_by_role("status").filter(has_text="Step 11: ")).to_be_attached()
    page.keyboard.press("Space")
    expect(instrument).to_have_attribute("data-step", re.compile(r"^\d{2,}$"))
    expect(instrument).not_to_have_attribute("data-step", "11")


def test_a_download_uploads_to_the_same_run(page: Page, server: Server, tmp_path: Path) -> None:
    instrument = opened(
        page,
        server,
        "training_panel=takeaway&training_data=moons&training_edits=a1_0.123_-1.1*e3_7*m5_0.5_0.25&training_stage_step=77",
    )
    before = instrument.get_attribute("data-loss")
    expect(instrument).to_have_attribute("data-points", "299")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the points").click()
    started.value.save_as(tmp_path / "points.csv")
    choose_own_data(page)
    page.locator("input[type=file]").set_input_files(tmp_path / "points.csv")
    expect(page.get_by_text("Your own data are not in the address")).to_be_visible()
    expect(instrument).to_have_attribute("data-edits", "0")
    expect(instrument).to_have_attribute("data-points", "299")
    expect_step(page, 77)
    assert instrument.get_attribute("data-loss") == before
    instrument.locator("canvas.plane").focus()
    page.keyboard.press("End")
    expect_step(page, 300)
    assert "training_edits" not in page.url

    # This browser keeps the table: with a point drawn on it after a reload, without it where the address does not name that.
    button(page, "Add points").click()
    page.mouse.click(*place(page, 0.5, 0.5))
    expect_points(page, 300, 1)
    page.wait_for_function("() => location.search.includes('training_edits=kept.')")
    now = instrument.get_attribute("data-loss")
    assert now != before
    page.reload()
    expect_points(page, 300, 1)
    expect_step(page, 300)
    expect(instrument).to_have_attribute("data-loss", now or "")
    opened(page, server, "training_panel=settings&training_data=own&training_stage_step=77")
    expect_points(page, 299, 0)
    expect(instrument).to_have_attribute("data-loss", before or "")


def test_a_bad_file_leaves_the_stage_alone(page: Page, server: Server, tmp_path: Path) -> None:
    instrument = opened(page, server, "training_stage_step=5")
    before = instrument.get_attribute("data-revision")
    choose_own_data(page)
    (tmp_path / "bad.csv").write_text("x,y,kind\n1,2,a\n3,<img src=x onerror=alert(1)>,b\n5,6,a\n7,8,b\n")
    page.locator("input[type=file]").set_input_files(tmp_path / "bad.csv")
    expect(page.get_by_text("Line 3, column y")).to_be_visible()
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(instrument).to_have_attribute("data-revision", before or "")
    names_are_letters_on_panels(page, tmp_path / "names.csv")


def test_names_that_are_markup_are_letters_in_a_film_and_on_paper(
    page: Page, browser: Browser, server: Server, tmp_path: Path
) -> None:
    opened(page, server, "training_stage_step=5")
    choose_own_data(page)
    bring_markup(page, tmp_path / "names.csv")
    page.get_by_role("radio", name="Export", exact=True).click()
    page.get_by_role("radio", name="Animation").click()
    film_file = saved(page, "Download the animation", tmp_path)
    paper = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)
    assert "<imgsrc=x" in re.sub(r"\s", "", paper), "the name as letters"
    assert page.locator(FOREIGN).count() == 0

    context = browser.new_context()
    film = context.new_page()
    troubles: list[str] = []
    watch(film, troubles)
    film.on(
        "request",
        lambda request: (
            troubles.append(request.url) if not request.url.startswith(("file:", "data:", "blob:")) else None
        ),
    )
    film.goto(film_file.as_uri())
    expect(film.locator("[data-instrument=training-stage]")).to_have_attribute("data-points", "30")
    expect(film.get_by_text(MARKUP[1]).first).to_be_visible()
    assert film.locator(FOREIGN).count() == 0
    context.close()
    assert not troubles, "\n".join(troubles)


MARKUP = [
    "OneLongWord" * 6,
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) :red[y]",
    "$\\href{javascript:alert(1)}{x}$",
    ":material/delete: :streamlit: -> --",
    "http://evil.example/ me@evil.example www.evil.example",
    "=HYPERLINK(1)",
]
FOREIGN = (
    "img[src='x'], img[alt='Streamlit logo'], [aria-label='delete icon'], iframe, [onerror], [onload], [onmouseover], "
    "a[href^='javascript'], a[href*='evil']"
)


def bring_markup(page: Page, file: Path) -> None:
    """Bring points whose classes and columns are markup."""
    rows = [[str(i / 7), str(i * i % 13), f'"{MARKUP[i % len(MARKUP)]}"'] for i in range(30)]
    head = [
        "<iframe src=//evil.example>",
        "**b** ![x](http://evil.example/x.png)",
        "</script><script>alert(1)</script>",
    ]
    file.write_text("\n".join(map(",".join, [head, *rows])))
    page.locator("input[type=file]").set_input_files(file)
    expect(stage(page)).to_have_attribute("data-points", "30")
    expect(page.get_by_text(MARKUP[1]).first).to_be_visible()


def names_are_letters_on_panels(page: Page, file: Path) -> None:
    """Look at panels that name points whose classes are markup; dialogs and requests are watched anyway."""
    bring_markup(page, file)
    for name in ("One step", "Diagnostics", "Export"):
        page.get_by_role("radio", name=name, exact=True).click()
        quiet(page, 200)
        assert page.locator(FOREIGN).evaluate_all("all => all.map(one => one.outerHTML)") == [], name
        fits_the_screen(page)
        if name == "One step":
            expect(stage(page).locator(".told")).to_contain_text(MARKUP[0])
            size = page.viewport_size
            assert size
            page.set_viewport_size({"width": 390, "height": size["height"]})
            quiet(page, 200)
            fits_the_screen(page)
            page.set_viewport_size(size)
    ours = "all => all.filter((one) => one.textContent.includes('alert(1)')).length"
    assert page.locator("script").evaluate_all(ours) == 0
    # Another panel does not forget them.
    expect(stage(page)).to_have_attribute("data-points", "30")
