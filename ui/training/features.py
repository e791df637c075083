"""The controls of the Training page that choose what the linear layer sees."""

from __future__ import annotations

from locales import _
from softmax_core.features import Cubic, FeatureMap, Linear, Quadratic, RadialBasis, Sine
from ui.frame import sharing
from ui.widgets import controls

MOST_CENTRES = 8  # per side: with 64 features the browser still paints 50 times a second


def feature_map_names() -> dict[str, str]:
    """Return what each feature map is called."""
    return {
        "linear": _("Linear: x₁, x₂"), "quadratic": _("Quadratic"), "cubic": _("Cubic"),
        "radial": _("Radial bumps"), "sine": _("Sine"),
    }  # fmt: skip


def choose_features() -> FeatureMap:
    """Show the controls of the features; return what they say."""
    sharing.claim(
        *(f"training_{name}" for name in ("standardise", "standardise_map", "centres", "width", "frequency"))
    )
    kind = controls.choice("training_features", _("Features"), feature_map_names(), "linear")
    per_side, width, frequency = 5, 1.0, 1.0
    if kind == "radial":
        per_side = controls.slider("training_centres", _("Centres per side"), 2, MOST_CENTRES, 5, 1)
        width = controls.slider("training_width", _("Width of a bump (in spacings)"), 0.3, 3.0, 1.0, 0.1)
    if kind == "sine":
        frequency = controls.slider("training_frequency", _("Frequency"), 0.2, 6.0, 1.0, 0.2)
    # Squares of inputs around 10 need rates a thousand times smaller: on unless the learner wants to see just that.
    curved = kind != "linear"
    standardise = controls.toggle(
        "training_standardise_map" if curved else "training_standardise", _("Standardise the inputs"), curved,
        help=_("Shift and scale x₁ and x₂ to mean 0 and standard deviation 1 on the training points, before the map."),
    )  # fmt: skip
    maps: dict[str, FeatureMap] = {
        "linear": Linear(standardise=standardise),
        "quadratic": Quadratic(standardise=standardise),
        "cubic": Cubic(standardise=standardise),
        "radial": RadialBasis(per_side, width, standardise=standardise),
        "sine": Sine(frequency, standardise=standardise),
    }
    return maps[kind]
