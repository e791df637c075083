"""The logit board under a real pointer: what it shows, what Python hears, what the link keeps."""

import numpy as np
import pytest
from lesson import choose, number, open_lesson, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query_has

from softmax_core.functional import softmax
from softmax_core.losses import cross_entropy


def board(page: Page) -> Locator:
    return page.locator("[data-instrument=logit-board]")


# With all columns and a panel that writes the logits, in Python.
EVERYTHING = "?softmax_board_step=4&softmax_panel=log"


def opened(page: Page, server: Server, query: str = EVERYTHING) -> Locator:
    return open_lesson(page, f"{server.url}/softmax{query}", "logit-board", "logits")


def logits(instrument: Locator) -> list[float]:
    return row(instrument, "logits").tolist()


def handle(page: Page, k: int) -> Locator:
    return page.get_by_role("slider", name="Logit of").nth(k)


def python_has(page: Page, k: int, z: float) -> None:
    """Python's own table shows the logit."""
    expect(page.locator(".lab-table tbody tr").nth(k).locator("th, td").nth(1)).to_have_text(
        f"{z:.2f}".replace("-", "−")
    )


def check_numbers(instrument: Locator) -> None:
    """Everything the board claims follows from its logits, by softmax_core."""
    z = np.array(logits(instrument))
    target, temperature = int(number(instrument, "target")), number(instrument, "temperature")
    np.testing.assert_allclose(
        row(instrument, "probabilities"), softmax(z, temperature=temperature), rtol=1e-12
    )
    wanted = cross_entropy(np.array([(z - z.max()) / temperature]), np.array([target]))
    assert number(instrument, "loss") == pytest.approx(float(wanted), rel=1e-12)


def test_dragging_moves_board_panel_and_link_and_a_preset_replaces_it(page: Page, server: Server) -> None:
    instrument = opened(page, server)
    assert logits(instrument) == [2.0, 1.0, 0.1]
    check_numbers(instrument)
    box = handle(page, 1).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 5, steps=5)
    during = logits(instrument)
    assert during[1] > 2.0, "the board follows while the button is still down"
    page.mouse.up()
    check_numbers(instrument)
    final = logits(instrument)
    assert final[0] == 2.0
    assert final[2] == 0.1
    # Python's own numbers, in its table, come to the same state.
    python_has(page, 1, final[1])
    expect(handle(page, 1)).to_have_attribute("aria-valuenow", str(final[1]))
    # The address is written a moment after the last change; an earlier value may stand there before.
    query_has(page, {"softmax_board_z": "~".join(f"{z:g}" for z in final)})
    handle(page, 0).press("End")
    expect(instrument).to_have_attribute("data-logits", f"10,{final[1]:g},0.1")
    python_has(page, 0, 10.0)
    # Of each answer the page says that it is there: the next message of a drag waits for that.
    page.evaluate("() => { window.heard = 0; addEventListener('lab-answer', () => { window.heard += 1; }); }")
    for answers in (1, 2, 3):
        handle(page, 0).press("ArrowLeft")
        page.wait_for_function("(answers) => window.heard >= answers", arg=answers)
    page.get_by_role("button", name="0, −1000").click()
    expect(instrument).to_have_attribute("data-logits", "0,-1000,-2")
    handle(page, 1).press("ArrowRight")
    expect(instrument).to_have_attribute("data-logits", "0,-999.9,-2")
    python_has(page, 1, -999.9)
    # A visit elsewhere changes nothing.
    page.get_by_role("link", name="Loss").first.click()
    expect(page.locator("[data-instrument=loss-curve]")).to_be_visible()
    page.get_by_role("link", name="Softmax").first.click()
    expect(board(page)).to_have_attribute("data-logits", "0,-999.9,-2")


def type_logit(page: Page, k: int, text: str) -> None:
    handle(page, k).press("Enter")
    field = board(page).locator("input.exact")
    field.fill(text)
    field.press("Enter")


def test_a_logit_is_typed_keys_and_sliders_move_the_board_and_classes_come_and_go(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server)
    for text, shown in (("−1,5", "-1.5"), ("1e308", "1e+308")):
        type_logit(page, 1, text)
        expect(instrument).to_have_attribute("data-logits", f"2,{shown},0.1")
        check_numbers(instrument)
    status = instrument.get_by_role("status").first
    # test_numbers_js.py knows more of what is refused.
    for text, said in (("NaN", "is not a finite number"), ("1,234", "“1,234” can mean 1234 or 1.234.")):
        type_logit(page, 1, text)
        expect(status).to_contain_text(said)
        assert logits(instrument) == [2.0, 1e308, 0.1]
    type_logit(page, 1, "0,234")
    expect(instrument).to_have_attribute("data-logits", "2,0.234,0.1")
    expect(status).to_have_text("")
    type_logit(page, 1, "1")
    keys_temperature_and_shift_move_the_board(page, instrument)
    a_class_becomes_the_target_and_classes_come_and_go(page, instrument)


