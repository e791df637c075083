"""The panels below the stage of the Training page: one at a time, each about the step at the playhead."""

from __future__ import annotations

from collections.abc import Callable

from locales import _
from ui.training.export import takeaway
from ui.training.panels import breakdown
from ui.training.panels import weights as training_panels
from ui.training.panels.curves import curves
from ui.training.panels.diagnostics import diagnostics
from ui.training.panels.landscape import landscape
from ui.training.plan import Plan
from ui.training.run import Run
from ui.training.setup import Setup
from ui.widgets.controls import segmented

PANELS: dict[str, Callable[[Run, int], None]] = {
    "curves": curves,
    "weights": training_panels.weights,
    "samples": training_panels.samples,
    "diagnostics": diagnostics,
    "landscape": landscape,
}


def choose_panel() -> str:
    """Show the switch between the panels."""
    names = {
        "curves": _("Loss and accuracy"), "story": _("One step, slowly"), "weights": _("Weights"),
        "samples": _("Points"), "diagnostics": _("Diagnostics"), "landscape": _("Landscape"),
        "takeaway": _("Take it away"),
    }  # fmt: skip
    return segmented("training_panel", _("Look closer"), names, "curves", label_visible=False)


def panel(
    chosen: str, stage: str, setup: Setup, plan: Plan, result: Run, step: int, point: int | None
) -> None:
    """Show the chosen panel; ``point`` is the one whose story is told."""
    if point is not None:
        breakdown.story(result, step, point)
    elif chosen == "takeaway":
        takeaway(stage, plan, result, step)
    else:
        PANELS[chosen](result, step)
