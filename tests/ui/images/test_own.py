"""A learner's own images, as the browser keeps them."""

import base64
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.images import ImageData, digits
from softmax_core.images.image_set import Images
from softmax_core.training import first_epoch, train_epochs
from ui.frame import kept
from ui.images import own
from ui.images.data import PARAMETER
from ui.images.runs import STANDARD

PAGE = Path(__file__).parents[3] / "pages" / "images.py"


def images(n: int, pixels: Any = np.uint8, side: int = 8) -> Images:
    rng = np.random.default_rng(n)
    return Images(rng.integers(0, 256, (n, side, side)).astype(pixels), (np.arange(n) % 3).astype(np.uint8))


def test_kept_images_are_the_same_and_train_the_same() -> None:
    data = digits()
    text = own.as_text(data)
    assert text is not None
    back = own.from_text(text)
    assert back.train.rows.tobytes() == data.train.rows.tobytes()
    assert back.test.rows.tobytes() == data.test.rows.tobytes()
    assert back.train.white == data.train.white
    assert own.as_text(back) == text
    epochs = [
        next(
            train_epochs(
                one.train, one.test, STANDARD.config, first_epoch(one.train, one.test, one.n_classes)
            )
        )
        for one in (data, back)
    ]
    assert epochs[0].W.tobytes() == epochs[1].W.tobytes()


@pytest.mark.parametrize("part", [images(20, np.float32), images(30_000), images(10_000, side=64)])
def test_what_a_browser_cannot_keep_is_no_text(part: Images) -> None:
    assert own.as_text(ImageData("own", part, part, ("0", "1", "2"), "uploaded")) is None


def bomb() -> str:
    head = bytes([0, 0, 8, 3]) + b"".join(n.to_bytes(4, "big") for n in (30_000, 28, 28))
    return base64.b64encode(gzip.compress(head + bytes(30_000 * 784))).decode()


@pytest.mark.parametrize(
    "text",
    ["", "a", "a\nb\nc\nd", "....\n" * 3, "\n" * 3, "QUJD\nQUJD\nQUJD\nQUJD", f"{bomb()}\nAA==\nAA==\nAA=="],
)
def test_a_changed_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        own.from_text(text)


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    for key, value in {"images_data": "own", **query}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def answered(app: AppTest, asked: str, text: str | None) -> AppTest:
    memory = app.session_state["_kept"]
    memory.asked.clear()
    if text is not None:
        memory.found[PARAMETER, asked] = text
    app.run()
    assert not app.exception
    return app


def test_a_reload_brings_back_images_and_what_was_trained_on_them() -> None:
    part = images(60)
    text = own.as_text(ImageData("own", part, part, ("0", "1", "2"), "uploaded"))
    assert text is not None
    name = kept.name_of(text)
    app = answered(opened(images_own=name, images_run="adam_0.01_0_8_0_3_2"), name, text)
    job = app.session_state["_images_job"]
    assert job.data.train.rows.tobytes() == part.rows.tobytes()
    assert [(part.config.seed, part.epochs) for part in job.progress().parts] == [(3, 2)]
    assert app.session_state["_kept"].things[PARAMETER] == (name, text)
    assert app.session_state["_link"].published[PARAMETER] == name


def test_images_that_are_asked_for_without_a_name_and_another_browser() -> None:
    part = images(60)
    text = own.as_text(ImageData("own", part, part, ("0", "1", "2"), "uploaded"))
    app = opened()
    assert app.session_state["_kept"].asked == {PARAMETER: ""}
    assert answered(app, "", text).session_state["_images_job"].data.name == "own"
    app = answered(opened(images_own=kept.name_of("other")), "", None)
    assert "The link only names own images" in app.session_state["_link"].notes[0]
    assert not answered(opened(), "", "forged").session_state["_link"].published[PARAMETER]
