"""A lesson leads to the slip that belongs to it, and the slip opens with its switch on."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from ui.slips.links import address, titles
from ui.slips.registry import SLIPS

PAGES = Path(__file__).parents[3] / "pages"
# Each slip of one sample stands in the panel whose formula it gets wrong; those about training on that page.
PLACES = {
    "sign": [("loss", "steps"), ("loss", "check")],
    "minus": [("loss", "likelihood"), ("softmax", "precision")],
    "epsilon": [("loss", "compare"), ("information", "cross")],
    "number": [("loss", "labels"), ("linear_layer", "batch")],
    "right": [("loss", "steps")],
    "maximum": [("softmax", "curves")],
    "mean": [("training", "curves")],
    "l2": [("training", "story")],
    "training_set": [("text", "accuracy")],
}


def opened(page: str, **parameters: str) -> AppTest:
    app = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize(
    ("slip", "place"), [(slip, place) for slip, places in PLACES.items() for place in places]
)
def test_a_lesson_leads_to_its_slip(slip: str, place: tuple[str, str]) -> None:
    page, panel = place
    query = (
        {"text_challenge_open": "flip"} if page == "text" else {}
    )  # its first questions keep the panel back
    found = [caption.value for caption in opened(page, **{f"{page}_panel": panel}, **query).caption]
    assert any(titles()[slip] in text and f"({address(slip)})" in text for text in found)


@pytest.mark.parametrize("slip", titles())
def test_the_address_opens_the_slip_with_its_switch_on(slip: str) -> None:
    parts = urlsplit(address(slip))
    app = opened(parts.path, **{name: values[0] for name, values in parse_qs(parts.query).items()})
    assert not app.exception
    assert app.session_state["slips_panel"] == slip
    (switch,) = app.toggle
    assert switch.value is True
    assert any("✗" in text.value for text in app.markdown)


@pytest.mark.parametrize(("text", "shown"), [("true", True), ("false", False)])
def test_an_older_link_says_whether_the_error_is_shown(text: str, shown: bool) -> None:
    app = opened("slips", slips_panel="twice", slips_twice=text, slips_sign="true")
    assert app.toggle[0].value is shown
    assert any("✗" in element.value for element in app.markdown) is shown
    assert not app.session_state["_link"].notes


def test_the_switch_keeps_its_state_when_another_error_is_chosen() -> None:
    app = opened("slips")
    assert app.toggle[0].value is True
    app.toggle[0].set_value(False).run()
    app.radio[0].set_value("minus").run()
    assert app.toggle[0].value is False
    assert not any("✗" in element.value for element in app.markdown)


# Two are about what a number means: right and wrong stand on the same number.
@pytest.mark.parametrize("slip", [code for code in SLIPS if code not in ("far", "unique")])
def test_right_and_wrong_show_different_results_when_an_error_is_opened(slip: str) -> None:
    """The last number or name of each formula and table is its result."""

    def results(column: Any) -> list[str]:
        texts = [element.value.replace(r"\end{gathered}", "") for element in column.latex]
        texts += [re.sub(r"<[^>]+>", " ", element.proto.body) for element in column.get("html")]
        return [re.findall(r"[\w.∞−-]+", text)[-1] for text in texts if text.strip()]

    app = opened("slips", slips_panel=slip)
    sides = {column.markdown[0].value[0:1]: column for column in app.columns if column.markdown}
    right, wrong = results(sides["✓"]), results(sides["✗"])
    assert right[-1] != wrong[-1]


def test_an_error_opens_with_numbers_that_show_it_unless_the_reader_chose_others() -> None:
    def logits(app: AppTest) -> tuple[float, ...]:
        return app.session_state["slips_board_slot"].state.logits

    app = opened("slips", slips_panel="seen")
    assert logits(app) == (0, 60)
    app.radio[0].set_value("sign").run()
    assert logits(app) == (2, 1, 0.1)
    assert logits(opened("slips", slips_panel="seen", slips_board_z="3~1")) == (3, 1)
    assert logits(opened("slips", slips_panel="sign", slips_board_z="0~60")) == (0, 60)
