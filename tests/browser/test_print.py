"""On paper: a lesson is a light hand-out of at most two sheets, in its present state, with its address."""

import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader
from server import Server

from ui.frame import share

LESSONS = (
    # address, what stands on the paper, what does not
    ("softmax?softmax_board_step=4&softmax_board_z=3~1~-0.25&softmax_board_names=%3Cs%3Ea%3C/s%3E~b~c&lang=en&embed_options=dark_theme", ("Softmax", "0.852", "Logits 3, 1, −0.25", "<s>a</s>"), ("Add a class", "Next challenge", "step =", "The scores are 2, 1")),
    ("loss?loss_panel=compare&lang=en", ("Other losses", "Look closer: Other losses", "confidently wrong"), ("Check the slope", "Edit classes")),
    ("training?training_stage_step=40&training_panel=curves&training_rate=0.2&lang=en&view=present", ("step 40 of 300", "Step 40", "Learning rate 0.2"), ("Arrow length", "Speed", "play and pause")),
    ("images?lang=zh", ("图像", "权重模板"), ("下一题",)),
)  # fmt: skip
HOW = ("embed_options", "view")


def link(address: str) -> str:
    """The address without what says how the page was shown."""
    parts = urlsplit(address)
    kept = [part for part in parts.query.split("&") if part.split("=")[0] not in HOW]
    return parts._replace(query="&".join(kept)).geturl().replace("%7E", "~")


