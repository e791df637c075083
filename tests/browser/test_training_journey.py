"""Training as a learner walks through it: the challenges, the goals by keys alone, the column beside the stage."""

import re

import numpy as np
from lesson import card
from playwright.sync_api import Locator, Page, expect
from server import Server
from test_training_stage import opened, stage
from waits import painted, query, query_has, quiet

from softmax_core.datasets import DataSpec, make, split
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, Trajectory, train
from ui.training.data import source_of


def on_challenge(page: Page, code: str, lesson: str = "training") -> None:
    """The card shows the challenge, and Python has set the page up for it."""
    expect(card(page)).to_have_attribute("data-open", code)
    query_has(page, {f"{lesson}_challenge_open": code})


def run(spec: DataSpec, rate: float, steps: int, held: float = 0.2) -> Trajectory:
    return train(split(make(spec), held)[0], TrainConfig(GradientDescent(rate), steps=steps))


def plays(page: Page, path: Trajectory) -> None:
    """The stage plays this run by itself; nobody has to wait for its end."""
    expect(stage(page)).to_have_attribute("data-playing", "true")
    to_the_end(page)
    shows_the_end(page, path)


def shows_the_end(page: Page, path: Trajectory) -> None:
    expect(stage(page)).to_have_attribute("data-steps", str(path.steps))
    expect(stage(page)).to_have_attribute("data-step", str(path.steps))
    expect(stage(page)).to_have_attribute("data-loss", str(path.loss[-1]))


def test_the_walk_through_the_predictions(page: Page, server: Server) -> None:
    opened(page, server)
    expect(card(page)).to_have_attribute("data-open", "rate")
    stands_beside_the_stage(page)
    the_whole_stage_is_on_the_first_screen(page)
    card(page).get_by_role("button", name="it goes up and down").click()
    expect(card(page)).to_contain_text("✓ Right: it goes up and down")
    plays(page, run(DataSpec(n=300, noise=1.2), 20.0, 300))
    expect(page.get_by_role("slider", name="Learning rate")).to_have_attribute("aria-valuetext", "20")

    card(page).get_by_role("button", name="Next challenge").click()
    on_challenge(page, "border")
    the_border_is_sketched(page)

    card(page).get_by_role("button", name="Next challenge").click()
    on_challenge(page, "new_point")
    card(page).get_by_role("button", name="class 2").click()
    expect(stage(page).locator(".says .cell").nth(2).locator(".your-guess")).to_be_visible()
    to_the_end(page)
    shows_the_end(page, train(make(DataSpec("three_points")), TrainConfig(GradientDescent(0.1), steps=1000)))
    expect(card(page)).to_contain_text("The loss ends at 0.0845")

    card(page).get_by_role("button", name="Challenge 6").click()
    on_challenge(page, "growth")
    card(page).get_by_role("button", name="no, they grow on and on").click()
    expect(card(page)).to_contain_text("✓ Right")
    expect(page.locator(".st-key-training_growth .js-plotly-plot")).to_be_visible()
    query_has(page, {"training_challenge_open": "growth"})
    # What is solved is kept in the browser; a wrong answer is not.
    expect(card(page)).to_have_attribute("data-solved", "rate growth")


def line_of(page: Page) -> list[float]:
    return [float(part) for part in (stage(page).get_attribute("data-line") or "").split(",")]


