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
    ("control", "sent", "value"),
    [
        (RATE, 1.0, 1.0), (RATE, 1, 1.0), (RATE, 0.5, 0.1), (RATE, "1", 0.1), (RATE, [1.0], 0.1), (RATE, None, 0.1),
        (POINTS, 310, 310), (POINTS, 310.0, 310), (POINTS, 5001, 300), (POINTS, 9.0, 300), (POINTS, 12.5, 300),
        (POINTS, float("nan"), 300), (POINTS, float("inf"), 300), (POINTS, True, 300), (POINTS, "20", 300),
        (DATA, "iris", "iris"), (DATA, "<b>", "blobs"), (DATA, 0, "blobs"), (DATA, {}, "blobs"),
    ],
)  # fmt: skip
def test_what_the_browser_sends_is_checked(lesson: Any, control: str, sent: Any, value: Any) -> None:
    code = (
        "if st.session_state.pop('sent', False):\n"
        f"    live.take('softmax_r', {FITS[control]})\n"
        f"value = {control}; st.text(repr(value))"
    )
    app = lesson(IMPORT + code)
    app.session_state["softmax_r_live"] = {"state": {"value": sent, "number": 4}}
    app.session_state["sent"] = True
    app.run()
    assert not app.exception
    assert app.text[-1].value == repr(value)
    assert app.session_state["softmax_r_taken"] == 4


@pytest.mark.parametrize("number", [None, -1, 0, "4", 2**60, 1.5])
def test_a_forged_number_of_a_message_is_ignored(lesson: Any, number: Any) -> None:
    code = f"st.session_state['softmax_r_live'] = {{'state': {{'value': 1.0, 'number': {number!r}}}}}\n"
    app = lesson(
        IMPORT
        + code
        + f"live.take('softmax_r', {FITS[RATE]})\nst.text(str('softmax_r_taken' in st.session_state))"
    )
    assert app.text[-1].value == "False"


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
        "        st.text(str(controls.are_shown()))\n"
        "st.text(repr(value))"
    )
    app = lesson(IMPORT + code, softmax_t="2.5")
    assert (app.text[0].value, app.text[1].value, len(app.slider)) == ("True", "2.5", 1)
    app.slider[0].set_value(4.0).run()
    for _ in range(3):
        app.session_state["on"] = False
        app.run()
        assert (app.text[0].value, app.text[1].value, len(app.slider)) == ("False", "4.0", 0)
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
