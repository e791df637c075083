"""The page with a learner's own texts, as odd as a table can be."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.text import try_out
from ui.text import training
from ui.text.data import PARAMETER, read_corpus
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
