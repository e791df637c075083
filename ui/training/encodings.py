"""From the bytes of a text file to its letters.

Files with a byte order mark and files in UTF-8 say what they are. The others are GB18030 (Chinese Windows) or
Windows-1252 (western Windows), and most short files can be read as either: ``grün`` in Windows-1252 is a valid but
rare Chinese character in GB18030. A general detector needs more text than a table has (charset-normalizer 3.5.3 reads
``grün`` as ``gr黱`` even when only these two are allowed), so both readings are made and the one that looks like
writing is taken.
"""

from __future__ import annotations

import unicodedata

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_QUOTES = "‘’“”‹›«»–—…\u00a0"  # stand beside any letter
_NAMES = {"gb18030": "GB18030", "cp1252": "Windows-1252"}


class UnknownEncodingError(ValueError):
    """No encoding fits. ``byte`` at ``place`` is the first one that is not UTF-8."""

    def __init__(self, byte: str, place: int) -> None:
        super().__init__(f"byte {byte} at place {place} is in no encoding that can be read")
        self.byte, self.place = byte, place


def decode(data: bytes) -> tuple[str, str | None]:
    r"""Decode a text file.

    Returns
    -------
    text : str
    guess : str or None
        The name of the encoding where the file does not say it.

    Raises
    ------
    UnknownEncodingError
        If the bytes are no text in UTF-8, UTF-16, GB18030 or Windows-1252.

    Examples
    --------
    >>> decode("类别,猫".encode("gb18030")), decode("Länge,grün".encode("cp1252"))
    (('类别,猫', 'GB18030'), ('Länge,grün', 'Windows-1252'))
    """
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if encoding is None:
        zeros = [data[first::2].count(0) * 4 > len(data) for first in (0, 1)]  # of every second byte
        encoding = "utf-16-be" if zeros[0] else "utf-16-le" if zeros[1] else "utf-8"
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        problem = error
    if encoding == "utf-8":
        chinese, western = _decoded(data, "gb18030"), _decoded(data, "cp1252")
        guess = _more_like_writing(chinese, western)
        text = {"gb18030": chinese, "cp1252": western}.get(guess or "")
        if guess is not None and text is not None:
            return text, _NAMES[guess]
    place = problem.start
    raise UnknownEncodingError(f"0x{data[place]:02X}" if place < len(data) else "", place)


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _more_like_writing(chinese: str | None, western: str | None) -> str | None:
    """Return the encoding of the better reading; None where none is good."""
    strange = 1.0 if western is None else _strange_share(western)
    if chinese is None:
        return "cp1252" if western is not None and strange == 0.0 else None
    common, simplified = _chinese_shares(chinese)
    if common == 1.0:  # pairs of bytes that no western word has
        return "gb18030"
    if strange == 0.0:
        return "cp1252"
    return "gb18030" if western is None or simplified > 0.0 else None


def _chinese_shares(text: str) -> tuple[float, float]:
    """Return which share of the characters beyond ASCII is common in Chinese, and which is in GB 2312 at all.

    GB 2312 sorts its 6,763 characters by use: the 3,755 of the first level have lead bytes B0 .. D7.
    """
    characters = [character for character in text if ord(character) > 127]
    codes = [character.encode("gb2312", "ignore") for character in characters]
    common = sum(code[:1] in _FIRST_LEVEL or character in _PUNCTUATION
                 for code, character in zip(codes, characters, strict=True))  # fmt: skip
    return common / len(characters), sum(map(bool, codes)) / len(characters)


_FIRST_LEVEL = {bytes([lead]) for lead in range(0xB0, 0xD8)}
_PUNCTUATION = "，。、；：？！（）《》“”‘’—…％－＋．０１２３４５６７８９"


def _strange_share(text: str) -> float:
    """Return which share of the characters beyond ASCII stands where no western language puts it."""
    places = [i for i, character in enumerate(text) if ord(character) > 127]
    padded = f" {text} "
    return sum(_is_strange(*padded[i : i + 3]) for i in places) / len(places)


def _is_strange(before: str, character: str, after: str) -> bool:
    """Whether a character beyond ASCII stands oddly between its neighbours."""
    if not unicodedata.category(character).startswith("L") or character in "ªº":
        # A symbol between two letters, or beside another character beyond ASCII.
        if character in _QUOTES:
            return False
        beside = any(ord(one) > 127 and one not in _QUOTES for one in (before, after))
        return beside or (before.isalpha() and after.isalpha())
    if character == "ÿ" and not (before.isascii() and before.isalpha()):
        return True
    letters = [one for one in (before, after) if one.isalpha()]
    if not letters:
        return before.isdigit() or after.isdigit()
    # A word holds plain letters too, and no capital follows a small letter.
    alone = not any(one.isascii() for one in letters) and len(letters) == 1
    return alone or (before.islower() and character.isupper()) or (character.islower() and after.isupper())
