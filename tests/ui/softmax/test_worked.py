"""What the panels of the Softmax page say in words and numbers."""

import numpy as np
import pytest
import scipy.special as sp
from streamlit.testing.v1 import AppTest

from ui.frame.frame import ROOT
from ui.softmax.worked import exponentials, fraction_digits, order, rounded_sum


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "pages" / "softmax.py"), default_timeout=120)
    for key, value in query.items():
        app.query_params[f"softmax_{key}"] = value
    app.run()
    assert not app.exception, app.exception
    assert not app.session_state["_link"].notes
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in ("markdown", "caption", "latex") for element in app.get(kind))


def test_a_tie_has_no_winner() -> None:
    names = ["cat", "dog", "bird"]
    assert "cat wins" in order([2.0, 1.0, 0.0], names)
    assert "A tie: cat, bird" in order([2.0, 1.0, 2.0], names)
    assert "None of them wins" in order([2.0, 1.0, 2.0], names)
    assert "Nobody wins" in order([1.0, 1.0, 1.0], names)


def test_a_sum_that_rounding_spoils_is_explained() -> None:
    sentence = "the shares seem to add up to 1.001"
    assert sentence in rounded_sum([0.9905, 0.0068, 0.0027])
    assert rounded_sum([0.659, 0.242, 0.099]) == ""
    assert rounded_sum([0.9994, 0.0003, 0.0003]) == "", "0.999, < 0.001 and < 0.001 are no sum"
    assert sentence in said(opened(board_z="5~0.1~2.6", board_step="3"))


@pytest.mark.parametrize("temperature", [0.05, 1.0, 20.0])
@pytest.mark.parametrize("z", [(2.0, 1.0, 0.1), (1000.0, 999.0, 0.0), (-1000.0, -1001.0), (1e308, -1e308)])
def test_the_exponentials_are_those_of_the_shares(z: tuple[float, ...], temperature: float) -> None:
    exponents, e, subtracted = exponentials(np.array(z), temperature)
    with np.errstate(over="ignore"):
        wanted = sp.softmax((np.array(z) - max(z)) / temperature)
        assert subtracted == (not 1e-300 < np.exp(np.array(z) / temperature).sum() < np.inf)
    np.testing.assert_allclose(e / e.sum(), wanted, rtol=1e-9, atol=1e-300)
    np.testing.assert_array_equal(e, np.exp(exponents))


@pytest.mark.parametrize(
    ("z", "k", "printed"),
    [((2.0, 1.0, 0.1), 0, "7.389/11.213=0.6590"), ((2.0, 1.0, 0.1), 2, "1.1052/11.2125=0.0986")],
)
def test_the_fraction_holds_as_it_is_printed(z: tuple[float, ...], k: int, printed: str) -> None:
    e = np.exp(z)
    p = float(e[k] / e.sum())
    digits, sign = fraction_digits(float(e[k]), float(e.sum()), p)
    assert f"{e[k]:.{digits}f}/{e.sum():.{digits}f}{sign}{p:.4f}" == printed


def test_a_fraction_that_is_almost_1_is_not_printed_as_1_of_1() -> None:
    text = said(opened(board_step="3", board_z="2~-8.53~-8.53"))
    assert r"\frac{7.3891}{7.3895} = 0.9999" in text
    assert r"\approx" in said(opened(board_step="3", board_z="12~11.5~11.5")), "1.6 × 10⁵ is too rough"


def test_the_example_goes_with_the_step() -> None:
    assert r"= 3.10" in said(opened(board_step="1", board_z="2~1~0.1"))
    assert "7.389" in said(opened(board_step="2", board_z="2~1~0.1"))
    assert "0.6590" in said(opened(board_step="3", board_z="2~1~0.1"))
    every = said(opened(board_step="4", board_z="2~1~0.1"))
    assert "-0.4170" in every
    assert r"L = -\log p" in every


def test_nothing_on_a_fresh_page_gives_the_first_answer_away() -> None:
    assert "0.659" not in said(opened())
    for panel in ("curves", "jacobian", "log", "network"):
        app = opened(challenge_open="shares", panel=panel)
        assert "The numbers here would answer" in said(app), panel
        assert "0.659" not in said(app), panel
    network = said(opened(challenge_open="shares", panel="network"))
    assert "the **last layer**" in network, "what is no number can be read"
    two = said(opened(challenge_open="shares", panel="sigmoid"))
    assert "would answer" not in two
    assert "0.659" not in two


def test_the_words_at_a_logit_of_1000_say_that_the_largest_was_subtracted() -> None:
    state = {"board_z": "1000~999~0", "board_step": "2"}
    assert "The largest logit was subtracted" in said(opened(**state))
    assert "was subtracted" not in said(opened(board_z="2~1~0.1", board_step="2"))


def test_a_log_of_0_is_shown_beside_log_softmax() -> None:
    app = opened(panel="log", board_z="0~-1000~-2")
    assert "**log 0**" in said(app)
    table = "".join(element.proto.body for element in app.get("html"))
    assert "−∞" in table
    direct = sp.log_softmax([0.0, -1000.0, -2.0])[1]
    assert f"{direct:.3f}".replace("-", "−") in table


def test_a_button_of_a_format_sets_the_format_too() -> None:
    app = opened(panel="precision")
    next(button for button in app.button if button.label == "float16: z = 12").click().run()
    assert not app.exception
    assert app.session_state["softmax_dtype"] == "float16"
    assert "The formula as written broke" in said(app)


def test_a_head_beside_its_number_keeps_its_exponent() -> None:
    table = "".join(element.proto.body for element in opened(panel="precision").get("html"))
    assert 'data-head="e^z"' in table
    assert 'data-head="e^(z − max)"' in table


def test_two_classes_are_drawn_at_once_and_named() -> None:
    text = said(opened(panel="sigmoid", board_z="2~1~0.1"))
    assert "logistic regression" in text
    assert f"{sp.expit(1.0):.4f}" in text


@pytest.mark.parametrize(
    "panel", ["steps", "curves", "simplex", "sigmoid", "jacobian", "precision", "log", "network"]
)
@pytest.mark.parametrize(
    "state",
    [
        {"board_z": "1e308~-1e308"},
        {"board_z": "1000~999~0", "board_t": "0.05"},
        {"board_z": "~".join(map(str, range(10))), "board_target": "9", "board_shift": "-10"},
        {"board_z": "0~0~0", "board_names": "<b>x</b>~$y$~:red[z]", "board_step": "3"},
        {"curve_class": "2", "dtype": "float64", "board_z": "-1000~-1001~-1002"},
    ],
)  # fmt: skip
def test_every_panel_stands_every_state(panel: str, state: dict[str, str]) -> None:
    opened(panel=panel, **state)


def test_an_old_link_shows_all_columns_and_a_step_in_it_counts() -> None:
    assert opened(board_z="3~1~0").session_state["softmax_board_slot"].state.step == 4
    assert opened(board_z="3~1~0", board_step="1").session_state["softmax_board_slot"].state.step == 1
    assert opened().session_state["softmax_board_slot"].state.step == 1
