"""The browser's forward pass through a list of layers against softmax_core.network, and what is drawn of hidden units."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lesson import module_page, row
from playwright.sync_api import Browser, Page, expect
from waits import painted

from charts.style import CLASS_COLORS, signed_scales
from instruments.shared.bundle import bundle
from instruments.training_stage import StageData, StageView
from instruments.training_stage.film import film_html
from instruments.training_stage.packed import map_message, points_message, run_message, view_box
from softmax_core.datasets import DataSpec, make
from softmax_core.features import Linear
from softmax_core.functional import softmax
from softmax_core.network import ACTIVATIONS, OUTPUTS, Layers, forward
from softmax_core.optimizers import Adam
from softmax_core.training import TrainConfig, train
from ui.training.stage import stage_labels
from ui.widgets.show import number

BOX = (-3.3, 3.7, -2.0, 1.78)
# Rows of points and a grid through the same weights; the grid has more rows, so a buffer that is kept must fit each.
FORWARD = """([layers, activation, output, X, y, box]) => {
  const all = layers.map(([W, b]) => ({ K: b.length, m: W.length, W: Float64Array.from(W.flat()), b: Float64Array.from(b) }));
  const weights = { ...all.at(-1), hidden: all.slice(0, -1), activation, output };
  const run = { n: y.length, features: Float64Array.from(X.flat()), y };
  const field = lab.createField(lab.nodeGrid(box, 9, 7, null), weights.K);
  const pixels = new Uint8ClampedArray(4 * field.count);
  lab.fillField(field, weights);
  lab.paintField(pixels, field, [[255, 0, 0], [0, 255, 0], [0, 0, 255]], [0, 0, 0]);
  return JSON.stringify({
    hidden: lab.activationsOf(weights, run.features).map((a) => Array.from(a)),
    reports: y.map((_, i) => lab.pointReport(run, weights, i)), wrong: lab.mistakes(run, weights),
    asked: X.map((x) => lab.logitsOf(weights, x)),
    nodes: Array.from(field.features), field: Array.from(field.z), pixels: Array.from(pixels),
  });
}"""
LINES = """([W, b, map, box]) => lab.unitLines({ K: b.length, m: 2, W: Float64Array.from(W.flat()), b: Float64Array.from(b) }, map, box)"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    names = "activationsOf, createField, fillField, logitsOf, mistakes, nodeGrid, paintField, pointReport, unitLines"
    text = bundle("training_stage/index.js").replace("export default function", "function")
    with module_page(browser, text, names) as page:
        yield page


def random_layers(*sizes: int, scale: float = 1.0) -> Layers:
    rng = np.random.default_rng(sum(sizes))
    pairs = itertools.pairwise(sizes)
    return [(scale * rng.normal(size=(d, q)), rng.normal(size=q)) for d, q in pairs]


