"""Runs in legs: what was before a change stays, what comes after is an ordinary run from there."""

import numpy as np
import pytest

from softmax_core.datasets import DataSpec, make
from softmax_core.optimizers import OPTIMIZERS, GradientDescent
from softmax_core.schedules import InverseTime
from softmax_core.training.loop import TrainConfig, train
from softmax_core.training.segments import Leg, train_legs

DATA = make(DataSpec(n=60, noise=1.2))


def config(rate: float = 0.1, steps: int = 100) -> TrainConfig:
    return TrainConfig(GradientDescent(rate), steps=steps)


def test_a_change_leaves_the_past_and_goes_on_from_there() -> None:
    old, whole = train(DATA, config()), train_legs(DATA, [Leg(0, config()), Leg(30, config(0.7))])
    np.testing.assert_array_equal(whole.W[:31], old.W[:31])
    np.testing.assert_array_equal(whole.loss[:31], old.loss[:31])
    rest = train(DATA, config(0.7, 70), old.at(30))
    np.testing.assert_array_equal(whole.loss[30:], rest.loss)
    np.testing.assert_array_equal(whole.grad_b[30:], rest.grad_b)
    assert whole.steps == 100
    assert whole.config == config(0.7)


def test_weights_set_by_hand_stand_at_their_step() -> None:
    hand = ((1.0, -1.0, 0.0), (0.5, 0.0, 0.25), (0.0, 2.0, 0.0))
    whole = train_legs(DATA, [Leg(0, config()), Leg(12, config(), hand)])
    np.testing.assert_array_equal(whole.W[12], np.array(hand)[:2])
    np.testing.assert_array_equal(whole.b[12], hand[2])
    np.testing.assert_array_equal(whole.W[:12], train(DATA, config()).W[:12])
    np.testing.assert_array_equal(whole.W[0], np.zeros((2, 3)))


def test_hand_weights_at_step_0() -> None:
    hand = ((1.0, -1.0, 0.0), (0.5, 0.0, 0.25), (0.0, 2.0, 0.0))
    whole = train_legs(DATA, [Leg(0, config()), Leg(0, config(), hand)])
    np.testing.assert_array_equal(whole.W[0], np.array(hand)[:2])
    assert whole.steps == 100


def test_a_leg_after_the_end_begins_at_the_end() -> None:
    whole = train_legs(DATA, [Leg(0, config(steps=20)), Leg(50, config(steps=20))])
    np.testing.assert_array_equal(whole.loss, train(DATA, config(steps=20)).loss)


def test_legs_after_the_end_do_not_make_the_run_longer() -> None:
    short = [Leg(at, config(steps=20)) for at in (0, 50, 70)]
    assert train_legs(DATA, short).steps == 20


def test_a_run_in_legs_is_watched_and_stopped_as_one() -> None:
    legs = [Leg(0, config(steps=1000)), Leg(300, config(0.7, 1000)), Leg(900, config(0.2, 1000))]
    seen: list[tuple[int, int]] = []

    def watch(done: int, steps: int) -> bool:
        seen.append((done, steps))
        return done <= 300

    run = train_legs(DATA, legs, watch=watch)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {steps for _, steps in seen} == {1000}
    assert run.stopped is not None
    assert (run.stopped.code, run.stopped.step) == ("asked", run.steps)
    assert 300 < run.steps < 900
    np.testing.assert_array_equal(run.loss, train_legs(DATA, legs).loss[: run.steps + 1])


def test_a_divergence_is_counted_from_the_first_step() -> None:
    huge = TrainConfig(GradientDescent(1e308), steps=100)
    whole = train_legs(DATA, [Leg(0, config()), Leg(10, huge)])
    assert whole.divergence is not None
    assert whole.divergence.step > 10
    assert len(whole.loss) == whole.divergence.step


@pytest.mark.parametrize("starts", [[], [1], [0, 5, 3]])
def test_legs_out_of_order_are_refused(starts: list[int]) -> None:
    with pytest.raises(ValueError, match="in order"):
        train_legs(DATA, [Leg(at, config()) for at in starts])


@pytest.mark.parametrize("weights", [((float("nan"),),), ((1.0,), (1.0, 2.0)), (1.0,)])
def test_weights_that_are_no_matrix_are_refused(weights: object) -> None:
    with pytest.raises(ValueError):
        Leg(0, config(), weights)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_memory_schedule_and_batches_go_on_from_leg_to_leg(name: str) -> None:
    data, rule = make(DataSpec("blobs", n=60)), OPTIMIZERS[name]()
    size = None if rule.whole_set else 7
    config = TrainConfig(rule, steps=60, batch_size=size, schedule=InverseTime(0.1))
    whole = train(data, config)
    legs = train_legs(data, [Leg(0, config), Leg(13, config), Leg(13, config), Leg(40, config)])
    for stack in ("W", "b", "grad_W", "loss"):
        np.testing.assert_array_equal(getattr(legs, stack), getattr(whole, stack))
    assert legs.stopped == whole.stopped
