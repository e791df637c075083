"""What a control shows for the values that a link, a session or a learner can give it."""

import pytest
import streamlit as st

from ui.widgets import controls

SLIDER = "value = controls.slider('softmax_t', 'Temperature', 0.1, 10.0, 1.0, 0.1); st.text(repr(value))"
WHOLE = "value = controls.slider('softmax_k', 'Classes', 2, 10, 3, 1); st.text(repr(value))"
NUMBER = "value = controls.number('softmax_n', 'Points', 10, 1000, 300, 10); st.text(repr(value))"
RATE = "value = controls.select_slider('softmax_r', 'Rate', [0.01, 0.1, 1.0], 0.1); st.text(repr(value))"
TOGGLE = "value = controls.toggle('softmax_h', 'Hard'); st.text(repr(value))"
CHOICE = (
    "value = controls.{}('softmax_d', 'Data', {{'blobs': 'Clouds', 'iris': 'Iris'}}, 'blobs')"
    "; st.text(repr(value))"
)
SEGMENTED, DROPDOWN = CHOICE.format("segmented"), CHOICE.format("choice")
IMPORT = "import streamlit as st\n"


def _shown(app):
    assert not app.exception
    return app.text[-1].value


def _notes(app):
    return " ".join(
        element.proto.body
        for element in app.get("html")
        if element.proto.body.startswith('<ul class="lab-notes"')
    )


@pytest.mark.parametrize(
    ("code", "key", "text", "shown"),
    [
        (SLIDER, "softmax_t", "2.5", "2.5"),
        (SLIDER, "softmax_t", "25e-1", "2.5"),
        (SLIDER, "softmax_t", "3", "3.0"),
        (WHOLE, "softmax_k", "7", "7"),
        (NUMBER, "softmax_n", "20", "20"),
        (RATE, "softmax_r", "0.01", "0.01"),
        (TOGGLE, "softmax_h", "true", "True"),
        (SEGMENTED, "softmax_d", "iris", "'iris'"),
        (DROPDOWN, "softmax_d", "iris", "'iris'"),
    ],
)
def test_a_good_link_is_followed_without_a_note(lesson, code, key, text, shown):
    app = lesson(IMPORT + code, **{key: text})
    assert _shown(app) == shown
    assert not _notes(app)


BAD_TEXTS = [
    "",
    "nan",
    "inf",
    "-inf",
    "abc",
    "<script>alert(1)</script>",
    "1_0",
    "٣",
    "0x10",
    "9" * 10_000,
    " 3",
]


# Each kind of control, with what it shows by default.
ALL = {
    "softmax_t": (SLIDER, "1.0"),
    "softmax_k": (WHOLE, "3"),
    "softmax_n": (NUMBER, "300"),
    "softmax_r": (RATE, "0.1"),
    "softmax_h": (TOGGLE, "False"),
    "softmax_d": (SEGMENTED, "'blobs'"),
    "softmax_e": (DROPDOWN.replace("softmax_d", "softmax_e").replace("Data", "Other data"), "'blobs'"),
}


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_an_unreadable_value_gives_the_default_and_a_note(lesson, text):
    app = lesson(IMPORT + "\n".join(code for code, _default in ALL.values()), **dict.fromkeys(ALL, text))
    assert not app.exception
    assert [element.value for element in app.text] == [default for _code, default in ALL.values()]
    assert _notes(app).count("<li>") == len(ALL)
    assert "<script" not in _notes(app)
    assert len(_notes(app)) < 400 * len(ALL)


@pytest.mark.parametrize(
    ("code", "key", "text", "nearest"),
    [
        (SLIDER, "softmax_t", "1e308", "10.0"),
        (SLIDER, "softmax_t", "1e999", "10.0"),
        (SLIDER, "softmax_t", "-4", "0.1"),
        (WHOLE, "softmax_k", "11", "10"),
        (WHOLE, "softmax_k", "3.7", "3"),
        (NUMBER, "softmax_n", "1", "10"),
        (RATE, "softmax_r", "0.12", "0.1"),
        (RATE, "softmax_r", "1e308", "1.0"),
    ],
)
def test_a_value_out_of_range_gives_the_nearest_and_a_note(lesson, code, key, text, nearest):
    app = lesson(IMPORT + code, **{key: text})
    assert _shown(app) == nearest
    assert "<li>" in _notes(app)


@pytest.mark.parametrize(
    ("code", "key", "text", "value"),
    [(SLIDER, "softmax_t", "2,5", "2.5"), (SLIDER, "softmax_t", "２．５", "2.5"), (NUMBER, "softmax_n", "1,000", "1000")],
)  # fmt: skip
def test_a_number_in_a_link_is_read_as_people_write_it(lesson, code, key, text, value):
    app = lesson(IMPORT + code, **{key: text})
    assert _shown(app) == value
    assert "<li>" not in _notes(app)


