"""The numbers of the common errors, against SciPy, finite differences and by hand."""

import numpy as np
import pytest
import scipy.special as sp

from instruments.logit_board import BoardState
from ui.slips import code, formula, meaning


@pytest.mark.parametrize("z", [(2.0, 1.0, 0.1), (12.0, 0.0, 0.0), (-3.0, 4.0)])
def test_the_slope_through_two_softmaxes_is_the_measured_one(z):
    z, t, h = np.array(z), 0, 1e-6

    def loss(row):
        return -sp.log_softmax(sp.softmax(row))[t]

    move = h * np.eye(len(z))[t]
    assert code.slope_through_two(z, t) == pytest.approx(
        (loss(z + move) - loss(z - move)) / (2 * h), abs=1e-8
    )


@pytest.mark.parametrize("count", [2, 3, 10])
def test_after_the_second_softmax_no_loss_falls_below_the_floor(count):
    sure = np.zeros(count)
    sure[0] = 500.0
    floor = -sp.log_softmax(sp.softmax(sure))[0]
    assert code.lowest_loss_twice(count) == pytest.approx(floor, rel=1e-12)
    assert floor > 0.3


@pytest.mark.parametrize("z", [(2.0, 1.0, 0.1), (12.0, 0.0, 0.0), (-12.0, 0.0)])
def test_the_slope_after_a_sigmoid_is_the_measured_one(z):
    z, h = np.array(z), 1e-5

    def loss(row):
        return -sp.log_expit(sp.softmax(row)[0])

    move = h * np.eye(len(z))[0]
    told, slope = code.loss_and_slope_after(z, 0)
    assert told == pytest.approx(loss(z), rel=1e-12)
    assert slope == pytest.approx((loss(z + move) - loss(z - move)) / (2 * h), abs=1e-9)
    assert told >= np.log1p(np.exp(-1))


def test_the_batch_of_the_wrong_axis_holds_the_board():
    Z = code.batch(BoardState().with_logits([2.0, 1.0, 0.1]))
    np.testing.assert_allclose(Z[0] - Z[0].max(), np.array([2.0, 1.0, 0.1]) - 2)
    np.testing.assert_allclose(sp.softmax(Z, axis=1).sum(axis=1), 1)
    wrong = sp.softmax(Z, axis=0).sum(axis=1)
    assert np.abs(wrong - 1).min() > 0.05, "the rows of the wrong axis must not sum to 1"
    assert code.batch(BoardState().with_logits([2.0, 0.0])).shape == (3, 2)
    uneven = sp.softmax(code.batch(BoardState().with_logits([2.0, 0.0])), axis=0)
    assert abs(uneven[0].sum() - 1) > 0.1, "over the samples a row need not sum to 1"


def test_the_printed_loss_is_capped():
    assert formula.with_epsilon(0.0)[0] == pytest.approx(18.42, abs=5e-3)
    assert formula.with_epsilon(0.5)[0] == pytest.approx(np.log(2), abs=1e-7)


@pytest.mark.parametrize("z", [0.5, -12.0, -25.0])
def test_the_slope_of_the_capped_loss_is_the_measured_one(z):
    h = 1e-4
    up, down = (formula.with_epsilon(sp.expit(z + move))[0] for move in (h, -h))
    assert formula.with_epsilon(sp.expit(z))[1] == pytest.approx((up - down) / (2 * h), rel=1e-5)


def test_far_from_the_data_the_model_is_surer():
    data, W, b = meaning.fitted()
    start = data.X[data.y == 0].mean(axis=0)
    p = [meaning.surest(times * start, W, b) for times in meaning.DISTANCES]
    assert p[0] == pytest.approx(sp.softmax(start @ W + b).max())
    assert (np.diff(p) >= 0).all()
    assert p[-1] > 0.9999
    assert meaning.nearest_point(data.X[7], data.X) == 0
    assert meaning.nearest_point(100 * start, data.X) > 100


def test_a_vector_added_to_every_class_changes_no_probability():
    data, W, b = meaning.fitted()
    moved = meaning.shifted_weights(W, 5.0)
    assert np.abs(moved - W).max() == 5
    np.testing.assert_allclose(
        sp.softmax(data.X @ moved + b, axis=1), sp.softmax(data.X @ W + b, axis=1), atol=1e-12
    )
    assert (np.sign(W[0]) != np.sign(meaning.shifted_weights(W, -5.0)[0])).any(), "a sign can be turned"


def test_the_mean_of_class_numbers_is_no_prediction():
    p = np.array([0.49, 0.02, 0.49])
    assert formula.mean_number(p) == (pytest.approx(2.0), 1), "class 2, which the model all but excludes"
    assert formula.mean_number(np.array([0.0, 0.0, 1.0])) == (3.0, 2)


@pytest.mark.parametrize(
    ("z", "t", "cost"), [((2.0, 1.0, 0.1), 0, 0.0), ((2.0, 1.0, 0.1), 1, 1.0), ((-800.0, 0.0), 1, 0.0)]
)
def test_the_share_of_mistakes_is_no_loss_to_descend(z, t, cost):
    """It is 0 for a right answer, whose cross-entropy and slope are not, and it does not move with a small step."""
    z = np.array(z)
    assert meaning.zero_one(z, t) == cost
    assert meaning.zero_one(z + 1e-6 * np.eye(len(z))[t], t) == cost
    assert -sp.log_softmax(z)[t] > 0 or z[t] - np.delete(z, t).max() > 700
