"""The two instruments of the Images page, in the reader's language and the app's colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from charts.style import CLASS_COLORS, signed_scales
from instruments.pixel_pad import (
    LONGEST,
    LONGEST_IN_LINK,
    PadState,
    boards,
    pack_strokes,
    unpack_strokes,
)
from instruments.shared.session import message
from instruments.shared.values import packed
from instruments.weight_templates import template_run, weight_templates
from locales import _
from softmax_core.functional import softmax
from softmax_core.images import ImageData
from softmax_core.images.strokes import SMALLEST_EXTENT, draw, pad_format
from softmax_core.images.views import mean_images
from softmax_core.training import Epoch
from ui.frame import kept, sharing
from ui.frame.run_cache import session_value
from ui.images.data import class_names
from ui.images.training import Model
from ui.widgets.boards import Part, state_from_link

PAD, TEMPLATES = "images_pad", "images_templates"
DRAWING = f"{PAD}_drawing"
_PLACE = "_images_place"

THREE = (
    ((0.3, 0.16), (0.5, 0.1), (0.68, 0.2), (0.64, 0.36), (0.48, 0.47), (0.66, 0.55), (0.7, 0.74), (0.52, 0.9), (0.28, 0.84)),
)  # fmt: skip
"""A 3, drawn where the images of the data have theirs."""
EXAMPLE = PadState(pack_strokes(THREE))


@dataclass
class _Place:
    """Where the playhead of the templates stands: at first, and as the browser told last; and whether the run is played."""

    revision: str = ""
    start: int = 0
    told: int = 0
    play: bool = False


@dataclass(frozen=True)
class Drawn:
    """A drawing as the model sees it.

    Parameters
    ----------
    state
        What the pad shows.
    x, p
        The pixels (d,) between 0 and 1, and the probabilities (K,).
    """

    state: PadState
    x: npt.NDArray[Any]
    p: npt.NDArray[Any]


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={ImageData: id})
def _means(data: ImageData) -> npt.NDArray[np.float32]:
    return mean_images(data.train, data.n_classes).astype(np.float32)


def templates(run: Model, covered: Sequence[int] = (), prediction: Mapping[str, Any] | None = None) -> Epoch:
    """Mount the ten weight pictures; return the epoch under the scrubber. While training, the newest is shown alone."""
    history = run.progress.history
    epochs = history[-1:] if run.progress.running else history
    revision = f"{run.name}-{history[-1].number}-{len(epochs)}"
    place = session_value(_PLACE, _Place)
    if place.revision != revision:
        place.revision, place.start, place.play = revision, run.start, run.play
    elif message(TEMPLATES) is None:  # the page was left and opened again
        place.start, place.play = place.told, False
    place.told = weight_templates(
        key=TEMPLATES, revision=revision, start=place.start, ghost=_means(run.data), covered=covered, prediction=prediction, play=place.play,
        run=template_run([epoch.number for epoch in epochs], [epoch.W for epoch in epochs]),
        size=run.data.train.size, names=class_names(run.data), colors=CLASS_COLORS, scales=signed_scales(),
        labels={
            "templates": _("The weights of each class as a picture"),
            "template": _("Weights of {name}"),
            "scrub": _("Epoch"),
            "epoch": _("epoch {epoch}"),
            "covered": _("Challenge 1 asks what stands here."),
            "against": _("against"), "for": _("for"),
            "legend_help": _("Ink on a red pixel speaks for the class, ink on a blue one against it."),
            "weight": _("{name}, row {row}, column {column}: w = {w}"),
            "play": _("Play"), "pause": _("Pause"), "forward": _("Step forward"), "back": _("Step back"),
            "restart": _("Restart"),
        },
    )  # fmt: skip
    return history[place.told]


def is_played() -> bool:
    """Whether the playhead of the templates is moving: the epoch told last is no longer the one that is seen."""
    sent, place = message(TEMPLATES), st.session_state.get(_PLACE)
    return bool(sent and place and sent.get("revision") == place.revision and sent.get("playing") is True)


def pad_from_link() -> PadState:
    """Return the drawing that the link brings, or that this reader made before; else the example."""
    parts = {
        "drawing": Part("drawing", _read_drawing, _("drawing"), LONGEST, on_paper=None),
        "centred": Part(
            "centred", _read_truth, _("Scale and centre"), on_paper={"true": _("on"), "false": _("off")}
        ),
        "why": Part("why", int, _("Contributions to"), on_paper=None),
    }
    sharing.offer(DRAWING, _long_drawing)
    return state_from_link(boards, PAD, EXAMPLE, parts)


def _long_drawing() -> str | None:
    """Return a drawing that the address leaves out."""
    state = boards.current(PAD)
    return state.drawing if state is not None and len(state.drawing) > LONGEST_IN_LINK else None


def _read_drawing(text: str) -> str:
    unpack_strokes(text)
    return text


def _read_truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def pad(start: PadState, run: Model, epoch: Epoch, prediction: Mapping[str, Any] | None = None) -> None:
    """Mount the pixel pad with the weights of an epoch; the browser keeps a drawing that is too long for the address."""
    form = pad_format(*run.data.train.size)
    boards.mount(
        PAD, start, EXAMPLE, model=f"{run.name}-{epoch.number}", weights=packed(epoch.W, "<f4"), biases=packed(epoch.b, "<f4"),
        form={
            "height": form.height, "width": form.width, "box": form.box, "radius": form.radius,
            "byMass": form.by_mass, "smallest": SMALLEST_EXTENT,
        },
        trained=epoch.number > 0, prediction=prediction, names=class_names(run.data), colors=CLASS_COLORS, scales=signed_scales(),
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
            "gain": _("red part"),
            "loss": _("blue part"),
            "bias": _("bias"),
            "counted": _("Dots: {dots} · lines: {lines}"),
            "sum_help": _("All red contributions, minus all blue ones, plus the bias: that is the logit, exactly."),
            "untrained": _("All weights are 0. In grey above: the mean image of each class. Press Train."),
            "empty": _("Draw something on the pad."),
            "example": _("An example. Your first stroke clears it."),
            "pen_down": _("pen down"),
            "pen_up": _("pen up"),
        },
    )  # fmt: skip
    kept.keep(DRAWING, _long_drawing())


def drawn(start: PadState, run: Model, epoch: Epoch) -> Drawn:
    """Return what the pad shows, or showed when its panel was left, and what the model makes of it."""
    state = boards.current(PAD) or start
    x = draw(state.strokes, pad_format(*run.data.train.size), state.centred).ravel()
    return Drawn(state, x, softmax(x @ epoch.W.astype(np.float64) + epoch.b))


def put(strokes: Any, *, centred: bool = True) -> None:
    """Open the pad and show a drawing on it (for challenges)."""
    st.session_state["images_panel"] = "draw"
    boards.put(PAD, PadState(pack_strokes(strokes), centred))
