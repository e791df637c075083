"""The pixel pad: strokes in the browser, classified there on every frame by weights that were sent once."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.shared.session import Boards
from softmax_core.images.strokes import Strokes

NOTHING = "0"
"""The text of an empty drawing."""
LONGEST_IN_LINK = 1500  # letters in the address; a longer drawing is kept in the reader's browser, and named
LONGEST = 16_000
MOST_CLASSES = 10
DOT = 0.03  # of the pad: a stroke no longer than this is a dot
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_STEPS = 512


def unpack_strokes(text: str) -> Strokes:
    """Read a drawing: strokes joined by ".", three letters of 6 bits for each point, 9 bits across and 9 down.

    Returns
    -------
    sequence of sequences of (x, y)
        Points on a pad that is 1 wide and 1 high.

    Raises
    ------
    ValueError
        If it is not the text of a drawing, or longer than 16,000 letters.

    Examples
    --------
    >>> unpack_strokes("gEA")
    [[(0.5, 0.5)]]
    >>> unpack_strokes("0")
    []
    """
    if len(text) > LONGEST:
        raise ValueError(f"a drawing has at most {LONGEST} letters, got {len(text)}")
    if text == NOTHING:
        return []
    return [_stroke(part) for part in text.split(".")]


def _stroke(part: str) -> list[tuple[float, float]]:
    if not part or len(part) % 3:
        raise ValueError(f"a stroke has three letters for each point, got {part[:20]!r}")
    points = []
    for i in range(0, len(part), 3):
        number = 0
        for letter in part[i : i + 3]:
            number = number * 64 + _LETTERS.index(letter)  # ValueError where it is none
        points.append((number // _STEPS / _STEPS, number % _STEPS / _STEPS))
    return points


def pack_strokes(strokes: Strokes) -> str:
    """Write a drawing as `unpack_strokes` reads it; places are rounded to 1/512 of the pad.

    Examples
    --------
    >>> pack_strokes([[(0.5, 0.5)]])
    'gEA'
    """
    texts = []
    for stroke in strokes:
        text = ""
        for x, y in stroke:
            across, down = (min(max(round(v * _STEPS), 0), _STEPS - 1) for v in (x, y))
            number = across * _STEPS + down
            text += _LETTERS[number >> 12] + _LETTERS[(number >> 6) & 63] + _LETTERS[number & 63]
        texts.append(text)
    return ".".join(filter(None, texts)) or NOTHING


@dataclass(frozen=True)
class PadState:
    """What a pad shows.

    Parameters
    ----------
    drawing
        The strokes as `pack_strokes` writes them.
    centred
        Whether the drawing is scaled and centred as the makers of the data did.
    why
        The class that "why" is about; -1 is the one with the largest probability.

    Raises
    ------
    ValueError
        If any of these does not hold; the message has the received value.
    """

    drawing: str = NOTHING
    centred: bool = True
    why: int = -1

    def __post_init__(self) -> None:
        unpack_strokes(self.drawing)
        if not -1 <= self.why < MOST_CLASSES:
            raise ValueError(f"a class from -1 to {MOST_CLASSES - 1}, got {self.why}")

    @property
    def strokes(self) -> Strokes:
        """The drawing as strokes of points."""
        return unpack_strokes(self.drawing)


boards = Boards("pixel_pad", PadState, longest=LONGEST_IN_LINK, dot=DOT)
