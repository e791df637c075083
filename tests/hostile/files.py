"""Files that were damaged on their way, or made to break what reads them: tables of points, images, saved runs.

Each kind has good files, a way to spoil one, and a reader, which returns a sentence or data; whatever else it raises is a fault.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from softmax_core.images import ImageData
from softmax_core.images.files import from_contents
from softmax_core.images.image_set import FileError
from softmax_core.text import TextConfig, train_on_texts
from tests.hostile.corpus import INJECTIONS, NUMBERS
from ui.images.data import sentence as of_images
from ui.images.files import read_files
from ui.text.data import as_csv, read_corpus
from ui.training import saved
from ui.training.plan import changes_from
from ui.training.table import read_table
from ui.training.upload import sentence as of_points
from ui.widgets.cells import TableError
from ui.widgets.cells import sentence as of_any_table

MB = 2**20


@dataclass(frozen=True)
class Kind:
    """One kind of file: good ones by their names, more ways to spoil one, and the reader."""

    good: Callable[[], Mapping[str, bytes]]
    spoilers: tuple[Callable[[random.Random, bytes], bytes], ...]
    read: Callable[[Mapping[str, bytes]], str]


def spoilt(rng: random.Random, kind: Kind) -> dict[str, bytes]:
    """Return the files of a kind, one of them spoilt once or several times."""
    files = dict(kind.good())
    name = rng.choice([*files])
    for _time in range(rng.choice([1, 1, 1, 2, 4])):
        spoil = rng.choice([*_ANY, *kind.spoilers, *kind.spoilers])
        files[name] = spoil(rng, files[name])[: 8 * MB]
    return files


# --- of any file


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randint(0, len(data))]


def _flipped(rng: random.Random, data: bytes) -> bytes:
    spoilt = bytearray(data or b"\0")
    for _flip in range(rng.choice([1, 3, 30, len(spoilt)])):
        spoilt[rng.randrange(len(spoilt))] ^= 1 << rng.randrange(8)
    return bytes(spoilt)


def _put_in(rng: random.Random, data: bytes) -> bytes:
    at = rng.randint(0, len(data))
    piece = rng.choice([b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b'"', b"\x1a", b"\x1f\x8b", b"{", b"[" * 200, b"\0" * 5000, data[:50], data])  # fmt: skip
    return data[:at] + piece + data[at + rng.choice([0, 1, 100]) :]


def _repeated(rng: random.Random, data: bytes) -> bytes:
    return (data * rng.choice([2, 10, 300]) if len(data) < 50_000 else data * 2)[: 8 * MB]


def _packed(rng: random.Random, data: bytes) -> bytes:
    packed = gzip.compress(data + bytes(rng.choice([0, 0, 0, 1, 20]) * MB), 1, mtime=0)
    return packed if rng.random() < 0.5 else _flipped(rng, packed)


def _zipped(rng: random.Random, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(rng.choice(["../../x.csv", "a.csv"]), data)
    return out.getvalue()


def _other(rng: random.Random, _data: bytes) -> bytes:
    return rng.choice(
        [b"", b"\0", b"\n", b"<html>", b"%PDF-1.4", b"\x80\x04\x95", rng.randbytes(2000), b"\xff" * 3000]
    )


_ANY = (_cut, _flipped, _put_in, _repeated, _packed, _zipped, _other)


# --- texts


def _recoded(rng: random.Random, data: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "cp1252", "utf-7", "latin-1", "big5"]), "replace")  # fmt: skip


def _cells(rng: random.Random, data: bytes) -> bytes:
    """Put something nasty into some cells."""
    rows = [line.split(",") for line in data.decode("utf-8", "replace").splitlines()] or [[""]]
    for _cell in range(rng.choice([1, 1, 3, 20])):
        row = rng.choice(rows)
        text = rng.choice([*INJECTIONS, *NUMBERS])[:5000]
        row[rng.randrange(len(row))] = f'"{text}"' if rng.random() < 0.3 else text
    return "\n".join(map(",".join, rows)).encode("utf-8", "replace")


def _quoted(rng: random.Random, data: bytes) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, delimiter=rng.choice(";\t,|"))
    writer.writerows(line.split(",") for line in data.decode("utf-8", "replace").splitlines())
    return out.getvalue().encode("utf-8", "replace")


def _ragged(rng: random.Random, data: bytes) -> bytes:
    lines = data.splitlines() or [b""]
    at = rng.randrange(len(lines))
    lines[at] = rng.choice([b",", b"," * 3, b"," * 2000, lines[at] * 2, b"1," * 300_000, b"1\r" * 300_000])
    return b"\n".join(lines)


def _sized(rng: random.Random, data: bytes) -> bytes:
    return rng.choice([b"\n", b",\n", b"1,2,a\n", b"a\r", b'"",', b'"\n', b"1;2\n"]) * rng.choice([10, 10_000, 700_000]) + data[:500]  # fmt: skip


_TEXT = (_recoded, _cells, _cells, _quoted, _ragged, _sized)


# --- IDX


def _lying(rng: random.Random, data: bytes) -> bytes:
    """Change what the header says: type, number of axes, lengths."""
    head = bytearray(data[:16].ljust(16, b"\0"))
    where = rng.choice([2, 3, 4, 8, 12])
    if where < 4:
        head[where] = rng.choice([0, 1, 2, 3, 8, 9, 0x0B, 0x0C, 0x0D, 0x0E, 64, 65, 255])
    else:
        length = rng.choice([0, 1, 2, 7, 9, 65, 2**16, 2**31, 2**32 - 1])
        head[where : where + 4] = struct.pack(">I", length)
    return bytes(head) + data[16:]


def _bomb(rng: random.Random, _data: bytes) -> bytes:
    n, side = rng.choice([(4_000_000, 8), (60_000, 60), (1, 2**15), (2**20, 0)])
    head = bytes([0, 0, 8, 3]) + struct.pack(">III", n, side, side)
    return gzip.compress(head + bytes(min(40 * MB, n * side * side)), 1, mtime=0)


# --- JSON


def _changed_json(rng: random.Random, data: bytes) -> bytes:
    """Replace one value, wherever it is, by something nasty."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return data
    if not isinstance(content, dict) or not content:
        return data
    places = [(content, key) for key in content]
    if isinstance(content.get("settings"), dict):
        places += [(content["settings"], key) for key in content["settings"]]
    inside, key = rng.choice(places)
    inside[key] = rng.choice([None, True, -1, 10**400, 1e308, [], {}, "", [[]], [1, [2]], "x" * 100_000, *INJECTIONS, *NUMBERS[:40]])  # fmt: skip
    if rng.random() < 0.3:
        inside[rng.choice(INJECTIONS)] = rng.choice(INJECTIONS)
    with suppress(ValueError):  # digits without end
        return json.dumps(content).encode("utf-8", "replace")
    return data


