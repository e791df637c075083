"""The browser's curved regions against NumPy: borders lie where two logits are equal, regions fill the stage."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from lesson import module_page
from playwright.sync_api import Browser, Page

from instruments.shared.bundle import bundle
from instruments.training_stage.packed import grid_size, map_message
from softmax_core.features import Cubic, FeatureMap, Linear, Quadratic, RadialBasis, Sine

BOX = (-3.3, 3.3, -2.0, 2.0)
# Long lists cross the border as one text: as values of their own they take seconds.
TRACE = """([map, W, b, K, m, box]) => {
  const bytes = Uint8Array.from(atob(map.features), (char) => char.charCodeAt(0));
  const field = lab.createField({ ...map, features: new Float32Array(bytes.buffer) }, K);
  lab.fillField(field, { K, m, W: Float64Array.from(W), b: Float64Array.from(b) });
  const { runs, parts, lines } = lab.traceField(field, true);
  const slopes = lab.gradientField(field, 0, box, 8);
  return JSON.stringify({ z: Array.from(field.z), winner: Array.from(field.winner), runs, parts, lines: Array.from(lines), slopes });
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    names = "createField, fillField, traceField, gradientField, borders, planeWeights, createQueue, withWaiting, tidyPlace"
    text = bundle("training_stage/index.js").replace("export default function", "function")
    with module_page(browser, text, names) as page:
        yield page


@pytest.fixture(scope="module")
def trace(page: Page) -> Callable[..., dict[str, Any]]:
    def run(kind: FeatureMap, W: np.ndarray, b: np.ndarray) -> dict[str, Any]:
        fitted = kind.fit(np.random.default_rng(0).normal(size=(50, 2)))
        message = map_message(fitted, BOX)
        assert message is not None
        columns, rows = message["columns"], message["rows"]
        sent = {"columns": columns, "rows": rows, "features": message["features"]}
        m, K = W.shape
        found = json.loads(page.evaluate(TRACE, [sent, W.ravel().tolist(), b.tolist(), K, m, list(BOX)]))
        return found | {"fitted": fitted, "columns": columns, "rows": rows}

    return run


def to_data(points: np.ndarray, columns: int, rows: int) -> np.ndarray:
    x = BOX[0] + points[:, 0] / (columns - 1) * (BOX[1] - BOX[0])
    y = BOX[3] - points[:, 1] / (rows - 1) * (BOX[3] - BOX[2])
    return np.column_stack([x, y])


def area(polygon: list[list[float]]) -> float:
    x, y = np.array([point[:2] for point in polygon], dtype=float).T
    return 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))


MAPS = [Quadratic(), Cubic(standardise=True), Sine(2.0), RadialBasis(4), RadialBasis(8, 0.8)]


@pytest.mark.parametrize("kind", MAPS, ids=repr)
@pytest.mark.parametrize("K", [2, 10])
def test_regions_and_borders(trace: Callable[..., dict[str, Any]], kind: FeatureMap, K: int) -> None:
    rng = np.random.default_rng(K)
    m = kind.fit([[0.0, 0.0], [1.0, 1.0]]).size
    W, b = rng.normal(size=(m, K)), np.zeros(K)
    result = trace(kind, W, b)
    columns, rows, fitted = result["columns"], result["rows"], result["fitted"]
    nodes = to_data(np.array([[c, r] for r in range(rows) for c in range(columns)]), columns, rows)
    Z = fitted.transform(nodes) @ W + b
    np.testing.assert_allclose(
        np.array(result["z"]).reshape(-1, K), Z, rtol=1e-4, atol=1e-4 * np.abs(Z).max()
    )
    assert (np.array(result["winner"]) == Z.argmax(axis=1)).mean() > 0.999

    # On a border two logits are equal up to what bends within one cell.
    ends = np.array(result["lines"]).reshape(-1, 2)
    assert len(ends) > 20
    at = fitted.transform(to_data(ends, columns, rows)) @ W + b
    first, second = np.sort(at, axis=1)[:, -1], np.sort(at, axis=1)[:, -2]
    steps = np.abs(np.diff(Z.reshape(rows, columns, K), axis=1)).max(axis=(0, 1)).max()
    assert np.quantile(first - second, 0.9) < 0.15 * steps

    # Together the regions fill the stage once, and each has the area of its class.
    areas = np.zeros(K)
    for k in range(K):
        areas[k] += sum(end - begin for begin, end, _row in result["runs"][k])
        areas[k] += sum(area(part) for part in result["parts"][k] if len(part) > 2)
    assert areas.sum() == pytest.approx((columns - 1) * (rows - 1), rel=1e-9)
    fine = np.column_stack(
        [axis.ravel() for axis in np.meshgrid(np.linspace(*BOX[:2], 400), np.linspace(*BOX[2:], 240))]
    )
    shares = np.bincount((fitted.transform(fine) @ W + b).argmax(axis=1), minlength=K) / len(fine)
    np.testing.assert_allclose(areas / areas.sum(), shares, atol=0.01)


