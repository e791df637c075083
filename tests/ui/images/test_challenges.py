"""The challenges of the Images page: each truth by other means, each goal not reached at first, and reachable."""

from itertools import islice

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.datasets import load_digits

from instruments.pixel_pad import PadState, pack_strokes
from softmax_core.images import digits
from softmax_core.images.strokes import draw, pad_format
from softmax_core.optimizers import Momentum
from softmax_core.training import EpochConfig, first_epoch, train_epochs
from ui.images.challenges import (
    CHALLENGES,
    MOVED,
    Seen,
    guessed,
    hides_accuracy,
    hides_zero,
    on_pad,
    on_template,
)
from ui.images.pad import EXAMPLE, THREE, Drawn
from ui.images.training import standard_history
from ui.widgets.challenges import Attempt, Goal, Prediction

TASKS = {task.code: task for task in CHALLENGES.table()}
FOUR = [[(0.5, 0.1), (0.25, 0.55), (0.75, 0.55)], [(0.6, 0.35), (0.6, 0.9)]]


def seen(strokes, centred=True, accuracy=0.9, data="digits"):
    epoch = standard_history()[-1]
    x = draw(strokes, pad_format(8, 8), centred).ravel()
    return Seen(
        Drawn(PadState(pack_strokes(strokes), centred), x, softmax(x @ epoch.W + epoch.b)), data, accuracy
    )


def dots(k, count):
    """The dots that raise p of the class k most, one after the other."""
    chosen = []
    places = [(x / 8 + 1 / 16, y / 8 + 1 / 16) for x in range(8) for y in range(8)]
    for _ in range(count):
        chosen.append(max(places, key=lambda place: seen([[q] for q in [*chosen, place]], False).drawn.p[k]))
    return [[place] for place in chosen]


def test_predictions_come_first_and_every_goal_has_a_hint():
    assert [type(task) for task in TASKS.values()] == [Prediction] * 3 + [Goal] * 3
    assert all(task.hint and task.explanation for task in TASKS.values() if isinstance(task, Goal))


def test_ink_in_the_middle_speaks_against_a_zero():
    """By scikit-learn's copy of the images, trained by another way: the class means against the mean of all."""
    images, labels = load_digits(return_X_y=True)
    difference = (images[labels == 0].mean(axis=0) - images[labels != 0].mean(axis=0)).reshape(8, 8)
    regions = (
        difference[2:6, 3:5].mean(),
        difference[1:7, 5:7].mean(),
        difference[[0, 0, 7, 7], [0, 7, 0, 7]].mean(),
    )
    assert TASKS["middle"].truth() == int(np.argmin(regions)) == 0


def test_the_accuracy_is_that_of_a_training_by_hand():
    data = digits()
    start = first_epoch(data.train, data.test, 10)
    last = list(islice(train_epochs(data.train, data.test, EpochConfig(Momentum(0.1, 0.9), 256), start), 20))[
        -1
    ]
    guess = (data.test.features(slice(None)) @ last.W + last.b).argmax(axis=1)
    assert TASKS["accuracy"].truth() == pytest.approx(100 * np.mean(guess == data.test.labels))


def test_the_moved_three_is_another_digit():
    epoch = standard_history()[-1]
    picture = draw(THREE, pad_format(8, 8), centred=False)
    rolled = np.roll(picture, 2, axis=1)
    rolled[:, :2] = 0
    assert round(8 * MOVED) == 2
    p = softmax(rolled.ravel() @ epoch.W + epoch.b)
    assert p.argmax() != 3
    assert softmax(picture.ravel() @ epoch.W + epoch.b)[3] > 0.9
    assert TASKS["shift"].truth() == 2


def test_a_four_is_drawn():
    goal = TASKS["draw"]
    assert not goal.reached(seen([]))
    assert not goal.reached(seen(EXAMPLE.strokes))
    assert goal.reached(seen(FOUR))


@pytest.mark.parametrize("k", [1, 2, 4, 5, 6, 9])
def test_six_dots_fool_it(k):
    goal = TASKS["fool"]
    assert not goal.reached(seen([]))
    assert not goal.reached(seen(FOUR)), "lines are no dots"
    assert not goal.reached(seen(dots(k, 1), False))
    six = dots(k, 6)
    assert goal.reached(seen(six, False))
    assert not goal.reached(seen([*six, [(0.01, 0.01)]], False)), "seven dots are too many"


@pytest.mark.parametrize(("config", "count"), [((0.3, 0.9), 20), ((0.1, 0.9), 50)])
def test_a_larger_rate_or_more_epochs_make_it_better(config, count):
    goal = TASKS["better"]
    assert not goal.reached(seen([], accuracy=standard_history()[-1].test_accuracy))
    data = digits()
    start = first_epoch(data.train, data.test, 10)
    last = list(
        islice(train_epochs(data.train, data.test, EpochConfig(Momentum(*config), 256), start), count)
    )[-1]
    assert goal.reached(seen([], accuracy=last.test_accuracy))
    assert not goal.reached(seen([], accuracy=last.test_accuracy, data="mnist"))


def test_the_accuracy_is_hidden_until_it_was_guessed():
    def hides(code, *, shown=False, answered=()):
        return hides_accuracy(Attempt(TASKS[code], shown=shown, answered=answered))

    guessed_it = ("accuracy",)
    assert hides("middle")
    assert hides("middle", shown=True), "the first answer must not show the second"
    assert hides("accuracy")
    assert not hides("middle", answered=guessed_it)
    for code in ("shift", "draw", "better"):
        assert not hides(code), "the question was passed over"
    assert not hides("accuracy", shown=True)
    assert hides("accuracy", answered=guessed_it), "begun again"


def test_the_template_of_0_is_covered_while_its_question_is_open():
    assert hides_zero(Attempt(TASKS["middle"]))
    assert not hides_zero(Attempt(TASKS["middle"], shown=True))
    assert hides_zero(Attempt(TASKS["middle"], answered=("middle",))), "begun again"
    for code in ("accuracy", "shift", "draw", "better"):
        assert not hides_zero(Attempt(TASKS[code])), "the question was passed over"


def test_what_was_solved_in_an_earlier_visit_is_seen():
    assert hides_accuracy(Attempt(TASKS["middle"]))
    assert not hides_accuracy(Attempt(TASKS["middle"], solved=("accuracy",)))


def test_each_answer_is_laid_over_the_place_where_the_truth_appears():
    mean = load_digits().images[load_digits().target == 0].mean(axis=0)
    for option, inked in ((0, False), (1, True), (2, False)):
        over = on_template(Attempt(TASKS["middle"], (option,), shown=True))
        assert over["k"] == 0
        cells = np.zeros(64, bool)
        cells[over["cells"]] = True
        assert (mean.ravel()[cells] > 6).all() == inked
    for option, way in ((0, 0), (1, -1), (2, -1)):
        over = on_pad(Attempt(TASKS["shift"], (option,), shown=True))
        assert (over["k"], over["way"]) == (3, way)
        assert over["from"] == pytest.approx(seen(THREE, centred=False).drawn.p[3])
    assert guessed(Attempt(TASKS["accuracy"], (80.0,), shown=True), "accuracy") == 80
    for task in TASKS.values():
        attempt = Attempt(task, (1.0,))  # before the reveal
        assert on_template(attempt) is on_pad(attempt) is guessed(attempt, "accuracy") is None
