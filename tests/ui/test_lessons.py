"""The numbers that stand in the lessons' formulas and drawings, against SciPy and by hand."""

import re

import numpy as np
import pytest
import scipy.special as sp

from instruments.logit_board import BoardState
from softmax_core.huffman import huffman
from ui.information.code import places
from ui.loss.derivation import steps_of
from ui.loss.walk import Walk
from ui.slips.training import descend
from ui.widgets import formulas

NUMBER = r"-?\d+\.\d+(?: \\cdot 10\^\{-?\d+\})?"


def plain(formula: str) -> str:
    """A formula without its colours."""
    pieces = re.split(r"\\textcolor\{#[0-9a-f]{6}\}\{", formula)
    text = pieces[0]
    for piece in pieces[1:]:
        depth = 1
        for i, character in enumerate(piece):
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth == 0:
                text += piece[:i] + piece[i + 1 :]
                break
    return text


def last_number(formula: str) -> float:
    return float(re.findall(NUMBER, plain(formula))[-1])


def test_the_derivation_of_a_label_has_the_learner_s_numbers():
    z = np.array([2.0, 1.0, 0.1])
    steps = [plain(formula) for _sentence, formula in steps_of(BoardState())]
    p = sp.softmax(z)
    assert len(steps) == 10
    for i in (0, 3):
        assert last_number(steps[i]) == pytest.approx(-np.log(p[0]), abs=5e-4)
    assert [float(x) for x in re.findall(r"e\^\{(\d+\.\d+)\}", steps[1])] == [2.0, 2.0, 1.0, 0.1]
    assert last_number(steps[5]) == pytest.approx(p[0], abs=5e-4)
    assert last_number(steps[6]) == pytest.approx(p[0] - 1, abs=5e-4), "the sign of case 1 is negative"
    assert last_number(steps[7]) == pytest.approx(p[1], abs=5e-4)
    found = [float(x) for x in re.findall(NUMBER, steps[8])]
    assert found == pytest.approx(list(p - [1, 0, 0]), abs=5e-4)


def test_the_log_of_a_quotient_and_the_chain_rule_are_steps_of_their_own():
    for state in (BoardState(), BoardState((1.0, -2.0, 0.5), soft=(0.2, 0.7, 0.1), smoothing=0.3)):
        steps = steps_of(state)
        (quotient,) = [formula for sentence, formula in steps if "log a/b = log a − log b" in sentence]
        assert quotient.count(r"\log") >= 3
        (chain,) = [formula for sentence, formula in steps if "chain rule" in sentence]
        assert r"\frac{1}{\sum_k e^{z_k}}" in chain


def test_the_residual_of_linear_regression_and_of_the_exponential_family_are_named():
    sentences = " ".join(sentence for sentence, _formula in steps_of(BoardState()))
    assert "linear regression" in sentences
    assert "exponential family" in sentences


def test_the_derivation_of_a_soft_target_has_the_learner_s_numbers():
    state = BoardState((1.0, -2.0, 0.5), soft=(0.2, 0.7, 0.1), smoothing=0.3, names=("", "", ""))
    z, y = np.array(state.logits), np.array([0.24, 0.59, 0.17])
    steps = [plain(formula) for _sentence, formula in steps_of(state)]
    loss = -(y * sp.log_softmax(z)).sum()
    assert len(steps) == 10
    assert last_number(steps[0]) == pytest.approx(loss, abs=5e-4)
    assert last_number(steps[2]) == pytest.approx(sp.logsumexp(z), abs=5e-4)
    assert last_number(steps[3]) == pytest.approx(loss, abs=5e-4)
    p = sp.softmax(z)
    assert last_number(steps[6]) == pytest.approx(p[1] - 0.59, abs=5e-4)
    assert last_number(steps[7]) == pytest.approx(p[0] - 0.24, abs=5e-4)


@pytest.mark.parametrize("logits", [(1e308, -1e308), (0.0, 60.0), (-1000.0, -1000.0)])
def test_extreme_logits_still_give_every_step(logits):
    steps = steps_of(BoardState(logits, names=("", "")))
    assert len(steps) == 10
    assert not any("nan" in formula for _sentence, formula in steps)


def test_a_letter_is_coloured_as_its_class():
    assert re.fullmatch(r"\\textcolor\{#[0-9a-f]{6}\}\{p_2\}", formulas.of_class(1, "p_2"))
    assert formulas.of_class(0, "p") != formulas.of_class(1, "p")


def test_numbers_of_formulas():
    assert formulas.tex(-0.5) == "-0.500"
    assert formulas.tex(1.5e-10) == r"1.5 \times 10^{-10}"
    assert formulas.tex(float("inf")) == r"\infty"
    assert formulas.signed(-1.0, 1) == "(-1.0)"
    assert formulas.terms(list("abcdefgh"), 4) == r"a + b + \dots + h"


def test_a_walk_is_gradient_descent_on_the_logits():
    y = np.array([0.9, 0.05, 0.05])
    path = Walk((0.0, 1.0, 2.0), 2).path(y, 0.5)
    z = np.array([0.0, 1.0, 2.0])
    for row in path:
        np.testing.assert_allclose(row, z, atol=2e-6)
        z = z - 0.5 * (sp.softmax(z) - y)
    far = Walk((0.0, 1.0, 2.0), 200).path(y, 2.0)[-1]
    np.testing.assert_allclose(sp.softmax(far), y, atol=1e-4)


def test_the_tree_stands_as_the_words_say():
    code = huffman([0.4, 0.3, 0.2, 0.1, 0.0])
    spots = places(code)
    assert {k: spots[k][1] for k in range(4)} == {k: len(code.words[k]) for k in range(4)}
    assert 4 not in spots
    in_order = sorted(range(4), key=lambda k: spots[k][0])
    assert [code.words[k] for k in in_order] == sorted(word for word in code.words if word)
    for m, (zero, one) in enumerate(code.merges):
        assert spots[zero][0] < spots[5 + m][0] < spots[one][0], "0 goes left, 1 goes right"
    assert places(huffman([1.0, 0.0])) == {0: (0.5, 0)}


def test_the_slips_do_what_they_are_accused_of():
    mean, summed = descend(300, 0.1, 40, 1.5), descend(300, 0.1, 40, 1.5, factor=300.0)
    assert (np.diff(mean.loss) < 0).all()
    assert (np.diff(summed.loss) > 0).any()
    honest = descend(60, 0.5, 300, 0.8, l2=0.1, penalty=0.1)
    slipped = descend(60, 0.5, 300, 0.8, factor=1.1)
    faster = descend(60, 0.55, 300, 0.8)
    np.testing.assert_allclose(slipped.norm, faster.norm, rtol=1e-9)
    assert honest.norm[-1] - honest.norm[-11] < 1e-6 < slipped.norm[-1] - slipped.norm[-11]