def keys_temperature_and_shift_move_the_board(page: Page, instrument: Locator) -> None:
    for key, wanted in (("ArrowRight", 1.1), ("ArrowDown", 1), ("PageUp", 2), ("End", 10), ("Home", -10)):
        handle(page, 1).press(key)
        expect(instrument).to_have_attribute("data-logits", f"2,{wanted:g},0.1")
    check_numbers(instrument)
    type_logit(page, 1, "1")
    expect(instrument).to_have_attribute("data-logits", "2,1,0.1")
    shift = instrument.get_by_role("slider", name="add c to all")
    before = row(instrument, "probabilities")
    shift.evaluate("node => { node.value = 3; node.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(instrument).to_have_attribute("data-logits", "5,4,3.1")
    np.testing.assert_allclose(row(instrument, "probabilities"), before, rtol=1e-12)
    cold = instrument.get_by_role("slider", name="temperature T")
    cold.evaluate("node => { node.value = 0; node.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(instrument).to_have_attribute("data-temperature", "0.05")
    check_numbers(instrument)


def a_class_becomes_the_target_and_classes_come_and_go(page: Page, instrument: Locator) -> None:
    instrument.get_by_role("button", name="bird").click()
    expect(instrument).to_have_attribute("data-target", "2")
    check_numbers(instrument)
    query_has(page, {"softmax_board_target": "2"})
    add = instrument.get_by_role("button", name="Add a class")
    for _ in range(7):
        add.click()
    expect(instrument.locator(".row")).to_have_count(10)
    expect(add).to_be_disabled()
    check_numbers(instrument)
    instrument.get_by_role("button", name="Edit classes").click()
    for _ in range(8):
        instrument.get_by_role("button", name="Remove").first.click()
    expect(instrument.locator(".row")).to_have_count(2)
    expect(instrument.locator("button.remove").first).to_be_hidden()
    check_numbers(instrument)


def test_a_name_is_data_and_an_empty_one_is_refused(page: Page, server: Server) -> None:
    instrument = opened(page, server)
    instrument.get_by_role("button", name="Edit classes").click()
    name = "<img src=x onerror=a>$y$"
    field = instrument.get_by_role("textbox", name="Name of cat")
    field.fill(name)
    field.press("Enter")
    expect(instrument.locator(".name .label").first).to_have_text(name)
    expect(page.locator(".lab-table tbody tr").first).to_contain_text(name)
    assert page.locator("img[src=x]").count() == 0
    # An instrument and a chart; tests/hostile/test_injections.py reads what the other panels write.
    for panel in ("Triangle", "Two classes"):
        choose(page.get_by_role("radio", name=panel, exact=True))
        assert page.locator("img[src=x]").count() == 0
    field = instrument.locator("input.rename").nth(1)
    field.fill("   ")
    field.press("Enter")
    expect(instrument.get_by_role("status").first).to_contain_text("needs a name")
    expect(instrument.locator(".name .label").nth(1)).to_have_text("dog")
    page.wait_for_function("() => location.search.includes('softmax_board_names')")


def test_a_name_can_be_read_on_a_phone_while_it_is_written(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    instrument = opened(page, server)
    instrument.get_by_role("button", name="Edit classes").click()
    for part, least in (
        (instrument.get_by_role("textbox", name="Name of bird"), 100),
        (instrument.locator("button.name").last, 24),
    ):
        box = part.bounding_box()
        assert box is not None
        assert box["width"] >= least


def test_a_link_restores_everything(page: Page, server: Server) -> None:
    query = "?softmax_board_z=1~2~3~4&softmax_board_target=3&softmax_board_t=2&softmax_board_shift=-1"
    instrument = opened(page, server, f"{query}&softmax_board_names=a~~c%2525~")
    assert logits(instrument) == [0.0, 1.0, 2.0, 3.0]
    expect(instrument).to_have_attribute("data-target", "3")
    expect(instrument).to_have_attribute("data-temperature", "2")
    expect(instrument.locator(".name .label")).to_have_text(["a", "dog", "c%", "fish"])
    check_numbers(instrument)
    # Another language changes every text and nothing else.
    page.get_by_role("radio", name="简体中文").click()
    expect(instrument.locator(".name .label")).to_have_text(["a", "狗", "c%", "鱼"])
    expect(page.get_by_role("radio", name="雅可比矩阵")).to_be_visible()
    assert logits(instrument) == [0.0, 1.0, 2.0, 3.0]


def test_a_bad_link_falls_back_with_a_note_for_each_part(page: Page, server: Server) -> None:
    """What else a link may hold: tests/hostile."""
    script = "%3Cscript%3Ealert(1)%3C/script%3E"
    query = "?softmax_board_z=nan~1&softmax_board_target=7&softmax_board_t=0&softmax_board_shift=1e308"
    instrument = opened(page, server, f"{query}&softmax_board_names={script}")
    assert logits(instrument) == [2.0, 1.0, 0.1]
    expect(page.locator(".lab-notes li")).to_have_count(5)
    assert page.locator("script", has_text="alert(1)").count() == 0