def _deep(rng: random.Random, data: bytes) -> bytes:
    return rng.choice(
        [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 400 + b"]" * 400, b'{"format":' + b"[" * 50_000]
    )


def _numbers_json(rng: random.Random, data: bytes) -> bytes:
    number = rng.choice([b"1e999", b"-1e999", b"NaN", b"Infinity", b"9" * 5000, b"1" + b"0" * 400, b"-0", b"1e308", b"0.1e-999", b"01", b"\xc2\xb2"])  # fmt: skip
    digits = [i for i, byte in enumerate(data) if chr(byte).isdigit()]
    at = rng.choice(digits) if digits else 0
    return data[:at] + number + data[at + 1 :]


def _twice(rng: random.Random, data: bytes) -> bytes:
    return data.replace(b'"step"', rng.choice([b'"W"', b'"settings"', b'"format"', b'"__class__"']), 1)


# --- the kinds


def _points() -> dict[str, bytes]:
    rows = "\n".join(f"{i / 7:.3f},{(i * i) % 13},{'cat' if i % 3 else 'dog'}" for i in range(40))
    return {"points.csv": f"height,weight,kind\n{rows}\n".encode()}


def _read_points(files: Mapping[str, bytes]) -> str:
    (data,) = files.values()
    try:
        table = read_table(data)
        numeric, labels = table.numeric_columns, table.label_columns or table.columns
        if len(numeric) < 2:
            return "too few numbers"
        x, y = numeric[:2]
        table.faults(x, y, labels[0])
        points = table.dataset(x, y, labels[0], drop=True)
    except TableError as error:
        return of_points(error)
    assert np.isfinite(points.X).all()
    assert points.X.shape == (points.y.size, 2)
    assert 2 <= points.n_classes <= 10
    return ""


