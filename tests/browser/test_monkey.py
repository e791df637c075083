"""Some seconds of mouse, fingers and keys in random order, over several pages: bench.monkey is the long run of it."""

from collections.abc import Callable

import pytest
from monkey import SIZES, Monkey
from playwright.sync_api import Browser
from server import Server

SECONDS = 1.6
# The machine that runs the tests is busy: bench.monkey asks for one second.
BUSY = 5.0


@pytest.fixture
def monkey(browser: Browser) -> Callable[[int], Monkey]:
    """Makes a monkey in a window of one of the sizes."""

    def make(size: int) -> Monkey:
        width, height = SIZES[size]
        context = browser.new_context(
            locale="en-US", has_touch=True, viewport={"width": width, "height": height}
        )
        return Monkey(context.new_page(), seed=20, longest_freeze=BUSY)

    return make


def test_nothing_breaks_under_random_hands(server: Server, monkey: Callable[[int], Monkey]) -> None:
    hands = monkey(0)
    for stem in ("softmax", "training", "practice"):
        hands.visit(f"{server.url}/{stem}", SECONDS, axe=False)
    hands.page.context.close()
    assert not hands.faults, "\n".join(hands.faults.values())


def test_texts_of_twice_the_length_break_nothing(
    fresh_server: Callable[..., Server], monkey: Callable[[int], Monkey]
) -> None:
    """The rows of buttons that were too wide for it on a screen, and the menu that was on a telephone."""
    server = fresh_server(module="bench.support.doubled")
    for size, query in ((0, "training_panel=story"), (1, "training_mode=race")):
        hands = monkey(size)
        hands.visit(f"{server.url}/training?{query}&training_stage_step=3", 0.5, axe=False)
        hands.page.context.close()
        assert not hands.faults, "\n".join(hands.faults.values())
