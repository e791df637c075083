"""The grey picture as the lesson uses it: in the reader's language, in the class colours, restored from the URL."""

from __future__ import annotations

from charts.style import CLASS_COLORS
from instruments import grey_picture
from instruments.grey_picture import GreyState
from instruments.shared.values import numbers
from locales import _
from softmax_core.layers import BIASES, TYPICAL, WEIGHTS
from ui.frame import sharing
from ui.widgets.boards import state_from_link, two_readings


def species() -> list[str]:
    """Return the names of the three classes of grey pictures."""
    return [_("cat"), _("chicken"), _("dog")]


def pixel_names() -> list[str]:
    """Return the names of the four pixels in reading order."""
    return [_("top left"), _("top right"), _("bottom left"), _("bottom right")]


def typical(k: int) -> GreyState:
    """Return the typical picture of class ``k`` before the hand-made weights."""
    return GreyState(
        x=tuple(TYPICAL[k].tolist()), W=tuple(WEIGHTS.ravel().tolist()), b=tuple(BIASES.tolist()), target=k
    )


def _labels() -> dict[str, str]:
    return {
        "picture": _("Grey picture and linear layer"),
        "pad": _("Picture of four pixels: arrow keys move, plus and minus change the grey"),
        "pixel": _("Grey of the pixel {place}"),
        "hint": _("Drag a pixel up or down; a tap flips it."),
        "truth": _("The picture shows a …"),
        "network": _(
            "Network from four pixels and a constant 1 to three logits, softmax and three probabilities"
        ),
        "table": _("Weights and biases"),
        "weight": _("Weight from the pixel {place} to {name}"),
        "bias": _("Bias of {name}"),
        "integer": _("label"),
        "one_hot": _("one-hot"),
        "hard": _("hard answer:"),
        "soft": _("soft answer:"),
        "reset": _("Reset"),
        "two_readings": two_readings(),
        "not_finite": _("“{text}” is no number from −{limit} to {limit}. The value stays as it was."),
    }


def picture(key: str, start: GreyState, standard: GreyState) -> GreyState:
    """Mount the picture ``key`` and return what it shows; see :func:`instruments.grey_picture.grey_picture`."""
    return grey_picture.grey_picture(
        key=key, start=start, standard=standard, names=species(), pixels=pixel_names(), colors=CLASS_COLORS[:3],
        labels=_labels(),
    )  # fmt: skip


def picture_from_link(key: str, standard: GreyState) -> GreyState:
    """Return the picture that the link describes; each part that cannot be read falls back with a note."""
    defaults = {"x": standard.x, "w": standard.W, "b": standard.b, "target": standard.target}
    return state_from_link(grey_picture.boards, key, defaults, lambda: _read(key, standard))


def _read(key: str, standard: GreyState) -> GreyState:
    def greys(text: str) -> tuple[float, ...]:
        return GreyState(numbers(text), standard.W, standard.b).x

    def weights(text: str) -> tuple[float, ...]:
        return GreyState(standard.x, numbers(text), standard.b).W

    def biases(text: str) -> tuple[float, ...]:
        return GreyState(standard.x, standard.W, numbers(text)).b

    def target(text: str) -> int:
        return GreyState(standard.x, standard.W, standard.b, int(text)).target

    return GreyState(
        x=sharing.read(f"{key}_x", greys, standard.x, _("pixels")),
        W=sharing.read(f"{key}_w", weights, standard.W, _("weights"), longest=400),
        b=sharing.read(f"{key}_b", biases, standard.b, _("biases")),
        target=sharing.read(f"{key}_target", target, standard.target, _("true class")),
    )
