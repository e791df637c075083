"""Links and settings of the lessons: each is read whole, and nothing a link brings can break a page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.home.teaching import presets
from ui.slips.registry import SLIPS

PAGES = Path(__file__).parents[2] / "pages"


def opened(stem: str, query: dict[str, str]) -> AppTest:
    app = AppTest.from_file(str(PAGES / f"{stem}.py"), default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: f"{preset.stem} {preset.sentence}")
def test_what_home_links_to_opens_without_a_note(preset):
    app = opened(preset.stem, dict(preset.query))
    assert not app.exception, app.exception
    assert not app.session_state["_link"].notes


PANELS = {
    "loss": ["steps", "check", "walk", "likelihood", "compare", "labels"],
    "information": ["surprise", "entropy", "cross", "kl", "code"],
    "slips": list(SLIPS),
}
STATES = {
    "loss": [
        {"loss_board_z": "1e308~-1e308"},
        {"loss_board_z": "-1000~-1000~0", "loss_board_y": "0.5~0.5~0", "loss_board_smoothing": "0.5"},
        {"loss_board_z": "~".join(map(str, range(10))), "loss_board_target": "9", "loss_renumber": "true"},
        {"loss_board_names": "<b>x</b>~$y$~:red[z]", "loss_board_smoothing": "0.1", "loss_all": "true", "loss_step": "8"},
        {"loss_from": "0~0~5", "loss_taken": "200", "loss_eta": "20"},
    ],
    "information": [
        {"information_board_p": "1~0", "information_board_q": "0~1"},
        {"information_board_p": "~".join(["0.1"] * 10), "information_board_q": "1~0~0~0~0~0~0~0~0~0"},
        {"information_board_unit": "nats", "information_n": "5000", "information_message_seed": "9999"},
    ],
    "slips": [
        {f"slips_{name}": "true" for name in PANELS["slips"]} | {"slips_board_z": "1e308~-1e308~0"},
        {f"slips_{name}": "true" for name in PANELS["slips"]}
        | {"slips_board_z": "~".join(map(str, range(10))), "slips_board_t": "0.05", "slips_board_target": "4"},
        {f"slips_{name}": "true" for name in PANELS["slips"]} | {"slips_n": "300", "slips_rate": "1", "slips_lambda": "1"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("stem", "state"),
    [(stem, state) for stem in PANELS for state in STATES[stem]],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_panel_stands_every_state(stem, state):
    first, *others = PANELS[stem]
    app = opened(stem, {f"{stem}_panel": first} | state)
    for panel in [first, *others]:
        if panel != first:
            app.session_state[f"{stem}_panel"] = panel
            app.run()
        assert not app.exception, (panel, app.exception)
        assert app.session_state[f"{stem}_panel"] == panel
        assert not app.session_state["_link"].notes, panel


HOSTILE = [
    "",
    "nan",
    "1~nan",
    "9" * 5000,
    "<script>alert(1)</script>",
    "1~2~3~4~5~6~7~8~9~10~11",
    "0.5~0.6",
    "-1~2",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_cannot_be_used_is_noted_and_replaced(text):
    for stem, keys in {
        "loss": ["loss_board_y", "loss_board_smoothing", "loss_from", "loss_taken", "loss_step", "loss_h"],
        "information": [
            "information_board_p",
            "information_board_q",
            "information_board_unit",
            "information_n",
        ],
    }.items():
        app = opened(stem, dict.fromkeys(keys, text))
        assert not app.exception, app.exception
        assert app.session_state["_link"].notes


def test_a_q_of_another_length_is_replaced():
    app = opened("information", {"information_board_p": "0.5~0.5", "information_board_q": "0.2~0.2~0.6"})
    assert not app.exception, app.exception
    assert len(app.session_state["_link"].notes) == 1
    app = opened("loss", {"loss_board_z": "0~1", "loss_board_y": "0.2~0.2~0.6"})
    assert not app.exception, app.exception
    assert len(app.session_state["_link"].notes) == 1


def test_a_link_to_the_board_that_stood_on_home_opens_without_a_note():
    names = {"home_board_z": "1~2~3", "home_board_t": "2", "home_board_shift": "1", "home_board_target": "1", "home_board_names": "a~b~c"}  # fmt: skip
    app = opened("home", names)
    assert not app.exception, app.exception
    assert not app.session_state["_link"].notes


def test_a_line_of_a_playlist_that_is_no_link_is_named_letter_by_letter():
    app = opened("home", {})
    app.text_area[0].set_value("softmax\n**bold** [x](javascript:alert(1)) <b>\n").run()
    assert not app.exception, app.exception
    (said,) = app.error
    assert "\\*\\*bold\\*\\*" in said.value
    assert "](" not in said.value
    assert "<b>" not in said.value


@pytest.mark.parametrize(
    ("view", "held"), [({}, "softmax|home"), ({"view": "present"}, None)], ids=["page", "shown"]
)
def test_home_holds_its_list_in_the_address_unless_it_is_shown_as_a_link_of_it(view, held):
    app = opened("home", {"present": "softmax|home"} | view)
    assert not app.exception, app.exception
    assert app.session_state["_link"].published["present"] == held
