"""Stories of the Information page: P and Q are dragged and typed."""

import re

import pytest
from lesson import fits_the_screen, number, open_lesson, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import painted, query_has, quiet

from softmax_core.huffman import huffman, sample_message
from softmax_core.information import cross_entropy, entropy, kl_divergence


def board(page: Page) -> Locator:
    return page.locator("[data-instrument=distribution-board]")


def opened(page: Page, server: Server, query: str = "") -> Locator:
    return open_lesson(page, f"{server.url}/information{query}", "distribution-board", "p")


def share(page: Page, side: str, k: int) -> Locator:
    return page.get_by_role("slider", name=f"{side} of").nth(k)


def check_numbers(instrument: Locator) -> None:
    p, q = row(instrument, "p"), row(instrument, "q")
    base = 2.0 if instrument.get_attribute("data-unit") == "bits" else None
    assert p.sum() == pytest.approx(1, abs=1e-9)
    assert q.sum() == pytest.approx(1, abs=1e-9)
    assert number(instrument, "entropy") == pytest.approx(float(entropy(p, base)), rel=1e-9)
    assert number(instrument, "cross-entropy") == pytest.approx(float(cross_entropy(p, q, base)), rel=1e-9)
    assert number(instrument, "kl") == pytest.approx(float(kl_divergence(p, q, base)), rel=1e-9, abs=1e-12)


def test_p_is_dragged_and_stays_a_distribution(page: Page, server: Server) -> None:
    instrument = opened(page, server, "?information_panel=code")
    check_numbers(instrument)
    box = share(page, "P", 0).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for there in (-60, -400, 40):
        page.mouse.move(box["x"] + there, box["y"] + 5, steps=2)
        painted(page)
        check_numbers(instrument)
        assert row(instrument, "q").tolist() == [0.2, 0.4, 0.2, 0.2]
    page.mouse.up()
    painted(page)
    p = row(instrument, "p")
    # Pushed to 1 on the way or not, the others keep the proportions of the beginning of the drag.
    assert p[1] == pytest.approx(2 * p[2], abs=6e-4)  # shares are rounded to 1e-4
    expect(page.get_by_text(f"{huffman(p).average_length:.3f}").first).to_be_visible()
    # The address is written a moment after the last change; an earlier value may stand there before.
    query_has(page, {"information_board_p": "~".join(f"{x:g}" for x in p)})


def test_units_presets_and_impossible_symbols_and_bars_clear_of_the_buttons(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "?information_panel=kl")
    for width in (390, 853, 1280):  # 853 is 1280 at 150 %
        page.set_viewport_size({"width": width, "height": 800})
        quiet(page, 200)
        fits_the_screen(page)
        last, buttons = (instrument.locator(name).bounding_box() for name in (".line.back", ".tools"))
        assert last is not None
        assert buttons is not None
        assert last["y"] + last["height"] + 4 <= buttons["y"], width
    # The logarithm is that of the unit.
    expect(instrument.locator(".of-surprise")).to_have_text("−log₂ q")
    expect(page.locator(".katex-html").first).to_contain_text("log2")
    page.get_by_role("button", name="nats").click()
    expect(instrument).to_have_attribute("data-unit", "nats")
    expect(instrument.locator(".of-surprise")).to_have_text("−log q")
    expect(page.locator(".katex-html").first).not_to_contain_text("log2")
    check_numbers(instrument)
    page.wait_for_function("() => location.search.includes('information_board_unit=nats')")
    share(page, "Q", 0).press("Home")
    expect(instrument).to_have_attribute("data-kl", "Infinity")
    expect(page.get_by_text("Q forbids a symbol that comes")).to_be_visible()
    page.get_by_role("button", name="Q = P").click()
    expect(instrument).to_have_attribute("data-kl", "0")
    page.get_by_role("button", name="Add a symbol").click()
    expect(instrument).to_have_attribute("data-p", re.compile(r"^[^,]+(,[^,]+){4}$"))
    page.get_by_role("button", name="Reset").click()
    expect(instrument).to_have_attribute("data-unit", "bits")
    assert len(row(instrument, "p")) == 4
    for bar in instrument.locator(".share").all():
        assert bar.bounding_box()["height"] > 10, "P and Q are bars, not only handles"  # type: ignore[index]
    for key in ("PageUp", "PageUp", "ArrowUp"):
        share(page, "Q", 3).press(key)
        painted(page)
        check_numbers(instrument)
        widths = instrument.evaluate(
            """(root) => ["sum", "cross"].map((line) =>
              [...root.querySelectorAll(`.line.${line} .segment`)].reduce((sum, part) => sum + part.getBoundingClientRect().width, 0))"""
        )
        assert widths[0] == pytest.approx(widths[1], abs=1.5), "the bars of the identity are equally long"


