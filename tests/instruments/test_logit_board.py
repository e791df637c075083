"""What a board accepts from a link and from a browser, either of which anyone can write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.logit_board import BoardState, boards
from instruments.shared.values import numbers, texts

GOOD = {"logits": [2.0, 1.0], "target": 1, "temperature": 1.0, "shift": 0.0, "names": ["", "dog"], "soft": [], "smoothing": 0.0, "step": 4}  # fmt: skip


def test_a_good_message_is_taken() -> None:
    state = boards.read(GOOD)
    assert state == BoardState((2.0, 1.0), 1, 1.0, 0.0, ("", "dog"))


@pytest.mark.parametrize(
    "change",
    [
        {"logits": [1.0]}, {"logits": [0.0] * 11, "names": [""] * 11}, {"logits": [float("nan"), 0.0]},
        {"logits": [float("inf"), 0.0]}, {"logits": "ab"}, {"logits": None}, {"target": 2}, {"target": -1},
        {"temperature": 0.0}, {"temperature": 21.0}, {"temperature": float("nan")}, {"shift": 11.0},
        {"names": ["a"]}, {"names": ["x" * 25, ""]}, {"names": None}, {"logits": [{}, 1]},
        {"step": 0}, {"step": 5}, {"step": "two"},
    ],
)  # fmt: skip
def test_a_bad_message_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        boards.read(GOOD | change)


def test_a_message_without_a_part_is_refused() -> None:
    for part in GOOD:
        with pytest.raises(ValueError, match=part):
            boards.read({key: value for key, value in GOOD.items() if key != part})


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2~1~0.1", (2.0, 1.0, 0.1)), ("-1e3~1e308", (-1000.0, 1e308)), ("0~0", (0.0, 0.0))],
)
def test_logits_of_a_link(text: str, expected: tuple[float, ...]) -> None:
    assert BoardState().with_logits(numbers(text)).logits == expected


@pytest.mark.parametrize(
    "text", ["", "1", "a~b", "1~nan", "1~inf", "1~1e999", "~".join(["0"] * 11), "1,2", "1~~2"]
)
def test_bad_logits_of_a_link(text: str) -> None:
    with pytest.raises(ValueError):
        BoardState().with_logits(numbers(text))


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=24),
        min_size=2,
        max_size=10,
    )
)
def test_names_survive_the_link(names: list[str]) -> None:
    # As live.js joinTexts writes them.
    joined = "~".join(name.replace("%", "%25").replace("~", "%7E") for name in names)
    assert list(texts(joined)) == names


@pytest.mark.parametrize("text", ["a~" + "x" * 25, "a\nb~c", "\u202ea~b", "a~%00"])
def test_bad_names_of_a_link(text: str) -> None:
    with pytest.raises(ValueError):
        texts(text)


def test_presets_keep_names_and_target_where_they_can() -> None:
    state = BoardState((1.0, 2.0, 3.0), target=2, shift=4.0, names=("a", "", "c"))
    assert state.with_logits([5.0, 6.0]) == BoardState((5.0, 6.0), target=0, names=("a", ""))
    assert state.with_logits([0.0] * 4).names == ("a", "", "c", "")
    assert state.with_logits([0.0] * 4).target == 2


def test_the_shift_is_added_as_the_browser_adds_it() -> None:
    assert BoardState((0.1, 0.2), shift=0.2, names=("", "")).shown == (0.3, 0.4)
    assert BoardState((1e308, 0.0), shift=10.0, names=("", "")).shown == (1e308, 10.0)
