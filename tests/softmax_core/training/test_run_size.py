"""The longest run that is kept: within the limits, and not a step shorter than they allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from softmax_core.training.run_size import MOST_BYTES, MOST_STEPS, most_steps, run_bytes


@given(st.integers(1, 200), st.integers(1, 20))
def test_both_limits_hold_and_one_step_more_breaks_one(m: int, K: int) -> None:
    steps = most_steps(m, K)
    assert run_bytes(steps, m, K) <= MOST_BYTES
    assert steps == MOST_STEPS or run_bytes(steps + 1, m, K) > MOST_BYTES
    assert 0 < steps <= MOST_STEPS


def test_what_comes_is_named() -> None:
    with pytest.raises(ValueError, match=r"features must be a whole number of at least 1, received 0"):
        most_steps(0, 3)
