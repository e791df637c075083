"""An activation stands in Python and in the browser: the lists are the same."""

import re
from pathlib import Path

from softmax_core.network import ACTIVATIONS
from ui.training import settings

STAGE = Path(__file__).parents[3] / "instruments" / "training_stage"


def test_the_stage_and_the_menu_know_every_activation() -> None:
    table = re.search(r"const ACTIVATIONS = \{\n(.*?)\n\};", (STAGE / "layers.js").read_text("utf-8"), re.S)
    names = re.search(r"const NAMES = \{(.*?)\};", (STAGE / "units.js").read_text("utf-8"))
    assert table is not None
    assert names is not None
    assert set(re.findall(r"^  (\w+):", table[1], re.M)) == set(ACTIVATIONS)
    assert set(re.findall(r"(\w+):", names[1])) == set(ACTIVATIONS)
    offered = settings.ACTIVATION.choices.texts()
    assert {*offered, "softmax"} == set(ACTIVATIONS), "softmax is a place of its own in the menu"