def passed(page: Page, layers: Layers, activation: str, output: str, X: Any, y: Any) -> dict[str, Any]:
    sent = [[np.asarray(W).tolist(), np.asarray(b).tolist()] for W, b in layers]
    result: dict[str, Any] = json.loads(
        page.evaluate(FORWARD, [sent, activation, output, X.tolist(), y.tolist(), list(BOX)])
    )
    return result


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(2, 3), (2, 5, 3), (2, 4, 6, 3)], ids=str)
def test_points_and_grid_are_those_of_python(
    page: Page, sizes: tuple[int, ...], activation: str, output: str
) -> None:
    rng = np.random.default_rng(7)
    layers, X, y = random_layers(*sizes), rng.normal(size=(40, 2)), rng.integers(0, 3, 40)
    found = passed(page, layers, activation, output, X, y)
    steps = forward(X, layers, activation, output)
    assert len(found["hidden"]) == len(steps) - 2
    for mine, theirs in zip(found["hidden"], steps[1:-1], strict=True):
        np.testing.assert_allclose(np.reshape(mine, theirs.shape), theirs, rtol=1e-12, atol=1e-14)
    W, b = layers[-1]
    Z = steps[-2] @ W + b
    np.testing.assert_allclose([report["z"] for report in found["reports"]], Z, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(found["asked"], Z, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose([report["p"] for report in found["reports"]], steps[-1], rtol=1e-12)
    losses = -np.log(steps[-1][np.arange(40), y])
    np.testing.assert_allclose([report["loss"] for report in found["reports"]], losses, rtol=1e-11)
    np.testing.assert_array_equal(found["wrong"], np.flatnonzero(Z.argmax(axis=1) != y))

    nodes = np.reshape(found["nodes"], (63, 2))
    np.testing.assert_allclose(nodes[[0, -1]], [[BOX[0], BOX[3]], [BOX[1], BOX[2]]])
    on_grid = forward(nodes, layers, activation, output)
    np.testing.assert_allclose(
        np.reshape(found["field"], (63, 3)), on_grid[-2] @ W + b, rtol=1e-12, atol=1e-13
    )
    # A pixel mixes the colours by the shares of the outputs, the darker the nearer the largest share is to a third.
    shares = on_grid[-1] / on_grid[-1].sum(axis=1, keepdims=True)
    sure = np.sqrt((3 * shares.max(axis=1, keepdims=True) - 1) / 2)
    np.testing.assert_allclose(np.reshape(found["pixels"], (63, 4))[:, :3], 255 * sure * shares, atol=1)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_large_weights_give_no_nonsense(page: Page, activation: str) -> None:
    layers = random_layers(2, 4, 3, scale=1e6)
    X = np.array([[1.0, -2.0], [0.0, 0.0], [-3.0, 5.0]])
    found = passed(page, layers, activation, "softmax", X, np.array([0, 1, 2]))
    steps = forward(X, layers, activation)
    np.testing.assert_allclose(np.reshape(found["hidden"][0], (3, 4)), steps[1], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose([softmax(np.array(r["z"])) for r in found["reports"]], steps[-1], atol=1e-12)


@pytest.mark.parametrize("standardised", [False, True])
def test_a_line_is_where_z_is_zero_and_its_arrow_points_to_more(page: Page, standardised: bool) -> None:
    rng = np.random.default_rng(3)
    W, b = rng.normal(size=(2, 60)), 2 * rng.normal(size=60)
    W[:, 0], W[0, 1], W[1, 2] = 0, 0, 0  # no line, a level one, an upright one
    shift, scale = (
        (np.array([0.4, -0.2]), np.array([2.0, 0.5])) if standardised else (np.zeros(2), np.ones(2))
    )
    sent = {"shift": shift.tolist(), "scale": scale.tolist()} if standardised else None
    lines = page.evaluate(LINES, [W.tolist(), b.tolist(), sent, list(BOX)])

    def z(k: int, places: Any) -> Any:
        x = np.column_stack(
            [BOX[0] + places[:, 0] * (BOX[1] - BOX[0]), BOX[3] - places[:, 1] * (BOX[3] - BOX[2])]
        )
        return (x - shift) / scale @ W[:, k] + b[k]

    edge = np.linspace(0, 1, 201)
    rim = np.concatenate(
        [np.column_stack(pair) for e in (0 * edge, 1 + 0 * edge) for pair in ((edge, e), (e, edge))]
    )
    assert lines[0] is None
    for k, line in enumerate(lines):
        if line is None:
            assert k == 0 or len(set(np.sign(z(k, rim)))) == 1, (
                "only a line that is not on the stage is left out"
            )
            continue
        ends = np.array([line["from"], line["to"]])
        np.testing.assert_allclose(z(k, ends), 0, atol=1e-9)
        assert (
            np.isclose(ends, 0).any(axis=1).all()
            or np.isclose(ends[~np.isclose(ends, 0).any(axis=1)], 1).any()
        )
        way = np.array(line["way"]) * [1 / (BOX[1] - BOX[0]), 1 / (BOX[3] - BOX[2])]
        assert z(k, ends.mean(axis=0, keepdims=True) + 0.01 * way)[0] > 0


def test_a_network_on_the_stage(browser: Browser, tmp_path: Path) -> None:
    """A film is the stage without a server: its points, maps and the weights of a unit, and what it does not offer."""
    data = make(DataSpec("circles", n=60, n_classes=2, seed=2))
    config = TrainConfig(Adam(0.1), steps=40, hidden=3, start="xavier", features=Linear(standardise=True))
    path = train(data, config)
    fitted, box = path.features, view_box(data.X)
    assert fitted is not None
    message = StageData(
        revision="1", run=run_message(path), box=box, view=StageView(step=0, speed="all", unit=9),
        points=points_message(data.X, data.y, np.zeros(60, bool), features=fitted.transform(data.X)),
        names=["inner", "outer"], axes=["x1", "x2"], colors=CLASS_COLORS, labels=stage_labels(), scales=signed_scales(),
        feature_map=map_message(fitted, box),
    ).message()  # fmt: skip
    file = tmp_path / "film.html"
    file.write_text(film_html(message, title="Circles", caption="", lang="en"), encoding="utf-8")
    troubles: list[str] = []
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(file.as_uri())
    stage = page.locator("[data-instrument=training-stage]")
    expect(stage).to_have_attribute("data-step", "0")
    maps = stage.get_by_role("group", name="Hidden units").get_by_role("button")
    expect(maps).to_have_count(3)
    before = [maps.nth(k).locator("canvas").evaluate("canvas => canvas.toDataURL()") for k in range(3)]
    stage.get_by_role("button", name="Play").click()
    expect(stage).to_have_attribute("data-step", "40")
    for k in range(3):
        assert maps.nth(k).locator("canvas").evaluate("canvas => canvas.toDataURL()") != before[k]

    painted(page)
    lines = stage.locator("canvas.plane").evaluate("canvas => canvas.toDataURL()")
    maps.nth(1).press("Enter")
    expect(stage).to_have_attribute("data-unit", "2")
    expect(maps.nth(1)).to_have_attribute("aria-pressed", "true")
    W, b = (part[40] for part in (path.hidden[0].W, path.hidden[0].b))
    text = stage.locator(".unit-text")
    expect(text).to_contain_text(number(float(W[0, 1]), 2))
    expect(text).to_contain_text(number(abs(float(b[1])), 2))
    expect(text.locator(".class b")).to_have_text([number(float(w), 2) for w in path.W[40, 1]])
    assert stage.locator("canvas.plane").evaluate("canvas => canvas.toDataURL()") != lines
    maps.nth(1).press("Enter")
    expect(stage).to_have_attribute("data-unit", "")

    stage.locator("canvas.plane").press(".")
    expect(stage).to_have_attribute("data-logits", re.compile("."))
    *_, a, p = forward(fitted.transform(data.X), path.layers_at(40), config.activation)
    np.testing.assert_allclose(row(stage, "logits"), (a @ path.W[40] + path.b[40])[0], atol=1e-4)
    np.testing.assert_allclose(row(stage, "p"), p[0], atol=1e-5)
    page.keyboard.press("Enter")
    expect(stage).to_have_attribute("data-told", "0")
    # No weight has a vector in the plane, so neither its story nor its editor is there.
    for absent in (".story", ".why", ".key.hand"):
        expect(stage.locator(absent)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(stage).to_have_attribute("data-told", "-1")
    page.close()
    assert not troubles, "\n".join(troubles)
