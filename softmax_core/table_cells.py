"""What stands in a cell: a number, nothing, or a word; and the order of words."""

from __future__ import annotations

import math
import re

NOTE_OF_CLASSES = "# classes: "  # begins a line that holds the names of the classes in order
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "--", "?", ".", "#n/a", "缺失", "无"})


def in_order(labels: set[str]) -> tuple[str, ...]:
    """Sort labels as a reader expects: by value if all are numbers, else with their numbers as numbers.

    Examples
    --------
    >>> in_order({"10", "9", "-1"}), in_order({"class 10", "class 9"}), in_order({"b", "3"})
    (('-1', '9', '10'), ('class 9', 'class 10'), ('3', 'b'))
    """
    numbers = {label: number_in(label, ",") for label in labels}
    if all(kind_of(number) == "number" for number in numbers.values()):
        return tuple(sorted(labels, key=lambda label: (numbers[label], label)))
    return tuple(sorted(labels, key=lambda label: ([_part(p) for p in re.split(r"(\d+)", label)], label)))


def _part(text: str) -> tuple[bool, int, str]:
    return (False, int(text), "") if text.isdecimal() else (True, 0, text)


def number_in(cell: str, separator: str) -> float | None:
    """Return the number in a cell: nan for a missing one, None for other text.

    Examples
    --------
    >>> number_in("1,5", ";"), number_in("1,5", "\t"), number_in("N/A", ","), number_in("1e999", ",")
    (1.5, None, nan, inf)
    """
    if cell.lower() in MISSING:
        return math.nan
    if separator == ";" and cell.count(",") == 1 and "." not in cell:
        cell = cell.replace(",", ".")
    try:
        number = float(cell)
    except ValueError:
        return None
    return None if "_" in cell else number  # float() reads 1_000


def kind_of(number: float | None) -> str:
    """Return "number", "missing", "infinite" or "not_a_number" for what `number_in` gives."""
    if number is None:
        return "not_a_number"
    if math.isnan(number):
        return "missing"
    return "number" if math.isfinite(number) else "infinite"
