"""The two instruments of the Images page, in the reader's language and the app's colours."""

from __future__ import annotations

from charts.style import CLASS_COLORS, ink
from instruments.pixel_pad import pixel_pad
from instruments.weight_templates import template_run, weight_templates
from locales import _
from softmax_core.images.strokes import pad_format
from softmax_core.training import Epoch
from ui.images.data import class_names
from ui.images.training import Model


def _scales() -> dict[str, dict[str, str]]:
    return {
        theme: {"negative": colors.negative, "neutral": colors.neutral, "positive": colors.positive}
        for theme, colors in (("light", ink(False)), ("dark", ink(True)))
    }


def templates(key: str, run: Model) -> Epoch:
    """Mount the ten weight pictures; return the epoch under the scrubber. While training, the newest is shown alone."""
    history = run.progress.history
    epochs = history[-1:] if run.progress.running else history
    packed = template_run([epoch.number for epoch in epochs], [epoch.W for epoch in epochs])
    number = weight_templates(
        key=key, revision=f"{run.name}-{history[-1].number}-{len(epochs)}", run=packed, size=run.data.train.size,
        names=class_names(run.data), colors=CLASS_COLORS, scales=_scales(),
        labels={
            "templates": _("The weights of each class as a picture"),
            "template": _("Weights of {name}"),
            "scrub": _("Epoch"),
            "epoch": _("epoch {epoch}"),
            "weight": _("{name}, row {row}, column {column}: w = {w}"),
            "play": _("Play"), "pause": _("Pause"), "forward": _("Step forward"), "back": _("Step back"),
            "restart": _("Restart"),
        },
    )  # fmt: skip
    return history[number]


def pad(key: str, run: Model, epoch: Epoch) -> None:
    """Mount the pixel pad with the weights of an epoch."""
    pixel_pad(
        key=key, revision=f"{run.name}-{epoch.number}", W=epoch.W, b=epoch.b, form=pad_format(*run.data.train.size),
        trained=epoch.number > 0, names=class_names(run.data), colors=CLASS_COLORS, scales=_scales(),
        labels={
            "pad": _("Pixel pad"),
            "paper": _("Draw here with mouse or finger. Keys: arrows move, Space puts the pen down or lifts it, Backspace undoes, Delete clears."),
            "undo": _("Undo"),
            "clear": _("Clear"),
            "centring": _("Scale and centre"),
            "centring_help": _("As the makers of the data set did with every image. Switch it off to see how much the model needs it."),
            "seen": _("what the model sees"),
            "why": _("why {name}: pixel × weight"),
            "bars": _("Probability of each class; press one to ask why"),
            "bar": _("{name}: probability {p}, logit {z}"),
            "sum_help": _("All red contributions, minus all blue ones, plus the bias: that is the logit, exactly."),
            "untrained": _("All weights are zero: every class is equally likely. Press Train."),
            "empty": _("Draw something on the left."),
            "pen_down": _("pen down"),
            "pen_up": _("pen up"),
        },
    )  # fmt: skip
