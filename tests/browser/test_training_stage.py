"""The training stage in Chromium: playing, scrubbing, links, and numbers that are softmax_core's."""

import re

from lesson import fits_the_screen, open_lesson
from playwright.sync_api import Browser, Locator, Page, expect
from server import Server
from waits import quiet

from softmax_core.datasets import DataSpec, held_back, make, split
from softmax_core.optimizers import GradientDescent
from softmax_core.training import Segment, TrainConfig, Trajectory, train
from ui.training import export
from ui.training.edits import edited
from ui.training.points import Source
from ui.training.run import trained


def stage(page: Page) -> Locator:
    return page.locator("[data-instrument=training-stage]")


def opened(page: Page, server: Server, query: str = "") -> Locator:
    """The stage at rest: without a place in the link it would play on arrival."""
    if "training_stage_step" not in query:
        query += "&training_stage_step=0"
    return open_lesson(page, f"{server.url}/training?{query}", "training-stage", "step")


def button(page: Page, name: str) -> Locator:
    return stage(page).get_by_role("button", name=name, exact=True)


def default_run(steps: int = 300, rate: float = 0.1) -> Trajectory:
    data, _ = split(make(DataSpec("blobs", n=300, n_classes=3, noise=1.2)), 0.2, seed=0)
    return train(data, TrainConfig(GradientDescent(rate), steps=steps))


def expect_step(page: Page, step: int) -> None:
    expect(stage(page)).to_have_attribute("data-step", str(step))


def test_every_way_to_move_the_playhead(page: Page, server: Server) -> None:
    instrument = opened(page, server)
    path = default_run()
    expect(instrument).to_have_attribute("data-steps", "300")
    button(page, "Step forward").click()
    button(page, "Step forward").click()
    button(page, "Step back").click()
    expect_step(page, 1)
    assert float(instrument.get_attribute("data-loss") or "") == path.loss[1]
    instrument.locator("canvas.plane").focus()
    for key, step in [("ArrowRight", 2), ("End", 300), ("ArrowLeft", 299), ("Home", 0)]:
        page.keyboard.press(key)
        expect_step(page, step)
    scrub = instrument.get_by_role("slider", name="Step of the run")
    box = scrub.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    expect(scrub).not_to_have_attribute("aria-valuenow", "0")
    middle = int(instrument.get_attribute("data-step") or "")
    assert 130 < middle < 160
    expect(scrub).to_have_attribute("aria-valuenow", str(middle))
    assert float(instrument.get_attribute("data-loss") or "") == path.loss[middle]
    scrub.press("PageUp")
    expect_step(page, middle + 15)
    button(page, "Restart").click()
    expect_step(page, 0)
    # The whole run at once, and a second Play from the start.
    speed = instrument.get_by_role("combobox", name="Speed")
    speed.select_option("all")
    button(page, "Play").click()
    expect_step(page, 300)
    speed.select_option("5 per second")
    button(page, "Play").click()
    expect(instrument).to_have_attribute("data-step", re.compile(r"^\d$"))


def test_play_runs_to_the_end_and_python_follows_and_hears_nothing_late_after_the_way_back(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "training_panel=weights")
    path = default_run()
    button(page, "Play").click()
    expect(instrument).to_have_attribute("data-playing", "true")
    expect(instrument).not_to_have_attribute("data-step", "0")
    button(page, "Pause").click()
    expect(instrument).to_have_attribute("data-playing", "false")
    reached = int(instrument.get_attribute("data-step") or "")
    assert reached > 0
    instrument.get_by_role("combobox", name="Speed").select_option("frame25")
    instrument.locator("canvas.plane").focus()
    # At 25 steps a frame it plays for a fifth of a second: too short to be looked at, so it is watched.
    instrument.evaluate(
        "(stage) => new MutationObserver(() => { window.played ||= stage.dataset.playing === 'true'; }).observe(stage, { attributes: true })"
    )
    page.keyboard.press("Space")
    expect_step(page, 300)
    assert page.evaluate("window.played")
    expect(instrument).to_have_attribute("data-playing", "false")
    cell = page.locator(".lab-table tbody tr").first.locator("th, td").nth(1)
    expect(cell).to_have_text(f"{path.W[300, 0, 0]:.4f}".replace("-", "−"))
    page.wait_for_function("() => location.search.includes('training_stage_step=300')")
    # Python hears of a playing run now and then; the step that waits for its turn is older than the one chosen by hand.
    instrument.get_by_role("combobox", name="Speed").select_option("change")
    button(page, "Play").click()
    expect(instrument).to_have_attribute("data-step", re.compile(r"^[1-9]\d$"))
    button(page, "Restart").click()
    expect(instrument).to_have_attribute("data-playing", "false")
    expect_step(page, 0)
    page.wait_for_timeout(2000)  # the longest that a message of a playing run waits
    quiet(page)
    expect(page.get_by_text("Step 0: the largest curvature")).to_be_visible()


def test_the_crosshair_keeps_its_place_in_the_picture_when_the_window_is_made_narrow(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server)
    instrument.get_by_role("button", name="Add points").click()
    plane, cross = instrument.locator("canvas.plane"), instrument.locator(".cross")
    plane.focus()
    for _ in range(50):
        page.keyboard.press("ArrowRight")

    def share() -> float:
        at, inside = cross.bounding_box(), plane.bounding_box()
        assert at is not None
        assert inside is not None
        return (at["x"] + at["width"] / 2 - inside["x"]) / inside["width"]

    before = share()
    assert before > 0.9
    page.set_viewport_size({"width": 390, "height": 844})
    expect(instrument).to_be_visible()
    quiet(page)
    assert abs(share() - before) < 0.01
    fits_the_screen(page)


HELD = """async () => {
  const root = document.querySelector("[data-instrument=training-stage]");
  const press = async (name) => {
    [...root.querySelectorAll("button")].find((button) => [button.textContent, button.ariaLabel, button.title].includes(name)).click();
    await new Promise((done) => setTimeout(done, 40));
  };
  for (let i = 0; i < 4; i++) await press("Step forward");
  const by_hand = [...told];
  const speed = root.querySelector("select");
  speed.value = "30";
  speed.dispatchEvent(new Event("change"));
  for (let i = 0; i < 3; i++) {
    const before = root.dataset.step;
    await press("Play");
    for (let j = 0; j < 60 && root.dataset.step === before; j++) await new Promise(requestAnimationFrame);
    await press("Pause");
  }
  const played = [...told];
  window.dispatchEvent(new Event("lab-answer"));
  for (let j = 0; j < 400 && told.length === played.length; j++) await new Promise((done) => setTimeout(done, 5));
  return [by_hand, played, told, Number(root.dataset.step)];
}"""


def test_the_stage_has_one_message_under_way_and_then_tells_where_it_is(browser: Browser) -> None:
    """On a page whose server begins no run until it answers: by hand, and while it plays and is stopped again and again."""
    data = make(DataSpec(n=60))
    points = edited(Source("sixty", data, held_back(data.y, 0.2)), ())
    film = export.film(trained(points, (Segment(0, TrainConfig(steps=300)),)), "en")
    said = "setStateValue(_, state) { told.push(state.step); }"
    page = browser.new_page()
    page.set_content(
        film.replace("setStateValue() {}", said).replace(
            "<body>", "<body data-test-script-state='notRunning'><script>window.told = [];</script>"
        )
    )
    by_hand, played, told, step = page.evaluate(HELD)
    page.close()
    assert by_hand == played
    assert len(by_hand) == 1
    assert told == [*by_hand, step]
