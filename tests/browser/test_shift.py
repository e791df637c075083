"""Nothing jumps while a page loads, on a projector and on a phone in turn: bench.shift opens every page on both, in new browsers."""

import pytest
from layout_shift import SIZES, WATCH, shifts_of_a_change, shifts_of_a_load, total

from ui.frame import frame

ALLOWED = 0.05


@pytest.fixture(scope="module")
def visitor(browser):
    """A page whose browser gets to know the site: what is loaded anew by each page is little, so they load quickly."""
    with browser.new_context(locale="en-US") as context:
        context.add_init_script(WATCH)
        yield context.new_page()


@pytest.mark.parametrize(("turn", "stem"), list(enumerate(lesson.stem for lesson in frame.lessons())))
def test_a_page_does_not_jump_while_it_loads(server, visitor, turn, stem):
    width, height = list(SIZES.items())[turn % len(SIZES)]
    visitor.set_viewport_size({"width": width, "height": height})
    found = shifts_of_a_load(visitor, f"{server.url}/{'' if stem == 'home' else stem}")
    assert total(found) <= ALLOWED, "\n".join(f"{shift['value']:.3f} {shift['causes']}" for shift in found)


def test_a_phone_that_waits_for_the_first_training_does_not_jump_when_the_stage_comes(visitor, fresh_server):
    server = fresh_server(module="bench.support.late")
    visitor.set_viewport_size({"width": 390, "height": SIZES[390]})
    found = shifts_of_a_load(visitor, f"{server.url}/hidden_layer")
    assert total(found) <= ALLOWED, "\n".join(f"{shift['value']:.3f} {shift['causes']}" for shift in found)


def test_the_next_page_does_not_jump_either(server, browser):
    found = shifts_of_a_change(browser, server.url, "Softmax")
    assert total(found) <= ALLOWED, "\n".join(f"{shift['value']:.3f} {shift['causes']}" for shift in found)


def test_the_measure_sees_a_page_that_jumps(visitor, tmp_path):
    page = tmp_path / "jumps.html"
    # After the first frame: what moves before anything is painted has not jumped.
    jump = "setTimeout(() => document.querySelector('h1').style.marginTop = '300px', 200)"
    late = f"requestAnimationFrame(() => requestAnimationFrame(() => {jump}))"
    page.write_text(
        f"<div data-testid='stApp' data-test-script-state='notRunning'></div><h1>Title</h1><p>Text that is pushed down.</p><script>{late}</script>",
        encoding="utf-8",
    )
    assert total(shifts_of_a_load(visitor, page.as_uri())) > ALLOWED
