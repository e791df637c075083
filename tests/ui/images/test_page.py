"""What the Images page says of its data: folders, downloads, faults, in both languages."""

import gzip
import re
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.images import digits
from softmax_core.images.image_set import SENTENCES, FileError
from softmax_core.optimizers import Adam
from softmax_core.training import EpochConfig, first_epoch, minibatches, train_epochs
from ui.images import data as images_data
from ui.images import downloads as images_files
from ui.images.data import download_sentence, sentence
from ui.images.downloads import OFFERS, PARTS, TEST, DownloadError, Fetching, load
from ui.images.panels import measure
from ui.images.runs import STANDARD, Part, read_run, run_text
from ui.images.training import standard_history

PAGE = Path(__file__).parents[3] / "pages" / "images.py"


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype(np.uint8).tobytes()


def put(folder: Path, parts: tuple[str, ...], n: int = 50) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for part in parts:
        array = rng.integers(0, 256, (n, 28, 28)) if "images" in part else np.arange(n) % 10
        (folder / f"{part}.gz").write_bytes(gzip.compress(idx(array)))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SOFTMAX_LAB_DATA", str(tmp_path / "named"))
    monkeypatch.setattr(images_files, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "named"


def opened(language: str = "en", **query: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    for key, value in {"lang": language, **query}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.caption, app.markdown, app.error) for element in kind)


def button(app: AppTest, key: str):
    return next((button for button in app.button if button.key == key), None)


def test_the_digits_need_nothing(folder):
    app = opened()
    assert "1,438 images to train on, 359 held back for testing, 8 × 8 pixels." in said(app)
    assert button(app, "images_download") is None


def test_missing_files_are_offered_and_the_digits_stay(folder):
    app = opened(images_data="fashion")
    assert "SOFTMAX_LAB_DATA" in said(app)
    assert "Until then the page shows Digits 8 × 8." in said(app)
    assert button(app, "images_download").label == "Download 31 MB"


def test_a_download_that_finds_nobody_or_no_room_is_said_and_the_digits_stay(folder, monkeypatch):
    fetching = Fetching(replace(OFFERS["fashion"], mirrors=("http://127.0.0.1:9/",)))
    monkeypatch.setattr(images_data, "_fetching", lambda _name: fetching)
    app = opened(images_data="fashion")

    def pressed() -> str:
        button(app, "images_download").click().run()
        while fetching.running:
            time.sleep(0.01)
        app.run()
        assert not app.exception
        assert "Until then the page shows Digits 8 × 8." in said(app)
        return app.error[0].value

    assert pressed().startswith("The server cannot be reached: http://127.0.0.1:9/train")
    cache = folder.parent / "file"
    cache.write_text("no folder")
    monkeypatch.setattr(images_files, "cache_folder", lambda: cache)
    text = pressed()
    assert text.startswith(
        f"The folder {cache / 'fashion-mnist'} cannot be written to. Nothing was kept of it"
    )


def test_the_test_files_alone_are_split_and_the_page_says_so(folder):
    put(folder / "mnist", TEST)
    app = opened(images_data="mnist")
    assert (
        "Only the test files were found: they are split, 40 images to train on and 10 to test on, 28 × 28 pixels."
        in said(app)
    )
    assert button(app, "images_download").label == "Download all (12 MB)"


def test_all_four_files(folder):
    put(folder / "fashion-mnist", PARTS)
    app = opened("zh", images_data="fashion")
    assert "50 张训练图像，50 张测试图像，28 × 28 像素。" in said(app)
    assert button(app, "images_download") is None


def test_the_ten_classes_of_fashion_mnist_in_both_languages(folder, speak):
    put(folder / "fashion-mnist", PARTS)
    data = load("fashion")
    english = images_data.class_names(data)
    speak("zh")
    chinese = images_data.class_names(data)
    assert (english[3], chinese[3], len(english)) == ("Dress", "连衣裙", 10)
    assert all(one.isascii() and not other[-1].isascii() for one, other in zip(english, chinese, strict=True))


def test_a_damaged_file_is_named_and_the_data_before_it_stays(folder):
    put(folder, TEST)
    path = folder / f"{TEST[0]}.gz"
    path.write_bytes(path.read_bytes()[:-100])
    app = opened(images_data="mnist")
    assert str(path) in app.error[0].value
    assert "damaged" in app.error[0].value
    assert "Until then the page shows Digits 8 × 8." in said(app)


def test_training_through_the_page(folder):
    app = opened(images_epochs="3", images_run="0", images_challenge_open="draw")
    assert button(app, "images_continue") is None
    button(app, "images_train").click().run()
    deadline = time.monotonic() + 30
    while button(app, "images_train") is None and time.monotonic() < deadline:
        time.sleep(0.05)
        app.run()
    assert button(app, "images_train").label == "Train from the start", "the settings only repeat the run"
    assert button(app, "images_continue").label == "3 more epochs"
    assert any(text.startswith("Epoch 3: **") for text in (element.value for element in app.markdown))
    assert not app.exception


