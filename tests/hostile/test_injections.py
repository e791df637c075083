"""Names that are markup, code or formulas: nowhere are they more than letters.

In the app itself: `names_are_letters_on_panels` in tests/browser/test_training_data.py.
"""

import ast
import csv
import html
import io
import json
import re
from html.parser import HTMLParser
from itertools import chain
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from starlette.requests import Request

from instruments.training_stage import film
from softmax_core.datasets import from_points
from softmax_core.export import numpy_script, sklearn_script, torch_script
from softmax_core.training import Segment, TrainConfig
from tests.hostile import links
from tests.hostile.corpus import INJECTIONS
from ui import escape
from ui.frame import paper, present, share, sharing
from ui.training import export
from ui.training.edits import edited
from ui.training.panels import weights
from ui.training.points import Source
from ui.training.run import Run, trained
from ui.training.saved import as_json, from_json
from ui.training.table import read_table, write_points

FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r].")
X = [[0.1, 1 / 3], [2.0, -1.0], [1.0, 4.0], [0.5, 0.25]]


def _cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


@pytest.mark.parametrize("name", INJECTIONS, ids=range(len(INJECTIONS)))
def test_no_cell_of_the_points_is_a_formula_and_the_names_come_back(name: str) -> None:
    data = from_points(X, [0, 1, 0, 1], (name.strip() or "empty", "other"), feature_names=(name, "height"))
    text = write_points(data)
    for cell in _cells(text):
        assert not FORMULA.match(cell) or re.fullmatch(r"[+-]?[\d.e+-]+", cell), cell
    table = read_table(text)
    again = table.dataset(*table.numeric_columns[:2], table.label_columns[0])
    assert again.X.tolist() == data.X.tolist()
    plain = not set(name.strip()) & set("\0\x1b\x7f\ufeff\n\r\u2028")
    if plain and name.strip():
        assert again.class_names[again.y[0]] == name.strip()


@pytest.mark.parametrize("name", ["-1", "+1", "+", "-", "'=x", "''=x", "'cat", "=1", "=x"])
def test_a_class_comes_back_as_it_was(name: str) -> None:
    data = from_points(X, [0, 1, 0, 1], (name, "1"))
    table = read_table(write_points(data))
    assert table.dataset("x1", "x2", "class").class_names == (name, "1")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(f"{tag} {sorted(name for name, _value in attrs)}")


def _tags(page: str) -> list[str]:
    reader = _Tags()
    reader.feed(page)
    return reader.seen


def test_a_film_has_the_same_elements_whatever_the_names_are() -> None:
    def tags(name: str) -> list[str]:
        run = dict.fromkeys(film._CURVES, "AAAA") | {"layers": [{"W": "AAAA", "b": "AAAA"}], "steps": 1}
        page = film.film_html(
            {"run": run, "names": [name], "axes": [name]}, title=name, caption=name, lang="en"
        )
        (data,) = re.findall(r'id="film">(.*?)</script>', page, re.DOTALL)
        assert json.loads(data)["names"] == [name]
        return _tags(page)

    assert all(tags(name) == tags("cat") for name in INJECTIONS)


def _shape(code: str) -> list[str]:
    return [type(node).__name__ for node in ast.walk(ast.parse(code))]


def _run(name: str) -> Run:
    data = from_points(X, [0, 1, 0, 1], (name, "other"), feature_names=(name, "height"))
    return trained(edited(Source("test", data, np.zeros(4, bool)), ()), (Segment(0, TrainConfig(steps=3)),))


@pytest.mark.parametrize("write", [numpy_script, torch_script, sklearn_script], ids=lambda one: one.__name__)
def test_a_script_has_the_same_code_whatever_the_names_are(write) -> None:
    def shape(name: str) -> list[str]:
        data = from_points(X, [0, 1, 0, 1], (name, "other"), feature_names=(name, "height"))
        return _shape(write(data, TrainConfig(steps=3)))

    assert all(shape(name) == shape("cat") for name in INJECTIONS)


def test_a_notebook_has_the_same_cells_whatever_the_names_are() -> None:
    def cells(name: str) -> list[object]:
        run = _run(name)
        book = json.loads(export.as_notebook(numpy_script(run.train, run.trajectory.config), run).encode())
        assert (book["nbformat"], {*book}) == (4, {"cells", "metadata", "nbformat", "nbformat_minor"})
        return [
            _shape(cell["source"]) if cell["cell_type"] == "code" else cell["source"]
            for cell in book["cells"]
        ]

    plain = cells("cat")
    assert len(plain) > 8
    assert all(cells(name) == plain for name in INJECTIONS)


