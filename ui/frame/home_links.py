"""What Home offers: the path through the lessons, and lessons in a state for the projector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from locales import _
from ui.frame import frame


@dataclass(frozen=True)
class Preset:
    """A lesson in a state that shows its point without further clicks."""

    stem: str
    sentence: str
    query: Mapping[str, str] = field(default_factory=dict)


def presets() -> list[Preset]:
    """Return the states for the projector, in the order of a first lecture."""
    return [
        Preset("softmax", _("Add c to every logit: p does not move"), {"softmax_board_shift": "5"}),
        Preset("softmax", _("Logits of 1000: where the formula as written breaks"), {"softmax_board_z": "1000~999~0", "softmax_panel": "precision"}),
        Preset("loss", _("The derivation of p − y on one page"), {"loss_step": "8", "loss_all": "true"}),
        Preset("loss", _("Confidently wrong: which losses notice?"), {"loss_board_z": "-4~4~0", "loss_panel": "compare"}),
        Preset("loss", _("A smoothed label, walked to"), {"loss_board_z": "-1~2~0", "loss_board_smoothing": "0.1", "loss_panel": "walk"}),
        Preset("information", _("KL is not symmetric"), {"information_board_p": "0.5~0.5~0~0", "information_board_q": "0.97~0.01~0.01~0.01", "information_panel": "kl"}),
        Preset("information", _("A Huffman code that reaches the entropy"), {"information_panel": "code"}),
        Preset("training", _("A learning rate that is too large"), {"training_rate": "20"}),
        Preset("slips", _("An ε inside the log"), {"slips_panel": "epsilon", "slips_epsilon": "true", "slips_board_z": "0~60"}),
    ]  # fmt: skip


def path() -> None:
    """List the lessons with the question that each answers."""
    st.subheader(_("The path"), anchor=False)
    with st.container(gap=None):
        for number, lesson in enumerate((lesson for lesson in frame.lessons() if lesson.question), start=1):
            frame.link_to(lesson.stem, f"{number}. **{lesson.title}** · {lesson.question}")


def teaching() -> None:
    """List what a teacher can open and project."""
    st.subheader(_("To project"), anchor=False)
    with st.container(gap=None):
        for preset in presets():
            frame.link_to(preset.stem, preset.sentence, query=preset.query)
    st.caption(
        _(
            "The address bar always holds what you see: set a page up at home, and its link shows the class the same."
        )
    )


def alone() -> None:
    """Say how to work through the lessons without a teacher."""
    st.subheader(_("On your own"), anchor=False)
    st.markdown(
        _(
            "Follow the path from the top. On each page: guess first, then drag; do what stands under **Try this**; and go on when the last sentence of the page is no surprise. About ten minutes a page."
        )
    )
    frame.link_to("practice", _("Then test yourself"))
