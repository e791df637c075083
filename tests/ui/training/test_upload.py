"""Own data: what a table must be, what is said of a bad one, and that a download comes back bit for bit."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from instruments.training_stage.edits import Add, Erase, Gesture, Move
from softmax_core.datasets import DataSpec, held_back, make
from softmax_core.training import TrainConfig, train
from ui.frame import kept, share
from ui.frame.network import Host
from ui.training.edits import edited
from ui.training.points import Source
from ui.training.session import Session
from ui.training.table import read_table, write_points
from ui.training.upload import as_csv, brought_back, sentence, sentences, uploaded_data
from ui.widgets.cells import TableError

PAGE = Path(__file__).parents[3] / "pages" / "training.py"
GOOD = "height\tweight\tkind\n1\t2\tcat\n2,5\t1\tdog\n3\t4\tcat\n4\t3\tdog\n".replace(",", ".")


def run_of(points: Any) -> Any:
    return train(points.train, TrainConfig(steps=50))


@pytest.mark.parametrize(
    "gestures",
    [
        [],
        [Add(1, ((1 / 3, 0.1), (-0.7, 1e-9))), Move(5, (0.3, 0.1 + 0.2)), Erase((1, 2, 40))],
        [Erase(tuple(range(0, 60, 3)))],
    ],
)
@pytest.mark.parametrize("spec", [DataSpec(n=60), DataSpec("iris"), DataSpec("spirals", n=60, n_classes=10)])
def test_a_download_comes_back_as_the_same_run(spec: DataSpec, gestures: list[Gesture]) -> None:
    data = make(spec)
    box = Source("s", data, held_back(data.y, 0.2)).box
    centre = ((box[0] + box[1]) / 2, (box[2] + box[3]) / 2)

    def near(gesture: Gesture) -> Gesture:
        if isinstance(gesture, Add):
            return Add(gesture.label, tuple((x + centre[0], y + centre[1]) for x, y in gesture.places))
        if isinstance(gesture, Move):
            return Move(gesture.point, (gesture.place[0] + centre[0], gesture.place[1] + centre[1]))
        return gesture

    before = edited(Source("s", data, held_back(data.y, 0.2)), [near(gesture) for gesture in gestures])
    table = read_table(as_csv(before, data.class_names, data.feature_names).encode())
    columns = (table.columns[0], table.columns[1], table.columns[2])
    upload = uploaded_data(table.dataset(*columns), table.sides(*columns))
    assert upload.is_test is not None
    after = edited(Source(upload.name, upload.data, upload.is_test, shared=False), [])
    np.testing.assert_array_equal(after.X, before.X)
    np.testing.assert_array_equal(after.y, before.y)
    np.testing.assert_array_equal(after.is_test, before.is_test)
    assert after.train.class_names == before.train.class_names
    one, other = run_of(before), run_of(after)
    for name in ("W", "b", "grad_W", "grad_b", "loss", "accuracy"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


def test_a_class_that_lost_its_points_is_still_a_class() -> None:
    data = make(DataSpec(n=30))
    gone = tuple(np.flatnonzero(data.y == 1).tolist())
    points = edited(Source("s", data, held_back(data.y, 0.2)), [Erase(gone)])
    table = read_table(as_csv(points, data.class_names, data.feature_names))
    assert table.dataset("x1", "x2", "class").n_classes == 3


def test_rows_that_are_left_out_take_their_side_along() -> None:
    table = read_table("x,y,class,part\n1,2,a,test\n,2,a,test\n3,4,b,train\n5,6,a,train\n")
    assert table.part_column == "part"
    is_test = table.sides("x", "y", "class")
    assert is_test is not None
    assert is_test.tolist() == [True, False, False]


@pytest.mark.parametrize("values", ["test,test", "train,maybe", "1,2"])
def test_another_column_called_part_is_no_split(values: str) -> None:
    first, second = values.split(",")
    table = read_table(f"x,y,class,part\n1,2,a,{first}\n3,4,b,{second}\n")
    assert table.part_column is None


def test_every_fault_has_a_sentence_in_which_names_are_data() -> None:
    fields = dict.fromkeys(
        ("row", "column", "value", "count", "size", "limit", "byte", "character", "received", "expected", "columns",
         "least", "most", "grouped", "decimal"), "**<b>x</b>**",
    ) | {"place": 3}  # fmt: skip
    for code in sentences():
        text = sentence(TableError(code, **fields))
        assert "<b>" not in text, code
        assert "**" not in text, code
        assert "{" not in text, code


def shared(app: AppTest, *, own: bool) -> dict[str, Any]:
    """What the dialog of Share answers on a page with own points."""
    ask = share.Ask(1, "http://lab.test/training?training_data=own&training_rate=0.5", own=own)
    return share.answered(ask, app.session_state["_link"].offers, Host())


def table_of(points: int) -> str:
    numbers = np.round(np.random.default_rng(0).normal(5, 1, (points, 2)), 1)
    rows = (f"{x},{y},{('setosa', 'other')[i % 2]}" for i, (x, y) in enumerate(numbers))
    return "\n".join(["length,width,kind", *rows, ""])


def test_own_points_go_with_a_link_only_if_the_learner_says_so() -> None:
    app = pasted(opened(), table_of(150))
    assert (
        shared(app, own=False)["link"] == "http://lab.test/training?v=1&training_data=own&training_rate=0.5"
    )
    answer = shared(app, own=True)
    assert "150" in answer["own"]
    assert len(answer["link"]) < share.LONGEST_LINK
    assert not answer["notes"]
    query = dict(parse_qsl(urlsplit(answer["link"]).query))
    reader = AppTest.from_file(str(PAGE), default_timeout=120)
    for key, value in query.items():
        reader.query_params[key] = value
    reader.run()
    assert not reader.exception
    there, here = (one.session_state["training"].mounted.run for one in (app, reader))
    assert here.train.X.tobytes() == there.train.X.tobytes()
    assert here.train.y.tobytes() == there.train.y.tobytes()
    assert here.test.X.tobytes() == there.test.X.tobytes()
    assert here.data.class_names == there.data.class_names
    # The address only names them.
    assert kept.is_name(reader.session_state["_link"].published["training_own"])
    assert reader.text_area[0].value.startswith("length,width,class,part\n")


def kept_by_browser(app: AppTest) -> tuple[str, str]:
    """The name in the address of the learner's table, and its text."""
    name, text = app.session_state["_kept"].things["training_own"]
    assert app.session_state["_link"].published["training_own"] == name
    return name, text


