"""The lesson on the hidden layer as a learner walks through it: predictions, a goal by keys alone, one step."""

import numpy as np
from lesson import BETWEEN
from playwright.sync_api import Locator, Page, expect
from server import Server
from test_training_journey import card, on_challenge, plays, reached, to_the_end
from test_training_stage import open_lesson, stage
from waits import query_has, quiet

from ui.hidden_layer.challenges import run_on


def opened(page: Page, server: Server, query: str = "hidden_layer_stage_step=0") -> Locator:
    return open_lesson(page, f"{server.url}/hidden_layer?{query}", "training-stage", "step")


def test_the_walk_through_the_predictions(page: Page, server: Server) -> None:
    instrument = opened(page, server)
    expect(card(page)).to_have_attribute("data-open", "straight")
    card(page).get_by_role("button", name="about half of them").click()
    expect(card(page)).to_contain_text("✓ Right: about half of them")
    plays(page, run_on("xor", 0))
    query_has(page, {"hidden_layer_units": "0"})

    card(page).get_by_role("button", name="Challenge 5").click()
    on_challenge(page, "softmax", "hidden_layer")
    card(page).get_by_role("button", name="Just show me").click()
    plays(page, run_on("circles", 3, "hidden"))
    expect(card(page)).to_contain_text(f"{100 * run_on('circles', 3, 'hidden').accuracy[-1]:.1f} % are right")

    # The same run under its panels: what is measured of the three places, and one point forwards and backwards.
    page.get_by_role("radio", name="Where softmax?").click()
    expect(page.get_by_text("3 units do the work of about 2")).to_be_visible()
    page.get_by_role("radio", name="at the end").click()
    expect(instrument).to_have_attribute("data-loss", str(run_on("circles", 3).loss[-1]))
    page.get_by_role("radio", name="One step", exact=True).click()
    expect(page.locator(".st-key-training_body .lab-table")).to_contain_text("z[1] u1")
    instrument.get_by_role("button", name="Hidden unit u3").click()
    expect(page.locator(".st-key-training_body .lab-table")).to_contain_text("z[1] u3")
    page.get_by_role("radio", name="Backward: the gradient").click()
    rows = page.locator(".st-key-training_body .lab-table tbody tr").filter(has_text="dw")
    expect(rows).to_have_count(4)
    slopes = np.array([row.split()[-2:] for row in rows.all_inner_texts()])
    slopes = np.char.replace(slopes, "−", "-")
    told = [float(text) for text in slopes[:, 0] if "×" not in text]
    measured = [float(text) for text in slopes[:, 1] if "×" not in text]
    np.testing.assert_allclose(told, measured, atol=1.01e-4)


def test_a_goal_by_keys_alone_and_a_phone_uncovers_the_maps_of_which_a_question_speaks(
    page: Page, server: Server
) -> None:
    opened(page, server)
    the_names_of_the_panels_stand_in_two_rows(page)
    card(page).get_by_role("button", name="Challenge 2").press("Enter")
    on_challenge(page, "xor", "hidden_layer")
    expect(stage(page)).to_have_attribute("data-loss", str(run_on("xor", 1).loss[0]))  # before: four units
    slider, units = page.get_by_role("slider", name="Hidden units"), 4
    for now in range(1, units):
        expect(slider).to_have_attribute("aria-valuetext", str(now))
        slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", str(units))
    expect(stage(page)).to_have_attribute("data-loss", str(run_on("xor", units).loss[0]))
    quiet(page, 200)
    to_the_end(page)
    reached(page)
    assert float(stage(page).get_attribute("data-loss") or "") == run_on("xor", units).loss[-1]

    page.set_viewport_size({"width": 390, "height": 844})
    quiet(page, 200)
    the_names_of_the_panels_stand_in_two_rows(page)
    card(page).get_by_role("button", name="Challenge 5").click()
    on_challenge(page, "softmax", "hidden_layer")
    page.wait_for_function(BETWEEN, arg="units")


def the_names_of_the_panels_stand_in_two_rows(page: Page) -> None:
    names = page.locator(".st-key-hidden_layer_panel").get_by_role("radio").all()
    boxes = [name.bounding_box() or {} for name in names]
    assert [len({round(box[key]) for box in boxes}) for key in ("x", "y", "width")] == [3, 2, 1]
