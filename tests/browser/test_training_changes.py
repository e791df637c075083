"""Changes on the way of a run: weights by hand, settings from a step on, a race, a long training that is stopped."""

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from lesson import fits_the_screen, row
from playwright.sync_api import Locator, Page, expect
from server import Server
from test_training_stage import opened, stage
from waits import PICTURES, query_has, quiet

from softmax_core.datasets import Dataset, DataSpec, make, split
from softmax_core.features import Cubic
from softmax_core.functional import softmax
from softmax_core.optimizers import Adam, GradientDescent, Momentum
from softmax_core.regression import loss_and_gradient
from softmax_core.training import Segment, TrainConfig, train, train_segments
from ui.training.data import source_of


def blobs(classes: int = 3) -> Dataset:
    return make(DataSpec("blobs", n=300, n_classes=classes, noise=1.2))


def learned(classes: int = 3) -> Dataset:
    return split(blobs(classes), 0.2, seed=0)[0]


def plain(rate: float = 0.1) -> TrainConfig:
    return TrainConfig(GradientDescent(rate), steps=300)


def shown_loss(instrument: Locator) -> float:
    return float(instrument.get_attribute("data-loss") or "nan")


def written(instrument: Locator) -> np.ndarray:
    """The numbers in the table of weights, b as the last row."""
    fields = instrument.locator(".weight-table tr:has(input)")
    rows = [fields.nth(j).locator("input") for j in range(fields.count())]
    return np.array(
        [
            [float(row.nth(k).input_value().replace("−", "-").replace(",", ".")) for k in range(row.count())]
            for row in rows
        ]
    )


def parameter(page: Page, name: str) -> str | None:
    text = page.evaluate("name => new URLSearchParams(location.search).get(name)", name)
    return None if text is None else str(text)


FIRST_COLOR = "mark => Array.from(mark.getContext('2d').getImageData(6, 6, 1, 1).data).join()"


def drag(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=6)


# --- weights by hand
def tip_of(instrument: Locator, k: int) -> tuple[float, float]:
    """Where the tip of the weight vector of class k is painted."""
    x, y = json.loads(instrument.get_attribute("data-tips") or "[]")[k]
    return x, y


def test_the_tip_of_a_vector_is_dragged_and_the_probe_sees_through_a_curved_map(
    page: Page, server: Server
) -> None:
    instrument = opened(
        page,
        server,
        "training_features=cubic&training_stage_speed=frame25&training_stage_probe=1.37~-0.81",
    )
    instrument.get_by_role("button", name="Move weights by hand").click()
    instrument.locator("canvas.plane").scroll_into_view_if_needed()
    box = instrument.locator("canvas.plane").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    revision = instrument.get_attribute("data-revision")
    drag(page, middle, (middle[0] + 120, middle[1]))  # all weights are 0: class 0 is on top
    data = learned()
    kind = Cubic(standardise=True)
    fitted = kind.fit(data.X)
    A = fitted.transform(data.X)
    held = written(instrument)
    assert held[0, 0] > 0.01
    assert np.count_nonzero(np.abs(held) > 1e-9) == 1
    assert shown_loss(instrument) == pytest.approx(
        loss_and_gradient(A, data.y, held[:-1], held[-1])[0], abs=1e-5
    )
    assert instrument.get_attribute("data-revision") == revision
    expect(instrument.locator(".readout")).to_contain_text("on test points")
    page.mouse.up()
    expect(instrument).not_to_have_attribute("data-revision", revision or "")
    page.wait_for_function("() => location.search.includes('training_stage_plan')")
    whole = train(data, TrainConfig(GradientDescent(0.1), steps=300, features=kind), (held[:-1], held[-1]))
    assert shown_loss(instrument) == pytest.approx(whole.loss[0], abs=1e-9)
    instrument.get_by_role("button", name="Play from here").click()
    expect(instrument).to_have_attribute("data-step", "300")
    assert shown_loss(instrument) == pytest.approx(whole.loss[300], abs=1e-9)
    z = fitted.transform(np.array([[1.37, -0.81]])) @ whole.W[-1] + whole.b[-1]
    np.testing.assert_allclose(row(instrument, "p"), softmax(z[0]), atol=2e-3)
    expect(instrument.locator(".says .p").first).to_contain_text("≈")
    expect(instrument.locator(".legend")).to_contain_text("two of 9 parts")


