"""The browser's softmax.js against softmax_core on the same rows, to 1e-12 relative, overflow cases included."""

import json
import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from lesson import module_page
from playwright.sync_api import Browser

from instruments.shared.bundle import FOLDER
from softmax_core.functional import log_softmax, logsumexp, softmax
from softmax_core.losses import cross_entropy, cross_entropy_per_sample

EXTREME = [
    [0.0, 0.0], [1000.0, 0.0, -1000.0], [-1000.0, -1000.0], [1e308, -1e308, 0.0], [89.0, 88.0, 12.0],
    [0.0, 60.0], [0.0, -40.0], [0.0, -800.0], [710.0, 709.0], [1e-300, -1e-300], [5.0] * 10, [3.0, -1e308],
    [1e16, 1e16 - 2.0, 0.0], [-745.2, 0.0],
]  # fmt: skip


def rows() -> list[list[float]]:
    rng = np.random.default_rng(20)
    random = [
        list(rng.normal(scale=scale, size=int(rng.integers(2, 11))))
        for scale in (0.1, 1.0, 10.0, 300.0)
        for _ in range(60)
    ]
    return EXTREME + random


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Callable[[str, list[object]], object]]:
    names = "argmax, softmax, logSoftmax, logsumexp, crossEntropy, residual"
    text = (FOLDER / "shared/softmax.js").read_text(encoding="utf-8")
    with module_page(browser, text, names) as page:

        def call(name: str, cases: list[object]) -> object:
            # Infinity does not survive JSON; the text of a number does. As one text, JSON crosses the border fast.
            expression = """([name, cases]) => JSON.stringify(JSON.parse(cases).map((args) => {
                const out = lab[name](...args);
                return Array.isArray(out) ? out.map(String) : String(out);
            }))"""
            return json.loads(page.evaluate(expression, [name, json.dumps(cases)]))

        yield call


def close(result: float, wanted: float) -> bool:
    if math.isinf(wanted) or wanted == 0:
        return result == wanted
    return math.isclose(result, wanted, rel_tol=1e-12, abs_tol=5e-324)


def cooled(row: list[float], temperature: float) -> np.ndarray:
    z = np.array(row)
    with np.errstate(over="ignore"):
        return np.where(z == z.max(), 0.0, (z - z.max()) / temperature)


@pytest.mark.parametrize("temperature", [1.0, 0.05, 20.0])
def test_softmax_agrees(js: Callable[..., list[list[str]]], temperature: float) -> None:
    for row, texts in zip(rows(), js("softmax", [[row, temperature] for row in rows()]), strict=True):
        wanted = softmax(np.array(row), temperature=temperature)
        assert all(close(float(t), float(p)) for t, p in zip(texts, wanted, strict=True)), (
            row,
            texts,
            wanted,
        )


@pytest.mark.parametrize("temperature", [1.0, 0.05, 20.0])
def test_log_softmax_agrees(js: Callable[..., list[list[str]]], temperature: float) -> None:
    """The board's log p keeps the digits that softmax_core's loss keeps; log_softmax itself rounds as SciPy does."""
    for row, texts in zip(rows(), js("logSoftmax", [[row, temperature] for row in rows()]), strict=True):
        result = [float(text.replace("Infinity", "inf")) for text in texts]
        z = cooled(row, temperature)
        if np.isfinite(z).all():
            wanted = -cross_entropy_per_sample(np.tile(z, (len(row), 1)), np.arange(len(row)))
            assert all(close(t, float(p)) for t, p in zip(result, wanted, strict=True)), (row, texts, wanted)
        np.testing.assert_allclose(
            result, log_softmax(np.array(row), temperature=temperature), rtol=1e-12, atol=1e-15
        )


def test_log_sum_exp_agrees(js: Callable[..., list[str]]) -> None:
    for row, text in zip(rows(), js("logsumexp", [[row] for row in rows()]), strict=True):
        assert close(float(text), float(logsumexp(np.array(row)))), row


def test_loss_agrees_for_every_target(js: Callable[..., list[str]]) -> None:
    cases = [(row, k) for row in rows() for k in range(len(row))]
    for (row, k), text in zip(cases, js("crossEntropy", [list(case) for case in cases]), strict=True):
        wanted = float(cross_entropy(np.array([row]), np.array([k])))
        assert close(float(text.replace("Infinity", "inf")), wanted), (row, k)


def test_a_confident_mistake_costs_exactly_60(js: Callable[..., list[str]]) -> None:
    assert js("crossEntropy", [[[0.0, 60.0], 0]]) == ["60"]


def test_residual_is_p_minus_y(js: Callable[..., list[list[str]]]) -> None:
    for row, texts in zip(rows(), js("residual", [[row, 1] for row in rows()]), strict=True):
        wanted = softmax(np.array(row))
        wanted[1] -= 1
        assert np.allclose([float(text) for text in texts], wanted, rtol=1e-12, atol=1e-15)


def test_ties_go_to_the_first_class_as_in_numpy(js: Callable[..., list[str]]) -> None:
    assert js("argmax", [[[1.0, 3.0, 3.0]], [[0.0, 0.0]], [[-1.0, -2.0]]]) == ["1", "0", "0"]
