"""The page of common errors with its switch on and off."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ui.slips.registry import SLIPS
from ui.slips.training import LARGEST, OVERLAPPING, STEPS, descend

PAGE = str(Path(__file__).parents[3] / "pages" / "slips.py")


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.markdown, app.latex) for element in kind)


def test_the_switch_takes_every_error_away_and_leaves_what_is_right():
    app = AppTest.from_file(PAGE, default_timeout=60)
    for code in SLIPS:
        seen = {}
        for switch in (True, False):
            app.session_state["slips_panel"], app.session_state["slips_error"] = code, switch
            app.run()
            assert not app.exception, (code, app.exception)
            seen[switch] = said(app)
        assert "✗ **the error**" in seen[True], code
        assert "✓ **right**" in seen[False], code
        assert "✗" not in seen[False], code
        assert len(seen[False]) < len(seen[True]), code


def test_a_button_puts_the_logits_on_the_board_that_show_the_error():
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.query_params["slips_panel"] = "twice"
    app.run()
    next(button for button in app.button if button.key == "slips_set_twice_0").click().run()
    assert "Loss **1.2×10⁻⁵**" in said(app), "the model is sure and right"
    assert "Loss **0.5515**" in said(app), "and after a second softmax the loss stays at its floor"


@pytest.mark.parametrize(("rate", "ends"), [(0.1, False), (1e7, True)])
def test_a_descent_that_leaves_the_picture_is_drawn_up_to_there(rate, ends):
    loss = descend(60, rate, STEPS, OVERLAPPING).loss
    count = int(np.isfinite(loss).sum())
    assert (count < STEPS + 1) is ends
    assert np.isfinite(loss[:count]).all(), "no gap before the end"
    assert (loss[:count] >= LARGEST).any() == ends


def test_a_probability_that_is_almost_one_is_not_told_as_one():
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.query_params["slips_panel"], app.query_params["slips_board_z"] = "sign", "9~0~0"
    app.run()
    assert "takes p from 0.9998 to **0.9998**" in said(app)