def test_a_border_is_dragged_by_its_bias_handle_and_undone_and_a_run_goes_on_from_its_end(
    page: Page, server: Server
) -> None:
    instrument = opened(
        page,
        server,
        "training_classes=2&training_steps=100&training_stage_step=100&training_stage_speed=frame25",
    )
    ended = shown_loss(instrument)
    undo = instrument.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    instrument.get_by_role("button", name="Move weights by hand").click()
    instrument.locator("canvas.plane").scroll_into_view_if_needed()
    before = written(instrument)
    box = instrument.locator("canvas.plane").bounding_box()
    assert box is not None
    x0, x1, y0, y1 = source_of(DataSpec("blobs", n=300, n_classes=2, noise=1.2), 0.2).box
    w, b = before[:2, 0] - before[:2, 1], before[2, 0] - before[2, 1]
    # The border w x + b = 0 inside the box: its two ends on the frame, its handle half-way.
    ends = [(x, -(w[0] * x + b) / w[1]) for x in (x0, x1)] + [(-(w[1] * y + b) / w[0], y) for y in (y0, y1)]
    inside = [(x, y) for x, y in ends if x0 - 1e-9 <= x <= x1 + 1e-9 and y0 - 1e-9 <= y <= y1 + 1e-9]
    assert len(inside) == 2
    place = np.mean(inside, axis=0)
    unit = box["width"] / (x1 - x0)
    handle = box["x"] + (place[0] - x0) * unit, box["y"] + (y1 - place[1]) * unit
    goal = handle[0] + 60, handle[1] + 25
    drag(page, handle, goal)
    after = written(instrument)
    np.testing.assert_allclose(after[:2], before[:2])
    assert abs(after[2] - before[2]).max() > 0.01
    there = np.array([x0 + (goal[0] - box["x"]) / unit, y1 - (goal[1] - box["y"]) / unit, 1.0])
    z = there @ after
    assert z[0] == pytest.approx(z[1], abs=0.02)
    page.mouse.up()
    expect(instrument).to_have_attribute("data-steps", "200")  # Play has somewhere to go
    moved = shown_loss(instrument)
    assert moved > ended
    expect(undo).to_be_enabled()
    instrument.get_by_role("button", name="Play", exact=True).click()
    expect(instrument).to_have_attribute("data-step", "200")
    assert shown_loss(instrument) < moved
    undo.click()
    expect(instrument).to_have_attribute("data-steps", "100")
    expect(instrument).to_have_attribute("data-loss", str(ended))
    instrument.get_by_role("button", name="Redo").click()
    expect(instrument).to_have_attribute("data-steps", "200")


def test_nothing_jumps_when_a_tip_is_let_go_and_numbers_are_written_into_the_table(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "training_stage_step=60")
    instrument.get_by_role("button", name="Move weights by hand").click()
    canvas = instrument.locator("canvas.plane")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    revision = instrument.get_attribute("data-revision")
    expect(instrument).to_have_attribute("data-tips", re.compile(".."))
    tip = tip_of(instrument, 0)
    drag(page, (box["x"] + tip[0], box["y"] + tip[1]), (box["x"] + tip[0] + 30, box["y"] + tip[1] + 20))
    held = tip_of(instrument, 0)
    page.mouse.up()
    expect(instrument).not_to_have_attribute("data-revision", revision or "")
    assert tip_of(instrument, 0) == pytest.approx(held, abs=1)
    # Two clicks do what a drag does: one on the tip, one where it should go.
    page.mouse.click(box["x"] + held[0], box["y"] + held[1])
    expect(instrument).to_contain_text("Picked up: click where it should go.")
    page.mouse.click(box["x"] + held[0] + 40, box["y"] + held[1] - 30)
    expect(instrument).not_to_contain_text("Picked up: click where it should go.")
    assert tip_of(instrument, 0) == pytest.approx((held[0] + 40, held[1] - 30), abs=1)
    quiet(page)  # Python has the weights that were let go
    numbers_are_written_into_the_table(page, instrument, 60)