PANELS = ["draw", "data", "curves", "mistakes", "image", "sets", "code"]


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_panel_before_training(folder, panel, language):
    opened(language, images_panel=panel, images_run="0")


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_panel_after_training(folder, panel, language):
    opened(language, images_panel=panel, images_challenge_open="draw")


def test_no_panel_gives_the_accuracy_away_before_the_guess(folder):
    right = f"{100 * standard_history()[-1].test_accuracy:.1f} %"
    for task, panel in [
        *(("middle", panel) for panel in PANELS),
        ("accuracy", "curves"),
    ]:
        app = opened(images_panel=panel, images_challenge_open=task)
        html = " ".join(element.proto.body for element in app.get("html"))
        assert right not in said(app) + html, panel
    for task in ("shift", "draw"):  # a question that was passed over locks nothing
        app = opened(images_panel="curves", images_challenge_open=task)
        assert right in said(app) + " ".join(element.proto.body for element in app.get("html")), task


def test_the_same_picture_in_all_templates_moves_no_probability(folder):
    def columns(**query: str) -> list[tuple[float, float]]:
        app = opened(images_panel="image", images_challenge_open="draw", **query)
        (body,) = (
            element.proto.body for element in app.get("html") if '<div class="lab-table' in element.proto.body
        )
        rows = re.findall(r"<td[^>]*>([^<]*)</td><td[^>]*>([^<]*)</td></tr>", body)
        return [(float(z.replace("−", "-")), float(p.replace("−", "-"))) for z, p in rows]

    before, after = columns(), columns(images_same="true")
    steps = [z1 - z0 for (z0, _), (z1, _) in zip(before, after, strict=True)]
    assert len(steps) == 10
    assert min(steps) > 1
    assert max(steps) - min(steps) < 0.0021
    assert [p for _, p in before] == [p for _, p in after]


def test_the_digits_are_trained_on_arrival_once_for_all(folder):
    runs = [opened().session_state["_images_job"].progress().history for _visitor in range(2)]
    assert len(runs[0]) == 21
    assert runs[0][-1] is runs[1][-1]
    data = digits()
    again = islice(
        train_epochs(data.train, data.test, STANDARD.config, first_epoch(data.train, data.test, 10)), 20
    )
    np.testing.assert_array_equal(list(again)[-1].theta, runs[0][-1].theta)


def test_a_link_trains_what_it_names(folder):
    text = "momentum_0.1_0.9_256_0_0_3-sgd_0.5_0_32_0.001_7_2"
    app = opened(images_run=text, images_epoch="4")
    job = app.session_state["_images_job"]
    deadline = time.monotonic() + 30
    while job.progress().running and time.monotonic() < deadline:
        time.sleep(0.02)
    progress = job.progress()
    assert run_text(progress.parts) == text
    data = digits()
    last = first_epoch(data.train, data.test, 10)
    for part in read_run(text):
        last = list(islice(train_epochs(data.train, data.test, part.config, last), part.epochs))[-1]
    np.testing.assert_array_equal(progress.history[-1].theta, last.theta)
    assert app.session_state["_images_place"].told == 4
    assert not app.session_state["_link"].notes


def test_a_link_of_settings_alone_trains_with_them(folder):
    app = opened(images_optimizer="adam", images_rate="0.01", images_epochs="3", images_challenge_open="draw")
    (part,) = app.session_state["_images_job"].progress().parts
    assert part == Part(EpochConfig(Adam(0.01), 256), 3)


@pytest.mark.parametrize(
    "query",
    [
        {"images_run": "<b>"},
        {"images_run": "momentum_nan_0.9_256_0_0_20"},
        {"images_run": "adam_0.1_0_256_0_0_5-" * 30},
        {"images_epoch": "-1"},
        {"images_epoch": "9" * 100},
        {"images_pad_drawing": "<script>"},
        {"images_pad_drawing": "A" * 4000},
        {"images_pad_why": "11"},
        {"images_pad_centred": "perhaps"},
    ],
)
def test_what_a_link_cannot_mean_is_noted(folder, query):
    app = opened(**query)
    assert app.session_state["_link"].notes
    assert app.session_state["_images_job"].progress().done == 20


@pytest.mark.parametrize("side", ["samples", "means", "counts", "speed"])
def test_every_side_of_the_data(folder, side):
    app = opened(images_look=side)  # without the panel, as in links from when it was the first
    assert "CC BY 4.0" in said(app)
    assert not opened(images_look=side, images_panel="curves").session_state["_link"].notes


def test_hostile_settings_fall_back(folder):
    app = opened(
        images_data="<script>",
        images_rate="1e400",
        images_epochs="-3",
        images_image="x",
        images_panel="image",
    )
    assert button(app, "images_continue").label == "1 more epoch"
    assert "1,438" in said(app)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("reason", sorted(SENTENCES))
