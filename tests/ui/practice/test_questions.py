"""Every kind of question on many sheets: answers by other means than the generators', texts in both languages."""

import itertools
import re
from collections import Counter
from fractions import Fraction
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
import scipy.optimize
import scipy.special
import scipy.stats
import sklearn.feature_extraction.text
import sklearn.metrics

import locales
from softmax_core.text import sentiment, tokenise
from tests.ui.number_cases import NO_NUMBERS, NUMBERS, TOO_LARGE
from ui.practice.questions import KINDS
from ui.practice.questions.base import Kind, parse
from ui.practice.questions.text import WORDS
from ui.practice.questions.words import quotient
from ui.practice.sheet import answer_text
from ui.text.training import STANDARD, trained

SHEETS = range(40)
BY_CODE = {kind.code: kind for kind in KINDS}
THREE_POINTS = np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 1.0]])


def mean_loss(W, b, X, y):
    """Mean cross-entropy, from SciPy's log-softmax."""
    return -scipy.special.log_softmax(X @ W + b, axis=1)[np.arange(len(y)), y].mean()


def slope(function, x, h=1e-6):
    return (function(x + h) - function(x - h)) / (2 * h)


def step(rate, i, k):
    def loss(w):
        W = np.zeros((2, 3))
        W[i, k] = w
        return mean_loss(W, np.zeros(3), THREE_POINTS, np.array([0, 1, 2]))

    return -rate * slope(loss, 0.0)


def sign(x, y, k, i):
    # The hand-made weights of the lesson, written down again.
    weights = np.array([[1.8, 2.1, -2.0], [2.2, -2.4, -1.6], [-1.9, -1.5, 2.3], [-2.1, 1.9, 1.7]])

    def loss(w):
        W = weights.copy()
        W[i, k] += w
        return mean_loss(W, np.array([0.1, -0.1, 0.0]), np.array([x]), np.array([y]))

    pull = -slope(loss, 0.0, 1e-4)
    return 2 if abs(pull) < 1e-9 else int(pull < 0)


def gradient(p, true, asked):
    def loss(z):
        logits = np.log(p)
        logits[asked] = z
        return scipy.special.logsumexp(logits) - logits[true]

    return slope(loss, float(np.log(p[asked])))


def formats(z):
    with np.errstate(over="ignore"):
        return sum(not np.isfinite(np.exp(np.array(z, f))) for f in (np.float16, np.float32, np.float64))


def ordering(rows, values):
    best_first = np.argsort([-scipy.stats.entropy(p) for p in rows])
    return " > ".join("ABC"[i] for i in best_first)


def divergence(P, Q):
    there, back = scipy.stats.entropy(P, Q), scipy.stats.entropy(Q, P)
    return 2 if abs(there - back) < 1e-9 else int(back > there)


def boundary(w1, w2, b1, b2, x1):
    def lead(x2):
        return float(np.dot(w1, [x1, x2]) + b1 - np.dot(w2, [x1, x2]) - b2)

    return scipy.optimize.brentq(lead, -100, 100)


