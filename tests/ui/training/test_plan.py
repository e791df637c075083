"""The plan of a run: changes on the way, and their text in the link."""

import pytest

from instruments.training_stage import Hand
from softmax_core.datasets import DataSpec, make
from softmax_core.features import Linear
from softmax_core.training import Segment, train_segments
from ui.training.plan import (
    MOST_SEGMENTS,
    by_hand,
    changed,
    changes_from,
    differences,
    length,
    plan_from,
    plan_text,
    segments_of,
    with_weights,
)
from ui.training.session import PlanMemory
from ui.training.settings import settings_of

ROWS = ((1.0, -1.0, 0.0), (0.5, 0.0, 0.25), (0.0, 0.0, 1.0))


def test_a_plan_with_many_changes_still_begins_at_step_0() -> None:
    plan = (Segment(0, settings_of({"rate": 0.1})),)
    for i in range(1, 10):
        plan = changed(plan, settings_of({"rate": 0.1 + i / 100}), 10 * i, from_playhead=True)
    assert [part.at for part in plan] == [0, 50, 60, 70, 80, 90]
    assert len(plan) == MOST_SEGMENTS
    run = train_segments(make(DataSpec("three_points")), segments_of(plan, 100, Linear()))
    assert run.steps == 100


@pytest.mark.parametrize(
    ("last", "steps", "expected"),
    [(0, 200, 200), (199, 200, 200), (200, 200, 400), (500, 500, 800), (10_000, 10_000, 10_300), (20_000, 300, 11_800)],
)  # fmt: skip
def test_a_run_ends_whatever_step_a_link_or_a_message_names(last: int, steps: int, expected: int) -> None:
    plan = (Segment(0, settings_of({})), Segment(last, settings_of({})))[: 2 if last else 1]
    assert length(plan, steps, 10_000) == expected


def test_a_change_at_a_step_keeps_the_weights_set_there() -> None:
    plan = with_weights((Segment(0, settings_of({})),), Hand(20, ROWS))
    plan = changed(plan, settings_of({"l2": 0.1}), 20, from_playhead=True)
    assert plan == (Segment(0, settings_of({})), Segment(20, settings_of({"l2": 0.1}), ROWS))
    assert changed(plan, settings_of({"l2": 0.3}), 20, from_playhead=False) == (
        Segment(0, settings_of({"l2": 0.3})),
    )


def test_the_text_of_a_plan_reads_back_as_the_same_plan() -> None:
    now = settings_of({"optimizer": "adam", "rate": 0.3})
    plan = (Segment(0, settings_of({"rate": 0.5, "batch": 32})), Segment(40, now), Segment(60, now, ROWS))
    text = plan_text(plan, now)
    assert text == "0!optimizer=gradient_descent!rate=0.5!batch=32~40~60!w=1_-1_0_0.5_0_0.25_0_0_1"
    assert plan_from(changes_from(text), now, 2, 3) == plan
    assert plan_text((Segment(0, now),), now) is None


def test_the_link_holds_the_weights_of_a_file_bit_by_bit() -> None:
    now = settings_of({})
    rows = ((1 / 3, -2 / 3), (1e-7 / 3, 2.7182818284), (0.1 + 0.2, -1e6 / 7))
    text = plan_text((Segment(0, now, rows),), now)
    assert text is not None
    assert plan_from(changes_from(text), now, 2, 2)[0].weights == rows


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "0~0",
        "0!x",
        "0!w=1_inf",
        "0!w=1e9",
        "-1",
        "0~40~20",
        "0!w=",
        "0~20001",
        "0~1_0",
        "0~٣",
        "0~ 5",
    ],
)
def test_a_text_that_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        changes_from(text)


@pytest.mark.parametrize(
    "text", ["0!colour=red", "0!rate=fast", "0!rate=-1", "0!optimizer=newton!batch=8", "0!w=1_2", "0!start=1"]
)
def test_a_plan_that_does_not_fit_the_page_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        plan_from(changes_from(text), settings_of({}), 2, 3)


def test_differences_name_the_settings_at_the_end() -> None:
    one, other = settings_of({"rate": 0.1}), settings_of({"rate": 0.5, "weights": "balanced"})
    assert differences((Segment(0, one),), (Segment(0, one), Segment(9, other))) == [
        ("rate", 0.1, 0.5),
        ("weights", "equal", "balanced"),
    ]


def test_weights_set_by_hand_can_be_undone_and_redone() -> None:
    start = (Segment(0, settings_of({})),)
    memory = PlanMemory(plan=start, settings=settings_of({}))
    shape = (2, 3)
    by_hand(memory, Hand(20, ROWS), shape)
    once = memory.plan
    by_hand(memory, Hand(30, ROWS), shape)
    twice = memory.plan
    assert (len(memory.past), memory.future) == (2, ())
    by_hand(memory, "undo", shape)
    assert (memory.plan, memory.ghost) == (once, None), "what was taken back leaves no dashed lines"
    by_hand(memory, "undo", shape)
    by_hand(memory, "undo", shape)  # nothing is left
    assert (memory.plan, memory.past, memory.future) == (start, (), (twice, once))
    by_hand(memory, "redo", shape)
    by_hand(memory, "redo", shape)
    assert (memory.plan, memory.future) == (twice, ())
    by_hand(memory, "undo", shape)
    by_hand(memory, Hand(5, ROWS), shape)
    assert memory.future == ()
    by_hand(memory, Hand(5, ROWS), (3, 3))  # of another model
    assert memory.plan[-1].at == 5
