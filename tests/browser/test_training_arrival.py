"""The first look at Training: a run that already learns, calmly, and the place of the playhead in the link."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from flashes import OWN_CLOCK, most_flashes
from lesson import module_page, open_lesson
from playwright.sync_api import Browser, Locator, Page, expect
from server import Server
from test_training_stage import button, default_run, expect_step, opened, stage
from waits import query

from instruments.shared.bundle import bundle
from softmax_core.datasets import DataSpec, make, split
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, Trajectory, train

WATCH = """root => {
  window.seen = [];
  new MutationObserver(() => window.seen.push([performance.now(), Number(root.dataset.step)]))
    .observe(root, { attributes: true, attributeFilter: ['data-step'] });
}"""
PIXEL = """(canvas, [x, y]) => {
  const { width, height } = canvas;
  return Array.from(canvas.getContext('2d').getImageData(Math.round(x * width), Math.round(y * height), 1, 1).data.slice(0, 3));
}"""
DARK_DOTS = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] < 200) dark += 1;
  return dark;
}"""


def arrived(page: Page, server: Server, query: str = "") -> Locator:
    return open_lesson(page, f"{server.url}/training?{query}", "training-stage", "step")


def first_run() -> Trajectory:
    """The run of a page that is opened without a setting: from random weights, so that the borders turn."""
    data, _ = split(make(DataSpec("blobs", n=300, n_classes=3, noise=1.2)), 0.2, seed=0)
    return train(data, TrainConfig(GradientDescent(0.1), steps=300, start="random", seed=9))


def plane(page: Page) -> Locator:
    return stage(page).locator("canvas.plane")


def test_the_stage_already_learns_and_its_first_steps_are_slow(page: Page, server: Server) -> None:
    instrument = arrived(page, server)
    expect(instrument).to_have_attribute("data-playing", "true")
    instrument.evaluate(WATCH)
    page.wait_for_function("() => seen.length && seen.at(-1)[1] > 60")
    plane(page).focus()
    page.keyboard.press("End")
    expect_step(page, 300)
    expect(instrument).to_have_attribute("data-playing", "false")
    assert instrument.get_attribute("data-loss") == str(first_run().loss[300])
    # Whatever the browser has dropped: no early picture skips steps.
    steps = [step for _, step in page.evaluate("seen")]
    early = [step for step in steps if step <= 4]
    assert early == list(range(early[0], 5))


def test_who_wants_no_motion_sees_an_informative_step(new_page: Callable[..., Page], server: Server) -> None:
    page = new_page(reduced_motion="reduce")
    instrument = arrived(page, server)
    loss = first_run().loss
    goal = loss.min() + 0.1 * (loss[0] - loss.min())
    expect_step(page, int(np.argmax(loss <= goal)))
    expect(instrument).to_have_attribute("data-playing", "false")


def test_a_link_to_step_0_stands_still_and_a_reload_keeps_the_position(page: Page, server: Server) -> None:
    instrument = opened(page, server, "training_steps=3000&training_stage_speed=30&training_stage_step=0")
    expect(instrument).to_have_attribute("data-playing", "false")
    button(page, "Play").click()
    expect(instrument).to_have_attribute("data-step", re.compile(r"^[3-9]\d$|^\d{3}$"))
    before = int(query(page).get("training_stage_step", "0"))
    assert before > 0
    page.reload()
    expect(instrument).to_have_attribute("data-step", re.compile(r"^\d+$"))
    assert int(instrument.get_attribute("data-step") or "") >= before
    expect(instrument).to_have_attribute("data-playing", "false")


def test_before_the_first_step_nothing_is_decided(page: Page, server: Server) -> None:
    instrument = opened(page, server, "training_stage_vectors=0")
    corners = ([0.03, 0.1], [0.97, 0.1], [0.97, 0.85])
    for regions in ("soft", "hard"):
        button(page, "Restart").click()
        if regions == "hard":
            button(page, "Show hard regions").click()
        expect(instrument).to_have_attribute("data-regions", regions)
        expect(instrument).to_contain_text("undecided: p = 1/3 everywhere")
        expect(instrument).not_to_contain_text("accuracy")
        # The colour of no class, and no ring around any point. A picture that would flash waits for a third of a second.
        canvas = plane(page).element_handle()
        page.wait_for_function(f"([canvas, places]) => places.every(place => {{ const color = ({PIXEL})(canvas, place); return Math.max(...color) - Math.min(...color) <= 4; }})", arg=[canvas, corners])  # fmt: skip
        calm = plane(page).evaluate(DARK_DOTS)
        button(page, "Step forward").click()
        expect(instrument).to_contain_text("accuracy")
        more = f"([canvas, least]) => ({DARK_DOTS})(canvas) > least"
        page.wait_for_function(more, arg=[canvas, calm + 200])
        colors = [plane(page).evaluate(PIXEL, place) for place in corners]
        assert max(max(color) - min(color) for color in colors) > 8, regions


