"""Runs in segments: what was before a change stays, what comes after is an ordinary run from there."""

from dataclasses import replace

import numpy as np
import pytest

from softmax_core.datasets import DataSpec, make, split
from softmax_core.features import Cubic
from softmax_core.optimizers import OPTIMIZERS, Adam, GradientDescent
from softmax_core.schedules import InverseTime
from softmax_core.training import (
    Segment,
    Stop,
    TrainConfig,
    branch,
    break_down,
    train,
    train_segments,
)

DATA = make(DataSpec(n=60, noise=1.2))


def config(rate: float = 0.1, steps: int = 100) -> TrainConfig:
    return TrainConfig(GradientDescent(rate), steps=steps)


def test_a_change_leaves_the_past_and_goes_on_from_there() -> None:
    old, whole = train(DATA, config()), train_segments(DATA, [Segment(0, config()), Segment(30, config(0.7))])
    np.testing.assert_array_equal(whole.W[:31], old.W[:31])
    np.testing.assert_array_equal(whole.loss[:31], old.loss[:31])
    rest = train(DATA, config(0.7, 70), old.at(30))
    np.testing.assert_array_equal(whole.loss[30:], rest.loss)
    np.testing.assert_array_equal(whole.grad_b[30:], rest.grad_b)
    assert whole.steps == 100
    assert whole.config == config(0.7)


def test_weights_set_by_hand_stand_at_their_step() -> None:
    hand = ((1.0, -1.0, 0.0), (0.5, 0.0, 0.25), (0.0, 2.0, 0.0))
    whole = train_segments(DATA, [Segment(0, config()), Segment(12, config(), hand)])
    np.testing.assert_array_equal(whole.W[12], np.array(hand)[:2])
    np.testing.assert_array_equal(whole.b[12], hand[2])
    np.testing.assert_array_equal(whole.W[:12], train(DATA, config()).W[:12])
    np.testing.assert_array_equal(whole.W[0], np.zeros((2, 3)))


def test_hand_weights_at_step_0() -> None:
    hand = ((1.0, -1.0, 0.0), (0.5, 0.0, 0.25), (0.0, 2.0, 0.0))
    whole = train_segments(DATA, [Segment(0, config()), Segment(0, config(), hand)])
    np.testing.assert_array_equal(whole.W[0], np.array(hand)[:2])
    assert whole.steps == 100


def test_a_segment_after_the_end_begins_at_the_end() -> None:
    whole = train_segments(DATA, [Segment(0, config(steps=20)), Segment(50, config(steps=20))])
    np.testing.assert_array_equal(whole.loss, train(DATA, config(steps=20)).loss)


def test_segments_after_the_end_do_not_make_the_run_longer() -> None:
    short = [Segment(at, config(steps=20)) for at in (0, 50, 70)]
    assert train_segments(DATA, short).steps == 20


def test_a_run_in_segments_is_watched_and_stopped_as_one() -> None:
    segments = [
        Segment(0, config(steps=1000)),
        Segment(300, config(0.7, 1000)),
        Segment(900, config(0.2, 1000)),
    ]
    seen: list[tuple[int, int]] = []

    def watch(done: int, steps: int) -> bool:
        seen.append((done, steps))
        return done <= 300

    run = train_segments(DATA, segments, watch=watch)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {steps for _, steps in seen} == {1000}
    assert run.stopped is not None
    assert (run.stopped.code, run.stopped.step) == ("asked", run.steps)
    assert 300 < run.steps < 900
    np.testing.assert_array_equal(run.loss, train_segments(DATA, segments).loss[: run.steps + 1])


def test_a_divergence_is_counted_from_the_first_step() -> None:
    huge = TrainConfig(GradientDescent(1e308), steps=100)
    whole = train_segments(DATA, [Segment(0, config()), Segment(10, huge)])
    assert whole.divergence is not None
    assert whole.divergence.step > 10
    assert len(whole.loss) == whole.divergence.step


@pytest.mark.parametrize("starts", [[], [1], [0, 5, 3]])
def test_segments_out_of_order_are_refused(starts: list[int]) -> None:
    with pytest.raises(ValueError, match="in order"):
        train_segments(DATA, [Segment(at, config()) for at in starts])


