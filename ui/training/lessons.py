"""The lessons that train on the stage: Training, and the hidden layer, which stands on it.

What a lesson holds under a name, in its link, its session and its widgets, begins with the stem of its page.
"""

from __future__ import annotations

from ui.frame import sharing

HIDDEN_LAYER = "hidden_layer"


def lesson() -> str:
    """Return the stem of the lesson that the reader is in."""
    return HIDDEN_LAYER if sharing.page() == HIDDEN_LAYER else "training"


def is_network() -> bool:
    """Whether the model of this lesson has a hidden layer."""
    return lesson() == HIDDEN_LAYER


def named(name: str) -> str:
    """Return the key and parameter of this lesson for a name: ``training_rate``, ``hidden_layer_rate``."""
    return f"{lesson()}_{name}"


def stage_key() -> str:
    """Return the key of this lesson's stage, and what its parameters in the link begin with."""
    return named("stage")
