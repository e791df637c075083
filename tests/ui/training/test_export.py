"""Files to take away: what is written can be read, and what is hostile is refused with a sentence."""

import base64
import codecs
import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.datasets import Dataset, DataSpec, held_back, make
from softmax_core.features import Cubic, Linear, RadialBasis
from softmax_core.optimizers import Adam, GradientDescent
from softmax_core.training import Segment, TrainConfig
from ui.training import export
from ui.training.edits import edited
from ui.training.export import as_notebook, film, promise, trajectory_csv, written
from ui.training.points import Source
from ui.training.run import trained
from ui.training.saved import UnusableFileError, as_json, from_json
from ui.training.upload import UPLOAD_SOURCE
from ui.widgets.show import number

GOOD = {
    "format": "softmax-lab run", "version": 1, "settings": {"training_rate": "0.5"}, "step": 3,
    "W": [[1.0, 2.0], [0.0, -1.5]], "b": [0.5, 0],
}  # fmt: skip


def some_run(features=None, classes=3, steps=300, n=120, noise=1.2):
    data = make(DataSpec("blobs", n=n, n_classes=classes, noise=noise))
    points = edited(Source("test", data, held_back(data.y, 0.2)), ())
    config = TrainConfig(GradientDescent(0.1), steps=steps, features=features or Linear())
    return trained(points, (Segment(0, config),))


def test_what_is_saved_can_be_brought_back():
    run = some_run(steps=20)
    text = as_json(run, 7, {"training_rate": "0.1"})
    saved = from_json(text.encode())
    np.testing.assert_array_equal(saved.hand.rows, run.trajectory.thetas[7])
    assert saved.hand.step == 7
    assert saved.settings == {"training_rate": "0.1"}


@pytest.mark.parametrize(
    "change",
    [
        {"format": "x"}, {"version": 2}, {"settings": None}, {"settings": {"lang": "zh"}},
        {"settings": {"training_rate": 0.5}}, {"settings": {"training_rate": "x" * 30_000}},
        {"settings": {f"training_{i}": "1" for i in range(200)}}, {"step": -1}, {"step": 1.5}, {"step": True},
        {"step": None}, {"W": None}, {"W": [[1, 2], [3]]}, {"W": [["1", 2], [3, 4]]}, {"W": [[True, 2], [3, 4]]},
        {"W": [[1e300, 2], [3, 4]]}, {"W": [[10**400, 2], [3, 4]]}, {"b": []}, {"b": [1]}, {"b": {}}, {"W": [1, 2]},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(change):
    with pytest.raises(UnusableFileError) as error:
        from_json(json.dumps(GOOD | change).encode())
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"[" * 100_000, b"NaN", b"[1]", b'"text"', json.dumps(GOOD).replace("0.5, 0", "NaN, 0").encode(),
            b" " * 2_000_000]
)  # fmt: skip
def test_what_is_no_file_of_ours_is_refused(raw):
    with pytest.raises(UnusableFileError):
        from_json(raw)


def test_the_good_file_is_good():
    assert from_json(json.dumps(GOOD).encode()).hand.rows == ((1.0, 2.0), (0.0, -1.5), (0.5, 0.0))


def test_numbers_keep_every_digit_and_names_are_quoted():
    run = some_run(steps=30)
    rows = list(csv.reader(io.StringIO(trajectory_csv(run, ['a,"b"', "=1", "c"], ["x1", "x2"]))))
    assert rows[0][5:8] == ['w[x1, a,"b"]', "w[x1, =1]", "w[x1, c]"]
    table = np.array(rows[1:], dtype=float)
    np.testing.assert_array_equal(table[:, 0], np.arange(31))
    np.testing.assert_array_equal(table[:, 1], run.trajectory.loss)
    np.testing.assert_array_equal(table[:, 3], run.test_loss)
    np.testing.assert_array_equal(table[:, 5:], run.trajectory.thetas.reshape(31, -1))


