"""Every user of the transport hands over what it needs."""

import re

import pytest

from ui.frame.frame import ROOT

CALL = "createTransport({"
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "instruments").glob("*/*.js"))}
DEFINITION = re.search(
    r"function createTransport\(\{([^}]*)\}", SOURCES[ROOT / "instruments/training_stage/transport.js"]
)
NEEDED = {name.strip() for name in DEFINITION[1].split(",") if "=" not in name}


def argument(text: str) -> str:
    """Return what stands between the braces of the call."""
    start = text.index(CALL) + len(CALL)
    depth, end = 1, start
    while depth:
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return text[start : end - 1]


@pytest.mark.parametrize(
    "path",
    [path for path, text in SOURCES.items() if CALL in text and path.name != "transport.js"],
    ids=lambda path: path.parent.name,
)
def test_the_user_hands_over_what_is_needed(path):
    given = argument(SOURCES[path])
    assert {"goTo", "step", "steps", "speed", "changed"} <= NEEDED
    for name in NEEDED:
        assert re.search(rf"\b{name}\b\s*[:,(}}]", given), f"{path}: {name} is missing"
    if '"change"' in SOURCES[path]:
        assert re.search(r"\bpace\s*[:(]", given)


def test_both_instruments_with_a_playhead_are_users():
    users = {path.parent.name for path, text in SOURCES.items() if CALL in text}
    assert users == {"training_stage", "weight_templates"}
