"""Rules that would have the browser look at every element of a page again whenever one of them changes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.frame import frame, paper, present

FILES = sorted((Path(frame.__file__).parents[2] / "instruments").rglob("*.css"))
INSIDE = re.compile(r"\([^()]*\)")


def selectors(css: str) -> Iterator[str]:
    """Each selector of each rule, with commas inside brackets kept."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for match in re.finditer(r"([^{};]+)\{", css):
        depth, begin, text = 0, 0, match[1]
        if text.strip().startswith("@"):
            continue
        for place, letter in enumerate(text + ","):
            depth += (letter == "(") - (letter == ")")
            if letter == "," and not depth:
                yield " ".join(text[begin:place].split())
                begin = place + 1


def compounds(selector: str) -> list[str]:
    """What stands between blanks, ``>``, ``+`` and ``~`` outside of brackets."""
    parts, depth = [""], 0
    for letter in selector:
        depth += (letter in "([") - (letter in ")]")
        if not depth and letter in " >+~":
            parts.append("")
        else:
            parts[-1] += letter
    return [part for part in parts if part]


def is_costly(selector: str) -> bool:
    """Whether something that is asked what it holds (``:has``) decides about elements of no class, attribute or name, or is the root.

    With one rule of the root each change of the page took nine times as long: the browser asks again after any of them.
    """
    *around, last = compounds(selector)
    if re.search(r"(^|[\s>+~(,])(:root|html|body)[^\s>+~]*:has\(", selector):
        return True
    plain = last
    while INSIDE.search(plain):
        plain = INSIDE.sub("", plain)  # what :not() and :has() ask for names no element
    named = re.search(r"[.#\[]|^[a-z]", plain) or ":is(" in last or ":where(" in last
    return any(":has(" in part for part in around) and not named


@pytest.mark.parametrize(
    ("selector", "costly"),
    [
        (".lesson:has(.pad) > :has(> .panel)", True),
        (".lesson:has(.pad) *", True),
        (".lesson:has(.pad) :not(.card)", True),
        (".lesson:has(.pad) .panel", False),
        (".lesson:has(.pad) [data-testid=x]:has(> .panel)", False),
        (".lesson > :has(> .panel)", False),
        (":root:not(.ready) .page *", False),
        (":root:has(.embedded) .link", True),
        (".page, html.ready:has(.embedded) .link", True),
        (":root.ready .page:has(.pad) .panel", False),
    ],
)
def test_what_is_costly(selector: str, costly: bool) -> None:
    assert is_costly(selector) == costly


def test_no_rule_of_the_page_is_costly() -> None:
    found = list(selectors(frame._CSS))
    assert len(found) > 200
    assert [selector for selector in found if is_costly(selector)] == []
    # Each element whose style changes, such as a bar that moves, would be asked with all that it holds.
    assert [selector for selector in found if re.search(r"\[style[^]]*\] \*", selector)] == []


def test_no_rule_of_an_instrument_is_costly() -> None:
    found = [
        (file.parent.name, selector) for file in FILES for selector in selectors(file.read_text("utf-8"))
    ]
    assert len(found) > 200
    assert [at for at in found if is_costly(at[1])] == []


def test_every_class_of_the_page_with_a_rule_is_written_somewhere() -> None:
    ui = Path(frame.__file__).parents[1]
    ruled = {
        name for file in ui.rglob("*.css") for name in re.findall(r"\.(lab-[\w-]+)", file.read_text("utf-8"))
    }
    code = "".join(file.read_text("utf-8") for ending in ("py", "js") for file in ui.rglob(f"*.{ending}"))
    written = set(re.findall(r"lab-[\w-]+", code))
    assert len(ruled) > 25
    assert ruled - written == set()


def test_rules_for_paper_sleep() -> None:
    assert paper.style().startswith('<style class="lab-paper" media="not all">')
    assert "[style*=" in paper.style()
    assert ".lab-printing" not in frame._CSS
    assert frame.PAGE_HTML[0].count("lab-paper") == 1
    assert "lab-paper" not in present._CSS