def film_of(run):
    text = film(run, "en")
    return text, json.loads(re.search(r'id="film">(.*?)</script>', text, re.DOTALL)[1])


def test_a_film_holds_every_step_of_the_run():
    run = some_run(Linear(standardise=True), classes=4)
    _, data = film_of(run)
    assert data["run"] == run.message["run"]
    assert data["feature_map"]["shift"] == run.features.shift.tolist()


def test_a_film_that_would_be_too_large_holds_every_nth_step():
    run = some_run(RadialBasis(8, 0.5), classes=10, n=5000, steps=1500)
    text, data = film_of(run)
    assert len(text.encode()) <= 5_000_000  # 5,000 points with 66 features are 1.8 MB of it
    packed, stride = data["run"], data["run"]["stride"]
    assert stride > 1
    assert packed["steps"] == run.trajectory.steps // stride
    loss = np.frombuffer(base64.b64decode(packed["loss"]), "<f8")
    np.testing.assert_array_equal(loss, run.trajectory.loss[::stride])
    W = np.frombuffer(base64.b64decode(packed["layers"][0]["W"]), "<f4").reshape(packed["steps"] + 1, -1)
    np.testing.assert_array_equal(W, run.trajectory.W[::stride].reshape(len(W), -1).astype(np.float32))


def test_names_in_a_film_are_data():
    data = replace(BLOBS, class_names=("</script><img src=x>", "b", "c"), source=UPLOAD_SOURCE)
    text, read = film_of(run_on(data, TrainConfig(GradientDescent(0.1), steps=5)))
    assert read["names"][0] == "</script><img src=x>"
    assert "<img" not in text
    assert not re.search(r'(src|href)="(?!data:)|url\(|@import', text)


def run_on(data, config):
    points = edited(Source(f"{data.source} {config}", data, held_back(data.y, 0.0)), ())
    return trained(points, (Segment(0, config),))


PLAN = (Segment(0, {}),)
YEARS = make(DataSpec("blobs", n=90, n_classes=3, noise=1.9))
YEARS = Dataset(
    YEARS.X * [10.0, 1e5] + [2000.0, 3e5], YEARS.y, 3, ("year", "price"), ("a", "b", "c"), "year and price"
)
BLOBS = make(DataSpec("blobs", n=90, n_classes=3, noise=1.9))


def printed(text, folder):
    path = folder / "script.py"
    path.write_text(text, encoding="utf-8")
    process = subprocess.run(
        [sys.executable, "-I", "-W", "error", str(path)], capture_output=True, text=True, check=True
    )
    return number(float(process.stdout.split()[-1]), 6)


@pytest.mark.parametrize(
    ("kind", "data", "config"),
    [
        ("sklearn", YEARS, TrainConfig(steps=5)),
        ("sklearn", BLOBS, TrainConfig(steps=5, l2=0.01, class_weights="balanced")),
        ("sklearn", BLOBS, TrainConfig(steps=5, l1=0.02)),
        ("numpy", BLOBS, TrainConfig(Adam(0.1), steps=80, batch_size=16)),
    ],
    ids=["year and price", "l2 and weights", "l1", "batches"],
)
def test_a_script_prints_the_promised_number(kind, data, config, tmp_path):
    run = run_on(data, config)
    assert f"**{printed(written(kind, PLAN, run), tmp_path)}**" in promise(kind, PLAN, run)


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig(Adam(0.1), steps=80, batch_size=16),
        TrainConfig(features=Cubic(standardise=True), steps=30, l2=0.01),
    ],
)
def test_a_notebook_runs_and_ends_at_the_weights_of_the_run(config, tmp_path):
    run = run_on(BLOBS, config)
    book = json.loads(as_notebook(written("numpy", PLAN, run), run))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"]) > 8
    code = "\n\n".join(cell["source"] for cell in book["cells"] if cell["cell_type"] == "code")
    path = tmp_path / "cells.py"
    path.write_text(code, encoding="utf-8")
    process = subprocess.run(
        [sys.executable, "-I", "-W", "error", str(path)], capture_output=True, text=True, check=True
    )
    lines = process.stdout.split("\n")
    assert number(float(lines[0].split()[-1]), 6) == number(float(run.trajectory.loss[-1]), 6)
    assert float(lines[1].split()[-1]) == pytest.approx(run.trajectory.accuracy[-1])
    assert float(lines[2]) < 1e-9


