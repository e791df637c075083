"""The mathematics of the drawings that can be dragged, against SciPy, the core and finite differences; extremes included."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from lesson import module_page
from playwright.sync_api import Browser, Page
from scipy import special

from instruments.shared.bundle import bundle
from softmax_core.geometry import SIMPLEX_CORNERS, simplex_coordinates


@pytest.fixture(scope="module")
def lab(browser: Browser) -> Iterator[Page]:
    with module_page(browser, bundle("logit_views/curves.js"), "curvesOf") as page:
        yield page


@pytest.fixture(scope="module")
def triangle(browser: Browser) -> Iterator[Page]:
    with module_page(browser, bundle("logit_views/triangle.js"), "sharesAt, logitsFor, CORNERS") as page:
        yield page


@pytest.fixture(scope="module")
def board(browser: Browser) -> Iterator[Page]:
    with module_page(browser, bundle("logit_board/state.js"), "exponentialsOf, parametersOf") as page:
        yield page


def curves(lab: Page, z: list[float], k: int, temperature: float = 1.0) -> dict[str, Any]:
    result = lab.evaluate(
        "([state, k]) => lab.curvesOf(state, k)", [{"values": z, "temperature": temperature}, k]
    )
    return {name: np.array(value) for name, value in result.items()}


def moved(z: list[float], k: int, value: float) -> np.ndarray:
    other = np.array(z, dtype=float)
    other[k] = value
    return other


@pytest.mark.parametrize("temperature", [0.05, 1.0, 20.0])
def test_curves_are_softmax_with_one_logit_moved(lab: Page, temperature: float) -> None:
    for count in range(2, 11):
        z = np.random.default_rng(count).normal(0, 3, count).tolist()
        k = count // 2
        drawn = curves(lab, z, k, temperature)
        wanted = special.softmax([moved(z, k, value) / temperature for value in drawn["x"]], axis=1)
        np.testing.assert_allclose(drawn["p"], wanted, rtol=1e-9, atol=1e-300)
        np.testing.assert_allclose(drawn["now"], special.softmax(np.array(z) / temperature), rtol=1e-12)
        assert drawn["at"] == z[k]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("k", [0, 2])
def test_slopes_are_those_of_finite_differences(lab: Page, temperature: float, k: int) -> None:
    z, h = [1.0, -0.5, 0.3, 2.0], 1e-6
    ahead, behind = (special.softmax(moved(z, k, z[k] + s) / temperature) for s in (h, -h))
    np.testing.assert_allclose(
        curves(lab, z, k, temperature)["slopes"], (ahead - behind) / (2 * h), atol=1e-8
    )


def test_a_step_at_low_temperature_is_drawn_with_points_on_it(lab: Page) -> None:
    y = curves(lab, [3.0, 1.2345, -4.0], 0, 0.05)["p"][:, 0]
    assert ((y > 0.01) & (y < 0.99)).sum() > 40


def test_the_window_stands_still_inside_the_span_and_follows_outside(lab: Page) -> None:
    for z, low, high in [(3.0, -10, 10), (-9.0, -10, 10), (1000.0, 990, 1010)]:
        drawn = curves(lab, [z, 0.0], 0)
        assert (drawn["low"], drawn["high"]) == (low, high)


@pytest.mark.parametrize("temperature", [0.05, 1.0, 20.0])
def test_extreme_logits_give_numbers(lab: Page, temperature: float) -> None:
    for z, k, p in [
        ([1000.0, 0.0], 0, [1.0, 0.0]),
        ([-1000.0, 0.0], 0, [0.0, 1.0]),
        ([1e308, 1e308], 0, [0.5, 0.5]),
        ([1e308, -1e308], 1, [1.0, 0.0]),
        ([-1e308, 1e308, 1e308], 0, [0.0, 0.5, 0.5]),
        ([1e308, 1e308 * (1 - 1e-15)], 1, [1.0, 0.0]),
    ]:
        drawn = curves(lab, z, k, temperature)
        np.testing.assert_allclose(drawn["now"], p, atol=1e-20)
        assert np.isfinite(drawn["x"]).all()
        assert np.isfinite(drawn["p"]).all()
        assert np.isfinite(drawn["slopes"]).all()
        assert drawn["high"] - drawn["low"] == 20


def test_far_out_the_axis_counts_from_the_present_logit_and_the_curve_still_bends(lab: Page) -> None:
    drawn = curves(lab, [1e308, 1e308, 0.0], 0)
    np.testing.assert_allclose(drawn["p"][:, 0], special.expit(drawn["x"]), rtol=1e-12)
    assert drawn["offset"] == 1e308


def test_a_point_of_the_triangle_is_read_back_as_its_shares(triangle: Page) -> None:
    np.testing.assert_allclose(np.array(triangle.evaluate("lab.CORNERS")), SIMPLEX_CORNERS, rtol=1e-15)
    shares = np.random.default_rng(1).dirichlet((2, 2, 2), 20)
    points = np.asarray(simplex_coordinates(shares)).tolist()
    np.testing.assert_allclose(
        triangle.evaluate("points => points.map(lab.sharesAt)", points), shares, atol=1e-12
    )
    outside = np.array(
        triangle.evaluate("points => points.map(lab.sharesAt)", [[-3, 0.2], [5, 5], [0.5, -1]])
    )
    np.testing.assert_allclose(outside.sum(axis=1), 1)
    assert (outside > 0).all()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_a_dragged_point_moves_three_logits_and_no_other_class(triangle: Page, temperature: float) -> None:
    z, shares = [2.0, 1.0, 0.1, 1.5], [0.2, 0.3, 0.5]
    after = np.array(triangle.evaluate("([s, z, t]) => lab.logitsFor(s, z, t)", [shares, z, temperature]))
    p, before = special.softmax(after / temperature), special.softmax(np.array(z) / temperature)
    np.testing.assert_allclose(p[:3] / p[:3].sum(), shares, atol=0.01)  # logits are rounded to 0.01
    assert after[3] == 1.5
    assert p[3] == pytest.approx(before[3], abs=0.005)


def test_the_board_s_exponentials_are_those_of_the_formula_or_of_the_shifted_one(board: Page) -> None:
    def of(z: list[float], temperature: float = 1.0) -> tuple[list[float], bool]:
        result = board.evaluate("([z, t]) => lab.exponentialsOf(z, t)", [z, temperature])
        return result["e"], result["subtracted"]

    e, subtracted = of([2.0, 1.0, 0.1], 2.0)
    assert not subtracted
    np.testing.assert_allclose(e, np.exp([1.0, 0.5, 0.05]), rtol=1e-14)
    for z in ([1000.0, 999.0, 0.0], [-1000.0, -1001.0], [1e308, 0.0]):
        e, subtracted = of(z)
        assert subtracted
        np.testing.assert_allclose(np.array(e) / sum(e), special.softmax(z), rtol=1e-12, atol=1e-300)


def test_a_step_stands_in_the_link_wherever_a_link_without_one_would_show_more(board: Page) -> None:
    standard = {
        "logits": [2, 1],
        "target": 0,
        "temperature": 1,
        "shift": 0,
        "names": ["", ""],
        "soft": [],
        "smoothing": 0,
        "step": 1,
    }

    def of(**changes: object) -> str | None:
        step: str | None = board.evaluate(
            "([a, b]) => lab.parametersOf(a, b).step", [standard | changes, standard]
        )
        return step

    assert of() is None
    assert of(logits=[3, 1]) == "1"
    assert [of(step=step) for step in (2, 3, 4)] == ["2", "3", "4"]
    everywhere = board.evaluate(
        "a => lab.parametersOf({ ...a, logits: [5, 1] }, a).step", standard | {"step": 4}
    )
    assert everywhere is None, "a board without steps has none in its link"