@pytest.mark.parametrize("weights", [((float("nan"),),), ((1.0,), (1.0, 2.0)), (1.0,)])
def test_weights_that_are_no_matrix_are_refused(weights: object) -> None:
    with pytest.raises(ValueError):
        Segment(0, config(), weights)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_memory_schedule_and_batches_go_on_from_segment_to_segment(name: str) -> None:
    data, rule = make(DataSpec("blobs", n=60)), OPTIMIZERS[name]()
    size = None if rule.whole_set else 7
    config = TrainConfig(rule, steps=60, batch_size=size, schedule=InverseTime(0.1))
    whole = train(data, config)
    segments = train_segments(
        data, [Segment(0, config), Segment(13, config), Segment(13, config), Segment(40, config)]
    )
    for stack in ("W", "b", "grad_W", "loss"):
        np.testing.assert_array_equal(getattr(segments, stack), getattr(whole, stack))
    assert segments.stopped == whole.stopped


def test_every_step_is_measured_by_the_loss_of_its_segment() -> None:
    first = TrainConfig(GradientDescent(0.5), steps=30, l2=0.1, class_weights="balanced")
    last = TrainConfig(GradientDescent(0.5), steps=30, l1=0.05, label_smoothing=0.2, batch_size=20)
    uneven = DATA.take(np.arange(10, 60))
    run = train_segments(uneven, [Segment(0, first), Segment(12, last)], validation=uneven)
    np.testing.assert_allclose(run.validation_loss, run.loss, rtol=1e-13)
    np.testing.assert_array_equal(run.validation_accuracy, run.accuracy)
    weights = train(uneven, first).class_weights
    assert [(part.at, part.config.l2, part.config.class_weights) for part in run.segments] == [
        (0, 0.1, weights),
        (12, 0.0, None),
    ]
    for step in (11, 12, 20):
        parts = break_down(run, uneven, step, 3)
        np.testing.assert_allclose(parts.sum_W + parts.penalty_W, parts.grad_W, atol=1e-14)
    smoothed = 0.8 * np.eye(3)[uneven.y[3]] + 0.2 / 3
    np.testing.assert_allclose(break_down(run, uneven, 12, 3).target, smoothed)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("later", [1, 10, 40])
def test_early_stopping_goes_on_where_nothing_was_changed(seed: int, later: int) -> None:
    data, test = split(make(DataSpec("blobs", n=60, noise=1.5, seed=seed)), 0.4)
    settings = TrainConfig(
        GradientDescent(0.3), steps=600, features=Cubic(standardise=True), stop=Stop(patience=20)
    )
    whole = train(data, settings, validation=test)
    assert whole.stopped is not None
    assert whole.stopped.code == "validation_loss"
    again = [Segment(0, settings), Segment(whole.stopped.best + later, settings)]  # type: ignore[operator]
    joined = train_segments(data, again, validation=test)
    assert joined.stopped == whole.stopped
    np.testing.assert_array_equal(joined.loss, whole.loss)


def test_after_weights_set_by_hand_early_stopping_begins_anew() -> None:
    data, test = split(make(DataSpec("blobs", n=60, noise=1.5, seed=0)), 0.4)
    settings = TrainConfig(GradientDescent(0.3), steps=300, stop=Stop(patience=5))
    hand = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (3.0, 0.0, 0.0))
    ended = train_segments(data, [Segment(0, settings), Segment(60, settings, hand)], validation=test).stopped
    assert ended is not None
    assert ended.step > 60, "the loss falls again from there"
    assert ended.best is None or ended.best > 60


def test_a_branch_of_a_run_in_segments_is_its_rest() -> None:
    first, then, last = (
        TrainConfig(optimizer, steps=50)
        for optimizer in (Adam(0.05), Adam(0.05, beta1=0.5), GradientDescent(0.1))
    )
    whole = train_segments(DATA, [Segment(0, first), Segment(15, then), Segment(30, last), Segment(40, then)])
    for step in (5, 15, 20, 30, 35, 40, 45):
        config = whole.config_at(step)
        end = next((part.at for part in whole.segments if part.at > step), 50)
        rest = branch(whole, DATA, step, replace(config, steps=end - step))
        np.testing.assert_array_equal(rest.W, whole.W[step : end + 1], err_msg=str(step))


def test_a_run_that_stops_where_it_is_flat_stops_there_after_a_branch_too() -> None:
    """Without validation data there is nothing to look back at."""
    settings = TrainConfig(GradientDescent(0.3), steps=400, l2=0.1, stop=Stop(gradient_norm=0.01))
    whole = train_segments(DATA, [Segment(0, settings)])
    assert whole.stopped is not None
    joined = train_segments(DATA, [Segment(0, settings), Segment(20, settings)])
    assert joined.stopped == whole.stopped
    np.testing.assert_array_equal(joined.W, whole.W)