def test_the_browser_keeps_own_data_and_a_reload_brings_them_back() -> None:
    app = pasted(opened(), table_of(150).replace("length,width", "height,=weight"))
    name, text = kept_by_browser(app)
    app.session_state["training"] = Session()  # as in a new session that has been answered
    app.session_state["training_paste"] = ""
    link = app.session_state["_link"]
    link.raw, link.consulted = {"training_data": ["own"], "training_own": [name]}, {}
    app.session_state["_kept"].found["training_own", name] = text
    app.session_state["_kept"].taken.add(name)
    run = app.run().session_state["training"].mounted.run
    assert not app.exception
    assert not app.text_area[0].value  # five thousand rows would travel with every click
    assert run.data.feature_names == ("height", "=weight")
    assert (run.train.y.size, run.test.y.size) == (120, 30)
    assert kept_by_browser(app) == (name, text)
    # Another data set has another address; the table is still asked for when it is wanted again.
    app.session_state["training_data"] = "blobs"
    assert app.run().session_state["_link"].published["training_own"] is None


def test_own_data_are_asked_for_where_the_address_names_none() -> None:
    app = opened()
    assert app.session_state["_kept"].asked == {"training_own": ""}
    app.session_state["_kept"].found["training_own", ""] = "x,y,class\n1,2,a\n3,1,b\n2,2,a\n"
    assert app.run().session_state["training"].uploaded.data.class_names == ("a", "b")


@pytest.mark.parametrize(
    "text", ["", "x,y\n1,2\n3,4\n", "<b>no table", "x,y,class\n1,nan,a\n2,1,b\n", "x\n" * 9]
)
def test_a_kept_table_that_was_changed_by_hand_is_no_data(text: str) -> None:
    app = opened()
    app.session_state["_kept"].found["training_own", ""] = text
    assert not app.run().exception
    assert app.session_state["training"].uploaded is None