# Whether Plotly had been run before the page was shown.
WAITED = """
  const look = () => {
    if (!document.documentElement?.classList.contains("lab-ready")) return requestAnimationFrame(look);
    window.labWaited = Boolean(window.Plotly);
  };
  look();
"""


def test_the_chart_comes_once_the_page_is_shown_and_p_q_and_the_divergence_one_by_one(
    page: Page, server: Server
) -> None:
    page.add_init_script(WAITED)
    instrument = opened(page, server)
    chart = page.locator(".st-key-information_surprise_curve")
    expect(chart.locator("svg").first).to_be_visible()
    assert page.evaluate("window.labWaited") is False
    for part in (instrument, page.locator("[data-instrument=challenges]"), chart):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, "on a laptop board, card and panel are on one screen"
    q, bars, back = (instrument.locator(name) for name in (".share-q", ".bars", ".line.back"))
    for panel, seen in (
        ("Surprise", "p"),
        ("Cross-entropy", "pq"),
        ("Divergence", "pqk"),
        ("Huffman code", "p"),
    ):
        page.get_by_role("radio", name=panel).click()
        expect(instrument).to_have_attribute("data-view", {"p": "p", "pq": "q", "pqk": "kl"}[seen])
        expect(q.first).to_be_visible(visible="q" in seen)
        expect(bars).to_be_visible(visible="q" in seen)
        expect(back).to_be_visible(visible="k" in seen)
        expect(instrument.locator(".measure", has_text="KL(P ‖ Q) =")).to_be_visible(visible="k" in seen)
        check_numbers(instrument)
    for text in ("0.7", "NaN"):
        share(page, "P", 1).press("Enter")
        field = page.get_by_role("textbox", name="Type P of dog exactly")
        field.fill(text)
        field.press("Enter")
        painted(page)
        assert row(instrument, "p")[1] == 0.7
        check_numbers(instrument)
    expect(page.get_by_text("“NaN” is not a number from 0 to 1")).to_be_visible()


def test_a_message_comes_symbol_by_symbol_and_its_bits_are_counted(page: Page, server: Server) -> None:
    opened(page, server, "?information_panel=code&information_message_seed=3")
    stream = page.locator("[data-instrument=message-stream]")
    p = [0.5, 0.25, 0.125, 0.125]
    message, code = sample_message(p, 1000, 3), huffman(p)
    for n in (1, 2, 3):
        stream.get_by_role("button", name="Next symbol").click()
        bits = code.encode(message[:n])
        expect(
            stream.get_by_text(f"Symbols: {n} · bits: {len(bits)} · bits per symbol: {len(bits) / n:.3f}")
        ).to_be_visible()
        assert "".join(stream.locator(".letter code").all_inner_texts()) == bits
    query_has(page, {"information_message_count": "3"})
    stream.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "(node) => Number(node.dataset.count) > 4", arg=stream.element_handle()
    )  # by itself
    stream.get_by_role("button", name="Pause").click()
    stream.get_by_role("button", name="100 more").click()
    painted(page)
    n = int(number(stream, "count"))
    assert n > 100
    assert number(stream, "bits") == len(code.encode(message[:n]))
    query_has(page, {"information_message_count": str(n)})
    stream.get_by_role("button", name="Clear").click()
    expect(stream).to_have_attribute("data-bits", "0")
