"""What Home shows: a run that is right, and a path that names every challenge with a link that opens it."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import scipy.special as sp

from pages.home import CHALLENGES
from softmax_core.datasets import make
from ui.frame import frame
from ui.home import opening


def unpacked(text: str) -> np.ndarray:
    import base64

    return np.frombuffer(base64.b64decode(text), "<f4").astype(float)


def test_every_lesson_with_challenges_stands_on_the_path():
    tables = (Path(__file__).parents[3] / "ui").glob("*/challenges.py")
    assert {lesson.lesson for lesson in CHALLENGES} == {path.parent.name for path in tables} - {"widgets"}


def test_the_short_run_says_what_its_weights_do():
    sent, data = opening.short_run(), make(opening.DATA)
    frames = len(sent["steps"])
    W, b = unpacked(sent["W"]).reshape(frames, 2, 3), unpacked(sent["b"]).reshape(frames, 3)
    np.testing.assert_allclose(unpacked(sent["points"]).reshape(-1, 2), data.X, atol=1e-6)
    losses = []
    for i in range(frames):
        logs = sp.log_softmax(data.X @ W[i] + b[i], axis=1)
        losses.append(-logs[np.arange(60), data.y].mean())
        assert sent["right"][i] == (logs.argmax(axis=1) == data.y).sum()
    assert (np.diff(losses) < 0).all()


def test_the_short_run_is_worth_looking_at():
    sent = opening.short_run()
    assert sent["steps"][0] == 0
    assert sent["right"][0] < 30, "it begins with borders that are wrong"
    assert sent["right"][-1] > 50
    assert sum(len(str(value)) for value in sent.values()) < 6000, "a small message"


def test_the_path_has_every_lesson_with_a_question_in_the_order_of_the_menu():
    steps = opening.path(CHALLENGES)
    assert [step.stem for step in steps] == [lesson.stem for lesson in frame.path()]
    assert steps[0].stem == "softmax"
    assert steps[-1].stem == "practice"
    with_tasks = {step.stem: [task.code for task in step.tasks] for step in steps if step.tasks}
    assert with_tasks == {entry.lesson: [task.code for task in entry.table()] for entry in CHALLENGES}


def test_every_address_opens_its_challenge():
    for step in opening.path(CHALLENGES):
        assert urlsplit(step.address).path == step.stem
        for task in step.tasks:
            query = parse_qs(urlsplit(task.address).query)
            assert query == {"lang": ["en"], f"{step.stem}_challenge_open": [task.code]}