def test_every_fault_has_a_sentence_in_every_language(reason, language, speak):
    speak(language)
    names = ("name", "limit", "head", "code", "axes", "received", "shape", "wanted", "dtype", "height", "width",
             "count", "images", "labels", "label", "train", "test", "line", "pixels", "kind", "columns", "side", "first", "second", "most", "ratio")  # fmt: skip
    error = FileError(reason, **dict.fromkeys(names, 7))
    text = sentence(error)
    plain = text.replace("`", "")  # names are shown as code
    assert plain == str(error) if language == "en" else plain.endswith(("。", "？"))


@pytest.mark.parametrize("reason", ["status", "slow", "unreachable", "cut", "checksum", "disk"])
def test_every_failed_download_has_a_sentence(reason):
    text = download_sentence(DownloadError(reason, url="URL", status=404, seconds="20", folder="FOLDER"))
    assert "URL" in text or "FOLDER" in text


def test_a_set_of_70000_images_costs_at_most_60_mb():
    """As many bytes as the files have: nothing is converted when it is read."""
    assert (60_000 + 10_000) * (784 + 1) <= 60e6
    data = digits()
    for part in (data.train, data.test):
        assert part.pixels.dtype == np.uint8
        assert part.pixels.nbytes + part.labels.nbytes == len(part) * 65
    X, _y = next(minibatches(data.train, 256, np.random.default_rng(0)))
    assert X.dtype == np.float32
    assert X.shape == (256, 64)


def test_one_copy_serves_all_visitors(folder):
    put(folder, TEST)
    seen = []
    for _visitor in range(2):
        app = opened(images_data="mnist")
        seen.append(app.session_state["_images_last"])
    assert seen[0] is seen[1]


def test_reading_and_training_are_timed():
    reading, training = measure(digits().train, 10, 64, seconds=0.05)
    assert 10 < training < 1e7
    assert 10 < reading < 1e7
    assert measure(digits().train, 10, 5000, seconds=0.01)[0] > 0


def test_the_offers_name_ten_classes():
    for offer in OFFERS.values():
        assert len(offer.class_names) == 10


def csv_of(which: slice, labels: bool = True) -> bytes:
    """Digits of 16 levels, labels last, separated by semicolons."""
    train = digits().train
    rows = zip(train.pixels[which].astype(int), train.labels[which], strict=True)
    return "\n".join(
        ";".join(map(str, [*image.ravel(), label] if labels else image.ravel())) for image, label in rows
    ).encode()


def uploaded(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(name, content, "text/csv") for name, content in files]).run()
    assert not app.exception, app.exception
    return app


def test_what_the_values_of_a_csv_tell_is_said(folder):
    app = uploaded(opened(images_data="own"), ("digits.csv", csv_of(slice(100))))
    assert "80 images to train on, 20 held back for testing, 8 × 8 pixels." in said(app)
    assert (
        "The last column holds the labels; its values say so. Pixel values run from 0 for paper to 16 for full ink."
        in said(app)
    )
    assert app.session_state["_images_last"].train.white == 16


def test_two_csvs_are_for_training_and_testing(folder):
    app = opened("zh", images_data="own")
    uploaded(app, ("mnist_test.csv", csv_of(slice(60, 100))), ("mnist_train.csv", csv_of(slice(60))))
    assert "60 张训练图像，40 张测试图像，8 × 8 像素。" in said(app)
    assert "从文件名看，`mnist_test.csv` 用于测试。" in said(app)


def test_two_csvs_that_nothing_tells_apart_are_asked_about(folder):
    app = opened(images_data="own")
    uploaded(app, ("*a*.csv", csv_of(slice(50))), ("b`.csv", csv_of(slice(50, 100))))
    assert (
        app.radio[0].label == "Two CSVs of the same length, `*a*.csv` and `b'.csv`: which one is for testing?"
    )
    assert "Until then the page shows Digits 8 × 8." in said(app)
    for answer, first in (("b`.csv", 0), ("*a*.csv", 50)):
        app.radio[0].set_value(answer).run()
        assert "50 images to train on, 50 to test on, 8 × 8 pixels." in said(app)
        data = app.session_state["_images_last"]
        np.testing.assert_array_equal(data.train.pixels, digits().train.pixels[first : first + 50])
        app.run()
        assert app.session_state["_images_last"] is data, "the same answer begins no new training"


def test_the_file_at_fault_is_named_and_the_data_before_it_stay(folder):
    app = uploaded(opened(images_data="own"), ("good.csv", csv_of(slice(100))))
    uploaded(app, ("train.csv", csv_of(slice(60))), ("_test_.csv", csv_of(slice(60, 100), labels=False)))
    assert app.error[0].value == (
        "`_test_.csv`: The CSV has 64 columns of pixels, a picture of 8 by 8, and no column of labels."
    )
    assert "80 images to train on, 20 held back for testing" in said(app)


def test_two_files_of_the_same_name_are_two_files(folder):
    app = opened(images_data="own")
    uploaded(app, ("a.csv", csv_of(slice(60))), ("a.csv", csv_of(slice(60, 100))))
    assert "60 images to train on, 40 to test on, 8 × 8 pixels." in said(app)
    assert "The file `2 a.csv` is for testing, because it is the smaller one." in said(app)
