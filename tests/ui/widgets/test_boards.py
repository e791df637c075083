"""A link that is followed later replaces what the boards of the session showed, and leaves nothing of it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from instruments.distribution_board import DistributionState
from instruments.logit_board import BoardState
from ui.widgets.grey_picture import typical

PAGES = Path(__file__).parents[3] / "pages"
LINKS = [
    ("softmax", "softmax_board", BoardState((5.0, 5.0), 1, 2.0, names=("", "")), "z", "0~1~2", "logits", (0, 1, 2)),
    ("information", "information_board", DistributionState((1.0, 0.0), (0.5, 0.5), "nats"), "p", "0.5~0.25~0.125~0.125", "unit", "bits"),
    ("linear_layer", "linear_layer_pad", typical(2), "x", "1~0~0~1", "x", (1, 0, 0, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("stem", "key", "before", "part", "text", "field", "wanted"), LINKS)
def test_a_link_replaces_what_was_on_the_board(stem, key, before, part, text, field, wanted):
    app = AppTest.from_file(str(PAGES / f"{stem}.py"), default_timeout=120).run()
    app.session_state[f"{key}_slot"].state = before
    app.query_params[f"{key}_{part}"] = text
    app.session_state["_link"].page = "another page"
    app.run()
    assert not app.exception
    state = app.session_state[f"{key}_slot"].state
    assert getattr(state, field) == wanted
    if hasattr(state, "target"):
        assert state.target == 0, "what the link leaves out is the standard"
