"""The distribution board as the lessons use it: in the reader's language, in the class colours, restored from the URL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from charts.style import CLASS_COLORS
from instruments import distribution_board
from instruments.distribution_board import DistributionState
from instruments.shared.values import shares
from locales import _, once
from ui.widgets.boards import Part, state_from_link, two_readings
from ui.widgets.logit_board import class_names

View = Literal["p", "q", "kl"]


@once
def _labels() -> dict[str, str]:
    return {
        "board": _("Distribution board"),
        "symbol": _("symbol"),
        "truth": _("what happens"),
        "belief": _("what is believed"),
        "symbol_help": _("The symbols of the message."),
        "p_help": _(
            "How often each symbol comes. Drag a bar, use the arrow keys, or click a number to type it; the others adjust. On other pages it is y."
        ),
        "q_help": _(
            "How often somebody believes it comes: the distribution that a model predicts. On other pages it is p."
        ),
        "surprise_help": _("How surprised one who believes Q is by this symbol."),
        "own_surprise_help": _("How surprising this symbol is: the rarer, the more."),
        "own_cost_help": _("Its part of the entropy: how often it comes times how much it surprises."),
        "cost_help": _("Its part of the cross-entropy: how often it comes times how much it surprises."),
        "share_p": _("P of {name}"),
        "share_q": _("Q of {name}"),
        "exact_p": _("Type P of {name} exactly"),
        "exact_q": _("Type Q of {name} exactly"),
        "not_a_share": _("“{text}” is not a number from 0 to 1. It stays as it was."),
        "two_readings": two_readings(),
        "sum": _("{sum}."),
        "other_way": _("The other way round: Q happens and P is believed."),
        "bars": _("Hatched: what believing Q costs on top."),
        "bars_of_two": _("One who believes Q pays the longer bar."),
        "forbidden": _("Q forbids a symbol that comes: the surprise is infinite."),
        "nats": _("nats"),
        "bits": _("bits"),
        "agree": _("Q = P"),
        "swap": _("Swap P and Q"),
        "evenP": _("P uniform"),
        "evenQ": _("Q uniform"),
        "add": _("Add a symbol"),
        "less": _("Remove the last"),
        "reset": _("Reset"),
    }


def board(
    key: str,
    start: DistributionState,
    standard: DistributionState,
    view: View = "kl",
    prediction: Mapping[str, Any] | None = None,
) -> DistributionState:
    """Mount the board ``key`` and return what it shows.

    ``view`` is "p" for P alone, "q" for Q and the cross-entropy too, "kl" for the divergence as well.
    ``prediction`` has the ``text`` of what the learner predicted and the ``places`` where it is laid over: a symbol's index
    for its surprise, "entropy", "kl", or "back" for the divergence the other way round.
    """
    return distribution_board.boards.mount(
        key, start, standard, names=class_names(), colors=CLASS_COLORS, labels=_labels(), view=view, prediction=prediction
    )  # fmt: skip


def board_from_link(key: str, standard: DistributionState) -> DistributionState:
    """Return the board that the link describes; each part that cannot be read falls back with a note."""
    parts = {
        "p": Part("p", shares, _("distribution P"), longest=400, put=DistributionState.with_p),
        "q": Part("q", shares, _("distribution Q"), longest=400),
        "unit": Part("unit", str, _("unit"), on_paper={"nats": _("nats"), "bits": _("bits")}),
    }
    return state_from_link(distribution_board.boards, key, standard, parts)
