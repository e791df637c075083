"""The border between two clouds and a sketch of it, by means of other formulas."""

import math

import numpy as np
import pytest

from instruments.training_stage.sketch import Line
from softmax_core.datasets import DataSpec, make, split
from ui.training import border
from ui.training.data import source_of

DATA = make(DataSpec(n=300, n_classes=2, noise=0.8))


def moved(line: Line, *, degrees: float = 0.0, shift: float = 0.0) -> tuple[float, ...]:
    """The line turned about its middle, then moved across itself by a share of the distance of the centres."""
    a, b = complex(*line[:2]), complex(*line[2:])
    middle, half = (a + b) / 2, (b - a) / 2
    first, second = (complex(*DATA.X[DATA.y == k].mean(axis=0)) for k in (0, 1))
    half *= complex(math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    middle += 1j * half / abs(half) * shift * abs(second - first)
    return (middle - half).real, (middle - half).imag, (middle + half).real, (middle + half).imag


def test_the_learned_border_is_where_both_logits_are_equal() -> None:
    """By 300 steps of gradient descent on the difference of the logits, as logistic regression."""
    data, _ = split(DATA, 0.2)
    A = np.column_stack([data.X, np.ones(len(data.X))])
    difference = np.zeros(3)
    for _step in range(300):
        # Each class moves by 0.1 times its gradient, in opposite directions: the difference by 0.2.
        difference -= 0.2 * A.T @ (1 / (1 + np.exp(-A @ difference)) - data.y) / len(A)
    ends = np.reshape(border.learned(), (2, 2))
    np.testing.assert_allclose(np.column_stack([ends, np.ones(2)]) @ difference, 0, atol=1e-9)
    first, second = (DATA.X[DATA.y == k].mean(axis=0) for k in (0, 1))
    way, middle = second - first, ends.mean(axis=0)
    assert np.linalg.det([middle - first, way]) == pytest.approx(0, abs=1e-9), (
        "between the centres it has its middle"
    )
    assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(np.linalg.norm(way))
    assert border.usable(border.learned()) == border.learned(), "it lies on the stage"
    np.testing.assert_allclose(border.path().W[-1, :, 1] - border.path().W[-1, :, 0], difference[:2])


@pytest.mark.parametrize(
    ("degrees", "shift", "right"),
    [
        (0, 0, True), (14, 0, True), (-14, 0.1, True), (180, 0, True), (0, 0.14, True), (0, -0.14, True),
        (16, 0, False), (-16, 0, False), (90, 0, False), (0, 0.16, False), (0, -0.16, False), (14, 0.3, False),
    ],
)  # fmt: skip
def test_a_sketch_is_right_near_the_learned_border(degrees: float, shift: float, right: bool) -> None:
    guess = moved(border.learned(), degrees=degrees, shift=shift)
    sentence, judged = border.verdict(guess, border.learned())
    assert judged == right
    assert sentence.startswith("✓") == right
    between = min(abs(degrees) % 180, 180 - abs(degrees) % 180)
    assert f"is {between}°" in sentence


def test_the_points_on_the_wrong_side_are_counted() -> None:
    (x0, y0, x1, y1) = guess = moved(border.learned(), degrees=-35, shift=0.2)
    upper = DATA.X[:, 1] > y0 + (y1 - y0) / (x1 - x0) * (DATA.X[:, 0] - x0)
    wrong = int((upper != DATA.y).sum())
    wrong = min(wrong, 300 - wrong)
    scores = DATA.X @ border.path().W[-1] + border.path().b[-1]
    learned = int((scores.argmax(axis=1) != DATA.y).sum())
    assert wrong > learned > 0
    sentence, _ = border.verdict(guess, border.learned())
    assert f"{wrong} with yours, {learned} with the learned one, of 300" in sentence
    turned = (x1, y1, x0, y0)
    assert border.verdict(turned, border.learned())[0] == sentence


@pytest.mark.parametrize(
    "guess", [(), (1.0,), (0.0, 0.0, 0.0, 0.0), (1e300, 0.0, 1.0, 1.0), (1.0,) * 40], ids=len
)
def test_no_sketch_and_a_forged_one_are_neither_judged_nor_shown(guess: tuple[float, ...]) -> None:
    assert border.verdict(guess, border.learned()) == ("", False)
    assert border.usable(guess) is None


def test_the_stage_has_the_box_that_sketches_are_checked_with() -> None:
    source = source_of(border.TWO_CLOUDS, border.HELD_BACK)
    np.testing.assert_array_equal(source.data.X, DATA.X)
    x0, x1, y0, y1 = source.box
    assert border.usable((x0, y0, x1, y1)) == (x0, y0, x1, y1)