def printed(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def words(paper: PdfReader) -> str:
    return " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("html")).to_have_class("lab-ready")
    expect(page.locator(".lab-print")).to_have_count(1)
    expect(page.locator(".stMainBlockContainer [data-testid=stSkeleton]")).to_have_count(0)


@pytest.mark.parametrize(
    ("address", "there", "gone"), LESSONS, ids=[lesson[0].split("?")[0] for lesson in LESSONS]
)
def test_a_lesson_is_a_light_hand_out_of_two_sheets_at_most(
    new_page, server: Server, address: str, there: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    page = new_page(color_scheme="dark")
    open_page(page, f"{server.url}/{address}")
    if "training_panel" in address or "loss_panel" in address:
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    paper = printed(page)
    assert 1 <= len(paper.pages) <= 2
    text = words(paper)
    for part in there:
        assert part in text
    for part in gone:
        assert part not in text
    assert address.split("?")[0] in text.replace(" ", "").split("http")[-1], "the address is at the foot"
    path, _size = share.qr_path(link(page.url))
    assert page.locator(".lab-print-code path").get_attribute("d") == path, "and a code of it"
    assert page.evaluate(LIGHT_SHARE) > 0.75
    width, modules = page.evaluate(CODE)
    assert width > 23.9
    assert width / modules > 0.33, "millimetres for each module"
    expect(page.locator(".lab-print")).to_be_hidden()  # the screen is as it was
    assert (
        page.evaluate("document.documentElement.style.cssText + document.documentElement.className")
        == "lab-ready"
    )


# The code on paper: its width in millimetres and in modules.
CODE = """() => {
  window.dispatchEvent(new Event("beforeprint"));
  const code = document.querySelector(".lab-print-code svg");
  const zoom = Number(getComputedStyle(document.documentElement).getPropertyValue("--lab-zoom") || 0.75);
  const width = code.getBoundingClientRect().width * zoom * 25.4 / 96;
  window.dispatchEvent(new Event("afterprint"));
  return [width, code.viewBox.baseVal.width];
}"""

# Of all texts and canvases while the page is ready for paper: the share whose ink is dark, or whose picture is light.
LIGHT_SHARE = """() => {
  window.dispatchEvent(new Event("beforeprint"));
  const bright = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).map(Number); return (0.3 * r + 0.59 * g + 0.11 * b) / 255; };
  const found = [];
  const visit = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) visit(node.shadowRoot);
      const box = node.getClientRects().length;
      const own = [...node.childNodes].some((part) => part.nodeType === 3 && part.data.trim());
      if (box && own && !(node instanceof SVGElement)) found.push(bright(getComputedStyle(node).color) < 0.6);
      if (box && node.matches("svg text")) found.push(bright(getComputedStyle(node).fill) < 0.6);
      if (box && node.matches("canvas.plane")) {
        const { data } = node.getContext("2d").getImageData(0, 0, node.width, node.height);
        let sum = 0;
        for (let i = 0; i < data.length; i += 4) sum += (data[i] + data[i + 1] + data[i + 2]) / 765;
        found.push(sum / (data.length / 4) > 0.6, node.width > 1.9 * node.clientWidth);
      }
    }
  };
  visit(document.querySelector(".stMainBlockContainer"));
  const sum = found.filter(Boolean).length / found.length;
  window.dispatchEvent(new Event("afterprint"));
  return sum;
}"""


# While the run plays, once the stage is ahead of its panels: the step of the panels, and what the stage has on paper.
ONE_STATE = """() => {
  const stage = [...document.querySelectorAll("*")].map(({ shadowRoot }) => shadowRoot?.querySelector("[data-instrument=training-stage]")).find(Boolean);
  const panels = document.querySelector(".lab-step").dataset.step;
  if (stage.dataset.playing !== "true" || stage.dataset.step === panels) return null;
  window.dispatchEvent(new Event("beforeprint"));
  const printed = [panels, stage.dataset.step, stage.dataset.playing];
  window.dispatchEvent(new Event("afterprint"));
  return printed;
}"""


# How bright the picture is on average, 0 to 1.
# From 0 to 1: what the bands of a filled contour are on the average, as they are seen.
BRIGHTNESS = """(bands) => {
  const inverted = getComputedStyle(bands).filter.startsWith("invert(1)");
  const sums = [...bands.querySelectorAll("path")].map((band) => getComputedStyle(band).fill.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765);
  const mean = sums.reduce((sum, part) => sum + part, 0) / sums.length;
  return inverted ? 1 - mean : mean;
}"""


def test_scales_of_colour_grids_and_settings_of_a_dark_page_are_light_on_paper(
    new_page, server: Server
) -> None:
    page = new_page(color_scheme="dark")
    open_page(page, f"{server.url}/training?training_stage_step=40&training_panel=landscape&lang=en")
    bands = page.locator(".js-plotly-plot .contourfill").first
    expect(bands.locator("path").first).to_be_attached()
    assert bands.evaluate(BRIGHTNESS) < 0.4
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert bands.evaluate(BRIGHTNESS) > 0.6
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    panels = page.locator(".st-key-training_panel").get_by_role("radio")
    panels.filter(has_text="Curves").click()
    body = page.locator(".st-key-training_body")
    expect(body).to_contain_text("at step 40:")
    page.locator("[data-instrument=training-stage]").get_by_role("button", name="Play", exact=True).click()
    step, *stage = page.wait_for_function(ONE_STATE).json_value()
    assert stage == [step, "false"], "stage and panels are of one step on paper"
    expect(body).to_contain_text(f"at step {step}:")
    panels.filter(has_text="Points").click()
    expect(page.locator("[data-testid=stDataFrame] canvas td").first).to_be_attached()
    paper = printed(page)
    assert len(paper.pages) <= 2
    assert "p class 0" in words(paper), "the rows of a grid that scrolls are a table"
    panels.filter(has_text="Settings").click()
    expect(page.locator(".st-key-training_sheet")).to_be_visible()
    paper = printed(page)
    assert "Optimiser" not in words(paper), "nothing can be set on paper"


def test_the_practice_sheet_has_two_columns_and_its_key_on_a_last_page(
    page: Page, server: Server, tmp_path: Path
) -> None:
    open_page(page, f"{server.url}/practice?practice_view=sheet&practice_seed=3&lang=en")
    expect(page.locator("[data-instrument=practice-sheet] .card").nth(5)).to_be_visible()
    sheets = len(printed(page).pages)
    assert sheets <= 3
    page.get_by_label("Answer key").check()
    expect(page.locator(".answers li").last).not_to_be_empty()
    paper = printed(page)
    assert len(paper.pages) in (sheets, sheets + 1)  # the address may have had a page of its own
    assert paper.pages[-1].extract_text().startswith("Answer key"), "nothing else is on its page"
