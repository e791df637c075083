"""How a table in a text file begins: its encoding, its separator, and how many cells a row has.

Files with a byte order mark and files in UTF-8 say what they are. The others are GB18030 (Chinese Windows) or
Windows-1252 (western Windows), and most short files can be read as either: ``grün`` in Windows-1252 is a valid but
rare Chinese character in GB18030. A general detector needs more text than a table has (charset-normalizer 3.5.3 reads
``grün`` as ``gr黱`` even when only these two are allowed), so both readings are made and the one that looks like
writing is taken.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

from softmax_core.numbers_text import read_number

SEPARATORS = "\t,;|"

_HINT = re.compile(r'"?sep=(.)"?[,;\t| ]*', re.IGNORECASE)  # Excel's line that names the separator
_FIRST_ROWS = 20  # the separator is chosen by them
_FIRST_LINES = 1000  # that are searched for these rows: cells in quotation marks may hold line breaks
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
FOR_TABLES = "utf-8-sig"
"""How a CSV file is written: without the mark at its beginning Excel garbles Chinese."""
_QUOTES = "‘’“”‹›«»–—…\u00a0"  # may stand beside any letter
_NAMES = {"gb18030": "GB18030", "cp1252": "Windows-1252"}
csv.field_size_limit(5 * 2**20)


def decode(data: bytes) -> tuple[str, str | None]:
    """Decode a text file; return the name of the encoding too where the file does not say it.

    Raises
    ------
    UnicodeDecodeError
        If the bytes are no text in UTF-8, UTF-16, GB18030 or Windows-1252; `start` is the first that is not UTF-8.

    Examples
    --------
    >>> decode("类别,猫".encode("gb18030")), decode("Länge,grün".encode("cp1252"))
    (('类别,猫', 'GB18030'), ('Länge,grün', 'Windows-1252'))
    """
    encoding, guess = unicode_form(data), None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        chinese, western = _decoded(data, "gb18030"), _decoded(data, "cp1252")
        guess = _more_like_writing(chinese, western) if encoding == "utf-8" else None
        if guess is None:
            raise
        text = str(chinese if guess == "gb18030" else western)
    return text, guess and _NAMES[guess]


def unicode_form(data: bytes) -> str:
    """Tell UTF-8 and UTF-16 by their mark, else UTF-16 by the zero bytes beside digits and separators.

    Examples
    --------
    >>> unicode_form("1,2".encode("utf-16-be")), unicode_form(b"1,2")
    ('utf-16-be', 'utf-8')
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    zeros = [data[first::2].count(0) * 4 > len(data) for first in (0, 1)]  # of every second byte
    return "utf-16-be" if zeros[0] else "utf-16-le" if zeros[1] else "utf-8"


def with_line_feeds(text: str) -> str:
    """Return a text whose lines end in a line feed alone, without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def beginning(lines: Sequence[str]) -> tuple[list[str], int, str, list[int]]:
    """Return the notes at the top, the number of lines before the table, the separator, and the lengths of the first rows.

    Notes are lines that begin with #; but the last of them is the first row where it has as many cells as the rows below
    it and numbers stand there. Without a line that names it, the separator is the one that cuts the first rows
    into equally many cells, at least two; of several, the one with the most cells.

    Examples
    --------
    >>> beginning(["# a note", "sep=;", "x;y", "1,5;2,5"])
    (['# a note'], 2, ';', [2, 2])
    >>> beginning(["# a note", "# of petals,kind", "5,lily"])
    (['# a note'], 1, ',', [2, 2])
    """
    notes, hint, top, last = [], None, 0, 0
    while top < len(lines):
        line = lines[top].strip(f"{SEPARATORS} ")
        match = _HINT.fullmatch(lines[top]) if line else None  # millions of empty lines cost a moment
        if match and hint is None and match[1] in SEPARATORS:
            hint = match[1]
        elif line and not line.startswith("#"):
            break
        elif line:
            notes.append(line)
            last = top
        top += 1
    if notes and top < len(lines):
        separator, lengths, below = _first_rows(lines, last, hint)
        if _is_regular(lengths) and any(read_number(cell) is not None for cell in below):
            return notes[:-1], last, separator, lengths
    separator, lengths, _below = _first_rows(lines, top, hint)
    return notes, top, separator, lengths


def _first_rows(lines: Sequence[str], top: int, separator: str | None) -> tuple[str, list[int], list[str]]:
    """Return the separator of the rows from a line on, the lengths of the first of them, and the second row."""
    head = "\n".join(islice((line for line in islice(lines, top, None) if line.strip()), _FIRST_LINES))
    lengths = {one: _lengths(head, one) for one in SEPARATORS}
    if separator is None:
        separator = max(
            SEPARATORS, key=lambda one: (_is_regular(lengths[one]), lengths[one][0], -SEPARATORS.index(one))
        )
    below = []
    if _is_regular(lengths[separator]):  # the others may break off with an error
        below = [*islice(csv.reader(io.StringIO(head), delimiter=separator, skipinitialspace=True), 2)][-1]
    return separator, lengths[separator], below


def _is_regular(lengths: list[int]) -> bool:
    return len(set(lengths)) == 1 and lengths[0] > 1


def _lengths(head: str, separator: str) -> list[int]:
    """Return how many cells the first rows have; [0] where the quotation marks do not fit."""
    lengths: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(head), delimiter=separator, strict=True, skipinitialspace=True):
            if any(cell.strip() for cell in cells):
                lengths.append(len(cells))
            if len(lengths) == _FIRST_ROWS:
                break
    except csv.Error:
        return [lengths[0], 0] if lengths else [0]
    return lengths or [0]


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
    characters = re.findall("[^\x00-\x7f]", text)
    codes = [character.encode("gb2312", "ignore") for character in characters]
    common = sum(code[:1] in _FIRST_LEVEL or character in _PUNCTUATION
                 for code, character in zip(codes, characters, strict=True))  # fmt: skip
    return common / len(characters), sum(map(bool, codes)) / len(characters)


_FIRST_LEVEL = {bytes([lead]) for lead in range(0xB0, 0xD8)}
_PUNCTUATION = "，。、；：？！（）《》“”‘’—…％－＋．０１２３４５６７８９"


def _strange_share(text: str) -> float:
    """Return which share of the characters beyond ASCII stands where no western language puts it."""
    places = [match.start() for match in re.finditer("[^\x00-\x7f]", text)]
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
