"""Some seconds of mouse, fingers and keys in random order, over several pages: bench.monkey is the long run of it."""

from collections.abc import Callable, Iterator

import pytest
from monkey import SIZES, Monkey
from playwright.sync_api import Browser
from server import Server

SECONDS = 1.6
# The machine that runs the tests is busy: bench.monkey asks for one second.
BUSY = 5.0


@pytest.fixture
def hands(browser: Browser) -> Iterator[Monkey]:
    """A monkey whose page may show no fault."""
    width, height = SIZES[0]
    with browser.new_context(
        locale="en-US", has_touch=True, viewport={"width": width, "height": height}
    ) as context:
        monkey = Monkey(context.new_page(), seed=20, longest_freeze=BUSY)
        yield monkey
    assert not monkey.faults, "\n".join(monkey.faults.values())


def test_nothing_breaks_under_random_hands(server: Server, hands: Monkey) -> None:
    for stem in ("softmax", "training"):
        hands.visit(f"{server.url}/{stem}", SECONDS, axe=False)


def test_texts_of_twice_the_length_break_nothing(fresh_server: Callable[..., Server], hands: Monkey) -> None:
    """The rows of buttons that were too wide for it on a screen, and the menu that was on a telephone."""
    server = fresh_server(module="bench.support.doubled")
    for (width, height), query in zip(SIZES, ("training_panel=story", "training_mode=race"), strict=True):
        hands.page.set_viewport_size({"width": width, "height": height})
        hands.visit(f"{server.url}/training?{query}&training_stage_step=3", 0.5, axe=False)
