"""The grey picture under a real pointer: what it shows, what Python hears, what the link keeps."""

import re

import numpy as np
from lesson import number, open_lesson, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from waits import query_has, quiet

from softmax_core.functional import softmax
from softmax_core.layers import TYPICAL, grey_pictures
from softmax_core.losses import cross_entropy


def opened(page: Page, server: Server, query: str = "") -> Locator:
    return open_lesson(page, f"{server.url}/linear_layer{query}", "grey-picture", "logits")


def becomes(instrument: Locator, name: str, index: int, wanted: float) -> None:
    """The number is painted on the next frame, not at once."""
    instrument.page.wait_for_function(
        "([node, name, index, wanted]) => Math.abs(Number(node.dataset[name].split(',')[index]) - wanted) < 1e-9",
        arg=[instrument.element_handle(), name, index, wanted],
    )


def check_numbers(instrument: Locator) -> None:
    """Everything the picture claims follows from its pixels, weights and biases, by NumPy and softmax_core."""
    x, b = row(instrument, "pixels"), row(instrument, "biases")
    W = row(instrument, "weights").reshape(4, 3)
    z = x @ W + b
    np.testing.assert_allclose(row(instrument, "logits"), z, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(row(instrument, "probabilities"), softmax(z), rtol=1e-12)
    target = int(number(instrument, "target"))
    np.testing.assert_allclose(
        number(instrument, "loss"), cross_entropy(z[None], [target]), rtol=1e-10, atol=1e-12
    )


def test_painting_by_mouse_moves_picture_panel_and_link_and_python_hears_ten_times_a_second_at_most(
    page: Page, server: Server
) -> None:
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda data: frames.append(str(data)[:50])))
    instrument = opened(page, server, "?linear_layer_panel=boundary")
    check_numbers(instrument)
    quiet(page)
    pixel = page.get_by_role("slider", name="Grey of the pixel bottom left")
    box = pixel.bounding_box()
    assert box is not None
    before = len(frames)
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    start = page.evaluate("performance.now()")
    for k in range(15):
        page.mouse.move(box["x"] + 40, box["y"] + 40 - k * 4)
    page.mouse.move(box["x"] + 40, box["y"] - 40)
    page.mouse.up()
    seconds = (page.evaluate("performance.now()") - start) / 1000
    becomes(instrument, "pixels", 2, 0.6)
    check_numbers(instrument)
    query_has(page, {"linear_layer_pad_x": "0.9~0.8~0.6~0.2"})
    expect(page.get_by_text(re.compile("Between cat and (bird|dog)"))).to_be_visible()
    quiet(page)
    assert 1 <= len(frames) - before <= 10 * seconds + 2
    pixel.click()
    becomes(instrument, "pixels", 2, 0)
    pixel.click(
        position={"x": 0.5 * box["width"], "y": box["height"] - 8}
    )  # its line: no drag is needed for a grey
    becomes(instrument, "pixels", 2, 0.5)
    check_numbers(instrument)


def keys_and_presets_change_the_picture(page: Page, instrument: Locator) -> None:
    # Keys move between the pixels and change the grey.
    page.get_by_role("slider", name="Grey of the pixel top left").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    lowest = page.get_by_role("slider", name="Grey of the pixel bottom right")
    expect(lowest).to_be_focused()
    for key in ("+", "+", "-"):
        page.keyboard.press(key)
    becomes(instrument, "pixels", 3, 0.25)
    expect(lowest).to_have_attribute("aria-valuenow", "0.25")
    page.keyboard.press("End")
    page.keyboard.press("+")
    becomes(instrument, "pixels", 3, 1)
    instrument.locator(".answer summary").click()
    for k, name in enumerate(("cat", "dog", "bird")):
        page.get_by_role("button", name=f"A typical {name}").click()
        expect(instrument).to_have_attribute("data-target", str(k))
        expect(instrument).to_have_attribute("data-pixels", ",".join(f"{x:g}" for x in TYPICAL[k]))
        assert int(np.argmax(row(instrument, "probabilities"))) == k
        assert max(row(instrument, "probabilities")) > 0.85
        one_hot = f"({', '.join(str(int(j == k)) for j in range(3))})"
        expect(instrument.get_by_text(one_hot, exact=True)).to_be_visible()
        expect(instrument.locator(".pick[aria-pressed=true]")).to_have_text(name)
        expect(instrument.locator(".answer")).to_contain_text(
            f"label (number of the true class): {k + 1}"
        )  # from 1, as in the formulas
        check_numbers(instrument)


def lit(instrument: Locator) -> tuple[list[str], list[str], list[str]]:
    """What is lit of the pixels, the weights and the terms of the sum."""
    pixels = instrument.locator(".pixel.active").all()
    dials = instrument.locator(".dial.active [role=spinbutton]").all()
    names = [[str(node.get_attribute("aria-label")) for node in nodes] for nodes in (pixels, dials)]
    return names[0], names[1], instrument.locator(".term.active").all_inner_texts()