def the_border_is_sketched(page: Page) -> None:
    """By mouse across the border, which is wrong, then by a click and keys; the line stays beside the learned one."""
    instrument, check = stage(page), card(page).get_by_role("button", name="Check")
    ends = [instrument.get_by_role("button", name=f"End {n} of your line") for n in (1, 2)]
    canvas = instrument.locator("canvas.plane").bounding_box()
    assert canvas is not None
    expect(instrument).to_have_attribute("data-step", "0")
    expect(check).to_be_disabled()
    for end, (across, down) in zip(ends, ((0.3, 0.65), (0.7, 0.3)), strict=True):
        handle = end.bounding_box()
        assert handle is not None
        page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
        page.mouse.down()
        to = canvas["x"] + across * canvas["width"], canvas["y"] + down * canvas["height"]
        page.mouse.move(*to, steps=5)
        page.mouse.up()
        handle = end.bounding_box()
        assert handle is not None
        assert abs(handle["x"] + handle["width"] / 2 - to[0]) < 2
    expect(check).to_be_enabled()
    quiet(page)
    drawn = line_of(page)
    # The pull would show which way, the run itself the border: neither keys nor the strip leave the beginning.
    expect(instrument.locator(".why .now")).to_contain_text("The run waits: it would show the border.")
    play = instrument.get_by_role("button", name="Play")
    expect(play).to_be_disabled()
    expect(play).to_have_attribute("title", re.compile("Sketch it first, or choose “Just show me”"))
    instrument.locator("canvas.plane").press("End")
    instrument.get_by_role("slider", name="Step of the run").click(force=True)
    # The line stays while another panel is open, and no panel and no key shows the border.
    page.get_by_role("radio", name="One step").click()
    expect(page.get_by_text("This panel would show where the border goes.")).to_be_visible()
    expect(page.get_by_role("radio", name="1 Pull of the point")).to_be_hidden()
    instrument.locator("canvas.plane").press("n")
    expect(ends[0]).to_be_visible()
    expect(instrument).to_have_attribute("data-phase", "")
    expect(instrument).to_have_attribute("data-step", "0")
    page.get_by_role("radio", name="Challenges").click()
    expect(check).to_be_enabled()
    assert line_of(page) == drawn
    check.click()
    path = run(DataSpec(n=300, n_classes=2, noise=0.8), 0.1, 300)
    expect(card(page)).to_contain_text(
        re.compile(r"learned border is [6-9]\d°\. Points on the wrong side: \d\d")
    )
    expect(ends[0]).to_be_hidden()
    expect(instrument.get_by_role("button", name="Pause")).to_be_enabled()
    plays(page, path)
    assert line_of(page) == drawn, "it stays over the learned border"

    card(page).get_by_role("button", name="Start again").click()
    expect(instrument).to_have_attribute("data-step", "0")
    expect(check).to_be_disabled()
    # A click brings the nearer end, the keys of the other one bring that to the learned border.
    page.mouse.click(canvas["x"] + 0.6 * canvas["width"], canvas["y"] + 0.9 * canvas["height"])
    expect(ends[1]).to_be_focused()
    expect(check).to_be_enabled()  # when the card has heard of the line
    before = line_of(page)
    ends[0].focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    painted(page)
    moved = line_of(page)
    assert moved[0] > before[0]
    assert moved[1] > before[1]
    assert moved[2:] == before[2:]
    expect(instrument).to_have_attribute("data-step", "0")  # arrows move the end, not the playhead
    check.press("Enter")  # at once: the line as it is now is judged
    expect(card(page)).to_contain_text("the learned border is")
    expect(instrument).to_have_attribute("data-playing", "true")


def test_goals_by_keys_alone(page: Page, server: Server) -> None:
    instrument = opened(page, server)
    card(page).get_by_role("button", name="Challenge 4").press("Enter")
    on_challenge(page, "bias")
    # The weights that it begins with come with the card, and once more with Start again.
    expect(instrument).to_have_attribute("data-loss", re.compile(r"^1\.1983"))
    instrument.get_by_role("button", name="Move weights by hand").press("Enter")
    for k in (0, 1):
        field = instrument.get_by_role("textbox", name=f"Bias of class {k}")
        box = field.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, "the biases are on the first screen, below the stage"
        field.press("Control+a")
        page.keyboard.type("0")
        field.press("Enter")
    reached(page)
    card(page).get_by_role("button", name="Start again").press("Enter")
    expect(instrument).to_have_attribute("data-loss", re.compile(r"^1\.1983"))

    card(page).get_by_role("button", name="Next challenge").press("Enter")
    on_challenge(page, "moons")
    expect(instrument).to_have_attribute("data-seen", "0")  # the curve of the loss would say how it ends
    card(page).get_by_role("button", name="Challenge 7").press("Enter")
    on_challenge(page, "outlier")
    expect(instrument).to_have_attribute("data-points", "60")
    source = source_of(DataSpec("outlier", n=60, n_classes=2, noise=0.3), 0.0)
    far = source.data.X[np.linalg.norm(source.data.X, axis=1).argmax()]
    instrument.get_by_role("button", name="Erase points").press("Enter")
    canvas = instrument.locator("canvas.plane")
    box = canvas.bounding_box()
    assert box is not None
    canvas.focus()
    x0, x1, y0, y1 = source.box
    across = ((far[0] - x0) / (x1 - x0) - 0.5) * box["width"]
    down = ((y1 - far[1]) / (y1 - y0) - 0.5) * box["height"]
    for _ in range(round(abs(across) / 8)):
        page.keyboard.press("ArrowRight" if across > 0 else "ArrowLeft")
    for _ in range(round(abs(down) / 8)):
        page.keyboard.press("ArrowDown" if down > 0 else "ArrowUp")
    page.keyboard.press("Enter")
    expect(instrument).to_have_attribute("data-points", "59")
    page.keyboard.press("Escape")
    to_the_end(page)
    reached(page)