def _pixels() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(0).integers(0, 256, (30, 8, 8), dtype=np.uint8)


def _idx() -> dict[str, bytes]:
    images = bytes([0, 0, 8, 3]) + struct.pack(">III", 30, 8, 8) + _pixels().tobytes()
    labels = bytes([0, 0, 8, 1]) + struct.pack(">I", 30) + bytes(i % 10 for i in range(30))
    return {"images": images, "labels": labels}


def _pixel_table() -> dict[str, bytes]:
    rows = [",".join(map(str, [i % 10, *image.ravel()])) for i, image in enumerate(_pixels())]
    return {"digits.csv": "\n".join([",".join(["label", *(f"p{i}" for i in range(64))]), *rows]).encode()}


def _read_images(files: Mapping[str, bytes]) -> str:
    try:
        data: ImageData = from_contents(read_files(files))
    except FileError as error:
        return of_images(error)
    for part in (data.train, data.test):
        features = part.features(slice(0, 50))
        assert np.isfinite(features).all()
        assert features.min() >= 0
        assert features.max() <= 1
    return ""


def _runs() -> dict[str, bytes]:
    content = {
        "format": saved.FORMAT, "version": saved.VERSION, "step": 7, "W": [[1.0, -1.0, 0.0], [0.5, 0.0, 0.25]], "b": [0.0, 0.1, -0.1],
        "settings": {"training_rate": "0.5", "training_stage_plan": "0~20!rate=0.5~40!w=1_-1_0_0.5_0_0.25_0_0_1"}, "classes": ["a", "b", "c"],
        "features": ["x1", "x2"], "loss": 0.5, "accuracy": 0.9, "config": "TrainConfig()",
    }  # fmt: skip
    return {"run.json": json.dumps(content, indent=1).encode()}


def _read_run(files: Mapping[str, bytes]) -> str:
    (data,) = files.values()
    try:
        run = saved.from_json(data)
    except saved.UnusableFileError as error:
        return str(error)
    for part in ("plan", "ghost"):
        with suppress(ValueError):  # the page says the same as of other settings
            changes_from(run.settings.get(f"training_stage_{part}", ""))
    assert np.isfinite(np.array(run.hand.rows)).all()
    json.dumps([dict(run.settings), run.hand.step], allow_nan=False)
    return ""


def _texts() -> dict[str, bytes]:
    rows = "\n".join(
        f"the {('food', 'room')[i % 2]} no {i} was {('good', 'bad', '很好')[i % 3]},{i % 3}"
        for i in range(40)
    )
    return {"texts.csv": f"text,label\n{rows}\n".encode()}


def _read_texts(files: Mapping[str, bytes]) -> str:
    (data,) = files.values()
    try:
        corpus = read_corpus(data)
    except TableError as error:
        return of_any_table(error)
    assert 2 <= corpus.n_classes <= 10
    assert len(set(corpus.y[corpus.train])) == corpus.n_classes
    again = read_corpus(as_csv(corpus))
    assert (again.texts, again.class_names, again.is_test.tolist()) == (
        corpus.texts,
        corpus.class_names,
        corpus.is_test.tolist(),
    )
    if len(corpus.texts) < 100:
        model = train_on_texts(corpus, TextConfig())
        assert np.isfinite(model.W).all()
        assert np.isfinite(model.b).all()
    return ""


KINDS = {
    "points": Kind(_points, _TEXT, _read_points),
    "idx": Kind(_idx, (_lying, _lying, _bomb), _read_images),
    "pixels": Kind(_pixel_table, _TEXT, _read_images),
    "texts": Kind(_texts, _TEXT, _read_texts),
    "runs": Kind(_runs, (_recoded, _changed_json, _changed_json, _deep, _numbers_json, _numbers_json, _twice), _read_run),
}  # fmt: skip