def test_markdown_shows_letters() -> None:
    for name in INJECTIONS:
        text = escape.markdown(name)
        assert not re.search(r"(?<!\\)[`*_\[\]#$~:|]", text), text
        assert not re.search(r"<[a-z/!]", text, re.IGNORECASE)
        # What Streamlit's page looks for in a text that it has read: links, icons, arrows and dashes.
        read = html.unescape(re.sub(r"\\(.)", r"\1", text))
        assert not re.search(r"(https?://|www\.)\w|\w@\w", read, re.IGNORECASE), text
        assert not re.search(r":(material/\w+|streamlit):|->|<-|--|~=", read), text
        assert read.replace("\u2060", "")[:60] == " ".join(name[:60].split())[:60] or len(name) > 60
        assert "\n" not in text
    assert np.unique([escape.html(name).count("<") for name in INJECTIONS]).tolist() == [0]


def test_no_cell_of_the_numbers_of_a_run_is_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """The CSV of all steps, and the table of points, which a browser offers as CSV."""
    tables: list[pd.DataFrame] = []
    monkeypatch.setattr(weights.st, "dataframe", lambda frame, **_how: tables.append(frame))
    for name in INJECTIONS:
        run = _run(name)
        weights.samples(run, 3)
        for text in (export.trajectory_csv(run, (name, "other"), (name, "height")), tables.pop().to_csv()):
            rows = [*csv.reader(io.StringIO(text))]
            assert len({len(row) for row in rows}) == 1
            for cell in chain.from_iterable(rows):
                assert not FORMULA.match(cell) or re.fullmatch(r"[+-]?[\d.e+-]+", cell), cell


def test_a_feature_called_as_a_column_of_the_points_is_a_column_of_its_own(monkeypatch) -> None:
    tables: list[pd.DataFrame] = []
    monkeypatch.setattr(weights.st, "dataframe", lambda frame, **_how: tables.append(frame))
    run = _run("loss")
    weights.samples(run, 3)
    (table,) = tables
    assert table["loss′"].tolist() == [x for x, _y in X]
    assert np.isclose(table["loss"].mean(), run.trajectory.loss[3])


def test_a_saved_run_holds_its_names_as_texts() -> None:
    for name in INJECTIONS:
        text = as_json(_run(name), 2, {"training_own": name})
        assert json.loads(text)["classes"] == [name, "other"]
        assert from_json(text.encode()).settings == {"training_own": name}
        assert _tags(sharing.as_html([name])) == ["ul ['class', 'role']", "li []"]


def test_what_is_shared_and_printed_has_the_same_elements_whatever_the_link_holds() -> None:
    def written(text: str) -> list[list[str]]:
        link = f"http://lab.test/softmax?{urlencode({'softmax_note': text[:200]})}"
        asked = {"type": "http", "query_string": urlencode({"text": link}).encode(), "headers": []}
        answer = share.code_for_paper(Request(asked))
        return [_tags(bytes(answer.body).decode()), _tags(share.frame_code(link)), _tags(share.file_of(link))]

    plain = written("cat")
    assert all(plain)
    assert all(written(name) == plain for name in INJECTIONS[::9])  # a code takes 20 ms
    raw = [_tags(share.frame_code(f"http://lab.test/?{name}")) for name in INJECTIONS]
    assert raw == [plain[1]] * len(INJECTIONS)
    assert [_tags(share.file_of(f"http://lab.test/?{name}")) for name in INJECTIONS] == [plain[2]] * len(
        INJECTIONS
    )


def test_no_text_ends_the_scripts_and_the_foot_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    for module in (present, paper):
        monkeypatch.setattr(module.st, "html", lambda text, **_how: shown.append(text))
    present.start(["softmax"])
    paper.foot("lab.test")
    plain = [*map(_tags, shown)]
    for name in INJECTIONS:
        shown.clear()
        present.start([name])
        paper.foot(name)
        assert [*map(_tags, shown)] == plain, name


NAMES = ("<s>a</s>", "**b**", "www.x.yz")


@pytest.mark.parametrize("panel", ["softmax_panel=log", "softmax_panel=network", "loss_panel=labels"])
def test_names_in_a_link_are_letters_on_its_page(panel: str) -> None:
    page = panel.split("_")[0]
    app = links.opened(page, f"{panel}&{urlencode({f'{page}_board_names': '~'.join(NAMES)}, safe='~')}")
    assert app.session_state[f"{page}_board_slot"].state.names == NAMES
    texts = {
        kind: [(one.proto.body, one.proto) for one in app.get(kind)] for kind in ("markdown", "html", "latex")
    }
    assert any("yz" in text for text, _proto in chain.from_iterable(texts.values()))
    for kind, bodies in texts.items():
        for text, proto in bodies:
            is_html = kind == "html" or getattr(proto, "allow_html", False)
            assert not any(name in text for name in (NAMES[:1] if is_html else NAMES)), text