def test_a_run_that_leaps_never_flashes_more_than_three_times_a_second(page: Page, server: Server) -> None:
    rate = 20
    instrument = opened(page, server, f"training_rate={rate}")
    page.evaluate(OWN_CLOCK)
    losses = default_run(300, rate).loss
    reached = {}
    for speed, hz in (("frame", 60), ("frame", 120)):
        instrument.get_by_role("combobox", name="Speed").select_option(speed)
        button(page, "Play").evaluate("button => button.click()")
        assert most_flashes(plane(page), hz, 2) <= 3
        # The numbers do not wait for the picture, and a screen of 120 pictures a second is no faster.
        step = int(instrument.get_attribute("data-step") or "")
        assert instrument.get_attribute("data-loss") == str(losses[step])
        reached[speed, hz] = step
        button(page, "Restart").evaluate("button => button.click()")
        page.evaluate("__frames(10, 1, () => 0)")
    assert reached["frame", 60] == pytest.approx(reached["frame", 120], abs=2)
    assert reached["frame", 60] > 100


def test_the_count_of_flashes_finds_them(page: Page) -> None:
    page.set_content("<canvas width=160 height=100></canvas>")
    page.evaluate(OWN_CLOCK)
    blink = """(canvas, pause) => {
      const context = canvas.getContext("2d");
      const paint = (time) => {
        context.fillStyle = Math.floor(time / pause) % 2 ? "#777" : "#fff";
        context.fillRect(0, 0, 50, 50);
        requestAnimationFrame(paint);
      };
      requestAnimationFrame(paint);
    }"""
    canvas = page.locator("canvas")
    canvas.evaluate(blink, 100)
    assert most_flashes(canvas, 60, 2) == pytest.approx(5, abs=0.5)


PACE = """([theta, loss, K]) => {
  const steps = loss.length - 1;
  const layer = { K, m: 1, W: Float32Array.from(theta.flat()), b: new Float32Array(K * (steps + 1)) };
  const run = { steps, loss, layers: [layer] };
  return { seconds: Array.from(lab.createPace([run], steps)), telling: lab.tellingStep(run) };
}"""


@pytest.fixture(scope="module")
def lab(browser: Browser) -> Iterator[Page]:
    text = bundle("training_stage/index.js").replace("export default function", "function")
    names = "createFlashGuard, createPace, tellingStep, roundTicks, shortened, mistakes, isUndecided, twins, regionsOf, trendOf, createAnnouncer"
    with module_page(browser, text, names) as page:
        yield page


@pytest.fixture(scope="module")
def pace(lab: Page) -> Callable[..., dict[str, Any]]:
    return lambda theta, loss: lab.evaluate(PACE, [theta, loss, len(theta[0])])


def test_the_pace_follows_the_change(pace: Callable[..., dict[str, Any]]) -> None:
    fall = [1.0, 0.5, 0.25, 0.125, 0.125]
    way = [[0.0, 0.0], [4.0, 0.0], [6.0, 0.0], [7.0, 0.0], [7.0, 0.0]]
    found = pace(way, fall)
    # Shares of the way: 4/7, 2/7, 1/7 of loss and weights alike, of seven seconds; no step takes longer than 0.7.
    np.testing.assert_allclose(found["seconds"], [0, 0.7, 0.7, 0.7, 0])
    assert found["telling"] == 3
    long = [[t / 100, 0.0] for t in range(101)]
    found = pace(long, [1 - t / 100 for t in range(101)])
    np.testing.assert_allclose(found["seconds"][1:], 0.07, rtol=1e-5)
    assert found["telling"] == 90


def test_a_place_that_went_dark_stays_dark_for_a_while(lab: Page) -> None:
    watched = """(steps) => {
      const guard = lab.createFlashGuard();
      return steps.map(([now, ...light]) => {
        const may = guard.mayShow(light, now);
        if (may) guard.wasShown(light, now);
        return may;
      });
    }"""
    # One place goes dark at 100 ms: it may not come back before 433 ms, but may grow darker, and another place may change.
    steps = [
        [0, 0.7, 0.1],
        [100, 0.4, 0.1],
        [200, 0.7, 0.1],
        [250, 0.3, 0.3],
        [440, 0.7, 0.4],
        [500, 0.7, 0.1],
    ]
    assert lab.evaluate(watched, steps) == [True, True, False, True, True, False]
    # Small changes are no flash, and neither is what happens where all is light.
    assert all(
        lab.evaluate(watched, [[20 * i, 0.5 + 0.05 * (i % 2), 0.85 + 0.15 * (i % 2)] for i in range(9)])
    )
    lab.emulate_media(reduced_motion="reduce")
    assert lab.evaluate(watched, [[0, 0.7], [100, 0.4], [440, 0.7], [610, 0.7]]) == [True, True, False, True]
    lab.emulate_media(reduced_motion="no-preference")