def test_one_step_opened_while_the_run_plays_is_about_the_step_on_the_stage_and_a_page_that_is_left_sends_nothing(
    page: Page, server: Server
) -> None:
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if "delta path" in said.text else None)
    page.goto(f"{server.url}/training")
    expect(stage(page)).to_have_attribute("data-playing", "true")
    page.get_by_role("radio", name="One step", exact=True).click()
    expect(stage(page)).to_have_attribute("data-playing", "false")
    expect(stage(page)).to_have_attribute("data-told", "0")
    p = float((stage(page).get_attribute("data-p") or "").split(",")[0])
    cell = page.locator(".lab-table").nth(1).locator("tbody tr").first.locator("th, td").nth(1)
    expect(cell).to_have_text(f"{p:.3f}")
    stands_beside_the_stage(page)
    stage(page).get_by_role("button", name="Play", exact=True).click()
    expect(stage(page)).to_have_attribute("data-playing", "true")
    page.get_by_role("link", name="Images").first.click()
    expect(page.get_by_role("heading", name="Images", level=1)).to_be_visible()
    quiet(page)
    assert "training_stage_step" not in query(page)
    assert not errors


def stands_beside_the_stage(page: Page) -> None:
    """The panel that is open, on a screen of 1280 x 800."""
    instrument = stage(page)
    canvas = instrument.locator("canvas.plane").bounding_box()
    column = page.locator(".st-key-training_column").bounding_box()
    assert canvas is not None
    assert column is not None
    assert instrument.bounding_box()["width"] >= 620  # type: ignore[index]
    assert canvas["x"] + canvas["width"] < column["x"]
    assert column["y"] < 200
    assert canvas["y"] + canvas["height"] < 800


def the_whole_stage_is_on_the_first_screen(page: Page) -> None:
    picture = stage(page).get_by_role("button", name="Save picture").bounding_box()
    assert picture is not None
    assert picture["y"] + picture["height"] < 800


def to_the_end(page: Page) -> None:
    stage(page).locator("canvas.plane").focus()
    page.keyboard.press("End")


def reached(page: Page) -> None:
    expect(card(page)).to_contain_text("✓ Reached.")


def test_settings_act_while_they_move_and_are_written_and_chosen_by_pictures(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "training_panel=settings&training_l2=0.1&training_stage_step=40")
    for name in ("Classes K", "Points n", "Learning rate"):
        expect(page.get_by_role("slider", name=name)).to_be_visible()
    penalty = page.get_by_role("slider", name="L2 penalty")
    expect(penalty).to_have_count(0)
    expect(page.get_by_text("Also set, under All settings: L2 penalty: 0.1")).to_be_visible()
    quiet(page)
    slider = page.get_by_role("slider", name="Learning rate")
    box = slider.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800, "on the first screen"
    stands_beside_the_stage(page)
    the_whole_stage_is_on_the_first_screen(page)
    is_dragged_to_its_end_and_acts_on_the_way(page, slider)
    query_has(page, {"training_rate": "100"})
    data, _ = split(make(DataSpec(n=300, noise=1.2)), 0.2)
    loss = train(data, TrainConfig(GradientDescent(100.0), steps=300, l2=0.1)).loss
    expect(instrument).to_have_attribute("data-loss", str(loss[40]))
    expect(instrument).to_have_attribute("data-step", "40")
    page.get_by_text("All settings", exact=True).click()
    expect(penalty).to_be_visible()
    query_has(page, {"training_all": "true", "training_l2": "0.1"})
    a_number_out_of_bounds_gets_its_limits(page)
    data_sets_and_features_are_chosen_by_pictures(page)


def is_dragged_to_its_end_and_acts_on_the_way(page: Page, slider: Locator) -> None:
    box = slider.bounding_box()
    assert box is not None
    before = stage(page).get_attribute("data-revision") or ""
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2, steps=4)
    expect(stage(page)).not_to_have_attribute("data-revision", before)
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def a_number_out_of_bounds_gets_its_limits(page: Page) -> None:
    field = page.get_by_role("textbox", name="Points n")
    for text, sentence in {
        "1e9": "“1e9” is not a whole number from 10 to 5,000. Nothing has changed.",
        "": "Please write a number from 10 to 5,000. Nothing has changed.",
        "<b>": "“<b>” is not a whole number from 10 to 5,000.",
    }.items():
        field.fill(text)
        field.press("Enter")
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(field).to_have_value("300")
    expect(stage(page)).to_have_attribute("data-points", "300")
    field.fill("310")
    field.press("Enter")
    expect(stage(page)).to_have_attribute("data-points", "310")
    query_has(page, {"training_n": "310"})


def data_sets_and_features_are_chosen_by_pictures(page: Page) -> None:
    data = page.get_by_role("radiogroup", name="Data")
    data.get_by_role("radio", name="Iris").click()
    expect(stage(page)).to_have_attribute("data-points", "150")
    features = page.get_by_role("radiogroup", name="Features")
    vectors = stage(page).locator(".legend").get_by_text("weight vector")
    expect(vectors).to_have_count(1)
    features.get_by_role("radio", name="Radial").click()
    expect(page.get_by_text("These features first standardise the inputs")).to_be_visible()
    expect(vectors).to_have_count(0)
    query_has(page, {"training_data": "iris", "training_features": "radial"})
    assert data.locator("svg circle").count() > 200
