"""Nothing jumps when a page comes late, or after another: test_widths.py looks at each page while it loads, bench.shift in new browsers."""

from layout_shift import ALLOWED, SIZES, WATCH, at_rest, shifts_of_a_change, shifts_of_a_load, total
from waits import quiet


def test_a_phone_that_waits_for_the_first_training_does_not_jump_when_the_stage_comes(new_page, fresh_server):
    server = fresh_server(module="bench.support.late")
    page = new_page(viewport={"width": 390, "height": SIZES[390]})
    at_rest(shifts_of_a_load(page, f"{server.url}/hidden_layer"))


def test_the_next_page_does_not_jump_either(server, browser):
    at_rest(shifts_of_a_change(browser, server.url, "Softmax"))


def test_the_measure_sees_a_page_that_jumps_also_when_it_comes_later(page, tmp_path):
    file = tmp_path / "jumps.html"
    # After the first frame: what moves before anything is painted has not jumped.
    jump = "setTimeout(() => document.querySelector('h1').style.marginTop = '300px', 200)"
    late = f"requestAnimationFrame(() => requestAnimationFrame(() => {jump}))"
    file.write_text(
        f"<div data-testid='stApp' data-test-script-state='notRunning'></div><h1>Title</h1><p>Text that is pushed down.</p><script>{late}</script>",
        encoding="utf-8",
    )
    seen = shifts_of_a_load(page, file.as_uri())
    assert total(seen) > ALLOWED
    page.evaluate(WATCH)
    quiet(page, 100)
    assert page.evaluate("labShifts") == seen