def test_round_ticks_lie_inside_and_are_round(lab: Page) -> None:
    for low, high in ((-3.3, 3.3), (0.0001, 0.0009), (1e6, 3e6), (-1e-3, 5e5)):
        found = lab.evaluate("([low, high]) => lab.roundTicks(low, high, 8)", [low, high])
        ticks = np.array(found["ticks"])
        assert 2 <= ticks.size <= 12
        assert ((ticks >= low - 1e-9) & (ticks <= high + 1e-9)).all()
        mantissa = found["step"] / 10 ** np.floor(np.log10(found["step"]) + 1e-9)
        assert min(abs(mantissa - np.array([1, 2, 5, 10]))) < 1e-6


def test_a_long_name_of_an_axis_ends_in_dots(lab: Page) -> None:
    widths = """([text, limit]) => {
      const context = document.createElement("canvas").getContext("2d");
      context.font = "600 12px sans-serif";
      const found = lab.shortened(context, text, limit);
      return [found, context.measureText(found).width, context.measureText(`${found.slice(0, -1)}mm…`).width];
    }"""
    assert lab.evaluate(widths, ["petal length (cm)", 200])[0] == "petal length (cm)"
    for text in ("m" * 60, "iiimmm" * 400, "花瓣长度" * 30, "petal " * 30):
        found, width, longer = lab.evaluate(widths, [text, 200])
        assert found.endswith("…"), text
        assert text.startswith(found[:-1])
        assert width <= 200 < longer
    assert lab.evaluate(widths, ["mmm", 1])[0] == "…"


def test_a_tie_is_no_mistake_and_equal_classes_are_twins(lab: Page) -> None:
    weights = "{ K: 3, m: 1, W: Float32Array.from([1, 1, -1]), b: new Float32Array(3) }"
    run = "{ n: 4, features: Float64Array.from([2, 2, 0, -2]), y: [0, 2, 2, 1] }"
    # Classes 0 and 1 tie at x = 2, all at x = 0; class 2 wins at x = -2.
    assert lab.evaluate(f"lab.mistakes({run}, {weights})") == [1, 3]
    assert lab.evaluate(f"lab.twins({weights})") == [True, True, False]
    assert lab.evaluate(f"lab.isUndecided({weights})") is False
    zero = "{ K: 3, m: 1, W: new Float32Array(3), b: new Float32Array(3) }"
    assert lab.evaluate(f"lab.isUndecided({zero})") is True
    assert lab.evaluate(f"lab.mistakes({run}, {zero})") == []


def test_the_sentence_names_the_parts_of_the_plane(lab: Page) -> None:
    def regions(W: list[float], b: list[float]) -> list[tuple[int, str]]:
        found = lab.evaluate(
            "([W, b]) => lab.regionsOf({ K: b.length, m: 2, map: null }, { K: b.length, m: 2, W, b }, [-4, 4, -3, 3])",
            [W, b],
        )
        assert sum(one["share"] for one in found) == pytest.approx(1)
        return [(one["k"], one["place"]) for one in found]

    assert sorted(regions([-1, 1, 0, 0], [0, 0])) == [(0, "left"), (1, "right")]
    assert sorted(regions([0, 0, -1, 1], [0, 0])) == [(0, "lower"), (1, "upper")]
    assert regions([0, 0, 0, 0], [0, 1]) == [(1, "all")]
    # x + y > 3 is a corner.
    assert regions([0, 1, 0, 1], [3, 0]) == [(0, "most"), (1, "upper_right")]
    trends = [
        lab.evaluate("([loss, step]) => lab.trendOf(loss, step)", [[2, 1, 3, 3], step]) for step in range(4)
    ]
    assert trends == ["", "falling", "rising", "steady"]


def test_a_sentence_is_told_at_rest_and_only_when_it_is_new(lab: Page) -> None:
    told = lab.evaluate("""async () => {
      let sentence = "at first", moves = false;
      const written = [];
      const announcer = lab.createAnnouncer({ sentence: () => sentence, isMoving: () => moves, write: (text) => written.push(text) });
      const seen = [];
      const after = async (change) => {
        change();
        announcer.later();
        await new Promise((done) => setTimeout(done, 900));
        seen.push(announcer.node.textContent);
      };
      await after(() => {});
      await after(() => { sentence = "on the way"; moves = true; });
      await after(() => { sentence = "at the end"; moves = false; });
      announcer.cancel();
      return [seen, written];
    }""")
    assert told == [["", "", "at the end"], ["at first", "at the end"]]
