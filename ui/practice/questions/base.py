"""What a question is, whatever it asks, and how an answer is read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np

from softmax_core.numbers_text import plain_form, read_number
from ui.frame import sharing

Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]

RELATIVE, ABSOLUTE = 0.01, 0.001
"""A number is right within 1 % or 0.001: three digits from a pocket calculator, or three decimals."""

SMALLEST = 0.01
"""No number that is asked for lies nearer to 0, or 0 would pass for it."""

LONGEST = 40  # characters of an answer


@dataclass(frozen=True)
class Link:
    """A lesson in a given state: the stem of its page and its parameters."""

    stem: str
    parameters: Mapping[str, str]

    def address(self, language: str) -> str:
        """Return the address relative to this app, so that it also holds behind a proxy with a prefix."""
        return sharing.relative(self.stem, {**self.parameters, "lang": language})


@dataclass(frozen=True)
class Question:
    """One question with its answer, in the language of the moment it was made. Texts are Markdown."""

    text: str
    answer: float  # the number, or the index of the right option
    solution: tuple[str, ...]  # paragraphs with the numbers of this question in them
    link: Link  # the lesson in the state that the question is about
    given: Mapping[str, Any] = field(hash=False)  # its numbers by name: what an independent check needs
    options: tuple[str, ...] = ()  # to choose from; empty where a number is asked for
    whole: bool = False  # whether the number is a count, which must be exact
    traps: tuple[tuple[float, str], ...] = ()  # tempting wrong answers, and what to say about them
    table: Table | None = None  # head and rows, below the text

    def accepts(self, value: float) -> bool:
        """Return whether ``value`` is the answer: exactly for counts and options, else within the tolerance."""
        if self.options or self.whole:
            return value == self.answer
        return abs(value - self.answer) <= self.tolerance

    @property
    def tolerance(self) -> float:
        """How far a number may be from the answer."""
        return max(RELATIVE * abs(self.answer), ABSOLUTE)

    def remark(self, value: float) -> str | None:
        """Return what to say about a tempting wrong answer, or None where ``value`` is not one of them."""
        near = 0.0 if self.options or self.whole else self.tolerance
        return next((text for trap, text in self.traps if abs(value - trap) <= near), None)

    def well_posed(self) -> bool:
        """Return whether neither 0 nor a tempting wrong answer lies so near to the right one that it might pass for it."""
        if not self.options and not self.whole and 0 < abs(self.answer) < SMALLEST:
            return False
        room = 0.5 if self.options or self.whole else 3 * self.tolerance
        return all(abs(trap - self.answer) > room for trap, _ in self.traps)


@dataclass(frozen=True)
class Kind:
    """A kind of question: its name in links and sessions, its title, and what makes one out of chance."""

    code: str
    title: Callable[[], str]
    make: Callable[[np.random.Generator], Question]

    def question(self, seed: int) -> Question:
        """Make the question of this kind on sheet ``seed``; other kinds and their order do not matter to it."""
        rng = np.random.default_rng([seed, crc32(self.code.encode())])
        for _ in range(100):
            question = self.make(rng)
            if question.well_posed():
                return question
        raise RuntimeError(f"no well-posed question of kind {self.code} on sheet {seed}")


def parse(text: str, whole: bool = False) -> float | None:
    """Read an answer: a number as `read_number` reads it, a fraction ``3/4`` or a percentage ``75 %``.

    Where a count is expected (``whole``), ``1,024`` and ``1.024`` both mean a thousand and more. None where it is
    no finite number.
    """
    plain = plain_form(text[: LONGEST + 1])
    if len(plain) > LONGEST:
        return None
    if plain.endswith("%"):
        share = read_number(plain[:-1])
        return None if share is None else _finite(share / 100)
    above, slash, below = plain.partition("/")
    value = read_number(above, whole)
    if not slash or value is None:
        return _finite(value)
    divisor = read_number(below)
    return _finite(value / divisor) if divisor else None


def _finite(x: float | None) -> float | None:
    return x if x is not None and math.isfinite(x) else None
