"""The page with a learner's own texts, as odd as a table can be."""

import json
import re
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from instruments.text_board import TextState
from softmax_core.text import Corpus, TextConfig, sentiment, train_on_texts, try_out
from ui.text import training
from ui.text.board import standard
from ui.text.data import PARAMETER, read_corpus
from ui.widgets import waiting
from ui.widgets.own import Own

PAGE = Path(__file__).parents[3] / "pages" / "text.py"
TABLES = {
    "two rows": "text,label\nso good,+\nso bad,-\n",
    "no words": "text,label\n!!!,+\n...,-\n?!,+\n--,-\n",
    "ten classes": "text,label\n" + "".join(f"word{i % 10} and <b>so</b> on {i},<i>{i % 10}</i>\n" for i in range(60)),
    "one long text": "text,label\n" + "很好" * 5000 + ",好\n" + "ok " * 5000 + ",[x](y)\n",
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_every_panel_opens_on_any_table(name: str) -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.query_params["text_corpus"] = "own"
    app.session_state[f"_{PARAMETER}"] = Own(read_corpus(TABLES[name]), None)
    app.run()
    for panel in ("words", "accuracy", "curve", "penalties"):
        app.session_state["text_panel"] = panel
        app.run()
        assert not app.exception, (panel, app.exception)
        assert app.session_state["text_panel"] == panel
        assert not app.session_state["_link"].notes
        texts = " ".join(element.value for element in (*app.markdown, *app.caption)) + " ".join(element.proto.body for element in app.get("html"))  # fmt: skip
        assert not {"praise", "complain", "positive"} & set(re.findall(r"\w+", texts)), (
            "true of our sentences only"
        )
        assert "<i>3" not in texts
        assert "<b>so" not in texts


@pytest.mark.parametrize("panel", ["curve", "penalties"])
def test_trials_that_were_stopped_say_so_and_can_be_done_again(panel, monkeypatch) -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.query_params["text_corpus"], app.query_params["text_panel"] = "own", panel
    app.query_params["text_challenge_open"] = "flip"
    app.session_state[f"_{PARAMETER}"] = Own(read_corpus(TABLES["ten classes"]), None)
    with monkeypatch.context() as patch:
        patch.setattr(
            training,
            "try_out",
            lambda corpus, trials, _watch: try_out(corpus, trials, lambda _done, _all: False),
        )
        app.run()
    assert not app.exception
    said = [one.value for one in app.caption]
    assert any(re.fullmatch(r"Stopped: 0 of \d points are there.", text) for text in said), said
    charts = len(app.get("plotly_chart"))
    next(button for button in app.button if button.key == "text_again").click().run()
    assert not any("Stopped" in one.value for one in app.caption)
    assert len(app.get("plotly_chart")) == charts + 1


def test_a_table_that_cannot_be_used_says_what_the_board_shows() -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.query_params["text_corpus"] = "own"
    app.run()

    def stays() -> bool:
        return "The board keeps the sentences that it shows." in [one.value for one in app.caption]

    assert stays()
    bad, good = b"text,label\nso good,+\nalone\n", b"text,label\nso good,+\nso bad,-\ntoo bad,-\n"
    for table, is_used in ((bad, False), (good, True), (bad, False)):
        app.file_uploader(key="text_file").upload("a.csv", table).run()
        told = [] if is_used else ["Line 3: the number of cells is 1, but 2 in the lines before it."]
        assert [error.value for error in app.error] == told
        assert stays() == (not is_used)
    assert [one.value for one in app.markdown if "of 1." in one.value] == [
        "Right on the test sentences: **100.0 %** of 1."
    ]


def test_tf_idf_says_what_it_does() -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=60).run()
    told = "Rare words count more; then the row of each sentence is scaled to length 1."
    assert told not in [one.value for one in app.caption]
    app.session_state["text_weighting"] = "tf_idf"
    app.run()
    assert told in [one.value for one in app.caption]


REVIEWS = "text,label,split\nso good,+,train\nso bad,-,train\nbad food,-,test\ngood food,+,test\n"


def board_of(app: AppTest) -> TextState:
    state: TextState = app.session_state["text_board_slot"].state
    return state


