"""The glossary: both languages, unique anchors, links that pages can use."""

import ast
import json
import re
from pathlib import Path

import pytest
import scipy.special
from streamlit.testing.v1 import AppTest

import locales
from ui.frame import frame
from ui.glossary import glossary, remarks
from ui.glossary.pictures import PICTURES, picture
from ui.glossary.terms import topics
from ui.widgets import markup

ROOT = Path(__file__).parents[3]


@pytest.fixture(params=list(locales.languages))
def language(request, speak):
    speak(request.param)
    return request.param


def terms():
    return [term for _, group in topics() for term in group]


def test_codes_are_unique_and_fit_an_address():
    codes = [term.code for term in terms()]
    assert len(codes) == len(set(codes)) >= 50
    assert all(re.fullmatch(r"[a-z0-9_]+", code) for code in codes)


def test_every_term_is_named_in_both_languages_and_explained(language):
    for term in terms():
        assert set(term.names) == set(locales.languages)
        assert all(term.names.values())
        assert re.search(r"[\u3400-\u9fff]" if language == "zh" else r"[a-z]", term.meaning), term.code
        assert term.symbol


def test_chinese_names_are_chinese():
    kept = {term.code for term in terms() if not re.search(r"[\u3400-\u9fff]", term.names["zh"])}
    assert kept == set()


def test_a_link_holds_the_word_the_address_and_the_meaning(language):
    link = glossary.term("logit", "scores")
    assert link.startswith("[scores](glossary?lang=")
    assert '#term-logit "' in link
    assert glossary.term("logit").startswith("[logit](")
    with pytest.raises(KeyError, match="no term 'logits'"):
        glossary.term("logits")


def test_no_meaning_ends_a_link_early(language):
    for term in terms():
        link = glossary.term(term.code)
        assert re.fullmatch(r'\[[^\]]+\]\(glossary\?lang=\w+#term-[a-z0-9_]+ "[^"]+"\)', link), link


def used_codes():
    """The codes that pages and panels give to term() and symbols()."""
    for path in [*ROOT.glob("pages/*.py"), *ROOT.glob("ui/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("term", "symbols")
            ):
                if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "glossary"):
                    continue
                literals = node.args if node.func.attr == "symbols" else node.args[:1]
                for argument in literals:
                    assert isinstance(argument, ast.Constant), f"{path}: a code is a literal"
                    yield path.stem, argument.value


def test_lessons_link_to_terms_that_exist():
    codes = {term.code for term in terms()}
    found = set(used_codes())
    assert {code for _, code in found} <= codes
    assert {
        "softmax",
        "loss",
        "information",
        "linear_layer",
        "training",
        "hidden_layer",
        "images",
        "slips",
    } <= {stem for stem, _ in found}


def test_lessons_of_terms_are_known_stems():
    assert {term.lesson for term in terms() if term.lesson} <= {lesson.stem for lesson in frame.lessons()}


def test_the_page_opens_and_the_browser_gets_every_term_in_both_languages(language):
    app = AppTest.from_file(str(ROOT / "pages" / "glossary.py"), default_timeout=60).run()
    assert not app.exception
    rows = {row["id"]: row for topic in glossary._data(locales.current())["topics"] for row in topic["terms"]}
    assert set(rows) == {f"term-{term.code}" for term in terms()}
    for term in terms():
        row = rows[f"term-{term.code}"]
        assert row["name"] == term.names[language]
        assert [term.names[code] for code, _name in row["others"]] == [name for _code, name in row["others"]]
        assert markup.text_of(*row["symbol"]) == re.sub(r"<[^>]+>", "", term.symbol)
        assert json.loads(json.dumps(row)) is not None


def test_the_core_terms_have_a_picture_in_the_colour_of_the_text():
    core = {"softmax", "logit", "cross_entropy", "gradient", "learning_rate", "boundary", "temperature", "entropy", "kl", "one_hot"}  # fmt: skip
    assert core == set(PICTURES)
    assert core <= {term.code for term in terms()}
    for code in core:
        drawn = json.dumps(picture(code))
        assert "nan" not in drawn.lower()
        assert not re.search(r"#[0-9a-f]{3,6}|rgb", drawn), "colours come from the style"
        numbers = [float(x) for x in re.findall(r"-?\d+(?:\.\d)?", drawn)]
        assert max(numbers) <= 96
        assert min(numbers) >= 0


def test_the_bars_of_the_picture_of_softmax_are_softmax():
    shares = [float(bar[1]["height"]) / 36 for bar in picture("softmax")[2:5]]
    assert shares == pytest.approx(scipy.special.softmax([2.0, 0.8, -1.6]), abs=0.01)


def test_mistakes_and_history_stand_at_terms_that_exist(language):
    codes = {term.code for term in terms()}
    assert set(remarks.mistakes()) | set(remarks.history()) <= codes
    told = " ".join([*remarks.mistakes().values(), *remarks.history().values()])
    names = ("Shannon", "Bridle") if language == "en" else ("香农", "布里德尔")
    assert all(name in told for name in names)


def meaning(code):
    return next(term.meaning for term in terms() if term.code == code)


def test_meanings_that_were_wrong_are_right():
    assert "above 2 / curvature they land higher on the other side" in meaning("curvature")
    assert "bounded" in meaning("divergence")
    assert "prefix code" in meaning("huffman")
    assert "to code the truth y" in meaning("cross_entropy")


def test_a_letter_means_one_thing():
    assert [term.code for term in terms() if "ŷ" in term.symbol] == ["prediction"]
    assert "o" not in next(term.symbol for term in terms() if term.code == "logit").split(", ")
    for path in [*ROOT.glob("pages/*.py"), *ROOT.glob("ui/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        assert r"\hat{y}" not in text.replace("{{", "{").replace("}}", "}"), path
        if path.name not in ("terms.py",):
            assert "ŷ" not in text, path


def test_terms_that_were_asked_for_are_there(speak):
    codes = {term.code for term in terms()}
    assert {
        "normalised_exponential",
        "fully_connected",
        "logistic_regression",
        "exponential_family",
        "mnist",
        "relu",
        "soft_answer",
        "pull",
        "logarithm",
    } <= codes
    speak("zh")
    assert {term.names["zh"].partition("（")[0] for term in terms()} >= {"ReLU", "软预测", "拉力", "自然对数"}
    assert [title for title, _terms in topics()][-3:] == ["优化算法", "数据与评估", "浮点数"]


def test_what_stands_above_the_line_stays_there_in_the_line_of_symbols() -> None:
    assert glossary._text_of("log Σ e<sup>z</sup>") == "log Σ eᶻ"
    assert glossary._text_of("H<sup>−1</sup>g") == "H⁻¹g"