@pytest.mark.parametrize(
    "spec", [DataSpec(n=60, n_classes=3), DataSpec("iris"), DataSpec("spirals", n=60, n_classes=10)]
)
def test_a_kept_table_is_the_same_data_set(spec: DataSpec) -> None:
    data = make(spec)
    for is_test in (None, held_back(data.y, 0.2)):
        before = uploaded_data(data, is_test)
        after = brought_back(write_points(before.data, before.is_test))
        assert after.name == before.name


@pytest.mark.parametrize("points", [600, 4000])
def test_too_many_own_points_for_a_link_are_offered_as_a_file(points: int) -> None:
    app = pasted(opened(), table_of(points))
    answer = shared(app, own=True)
    # Up to some hundreds travel in the file of the dialog; more as a table.
    assert ("CSV" in answer["notes"][0]) == (points > 600)
    assert (answer["file"] is None) == (points > 600)
    assert answer["link"] == shared(app, own=False)["link"]
    assert shared(app, own=False)["file"] is None


def test_a_link_with_a_table_that_cannot_be_read_says_so() -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.query_params["training_data"] = "own"
    app.query_params["training_own"] = "<b>no table"
    app.run()
    assert not app.exception
    assert "own data" in app.session_state["_link"].notes[0]
    assert not app.text_area[0].value


def test_a_bad_byte_is_placed_by_line() -> None:
    with pytest.raises(TableError) as caught:
        read_table(b"x,y,c\n1,2,\xff\xff\n")
    assert sentence(caught.value).startswith("Line 2, place 5")


def opened() -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.query_params["training_data"] = "own"
    return app.run()


def pasted(app: AppTest, text: str) -> AppTest:
    app.text_area(key="training_paste").set_value(text).run()
    assert not app.exception
    return app


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def test_a_paste_is_used_and_previewed() -> None:
    app = pasted(opened(), GOOD)
    assert not app.error
    assert "4 points: cat (2), dog (2)" in captions(app)
    assert app.session_state["training"].uploaded.data.feature_names == ("height", "weight")


@pytest.mark.parametrize(
    ("text", "sentence_part"),
    [
        ("hello", "does not belong to a table"),
        ("a,b\nx,y\nz,w\n", "No column holds numbers"),
        (GOOD + "1\t2\n", "Line 6: the number of cells is 2, but 3 in"),
        (GOOD.replace("dog", "cat"), "at least 2"),
        ("x\ty\tc\n" + "".join(f"{i}\t{i}\tc{i}\n" for i in range(11)), "at most 10"),
        ("x\ty\tc\n" + "1\t2\ta\n3\t4\tb\n" * 2501, "5002 rows"),
        (GOOD.replace("4\tcat", "inf\tcat"), "Line 4, column weight"),
    ],
)
def test_a_bad_table_is_explained_and_the_one_before_stays(text: str, sentence_part: str) -> None:
    app = pasted(opened(), GOOD)
    before = app.session_state["training"].uploaded.name
    pasted(app, text)
    assert sentence_part.replace("-", "\\-") in app.error[0].value
    assert "stays on the stage" in captions(app)
    assert app.session_state["training"].uploaded.name == before


def test_bad_rows_can_be_left_out() -> None:
    app = pasted(opened(), GOOD + "\t5\tcat\n6\tNaN\tdog\n")
    assert "Rows that cannot be used: 2" in app.error[0].value
    drop = next(toggle for toggle in app.toggle if toggle.key == "training_drop")
    assert drop.label.endswith("(2)")
    assert "Lines that cannot be used: 6, 7" in captions(app)
    drop.set_value(True).run()
    assert not app.error
    assert app.session_state["training"].uploaded.data.y.size == 4


def test_a_file_is_read_like_a_paste() -> None:
    app = opened()
    app.file_uploader(key="training_file").upload("points.csv", GOOD.encode("utf-16")).run()
    assert not app.exception
    assert app.session_state["training"].uploaded.data.y.size == 4


def test_hostile_names_are_shown_letter_by_letter() -> None:
    app = pasted(
        opened(), "<img src=x onerror=alert(1)>\t**y**\tclass\n1\t2\t<b>a</b>\n3\t4\t[b](javascript:x)\n"
    )
    assert not app.error
    bodies = [element.proto.body for element in app.get("html")]
    assert not any("<img" in body for body in bodies)
    assert not any("<b>a</b>" in body for body in bodies)
    assert "[b](javascript" not in captions(app)


