"""Texts and formulas as trees: the structure of a formula, and what is refused."""

import pytest

from ui.practice.questions import KINDS
from ui.widgets import markup
from ui.widgets.show import number


def shape(tree):
    """A tree without its attributes."""
    return tree if isinstance(tree, str) else [tree[0], *map(shape, tree[2:])]


def shapes(tex, **options):
    return [shape(tree) for tree in markup.formula(tex, **options)]


def test_a_fraction_with_an_index_and_a_power():
    assert shapes(r"\frac{e^{z_1}}{2}") == [
        ["math", ["mfrac", ["mrow", ["msup", ["mi", "e"], ["mrow", ["msub", ["mi", "z"], ["mn", "1"]]]]], ["mrow", ["mn", "2"]]]]
    ]  # fmt: skip


def test_a_number_with_a_power_of_ten_is_one_number():
    assert shapes("1.5e−7") == [["math", ["mn", "1.5e−7"]]]
    assert shapes(number(1.5e-7)) == [["math", ["mn", number(1.5e-7)]]]


def test_a_sum_carries_what_it_runs_over():
    assert shapes(r"\sum_k p_k")[0][1] == ["munder", ["mo", "∑"], ["mi", "k"]]


def test_an_index_and_a_power_stand_at_the_same_letter():
    assert shapes("x_i^2") == [["math", ["msubsup", ["mi", "x"], ["mi", "i"], ["mn", "2"]]]]
    assert shapes(r"\sum_i^n")[0][1] == ["munderover", ["mo", "∑"], ["mi", "i"], ["mi", "n"]]
    assert shapes(r"\displaystyle x") == shapes("x"), "a style of TeX is no sign"


def test_a_displayed_formula_may_break_before_its_equals_signs_but_not_within_a_brace():
    assert len(shapes(r"a = \frac{b = c}{d} = e", display=True)) == 3
    assert len(shapes(r"a = ([i = j] - p)", display=True)) == 2
    assert len(shapes("a = b")) == 1


def test_a_text_has_bold_words_formulas_and_lists():
    tree = markup.paragraphs("A **bold** $x_1$.\n\n- one\n- two\n\n$$y = 1$$")
    assert [shape(part)[0] for part in tree] == ["p", "ul", "p"]
    assert [part if isinstance(part, str) else part[0] for part in tree[0][2:]] == [
        "A ",
        "b",
        " ",
        "math",
        ".",
    ]
    assert tree[2][1] == {"class": "formula"}


@pytest.mark.parametrize("tex", [r"\unknown", "{a", "a}", "a^"])
def test_what_is_no_formula_of_ours_is_refused(tex):
    with pytest.raises(ValueError, match=r"."):
        markup.formula(tex)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_formula_of_a_sheet_keeps_its_numbers(kind, speak):
    for language in ("en", "zh"):
        speak(language)
        for sheet in range(20):
            question = kind.question(sheet)
            for text in (question.text, *question.solution):
                shown = "".join(map(markup.text_of, markup.paragraphs(text)))
                digits = [letter for letter in text if letter.isdigit()]
                assert [letter for letter in shown if letter.isdigit()] == digits


def test_a_minus_without_a_term_before_it_is_a_sign():
    def forms(tex):
        row = markup.formula(tex)[0][2:]
        return [node[1].get("form") for node in row if node[2:] == ["−"]]

    assert forms("−1 − 2") == ["prefix", None]
    assert forms("(−1)^2 − 2") == ["prefix", None]
    assert forms("= −p") == ["prefix"]
