"""What Home offers to teachers: lessons in a state for the projector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from instruments.kept_text import kept_text
from locales import _
from ui import escape
from ui.frame import frame, kept, present, sharing
from ui.widgets import controls

LIST = present.LIST
"""The playlist, in the link of Home and in the session."""
LONGEST_LIST = 10_000
"""Characters of a playlist in a link that packs it, or in a file."""
_FOUND = "home_list_found"
"""How often the browser has brought back a list of an earlier visit."""


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
        Preset("loss", _("Gradient steps towards a smoothed label"), {"loss_board_z": "-1~2~0", "loss_board_smoothing": "0.1", "loss_panel": "walk"}),
        Preset("information", _("KL is not symmetric"), {"information_board_p": "0.25~0.25~0.25~0.25", "information_board_q": "0.97~0.01~0.01~0.01", "information_panel": "kl"}),
        Preset("information", _("A Huffman code that reaches the entropy"), {"information_panel": "code"}),
        Preset("training", _("A learning rate that is too large"), {"training_rate": "20"}),
        Preset("hidden_layer", _("XOR: what straight borders cannot do, and four hidden units can"), {"hidden_layer_panel": "units"}),
        Preset("text", _("Two sentences with the same words: the model cannot tell them apart"), {"text_challenge_open": "order"}),
        Preset("slips", _("An ε inside the log"), {"slips_panel": "epsilon", "slips_error": "true", "slips_board_z": "0~60"}),
    ]  # fmt: skip


def teaching() -> None:
    """Show, folded, what a teacher can open, project and send."""
    with st.expander(_("For teachers"), icon=":material/co_present:"):
        st.markdown(
            _(
                "The address bar always holds what you see: prepare a page at home, open its link in class, and it looks the same. Every challenge has a link too: open the list beside a lesson and copy it."
            )
        )
        st.markdown(f"**{_('Classroom demos')}**")
        with st.container(key="lab_demos", gap=None):
            for preset in presets():
                frame.link_to(preset.stem, preset.sentence, query=preset.query)
        _playlist()


def _playlist() -> None:
    """Show the list of links that a clicker walks, and what begins to present it."""
    standard = "\n".join(sharing.relative(preset.stem, preset.query) for preset in presets())
    asked = present.is_on() and sharing.brings(LIST)
    st.session_state[LIST] = sharing.settled(
        LIST, st.session_state.get(LIST, standard), parse=present.from_address, label=_("playlist"), show=lambda _text: _("the demos above"),
        longest=LONGEST_LIST,
    )  # fmt: skip
    st.markdown(f"**{_('Present a list')}**")
    box = controls.following(st.text_area, st.session_state.get(_FOUND, 0), "value")
    typed = box(
        _("One link a line, in the order of your lesson. Copy links from the address bar."),
        key=LIST,
        persist_state="session",
        height=200,
    )
    text = (
        typed if isinstance(typed, str) else standard
    )  # a browser sends texts, whoever forges a message anything
    with st.container(key="lab_url_list"):  # nothing to see
        kept_text("home_list", "list", text, standard=standard, ask=text == standard, found=_take)
    links, refused = present.playlist(text)
    address = present.address(links)
    fits = len(address) <= present.LONGEST
    # Not while Home is presented itself, as a link of a list: an address with a list begins it anew.
    is_told = text != standard and fits and bool(links) and not present.is_on()
    sharing.publish(LIST, present.joined(links) if is_told else None)
    sharing.offer(
        LIST,
        None if fits else lambda: joined if len(joined := present.joined(links)) <= LONGEST_LIST else "",
        instead=_("The list is too long for a link and for a file. Send it as text."),
    )
    if refused:
        st.error(
            _("These lines are no links of Softmax Lab: {lines}").format(
                lines=escape.markdown(sharing.as_list(refused), longest=400)
            )
        )
    if not fits:
        st.warning(
            _(
                "The list is too long for the address: this page does not keep it. Share packs it, or present it now."
            )
        )
    pressed = st.button(
        _("Present this list"), key="home_present", icon=":material/co_present:", disabled=not links
    )
    if links and (pressed or asked):
        present.start(links)
    kept.promise(
        _("This browser keeps the list."),
        before=_(
            "PageDown on the keyboard or the clicker goes to the next link, PageUp back, P ends and comes back to the same place. F is a full screen that stays from link to link."
        ),
    )


def _take(kept: str) -> None:
    """Show the list of an earlier visit."""
    st.session_state[LIST] = kept
    st.session_state[_FOUND] = st.session_state.get(_FOUND, 0) + 1
