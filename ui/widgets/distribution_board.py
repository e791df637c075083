"""The distribution board as the lessons use it: in the reader's language, in the class colours, restored from the URL."""

from __future__ import annotations

from charts.style import CLASS_COLORS
from instruments import distribution_board
from instruments.distribution_board import DistributionState
from instruments.shared.values import check_shares, shares
from locales import _
from ui.frame import sharing
from ui.widgets.boards import state_from_link, two_readings
from ui.widgets.logit_board import class_names


def _labels() -> dict[str, str]:
    return {
        "board": _("Distribution board"),
        "symbol": _("symbol"),
        "truth": _("what happens"),
        "belief": _("what is believed"),
        "symbol_help": _("The symbols of the message."),
        "p_help": _(
            "How often each symbol comes. Drag a share, use the arrow keys, or click a number to type it; the others make room."
        ),
        "q_help": _("How often somebody believes it comes: the distribution that a model predicts."),
        "surprise_help": _("How surprised one who believes Q is by this symbol."),
        "cost_help": _("Its part of the cross-entropy: how often it comes times how much it surprises."),
        "share_p": _("P of {name}"),
        "share_q": _("Q of {name}"),
        "exact_p": _("Type P of {name} exactly"),
        "exact_q": _("Type Q of {name} exactly"),
        "not_a_share": _("“{text}” is not a number from 0 to 1. The share stays as it was."),
        "two_readings": two_readings(),
        "bars": _("Coloured: each symbol's part. Hatched: what believing Q costs on top."),
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


def board(key: str, start: DistributionState, standard: DistributionState) -> DistributionState:
    """Mount the board ``key`` and return what it shows."""
    return distribution_board.distribution_board(
        key=key, start=start, standard=standard, names=class_names(), colors=CLASS_COLORS, labels=_labels()
    )


def board_from_link(key: str, standard: DistributionState) -> DistributionState:
    """Return the board that the link describes; each part that cannot be read falls back with a note."""
    defaults = {"p": standard.p, "q": standard.q, "unit": standard.unit}
    return state_from_link(distribution_board.boards, key, defaults, lambda: _read(key, standard))


def _read(key: str, standard: DistributionState) -> DistributionState:
    p = sharing.read(f"{key}_p", shares, standard.p, _("distribution P"), longest=400)

    def q_of_p(text: str) -> tuple[float, ...]:
        values = shares(text)
        check_shares(values, len(p))
        return values

    q = sharing.read(f"{key}_q", q_of_p, standard.q, _("distribution Q"), longest=400)
    return DistributionState(
        p=p,
        q=q if len(q) == len(p) else p,
        unit=sharing.read(f"{key}_unit", distribution_board.unit, standard.unit, _("unit")),
    )