def linked(**board: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.query_params["text_corpus"] = "own"
    for name, text in board.items():
        app.query_params[f"text_board_{name}"] = text
    return app


# What a link leaves out is the standard of its own texts, and not that of the sentences that the page shows meanwhile.
LINKS = [
    ({"text": "very bad view", "out": "1"}, TextState("very bad view", 1, (1,))),
    ({"out": "0"}, TextState("bad food", 1, (0,))),
    ({}, TextState("bad food", 1)),
]


@pytest.mark.parametrize(("link", "state"), LINKS)
def test_a_link_is_read_by_its_own_texts_while_their_model_is_trained(link, state, monkeypatch) -> None:
    go = threading.Event()

    def later(corpus: Corpus, *args: object, **options: object) -> object:
        assert corpus.ships or go.wait(60)
        return train_on_texts(corpus, *args, **options)

    monkeypatch.setattr(training, "train_on_texts", later)
    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    app = linked(**link)
    app.session_state[f"_{PARAMETER}"] = Own(read_corpus(REVIEWS), None)
    app.run()
    assert app.session_state["_text_run"].corpus.ships
    go.set()
    assert app.session_state["_text_model"].finished(60)
    app.run()
    assert not app.session_state["_text_run"].corpus.ships
    assert board_of(app) == state


@pytest.mark.parametrize(("link", "state"), LINKS)
def test_a_link_is_read_by_its_own_texts_when_their_file_is_chosen(link, state) -> None:
    app = linked(**link).run()
    if "text" in link:
        assert board_of(app).text == state.text, "over the sentences that ship, until the file comes"
    app.file_uploader(key="text_file").upload("a.csv", REVIEWS.encode()).run()
    assert not app.session_state["_text_run"].corpus.ships
    assert board_of(app) == state
    other = REVIEWS.replace("food", "view").encode()
    app.file_uploader(key="text_file").upload("b.csv", other).run()
    assert board_of(app) == TextState("bad view", 1), "the reader's own choice shows a sentence of its own"


def test_whoever_chooses_other_sentences_leaves_the_link() -> None:
    app = linked(text="very bad view").run()
    app.session_state["text_corpus"] = "zh"
    app.run()
    assert board_of(app) == TextState("味道不错，服务很差。")


def card_of(app: AppTest) -> dict:
    for element in app.get("bidi_component"):
        if element.proto.component_name.endswith("challenges"):
            return json.loads(element.proto.bytes)
    raise AssertionError("no card")


@pytest.mark.parametrize("link", [{}, {"text_challenge_open": "flip"}])
def test_challenges_are_about_the_sentences_on_the_page_in_either_language(link: dict[str, str]) -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    app.query_params["lang"] = "zh"
    for name, text in link.items():
        app.query_params[name] = text
    app.run()
    sentence = board_of(app).text
    app.session_state["lang"] = "en"
    app.run()
    assert board_of(app).text == sentence, "the language changes nothing else"
    card = card_of(app)
    assert card["result"] is None, "a goal is judged by the sentence that it was opened with"
    order = card["tasks"][0]["question"]
    assert "“房间很好，服务很差” becomes" in order
    app.session_state["text_corpus"] = "en"
    app.run()
    assert "“The room was lovely" in card_of(app)["tasks"][0]["question"]


def test_a_corpus_that_ships_without_an_example_shows_one_of_its_own() -> None:
    corpus = replace(sentiment("en"), name="de")
    assert standard(corpus).text == corpus.texts[corpus.test[0]]


@pytest.mark.parametrize("few", [False, True])
def test_the_page_says_how_many_words_count_where_there_are_more(few: bool, monkeypatch) -> None:
    if few:
        monkeypatch.setattr(training, "TextConfig", partial(TextConfig, most_words=2))
    app = linked()
    app.query_params["text_panel"] = "words"
    app.session_state[f"_{PARAMETER}"] = Own(read_corpus(REVIEWS), None)
    app.run()
    said = " ".join(one.value for one in app.caption)
    assert f"Words in the vocabulary: {2 if few else 3}, from 2 training sentences." in said
    assert ("Of 3 words the 2 that stand in the most sentences count." in said) == few
