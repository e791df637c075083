"""The browser's forward pass through a list of layers against softmax_core.network, and what is drawn of hidden units."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from lesson import module_page
from playwright.sync_api import Browser, Page

from instruments.shared.bundle import bundle
from softmax_core.functional import softmax
from softmax_core.network import ACTIVATIONS, OUTPUTS, Layers, forward

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
