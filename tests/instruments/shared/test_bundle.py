"""The joined modules are one valid scope: nothing imported, one default export, no name declared twice."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from instruments.shared import bundle as bundling
from instruments.shared.bundle import FOLDER, bundle

ENTRIES = sorted(
    path.relative_to(FOLDER).as_posix()
    for path in FOLDER.rglob("*.js")
    if "export default" in path.read_text(encoding="utf-8")
)


def test_the_instruments_are_found() -> None:
    assert {"logit_board/index.js", "training_stage/index.js"} <= set(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_import_is_left_and_only_the_entry_is_exported(entry: str) -> None:
    text = bundle(entry)
    assert not re.search(r"^import\b", text, re.MULTILINE)
    assert re.findall(r"^export .*", text, re.MULTILINE) == re.findall(
        r"^export default .*", text, re.MULTILINE
    )
    assert text.count("export default") == 1


@pytest.mark.parametrize("entry", ENTRIES)
def test_top_level_names_are_unique(entry: str) -> None:
    names = re.findall(r"^(?:async )?(?:const|let|function|class) (\w+)", bundle(entry), re.MULTILINE)
    assert not [name for name, count in Counter(names).items() if count > 1]


def test_dependencies_come_first() -> None:
    text = bundle("logit_board/index.js")
    assert text.index("function argmax") < text.index("class LogitBoard")
    assert text.count("function softmax(") == 1


def test_a_missing_module_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no_such"):
        bundle("no_such.js")


def test_every_module_belongs_to_an_instrument_or_to_the_film() -> None:
    used = "".join(bundle(entry) for entry in ENTRIES)
    for path in Path(FOLDER).rglob("*.js"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first in used, f"{path.name} is used by no instrument"


def test_what_is_served_has_an_address_of_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundling, "_is_served", False)
    files = bundling.served()
    address, text = bundling.module("logit_board")
    assert files[address].decode() == text
    assert len(files) == len({address.split(".")[0] for address in files})
    assert "export default function mount" in text
    assert text.endswith(
        "export const labStyle = " + json.dumps(bundling.stylesheet("logit_board/style.css")) + ";\n"
    )
    assert address in bundling._LOADER % address  # the one that the browser loads


def test_arrays_travel_as_lists_and_what_is_not_finite_as_null() -> None:
    data = {
        "a": np.array([[1, 2], [3, 4]])[:, ::-1], "b": np.array([0.5, np.nan], dtype=np.float32), "c": np.float64("inf"),
        "d": np.array(["x", None], dtype=object), "e": (True, np.bool_(False)), "猫": "<é>",
    }  # fmt: skip
    text = bundling.as_json(data)
    assert json.loads(text) == {
        "a": [[2, 1], [4, 3]], "b": [0.5, None], "c": None, "d": ["x", None], "e": [True, False], "猫": "<é>",
    }  # fmt: skip
    assert "猫".encode() in text


@pytest.mark.parametrize("forged", ["half \ud800", 10**300, {"\ud800": [np.arange(2)]}])
def test_what_no_text_can_hold_is_sent_all_the_same(forged: object) -> None:
    sent = json.loads(bundling.as_json({"name": forged}))["name"]
    assert sent == (forged if not isinstance(forged, dict) else {"\ud800": [[0, 1]]})


def test_what_is_no_json_is_named() -> None:
    with pytest.raises(TypeError, match="set"):
        bundling.as_json({"x": {1}})
