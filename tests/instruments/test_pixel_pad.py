"""A drawing as a text: there and back, and what is no drawing."""

import numpy as np
import pytest

from instruments.pixel_pad import LONGEST, PadState, boards, pack_strokes, unpack_strokes

RNG = np.random.default_rng(2)


def test_a_drawing_comes_back_to_a_512th():
    drawing = [RNG.random((n, 2)) for n in (1, 2, 40)]
    back = unpack_strokes(pack_strokes([stroke.tolist() for stroke in drawing]))
    for stroke, again in zip(drawing, back, strict=True):
        np.testing.assert_allclose(stroke, again, atol=1 / 512)
    assert pack_strokes(back) == pack_strokes([stroke.tolist() for stroke in drawing])


def test_an_empty_drawing_has_a_text():
    assert unpack_strokes(pack_strokes([])) == []
    assert pack_strokes([]) == "0"


@pytest.mark.parametrize("text", ["", "A", "AAAA", "AAA.", "..", "A*A", "图图图", "A" * (LONGEST + 2)])
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(ValueError):
        unpack_strokes(text)


@pytest.mark.parametrize(
    "sent", [{}, {"drawing": "<b>", "centred": True, "why": 0}, {"drawing": "0", "centred": True, "why": 10}]
)
def test_a_forged_message_is_refused(sent):
    with pytest.raises(ValueError):
        boards.read(sent)
    assert boards.read({"drawing": "AAA", "centred": False, "why": 3}) == PadState("AAA", False, 3)
