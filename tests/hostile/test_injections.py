"""Names that are markup, code or formulas: nowhere are they more than letters. In the app itself: tests/browser/test_training_data.py."""

import ast
import csv
import io
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from instruments.training_stage import film
from softmax_core.datasets import from_points
from softmax_core.export import numpy_script, sklearn_script, torch_script
from softmax_core.training import TrainConfig
from tests.hostile.corpus import INJECTIONS
from ui import escape
from ui.training.table import read_table, write_points

X = [[0.1, 1 / 3], [2.0, -1.0], [1.0, 4.0], [0.5, 0.25]]


def _cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


@pytest.mark.parametrize("name", INJECTIONS, ids=range(len(INJECTIONS)))
def test_no_cell_of_the_points_is_a_formula_and_the_names_come_back(name: str) -> None:
    data = from_points(X, [0, 1, 0, 1], (name.strip() or "empty", "other"), feature_names=(name, "height"))
    text = write_points(data)
    for cell in _cells(text):
        assert not re.match(r"[=+\-@＝＋－＠\t\r].", cell) or re.fullmatch(r"[+-]?[\d.e+-]+", cell), cell
    table = read_table(text)
    again = table.dataset(*table.numeric_columns[:2], table.label_columns[0])
    assert again.X.tolist() == data.X.tolist()
    plain = not set(name.strip()) & set("\0\x1b\x7f\ufeff\n\r\u2028") and not name.strip().startswith("#")
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


def test_a_film_has_the_same_elements_whatever_the_names_are() -> None:
    def tags(name: str) -> list[str]:
        run = dict.fromkeys((*film._WEIGHTS, *film._CURVES), "AAAA") | {"steps": 1}
        page = film.film_html(
            {"run": run, "names": [name], "axes": [name]}, title=name, caption=name, lang="en"
        )
        reader = _Tags()
        reader.feed(page)
        (data,) = re.findall(r'id="film">(.*?)</script>', page, re.DOTALL)
        assert json.loads(data)["names"] == [name]
        return reader.seen

    assert all(tags(name) == tags("cat") for name in INJECTIONS)


@pytest.mark.parametrize("write", [numpy_script, torch_script, sklearn_script], ids=lambda one: one.__name__)
def test_a_script_has_the_same_code_whatever_the_names_are(write) -> None:
    def shape(name: str) -> list[str]:
        data = from_points(X, [0, 1, 0, 1], (name, "other"), feature_names=(name, "height"))
        return [type(node).__name__ for node in ast.walk(ast.parse(write(data, TrainConfig(steps=3))))]

    assert all(shape(name) == shape("cat") for name in INJECTIONS)


def test_markdown_shows_letters() -> None:
    for name in INJECTIONS:
        text = escape.markdown(name)
        assert not re.search(r"(?<!\\)[`*_\[\]#$~:|]", text), text
        assert not re.search(r"<[a-z/!]", text, re.IGNORECASE)
        assert "\n" not in text
    assert np.unique([escape.html(name).count("<") for name in INJECTIONS]).tolist() == [0]