def parameters(d, q, n):
    if n == 1:
        return np.empty((d, q)).size + np.empty(q).size
    return sum(np.empty((n, n)).size + np.empty((d // n, q // n)).size for _ in range(n))


def shape(n, asked):
    X, W, b = np.zeros((n, 4)), np.zeros((4, 3)), np.zeros(3)
    Z = X @ W + b
    made = {
        "X": X,
        "W": W,
        "Z = X W + b": Z,
        "P = softmax(Z)": scipy.special.softmax(Z, axis=1),
        "∂L/∂W": X.T @ Z,
    }
    return " × ".join(map(str, made[asked].shape))


def logit(x, w, b):
    return float(sum(Fraction(u) * Fraction(v) for u, v in zip(x, w, strict=True)) + Fraction(b))


def jacobian(p, i, j):
    def share(z):
        logits = np.log(p)
        logits[j] += z
        return scipy.special.softmax(logits)[i]

    return slope(share, 0.0)


def code_length(p):
    """The least mean length over all prefix codes: by Kraft, all lengths with sum 2^-length at most 1."""
    lengths = itertools.product(range(1, len(p)), repeat=len(p))
    return min(np.dot(p, each) for each in lengths if sum(Fraction(1, 2**n) for n in each) <= 1)


def steps_per_epoch(n, batch, epochs):
    return sum(len(range(0, n, batch)) for _epoch in range(epochs))


def confusion(counts, k):
    truth = [i for i, row in enumerate(counts) for count in row for _each in range(count)]
    said = [j for row in counts for j, count in enumerate(row) for _each in range(count)]
    return sklearn.metrics.recall_score(truth, said, average=None)[k]


def penalty(W, b, fit, strength):
    return fit + strength / 2 * np.linalg.norm(np.reshape(W, (2, 2)), "fro") ** 2


def rate(curvature, eta):
    w = 1.0 - eta * slope(lambda x: curvature / 2 * x**2, 1.0)
    return 0 if w > 0 else 1 if abs(w) < 1 else 2


def tf_idf(n, holds, count):
    """Scikit-learn's, on texts made for it, before the rows are scaled."""
    texts = ["word"] * holds + ["other"] * (n - holds)
    weigher = sklearn.feature_extraction.text.TfidfVectorizer(norm=None).fit(texts)
    return weigher.transform(["word " * count])[0, weigher.vocabulary_["word"]]


def hidden_forward(x, W, b, v, c):
    total = Fraction(c)
    for j in range(2):
        z = sum(Fraction(x[i]) * Fraction(W[i][j]) for i in range(2)) + Fraction(b[j])
        total += z * Fraction(v[j]) if z > 0 else 0
    return float(total)


def hidden_backward(p, y, w, a):
    def loss(z):
        logits = np.log(p) + (np.tanh(z) - a) * np.array(w)
        return scipy.special.logsumexp(logits) - logits[y]

    return slope(loss, float(np.arctanh(a)))


ORACLES = {
    "shift": lambda z, c, k: scipy.special.softmax(np.array(z) + c)[k],
    "gap": lambda p: scipy.special.expit(2 * scipy.special.logit(p)),
    "ratio": lambda z: mpmath.exp(mpmath.mpf(max(z)) - mpmath.mpf(min(z))),
    "temperature": lambda z, t, k: scipy.special.softmax(np.array(z) / t)[k],
    "formats": formats,
    "loss": lambda p, k: sklearn.metrics.log_loss([k], [p], labels=[0, 1, 2]),
    "from_loss": lambda loss: mpmath.exp(-mpmath.mpf(loss)),
    "gradient": gradient,
    "bits": lambda k: -mpmath.log(mpmath.mpf(1) / 2**k, 2),
    "entropy": ordering,
    "divergence": divergence,
    "logit": logit,
    "shape": shape,
    "boundary": boundary,
    "parameters": parameters,
    "accuracy": lambda seed, P, y: sklearn.metrics.accuracy_score(y, np.argmax(P, axis=1)),
    "step": step,
    "sign": sign,
    "soft": lambda p, y: scipy.stats.entropy(y) + scipy.stats.entropy(y, p),
    "sigmoid": lambda z: scipy.special.expit(np.subtract(*z)),
    "log_sum_exp": lambda z: scipy.special.logsumexp(z) - max(z),
    "jacobian": jacobian,
    "huffman": code_length,
    "steps_per_epoch": steps_per_epoch,
    "confusion": confusion,
    "penalty": penalty,
    "rate": rate,
    "word_sum": lambda counts, w, b: float(
        sum(c * Fraction(str(x)) for c, x in zip(counts, w, strict=True)) + Fraction(str(b))
    ),
    "tf_idf": tf_idf,
    "hidden_forward": hidden_forward,
    "hidden_backward": hidden_backward,
}


@pytest.fixture(params=list(locales.languages))
def language(request, speak):
    speak(request.param)
    return request.param


IN_OLD_LINKS = [
    "shift",
    "gap",
    "ratio",
    "temperature",
    "formats",
    "loss",
    "from_loss",
    "gradient",
    "bits",
    "entropy",
    "divergence",
    "logit",
    "shape",
    "boundary",
    "parameters",
    "accuracy",
    "step",
    "sign",
    "sigmoid",
    "log_sum_exp",
    "jacobian",
    "soft",
    "huffman",
    "steps_per_epoch",
    "confusion",
    "penalty",
    "rate",
    "hidden_forward",
    "hidden_backward",
    "word_sum",
    "tf_idf",
]


def test_a_link_that_names_a_question_by_its_place_still_leads_to_it():
    assert [kind.code for kind in KINDS] == IN_OLD_LINKS, "a new kind stands at the end, here too"


def test_there_are_at_least_twelve_kinds_and_each_has_an_oracle():
    assert len(KINDS) >= 12
    assert set(BY_CODE) == set(ORACLES)


@pytest.mark.parametrize("code", list(ORACLES))
def test_the_answer_is_right(code):
    for sheet in SHEETS:
        question = BY_CODE[code].question(sheet)
        truth = ORACLES[code](**question.given)
        if isinstance(truth, str):
            assert question.options[int(question.answer)] == truth, (sheet, question.text)
        else:
            assert question.answer == pytest.approx(float(truth), rel=1e-6, abs=1e-7), (sheet, question.text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_right_answer_is_accepted_as_it_is_shown_and_wrong_ones_are_not(kind, language):
    for sheet in SHEETS:
        question = kind.question(sheet)
        assert question.accepts(question.answer)
        if question.options:
            assert len(set(question.options)) == len(question.options)
            wrong = [i for i in range(len(question.options)) if i != question.answer]
            assert question.answer in range(len(question.options))
        else:
            shown = parse(answer_text(question), question.whole)
            assert shown is not None
            assert question.accepts(shown), (sheet, answer_text(question))
            comma = parse(answer_text(question).replace(".", ","), question.whole)
            assert comma == shown
            wrong = [
                question.answer + 5 * question.tolerance,
                question.answer - 1,
                2 * question.answer + 0.1 * np.sign(question.answer),
            ]
        for value in [*wrong, *(trap for trap, _ in question.traps)]:
            assert not question.accepts(value), (sheet, question.text, value)
        for trap, remark in question.traps:
            assert question.remark(trap), remark


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_solution_holds_the_answer_in_numbers(kind):
    for sheet in SHEETS:
        question = kind.question(sheet)
        worked = " ".join(question.solution)
        assert re.search(r"\d", worked), "a worked solution has the numbers in it"
        if not question.options:
            found = [parse(text) for text in re.findall(r"[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?", worked)]
            found += [
                float(Fraction(int(a), int(b))) for a, b in re.findall(r"\\frac\{(\d+)\}\{(\d+)\}", worked)
            ]
            assert any(question.accepts(value) for value in found), (sheet, worked)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_texts_are_complete(kind, language):
    for sheet in SHEETS:
        question = kind.question(sheet)
        parts = [
            kind.title(),
            question.text,
            *question.options,
            *question.solution,
            *(text for _, text in question.traps),
        ]
        if question.table:
            parts += [*question.table[0], *(cell for row in question.table[1] for cell in row)]
        for part in parts:
            assert part.strip()
            prose = re.sub(r"\$+[^$]+\$+", "", part)
            assert not re.search(r"[{}$]", prose), part
            assert part.count("{") == part.count("}"), part
            assert "nan" not in prose.split()
        if language == "zh":
            assert re.search(r"[\u3400-\u9fff]", question.text)


def same_for_all(link):
    """What a link says apart from a sentence, which is in the reader's language."""
    return {
        name: value
        for name, value in link.parameters.items()
        if name not in {"text_corpus", "text_board_text"}
    }


@pytest.mark.parametrize("code", WORDS)
def test_the_words_of_a_sentence_are_those_that_the_lesson_knows(code, speak):
    speak(code)
    _between, good, bad, unknown = WORDS[code]
    question = BY_CODE["word_sum"].question(7)
    known = trained(sentiment(code), STANDARD).model.vocabulary
    counts = Counter(tokenise(question.link.parameters["text_board_text"]))
    assert [counts[good], counts[bad]] == question.given["counts"]
    assert counts[unknown] == 1
    assert [word in known.words for word in (good, bad, unknown)] == [True, True, False]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_sheet_is_the_same_for_everybody_and_in_both_languages(kind, speak):
    english = [kind.question(sheet) for sheet in SHEETS]
    speak("zh")
    chinese = [kind.question(sheet) for sheet in SHEETS]
    for one, other in zip(english, chinese, strict=True):
        assert (one.answer, one.given, one.link.stem) == (other.answer, other.given, other.link.stem)
        assert same_for_all(one.link) == same_for_all(other.link)
        assert len(one.options) == len(other.options)
        assert one.text != other.text
    assert len({(question.text, question.table) for question in english}) > 3, "sheets differ"


MANY = range(200)


def many(code):
    return [BY_CODE[code].question(sheet) for sheet in MANY]


def test_either_divergence_is_the_larger_one_about_as_often():
    answers = [question.answer for question in many("divergence")]
    assert all(answers.count(option) > 40 for option in (0, 1))
    assert answers.count(2) > 10


def test_the_probabilities_of_a_printed_row_sum_to_1():
    for question in many("accuracy"):
        _head, rows = question.table
        for row, p in zip(rows, question.given["P"], strict=True):
            assert sum(Fraction(text) for text in row[1:4]) == 1
            assert [float(text) for text in row[1:4]] == p, "the answer uses the printed numbers"


def test_no_sheet_asks_for_an_accuracy_without_a_mistake():
    assert all(0 < question.answer < 1 for question in many("accuracy"))


def test_a_pixel_that_is_not_black_is_called_that_and_not_bright(language):
    solutions = [" ".join(question.solution) for question in many("sign")]
    not_black = {"en": "The pixel is not black (x > 0)", "zh": "像素不是黑的（x > 0）"}[language]
    assert any(not_black in solution for solution in solutions)
    assert not any("bright" in solution or "亮" in solution for solution in solutions)


def test_the_fraction_of_a_temperature_computes_with_the_numbers_that_are_printed():
    for question in many("temperature"):
        printed = re.search(r"\\frac\{([\d.]+)\}\{([\d.]+)\} = ([\d.]+)", question.solution[0])
        assert printed is not None
        above, below, result = map(float, printed.groups())
        assert f"{above / below:.4f}" == f"{result:.4f}", question.solution[0]


def test_a_shift_asks_for_a_probability_and_the_winner_does_not_give_it_away():
    asked = many("shift")
    assert not any(question.options for question in asked)
    assert {question.given["k"] == int(np.argmax(question.given["z"])) for question in asked} == {True, False}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_0_never_passes_for_a_small_answer(kind):
    for seed in range(60):
        question = kind.question(seed)
        if not question.options and question.answer != 0:
            assert not question.accepts(0.0)
            assert question.whole or abs(question.answer) >= 0.01


def test_exponents_are_said_to_be_at_most_0():
    assert all("every exponent is at most 0" in " ".join(question.solution) for question in many("formats"))


def test_two_texts_say_what_is_asked():
    for question in many("ratio"):
        assert re.search(
            r"How many times more probable than (\w+) is (\w+) \(\$p_\{\\mathrm\{\2\}\} / p_\{\\mathrm\{\1\}\}\$\)\?",
            question.text,
        )
    assert any("How many weights is that" in question.text for question in many("parameters"))
    assert not any("are that" in question.text for question in many("parameters"))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_chinese_list_has_the_chinese_mark_and_a_vector_its_comma(kind, speak):
    speak("zh")
    for sheet in SHEETS:
        question = kind.question(sheet)
        for text in (question.text, *question.solution):
            prose = re.sub(r"\$+[^$]+\$+|\([^()]*\)", "", text)  # without formulas and vectors
            assert ", " not in prose, prose


def test_every_learning_rate_case_comes_up():
    assert {question.answer for question in many("rate")} == {0, 1, 2}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5), ("1,5", 1.5), (" −1,5 ", -1.5), ("-0.25", -0.25), ("–0.25", -0.25), (".5", 0.5), ("+2", 2),
        ("1/4", 0.25), ("−3/4", -0.75), ("75 %", 0.75), ("12,5%", 0.125), ("1e-3", 1e-3), ("1.2E2", 120),
        ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("１．５", 1.5), ("－２", -2), ("０，２５", 0.25), ("0.5％", 0.005), ("1 024", 1024),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, value):
    assert parse(text) == pytest.approx(value)


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_answers_are_read_as_all_numbers_are(text, value):
    assert parse(text) == value


@pytest.mark.parametrize("text", sorted({*NO_NUMBERS, *TOO_LARGE} - {"1/2", "5%"}))
def test_what_is_a_number_nowhere_is_no_answer(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1/0",
        "1//2",
        "nan",
        "inf",
        "-∞",
        "1e999",
        "--1",
        "1,2,3",
        "0x10",
        "1_000",
        "%",
        "1" * 41,
        "½½",
    ],
)
def test_what_is_no_number(text):
    assert parse(text) is None


def test_a_count_may_be_grouped_in_either_notation():
    assert parse("1,024", whole=True) == parse("1.024", whole=True) == 1024
    assert parse("1,024") == pytest.approx(1.024)
    assert parse("12,345,678", whole=True) == 12_345_678
    assert parse("776.0", whole=True) == 776


def test_a_kind_that_makes_no_question_is_an_error_and_no_endless_search():
    made = []

    def never(rng):
        made.append(rng)
        return SimpleNamespace(well_posed=lambda: False)

    with pytest.raises(RuntimeError, match="no well-posed question of kind odd on sheet 7"):
        Kind("odd", lambda: "Odd", never).question(7)
    assert len(made) == 100


def test_a_printed_quotient_is_true_as_it_is_printed():
    assert quotient(1.0, 3.0) == r"\frac{1}{3} = 0.3333"
    assert quotient(2 / 3, 1.0) == r"\frac{0.6667}{1} = 0.6667"
    assert quotient(2.49205, 7.00892) == r"\frac{2.49205}{7.00892} = 0.3556", (
        "with as many digits as it takes"
    )
    # Below half of the last decimal by less than nine digits say: the result is right, and no more digits are printed.
    assert quotient(1.99999999996, 1600.0) == r"\frac{2}{1600} = 0.0012"
