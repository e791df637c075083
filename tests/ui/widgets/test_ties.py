"""Where every class has the same logit, an accuracy says that its ties count as the first class."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from softmax_core.images import digits
from softmax_core.training import EpochConfig, first_epoch, train_epochs
from tests.ui.training.waiting import settled
from ui.images.training import Model, Progress, summary
from ui.widgets.ties import all_tie

PAGE = Path(__file__).parents[3] / "pages" / "training.py"
REMARK = "A tie counts as the first class here."


@pytest.mark.parametrize(
    ("theta", "tie"),
    [
        (np.zeros((3, 4)), True),
        (np.outer([1.5, -2.0, 0.3], np.ones(3)), True),  # shift invariance: not only zeros
        (np.array([[0.0, 0.0, 0.0], [0.0, 1e-9, 0.0]]), False),
        (np.array([[1.0, 1.0, 2.0]]), False),  # two of three
    ],
)
def test_all_classes_tie_where_their_logits_are_the_same_everywhere(theta, tie) -> None:
    assert all_tie(theta) is tie


def test_before_the_first_epoch_the_accuracy_of_images_says_how_ties_count() -> None:
    data, config = digits(), EpochConfig()
    start = first_epoch(data.train, data.test, data.n_classes)
    after = next(iter(train_epochs(data.train, data.test, config, start)))
    run = Model(data, Progress((start, after), False, 1, 0.0, None, False, ()), "digits", 0)
    assert REMARK in summary(run, start)
    assert REMARK not in summary(run, after)
    assert REMARK not in summary(run, start, hidden=True)


@pytest.mark.parametrize("panel", ["curves", "diagnostics", "samples"])
@pytest.mark.parametrize("step", [0, 5])
def test_accuracies_of_training_say_it_at_the_step_where_all_tie(panel: str, step: int) -> None:
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.query_params["training_panel"] = panel
    app.query_params["training_stage_step"] = str(step)
    settled(app)
    said = [caption.value for caption in app.caption if REMARK in caption.value]
    # The curves begin at step 0, wherever the playhead stands.
    assert said == (
        ["At step 0 all classes tie: p = 1/3 everywhere. " + REMARK] if step == 0 or panel == "curves" else []
    )
