"""Controls of our own: what the browser may send, and values that are kept while a control is not shown."""

from typing import Any

import pytest

from ui.widgets.live import one_of, within

RATE = "controls.select_slider('softmax_r', 'Rate', [0.01, 0.1, 1.0], 0.1, widget=live.slider)"
POINTS = (
    "controls.number('softmax_r', 'Points', 10, 5000, 300, 10, widget=live.number, stops=range(10, 50, 10))"
)
DATA = "controls.choice('softmax_r', 'Data', {'blobs': 'Clouds', 'iris': 'Iris'}, 'blobs', widget=live.pictures, pictures={})"
FITS = {
    RATE: "live.one_of([0.01, 0.1, 1.0])", POINTS: "live.within(10, 5000)", DATA: "live.one_of(['blobs', 'iris'])",
}  # fmt: skip
IMPORT = "import streamlit as st\nfrom ui.widgets import live\n"


@pytest.mark.parametrize(
    ("control", "messages"),
    [
        # What is refused comes first and leaves the default; what is taken stays until the next.
        (RATE, [(0.5, 0.1), ("1", 0.1), ([1.0], 0.1), (None, 0.1), (1, 1.0), (0.01, 0.01), (1.0, 1.0), (0.5, 1.0)]),
        (
            POINTS,
            [
                (5001, 300), (9.0, 300), (12.5, 300), (float("nan"), 300), (float("inf"), 300), (True, 300), ("20", 300),
                (310, 310), (320.0, 320), ("20", 320),
            ],
        ),
        (DATA, [("<b>", "blobs"), (0, "blobs"), ({}, "blobs"), ("iris", "iris"), ("<b>", "iris")]),
    ],
)  # fmt: skip
def test_what_the_browser_sends_is_checked(
    lesson: Any, control: str, messages: list[tuple[Any, Any]]
) -> None:
    code = (
        "if st.session_state.pop('sent', False):\n"
        f"    live.take('softmax_r', {FITS[control]})\n"
        f"value = {control}; st.text(repr(value))"
    )
    app = lesson(IMPORT + code)
    for number, (sent, value) in enumerate(messages, start=1):
        app.session_state["softmax_r_live"] = {"state": {"value": sent, "number": number}}
        app.session_state["sent"] = True
        app.run()
        assert not app.exception, sent
        assert app.text[-1].value == repr(value), sent
        assert app.session_state["softmax_r_taken"] == number


def test_what_was_sent_before_the_session_knew_the_control_is_taken(lesson: Any) -> None:
    """After a lost server the control still stands in the browser, and nobody is told of a message that comes first."""
    app = lesson(IMPORT + f"st.text(repr({RATE}))")
    assert app.text[-1].value == "0.1"
    app.session_state["softmax_r_live"] = {"state": {"value": 1.0, "number": 1}}
    app.run()
    assert app.text[-1].value == "1.0"
    app.session_state["softmax_r"] = 0.01  # a preset that comes later
    app.run()
    assert app.text[-1].value == "0.01"


def test_a_forged_number_of_a_message_is_ignored(lesson: Any) -> None:
    code = (
        "st.session_state['softmax_r_live'] = {'state': {'value': 1.0, 'number': st.session_state.get('forged')}}\n"
        f"live.take('softmax_r', {FITS[RATE]})\nst.text(str('softmax_r_taken' in st.session_state))"
    )
    app = lesson(IMPORT + code)
    assert app.text[-1].value == "False"  # no number
    for number in (-1, 0, "4", 2**60, 1.5):
        app.session_state["forged"] = number
        app.run()
        assert app.text[-1].value == "False", number
    app.session_state["forged"] = 4
    assert app.run().text[-1].value == "True"


def test_a_link_is_followed_and_left_out_at_the_default(lesson: Any) -> None:
    app = lesson(IMPORT + f"value = {RATE}; st.text(repr(value))", softmax_r="0.01")
    assert app.text[-1].value == "0.01"
    assert app.session_state["_link"].published["softmax_r"] == "0.01"
    app = lesson(IMPORT + f"value = {RATE}; st.text(repr(value))")
    assert app.session_state["_link"].published["softmax_r"] is None


def test_a_control_that_is_not_shown_keeps_its_value(lesson: Any) -> None:
    code = (
        "on = st.session_state.get('on', True)\n"
        "with controls.shown(on):\n"
        "    value = controls.slider('softmax_t', 'Temperature', 0.1, 10.0, 1.0, 0.1)\n"
        "    with controls.shown(True):\n"
        "        controls.toggle('softmax_h', 'Hard', False)\n"
        "st.text(repr(value))"
    )
    app = lesson(IMPORT + code, softmax_t="2.5")
    assert (app.text[0].value, len(app.slider), len(app.toggle)) == ("2.5", 1, 1)
    app.slider[0].set_value(4.0).run()
    for _ in range(3):
        app.session_state["on"] = False
        app.run()
        assert (app.text[0].value, len(app.slider), len(app.toggle)) == ("4.0", 0, 0)
        assert app.session_state["_link"].published["softmax_t"] == "4"
    app.session_state["on"] = True
    app.run()
    assert app.slider[0].value == 4.0


def test_an_option_keeps_its_type() -> None:
    assert repr(one_of([0, 1, 2])(1.0)) == "1"
    assert repr(within(0.0, 3.0)(2)) == "2.0"


def test_what_is_in_force_unseen_is_named(lesson: Any) -> None:
    code = (
        "with controls.collect_unseen() as found, controls.shown(False):\n"
        "    controls.slider('softmax_t', 'Temperature', 0.1, 10.0, 1.0, 0.1)\n"
        "    controls.slider('softmax_k', 'Classes', 2, 10, 3, 1)\n"
        "    controls.toggle('softmax_h', 'Hard', False)\n"
        "    controls.choice('softmax_d', 'Data', {'blobs': 'Clouds', 'iris': 'Iris'}, 'blobs')\n"
        "st.text(repr(found))"
    )
    app = lesson(IMPORT + code, softmax_t="2.5", softmax_h="true", softmax_d="iris")
    assert app.text[-1].value == repr([("Temperature", "2.5"), ("Hard", "on"), ("Data", "Iris")])
