"""The controls of the Training page that choose what the linear layer sees."""

from __future__ import annotations

from locales import _
from softmax_core.features import FEATURE_MAPS, FeatureMap
from ui.frame import sharing
from ui.training.controls import pick
from ui.training.settings import feature_map_names, settings_of_kind
from ui.widgets import controls


def choose_features() -> FeatureMap:
    """Show the controls of the features; return what they say."""
    rows = {code: settings_of_kind(code, kind) for code, kind in FEATURE_MAPS.items()}
    names = ["standardise", "standardise_map", *(row.name for of_kind in rows.values() for row in of_kind)]
    sharing.claim(*(f"training_{name}" for name in names))
    code = controls.choice("training_features", _("Features"), feature_map_names(), "linear")
    chosen = {row.field: pick(row) for row in rows[code]}
    # Squares of inputs around 10 need rates a thousand times smaller: on unless the learner wants to see just that.
    curved = code != "linear"
    standardise = controls.toggle(
        "training_standardise_map" if curved else "training_standardise", _("Standardise the inputs"), curved,
        help=_("Shift and scale x₁ and x₂ to mean 0 and standard deviation 1 on the training points, before the map."),
    )  # fmt: skip
    return FEATURE_MAPS[code](standardise=standardise, **chosen)
