"""The browser's information.js, shares.js and soft targets against softmax_core, to 1e-12 relative."""

import json
import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from lesson import module_page
from playwright.sync_api import Browser

from instruments.shared.bundle import FOLDER
from softmax_core.functional import softmax
from softmax_core.information import cross_entropy, entropy, kl_divergence, surprisal
from softmax_core.losses import soft_cross_entropy

NAMES = (
    "surprisalOf, entropyOf, crossEntropyOf, divergenceOf, costs, withShare, withShareHolding, withOneMore, withoutShare, "
    "uniform, onlyClass, softCrossEntropy, softResidual"
)


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Callable[[str, list[object]], list[object]]]:
    files = ("shared/information.js", "shared/shares.js", "shared/softmax.js")
    module = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in files)
    with module_page(browser, module, NAMES) as page:

        def call(name: str, cases: list[object]) -> list[object]:
            expression = """([name, cases]) => JSON.stringify(JSON.parse(cases).map((args) => {
                const out = lab[name](...args);
                return Array.isArray(out) ? out.map(String) : String(out);
            }))"""
            result: list[object] = json.loads(page.evaluate(expression, [name, json.dumps(cases)]))
            return result

        yield call


def pairs() -> list[tuple[list[float], list[float]]]:
    rng = np.random.default_rng(5)
    random = [
        tuple(rng.dirichlet(np.full(int(K), 0.5)).tolist() for _side in range(2))
        for K in rng.integers(2, 11, size=80)
    ]
    special = [
        ([1.0, 0.0], [1.0, 0.0]), ([0.5, 0.5], [1.0, 0.0]), ([1.0, 0.0], [0.5, 0.5]), ([0.5, 0.5], [0.5, 0.5]),
        ([0.5, 0.5], [5e-324, 1.0]), ([0.5, 0.5], [0.49999, 0.50001]),
    ]  # fmt: skip
    return special + random


def close(result: object, wanted: float) -> bool:
    value = float(str(result))
    return value == wanted or math.isclose(value, wanted, rel_tol=1e-12, abs_tol=2e-16)


def test_information_agrees_with_the_core(js) -> None:
    cases = pairs()
    for name, function in (("crossEntropyOf", cross_entropy), ("divergenceOf", kl_divergence)):
        for (p, q), result in zip(cases, js(name, [[p, q] for p, q in cases]), strict=True):
            assert close(result, float(function(p, q))), (name, p, q)
    for (p, _q), result in zip(cases, js("entropyOf", [[p] for p, _q in cases]), strict=True):
        assert close(result, float(entropy(p))), p
    assert [float(str(x)) for x in js("surprisalOf", [[1], [0], [0.5]])] == [
        0,
        math.inf,
        float(surprisal(0.5)),
    ]


def test_soft_targets_agree_with_the_core(js) -> None:
    rng = np.random.default_rng(6)
    cases = []
    for y, _q in pairs():
        cases.append((rng.normal(scale=8, size=len(y)).tolist(), y))
    cases += [([1e3, 0.0], [0.5, 0.5]), ([1e308, -1e308], [1.0, 0.0]), ([0.0, 60.0], [1.0, 0.0])]
    for (z, y), loss in zip(cases, js("softCrossEntropy", [list(c) for c in cases]), strict=True):
        assert math.isclose(
            float(str(loss)), float(soft_cross_entropy(z, y)), rel_tol=1e-12, abs_tol=1e-15
        ), (z, y)
    for (z, y), gaps in zip(cases, js("softResidual", [list(c) for c in cases]), strict=True):
        np.testing.assert_allclose([float(x) for x in gaps], softmax(z) - np.array(y), rtol=1e-12, atol=1e-15)


def test_a_moved_share_makes_a_distribution_and_keeps_proportions(js) -> None:
    rng = np.random.default_rng(7)
    cases = [[p, int(rng.integers(len(p))), float(np.round(rng.uniform(), 2))] for p, _q in pairs()]
    cases += [[[1.0, 0.0, 0.0], 0, 0.4], [[1.0, 0.0, 0.0], 1, 1.0], [[0.5, 0.5], 0, -3], [[0.5, 0.5], 0, 7]]
    for (p, k, share), result in zip(cases, js("withShare", cases), strict=True):
        row = np.array([float(x) for x in result])
        wanted = min(max(share, 0.0), 1.0)
        assert math.fsum(row) == pytest.approx(1, abs=1e-12)
        assert (row >= 0).all()
        assert row[k] == pytest.approx(wanted, abs=1e-6 if wanted < 1 else 0)
        others, before = np.delete(row, k), np.delete(np.array(p), k)
        expected = before / before.sum() if before.sum() else np.full(before.size, 1 / before.size)
        np.testing.assert_allclose(others, expected * (1 - wanted), atol=1.1e-4 * len(p))


def test_symbols_come_and_go(js) -> None:
    (grown,) = js("withOneMore", [[[0.6, 0.4]]])
    assert [float(x) for x in grown] == pytest.approx([0.4, 0.267, 0.333], abs=1e-3)
    (shrunk,) = js("withoutShare", [[[0.2, 0.2, 0.6], 2]])
    assert [float(x) for x in shrunk] == pytest.approx([0.5, 0.5])
    for count in range(2, 11):
        (even,) = js("uniform", [[count]])
        assert [float(x) for x in even] == pytest.approx([1 / count] * count, abs=2e-3)
        assert math.fsum(float(x) for x in even) == pytest.approx(1, abs=1e-12)
    assert js("onlyClass", [[[0, 1, 0]], [[0.5, 0.5]]]) == ["1", "-1"]


@pytest.mark.parametrize(
    ("start", "k", "share", "held", "wanted"),
    [
        ([0.659, 0.2, 0.141], 1, 0.242, [0], [0.659, 0.242, 0.099]),
        ([0.659, 0.242, 0.099], 2, 0.1, [0, 1], [0.658, 0.242, 0.1]),
        ([0.9, 0.1, 0.0], 1, 0.5, [0], [0.5, 0.5, 0.0]),  # too much: the one typed first gives way
        ([0.5, 0.5], 0, 0.3, [1], [0.3, 0.7]),
        ([0.1, 0.2, 0.3, 0.4], 0, 0.0, [3, 1], [0.0, 0.2, 0.4, 0.4]),
    ],
)
def test_typed_shares_stay_while_the_sum_can_be_1(js, start, k, share, held, wanted) -> None:
    (result,) = js("withShareHolding", [[start, k, share, held]])
    got = [float(x) for x in result]
    assert math.isclose(sum(got), 1, abs_tol=1e-9)
    assert got[k] == share
    assert got == pytest.approx(wanted, abs=1e-6)
