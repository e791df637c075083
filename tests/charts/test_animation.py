"""The film as data: places, regions and pictures are read back and compared with what went in."""

import base64
import html.parser
import json
import zlib

import numpy as np
import pytest

from charts import style
from charts.animation import FULL, Movie, animation_html, png

WORDS = {
    "title": "t", "play": "Play", "pause": "Pause", "scrub": "s", "plane": "p", "readout": "{step} {loss} {accuracy}",
}  # fmt: skip
BOX = (0.0, 4.0, 10.0, 12.0)
LEFT, RIGHT = [[0, 10], [1, 10], [1, 12], [0, 12]], [[1, 10], [4, 10], [4, 12], [1, 12]]


def film(**changes):
    told = {
        "box": BOX, "X": [[0, 12], [4, 10], [1, 11]], "y": [0, 1, 1], "steps": [0, 7], "loss": [1.5, 0.25],
        "accuracy": [0.5, 1.0], "regions": [[LEFT, RIGHT], [np.empty((0, 2)), RIGHT]], "names": ["a", "b"],
        "words": WORDS,
    }  # fmt: skip
    return Movie(**told | changes)


class Page(html.parser.HTMLParser):
    """Collects scripts, text and every address that a browser would load."""

    def __init__(self, text):
        super().__init__()
        self.scripts, self.texts, self.tags, self.loads = [], [], [], []
        self._inside = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self._inside = tag
        self.loads += [value for name, value in attributes if name in ("src", "href")]
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside == "script":
            self.scripts[-1] += data
        else:
            self.texts.append(data)


def data_of(movie):
    return json.loads(Page(animation_html(movie, "")).scripts[0])


def decoded(text, dtype):
    return np.frombuffer(base64.b64decode(text), dtype)


def test_points_and_polygons_keep_their_places():
    data = data_of(film())
    places = decoded(data["places"], "<u2").reshape(-1, 2) / FULL
    np.testing.assert_allclose(places, [[0, 0], [1, 1], [0.25, 0.5]], atol=1 / FULL)
    assert decoded(data["labels"], np.uint8).tolist() == [0, 1, 1]
    left, right = (np.array(corners).reshape(-1, 2) / FULL for corners in data["polygons"][0])
    np.testing.assert_allclose(left, [[0, 1], [0.25, 1], [0.25, 0], [0, 0]], atol=1 / FULL)
    np.testing.assert_allclose(right[1], [1, 1])
    assert data["polygons"][1][0] == []
    assert (data["steps"], data["loss"], data["accuracy"]) == ([0, 7], [1.5, 0.25], [0.5, 1.0])
    assert data["aspect"] == 2.0


def test_pictures_of_curved_regions_are_png_files():
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 2, (2, 5, 7)).astype(np.uint8)
    data = data_of(film(regions=pictures))
    for picture, text in zip(pictures, data["images"], strict=True):
        np.testing.assert_array_equal(read_png(base64.b64decode(text)), picture)


def read_png(raw):
    """A reader of its own for the one kind of PNG that is written here."""
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4], "big")
        kind, body = raw[at + 4 : at + 8], raw[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + body) == int.from_bytes(raw[at + 8 + size : at + 12 + size], "big")
        chunks[kind] = body
        at += 12 + size
    columns, rows = (int.from_bytes(chunks[b"IHDR"][i : i + 4], "big") for i in (0, 4))
    assert tuple(chunks[b"IHDR"][8:]) == (4, 3, 0, 0, 0)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(rows, -1)
    assert not lines[:, 0].any()
    halves = np.stack([lines[:, 1:] >> 4, lines[:, 1:] & 15], axis=2).reshape(rows, -1)
    return halves[:, :columns]


def test_a_png_has_one_colour_per_class():
    raw = png([[0, 1, 2]], style.CLASS_COLORS)
    palette = raw[raw.index(b"PLTE") + 4 :][:30]
    assert palette == bytes(channel for color in style.CLASS_COLORS for channel in style.rgb(color))


@pytest.mark.parametrize(
    ("classes", "colors"), [([[2]], ["#000000"] * 2), ([1, 2], ["#000000"] * 9), ([[0]], ["#000000"] * 17)]
)
def test_a_picture_that_cannot_be_written_is_refused(classes, colors):
    with pytest.raises(ValueError):
        png(classes, colors)


def test_nothing_is_loaded_and_names_are_data():
    hostile = '</script><img src="http://evil.example/x.png"><script>alert(1)</script>'
    text = animation_html(film(names=[hostile, "{title}"], words=WORDS | {"title": hostile}), "// player")
    page = Page(text)
    assert page.loads == []
    assert len(page.scripts) == 2
    assert "img" not in page.tags
    assert hostile in page.texts
    assert data_of(film(names=[hostile, "b"]))["names"][0] == hostile
    assert "http" not in page.scripts[1]


@pytest.mark.parametrize(
    "change", [{"steps": [0]}, {"loss": [1.0]}, {"y": [0, 1]}, {"regions": [[LEFT, RIGHT]]}]
)
def test_lengths_that_do_not_fit_are_refused(change):
    with pytest.raises(ValueError):
        animation_html(film(**change), "")
