"""Translations: English is the msgid, every other language is a folder of .po files.

`_` asks for the language each time it is called, because Streamlit reruns a fragment without running the
script that chose the language, and because one process serves readers of several languages at once.
"""

import re
from collections.abc import Callable, Collection
from functools import cache, wraps
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

from babel.messages.pofile import read_po

__all__ = ["_", "among", "both", "current", "joined", "languages", "once", "translated", "use"]

T = TypeVar("T")

SOURCE_LANGUAGE = "en"

languages: dict[str, str] = {"en": "English", "zh": "简体中文"}
"""The code used in URLs and folder names, and the language's name in that language."""

_HERE = Path(__file__).parent
_HAN = "[\u3400-\u9fff]"
# Where a value and its sentence meet, with the marks of Markdown in between. instruments/shared/live.js has the same rule.
_MARKS = r"[*`]*(?:\0[*`]*)+"
_SEAMS = re.compile(rf"(?<={_HAN}){_MARKS}(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]){_MARKS}(?={_HAN})")
_resolver: Callable[[], str] = lambda: SOURCE_LANGUAGE  # noqa: E731 - a default, replaced by use()


def use(resolver: Callable[[], str]) -> Callable[[], str]:
    """Install the function that names the current reader's language; return the one that did so before."""
    global _resolver
    before, _resolver = _resolver, resolver
    return before


def current() -> str:
    """Code of the language that `_` translates into at this moment."""
    return _resolver()


def among(codes: Collection[str]) -> str:
    """Code of the current language where it is one of these, else English: for what does not come in every language."""
    code = current()
    return code if code in codes else SOURCE_LANGUAGE


def joined(*sentences: str) -> str:
    """Return sentences one after the other; empty ones are left out. Chinese has no space between them."""
    return ("" if current() == "zh" else " ").join(filter(None, sentences))


class Sentence(str):
    """A translation, whose values keep a space between a Han character and a letter or a digit: 猫的 but cat 的."""

    __slots__ = ()

    def format(self, *arguments: Any, **values: Any) -> str:
        """Fill the sentence as `str.format` does, with a space where the rule asks for one."""
        fields = Formatter().parse(self)
        marked = "".join(
            literal.replace("{", "{{").replace("}", "}}")
            + (
                ""
                if name is None
                else f"\0{{{name}{'!' + how if how else ''}{':' + spec if spec else ''}}}\0"
            )
            for literal, name, spec, how in fields
        )
        return _SEAMS.sub(_space, marked.format(*arguments, **values)).replace("\0", "")


def _space(seam: re.Match[str]) -> str:
    """The space stands outside the marks, whichever side they are on."""
    marks = seam.group()
    return f" {marks}" if seam.string[seam.end()].isascii() else f"{marks} "


@cache
def catalogue(language: str) -> dict[str, str]:
    """All translations into `language`, merged from its .po files; read once per process."""
    messages: dict[str, str] = {}
    for path in sorted((_HERE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                    messages[message.id] = Sentence(message.string)
    return messages


def _(message: str) -> str:
    """Translate a literal; a message without a translation is shown in English."""
    language = current()
    if language == SOURCE_LANGUAGE:
        return message
    return catalogue(language).get(message, message)


def translated(message: str) -> str:
    """Translate a text that was marked with `N_` in the core, which knows no languages."""
    return _(message)


def once(make: Callable[[], T], about: Callable[[], str] = lambda: "") -> Callable[[], T]:
    """Let ``make`` run once for each language: for names and questions that are asked for in every run.

    They depend on nothing else than the language and what they are ``about``.
    """
    made: dict[tuple[str, str], T] = {}

    @wraps(make)
    def in_this_language() -> T:
        case = current(), about()
        if case not in made:
            made[case] = make()
        return made[case]

    return in_this_language


def both(message: str) -> dict[str, str]:
    """A literal in every language at once, by code: for a glossary, which is read in two languages."""
    return {
        language: message if language == SOURCE_LANGUAGE else catalogue(language).get(message, message)
        for language in languages
    }
