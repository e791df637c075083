"""Some seconds of mouse, fingers and keys in random order, over several pages: bench.monkey is the long run of it."""

from monkey import Monkey
from playwright.sync_api import Browser
from server import Server

SECONDS = 1.6
# The machine that runs the tests is busy: bench.monkey asks for one second.
BUSY = 5.0


def test_nothing_breaks_under_random_hands(server: Server, browser: Browser) -> None:
    context = browser.new_context(locale="en-US", has_touch=True, viewport={"width": 1280, "height": 800})
    monkey = Monkey(context.new_page(), seed=20, longest_freeze=BUSY)
    for stem in ("softmax", "training", "practice"):
        monkey.visit(f"{server.url}/{stem}", SECONDS, axe=False)
    context.close()
    assert not monkey.faults, "\n".join(monkey.faults.values())
