"""The catalogues against the code: nothing missing, nothing stale, nothing that would break a sentence."""

import csv
import re
import shutil
import string
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import locales
from locales import __main__ as tool
from tests.ui import sentence_cases

LANGUAGES = [code for code in locales.languages if code != locales.SOURCE_LANGUAGE]
CJK = r"[\u3400-\u9fff]"


def _entries(language: str) -> list[tuple[str, object]]:
    folder = Path(locales.__file__).parent / language
    found = []
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            found += [(path.stem, message) for message in read_po(file) if message.id]
    return found


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated_and_none_is_stale(language):
    in_code = {(room, text) for room, texts in tool.extracted().items() for text in texts}
    in_files = {(room, message.id) for room, message in _entries(language)}
    assert in_code - in_files == set(), "run `make messages` and translate"
    assert in_files - in_code == set(), "run `make messages`"
    assert [message.id for _, message in _entries(language) if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_are_as_the_tool_writes_them(language, tmp_path, monkeypatch):
    folder = Path(locales.__file__).parent / language
    shutil.copytree(folder, tmp_path / language)
    monkeypatch.setattr(tool, "__file__", str(tmp_path / "__main__.py"))
    tool.update(language)
    written = {path.name: path.read_bytes() for path in tmp_path.glob("*/*.po")}
    changed = [path.name for path in folder.glob("*.po") if written.get(path.name) != path.read_bytes()]
    assert not changed, "run `make messages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_msgid_stands_twice(language):
    counts = Counter(message.id for _, message in _entries(language))
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_and_formulas_agree(language):
    for _, message in _entries(language):
        assert _fields(message.id) == _fields(message.string), message.id
        formulas = [Counter(re.findall(r"\$[^$]+\$", text)) for text in (message.id, message.string)]
        assert formulas[0] == formulas[1], message.id


def test_chinese_uses_chinese_punctuation():
    for _, message in _entries("zh"):
        assert not re.search(f"{CJK}[,;:?!]", message.string), message.string
        assert not re.search(rf"{CJK}\.(\s|$)", message.string), message.string


# Placeholders that hold Chinese words in Chinese: no space stands between two of them.
WORDS = {
    "name", "names", "best", "first", "second", "cat", "dog", "bird", "place", "moved", "asked", "true", "i", "j",
    "weight", "bias", "affine", "broadcasting", "vector", "gradient", "nat", "layer", "unit",
}  # fmt: skip


def test_chinese_keeps_a_space_from_letters_and_digits():
    for _, message in _entries("zh"):
        text = re.sub(r"</?\w+>|\*", "", message.string)
        assert not re.search(f"{CJK}[A-Za-z0-9]|[A-Za-z0-9]{CJK}|{CJK} +{CJK}", text), message.string
        glued = re.findall(rf"(?<={CJK})\{{(\w+)\}}|\{{(\w+)\}}(?={CJK})", text)
        assert {before or after for before, after in glued} <= WORDS, message.string


@pytest.mark.parametrize(("sentence", "values", "filled"), sentence_cases.FILLED)
def test_a_value_keeps_the_space_from_the_chinese_around_it(sentence, values, filled):
    assert locales.Sentence(sentence).format(**values) == filled


def test_a_filled_sentence_keeps_formats_and_braces():
    filled = locales.Sentence("给{0!r}的 {{x}} 是{p:.2f}，{p:{width}.1f}").format("a", p=0.5, width=6)
    assert filled == "给'a'的 {x} 是 0.50，   0.5"


def test_chinese_sentences_are_filled_with_that_rule(speak):
    speak("zh")
    assert (
        locales._("{name} from {first} to {last}").format(name="Huber", first=1, last=2) == "Huber 从 1 到 2"
    )
    speak("en")
    assert locales._("{name} from {first} to {last}").format(name="猫", first=1, last=2) == "猫 from 1 to 2"


def test_a_name_in_chinese_stands_without_spaces_that_the_rule_would_add():
    for _, message in _entries("zh"):
        assert not re.search(rf"{CJK} \{{name\}}|\{{name\}} {CJK}", message.string), message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_percentage_has_a_space_in_every_language(language):
    """As in `show.percent` and in percent() of instruments/shared/numbers.js."""
    for _, message in _entries(language):
        for text in (message.id, message.string):
            assert not re.search(r"[0-9}]%", text), text


def test_no_half_width_mark_stands_between_chinese_words():
    for _, message in _entries("zh"):
        text = re.sub(r"\{\w+\}", "字", re.sub(r"</?\w+>|\*", "", message.string))
        assert not re.search(f"{CJK} ?[,:;] ?{CJK}", text), message.string


def _terms(language: str) -> list[dict[str, str]]:
    with (Path(locales.__file__).parent / language / "terms.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("term", _terms("zh"), ids=lambda term: term["english"] or term["chinese"])
def test_one_thing_has_one_name_in_chinese(term):
    """locales/zh/terms.csv says how a term is written, and what once stood beside it or is not what a teacher says."""
    texts = [(re.sub(r"\{\w+\}", "", message.id), message.string) for _, message in _entries("zh")]
    if term["english"]:
        said = [
            (text, zh)
            for text, zh in texts
            if re.search(rf"(?<![\w-]){term['english']}s?(?![\w-])", text, re.I)
        ]
        assert said, "no sentence has this term any more"
        assert [zh for _, zh in said if not re.search(term["chinese"], zh)] == []
    if term["never"]:
        assert [zh for _, zh in texts if re.search(term["never"], zh)] == []


def test_no_mark_of_bold_or_code_stands_alone():
    """Nothing that the reader would see as a star, a backquote or a tag."""
    for _, message in _entries("zh"):
        for mark in (r"\*\*", "`"):
            assert len(re.findall(mark, message.string)) % 2 == 0, message.string
            assert (mark in message.id) or (mark not in message.string), message.string
        tags = [set(re.findall(r"</?\w+>", text)) for text in (message.id, message.string)]
        assert tags[0] == tags[1], message.string
        # Markdown opens no bold between a word and a mark, and closes none between a mark and a word.
        for before, bold, after in re.findall(r"(.?)\*\*(.+?)\*\*(.?)", message.string):
            assert not (re.match(CJK, before) and re.match(r"[，。：；（“]", bold)), message.string
            assert not (re.match(CJK, after) and re.search(r"[，。：；）”？！]$", bold)), message.string


def test_no_formula_has_a_word_of_one_language_in_it():
    """A word in a formula would stay English on a Chinese page: words stand beside it, or come from the catalogue."""
    found = [
        f"{path.relative_to(tool.ROOT)}: {word}"
        for path in (tool.ROOT / "ui").rglob("*.py")
        for word in re.findall(
            r"\\\\(?:text|mathrm|textbf|mbox)\{+([A-Za-z ]{3,})\}", path.read_text(encoding="utf-8")
        )
        if word != "NaN"
    ]
    assert found == []


def test_chinese_writes_log_in_sentences_too():
    """Formulas write log for the natural logarithm; ln stands only where a sentence says that log is ln."""
    for _, message in _entries("zh"):
        assert "ln" not in re.sub(r"自然对数 ?（?(教材写作 )?ln）?|中文教材写作 ln", "", message.string), (
            message.string
        )


def test_only_literals_are_marked_for_translation():
    offending = [
        f"{path.relative_to(tool.ROOT)}:{call.lineno}"
        for pattern in tool.SOURCES
        for path in tool.ROOT.glob(pattern)
        for call in tool.calls(path)
        if tool.literal(call) is None
    ]
    assert offending == [], "_() takes one literal string: the catalogues cannot know any other"


def test_the_literal_test_sees_what_it_should(tmp_path):
    source = tmp_path / "page.py"
    source.write_text('_("good")\n_(f"bad {x}")\n_("a" + "b")\n_(name)\n_("joined " "literal")\n')
    assert [tool.literal(call) for call in tool.calls(source)] == ["good", None, None, None, "joined literal"]


def test_the_language_is_asked_for_at_each_call(speak):
    speak("en")
    assert locales._("Home") == "Home"
    speak("zh")
    assert locales._("Home") == "首页"
    assert locales._("no such message") == "no such message"


def test_update_keeps_translations_and_drops_stale_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(tool, "__file__", str(tmp_path / "locales" / "__main__.py"))
    (tmp_path / "locales").mkdir()
    (tmp_path / "pages").mkdir()
    page = tmp_path / "pages" / "one.py"
    page.write_text('_("Kept {n}")\n_("Gone")')
    assert tool.update("zh") == ["Gone", "Kept {n}"]
    catalogue = tmp_path / "locales" / "zh" / "one.po"
    catalogue.write_text(
        catalogue.read_text().replace('msgid "Kept {n}"\nmsgstr ""', 'msgid "Kept {n}"\nmsgstr "留 {n}"')
    )
    page.write_text('_("Kept {n}")\n_("New")')
    assert tool.update("zh") == ["New"]
    text = catalogue.read_text()
    assert "留 {n}" in text
    assert "Gone" not in text
    before = text
    tool.update("zh")
    assert catalogue.read_text() == before


def test_a_message_in_all_languages_at_once():
    assert locales.both("Home") == {"en": "Home", "zh": "首页"}
    assert locales.both("no such message") == {"en": "no such message", "zh": "no such message"}
