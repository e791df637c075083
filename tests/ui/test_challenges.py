"""What every table of challenges owes: each one is worked out in a test of its lesson, by other means."""

import re
from importlib import import_module
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "ui"
LESSONS = sorted(path.parent.name for path in UI.glob("*/challenges.py") if path.parent.name != "widgets")


def test_all_lessons_are_asked():
    assert {"softmax", "loss", "training", "text"} <= set(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_challenge_has_its_test(lesson):
    texts = [path.read_text("utf-8") for path in (Path(__file__).parent / lesson).glob("test_*.py")]
    tests = "".join(
        text
        for text in texts
        if re.search(
            rf"^from ui\.{lesson}.* import .*(challenges|CHALLENGES)|^from ui\.{lesson}\.challenges import",
            text,
            re.M,
        )
    )
    codes = [task.code for task in import_module(f"ui.{lesson}.challenges")._table()]
    missing = [code for code in codes if f'"{code}"' not in tests]
    assert not missing, f"work their truths out in tests/ui/{lesson}, and reach their goals there"
