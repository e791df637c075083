"""A run as one HTML file that plays anywhere: regions, points and loss, with a small player and nothing else."""

from __future__ import annotations

import base64
import html
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from charts import style
from charts.checks import names_for, vector

ACCENT = "#0d6b63"  # of the controls
FULL = 65535  # places are shares of the picture in sixteen bits: finer than any screen
BITS = 4  # per pixel of a picture of regions: up to sixteen classes

_PAGE = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0 auto; padding: 1rem; max-width: 60rem; background: #ffffff; color: #1f2430;
  font: 1rem/1.4 {font}; font-variant-numeric: tabular-nums; }}
canvas {{ display: block; border-radius: 8px; margin: 0.4rem 0; }}
.bar {{ display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; align-items: center; }}
.bar input {{ flex: 1 1 12rem; accent-color: {accent}; }}
button {{ font: inherit; width: 3.4rem; height: 2.4rem; border-radius: 6px; border: 0; background: {accent}; color: #ffffff; }}
ul {{ display: flex; flex-wrap: wrap; gap: 0 1rem; list-style: none; margin: 0.4rem 0; padding: 0; opacity: 0.85; }}
li::before {{ content: "●"; color: var(--dot); margin-right: 0.35rem; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14171d; color: #e8eaee; }} }}
</style>
<body data-instrument="movie">
<h1>{title}</h1>
<div class="bar"><button type="button" data-part="play"></button>
<input type="range" min="0" value="0" data-part="slider" aria-label="{scrub}"><output data-part="readout"></output></div>
<div><canvas data-part="stage" role="img" aria-label="{plane}"></canvas><canvas data-part="strip" aria-hidden="true"></canvas></div>
<ul>{legend}</ul>
<script type="application/json" id="movie">{data}</script>
<script>(() => {{
{player}
}})();</script>
</body>
</html>
"""


@dataclass(frozen=True, eq=False)
class Movie:
    """What a saved run shows, at T of its steps."""

    box: Sequence[float]  # what the picture shows of the plane: x from, x to, y from, y to
    X: ArrayLike  # (n, 2): the points
    y: ArrayLike  # (n,): their classes
    steps: ArrayLike  # (T,)
    loss: ArrayLike  # (T,)
    accuracy: ArrayLike  # (T,)
    # For each of T frames the polygons of the K classes, each (m, 2) in data units; or (T, rows, columns): the
    # winning class of every cell of a grid, row 0 at the top.
    regions: Sequence[Sequence[ArrayLike]] | NDArray[Any]
    names: Sequence[str]  # of the K classes
    words: Mapping[str, str]  # title, play, pause, scrub, plane, and readout with {step}, {loss}, {accuracy}
    lang: str = "en"  # of the words


def animation_html(movie: Movie, player: str) -> str:
    """Return HTML that plays the movie by itself, without any request; names and words are text, whatever they hold.

    ``player`` is the JavaScript of the player, which looks for the page's own elements.
    """
    data = json.dumps(_packed(movie), separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    *names, lang, title, scrub, plane = map(
        html.escape, [*movie.names, movie.lang, *(movie.words[name] for name in ("title", "scrub", "plane"))]
    )
    legend = "".join(f'<li style="--dot:{style.class_color(k)}">{name}</li>' for k, name in enumerate(names))
    return _PAGE.format(
        lang=lang, font=style.FONT_FAMILY, accent=ACCENT, legend=legend, data=data,
        player=player, title=title, scrub=scrub, plane=plane,
    )  # fmt: skip


def _packed(movie: Movie) -> dict[str, Any]:
    steps, X = np.asarray(movie.steps, dtype=np.int64), np.asarray(movie.X, dtype=np.float64)
    loss, accuracy = vector(movie.loss, "loss"), vector(movie.accuracy, "accuracy")
    if not steps.size == loss.size == accuracy.size == len(movie.regions):
        raise ValueError(
            f"{steps.size} frames need as many numbers, got {loss.size}, {accuracy.size}, {len(movie.regions)}"
        )
    labels = np.asarray(movie.y, dtype=np.uint8)
    if X.shape != (labels.size, 2):
        raise ValueError(f"X must have shape {(labels.size, 2)}, got {X.shape}")
    names = names_for(movie.names, len(movie.names))
    x0, x1, y0, y1 = (float(edge) for edge in movie.box)
    packed: dict[str, Any] = {
        "aspect": (x1 - x0) / (y1 - y0), "steps": steps.tolist(), "names": names, "accent": ACCENT,
        "loss": [round(v, 6) for v in loss.tolist()], "accuracy": [round(v, 4) for v in accuracy.tolist()],
        "colors": [style.class_color(k) for k in range(len(names))],
        "places": _base64(_places(X, movie.box).astype("<u2").tobytes()), "labels": _base64(labels.tobytes()),
        "words": {name: movie.words[name] for name in ("play", "pause", "readout")}, "images": None,
    }  # fmt: skip
    if isinstance(movie.regions, np.ndarray):
        packed["images"] = [_base64(png(picture, packed["colors"])) for picture in movie.regions]
    else:
        packed["polygons"] = [
            [_places(np.asarray(corners, dtype=np.float64).reshape(-1, 2), movie.box).ravel().tolist() for corners in frame]
            for frame in movie.regions
        ]  # fmt: skip
    return packed


def _places(X: NDArray[np.float64], box: Sequence[float]) -> NDArray[np.int64]:
    """Return places of the plane as shares of the picture, from its top left corner."""
    x0, x1, y0, y1 = box
    shares = np.column_stack([(X[:, 0] - x0) / (x1 - x0), (y1 - X[:, 1]) / (y1 - y0)])
    return np.clip(np.rint(shares * FULL), 0, FULL).astype(np.int64)


def png(classes: ArrayLike, colors: Sequence[str]) -> bytes:
    """Write a picture of class numbers, shape (rows, columns), row 0 at the top, as a PNG with one colour per class.

    ``colors`` are at most sixteen ``#rrggbb``. See W3C, "Portable Network Graphics (PNG) Specification", colour type 3.
    """
    grid = np.asarray(classes, dtype=np.int64)
    if grid.ndim != 2 or grid.size == 0:
        raise ValueError(f"classes must be a matrix, got shape {grid.shape}")
    if not 0 <= grid.min() <= grid.max() < len(colors) <= 1 << BITS:
        raise ValueError(f"{len(colors)} colours cannot show classes {grid.min()}..{grid.max()}")
    rows, columns = grid.shape
    even = np.zeros((rows, columns + columns % 2), dtype=np.uint8)
    even[:, :columns] = grid
    lines = np.zeros((rows, 1 + even.shape[1] // 2), dtype=np.uint8)  # each begins with its filter: none
    lines[:, 1:] = even[:, ::2] << BITS | even[:, 1::2]
    palette = bytes(channel for color in colors for channel in style.rgb(color))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, BITS, 3, 0, 0, 0)), (b"PLTE", palette),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""),
    ]  # fmt: skip
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
