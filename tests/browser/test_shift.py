"""Nothing jumps while a page loads, on a projector and on a phone in turn: bench.shift opens every page on both."""

import pytest
from layout_shift import SIZES, shifts, shifts_of_a_change, total

from ui.frame import frame

ALLOWED = 0.05


@pytest.mark.parametrize(("turn", "stem"), list(enumerate(lesson.stem for lesson in frame.lessons())))
def test_a_page_does_not_jump_while_it_loads(server, browser, turn, stem):
    size = dict([list(SIZES.items())[turn % len(SIZES)]])
    for width, found in shifts(browser, f"{server.url}/{'' if stem == 'home' else stem}", size).items():
        causes = [f"at {width}: {shift['value']:.3f} {shift['causes']}" for shift in found]
        assert total(found) <= ALLOWED, "\n".join(causes)


def test_the_next_page_does_not_jump_either(server, browser):
    found = shifts_of_a_change(browser, server.url, "Softmax")
    assert total(found) <= ALLOWED, "\n".join(f"{shift['value']:.3f} {shift['causes']}" for shift in found)


def test_the_measure_sees_a_page_that_jumps(browser, tmp_path):
    page = tmp_path / "jumps.html"
    late = "setTimeout(() => document.querySelector('h1').style.marginTop = '300px', 300)"
    page.write_text(
        f"<div data-testid='stApp' data-test-script-state='notRunning'></div><h1>Title</h1><p>Text that is pushed down.</p><script>{late}</script>",
        encoding="utf-8",
    )
    for found in shifts(browser, page.as_uri()).values():
        assert total(found) > ALLOWED