def test_edge_weight_pixel_and_term_light_up_together_and_weights_keys_and_presets_change_them(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server)
    expect(page.locator("[data-instrument=minibatch]")).to_have_count(0)  # a first look has the picture alone
    together = (
        ["Grey of the pixel top right"],
        ["Weight from the pixel top right to dog"],
        ["0.80·(−2.40)"],
    )
    net = instrument.locator("svg.net").bounding_box()
    assert net is not None
    unit = net["width"] / 366  # the width of the drawing in its own units
    page.mouse.move(
        net["x"] + 50 * unit, net["y"] + (70 + 50 * (14 / 91)) * unit
    )  # on the edge from pixel 2 to class 2
    expect(instrument).to_have_attribute("data-active", "1,1")
    assert lit(instrument) == together
    expect(instrument.locator(".edge.active")).to_have_count(1)
    page.mouse.move(5, 5)
    expect(instrument).to_have_attribute("data-active", "")
    instrument.get_by_role("spinbutton", name="Weight from the pixel top right to dog").focus()
    expect(instrument).to_have_attribute("data-active", "1,1")
    assert lit(instrument) == together
    term = instrument.locator(".term").first
    term.focus()
    expect(instrument).to_have_attribute("data-active", "0,1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(instrument).to_have_attribute("data-active", "1,2")
    page.keyboard.press("ArrowUp")
    expect(instrument).to_have_attribute("data-active", "1,1")
    assert lit(instrument) == together
    instrument.get_by_role("slider", name="Grey of the pixel top right").focus()
    expect(instrument.locator(".edge.active")).to_have_count(3)
    expect(instrument.locator(".dial.active")).to_have_count(3)
    a_weight_is_stepped_dragged_typed_and_refused(page, instrument)
    page.get_by_role("button", name="Reset").click()
    keys_and_presets_change_the_picture(page, instrument)


def a_weight_is_stepped_dragged_typed_and_refused(page: Page, instrument: Locator) -> None:
    dial = page.get_by_role("spinbutton", name="Weight from the pixel top left to dog")
    page.get_by_role("button", name="Weight from the pixel top left to dog + 0.1").click()
    becomes(instrument, "weights", 1, 2.2)
    box = dial.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] - 30, box["y"] + 10, steps=6)
    page.mouse.up()
    becomes(instrument, "weights", 1, 1.2)
    dial.press("Enter")
    page.keyboard.type("−1,75")
    page.keyboard.press("Enter")
    becomes(instrument, "weights", 1, -1.75)
    check_numbers(instrument)
    for text in ("21", "NaN"):
        dial.press("Enter")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        becomes(instrument, "weights", 1, -1.75)
        expect(page.get_by_text(f"“{text}” is no number")).to_be_visible()
    page.get_by_role("spinbutton", name="Bias of bird").press("PageUp")
    becomes(instrument, "biases", 2, 1)
    check_numbers(instrument)


def test_a_minibatch_is_made_one_row_times_one_column(page: Page, server: Server) -> None:
    instrument = opened(page, server, "?linear_layer_n=4&linear_layer_batch_seed=7")
    batch = page.locator("[data-instrument=minibatch]")
    for part in (instrument, page.locator("[data-instrument=challenges]"), batch.locator(".matrices")):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, "on a laptop picture, card and panel are on one screen"
    X, y = grey_pictures(4, 7)
    Z = X @ row(instrument, "weights").reshape(4, 3) + row(instrument, "biases")
    np.testing.assert_allclose(row(batch, "z"), Z.ravel(), atol=1e-12)
    np.testing.assert_allclose(row(batch, "p"), softmax(Z).ravel(), rtol=1e-10)
    right = int((Z.argmax(axis=1) == y).sum())
    expect(batch.get_by_text(f"Accuracy: {right} of 4 right = {25 * right:.1f} %")).to_be_visible()
    batch.get_by_role("button", name="Cell of Z: row 3, bird").click()
    expect(batch).to_have_attribute("data-cell", "3,2")
    expect(batch.locator(".of-X td.on")).to_have_text([f"{x:.2f}" for x in X[2]])
    expect(batch.locator(".of-W td.on")).to_have_text(["−2.00", "−1.60", "2.30", "1.70"])
    query_has(page, {"linear_layer_row": "3", "linear_layer_column": "2"})
    beats = batch.evaluate_handle(
        """(root) => {
          const seen = [];
          new MutationObserver(() => seen.push([root.dataset.cell, root.dataset.beat].join(":"))).observe(root, { attributeFilter: ["data-beat"] });
          return seen;
        }"""
    )
    batch.get_by_role("button", name="Play").click()
    expect(batch).to_have_attribute("data-cell", "4,0")
    made = [beat for beat in dict.fromkeys(beats.json_value()) if beat.startswith("3,2:")]
    assert made == [f"3,2:{beat}" for beat in range(6)]  # four products and the bias
    batch.get_by_role("button", name="Pause").click()
    expect(batch).to_have_attribute("data-playing", "false")
    seed = batch.get_by_role("textbox", name="Random batch no.")
    seed.fill("1e9")
    seed.press("Enter")
    expect(batch.get_by_text("“1e9” is not a number from 0 to 9999")).to_be_visible()
    seed.fill("8")
    seed.press("Enter")
    expect(batch.locator(".of-X td:not(.plain)").first).to_have_text(f"{grey_pictures(4, 8)[0][0, 0]:.2f}")


def test_without_motion_the_minibatch_goes_step_by_step(new_page, server: Server) -> None:
    page = new_page(reduced_motion="reduce")
    opened(page, server, "?linear_layer_panel=batch")
    batch = page.locator("[data-instrument=minibatch]")
    expect(batch.get_by_role("button", name="Play")).to_be_hidden()
    for beat in range(1, 6):
        batch.get_by_role("button", name="One step").click()
        expect(batch).to_have_attribute("data-beat", str(beat))
    expect(batch).to_have_attribute("data-cell", "1,0")
    batch.get_by_role("button", name="One step").click()
    expect(batch).to_have_attribute("data-cell", "1,1")