def numbers_are_written_into_the_table(page: Page, instrument: Locator, step: int) -> None:
    former = shown_loss(instrument)
    field = instrument.get_by_role("textbox", name="Weight of x1 for class 1")
    field.fill("−0,75")
    expect(instrument).not_to_have_attribute("data-loss", str(former))
    data, held = learned(), written(instrument)
    assert held[0, 1] == -0.75
    assert shown_loss(instrument) == pytest.approx(
        loss_and_gradient(data.X, data.y, held[:-1], held[-1])[0], abs=1e-4
    )
    field.fill("<b>")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("1,234")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(instrument.get_by_text("“1,234” can mean 1234 or 1.234.")).to_be_visible()
    field.fill("0.5")
    expect(instrument.get_by_text("“1,234” can mean")).to_be_hidden()
    field.press("ArrowUp")
    expect(field).to_have_value("0.6")
    revision = instrument.get_attribute("data-revision")
    field.press("Enter")
    expect(instrument).not_to_have_attribute("data-revision", revision or "")
    page.wait_for_function("() => location.search.includes('training_stage_plan=')")
    weights = tuple(tuple(row) for row in written(instrument))
    run = train_segments(data, [Segment(0, plain()), Segment(step, plain(), weights)])
    expect(instrument).to_have_attribute("data-steps", "300")
    assert shown_loss(instrument) == pytest.approx(run.loss[step], abs=1e-9)
    # Step 0 is what it always was.
    instrument.get_by_role("button", name="Restart").click()
    expect(instrument).to_have_attribute("data-loss", str(run.loss[0]))
    assert run.loss[0] == pytest.approx(np.log(3), abs=1e-12)


def test_a_number_that_is_being_written_when_the_answer_to_another_comes_is_kept(
    page: Page, fresh_server: Callable[..., Server]
) -> None:
    instrument = opened(page, fresh_server(module="bench.support.late"), "training_stage_step=60")
    quiet(page)
    instrument.get_by_role("button", name="Move weights by hand").click()
    revision = instrument.get_attribute("data-revision") or ""
    first, second = (instrument.get_by_role("textbox", name=f"Weight of x{j} for class 1") for j in (1, 2))
    first.fill("0.5")
    first.blur()
    second.fill("−0.75")
    expect(instrument).not_to_have_attribute("data-revision", revision)
    data, held = learned(), written(instrument)
    assert held[:2, 1].tolist() == [0.5, -0.75]
    assert shown_loss(instrument) == pytest.approx(
        loss_and_gradient(data.X, data.y, held[:-1], held[-1])[0], abs=1e-4
    )
    second.blur()
    run = train_segments(data, [Segment(0, plain()), Segment(60, plain(), tuple(map(tuple, held)))])
    expect(instrument).to_have_attribute("data-loss", str(run.loss[60]))


# --- settings from a step on
def test_quick_changes_from_here_keep_the_playhead_and_leave_a_ghost_and_a_link_brings_both(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "training_panel=settings&training_all=true&training_stage_step=50")
    page.get_by_role("radio", name="from this step").click()
    query_has(page, {"training_change": "here"})
    page.get_by_role("slider", name="Learning rate").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(60)
    query_has(page, {"training_rate": "1"})
    quiet(page)
    page.keyboard.press("ArrowRight")
    query_has(page, {"training_rate": "2"})
    quiet(page, 200)
    expect(instrument).to_have_attribute("data-step", "50")
    old = train_segments(learned(), [Segment(0, plain()), Segment(50, plain(1.0))])
    new = train_segments(learned(), [Segment(0, plain()), Segment(50, plain(2.0))])
    instrument.locator("canvas.plane").focus()
    for key, step in (("Home", 0), ("End", 300)):
        page.keyboard.press(key)
        expect(instrument).to_have_attribute("data-step", str(step))
        expect(instrument).to_have_attribute("data-loss", str(new.loss[step]))
        expect(instrument).to_have_attribute("data-ghost-loss", str(old.loss[step]))
    page.get_by_text("Compared with the run before").click()
    row = page.locator(".lab-table tr", has_text="Learning rate")
    expect(row.locator("th, td")).to_have_text(["Learning rate", "1", "2"])
    end = page.locator(".lab-table tr", has_text="loss at the end")
    expect(end.locator("th, td").nth(1)).to_have_text(f"{old.loss[300]:.4f}")
    expect(end.locator("th, td").nth(2)).to_have_text(f"{new.loss[300]:.4f}")
    page.wait_for_function("() => location.search.includes('training_stage_step=300')")
    assert parameter(page, "training_stage_plan") == "0!rate=0.1~50"
    page.reload()
    expect(instrument).to_have_attribute("data-loss", str(new.loss[300]))
    expect(instrument).to_have_attribute("data-ghost-loss", str(old.loss[300]))

    page.get_by_role("radio", name="from step 0").click()
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    page.wait_for_function("() => !location.search.includes('training_stage_plan')")
    expect(instrument).to_have_attribute("data-loss", str(train(learned(), plain(3.0)).loss[300]))
    expect(instrument).to_have_attribute("data-ghost-loss", str(new.loss[300]))
    page.get_by_text("Compared with the run before").click()
    page.get_by_role("button", name="Clear comparison").click()
    expect(instrument).to_have_attribute("data-ghost-loss", "")


