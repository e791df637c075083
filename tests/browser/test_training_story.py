"""What the stage says where one points, at a probe, and of one step told in five phases; all against softmax_core."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from lesson import module_page, row
from playwright.sync_api import Browser, Locator, Page, expect
from server import Server
from test_training_stage import button, default_run, expect_step, opened, stage
from waits import painted, query_has, quiet

from instruments.shared.bundle import bundle
from instruments.training_stage.packed import view_box
from softmax_core.datasets import Dataset, DataSpec, make, split
from softmax_core.functional import softmax
from softmax_core.optimizers import GradientDescent
from softmax_core.training import TrainConfig, Trajectory, train
from ui.widgets.show import number

THREE = "training_data=three_points&training_steps=1000"


def three_points(steps: int = 1000) -> Trajectory:
    return train(make(DataSpec("three_points")), TrainConfig(GradientDescent(0.1), steps=steps))


def blobs() -> Dataset:
    return make(DataSpec("blobs", n=300, n_classes=3, noise=1.2))


def on_screen(page: Page, X: np.ndarray, point: np.ndarray) -> tuple[float, float]:
    """Where a place of the plane lies on the screen, where the stage shows the points X."""
    box = stage(page).locator("canvas.plane").bounding_box()
    assert box is not None
    x0, x1, y0, y1 = view_box(X)
    u, v = (point[0] - x0) / (x1 - x0), (y1 - point[1]) / (y1 - y0)
    return box["x"] + u * box["width"], box["y"] + v * box["height"]


def sentence(page: Page) -> Locator:
    return stage(page).locator(".story p")


def written(vector: np.ndarray) -> str:
    return f"({', '.join(number(float(part)) for part in vector)})"


def bars(page: Page) -> list[float]:
    fills = stage(page).locator(".says .fill")
    return [
        float(fills.nth(k).evaluate("node => new DOMMatrix(getComputedStyle(node).transform).a"))
        for k in range(fills.count())
    ]


# --- what the model says of a place
def test_the_last_update_is_told_then_places_points_and_vectors_say_their_numbers(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, "training_stage_step=300&training_panel=story&training_phase=mean")
    at_the_last_step_the_last_update_is_told(page, instrument)
    button(page, "Close (Escape)").click()
    expect(instrument.locator(".story")).to_be_hidden()
    a_region_says_its_probabilities_as_bars_and_a_vector_its_numbers(page, instrument)
    a_test_point_tells_no_step(page, instrument)


def a_region_says_its_probabilities_as_bars_and_a_vector_its_numbers(page: Page, instrument: Locator) -> None:
    path, place = default_run(), np.array([-4.0, 4.0])
    expect(instrument.locator(".why .law")).to_contain_text(
        "Each point pulls the w by −(p − y) x. As the w turn, the border turns"
    )
    expect(instrument.locator(".why .now")).to_contain_text(
        "the border hardly moves, and the model mostly gets surer"
    )
    instrument.locator("canvas.plane").scroll_into_view_if_needed()
    page.mouse.move(*on_screen(page, blobs().X, place))
    painted(page)
    at = row(instrument, "asked")
    np.testing.assert_allclose(at, place, atol=0.3)  # the stage shows somewhat more than the points need
    z = at @ path.W[300] + path.b[300]
    p = softmax(z)
    np.testing.assert_allclose(row(instrument, "logits"), z, atol=1e-5)
    np.testing.assert_allclose(bars(page), p, atol=1e-4)
    for k, name in enumerate(("class 0", "class 1", "class 2")):
        expect(instrument.locator(".says .cell").nth(k)).to_contain_text(name)
    expect(instrument.locator(".says .cell").nth(int(np.argmax(p)))).to_have_class(re.compile("best"))
    expect(instrument.locator(".asked")).to_contain_text(f"→ class {np.argmax(p)}")
    height = instrument.locator(".answer").bounding_box()
    page.mouse.move(5, 5)
    expect(instrument.locator(".asked")).to_contain_text("What is p there?")
    assert height == instrument.locator(".answer").bounding_box()  # nothing jumps

    # The tip of a vector shows its own card.
    box = instrument.locator("canvas.plane").bounding_box()
    assert box is not None
    longest = np.linalg.norm(path.W, axis=1).max()
    scale = 0.72 * 0.42 * min(box["width"], box["height"]) / longest
    w = path.W[300][:, 1]
    page.mouse.move(box["x"] + box["width"] / 2 + scale * w[0], box["y"] + box["height"] / 2 - scale * w[1])
    tip = instrument.locator(".tip")
    expect(tip).to_be_visible()
    text = tip.inner_text().replace("−", "-")
    assert f"({w[0]:.3f}, {w[1]:.3f})" in text
    g = -path.grad_W[300][:, 1]
    numbers = [float(value) for value in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", text)]
    np.testing.assert_allclose(numbers[2:4], g, atol=6e-4)
    assert "−log" not in tip.inner_text()


def test_the_probe_asks_the_model_and_is_written_put_dragged_and_moved_by_keys(
    page: Page, server: Server
) -> None:
    instrument = opened(page, server, f"{THREE}&training_stage_step=1000&training_stage_probe=1.5~1.5")
    path = three_points()
    z = np.array([1.5, 1.5]) @ path.W[-1] + path.b[-1]
    np.testing.assert_allclose(row(instrument, "logits"), z, atol=1e-5)
    np.testing.assert_allclose(bars(page), softmax(z), atol=1e-4)
    expect(instrument.locator(".verdict")).to_contain_text(f"class {np.argmax(z)}")
    instrument.get_by_role("textbox", name="x1").fill("2,5")
    painted(page)
    np.testing.assert_allclose(
        row(instrument, "logits"), np.array([2.5, 1.5]) @ path.W[-1] + path.b[-1], atol=1e-5
    )
    query_has(page, {"training_stage_probe": "2.5~1.5"})
    instrument.get_by_role("button", name="Take the probe away").first.click()
    page.wait_for_function("() => !location.search.includes('training_stage_probe')")
    the_probe_is_put_dragged_and_moved_by_keys(page, instrument)


def the_probe_is_put_dragged_and_moved_by_keys(page: Page, instrument: Locator) -> None:
    X = make(DataSpec("three_points")).X
    instrument.locator("canvas.plane").scroll_into_view_if_needed()
    page.mouse.dblclick(*on_screen(page, X, np.array([1.5, 1.5])))
    handle = instrument.locator(".probe")
    expect(handle).to_be_visible()
    page.mouse.move(5, 5)
    painted(page)
    np.testing.assert_allclose(row(instrument, "asked"), [1.5, 1.5], atol=0.01)
    box = handle.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 80, middle[1] - 40, steps=5)
    page.mouse.up()
    page.mouse.move(5, 5)
    painted(page)
    dragged = row(instrument, "asked")
    assert dragged[0] > 1.6
    assert dragged[1] > 1.55
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    painted(page)
    moved = row(instrument, "asked")
    x0, x1, *_ = view_box(X)
    np.testing.assert_allclose(moved - dragged, [0.01 * (x1 - x0), 0.05 * (x1 - x0)], atol=0.01)
    expect_step(page, 1000)  # the arrows are the probe's
    page.keyboard.press("Delete")
    expect(handle).to_be_hidden()
    instrument.locator("canvas.plane").focus()
    page.keyboard.press("p")
    expect(handle).to_be_focused()
    page.keyboard.press("Escape")
    expect(handle).to_be_hidden()


# --- one step, slowly
def test_a_click_on_a_point_tells_its_step_in_five_phases_and_keys_do_too(page: Page, server: Server) -> None:
    instrument = opened(page, server, f"{THREE}&training_stage_step=0&training_panel=weights")
    path, data = three_points(), make(DataSpec("three_points"))
    instrument.locator("canvas.plane").scroll_into_view_if_needed()
    page.mouse.move(*on_screen(page, data.X, data.X[2]))
    expect(instrument.locator(".tip").locator("tr")).to_have_count(4)
    expect(instrument.locator(".tip")).to_contain_text("−log p")
    page.mouse.click(*on_screen(page, data.X, data.X[2]))
    expect(instrument).to_have_attribute("data-told", "2")
    expect(sentence(page)).to_contain_text("This point is class 2; the model gives class 2 p = 0.333.")
    query_has(page, {"training_panel": "story", "training_point": "2"})
    next_one = button(page, "Next")
    next_one.click()
    expect(sentence(page)).to_contain_text("All 3 training points pull on w of class 2")
    next_one.click()
    g = -path.grad_W[0][:, 2]
    expect(sentence(page)).to_contain_text(f"−∂L/∂w = ({g[0]:.3f}, {g[1]:.3f})".replace("-", "−"))
    expect(sentence(page)).to_contain_text("The mean of the 3 pulls")
    next_one.click()
    expect(sentence(page)).to_contain_text("w ← w − 0.1 · ∂L/∂w")
    expect_step(page, 0)
    next_one.click()
    expect_step(page, 1)
    expect(sentence(page)).to_contain_text(f"The loss goes from {path.loss[0]:.4f} to {path.loss[1]:.4f}.")
    query_has(page, {"training_phase": "swing", "training_stage_step": "1"})
    next_one.click()
    expect_step(page, 1)
    expect(sentence(page)).to_contain_text("This point is class 2")
    # The phases beside the stage lead through the same step.
    quiet(page)
    page.get_by_role("radio", name="5 The border follows").click()
    expect_step(page, 2)
    expect(instrument).to_have_attribute("data-phase", "swing")
    button(page, "Close (Escape)").click()
    expect(instrument.locator(".story")).to_be_hidden()
    query_has(page, {"training_panel": "weights"})
    keys_tell_the_step_too_and_quick_clicks_lose_none(page, instrument)


# Every message of the server reaches the page late, as over a slow line.
LATE = """
const add = WebSocket.prototype.addEventListener;
WebSocket.prototype.addEventListener = function (type, act, ...rest) {
  return add.call(this, type, type === "message" ? (event) => setTimeout(() => act.call(this, event), 700) : act, ...rest);
};
"""


def test_an_answer_that_is_late_does_not_bring_the_panel_or_the_phase_of_before(
    page: Page, server: Server
) -> None:
    page.add_init_script(LATE)
    instrument = opened(page, server, f"{THREE}&training_stage_step=0&training_panel=weights")
    quiet(page, 1000)
    data = make(DataSpec("three_points"))
    instrument.locator("canvas.plane").scroll_into_view_if_needed()
    button(page, "Step forward").click()
    page.mouse.click(*on_screen(page, data.X, data.X[2]))
    button(page, "Next").click()
    button(page, "Step forward").click()
    quiet(page, 1000)
    expect(instrument).to_have_attribute("data-told", "2")
    expect_step(page, 2)
    query_has(page, {"training_panel": "story"})
    # The step goes to Python after the phase, in a message that holds what the panel's controls showed before.
    page.get_by_role("radio", name=re.compile("^4 ")).click()
    expect(instrument).to_have_attribute("data-phase", "move")
    quiet(page, 1000)
    button(page, "Next").click()
    button(page, "Back").click()
    button(page, "Next").click()
    quiet(page, 1000)
    expect_step(page, 3)
    expect(instrument).to_have_attribute("data-phase", "swing")
    expect(page.get_by_role("radio", name="5 The border follows")).to_be_checked()


def keys_tell_the_step_too_and_quick_clicks_lose_none(page: Page, instrument: Locator) -> None:
    why, pull = instrument.locator(".why"), -three_points().grad_W[2, :, 0]
    expect(why).to_contain_text(f"This step moves w of class 0 by 0.1 × the mean pull {written(pull)}.")
    instrument.locator("canvas.plane").focus()
    for phase in ("pull", "all", "mean"):
        page.keyboard.press("n")
        expect(instrument).to_have_attribute("data-phase", phase)
    expect(why).to_be_hidden()  # the step is told at length
    page.keyboard.press("b")
    expect(instrument).to_have_attribute("data-phase", "all")
    query_has(page, {"training_panel": "story"})
    page.keyboard.press("Escape")
    expect(instrument).to_have_attribute("data-phase", "")
    query_has(page, {"training_panel": "weights"})
    page.keyboard.press("n")
    expect(instrument).to_have_attribute("data-phase", "pull")
    for _ in range(7):
        button(page, "Next").click(delay=0, no_wait_after=True)
    expect_step(page, 3)
    expect(instrument).to_have_attribute("data-phase", "mean")
    quiet(page)
    expect(instrument).to_have_attribute("data-phase", "mean")


def at_the_last_step_the_last_update_is_told(page: Page, instrument: Locator) -> None:
    expect(sentence(page)).to_contain_text(
        "The run ends here: this is its last update, from step 299 to step 300"
    )
    for phase in ("move", "swing"):
        button(page, "Next").click()
        expect(instrument).to_have_attribute("data-phase", phase)
    expect_step(page, 300)
    expect(sentence(page)).to_contain_text(
        re.compile(r"less than a pixel here; the largest change of a weight or bias is 0\.\d+\.")
    )
    before, after = re.findall(r"from (\S+) to (\S+)\.", sentence(page).text_content() or "")[0]
    assert before != after
    expect(button(page, "Next")).to_be_disabled()
    # From zero weights the borders are right at once: no step is worth going to. From random ones they swing.
    expect(instrument.locator(".bold")).to_be_hidden()


def test_a_step_that_moves_no_border_says_what_it_does_and_shows_one_that_does(
    page: Page, server: Server
) -> None:
    data = split(blobs(), 0.2, seed=0)[0]
    path = train(data, TrainConfig(GradientDescent(0.1), steps=300, start="random", seed=9))
    p = [softmax(data.X @ path.W[s] + path.b[s])[np.arange(data.y.size), data.y] for s in (89, 90)]
    fallen = int((p[1] - p[0]).argmin())
    query_text = f"training_start=random&training_start_seed=9&training_point={fallen}&training_panel=story"
    instrument = opened(page, server, f"{query_text}&training_phase=swing&training_stage_step=90")
    expect(sentence(page)).to_contain_text(
        f"outvote this one: its p falls from {p[0][fallen]:.4f} to {p[1][fallen]:.4f}."
    )
    most = max(np.abs(path.W[90] - path.W[89]).max(), np.abs(path.b[90] - path.b[89]).max())
    expect(sentence(page)).to_contain_text(
        f"the largest change of a weight or bias is {number(float(most), 4)}."
    )
    bold = instrument.locator(".bold")
    step = int((bold.text_content() or "").rsplit(" ", 1)[1])
    bold.click()
    expect_step(page, step + 1)
    expect(instrument).to_have_attribute("data-phase", "swing")
    expect(sentence(page)).to_contain_text("so the border swings")
    expect(bold).to_be_hidden()


def a_test_point_tells_no_step(page: Page, instrument: Locator) -> None:
    X, held = blobs().X, split(blobs(), 0.2, seed=0)[1].X
    apart = [np.sort(np.linalg.norm(X - x, axis=1))[1] for x in held]
    point = held[int(np.argmax(apart))]
    page.mouse.click(*on_screen(page, X, point + 0.03))
    painted(page)
    # Above the picture stand the numbers of the point, as in its tooltip, and not those of the pixel under the pointer.
    np.testing.assert_allclose(row(instrument, "asked"), point, atol=1e-5)
    expect(instrument.locator(".tip")).to_contain_text(number(float(point[0]), 2))
    expect(instrument).to_have_attribute("data-told", "-1")
    expect(instrument.locator(".legend")).to_contain_text("test point")


# --- the mathematics of the pulls
FACTS = """([x, y, W, b, gradW, objective, K]) => {
  const n = y.length, m = x[0].length;
  const run = { n, m, K, features: Float64Array.from(x.flat()), y: Uint8Array.from(y), isTest: new Uint8Array(n) };
  const weights = { K, m, W: Float32Array.from(W.flat()), b: Float32Array.from(b), gradW: Float32Array.from(gradW.flat()) };
  const pulls = lab.pullsOf(run, weights, objective);
  return { pulls: pulls.map((own) => own.map(({ x, y }) => [x, y])), origin: lab.originOf(pulls[0], weights, 0, objective) };
}"""


@pytest.fixture(scope="module")
def lab(browser: Browser) -> Iterator[Page]:
    text = bundle("training_stage/index.js").replace("export default function", "function")
    names = "pullsOf, originOf, plainRate, onlySurer, mixedWeights, featuresBetween, tidyInside"
    with module_page(browser, text, names) as page:
        yield page


@pytest.fixture(scope="module")
def facts(lab: Page) -> Callable[..., dict[str, Any]]:
    return lambda *values: lab.evaluate(FACTS, list(values))


@pytest.mark.parametrize("penalty", [0.0, 0.3])
def test_pulls_add_up_to_minus_the_gradient(facts: Callable[..., dict[str, Any]], penalty: float) -> None:
    data = split(blobs(), 0.2, seed=0)[0]
    path = train(data, TrainConfig(GradientDescent(0.5), steps=8, l2=penalty))
    W, b, g = path.W[5], path.b[5], path.grad_W[5]
    objective = {"l2": penalty, "l1": 0, "smoothing": 0, "classWeights": None}
    found = facts(data.X.tolist(), data.y.tolist(), W.tolist(), b.tolist(), g.tolist(), objective, 3)
    mean = np.mean(found["pulls"], axis=1)
    np.testing.assert_allclose(mean, -(g - penalty * W).T, atol=1e-6)
    assert found["origin"] == ("less" if penalty else "mean")
    found = facts(data.X.tolist(), data.y.tolist(), W.tolist(), b.tolist(), (1.3 * g).tolist(), objective, 3)
    assert found["origin"] == "batch"


RESTS = """three => {
  const weights = three.map(([W, b, gradW, gradb]) => ({ K: b.length, m: W.length, W: Float32Array.from(W.flat()),
    b: Float32Array.from(b), gradW: Float32Array.from(gradW.flat()), gradb: Float32Array.from(gradb) }));
  return lab.onlySurer(...weights);
}"""


@pytest.mark.parametrize(
    ("rate", "start", "l2", "step", "rests"),
    [
        (0.1, "random", 0.0, 5, False),  # the borders turn
        (
            0.1,
            "random",
            0.0,
            80,
            False,
        ),  # each step turns them a little, and all that are left by five degrees
        (0.1, "random", 0.0, 290, True),
        (0.001, "random", 0.0, 290, False),  # they hardly turn, but the pulls are far from balance
        (0.1, "zeros", 0.0, 0, False),  # there is none yet
        (0.1, "random", 1.0, 290, False),  # at the optimum nothing grows any more
    ],
)
def test_where_a_step_only_makes_the_model_surer(
    lab: Page, rate: float, start: Any, l2: float, step: int, rests: bool
) -> None:
    data = split(blobs(), 0.2, seed=0)[0]
    path = train(data, TrainConfig(GradientDescent(rate), steps=300, start=start, seed=9, l2=l2))
    weights = [
        [part[s].tolist() for part in (path.W, path.b, path.grad_W, path.grad_b)]
        for s in (step, step + 1, 300)
    ]
    assert lab.evaluate(RESTS, weights) is rests


def test_a_place_beyond_the_edge_is_the_last_inside(lab: Page) -> None:
    plane = {"box": [-3.3123456789, 3.3123456789, 170.25, 199.75], "width": 700, "height": 424}
    for x, y in ((-9, 0), (9, 500), (0.123456789, 180.3456789)):
        place = lab.evaluate("([plane, x, y]) => lab.tidyInside(plane, x, y)", [plane, x, y])
        assert plane["box"][0] <= place[0] <= plane["box"][1]
        assert plane["box"][2] <= place[1] <= plane["box"][3]
        assert max(len(repr(part)) for part in place) <= 8