def test_a_circle(trace: Callable[..., dict[str, Any]]) -> None:
    # z_1 - z_0 = 1.5^2 - x^2 - y^2: the border is the circle of radius 1.5.
    W = np.zeros((5, 2))
    W[[2, 4], 1] = -1.0
    result = trace(Quadratic(), W, np.array([0.0, 2.25]))
    ends = to_data(np.array(result["lines"]).reshape(-1, 2), result["columns"], result["rows"])
    np.testing.assert_allclose(np.hypot(*ends.T), 1.5, atol=4e-4)  # (cell width)^2 / 4 / slope


def test_the_field_is_the_gradient_of_the_logit(trace: Callable[..., dict[str, Any]]) -> None:
    rng = np.random.default_rng(3)
    W, b = rng.normal(size=(9, 3)), rng.normal(size=3)
    result = trace(Cubic(), W, b)
    slopes = np.array(result["slopes"])
    inside = slopes[(slopes[:, 0] > 0) & (slopes[:, 1] > 0)]
    places = to_data(inside[:, :2], result["columns"], result["rows"])
    wanted = np.einsum("nmd,m->nd", result["fitted"].slopes(places), W[:, 0])
    np.testing.assert_allclose(inside[:, 2:], wanted, rtol=0.02, atol=0.02 * np.abs(wanted).max())


def test_standardised_weights_in_the_plane(page: Page) -> None:
    rng = np.random.default_rng(5)
    X, W, b = rng.normal([10, -3], [4, 0.2], size=(40, 2)), rng.normal(size=(2, 3)), rng.normal(size=3)
    fitted = Linear(standardise=True).fit(X)
    call = """([W, b, map]) => {
      const result = lab.planeWeights({ K: 3, m: 2, W: Float64Array.from(W), b: Float64Array.from(b), gradW: Float64Array.from(W) }, map);
      return [Array.from(result.W), Array.from(result.b)];
    }"""
    plane_W, plane_b = page.evaluate(
        call,
        [W.ravel().tolist(), b.tolist(), {"shift": fitted.shift.tolist(), "scale": fitted.scale.tolist()}],
    )
    np.testing.assert_allclose(
        X @ np.reshape(plane_W, (2, 3)) + plane_b, fitted.transform(X) @ W + b, rtol=1e-9
    )


def test_the_grid_of_every_map_stays_a_message() -> None:
    for m in (4, 5, 9, 25, 64):
        columns, rows = grid_size(m)
        assert columns >= 41
        assert columns * rows * m <= 125_000 or columns == 41


def test_a_queue_sends_everything_in_order_and_once(page: Page) -> None:
    script = """async () => {
      const heard = [];
      const queue = lab.createQueue((list) => heard.push(JSON.stringify(list)));
      queue.offer({ kind: "add", drag: 1, label: 0, places: [1, 1] });
      queue.offer({ kind: "add", drag: 1, label: 0, places: [2, 2] });
      queue.offer({ kind: "add", drag: 1, label: 0, places: [3, 3] });
      queue.offer({ kind: "move", drag: 2, point: 5, places: [3, 3] });
      const first = heard.length;
      queue.confirm(1);
      const second = JSON.parse(heard.at(-1));
      queue.confirm(3);
      queue.offer({ kind: "undo", drag: 0 });
      return [first, second, JSON.parse(heard.at(-1)), queue.waiting().length];
    }"""
    first, second, third, left = page.evaluate(script)
    assert first == 1, "while an answer is on its way the rest gathers"
    assert [(one["number"], one["kind"], one["places"]) for one in second] == [
        (2, "add", [2, 2, 3, 3]), (3, "move", [3, 3]),
    ]  # fmt: skip
    assert [(one["number"], one["kind"]) for one in third] == [(4, "undo")]
    assert left == 1


def test_what_python_has_not_answered_is_shown(page: Page) -> None:
    script = """() => {
      const x = Float64Array.from([0, 0, 1, 1]);
      const run = { n: 2, m: 2, features: x, x, y: Uint8Array.from([0, 1]),
        isTest: Uint8Array.from([0, 1]), ids: Int32Array.from([0, 1]) };
      const result = lab.withWaiting(run, [
        { kind: "add", label: 2, places: [5, 6, 7, 8] }, { kind: "move", point: 1, places: [9, 9] },
        { kind: "move", point: 2, places: [4, 4] }, { kind: "erase", points: [0, 3] }, { kind: "undo" },
      ], 2, (x, y) => [x, y]);
      return [Array.from(result.x), Array.from(result.y), Array.from(result.isTest), Array.from(result.ids), result.n];
    }"""
    assert page.evaluate(script) == [[9, 9, 4, 4], [1, 2], [1, 0], [1, 2], 2]


def test_places_are_a_quarter_of_a_pixel_fine(page: Page) -> None:
    rng = np.random.default_rng(0)
    for width in (1e-9, 0.03, 6.6, 450.0, 1e7):
        values = rng.uniform(-width, width, 20).tolist()
        result = page.evaluate("([v, w]) => v.map((x) => lab.tidyPlace(x, [0, w], 700))", [values, width])
        assert np.abs(np.subtract(result, values)).max() <= width / 700 / 2
        assert max(len(json.dumps(x)) for x in result) <= 14
