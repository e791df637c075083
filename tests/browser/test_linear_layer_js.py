"""What the instruments of the Linear layer page compute in the browser, against NumPy."""

from collections.abc import Iterator

import numpy as np
import pytest
from lesson import module_page
from playwright.sync_api import Browser, Page

from instruments.shared.bundle import bundle
from softmax_core.functional import softmax
from softmax_core.layers import BIASES, WEIGHTS, grey_pictures


@pytest.fixture(scope="module")
def product(browser: Browser) -> Iterator[Page]:
    with module_page(
        browser, bundle("minibatch/product.js"), "productOf, readingsOf, cellAfter, winnerOf"
    ) as page:
        yield page


@pytest.fixture(scope="module")
def state(browser: Browser) -> Iterator[Page]:
    with module_page(browser, bundle("grey_picture/state.js"), "logitsOf, isLit, between") as page:
        yield page


def test_a_product_of_matrices(product: Page) -> None:
    X, y = grey_pictures(8, 3)
    Z = product.evaluate(
        "([X, W, b]) => lab.productOf(X, W, b)", [X.tolist(), WEIGHTS.tolist(), BIASES.tolist()]
    )
    np.testing.assert_allclose(Z, X @ WEIGHTS + BIASES, atol=1e-12)
    readings = product.evaluate("([Z, y]) => lab.readingsOf(Z, y)", [Z, y.tolist()])
    np.testing.assert_allclose([r["p"] for r in readings], softmax(np.array(Z)), rtol=1e-12)
    assert [r["right"] for r in readings] == (np.argmax(Z, axis=1) == y).tolist()


def test_the_cells_are_made_in_reading_order(product: Page) -> None:
    cell = {"row": 1, "column": 0}
    seen = [cell]
    for _cell in range(6):
        cell = product.evaluate("(cell) => lab.cellAfter(cell, 2, 3)", cell)
        seen.append(cell)
    assert [(c["row"], c["column"]) for c in seen] == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2), (1, 0)]


@pytest.mark.parametrize(
    ("logits", "winner"), [([1, 2, 0], 1), ([2, 2, 0], None), ([0, 0, 0], None), ([1, 3, 3 - 1e-12], None)]
)
def test_a_tie_has_no_winner_and_is_no_hit(product: Page, logits: list[float], winner: int | None) -> None:
    assert product.evaluate("(z) => lab.winnerOf(z)", logits) == winner
    (reading,) = product.evaluate("(z) => lab.readingsOf([z], [1])", logits)
    assert (reading["prediction"], reading["right"]) == (winner, winner == 1)


def test_a_sum_that_cancels_is_zero(state: Page) -> None:
    picture = {"x": [0.45, 0.4, 0.05, 0.1], "W": WEIGHTS.ravel().tolist(), "b": BIASES.tolist()}
    z = state.evaluate("(picture) => lab.logitsOf(picture)", picture)
    np.testing.assert_allclose(z, np.array(picture["x"]) @ WEIGHTS + BIASES, atol=1e-12)
    assert z[1] == 0


def test_an_edge_is_lit_by_itself_by_its_pixel_and_by_its_class(state: Page) -> None:
    for active, lit in (([1, 2], True), ([1, None], True), ([None, 2], True), ([1, 0], False), (None, False)):
        assert state.evaluate("(active) => lab.isLit(active, 1, 2)", active) is lit


def test_a_picture_turns_into_another(state: Page) -> None:
    ends = [{"x": [0, 1, 0.5, 0]}, {"x": [1, 0, 0.5, 0]}]
    assert state.evaluate("([a, b]) => lab.between(a, b, 0.25).x", ends) == [0.25, 0.75, 0.5, 0]
