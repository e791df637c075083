"""Random actions on every page: a share of what `python -m bench.hostile actions` does."""

import random

import pytest

from tests.hostile.actions import Hand
from ui.frame import frame


@pytest.mark.parametrize("page", [lesson.stem for lesson in frame.lessons()])
def test_a_page_stands_whatever_is_pressed_and_moved(page: str) -> None:
    hand = Hand(random.Random(f"{page} 3"), page)
    done = []
    for _action in range(12):
        done.append(hand.act())
        assert hand.faults() == "", done
    assert len({text.split(":")[0].split(" ")[0] for text in done}) > 1 or page in (
        "glossary",
        "practice",
        "home",
    )
