"""From a text to its tokens: words where a script sets words apart, pairs of neighbouring characters in Chinese.

`instruments/text_board/tokens.js` cuts by the same rules; `tests/softmax_core/text/token_cases.py` holds cases for both.
"""

from __future__ import annotations

import re
import unicodedata

HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
"""Chinese characters, which no space sets apart."""
MARKS = r"\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u0f71-\u0f84\u102b-\u103e"
"""Vowels and accents that are no letters by themselves; without them words of many scripts would fall apart."""
EMOJI = r"\u2600-\u27bf\U0001f300-\U0001f3fa\U0001f400-\U0001faff"

_TOKEN = re.compile(rf"[{HAN}]+|(?:[^\W_{HAN}]|[{MARKS}])+(?:'(?:[^\W_{HAN}]|[{MARKS}])+)*|[{EMOJI}]")
_HAN_RUN = re.compile(rf"[{HAN}]")


def tokenise(text: str) -> list[str]:
    r"""Return the tokens of a text in their order, after NFKC normalisation and in lower case.

    A run of Chinese characters gives its bigrams, one character alone gives itself; every other word (letters, digits,
    accents, apostrophes inside) is one token, so is an emoji. Punctuation and blanks are none.

    Examples
    --------
    >>> tokenise("I DON\u2019T like it 🙂"), tokenise("很好吃！好")
    (['i', "don't", 'like', 'it', '🙂'], ['很好', '好吃', '好'])
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    tokens: list[str] = []
    for run in _TOKEN.findall(plain):
        if len(run) > 2 and _HAN_RUN.match(run):
            tokens += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            tokens.append(run)
    return tokens