# --- a race
def test_four_lanes_under_one_playhead_also_on_a_phone(page: Page, server: Server) -> None:
    page.goto(
        f"{server.url}/training?training_mode=race&training_lanes=4&training_lane4_rate=0.5&training_race_speed=frame25"
    )
    instrument = page.locator("[data-instrument=race-stage]")
    expect(instrument).to_have_attribute("data-steps", "300")
    expect(instrument.locator("canvas.plane")).to_have_count(4)
    rules = [GradientDescent(0.1), Adam(0.1), Momentum(0.1)]
    paths = [train(learned(), TrainConfig(rule, steps=300)) for rule in rules]
    expect(page.locator(".lab-table tbody tr").nth(1).locator("th, td").nth(2)).to_have_text("…")
    expect(instrument.get_by_text("loss 1.0986 · undecided")).to_have_count(
        4
    )  # equal classes: no accuracy yet
    instrument.get_by_role("button", name="Step forward", exact=True).click()
    expect(instrument).to_have_attribute("data-step", "1")
    expect(instrument.get_by_text("undecided")).to_have_count(0)
    instrument.get_by_role("button", name="Play", exact=True).click()
    expect(instrument).to_have_attribute("data-step", "300")
    expect(instrument).to_have_attribute("data-playing", "false")
    marks = [instrument.locator(".mark").nth(i).evaluate(FIRST_COLOR) for i in range(4)]
    assert len(set(marks)) == 4  # by colour, and by dashes
    losses = [float(x) for x in (instrument.get_attribute("data-losses") or "").split(",")]
    assert len(losses) == 4
    assert losses[:3] == [path.loss[300] for path in paths]
    best = instrument.locator(".lane").nth(int(np.argmin(losses)))
    expect(best).to_have_class(re.compile("best"))
    rows = page.locator(".lab-table tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(1).locator("th, td").nth(2)).to_have_text(f"{paths[1].loss[300]:.4f}")
    query_has(page, {"training_race_step": "300"})
    # What each lane shows is said. Who wants little motion sees two pictures a second at the most.
    expect(instrument.get_by_role("img").first).to_have_accessible_name(re.compile(f"loss {losses[0]:.4f}"))
    page.set_viewport_size({"width": 390, "height": 844})
    for lane in range(4):
        box = instrument.locator("canvas.plane").nth(lane).bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
        assert box["width"] > 150
    fits_the_screen(page)
    page.emulate_media(reduced_motion="reduce")
    instrument.get_by_role("button", name="Restart").click()
    assert (
        instrument.locator("canvas.plane").first.evaluate(
            PICTURES, instrument.get_by_role("button", name="Play").element_handle()
        )
        <= 4
    )


# --- what takes long
def test_a_long_training_is_stopped_and_goes_on_when_it_is_asked_for(page: Page, server: Server) -> None:
    page.goto(
        f"{server.url}/training?training_n=100&training_classes=8&training_features=cubic"
        "&training_optimizer=newton&training_steps=5000"
    )
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(page.get_by_text(re.compile(r"Training: step [1-9]\d* of 5000"))).to_be_visible()
    stop.click()
    expect(page.get_by_text("by you: what was done is kept")).to_be_visible()
    steps = int(stage(page).get_attribute("data-steps") or "")
    assert 0 < steps < 5000
    # Another control leaves what was kept alone; going back finds it.
    page.get_by_role("radio", name="Weights").click()
    expect(stage(page)).to_have_attribute("data-steps", str(steps))
    page.get_by_role("button", name="Compute the whole run").click()
    stop.click()
    expect(page.get_by_text("by you: what was done is kept")).to_be_visible()