def test_no_uploaded_data_yet_keeps_what_was_there() -> None:
    app = opened()
    assert not app.exception
    assert app.session_state["training"].uploaded is None


def test_a_western_file_says_how_it_was_read() -> None:
    app = opened()
    text = "Länge;Größe;Art\r\n1,5;2,0;weiß\r\n2,5;1,0;grün\r\n3,5;2,5;weiß\r\n"
    app.file_uploader(key="training_file").upload("points.csv", text.encode("cp1252")).run()
    assert not app.exception
    assert not app.error
    assert "read as Windows-1252" in captions(app)
    assert app.session_state["training"].uploaded.data.class_names == ("grün", "weiß")


def test_a_column_that_numbers_the_rows_is_no_axis_by_itself() -> None:
    app = pasted(opened(), ",x,y,kind\n0,1.5,2,a\n1,3,4.5,b\n2,2,1,a\n")
    assert not app.error
    assert app.session_state["training"].uploaded.data.feature_names == ("x", "y")
    across = app.selectbox(key="training_column_x")
    assert across.options == ["x", "y", "column 1"]
    assert "The column “column 1” numbers the rows" in captions(app)
    across.set_value("column 1").run()
    assert app.session_state["training"].uploaded.data.feature_names == ("column 1", "y")


def test_a_browser_that_passed_over_the_default_still_answers_it() -> None:
    app = pasted(opened(), "a,b,c,kind\n1,2,7,u\n3,5,1,v\n2,1,3,u\n")
    for key in ("training_column_x", "training_column_y", "training_column_class"):
        assert app.selectbox(key=key).index == 0, key
        app.selectbox(key=key).select_index(0).run()
        assert not app.error
    assert app.session_state["training"].uploaded.data.feature_names == ("a", "b")


def test_the_two_axes_never_hold_the_same_column() -> None:
    app = pasted(opened(), "a,b,c,kind\n1,2,7,u\n3,5,1,v\n2,1,3,u\n")
    app.selectbox(key="training_column_x").set_value("b").run()
    assert not app.error
    assert app.selectbox(key="training_column_y").options == ["a", "c"]
    assert app.session_state["training"].uploaded.data.feature_names == ("b", "a")
    # Another table keeps what was chosen upwards and has no such column across.
    pasted(app, "a,d,kind\n1,2,u\n3,5,v\n")
    assert not app.error
    assert app.session_state["training"].uploaded.data.feature_names == ("a", "d")


def test_one_measurement_beside_an_index_is_a_question() -> None:
    app = pasted(opened(), ",x,kind\n0,1.5,0\n1,3,1\n2,2,0\n")
    assert not app.error
    assert app.session_state["training"].uploaded is None
    assert "Choose the two columns" in app.info[0].value
    app.selectbox(key="training_column_y").set_value("column 1").run()
    assert app.session_state["training"].uploaded.data.feature_names == ("x", "column 1")


def test_thousands_or_decimals_is_a_question() -> None:
    app = pasted(opened(), "x\ty\tkind\n1,234\t2\ta\n2,345\t3\tb\n")
    assert "Line 2, column x: 1,234 can be 1234 or 1\\.234" in app.error[0].value
    mark = next(group for group in app.button_group if group.key == "training_decimal")
    mark.set_value(",").run()
    assert not app.error
    assert app.session_state["training"].uploaded.data.X[:, 0].tolist() == [1.234, 2.345]


def test_a_first_line_of_numbers_can_be_a_point() -> None:
    app = pasted(opened(), "0\t1\t2\n0.5\t1.5\t1\n1.5\t0.5\t2\n2.5\t0.5\t1\n")
    assert app.session_state["training"].uploaded.data.y.size == 3
    names = next(toggle for toggle in app.toggle if toggle.key == "training_names")
    names.set_value(False).run()
    assert app.session_state["training"].uploaded.data.y.size == 4


def test_a_first_line_that_counts_is_said_to_be_no_point() -> None:
    for head, said in (("4,2,low,mid,high\n", True), ("", False)):
        app = pasted(opened(), f"{head}-0.5,1.5,1,0,0\n1.5,0.5,1,0,1\n0.5,-0.5,1,1,2\n2,2,1,1,0\n")
        captions = [element.value for element in app.caption]
        assert ("The first line counts the rows and columns; it is no point." in captions) is said