def test_what_cannot_be_promised_is_said():
    fast = run_on(BLOBS, TrainConfig(GradientDescent(50.0), steps=60))
    assert "rounding errors can grow" in promise("numpy", PLAN, fast)
    apart = run_on(make(DataSpec("three_points")), TrainConfig(steps=5))
    assert "No finite weights are best" in promise("sklearn", PLAN, apart)
    assert "standardise the inputs" in promise("sklearn", PLAN, run_on(BLOBS, TrainConfig(steps=5, l1=0.02)))
    far = replace(BLOBS, X=BLOBS.X + np.array([1e5, 0.0]), source="far")
    blurred = run_on(far, TrainConfig(features=Cubic(standardise=False), steps=5))
    assert "rounding blurs it" in promise("sklearn", PLAN, blurred)
    two = (Segment(0, {}), Segment(3, {}))
    assert "not part of a script" in promise("torch", two, apart)


@dataclass(frozen=True)
class Somebodys(GradientDescent):
    """An optimiser that somebody registered."""


def code_panel(kind, run):
    """The panel of the page as a script of its own, which knows no name of this file."""
    import streamlit as st

    from softmax_core.training import Segment
    from ui.training.export import takeaway

    st.session_state.setdefault("training_code", kind)
    takeaway((Segment(0, {}),), run, 0)


def somebodys():
    return run_on(BLOBS, TrainConfig(Somebodys(), steps=5))


def of_one_class():
    data = Dataset([[0.0, 1.0], [1.0, 0.0]], [1, 1], 2, ("u", "v"), ("a", "b"), "one class")
    return run_on(data, TrainConfig(steps=5))


@pytest.mark.parametrize(
    ("kind", "run", "sentence"),
    [
        ("numpy", somebodys, "There is no NumPy script for Somebodys"),
        ("torch", somebodys, "There is no PyTorch script for Somebodys"),
        ("sklearn", of_one_class, "scikit-learn needs points of at least two classes."),
    ],
)
def test_a_script_that_cannot_be_written_gets_a_sentence(kind, run, sentence):
    app = AppTest.from_function(code_panel, kwargs={"kind": kind, "run": run()}, default_timeout=60).run()
    assert not app.exception
    assert [info.value for info in app.info if sentence in info.value]
    assert not app.code


@pytest.mark.parametrize("form", ["code", "film", "numbers", "run"])
def test_a_file_is_made_before_it_is_offered(form):
    """What Streamlit would make at the click is lost when the page runs again in between."""
    app = AppTest.from_file(str(Path(__file__).parents[3] / "pages" / "training.py"), default_timeout=60)
    app.query_params["training_panel"] = "takeaway"
    app.query_params["training_form"] = form
    app.query_params["training_data"] = "three_points"
    app.query_params["training_steps"] = "10"
    app.run()
    assert not app.exception
    buttons = [element.proto for element in app.get("download_button")]
    assert len(buttons) == (3 if form == "code" else 2)  # the points and the form; code has a notebook too
    for button in buttons:
        assert button.url
        assert not button.deferred_file_id
        assert not button.disabled


def test_a_file_of_numbers_opens_in_excel_in_chinese_too(speak):
    speak("zh")
    run = some_run()
    data = export._csv("a revision", "zh", ("猫", "狗", "鸟"), ("x1", "x2"), run)
    assert data.startswith(codecs.BOM_UTF8)
    head = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert head[:3] == ["步数", "损失", "准确率"]
    assert "b[猫]" in head