def test_a_repeated_parameter_is_refused(lesson):
    app = lesson(IMPORT + WHOLE, softmax_k=["4", "5"])
    assert _shown(app) == "3"
    assert "Classes" in _notes(app)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -1.0, "abc", None, [], True])
def test_an_odd_session_value_is_replaced(lesson, odd):
    app = lesson(
        f"{IMPORT}st.session_state.setdefault('softmax_t', {odd!r})\n".replace("nan", "float('nan')").replace(
            "inf", "float('inf')"
        )
        + SLIDER
    )
    assert 0.1 <= float(_shown(app)) <= 10.0


def test_a_range_that_shrinks_takes_the_value_along(lesson):
    code = (
        IMPORT
        + "high = 10 if st.checkbox('wide', True) else 4\n"
        + "st.text(controls.slider('softmax_k', 'K', 2, high, 3, 1))"
    )
    app = lesson(code, softmax_k="9")
    assert app.text[-1].value == "9"
    app.checkbox[0].uncheck().run()
    assert not app.exception
    assert app.text[-1].value == "4"


def test_notes_stay_until_dismissed(lesson):
    app = lesson(IMPORT + WHOLE, softmax_k="x")
    app.run()
    assert "Classes" in _notes(app)
    app.button(key="lab_dismiss").click().run()
    assert not _notes(app)


def test_what_no_control_claims_is_named_once(lesson):
    app = lesson(
        IMPORT + WHOLE + "\nsharing.claim('softmax_later')",
        softmax_k="4",
        softmax_later="1",
        foo="<b>",
        training_lr="1",
    )
    assert _shown(app) == "4"
    assert _notes(app).count("foo") == 1
    assert "softmax_later" not in _notes(app)
    assert "training_lr" not in _notes(app)


def test_ten_thousand_characters_of_unknown_parameters_give_a_short_note(lesson):
    app = lesson(IMPORT + WHOLE, **{f"x{'y' * 90}{i}": "1" for i in range(100)})
    assert _shown(app) == "3"
    assert len(_notes(app)) < 500


def test_names_of_a_reader_on_a_row_of_buttons_are_no_markdown(lesson):
    code = "controls.segmented('softmax_d', 'Class', {'0': '**cat**', '1': 'dog'}, '0', own_names=True)"
    options = lesson(code).button_group(key="softmax_d").options
    assert list(options) == [r"\*\*cat\*\*", "dog"]


@pytest.mark.parametrize(
    ("odd", "shown"), [("'fast'", "0.1"), ("None", "0.1"), ("True", "0.1"), ("1e308", "1.0")]
)
def test_an_odd_value_of_a_slider_over_steps_is_replaced(lesson, odd, shown):
    assert _shown(lesson(f"{IMPORT}st.session_state.setdefault('softmax_r', {odd})\n{RATE}")) == shown


def test_a_widget_that_is_gone_takes_nothing(monkeypatch):
    takes = []

    def widget(label, *, key, on_change, default):
        takes.append(on_change)
        return default

    state = {"panel": "a"}
    monkeypatch.setattr(st, "session_state", state)
    controls.following(widget, 1)("Panel", key="panel", persist_state="session")
    state["panel_1"] = "b"
    takes[0]()
    assert state["panel"] == "b"
    controls.following(widget, 2)("Panel", key="panel", persist_state="session")
    state["panel_1"] = "c"  # the browser has not heard of the second yet
    takes[0]()
    assert state["panel"] == "b"
    state["panel_2"] = "d"
    takes[1]()
    assert state["panel"] == "d"


@pytest.mark.parametrize(
    ("widget", "chosen", "before", "after"),
    [
        ("segmented_control", ["a", "b"], {"options": ["a", "b"]}, {"options": ["b"]}),
        ("slider", [9, 2], {"min_value": 0, "max_value": 9}, {"min_value": 0, "max_value": 5}),
    ],
)
def test_a_widget_that_began_with_what_is_no_longer_allowed_begins_anew(
    widget, chosen, before, after, monkeypatch
):
    began = []

    def mount(label, *, key, on_change, begin, **limits):
        assert controls._allows(limits, begin), f"{widget} would raise an error"
        began.append((key, begin))

    first, then = chosen
    state = {"x": first}
    monkeypatch.setattr(st, "session_state", state)
    box = controls.following(mount, 1, "begin")
    box("X", key="x", persist_state="session", **before)
    state |= {"x_1": then, "x": then}  # the reader's own choice
    box("X", key="x", persist_state="session", **before)
    assert began == [("x_1", first)] * 2
    box("X", key="x", persist_state="session", **after)
    assert began[2] == ("x_2", then)
    assert state["x"] == then
